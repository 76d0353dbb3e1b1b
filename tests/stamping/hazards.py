"""One small file for each hazard that an evidence room holds, made by code.

`HAZARDS` maps a hazard's name to what writes it into a folder. Tests say what
the engine must make of each; nothing here knows the engine.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image, ImageDraw

Hazard = Callable[[Path], Path]
HAZARDS: dict[str, Hazard] = {}


def hazard(function: Hazard) -> Hazard:
    """Enter a hazard under its function's name."""
    HAZARDS[function.__name__] = function
    return function


def text_document(pages: int = 1, text: str = "Exhibit text") -> Pdf:
    """Return a document of Letter pages, each with a line of text at its middle."""
    pdf = Pdf.new()
    font = pdf.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    )
    for number in range(1, pages + 1):
        content = f"BT /F1 14 Tf 100 400 Td ({text} {number}) Tj ET".encode("ascii")
        add_page(pdf, content, Font=Dictionary(F1=font))
    return pdf


def add_page(pdf: Pdf, content: bytes, **resources: pikepdf.Object) -> pikepdf.Page:
    """Append a Letter page with `content` and return it."""
    pdf.pages.append(
        pikepdf.Page(
            Dictionary(
                Type=Name.Page,
                MediaBox=Array([0, 0, 612, 792]),
                Resources=Dictionary(**resources),
                Contents=pdf.make_stream(content),
            )
        )
    )
    return pdf.pages[-1]


def annotate(pdf: Pdf, page: int = 0, **entries: object) -> pikepdf.Object:
    """Add an annotation to a page and return it."""
    annotation = pdf.make_indirect(Dictionary(Type=Name.Annot, **entries))
    target = pdf.pages[page].obj
    if Name.Annots not in target:
        target.Annots = Array()
    target.Annots.append(annotation)
    return annotation


def picture(pdf: Pdf, content: bytes, width: float = 100, height: float = 40) -> pikepdf.Object:
    """Return an appearance stream."""
    return pdf.make_stream(
        content,
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array([0, 0, width, height]),
        Resources=Dictionary(),
    )


def save(pdf: Pdf, folder: Path, name: str, **options: object) -> Path:
    """Write the document and return where."""
    path = folder / f"{name}.pdf"
    pdf.save(path, **options)
    return path


# Files that no page can be made of.


@hazard
def empty_file(folder: Path) -> Path:
    path = folder / "empty.pdf"
    path.write_bytes(b"")
    return path


@hazard
def not_a_pdf(folder: Path) -> Path:
    path = folder / "not-a-pdf.pdf"
    path.write_bytes(b"<html>404 not found</html>")
    return path


@hazard
def garbage_after_header(folder: Path) -> Path:
    path = folder / "garbage.pdf"
    path.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 8 + b"\n%%EOF\n")
    return path


