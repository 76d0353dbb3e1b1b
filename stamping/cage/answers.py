"""What comes out of a cage, read without running any of it.

In: bytes that a worker sent, which a hostile file may have taken over. Out: the value.
Pickle can call anything that it can name; here it can name plain values and the
frozen dataclasses, models, enums and errors of this program, and nothing else.
"""

from __future__ import annotations

import builtins
import dataclasses
import enum
import io
import pickle
from typing import Any

MOST_BYTES = 512 * 1024**2
"""How long one answer may be."""

_OWN = ("stamping", "referrals")
_PLAIN = {
    ("builtins", name)
    for name in ("set", "frozenset", "bytearray", "complex", "range", "slice", "object")
} | {
    ("pathlib", "Path"),
    ("pathlib", "PosixPath"),
    ("pathlib", "PurePosixPath"),
    ("pathlib._local", "PosixPath"),
    ("pathlib._local", "PurePosixPath"),
    ("datetime", "date"),
    ("datetime", "datetime"),
    ("datetime", "time"),
    ("datetime", "timedelta"),
    ("datetime", "timezone"),
    ("decimal", "Decimal"),
    ("fractions", "Fraction"),
    ("collections", "OrderedDict"),
    ("markupsafe", "Markup"),
}


class ForeignValueError(pickle.UnpicklingError):
    """An answer names something that no answer may hold."""


def read(content: bytes) -> Any:
    """Return the value that `content` describes.

    Raises:
        ForeignValueError: it names what no answer may hold.
        Exception: it is not an answer at all; what it raises is not foreseeable.
    """
    return _Reader(io.BytesIO(content)).load()


def write(kind: str, value: object) -> bytes:
    """Return an answer as bytes; an error that could not be read becomes a plain one."""
    if isinstance(value, BaseException) and not _is_allowed(type(value)):
        value = RuntimeError(f"{type(value).__name__}: {value}")
    return pickle.dumps((kind, value), protocol=pickle.HIGHEST_PROTOCOL)


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _PLAIN:
            return super().find_class(module, name)
        if module.partition(".")[0] in (*_OWN, "builtins"):
            found = super().find_class(module, name)
            if isinstance(found, type) and _is_allowed(found):
                return found
        raise ForeignValueError(f"{module}.{name}")


def _is_allowed(kind: type) -> bool:
    """Whether values of a class may be in an answer: it holds values and does nothing."""
    if kind.__module__ == "builtins":
        return issubclass(kind, Exception) and getattr(builtins, kind.__name__, None) is kind
    if kind.__module__.partition(".")[0] not in _OWN:
        return False
    if dataclasses.is_dataclass(kind):
        return bool(vars(kind)["__dataclass_params__"].frozen)
    return issubclass(kind, enum.Enum | Exception) or hasattr(kind, "model_fields")
