"""What a clerk does about each ground of rejection, in one sentence."""

from __future__ import annotations

from referrals.profiles.filing_rules import Ground

MENDED_BY_FIX = frozenset(
    {
        Ground.PAGE_SIZE,
        Ground.ACTIVE_CONTENT,
        Ground.ATTACHMENT,
        Ground.MEDIA,
        Ground.FORM_FIELD,
        Ground.ANNOTATION,
        Ground.OUTSIDE_LINK,
        Ground.ENCRYPTED,
        Ground.JPEG_2000,
        Ground.JBIG2,
        Ground.FILE_NAME,
        Ground.OPENING_VIEW,
    }
)
"""The grounds of which `referrals preflight --fix` fixes what can be fixed."""

REMEDIES: dict[Ground, str] = {
    Ground.TOO_LARGE: "Divide the set into smaller files; a size is never mended in place.",
    Ground.ENVELOPE_TOO_LARGE: "Send the files in more envelopes.",
    Ground.NOT_SEARCHABLE: "Recognise the text before numbering, or supply a version with text.",
    Ground.UNSIGNED: "Have the statement signed by the person who makes it.",
    Ground.CASE_NUMBER_MISSING: "Put a cover with the case number before the file.",
    Ground.CASE_NUMBER_WRONG: "See which case the file belongs to; correct its cover.",
    Ground.SEVERAL_CASES: "See whether the page belongs to this case; file the others apart.",
    Ground.BLANK_PAGE: "See whether the page should show something.",
    Ground.LOW_RESOLUTION: "Scan the original again at the resolution that the court asks for.",
    Ground.HIGH_RESOLUTION: "Recompress the pictures, as a listed derivative, or scan again.",
    Ground.PAGE_SIZE: "Put the page on the sheet that the court asks for.",
    Ground.TOP_NOT_CLEAR: "Put a cover before the file that leaves the court's space empty.",
    Ground.ACTIVE_CONTENT: "Take out the script or action.",
    Ground.ATTACHMENT: "Take the file out and file it by itself.",
    Ground.MEDIA: "Take the recording out and lodge it as the court says.",
    Ground.FORM_FIELD: "Print the fields' values into the page.",
    Ground.ANNOTATION: "Print the annotation into the page, or remove it at its source.",
    Ground.OUTSIDE_LINK: "Make the link inert.",
    Ground.ENCRYPTED: "Save the file without encryption or password.",
    Ground.UNEMBEDDED_FONT: "Save the document again from its source with all fonts embedded.",
    Ground.JPEG_2000: "Code the picture again without loss.",
    Ground.JBIG2: "Code the picture again without loss.",
    Ground.STAMP_OVER_TEXT: "Stamp the page again with a clear band for the number.",
    Ground.IDENTIFIER: "Redact it ('referrals redact propose') and build the set again.",
    Ground.FILE_NAME: "Rename the file.",
    Ground.NOT_ONE_FILE: "Make one file of the set.",
    Ground.LABEL_DIFFERS: "Make the set again, so that label and printed number agree.",
    Ground.NO_BOOKMARKS: "Add bookmarks for the documents of the file.",
    Ground.OPENING_VIEW: "Let the file open at its first page at 100 %.",
    Ground.INDEX_NOT_LINKED: "Link each entry of the index to its page.",
    Ground.DAMAGED: "Export the document again from its source.",
}


def remedy(ground: Ground) -> str:
    """Return what to do about a ground, and whether `--fix` may do it."""
    also = " Try 'referrals preflight --fix'." if ground in MENDED_BY_FIX else ""
    return REMEDIES[ground] + also