@hazard
def truncated(folder: Path) -> Path:
    path = folder / "truncated.pdf"
    path.write_bytes(b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R")
    return path


@hazard
def password_protected(folder: Path) -> Path:
    encryption = pikepdf.Encryption(user="secret", owner="owner", R=6)
    return save(text_document(), folder, "password-protected", encryption=encryption)


@hazard
def no_pages(folder: Path) -> Path:
    return save(Pdf.new(), folder, "no-pages")


@hazard
def page_tree_loop(folder: Path) -> Path:
    path = folder / "page-tree-loop.pdf"
    path.write_bytes(
        b"%PDF-1.4\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n"
        b"2 0 obj <</Type/Pages/Count 1/Kids[3 0 R]>> endobj\n"
        b"3 0 obj <</Type/Pages/Count 1/Parent 2 0 R/Kids[2 0 R]>> endobj\n"
        b"trailer <</Root 1 0 R/Size 4>>\n%%EOF\n"
    )
    return path


@hazard
def page_tree_too_deep(folder: Path) -> Path:
    pdf = text_document()
    node = pdf.Root.Pages.Kids[0]
    for _ in range(300):
        node = pdf.make_indirect(Dictionary(Type=Name.Pages, Count=1, Kids=Array([node])))
        node.Kids[0].Parent = node
    pdf.Root.Pages = node
    return save(pdf, folder, "page-tree-too-deep")


@hazard
def xfa_dynamic(folder: Path) -> Path:
    pdf = text_document(text="Please wait... if this message is not replaced")
    pdf.Root.NeedsRendering = True
    pdf.Root.AcroForm = Dictionary(Fields=Array(), XFA=pdf.make_stream(b"<xdp:xdp/>"))
    return save(pdf, folder, "xfa-dynamic")


@hazard
def decompression_bomb(folder: Path) -> Path:
    # Two layers of Deflate: 600 MB of blanks in a few hundred bytes.
    packer = zlib.compressobj(9)
    once = b"".join(packer.compress(b" " * 1_000_000) for _ in range(600)) + packer.flush()
    pdf = text_document()
    bomb = pdf.make_stream(zlib.compress(once, 9))
    bomb.Filter = Array([Name.FlateDecode, Name.FlateDecode])
    pdf.pages[0].obj.Contents = bomb
    return save(pdf, folder, "decompression-bomb", compress_streams=False)


@hazard
def pixel_bomb(folder: Path) -> Path:
    pdf = text_document()
    pdf.pages[0].obj.Resources.XObject = Dictionary(
        Im=pdf.make_stream(
            b"\0",
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=60_000,
            Height=60_000,
            BitsPerComponent=8,
            ColorSpace=Name.DeviceGray,
        )
    )
    return save(pdf, folder, "pixel-bomb")


# Files that open, with something to report.


@hazard
def owner_password_only(folder: Path) -> Path:
    encryption = pikepdf.Encryption(
        user="", owner="owner", R=6, allow=pikepdf.Permissions(print_highres=False)
    )
    return save(text_document(), folder, "owner-password-only", encryption=encryption)


@hazard
def damaged_xref(folder: Path) -> Path:
    path = save(text_document(2), folder, "damaged-xref")
    content = path.read_bytes()
    start = content.rindex(b"startxref")
    path.write_bytes(content[:start] + b"startxref\n7\n%%EOF\n")
    return path


@hazard
def cut_off_at_the_end(folder: Path) -> Path:
    path = save(
        text_document(2),
        folder,
        "cut-off",
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
    )
    content = path.read_bytes()
    path.write_bytes(content[: content.rindex(b"xref\n", 0, content.rindex(b"startxref"))])
    return path


@hazard
def xfa_beside_form(folder: Path) -> Path:
    pdf = text_document()
    field = annotate(
        pdf,
        Subtype=Name.Widget,
        FT=Name.Tx,
        T=String("name"),
        V=String("Written by hand"),
        Rect=Array([100, 600, 300, 620]),
        F=4,
        DA=String("/Helv 10 Tf 0 g"),
    )
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]), XFA=pdf.make_stream(b"<xdp:xdp/>"))
    return save(pdf, folder, "xfa-beside-form")


@hazard
def portfolio(folder: Path) -> Path:
    pdf = text_document(text="Cover")
    pdf.attachments["inside.txt"] = pikepdf.AttachedFileSpec(pdf, b"a file in a portfolio")
    pdf.Root.Collection = Dictionary(Type=Name.Collection)
    return save(pdf, folder, "portfolio")


@hazard
def signed(folder: Path) -> Path:
    pdf = text_document()
    field = annotate(
        pdf,
        Subtype=Name.Widget,
        FT=Name.Sig,
        T=String("Signature1"),
        Rect=Array([0, 0, 0, 0]),
        F=132,
        V=Dictionary(
            Type=Name.Sig,
            Filter=Name("/Adobe.PPKLite"),
            Name=String("Jo Sample (fictional)"),
            M=String("D:20260504101500-05'00'"),
            Contents=String(b"\0" * 64),
            ByteRange=Array([0, 0, 0, 0]),
        ),
    )
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]), SigFlags=3)
    return save(pdf, folder, "signed")


@hazard
def embedded_file(folder: Path) -> Path:
    pdf = text_document()
    pdf.attachments["../../etc/notes.csv"] = pikepdf.AttachedFileSpec(
        pdf, b"date,note\n", filename="../../etc/notes.csv"
    )
    return save(pdf, folder, "embedded-file")


