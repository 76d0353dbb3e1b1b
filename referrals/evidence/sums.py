"""The digests of many files as a list that `sha256sum -c` reads.

In: files, and where the list is to be written. Out: `Sums`. While a list is
made, what is done stands beside it, so that a run over thousands of files that
was stopped goes on where it was; a file whose size or time changed since is
read again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from referrals.errors import InputError, MachineError, UsageError
from referrals.evidence.digests import FileDigest, Progress, digest_each, with_sha256
from referrals.findings import Finding, Severity


@dataclass(frozen=True, slots=True)
class Sums:
    """The digests by file, in the order asked for, and what could not be read.

    `resumed` counts the files that an earlier, stopped run had done.
    """

    digests: dict[Path, FileDigest]
    findings: tuple[Finding, ...]
    resumed: int
    output: Path | None

    @property
    def lines(self) -> list[str]:
        """What a person reads: the list, or where it was written."""
        if self.output is None:
            return list(_lines(self.digests))
        earlier = f", {self.resumed:,} of them in an earlier run" if self.resumed else ""
        return [f"{self.output}: {len(self.digests):,} files{earlier}"]

    def stop_if_unread(self) -> None:
        """Raise where a file could not be read.

        Raises:
            InputError: its findings name each of them.
        """
        if not self.findings:
            return
        kept = "what was done is kept; " if self.output else ""
        raise InputError(
            f"{len(self.findings)} of {len(self.findings) + len(self.digests)} files could not "
            "be hashed.",
            remedy=f"Fix the findings above; {kept}run the command again.",
            findings=self.findings,
        )

    def as_json(self) -> list[dict[str, Any]]:
        """Return the digests as plain values."""
        return [
            {"file": str(path), "bytes": digest.bytes, **digest.digests}
            for path, digest in self.digests.items()
        ]


def files_below(paths: Iterable[Path]) -> list[Path]:
    """Return the paths with each folder replaced by all files below it, by name.

    Raises:
        UsageError: there is no file at all.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(below for below in path.rglob("*") if below.is_file())
        else:
            found.append(path)
    if not found:
        raise UsageError("There is no file to hash.", remedy="Name files, or a folder with files.")
    return list(dict.fromkeys(found))


def hash_files(
    paths: Sequence[Path],
    algorithms: Sequence[str] = (),
    output: Path | None = None,
    *,
    workers: int | None = None,
    progress: Progress = lambda count: None,
) -> Sums:
    """Return the digests of `paths`; with `output`, write the list there when all are done.

    A file that cannot be read, or changes while it is read, is a finding, and
    no list is written.

    Raises:
        MachineError: the list cannot be written.
    """
    wanted = with_sha256(algorithms)
    record = _Record(output) if output else None
    # The list may lie in the very folder that is hashed.
    named = [path for path in paths if record is None or path not in (output, record.path)]
    done: dict[Path, FileDigest] = {}
    findings: dict[Path, Finding] = {}
    if record is not None:
        for path in named:
            if (kept := record.earlier(path, wanted)) is not None:
                done[path] = kept
                progress(kept.bytes)
    resumed = len(done)
    # Before the reading: a file that changes afterwards is then read again.
    left = {path: _state(path) for path in named if path not in done}
    with closing(digest_each(left, wanted, workers, progress)) as each:
        for path, digest in each:
            if isinstance(digest, InputError):
                findings[path] = _unread(path, digest)
                continue
            done[path] = digest
            if record is not None:
                record.add(path, left[path], digest)
    ordered = {path: done[path] for path in named if path in done}
    if record is not None and not findings:
        record.close(_lines(ordered))
    return Sums(
        ordered, tuple(findings[path] for path in named if path in findings), resumed, output
    )


class _Record:
    """What a run has done so far, beside the list that it will become."""

    def __init__(self, output: Path) -> None:
        self.output = output
        self.path = output.with_name(f"{output.name}.part")
        self._kept: dict[str, dict[str, Any]] = {}
        with _writing(output):
            self._stream = self.path.open("a+", encoding="utf-8")
            self._stream.seek(0)
            for line in self._stream:
                with suppress(json.JSONDecodeError):  # a stop may tear the last line
                    entry = json.loads(line)
                    self._kept[entry["file"]] = entry

    def earlier(self, path: Path, wanted: Sequence[str]) -> FileDigest | None:
        """Return what an earlier run found, if the file is as it was then."""
        entry = self._kept.get(str(path.absolute()))
        if entry is None or entry["state"] != _state(path) or set(wanted) - set(entry["digests"]):
            return None
        return FileDigest(entry["bytes"], {name: entry["digests"][name] for name in wanted})

    def add(self, path: Path, state: list[int], digest: FileDigest) -> None:
        """Record that a file is done, which was in that state before it was read."""
        entry = {
            "file": str(path.absolute()),
            "state": state,
            "bytes": digest.bytes,
            "digests": digest.digests,
        }
        with _writing(self.output):
            # The line break comes first, so that a torn line spoils no other.
            self._stream.write(f"\n{json.dumps(entry)}")
            self._stream.flush()

    def close(self, lines: Iterable[str]) -> None:
        """Write the list in place of the record."""
        beside = self.output.with_name(f"{self.output.name}.new")
        with _writing(self.output):
            with beside.open("w", encoding="utf-8") as stream:
                stream.writelines(f"{line}\n" for line in lines)
                stream.flush()
                os.fsync(stream.fileno())
            beside.replace(self.output)
            self._stream.close()
            self.path.unlink()


def _state(path: Path) -> list[int]:
    try:
        state = path.stat()
    except OSError:
        return []
    return [state.st_size, state.st_mtime_ns]


def _lines(digests: Mapping[Path, FileDigest]) -> Iterator[str]:
    """Yield the list: SHA-256 as `sha256sum` writes it, others as `cksum --check` reads them."""
    for path, digest in digests.items():
        name = str(path)
        escaped = name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
        mark = "\\" if escaped != name else ""
        for algorithm, text in digest.digests.items():
            if algorithm == "sha256":
                yield f"{mark}{text}  {escaped}"
            else:
                yield f"{mark}{algorithm.upper()} ({escaped}) = {text}"


def _unread(path: Path, error: InputError) -> Finding:
    return Finding(Severity.BLOCKING, "file-unread", str(error), str(path), error.remedy)


@contextmanager
def _writing(output: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise MachineError(
            f"{output} cannot be written: {error.strerror or error}.",
            remedy="Name a place with --output that you may write to and that has space.",
        ) from error
