// mutool run mutool_pages.js OUTPUT FILES…: the same with mutool's own page calls,
// as its manual shows them; number, no outline, no labels.
var made = new PDFDocument();
var font = made.addSimpleFont(new Font("Helvetica"));
var count = 0;
for (var place = 1; place < scriptArgs.length; ++place) {
    var source = new PDFDocument(scriptArgs[place]);
    var map = made.newGraftMap();
    var pages = source.countPages();
    for (var i = 0; i < pages; ++i) {
        map.graftPage(-1, source, i);
        count += 1;
        var number = "BENCH-" + ("000000" + count).slice(-6);
        var page = made.findPage(count - 1);
        var resources = page.get("Resources");
        var fonts = resources.get("Font");
        if (!fonts || fonts.isNull()) { fonts = made.newDictionary(); resources.put("Font", fonts); }
        fonts.put("BatesFont", font);
        var contents = made.newArray();
        contents.push(made.addStream("q\n", {}));
        contents.push(page.get("Contents"));
        contents.push(made.addStream(
            "\nQ q BT 0 g /BatesFont 9 Tf 530 20 Td (" + number + ") Tj ET Q\n", {}));
        page.put("Contents", contents);
    }
}
made.save(scriptArgs[0], "");
