"""Draw the values of form fields whose file leaves that to the reader.

In: an open document with an AcroForm. Out: an appearance stream on each text,
choice or button field that has a value and no picture of it, or whose picture
the file calls out of date (ISO 32000-2 § 12.7.4.3). Writes in the
font of `value_font`; characters beyond it are reported, not guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from stamping.pages.value_font import ASCENT, DESCENT, ValueFont, encoded, is_drawable, text_width
from stamping.preparation.sanitise import Removals

_MULTILINE = 1 << 12
_PASSWORD = 1 << 13
_PUSHBUTTON = 1 << 16
_COMB = 1 << 24
_ANCESTORS = 50
_PADDING = 2.0
_LARGEST_AUTO_SIZE = 12.0
_SMALLEST_AUTO_SIZE = 4.0
_LEADING = 1.15


@dataclass(frozen=True, slots=True)
class _Box:
    """The room for a value, upright: size in points, and how it is turned into place."""

    width: float
    height: float
    matrix: tuple[float, ...]


def draw_missing_values(pdf: Pdf, removals: Removals, font: ValueFont) -> None:
    """Give every field with a value an appearance, where it has none that counts."""
    form = pdf.Root.get(Name.AcroForm)
    if not isinstance(form, Dictionary):
        return
    flag: object = form.get(Name.NeedAppearances)
    outdated = flag is True
    for number, page in enumerate(pdf.pages, 1):
        annotations = page.obj.get(Name.Annots)
        if not isinstance(annotations, Array):
            continue
        for widget in annotations:
            if not isinstance(widget, Dictionary) or widget.get(Name.Subtype) != Name.Widget:
                continue
            kind = _inherited(widget, Name.FT)
            drawn = _has_picture(widget)
            if kind == Name.Btn:
                if not drawn:
                    _draw_button(pdf, widget)
                elif not _choose_state(widget):
                    removals.add("form-value-not-drawn", f"{_name(widget)} on page {number}")
            elif kind in (Name.Tx, Name.Ch) and (outdated or not drawn):
                text = _value(widget)
                if not text.strip():
                    if not drawn:
                        _draw_frame(pdf, widget)
                    continue
                if not _draw_text(pdf, form, widget, text, font):
                    removals.add("form-value-not-drawn", f"{_name(widget)} on page {number}")


def _choose_state(widget: Dictionary) -> bool:
    """Give a button that does not say which of its pictures shows the one of its value.

    Return whether a picture of the value is shown: of a group of buttons, all but one show
    that they are off (§ 12.7.5.2.3).
    """
    pictures = widget[Name.AP][Name.N]
    if isinstance(pictures, Stream):
        return True
    states = set(pictures.keys())
    shown, value = widget.get(Name.AS), _inherited(widget, Name.V)
    if isinstance(value, String) and str(value):
        # Readers take a string for the name that it spells.
        value = Name(f"/{value}")
    pressed = isinstance(value, Name) and value != Name.Off
    if isinstance(shown, Name):
        return str(shown) in states or shown == Name.Off
    on = states - {"/Off"}
    alone = Name.FT in widget
    if pressed and str(value) in states:
        widget[Name.AS] = value
    elif pressed and alone and len(on) == 1:
        widget[Name.AS] = Name(next(iter(on)))
    else:
        widget[Name.AS] = Name.Off
        return not (pressed and alone)
    return True


def _inherited(widget: Dictionary, key: Name) -> object:
    """Return an entry of the field or of the nearest field above that has it."""
    node: object = widget
    for _ in range(_ANCESTORS):
        if not isinstance(node, Dictionary):
            return None
        if key in node:
            return node[key]
        node = node.get(Name.Parent)
    return None


def _name(widget: Dictionary) -> str:
    name = _inherited(widget, Name.TU) or _inherited(widget, Name.T)
    return str(name) if isinstance(name, String) else "unnamed field"


def _has_picture(widget: Dictionary) -> bool:
    pictures = widget.get(Name.AP)
    return isinstance(pictures, Dictionary) and isinstance(
        pictures.get(Name.N), (Stream, Dictionary)
    )


def _value(widget: Dictionary) -> str:
    value = _inherited(widget, Name.V)
    if isinstance(value, Stream):
        return value.read_bytes().decode("latin-1")
    values = list(value) if isinstance(value, Array) else [value]
    texts = [str(item) for item in values if isinstance(item, String)]
    if _inherited(widget, Name.FT) == Name.Ch:
        shown = _choices(widget)
        texts = [shown.get(text, text) for text in texts]
    text = "\n".join(texts)
    if _whole(_inherited(widget, Name.Ff)) & _PASSWORD:
        return "*" * len(text)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _choices(widget: Dictionary) -> dict[str, str]:
    """Return what a choice field shows for each value that it stores."""
    options = _inherited(widget, Name.Opt)
    return {
        str(option[0]): str(option[1])
        for option in (options if isinstance(options, Array) else ())
        if isinstance(option, Array) and len(option) == 2
    }


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _box(widget: Dictionary) -> _Box | None:
    rectangle = widget.get(Name.Rect)
    if not isinstance(rectangle, Array) or len(rectangle) != 4:
        return None
    left, bottom, right, top = (float(value) for value in rectangle)
    width, height = abs(right - left), abs(top - bottom)
    if not width or not height:
        return None
    looks = widget.get(Name.MK)
    turn = _whole(looks.get(Name.R)) % 360 if isinstance(looks, Dictionary) else 0
    if turn == 90:
        return _Box(height, width, (0, 1, -1, 0, width, 0))
    if turn == 180:
        return _Box(width, height, (-1, 0, 0, -1, width, height))
    if turn == 270:
        return _Box(height, width, (0, -1, 1, 0, 0, height))
    return _Box(width, height, (1, 0, 0, 1, 0, 0))


def _draw_text(pdf: Pdf, form: Dictionary, widget: Dictionary, text: str, font: ValueFont) -> bool:
    """Give the widget its text; return whether every character could be drawn."""
    box = _box(widget)
    if box is None:
        return False
    flags = _whole(_inherited(widget, Name.Ff))
    default = _inherited(widget, Name.DA) or form.get(Name.DA)
    style = str(default) if isinstance(default, String) else ""
    colour = _colour(style)
    size = _type_size(style)
    choice = _inherited(widget, Name.FT) == Name.Ch
    multiline = bool(flags & _MULTILINE) or (choice and "\n" in text)
    cells = _whole(_inherited(widget, Name.MaxLen)) if flags & _COMB else 0
    align = _whole(_inherited(widget, Name.Q) or form.get(Name.Q))
    if multiline:
        size = size or _size_that_fits(text, box)
        lines = _wrap(text, size, box.width - 2 * _PADDING)
        baseline = box.height - _PADDING - ASCENT * size
    else:
        lines = [text.replace("\n", " ")]
        size = size or _one_line_size(lines[0], box)
        baseline = (box.height - (ASCENT - DESCENT) * size) / 2
    shown = []
    for index, line in enumerate(lines):
        y = baseline - index * size * _LEADING
        if cells:
            cell = box.width / cells
            shown += [
                (letter, (place + 0.5) * cell - text_width(letter, size) / 2, y)
                for place, letter in enumerate(line)
            ]
        else:
            slack = box.width - 2 * _PADDING - text_width(line, size)
            shown.append(
                (line, _PADDING + (0, slack / 2, slack)[align if align in (1, 2) else 0], y)
            )
    words = b"".join(
        b"1 0 0 1 %.3f %.3f Tm (%s) Tj\n" % (x, y, _escaped(line)) for line, x, y in shown
    )
    content = (
        b"/Tx BMC\nq\n0 0 %.3f %.3f re W n\nBT\n" % (box.width, box.height)
        + b"%s\n/Value %.3f Tf\n" % (colour, size)
        + words
        + b"ET\nQ\nEMC\n"
    )
    fonts = Dictionary(Font=Dictionary(Value=font.object))
    _set_picture(pdf, widget, box, _frame(widget, box) + content, fonts)
    return is_drawable(text)


def _draw_frame(pdf: Pdf, widget: Dictionary) -> None:
    """Give an empty field the ground and border that it asks for."""
    box = _box(widget)
    frame = _frame(widget, box) if box is not None else b""
    if box is not None and frame:
        _set_picture(pdf, widget, box, frame, Dictionary())


def _draw_button(pdf: Pdf, widget: Dictionary) -> None:
    """Give a box that is ticked its tick, as two strokes."""
    flags = _whole(_inherited(widget, Name.Ff))
    state = widget.get(Name.AS) or _inherited(widget, Name.V)
    box = _box(widget)
    if flags & _PUSHBUTTON or box is None:
        return
    if not isinstance(state, Name) or state == Name.Off:
        return
    side = min(box.width, box.height) * 0.25
    x, y = box.width / 2, box.height / 2
    cross = b"q 1.2 w %.3f %.3f m %.3f %.3f l %.3f %.3f m %.3f %.3f l S Q\n" % (
        x - side, y - side, x + side, y + side, x - side, y + side, x + side, y - side,
    )  # fmt: skip
    widget[Name.AS] = Name.On
    _set_picture(pdf, widget, box, _frame(widget, box) + cross, Dictionary())


def text_block(text: str, style: str, width: float, height: float, size: float) -> bytes:
    """Return content that sets `text` in lines from the top of a box at the origin.

    `style` is a default appearance; `size` stands in where it names none. The
    font is the resource /Value; lengths in points.
    """
    size = _type_size(style) or size
    lines = _wrap(text.replace("\r\n", "\n").replace("\r", "\n"), size, width - 2 * _PADDING)
    top = height - _PADDING - ASCENT * size
    words = b"".join(
        b"1 0 0 1 %.3f %.3f Tm (%s) Tj\n" % (_PADDING, top - row * size * _LEADING, _escaped(line))
        for row, line in enumerate(lines)
    )
    return b"BT\n%s\n/Value %.3f Tf\n" % (_colour(style), size) + words + b"ET\n"


def _set_picture(
    pdf: Pdf, widget: Dictionary, box: _Box, content: bytes, resources: Dictionary
) -> None:
    picture = pdf.make_stream(content)
    picture[Name.Type] = Name.XObject
    picture[Name.Subtype] = Name.Form
    picture[Name.BBox] = Array([0, 0, round(box.width, 3), round(box.height, 3)])
    picture[Name.Matrix] = Array([round(value, 3) for value in box.matrix])
    picture[Name.Resources] = resources
    widget[Name.AP] = Dictionary(N=picture)


def _frame(widget: Dictionary, box: _Box) -> bytes:
    """Return the field's background and border (ISO 32000-2 Table 192)."""
    looks = widget.get(Name.MK)
    if not isinstance(looks, Dictionary):
        return b""
    content = b""
    ground, line = (
        colour_operator(looks.get(Name.BG), b"g rg k"),
        colour_operator(looks.get(Name.BC), b"G RG K"),
    )
    if ground:
        content += b"q %s 0 0 %.3f %.3f re f Q\n" % (ground, box.width, box.height)
    style = widget.get(Name.BS)
    width = style.get(Name.W, 1) if isinstance(style, Dictionary) else 1
    if line and width:
        thick = float(width)
        content += b"q %s %.3f w %.3f %.3f %.3f %.3f re S Q\n" % (
            line, thick, thick / 2, thick / 2, box.width - thick, box.height - thick,
        )  # fmt: skip
    return content