@hazard
def file_attachment_annotation(folder: Path) -> Path:
    pdf = text_document()
    stream = pdf.make_stream(b"spoken notes", Type=Name.EmbeddedFile)
    annotate(
        pdf,
        Subtype=Name.FileAttachment,
        Rect=Array([50, 50, 70, 70]),
        F=4,
        FS=Dictionary(Type=Name.Filespec, UF=String("notes.txt"), EF=Dictionary(F=stream)),
        AP=Dictionary(N=picture(pdf, b"0 0 20 20 re f", 20, 20)),
    )
    return save(pdf, folder, "file-attachment-annotation")


@hazard
def scripts_everywhere(folder: Path) -> Path:
    pdf = text_document(2)
    script = Dictionary(S=Name.JavaScript, JS=String("app.alert('run')"))
    pdf.Root.OpenAction = pdf.make_indirect(script)
    pdf.Root.AA = Dictionary(WC=script)
    pdf.Root.Names = Dictionary(
        JavaScript=Dictionary(Names=Array([String("a"), pdf.make_indirect(script)]))
    )
    pdf.pages[0].obj.AA = Dictionary(O=script)
    go = Dictionary(
        S=Name.GoTo, D=Array([pdf.pages[1].obj, Name.Fit]), Next=Array([script, script])
    )
    annotate(pdf, Subtype=Name.Link, Rect=Array([10, 10, 50, 20]), Border=Array([0, 0, 0]), A=go)
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("Runs", 0))
    pdf.Root.Outlines.First.A = script
    return save(pdf, folder, "scripts-everywhere")


@hazard
def actions_that_reach_out(folder: Path) -> Path:
    pdf = text_document(2)
    for action in (
        Dictionary(S=Name.Launch, F=String("calc.exe")),
        Dictionary(S=Name.GoToR, F=String("other.pdf"), D=Array([0, Name.Fit])),
        Dictionary(S=Name.GoToE, D=Array([0, Name.Fit])),
        Dictionary(S=Name.SubmitForm, F=String("https://example.invalid/post")),
        Dictionary(S=Name.ImportData, F=String("data.fdf")),
    ):
        annotate(pdf, Subtype=Name.Link, Rect=Array([10, 10, 50, 20]), A=action)
    return save(pdf, folder, "actions-that-reach-out")


@hazard
def links_in_and_out(folder: Path) -> Path:
    pdf = text_document(2)
    annotate(
        pdf,
        Subtype=Name.Link,
        Rect=Array([100, 395, 200, 415]),
        A=Dictionary(S=Name.URI, URI=String("https://example.invalid/evidence")),
    )
    annotate(
        pdf,
        Subtype=Name.Link,
        Rect=Array([100, 300, 200, 320]),
        Dest=Array([pdf.pages[1].obj, Name.Fit]),
    )
    return save(pdf, folder, "links-in-and-out")


@hazard
def multimedia(folder: Path) -> Path:
    pdf = text_document()
    film = pdf.make_stream(b"not really a film", Type=Name.EmbeddedFile)
    asset = Dictionary(Type=Name.Filespec, UF=String("clip.mp4"), EF=Dictionary(F=film))
    annotate(
        pdf,
        Subtype=Name.RichMedia,
        Rect=Array([100, 500, 200, 540]),
        F=4,
        RichMediaContent=Dictionary(
            Assets=Dictionary(Names=Array([String("clip.mp4"), pdf.make_indirect(asset)]))
        ),
        AP=Dictionary(N=picture(pdf, b"0.2 g 0 0 100 40 re f")),
    )
    annotate(
        pdf,
        Subtype=Name.Screen,
        Rect=Array([100, 100, 200, 140]),
        A=Dictionary(S=Name.Rendition, R=Dictionary(S=Name.MR)),
    )
    return save(pdf, folder, "multimedia")


@hazard
def external_stream(folder: Path) -> Path:
    pdf = text_document()
    outside = pdf.make_stream(b"")
    outside.stream_dict[Name.F] = Dictionary(Type=Name.Filespec, F=String("/etc/passwd"))
    page = pdf.pages[0].obj
    page.Contents = Array([page.Contents, outside])
    return save(pdf, folder, "external-stream")


