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

load(scriptPath.replace(/[^\/]*$/, "mutool_navigation.js"));
made.save(output, "");
