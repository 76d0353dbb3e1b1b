"""`python -m benchmarks [NAME …]`: run the measurements and print their ratios."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path


def names() -> list[str]:
    """Return the names of the benchmarks."""
    return sorted(
        path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("_")
    )


def main(words: list[str]) -> int:
    """Run the named benchmarks, all of them where none is named."""
    known = names()
    if words == ["--list"]:
        sys.stdout.write("\n".join(known) + "\n")
        return 0
    unknown = [word for word in words if word not in known]
    if unknown:
        sys.stderr.write(f"No benchmark {unknown[0]}. There are: {', '.join(known)}\n")
        return 2
    sys.argv[1:] = []
    for name in words or known:
        importlib.import_module(f"benchmarks.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
