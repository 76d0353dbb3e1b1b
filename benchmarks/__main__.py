"""`python -m benchmarks [NAME …] [OPTIONS]`: run the measurements and print their ratios.

Options go to the benchmark that is named; `--peers` alone means those of `stamp`."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path


def names() -> list[str]:
    """Return the names of the benchmarks."""
    here = Path(__file__).parent
    files = [path for path in here.glob("*.py") if not path.stem.startswith("_")]
    return sorted(
        path.stem for path in [*files, *(each.parent for each in here.glob("*/__init__.py"))]
    )


def main(words: list[str]) -> int:
    """Run the named benchmarks, all of them where none is named."""
    known = names()
    if words == ["--list"]:
        sys.stdout.write("\n".join(known) + "\n")
        return 0
    begin = next((at for at, word in enumerate(words) if word.startswith("-")), len(words))
    words, options = words[:begin], words[begin:]
    if options and not words:
        words = ["stamp"]
    unknown = [word for word in words if word not in known]
    if unknown:
        sys.stderr.write(f"No benchmark {unknown[0]}. There are: {', '.join(known)}\n")
        return 2
    sys.argv[1:] = options
    for name in words or known:
        importlib.import_module(f"benchmarks.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
