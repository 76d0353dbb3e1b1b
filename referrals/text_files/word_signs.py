"""What Word prints without holding it as text: boxes to tick, chosen entries, symbols.

In: an element of a run. Out: the text that a reader sees in its place, empty where it is
none of these (ECMA-376-1 § 17.3.3 and § 17.16).
"""

from __future__ import annotations

from lxml import etree

from referrals.text_files.word_package import V, W

_BREAKS = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
}
# What the commonest faces of signs draw for these codes, in letters that a page has.
_WINGDINGS = {
    0xA7: "•",
    0xA8: "☐",
    0x6F: "☐",
    0x71: "☐",
    0xB7: "•",
    0xE0: "→",
    0xFB: "☒",
    0xFC: "✓",
    0xFD: "☒",
    0xFE: "☑",
}
_PRIVATE = range(0xF000, 0xF100)
TICKED, EMPTY = "☑", "☐"


def sign(element: etree._Element) -> str:
    """Return what a reader sees in place of an element that holds no text."""
    tag = element.tag
    if tag in _BREAKS:
        return _BREAKS[tag]
    if tag == f"{W}sym":
        return _symbol(element)
    if tag == f"{W}checkBox":
        return TICKED if _is_ticked(element) else EMPTY
    if tag == f"{W}ddList":
        return _chosen(element)
    if tag == f"{V}textpath":
        return element.get("string") or ""
    return ""


def written_form_of(element: etree._Element) -> tuple[str, str]:
    """Return what stands around a text whose form changes its meaning (ECMA-376-1 § 17.3.2)."""
    above = element.getparent()
    form = above.find(f"{W}rPr") if above is not None else None
    if form is None:
        return "", ""
    struck = (form.find(f"{W}{name}") for name in ("strike", "dstrike"))
    if any(each is not None and is_on(each) for each in struck):
        return "[struck through: ", "]"
    raised = form.find(f"{W}vertAlign")
    kind = raised.get(f"{W}val") if raised is not None else ""
    return {"superscript": ("^(", ")"), "subscript": ("_(", ")")}.get(kind or "", ("", ""))


def _symbol(element: etree._Element) -> str:
    try:
        code = int(element.get(f"{W}char", ""), 16)
        if element.get(f"{W}font", "").lower() == "wingdings":
            known = _WINGDINGS.get(code - _PRIVATE.start if code in _PRIVATE else code)
            if known is not None:
                return known
        return chr(code)
    except (ValueError, OverflowError):
        return ""


def _is_ticked(box: etree._Element) -> bool:
    for name in ("checked", "default"):
        state = box.find(f"{W}{name}")
        if state is not None:
            return is_on(state)
    return False


def _chosen(choices: etree._Element) -> str:
    entries = [each.get(f"{W}val", "") for each in choices.iterfind(f"{W}listEntry")]
    for name in ("result", "default"):
        place = choices.find(f"{W}{name}")
        if place is not None and (at := place.get(f"{W}val", "")).isdecimal():
            return entries[int(at)] if int(at) < len(entries) else ""
    return entries[0] if entries else ""


def is_on(element: etree._Element) -> bool:
    """Whether a property that is on or off is on (ECMA-376-1 § 17.17.4)."""
    return element.get(f"{W}val", "1").lower() not in ("0", "false", "off", "none")
