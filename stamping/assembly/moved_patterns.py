"""Patterns moved along with the page that is painted with them.

A pattern is anchored to the sheet and not to what is painted (ISO 32000-2 § 8.7.2):
the matrix that makes a page smaller leaves its patterns as they were. In: the
patterns of a page's resources, the page's matrix. Out: the same, moved, written.
"""

from __future__ import annotations

from stamping.objects.file_reader import Stream
from stamping.objects.matrix import Matrix
from stamping.objects.object_copier import ObjectCopier
from stamping.objects.pdf_syntax import Value, written


def moved_patterns(copier: ObjectCopier, named: Value, matrix: Matrix) -> dict[str, Value]:
    """Write each pattern anew, to be seen where `matrix` moves the page; return their numbers."""
    source, writer = copier.source, copier.writer
    moved: dict[str, Value] = {}
    for name, each in source.dictionary(named).items():
        held = source.resolve(each)
        entries = held.entries if isinstance(held, Stream) else held
        if type(entries) is not dict:
            continue
        numbers = [source.resolve(number) for number in source.array(entries.get("Matrix"))]
        own = Matrix()
        if len(numbers) == len(own) and all(type(number) in (int, float) for number in numbers):
            own = Matrix(*numbers)
        kept = {key: value for key, value in entries.items() if key != "Length"}
        made = copier.carry(kept | {"Matrix": list(own @ matrix)})
        moved[name] = ref = writer.reserve()
        if isinstance(held, Stream):
            writer.put_blocks(ref, made, held.blocks(), held.length)
        else:
            writer.put(ref, written(made))
    return moved