def colour_operator(colour: object, operators: bytes) -> bytes:
    """Return the operator that sets a colour of 1, 3 or 4 components."""
    if not isinstance(colour, Array) or len(colour) not in (1, 3, 4):
        return b""
    operator = operators.split()[{1: 0, 3: 1, 4: 2}[len(colour)]]
    return b" ".join(b"%.4f" % float(value) for value in colour) + b" " + operator


def _colour(style: str) -> bytes:
    """Return the colour operator of a default appearance, black where it has none."""
    number = r"[-+]?[\d.]+"
    match = re.search(rf"(?:{number}\s+){{4}}k\b|(?:{number}\s+){{3}}rg\b|{number}\s+g\b", style)
    return match.group(0).encode("ascii") if match else b"0 g"


def _type_size(style: str) -> float:
    """Return the type size of a default appearance; 0 where the reader is to choose."""
    match = re.search(r"/\S+\s+([-+]?\d*\.?\d+)\s+Tf", style)
    return abs(float(match.group(1))) if match else 0.0


def _one_line_size(line: str, box: _Box) -> float:
    width = text_width(line, 1.0)
    fitting = (box.width - 2 * _PADDING) / width if width else _LARGEST_AUTO_SIZE
    size = min(_LARGEST_AUTO_SIZE, (box.height - _PADDING) / (ASCENT + DESCENT), fitting)
    return max(_SMALLEST_AUTO_SIZE, size)


def _size_that_fits(text: str, box: _Box) -> float:
    size = _LARGEST_AUTO_SIZE
    while size > _SMALLEST_AUTO_SIZE:
        lines = _wrap(text, size, box.width - 2 * _PADDING)
        if len(lines) * size * _LEADING <= box.height - 2 * _PADDING:
            break
        size -= 0.5
    return size


def _wrap(text: str, size: float, width: float) -> list[str]:
    """Return `text` in lines of at most `width` points; a longer word stands alone."""
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if line and text_width(longer, size) > width:
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line)
    return lines


def _escaped(line: str) -> bytes:
    return re.sub(rb"([\\()])", rb"\\\1", encoded(line.replace("\t", " ")))
