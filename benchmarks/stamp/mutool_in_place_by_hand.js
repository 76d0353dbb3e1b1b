// mutool run mutool_in_place_by_hand.js OUTPUT FILE: number the pages of one file where they
// are, outline, page labels. `findPage` searches the page tree from its beginning each time:
// its nodes are walked instead.
var folder = scriptPath.replace(/[^\/]*$/, "");
load(folder + "mutool_one_file.js");

function walk(node) {
    var kids = node.get("Kids");
    if (absent(kids)) { number(node); return; }
    for (var i = 0; i < kids.length; ++i) walk(kids[i]);
}

walk(root.get("Pages"));
load(folder + "mutool_navigation.js");
made.save(scriptArgs[0], "");
