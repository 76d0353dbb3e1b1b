// Loaded by the scripts beside it: the outline and the page labels of `made`.
// `items` holds a title and a first page for each file, `count` all pages.
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