@hazard
def page_of_another_file(folder: Path) -> Path:
    pdf = text_document()
    form = picture(pdf, b"0 0 10 10 re f")
    form[Name.Ref] = Dictionary(F=String("other.pdf"), Page=0)
    page = pdf.pages[0].obj
    page.Resources.XObject = Dictionary(Fm=form)
    page.Contents.write(page.Contents.read_bytes() + b"\n/Fm Do\n")
    return save(pdf, folder, "page-of-another-file")


@hazard
def thumbnails_threads_private_data(folder: Path) -> Path:
    pdf = text_document()
    page = pdf.pages[0].obj
    page.Thumb = pdf.make_stream(b"\0", Width=1, Height=1, ColorSpace=Name.DeviceGray)
    page.PieceInfo = Dictionary(Editor=Dictionary(Private=String("an earlier draft")))
    pdf.Root.Threads = Array([pdf.make_indirect(Dictionary(Type=Name.Thread))])
    return save(pdf, folder, "thumbnails-threads-private-data")


@hazard
def hidden_layer(folder: Path) -> Path:
    pdf = text_document()
    group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("Draft marks")))
    page = pdf.pages[0].obj
    page.Resources.Properties = Dictionary(L0=group)
    page.Contents.write(
        page.Contents.read_bytes() + b"\n/OC /L0 BDC 1 0 0 rg 100 500 200 50 re f EMC\n"
    )
    pdf.Root.OCProperties = Dictionary(
        OCGs=Array([group]), D=Dictionary(Order=Array([group]), OFF=Array([group]))
    )
    return save(pdf, folder, "hidden-layer")


@hazard
def outline_loop(folder: Path) -> Path:
    pdf = text_document()
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("One", 0))
        outline.root.append(pikepdf.OutlineItem("Two", 0))
    pdf.Root.Outlines.Last.Next = pdf.Root.Outlines.First
    return save(pdf, folder, "outline-loop")


@hazard
def crop_box_beside_the_page(folder: Path) -> Path:
    pdf = text_document()
    pdf.pages[0].obj.CropBox = Array([2000, 2000, 2600, 2800])
    return save(pdf, folder, "crop-box-beside-the-page")


@hazard
def content_coded_as_a_picture(folder: Path) -> Path:
    pdf = text_document()
    page = pdf.pages[0].obj
    coded = pdf.make_stream(b"\x97JB2")
    coded.Filter = Name.JBIG2Decode
    page.Contents = Array([page.Contents, coded])
    return save(pdf, folder, "content-coded-as-a-picture", compress_streams=False)


# Forms and annotations.


@hazard
def form_without_appearances(folder: Path) -> Path:
    pdf = text_document()
    common = {"Subtype": Name.Widget, "F": 4, "DA": String("/Helv 0 Tf 0 0 1 rg")}
    fields = [
        annotate(pdf, FT=Name.Tx, T=String("officer"), V=String("Ada Sample"),
                 Rect=Array([100, 700, 300, 720]), **common),
        annotate(pdf, FT=Name.Tx, T=String("account"), Ff=1 << 12,
                 V=String("First line of the account\rsecond line"),
                 Rect=Array([100, 600, 300, 680]), **common),
        annotate(pdf, FT=Name.Tx, T=String("badge"), Ff=1 << 24, MaxLen=6, V=String("004711"),
                 Rect=Array([100, 560, 220, 580]), **common),
        annotate(pdf, FT=Name.Ch, T=String("beat"), V=String("b7"), Ff=1 << 17,
                 Opt=Array([Array([String("b7"), String("Beat Seven")])]),
                 Rect=Array([100, 520, 300, 540]), **common),
        annotate(pdf, FT=Name.Btn, T=String("injured"), V=Name.Yes, AS=Name.Yes,
                 Rect=Array([100, 490, 112, 502]), **common),
    ]  # fmt: skip
    pdf.Root.AcroForm = Dictionary(Fields=Array(fields), NeedAppearances=True)
    return save(pdf, folder, "form-without-appearances")


@hazard
def form_value_beyond_the_font(folder: Path) -> Path:
    pdf = text_document()
    field = annotate(
        pdf, Subtype=Name.Widget, F=4, FT=Name.Tx, T=String("witness"), V=String("王小明"),
        Rect=Array([100, 700, 300, 720]), DA=String("/Helv 10 Tf 0 g"),
    )  # fmt: skip
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]))
    return save(pdf, folder, "form-value-beyond-the-font")


