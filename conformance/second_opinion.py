"""page-validation, a second validator that shares no code with veraPDF.

In: a file and a flavour. Out: a verdict that does not decide, because version
0.11 calls itself alpha and refuses compressed XMP in PDF/A-2 and -3, where only
PDF/A-1 forbids it (ISO 19005-1 § 6.7.2). It is installed in `.tools/`, not beside
the product; where it cannot be, it is left out and the report says so.
"""

from __future__ import annotations

import importlib
import subprocess
import sys
import tempfile
from pathlib import Path
from types import ModuleType

from conformance.verapdf import TOOLS
from conformance.verdicts import FailedRule, Outcome, Verdict

_REQUIREMENT = "page-validation==0.11.0"
_CHECKER = "page-validation"


def set_up(tools: Path = TOOLS) -> ModuleType | None:
    """Return the validator, installed into `tools` when missing; None if it cannot be."""
    home = tools / f"{_REQUIREMENT}-{sys.implementation.cache_tag}"
    if not home.is_dir() and not _install(home):
        return None
    if str(home) not in sys.path:
        sys.path.append(str(home))
    try:
        return importlib.import_module("page")
    except ImportError:
        return None


def ask(page: ModuleType | None, path: Path, flavour: str) -> Verdict:
    """Judge `path` by `flavour`; what the validator does not know is not judged."""
    if page is None:
        return _not_judged(flavour, "it is not installed")
    try:
        profile = page.ValidationProfile(flavour)
    except ValueError:
        return _not_judged(flavour, "it does not know this flavour")
    try:
        report = page.validate_pdf(path, profile=profile)
    except (page.PageError, OSError) as error:
        return _not_judged(flavour, str(error))
    failed: dict[str, FailedRule] = {}
    for failure in report.failures:
        where = failure.object_id
        context = f"object {where.object_number}" if where else ""
        failed.setdefault(
            failure.rule_id, FailedRule(failure.rule_id, failure.message, None, context)
        )
    outcome = Outcome.PASSED if report.is_compliant else Outcome.FAILED
    return Verdict(_CHECKER, flavour, outcome, tuple(failed.values()), decides=False)


def _not_judged(flavour: str, reason: str) -> Verdict:
    return Verdict(_CHECKER, flavour, Outcome.NOT_JUDGED, reason=reason, decides=False)


def _install(home: Path) -> bool:
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent, prefix=".page-validation-") as folder:
        making = Path(folder, "made")
        command = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        command += ["--no-deps", "--only-binary", ":all:", "--target", str(making), _REQUIREMENT]
        if subprocess.run(command, capture_output=True, check=False).returncode:
            return False
        try:
            making.rename(home)
        except OSError:
            # Another run was faster.
            return home.is_dir()
    return True
