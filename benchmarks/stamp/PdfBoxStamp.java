// java PdfBoxStamp OUTPUT FILES…: merge, number, outline, page labels with PDFBox.
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.pdfbox.io.MemoryUsageSetting;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDPageLabelRange;
import org.apache.pdfbox.pdmodel.common.PDPageLabels;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.destination.PDPageFitDestination;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.outline.PDDocumentOutline;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.outline.PDOutlineItem;

public class PdfBoxStamp {
    public static void main(String[] words) throws IOException {
        List<PDDocument> sources = new ArrayList<>();
        try (PDDocument made = new PDDocument(MemoryUsageSetting.setupMainMemoryOnly())) {
            PDDocumentOutline outline = new PDDocumentOutline();
            int count = 0;
            for (int place = 1; place < words.length; place++) {
                PDDocument source = PDDocument.load(new File(words[place]));
                sources.add(source);
                boolean first = true;
                for (PDPage held : source.getPages()) {
                    PDPage page = made.importPage(held);
                    page.setResources(held.getResources());
                    count++;
                    try (PDPageContentStream content = new PDPageContentStream(
                            made, page, PDPageContentStream.AppendMode.APPEND, false, true)) {
                        content.beginText();
                        content.setFont(PDType1Font.HELVETICA, 9);
                        content.newLineAtOffset(530, 20);
                        content.showText(String.format("BENCH-%06d", count));
                        content.endText();
                    }
                    if (first) {
                        PDPageFitDestination aim = new PDPageFitDestination();
                        aim.setPage(page);
                        PDOutlineItem item = new PDOutlineItem();
                        item.setTitle(new File(words[place]).getName().replace(".pdf", ""));
                        item.setDestination(aim);
                        outline.addLast(item);
                        first = false;
                    }
                }
            }
            made.getDocumentCatalog().setDocumentOutline(outline);
            PDPageLabels labels = new PDPageLabels(made);
            for (int start = 1; start <= count; start *= 10) {
                PDPageLabelRange range = new PDPageLabelRange();
                range.setStyle(PDPageLabelRange.STYLE_DECIMAL);
                range.setPrefix("BENCH-" + "000000".substring(String.valueOf(start).length()));
                range.setStart(start);
                labels.setLabelItem(start - 1, range);
            }
            made.getDocumentCatalog().setPageLabels(labels);
            made.save(words[0]);
        } finally {
            for (PDDocument source : sources) {
                source.close();
            }
        }
    }
}