@hazard
def annotations_of_every_flag(folder: Path) -> Path:
    """Squares side by side: printed, hidden, screen only, print only, on no page form."""
    pdf = text_document()
    for left, flags in ((50, 4), (150, 2 | 4), (250, 0), (350, 4 | 32)):
        annotate(
            pdf,
            Subtype=Name.Square,
            Rect=Array([left, 600, left + 50, 650]),
            F=flags,
            AP=Dictionary(N=picture(pdf, b"1 0 0 rg 0 0 50 50 re f", 50, 50)),
        )
    return save(pdf, folder, "annotations-of-every-flag")


@hazard
def annotation_on_unbalanced_page(folder: Path) -> Path:
    pdf = Pdf.new()
    add_page(pdf, b"0.5 0 0 0.5 100 100 cm q q 0 0 10 10 re f")
    annotate(
        pdf,
        Subtype=Name.Square,
        Rect=Array([300, 600, 350, 650]),
        F=4,
        AP=Dictionary(N=picture(pdf, b"0 0 50 50 re f", 50, 50)),
    )
    return save(pdf, folder, "annotation-on-unbalanced-page")


@hazard
def markup_without_appearances(folder: Path) -> Path:
    pdf = text_document()
    quad = Array([100, 415, 200, 415, 100, 395, 200, 395])
    red = Array([1, 0, 0])
    common = {"F": 4, "C": red}
    annotate(
        pdf, Subtype=Name.Highlight, Rect=Array([100, 395, 200, 415]), QuadPoints=quad, **common
    )
    annotate(pdf, Subtype=Name.Square, Rect=Array([50, 600, 100, 650]), **common)
    annotate(pdf, Subtype=Name.Circle, Rect=Array([150, 600, 200, 650]), **common)
    annotate(
        pdf,
        Subtype=Name.Line,
        Rect=Array([250, 600, 300, 650]),
        L=Array([252, 602, 298, 648]),
        **common,
    )
    annotate(
        pdf,
        Subtype=Name.Ink,
        Rect=Array([350, 600, 400, 650]),
        InkList=Array([Array([352, 602, 375, 648, 398, 602])]),
        **common,
    )
    annotate(
        pdf,
        Subtype=Name.Polygon,
        Rect=Array([450, 600, 500, 650]),
        Vertices=Array([452, 602, 475, 648, 498, 602]),
        **common,
    )
    annotate(
        pdf,
        Subtype=Name.FreeText,
        Rect=Array([50, 500, 250, 540]),
        Contents=String("Note by the reviewer"),
        DA=String("/Helv 12 Tf 1 0 0 rg"),
        F=4,
    )
    return save(pdf, folder, "markup-without-appearances")  # fmt: skip


@hazard
def tagged_form_and_link(folder: Path) -> Path:
    pdf = text_document()
    page = pdf.pages[0].obj
    page.Contents.write(b"/P <</MCID 0>> BDC " + page.Contents.read_bytes() + b" EMC")
    widget = annotate(
        pdf, Subtype=Name.Widget, F=4, FT=Name.Tx, T=String("name"), V=String("Ada Sample"),
        Rect=Array([100, 700, 300, 720]), DA=String("/Helv 10 Tf 0 g"), StructParent=1,
    )  # fmt: skip
    link = annotate(
        pdf, Subtype=Name.Link, Rect=Array([100, 395, 200, 415]), StructParent=2,
        A=Dictionary(S=Name.URI, URI=String("https://example.invalid/")),
    )  # fmt: skip
    page.StructParents = 0
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    document = pdf.make_indirect(Dictionary(S=Name.Document, P=root))

    def element(kind: Name, kid: object) -> pikepdf.Object:
        return pdf.make_indirect(Dictionary(S=kind, P=document, Pg=page, K=kid))

    paragraph = element(Name.P, 0)
    field = element(Name.Form, Dictionary(Type=Name.OBJR, Obj=widget))
    anchor = element(Name.Link, Array([Dictionary(Type=Name.OBJR, Obj=link)]))
    document.K = Array([paragraph, field, anchor])
    root.K = document
    root.ParentTree = Dictionary(Nums=Array([0, Array([paragraph]), 1, field, 2, anchor]))
    pdf.Root.StructTreeRoot = root
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    pdf.Root.AcroForm = Dictionary(Fields=Array([widget]))
    return save(pdf, folder, "tagged-form-and-link")


