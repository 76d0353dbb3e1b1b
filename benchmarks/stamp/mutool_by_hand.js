// mutool run mutool_by_hand.js OUTPUT FILES…: merge, number, outline, page labels.
// Page dictionaries are grafted one by one and the page tree is laid by hand:
// the page calls of mutool search the tree from its beginning each time.
var output = scriptArgs[0];
var made = new PDFDocument();
var font = made.addSimpleFont(new Font("Helvetica"));
var opening = made.addStream("q\n", {});
var top = made.addObject({Type: made.newName("Pages")});
var nodes = made.newArray(), node = null, kids = null;
var count = 0, items = [];

function absent(value) { return !value || value.isNull(); }

function collect(tree, found) {
    var below = tree.get("Kids");
    if (absent(below)) { found.push(tree); return; }
    for (var i = 0; i < below.length; ++i) collect(below[i], found);
}

for (var place = 1; place < scriptArgs.length; ++place) {
    var source = new PDFDocument(scriptArgs[place]);
    var map = made.newGraftMap(), pages = [];
    collect(source.getTrailer().get("Root").get("Pages"), pages);
    for (var i = 0; i < pages.length; ++i) {
        var page = made.newDictionary();
        var names = ["MediaBox", "CropBox", "Rotate", "Resources", "Contents"];
        for (var n = 0; n < names.length; ++n) {
            var holder = pages[i], value = holder.get(names[n]);
            while (absent(value) && names[n] !== "Contents" && !absent(holder.get("Parent"))) {
                holder = holder.get("Parent");
                value = holder.get(names[n]);
            }
            if (!absent(value)) page.put(names[n], map.graftObject(value));
        }
        page.put("Type", made.newName("Page"));
        count += 1;
        var number = "BENCH-" + ("000000" + count).slice(-6);
        var resources = page.get("Resources");
        var fonts = resources.get("Font");
        if (absent(fonts)) { fonts = made.newDictionary(); resources.put("Font", fonts); }
        fonts.put("BatesFont", font);
        var contents = made.newArray();
        contents.push(opening);
        contents.push(page.get("Contents"));
        contents.push(made.addStream(
            "\nQ q BT 0 g /BatesFont 9 Tf 530 20 Td (" + number + ") Tj ET Q\n", {}));
        page.put("Contents", contents);
        var ref = made.addObject(page);
        if (i === 0) items.push([scriptArgs[place].replace(/^.*\//, "").replace(/\.pdf$/, ""), ref]);
        if ((count - 1) % 100 === 0) {
            kids = made.newArray();
            node = made.addObject({Type: made.newName("Pages"), Parent: top});
            node.put("Kids", kids);
            nodes.push(node);
        }
        page.put("Parent", node);
        kids.push(ref);
        node.put("Count", kids.length);
    }
}
top.put("Kids", nodes);
top.put("Count", count);
var root = made.getTrailer().get("Root");
root.put("Pages", top);

load(scriptPath.replace(/[^\/]*$/, "mutool_navigation.js"));
made.save(output, "");
