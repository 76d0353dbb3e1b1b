"""Every notice that the engine can give: code, weight, meaning, remedy.

One table, so that documentation, tests and messages cannot drift apart. Knows
no file: `notice` takes the sentence that names what was found.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from stamping.notices import Notice, Severity


@dataclass(frozen=True, slots=True)
class NoticeCode:
    """What a code stands for, and what a reader should do about it."""

    severity: Severity
    meaning: str
    remedy: str = ""


_BLOCKING = Severity.BLOCKING
_WARNING = Severity.WARNING
_NOTE = Severity.NOTE

NOTICE_CODES: MappingProxyType[str, NoticeCode] = MappingProxyType(
    {
        # No page could be made of the file.
        "missing-file": NoticeCode(
            _BLOCKING,
            "The file is not there or cannot be read.",
            "Put the file where the record names it and make it readable.",
        ),
        "empty-file": NoticeCode(
            _BLOCKING, "The file holds no bytes.", "Ask its source for the file again."
        ),
        "encrypted": NoticeCode(
            _BLOCKING,
            "The PDF opens only with a password.",
            "Ask its source for the password, save a copy without it, and use that copy.",
        ),
        "truncated": NoticeCode(
            _BLOCKING,
            "The file ends too early and cannot be opened.",
            "Copy the file again from its source.",
        ),
        "damaged": NoticeCode(
            _BLOCKING,
            "The file is damaged beyond repair.",
            "Copy the file again from its source, or print it to a new PDF where it still opens.",
        ),
        "no-pages": NoticeCode(
            _BLOCKING, "The PDF has no page.", "Ask its source for a file with pages."
        ),
        "xfa-dynamic": NoticeCode(
            _BLOCKING,
            "The PDF is a dynamic XFA form: its pages exist only inside the form program.",
            "Open it in the program that fills it, print it to a PDF, and use that PDF.",
        ),
        "too-many-pages": NoticeCode(
            _BLOCKING,
            "The file has more pages than the limit.",
            "Split it into files within the limit.",
        ),
        "too-many-pixels": NoticeCode(
            _BLOCKING,
            "A picture has more pixels than the limit.",
            "Save it at a lower resolution, or raise the limit if its source is trusted.",
        ),
        "decompression-bomb": NoticeCode(
            _BLOCKING,
            "A part of the file would unpack to more bytes than the limit.",
            "Treat the file as suspect; use a printed copy if its source is trusted.",
        ),
        "too-deep": NoticeCode(
            _BLOCKING,
            "The file is nested deeper than the limit, or refers to itself.",
            "Treat the file as suspect; use a printed copy if its source is trusted.",
        ),
        "out-of-memory": NoticeCode(
            _BLOCKING,
            "Preparing the file took more memory than the limit.",
            "Split the file, or raise the limit if its source is trusted.",
        ),
        "out-of-time": NoticeCode(
            _BLOCKING,
            "Preparing the file took more time than the limit.",
            "Split the file, or raise the limit if its source is trusted.",
        ),
        "reader-crashed": NoticeCode(
            _BLOCKING,
            "Reading the file ended the process that read it.",
            "Treat the file as suspect; use a printed copy if its source is trusted.",
        ),
        "image-unreadable": NoticeCode(
            _BLOCKING,
            "The picture cannot be read as what it claims to be.",
            "Copy the file again from its source.",
        ),
        "heic-support-missing": NoticeCode(
            _BLOCKING,
            "HEIC pictures need an extra that is not installed.",
            "Install the extra 'heic', or save the picture as JPEG beside the original.",
        ),
        # The file is whole, but its form is not this room's matter.
        "no-page-form": NoticeCode(_NOTE, "The file is of a kind that has no pages of its own."),
        # Pages were made; something a reader must know of.
        "kind-mismatch": NoticeCode(
            _WARNING,
            "The file's content is not what its name says.",
            "Confirm with its source that this is the file that was meant.",
        ),
        "repaired": NoticeCode(
            _WARNING,
            "The PDF was damaged and has been repaired; content may be missing.",
            "Compare the pages with the original, or ask its source for a sound copy.",
        ),
        "page-unreadable": NoticeCode(
            _WARNING,
            "A page cannot be drawn by the reader that checks it.",
            "Look at the page in the result and compare it with the original.",
        ),
        "content-differs": NoticeCode(
            _WARNING,
            "Another reader sees more on a page of the original than on the prepared page.",
            "Compare the page with the original, or print the original to a new PDF and use that.",
        ),
        "content-unreadable": NoticeCode(
            _WARNING,
            "Part of a page's content is coded in a way that no reader can show; it was left out.",
            "Look at the page in the result and compare it with the original.",
        ),
        "page-size-replaced": NoticeCode(
            _WARNING,
            "A page has no usable size and was given US Letter.",
            "Look at the page in the result and compare it with the original.",
        ),
        "decrypted": NoticeCode(
            _NOTE, "The PDF opened without a password but carried restrictions; these are lifted."
        ),
        "partly-encrypted": NoticeCode(
            _WARNING,
            "The PDF's pages open without a password, but files inside it do not.",
            "Ask its source for the password where the files inside matter.",
        ),
        "signed": NoticeCode(
            _WARNING,
            "The PDF is digitally signed; the rendition no longer carries the signature.",
            "Deliver the original beside the packet; only it can be validated.",
        ),
        "portfolio": NoticeCode(
            _WARNING,
            "The PDF is a portfolio: a cover page and files inside; the files were taken out.",
            "Enter the files inside as exhibits of their own where they matter.",
        ),
        "attachments-extracted": NoticeCode(
            _WARNING,
            "Files embedded in the PDF were taken out and written beside it.",
            "Look at each; enter it as an exhibit of its own where it matters.",
        ),
        "attachment-unreadable": NoticeCode(
            _WARNING,
            "A file embedded in the PDF could not be read and was dropped.",
            "Open the original to see what it was.",
        ),
        "form-flattened": NoticeCode(_NOTE, "Form fields were printed into the page."),
        "form-value-not-drawn": NoticeCode(
            _WARNING,
            "A form field has a value that could not be drawn in full.",
            "Print the form from the program that filled it, and use that PDF.",
        ),
        "xfa-removed": NoticeCode(
            _NOTE, "An XFA form program was removed; the form's own pages are kept."
        ),
        "annotations-flattened": NoticeCode(_NOTE, "Annotations were printed into the page."),
        "annotations-not-printed": NoticeCode(
            _WARNING,
            "Annotations that are hidden or not meant for print are not in the rendition.",
            "Look at them in the original; note them in the record where they matter.",
        ),
        "annotation-without-appearance": NoticeCode(
            _WARNING,
            "An annotation says nothing of how it looks and was not drawn.",
            "Look at it in the original; note it in the record where it matters.",
        ),
        "links-removed": NoticeCode(
            _NOTE, "Links that lead out of the file were made inert; their text stays."
        ),
        "javascript-removed": NoticeCode(
            _WARNING,
            "Scripts were removed.",
            "Compare the pages with the original where scripts had filled them.",
        ),
        "actions-removed": NoticeCode(
            _WARNING,
            "Actions that start programs, open other files or send data were removed.",
            "Ask its source for the files that they name, where these matter.",
        ),
        "multimedia-removed": NoticeCode(
            _WARNING,
            "Sound, film or 3D content was removed; its still picture stays where it has one.",
            "Ask its source for the recording as a file of its own.",
        ),
        "external-streams-removed": NoticeCode(
            _WARNING,
            "Content that would be fetched from outside the file was removed.",
            "Ask its source for a complete file.",
        ),
        "threads-removed": NoticeCode(_NOTE, "Article threads were removed."),
        "thumbnails-removed": NoticeCode(_NOTE, "Page thumbnails were removed."),
        "private-data-removed": NoticeCode(
            _NOTE, "Data that programs had kept for themselves in the file was removed."
        ),
        "archival-mended": NoticeCode(
            _NOTE, "Entries that no page shows were given the form that archives want."
        ),
        "outline-cut": NoticeCode(_NOTE, "Bookmarks that lead back to themselves were cut."),
        "hidden-layers": NoticeCode(
            _WARNING,
            "The PDF has layers that are hidden; they stay hidden and are still in the file.",
            "Decide whether what they hide may go out; flatten or remove them if not.",
        ),
        "first-frame-only": NoticeCode(
            _WARNING,
            "The picture is animated; only its first frame is shown.",
            "Deliver the native file beside the packet.",
        ),
        "transparency-flattened": NoticeCode(
            _NOTE, "The picture's transparent areas are shown on white."
        ),
        "colour-depth-reduced": NoticeCode(
            _NOTE, "The picture's samples were reduced to 8 bits each for the page."
        ),
        "text-recognised": NoticeCode(
            _NOTE,
            "A program recognised text on scanned pages; it may err. The pictures stay.",
        ),
        "recognition-failed": NoticeCode(
            _WARNING,
            "Text recognition was tried and failed.",
            "Supply a version with text, or deliver the pages as pictures.",
        ),
        "no-text": NoticeCode(
            _WARNING,
            "Pages of a document show something but hold no text: they cannot be searched or read "
            "aloud. Not said of photographs.",
            "Install the extra 'ocr' and recognise them, or supply a version with text.",
        ),
        # Found when the pages were put together.
        "fields-inert": NoticeCode(_NOTE, "Form fields show, and cannot be filled in."),
        "link-lost": NoticeCode(_NOTE, "Links led to pages that are not in this file."),
        "link-without-target": NoticeCode(
            _BLOCKING,
            "A link leads to a place that is not in this file.",
            "Report it to the maintainers with the case's number.",
        ),
        "scaled-for-stamp": NoticeCode(
            _NOTE, "The page was made smaller so that its number stands on clear ground."
        ),
        "sheet-enlarged-for-stamp": NoticeCode(
            _NOTE, "The page was put on a larger sheet, as its own holds no legible number."
        ),
    }
)


def notice(
    code: str, message: str, *, remedy: str | None = None, page: int | None = None
) -> Notice:
    """Return the notice `code` with its weight and, unless another is given, its remedy.

    Raises:
        KeyError: the code is not in `NOTICE_CODES`.
    """
    known = NOTICE_CODES[code]
    return Notice(
        severity=known.severity,
        code=code,
        message=message,
        remedy=known.remedy if remedy is None else remedy,
        page=page,
    )
