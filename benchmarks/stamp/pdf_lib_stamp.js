// node pdf_lib_stamp.js NODE_MODULES OUTPUT FILES…: merge and number with pdf-lib.
const fs = require("fs");
const path = require("path");
const [modules, output, ...files] = process.argv.slice(2);
const { PDFDocument, StandardFonts } = require(path.join(modules, "pdf-lib"));

(async () => {
  const made = await PDFDocument.create();
  const font = await made.embedFont(StandardFonts.Helvetica);
  let count = 0;
  for (const file of files) {
    const source = await PDFDocument.load(fs.readFileSync(file));
    for (const page of await made.copyPages(source, source.getPageIndices())) {
      count += 1;
      made.addPage(page);
      const number = "BENCH-" + String(count).padStart(6, "0");
      page.drawText(number, { x: 530, y: 20, size: 9, font });
    }
  }
  fs.writeFileSync(output, await made.save({ useObjectStreams: false }));
})();
