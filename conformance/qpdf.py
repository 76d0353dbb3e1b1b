"""`qpdf --check`: is the file's syntax whole?

In: a PDF's path. Out: a verdict of no flavour. A warning counts as a failure:
a file that a reader must repair is not finished.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from conformance.verdicts import FailedRule, MissingToolError, Outcome, Verdict


def check(path: Path) -> Verdict:
    """Check the syntax of `path`.

    Raises:
        MissingToolError: qpdf is not installed.
    """
    qpdf = shutil.which("qpdf")
    if qpdf is None:
        raise MissingToolError(
            "qpdf is not installed", remedy="Ask an administrator to run: apt-get install qpdf"
        )
    ran = subprocess.run(
        [qpdf, "--check", str(path.resolve())],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if ran.returncode == 0:
        return Verdict("qpdf", "", Outcome.PASSED)
    kind = "warning" if ran.returncode == 3 else "error"
    told = next((line for line in ran.stderr.splitlines() if line.strip()), "it gave no reason")
    for known in ("WARNING: ", "qpdf: ", f"{path.resolve()}: "):
        told = told.removeprefix(known)
    return Verdict("qpdf", "", Outcome.FAILED, (FailedRule(kind, told),))
