"""What a data model refused, said the way a clerk can mend it.

In: a pydantic `ValidationError` and a way to name a place in the source. Out:
blocking findings with the field, what was found, and what would do. Knows
neither case nor profile; whoever reads a file passes its model.
"""

from __future__ import annotations

import difflib
import types
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from referrals.findings import Finding, Severity

Path = tuple[str | int, ...]
"""The way to a value: names of fields, places in lists counted from zero."""

_SHOWN = 60
_WANTED = {
    "string_type": "Write a single text here.",
    "string_too_short": "Write a text; it may not be empty.",
    "bool_parsing": "Write true or false.",
    "bool_type": "Write true or false.",
    "float_parsing": "Write a number, for example 2.5.",
    "int_parsing": "Write a whole number.",
    "list_type": "Write a list: each entry begins with a dash.",
    "tuple_type": "Write a list.",
    "model_type": "Write fields here, each as 'name: value'.",
    "model_attributes_type": "Write fields here, each as 'name: value'.",
    "dict_type": "Write fields here, each as 'name: value'.",
    "too_short": "Give at least one entry.",
}
_MOMENT = "Write a date, a time and its offset from UTC, for example 2026-03-14T21:05:00-05:00."
_DATE = "Write a date as year-month-day, for example 2026-03-14."


def path_text(path: Path) -> str:
    """Return `path` as it is printed: `persons[2].role`; places count from zero."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += f".{step}" if text else step
    return text


def nearest(written: str, allowed: Iterable[str]) -> str:
    """Return the allowed word that `written` most likely means, or an empty text."""
    by_lower = {word.casefold(): word for word in allowed}
    close = difflib.get_close_matches(written.casefold(), by_lower, n=1, cutoff=0.6)
    return by_lower[close[0]] if close else ""


def shown(value: object) -> str:
    """Return a value in quotation marks, cut to one line."""
    text = " ".join(str(value).split())
    return f"'{text}'" if len(text) <= _SHOWN else f"'{text[: _SHOWN - 1]}…'"


def refusals(
    error: ValidationError, model: type[BaseModel], where: Callable[[Path], str]
) -> list[Finding]:
    """Return a blocking finding for each value that `model` refused.

    `where` names the place of a path in the source: file, line or column, field.
    """
    found = []
    for entry in error.errors(include_url=False):
        path = tuple(entry["loc"])
        message, remedy = _in_words(entry, path, model)
        code = _CODES.get(entry["type"], "value-refused")
        found.append(Finding(Severity.BLOCKING, code, message, where(path), remedy))
    return found


_CODES = {"missing": "field-missing", "extra_forbidden": "field-unknown"}


def _in_words(entry: Mapping[str, Any], path: Path, model: type[BaseModel]) -> tuple[str, str]:
    kind, name = entry["type"], str(path[-1]) if path else "the file"
    info = field_at(model, path)
    about = (info.description or "") if info else ""
    if kind == "missing":
        values = enum_values(info.annotation if info else None)
        one_of = f"Write one of: {', '.join(values)}." if values else ""
        give = f"Give '{name}': {about}" if about else f"Give '{name}'."
        return f"'{name}' is missing or empty", f"{give} {one_of}".strip()
    if kind == "extra_forbidden":
        allowed = sorted(fields_at(model, path[:-1]))
        guess = nearest(name, allowed)
        first = f"Did you mean '{guess}'? " if guess else ""
        return f"no field here is called '{name}'", f"{first}Fields here: {', '.join(allowed)}."
    value = entry.get("input")
    if kind == "enum":
        return _not_of(name, value, enum_values(info.annotation if info else None))
    found = f"'{name}' holds {shown(value)}, which will not do"
    if kind == "value_error":
        reason = str(entry["msg"]).removeprefix("Value error, ")
        if "no time zone" in reason:
            return f"'{name}' holds {shown(value)}, which names no time zone", _MOMENT
        return found, f"{reason[:1].upper()}{reason[1:]}."
    if kind.startswith(("datetime", "timezone")):
        return found, _MOMENT
    if kind.startswith("date"):
        return found, _DATE
    wanted = _WANTED.get(kind, f"{entry['msg']}.")
    return found, " ".join(part for part in (wanted, about) if part)


def _not_of(name: str, value: object, allowed: list[str]) -> tuple[str, str]:
    guess = nearest(str(value), allowed)
    first = f"Did you mean '{guess}'? " if guess else ""
    return (
        f"'{name}' holds {shown(value)}, which is not one of its values",
        f"{first}Write one of: {', '.join(allowed)}.",
    )


def field_at(model: type[BaseModel], path: Path) -> FieldInfo | None:
    """Return the field of `model` that `path` leads to, or None."""
    if not path:
        return None
    if isinstance(path[-1], int):
        return field_at(model, path[:-1])
    return fields_at(model, path[:-1]).get(path[-1])


def fields_at(model: type[BaseModel], path: Path) -> dict[str, FieldInfo]:
    """Return the fields that may stand at `path`, by name; empty where none may."""
    at: Any = model
    for step in path:
        if isinstance(step, int):
            arguments = [part for part in get_args(_bare(at)) if part is not Ellipsis]
            at = arguments[0] if arguments else None
        else:
            info = _model_fields(at).get(step)
            at = info.annotation if info else None
    return _model_fields(at)


def _model_fields(annotation: Any) -> dict[str, FieldInfo]:
    bare = _bare(annotation)
    if isinstance(bare, type) and issubclass(bare, BaseModel):
        return dict(bare.model_fields)
    return {}


def _bare(annotation: Any) -> Any:
    """Return the type itself, without `Annotated` and without `| None`."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _bare(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        kept = [part for part in get_args(annotation) if part is not type(None)]
        return _bare(kept[0]) if len(kept) == 1 else annotation
    return annotation


def enum_values(annotation: Any) -> list[str]:
    """Return the values that an enum field takes; empty for another field."""
    bare = _bare(annotation)
    if isinstance(bare, type) and issubclass(bare, Enum):
        return [str(member.value) for member in bare]
    return []


def is_time(annotation: Any) -> bool:
    """Whether a field holds a date or a point in time."""
    return _bare(annotation) in (date, datetime)


def is_moment(annotation: Any) -> bool:
    """Whether a field holds a point in time, not only a date."""
    return _bare(annotation) is datetime
