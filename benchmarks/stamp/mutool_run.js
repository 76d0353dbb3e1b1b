// mutool run mutool_run.js OUTPUT FILES…: merge, number, outline, page labels.
// Pages are made with the calls that mutool's manual has for it (`addPage`,
// `insertPage`) of grafted resources and contents.
var output = scriptArgs[0];
var made = new PDFDocument();
var font = made.addSimpleFont(new Font("Helvetica"));
var opening = made.addStream("q\n", {});
var count = 0, items = [];

function absent(value) { return !value || value.isNull(); }

function inherited(page, name) {
    var value = page.get(name);
    while (absent(value) && !absent(page.get("Parent"))) {
        page = page.get("Parent");
        value = page.get(name);
    }
    return value;
}

for (var place = 1; place < scriptArgs.length; ++place) {
    var source = new PDFDocument(scriptArgs[place]);
    var map = made.newGraftMap();
    var pages = source.countPages();
    for (var i = 0; i < pages; ++i) {
        var own = source.findPage(i);
        count += 1;
        var number = "BENCH-" + ("000000" + count).slice(-6);
        var resources = map.graftObject(inherited(own, "Resources"));
        var fonts = resources.get("Font");
        if (absent(fonts)) { fonts = made.newDictionary(); resources.put("Font", fonts); }
        fonts.put("BatesFont", font);
        var box = inherited(own, "MediaBox"), turn = inherited(own, "Rotate");
        var page = made.addPage(
            [box.get(0), box.get(1), box.get(2), box.get(3)],
            absent(turn) ? 0 : turn,
            resources,
            "\nQ q BT 0 g /BatesFont 9 Tf 530 20 Td (" + number + ") Tj ET Q\n"
        );
        var contents = made.newArray();
        contents.push(opening);
        contents.push(map.graftObject(own.get("Contents")));
        contents.push(page.get("Contents"));
        page.put("Contents", contents);
        made.insertPage(-1, page);
        if (i === 0) items.push([scriptArgs[place].replace(/^.*\//, "").replace(/\.pdf$/, ""), page]);
    }
}

var root = made.getTrailer().get("Root");
var outline = made.addObject({Type: made.newName("Outlines")}), refs = [];
for (var o = 0; o < items.length; ++o) {
    var entry = made.newDictionary(), aim = made.newArray();
    aim.push(items[o][1]); aim.push(made.newName("Fit"));
    entry.put("Title", made.newString(items[o][0]));
    entry.put("Parent", outline);
    entry.put("Dest", aim);
    refs.push(made.addObject(entry));
}
for (var r = 0; r < refs.length; ++r) {
    if (r > 0) refs[r].put("Prev", refs[r - 1]);
    if (r + 1 < refs.length) refs[r].put("Next", refs[r + 1]);
}
outline.put("First", refs[0]);
outline.put("Last", refs[refs.length - 1]);
outline.put("Count", refs.length);
root.put("Outlines", outline);

var ranges = made.newArray();
for (var start = 1; start <= count; start *= 10) {
    var label = made.newDictionary();
    label.put("S", made.newName("D"));
    label.put("P", made.newString("BENCH-" + ("000000" + start).slice(-6, -("" + start).length)));
    label.put("St", start);
    ranges.push(start - 1);
    ranges.push(label);
}
var labels = made.newDictionary();
labels.put("Nums", ranges);
root.put("PageLabels", labels);
made.save(output, "");
