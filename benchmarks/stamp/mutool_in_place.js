// mutool run mutool_in_place.js OUTPUT FILE: number the pages of one file where they are,
// outline, page labels. Nothing is grafted: the natural way where there is one file.
var made = new PDFDocument(scriptArgs[1]);
var font = made.addSimpleFont(new Font("Helvetica"));
var opening = made.addStream("q\n", {});
var root = made.getTrailer().get("Root");
var count = 0, items = [];

function absent(value) { return !value || value.isNull(); }

function number(page) {
    count += 1;
    var text = "BENCH-" + ("000000" + count).slice(-6);
    var resources = page.get("Resources"), above = page;
    while (absent(resources) && !absent(above.get("Parent"))) {
        above = above.get("Parent");
        resources = above.get("Resources");
    }
    var fonts = resources.get("Font");
    if (absent(fonts)) { fonts = made.newDictionary(); resources.put("Font", fonts); }
    fonts.put("BatesFont", font);
    var contents = made.newArray();
    contents.push(opening);
    contents.push(page.get("Contents"));
    contents.push(made.addStream(
        "\nQ q BT 0 g /BatesFont 9 Tf 530 20 Td (" + text + ") Tj ET Q\n", {}));
    page.put("Contents", contents);
}

// `findPage` searches the tree from its beginning each time, which takes many times as
// long: its nodes are walked instead.
function walk(node) {
    var kids = node.get("Kids");
    if (absent(kids)) {
        if (!count) items.push([scriptArgs[1].replace(/^.*\//, "").replace(/\.pdf$/, ""), node]);
        number(node);
        return;
    }
    for (var i = 0; i < kids.length; ++i) walk(kids[i]);
}

walk(root.get("Pages"));
load(scriptPath.replace(/[^\/]*$/, "mutool_navigation.js"));
made.save(scriptArgs[0], "");