# Geometry: the stamp zone of each page is inked.

FOOTER = b"0 g 500 16 80 8 re f"


def _footer_page(**entries: object) -> Pdf:
    pdf = Pdf.new()
    page = add_page(pdf, FOOTER)
    for key, value in entries.items():
        page.obj[f"/{key}"] = value
    return pdf


@hazard
def footer_upright(folder: Path) -> Path:
    return save(_footer_page(), folder, "footer-upright")


def _turned(folder: Path, rotate: int, content: bytes) -> Path:
    pdf = Pdf.new()
    add_page(pdf, content).obj.Rotate = rotate
    return save(pdf, folder, f"footer-rotated-{rotate}")


@hazard
def footer_rotated_90(folder: Path) -> Path:
    # Turned clockwise by 90, the page's bottom right as seen is its top right as stored.
    return _turned(folder, 90, b"0 g 588 690 8 80 re f")


@hazard
def footer_rotated_180(folder: Path) -> Path:
    return _turned(folder, 180, b"0 g 32 768 80 8 re f")


@hazard
def footer_rotated_270(folder: Path) -> Path:
    return _turned(folder, 270, b"0 g 16 22 8 80 re f")


@hazard
def footer_in_offset_cropbox(folder: Path) -> Path:
    pdf = Pdf.new()
    page = add_page(pdf, b"0 g 300 116 80 8 re f")
    page.obj.CropBox = Array([100, 100, 400, 500])
    return save(pdf, folder, "footer-in-offset-cropbox")


@hazard
def footer_below_negative_origin(folder: Path) -> Path:
    pdf = Pdf.new()
    page = add_page(pdf, b"0 g 200 -284 80 8 re f")
    page.obj.MediaBox = Array([-300, -300, 300, 300])
    return save(pdf, folder, "footer-below-negative-origin")


@hazard
def footer_with_user_unit(folder: Path) -> Path:
    pdf = Pdf.new()
    page = add_page(pdf, b"0 g 250 8 40 4 re f")
    page.obj.MediaBox = Array([0, 0, 306, 396])
    page.obj.UserUnit = 2
    return save(pdf, folder, "footer-with-user-unit")


@hazard
def coloured_ground(folder: Path) -> Path:
    pdf = Pdf.new()
    add_page(pdf, b"0.8 0.9 1 rg 0 0 612 792 re f")
    return save(pdf, folder, "coloured-ground")


# Geometry: the zone is clear.


@hazard
def blank_page(folder: Path) -> Path:
    pdf = Pdf.new()
    add_page(pdf, b"")
    return save(pdf, folder, "blank-page")


@hazard
def white_ground(folder: Path) -> Path:
    pdf = Pdf.new()
    add_page(pdf, b"1 g 0 0 612 792 re f")
    return save(pdf, folder, "white-ground")


@hazard
def footer_outside_the_cropbox(folder: Path) -> Path:
    pdf = Pdf.new()
    add_page(pdf, FOOTER).obj.CropBox = Array([0, 100, 612, 792])
    return save(pdf, folder, "footer-outside-the-cropbox")


@hazard
def page_without_resources(folder: Path) -> Path:
    pdf = Pdf.new()
    add_page(pdf, b"0 g 100 400 80 8 re f")
    del pdf.pages[0].obj[Name.Resources]
    return save(pdf, folder, "page-without-resources")


@hazard
def page_without_size(folder: Path) -> Path:
    pdf = text_document()
    pdf.pages[0].obj.MediaBox = Array([0, 0, 0, 0])
    return save(pdf, folder, "page-without-size")


@hazard
def scanned_page(folder: Path) -> Path:
    pdf = text_document()
    image = Image.new("L", (200, 200), 255)
    ImageDraw.Draw(image).rectangle((50, 50, 150, 150), fill=0)
    scan = pdf.make_stream(
        zlib.compress(image.tobytes()), Type=Name.XObject, Subtype=Name.Image, Width=200,
        Height=200, BitsPerComponent=8, ColorSpace=Name.DeviceGray, Filter=Name.FlateDecode,
    )  # fmt: skip
    add_page(pdf, b"q 400 0 0 400 100 200 cm /Im Do Q", XObject=Dictionary(Im=scan))
    add_page(pdf, b"")
    return save(pdf, folder, "scanned-page", compress_streams=False)


