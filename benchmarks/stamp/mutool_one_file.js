// Loaded by the scripts beside it: the file whose pages are numbered where they are, and
// how a page of it is numbered. Nothing is grafted: the natural way where there is one file.
var made = new PDFDocument(scriptArgs[1]);
var font = made.addSimpleFont(new Font("Helvetica"));
var opening = made.addStream("q\n", {});
var root = made.getTrailer().get("Root");
var count = 0, items = [];

function absent(value) { return !value || value.isNull(); }

function number(page) {
    if (!count) items.push([scriptArgs[1].replace(/^.*\//, "").replace(/\.pdf$/, ""), page]);
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
