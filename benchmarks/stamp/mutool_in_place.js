// mutool run mutool_in_place.js OUTPUT FILE: number the pages of one file where they are,
// outline, page labels. Pages are asked for as mutool's manual shows it.
var folder = scriptPath.replace(/[^\/]*$/, "");
load(folder + "mutool_one_file.js");
var pages = made.countPages();
for (var place = 0; place < pages; ++place) number(made.findPage(place));
load(folder + "mutool_navigation.js");
made.save(scriptArgs[0], "");