# Pictures. The corner that belongs at the top left, as seen, is black.


def corner_picture(mode: str = "RGB", size: tuple[int, int] = (120, 80)) -> Image.Image:
    """Return a white picture whose top left quarter is black."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2 - 1, size[1] // 2 - 1), fill="black")
    return image.convert(mode)


# What a camera stores so that the EXIF orientation shows the picture upright.
_STORED: dict[int, tuple[Image.Transpose, ...]] = {
    1: (),
    2: (Image.Transpose.FLIP_LEFT_RIGHT,),
    3: (Image.Transpose.ROTATE_180,),
    4: (Image.Transpose.FLIP_TOP_BOTTOM,),
    5: (Image.Transpose.TRANSPOSE,),
    6: (Image.Transpose.ROTATE_90,),
    7: (Image.Transpose.TRANSVERSE,),
    8: (Image.Transpose.ROTATE_270,),
}


def oriented_jpeg(folder: Path, orientation: int) -> Path:
    """Write a JPEG that shows `corner_picture` when turned as its EXIF says."""
    image = corner_picture()
    for step in _STORED[orientation]:
        image = image.transpose(step)
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = folder / f"orientation-{orientation}.jpg"
    image.save(path, "JPEG", quality=95, exif=exif)
    return path


@hazard
def jpeg_cmyk(folder: Path) -> Path:
    path = folder / "cmyk.jpg"
    corner_picture("CMYK").save(path, "JPEG", quality=95)
    return path


@hazard
def jpeg_truncated(folder: Path) -> Path:
    path = folder / "truncated.jpg"
    stream = io.BytesIO()
    corner_picture(size=(600, 400)).save(stream, "JPEG")
    path.write_bytes(stream.getvalue()[: len(stream.getvalue()) // 2])
    return path


@hazard
def jpeg_named_png(folder: Path) -> Path:
    path = folder / "really-a-jpeg.png"
    corner_picture().save(path, "JPEG", quality=95)
    return path


@hazard
def png_transparent(folder: Path) -> Path:
    image = Image.new("RGBA", (120, 80), (0, 0, 0, 0))
    ImageDraw.Draw(image).rectangle((0, 0, 59, 39), fill=(0, 0, 0, 255))
    path = folder / "transparent.png"
    image.save(path)
    return path


@hazard
def png_sixteen_bits(folder: Path) -> Path:
    path = folder / "sixteen-bits.png"
    corner_picture("L").convert("I").point(lambda value: value * 257).convert("I;16").save(path)
    return path


@hazard
def png_palette(folder: Path) -> Path:
    path = folder / "palette.png"
    corner_picture("P").save(path)
    return path


@hazard
def png_pixel_bomb(folder: Path) -> Path:
    path = folder / "pixel-bomb.png"
    header = (100_000).to_bytes(4, "big") * 2 + bytes([1, 0, 0, 0, 0])
    chunks = b""
    for kind, data in ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0")), (b"IEND", b"")):
        check = zlib.crc32(kind + data).to_bytes(4, "big")
        chunks += len(data).to_bytes(4, "big") + kind + data + check
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunks)
    return path


@hazard
def tiff_fax_pages(folder: Path) -> Path:
    path = folder / "fax.tiff"
    pages = [corner_picture("1", (1728, 1100)) for _ in range(3)]
    pages[0].save(
        path, "TIFF", save_all=True, append_images=pages[1:], compression="group4", dpi=(204, 204)
    )
    return path


@hazard
def gif_animated(folder: Path) -> Path:
    path = folder / "animated.gif"
    other = Image.new("RGB", (120, 80), "red")
    corner_picture().save(path, "GIF", save_all=True, append_images=[other], duration=100)
    return path


@hazard
def plain_text_file(folder: Path) -> Path:
    path = folder / "statement.txt"
    path.write_text("A statement, fictional.")
    return path
