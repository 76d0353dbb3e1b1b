"""A hostile function in a cage finds that it can do nothing but its work."""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
import platform
import resource
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from stamping.cage import Cage, CageError, run_all, run_one, standing_walls, system_calls, walls
from stamping.cage.nursery import NURSERY
from stamping.cage.outputs import outbox, take

STANDS = {wall.name: wall.stands for wall in standing_walls()}
ALL = all(STANDS.values())
pytestmark = pytest.mark.skipif(not ALL, reason=f"not every wall stands here: {STANDS}")

TRUE = Path(shutil.which("true") or "/usr/bin/true")
KINDS = {"plain": (), "with programs": (TRUE,)}


@dataclass(frozen=True)
class Deed:
    """What to try, and upon what."""

    name: str
    file: str = ""
    number: int = 0


def attempt(deed: Deed) -> str:
    """Try the deed in the worker; return what came of it."""
    try:
        return f"done: {DEEDS[deed.name](deed)}"
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, "OSError")


def _connect(family: int, address: Any) -> None:
    with socket.socket(family) as line:
        line.connect(address)


def _as_another_machine(_: Deed) -> str:
    """Ask for a socket by the numbers of 32-bit x86, which a careless filter overlooks."""
    code = b"\xb8\x67\x01\x00\x00\xbb\x01\x00\x00\x00\xb9\x01\x00\x00\x00\x31\xd2\xcd\x80\xc3"
    with mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=7) as memory:
        memory.write(code)
        place = ctypes.addressof(ctypes.c_char.from_buffer(memory))
        return str(ctypes.CFUNCTYPE(ctypes.c_int)(place)())


def _call(number: int, *values: int) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    answer = int(libc.syscall(number, *values))
    if answer < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return answer


DEEDS: dict[str, Callable[[Deed], object]] = {
    "read": lambda deed: Path(deed.file).read_bytes(),
    "access": lambda deed: os.access(deed.file, os.R_OK),
    "read by handle": lambda deed: Path(f"/proc/self/root{deed.file}").read_bytes(),
    "list": lambda deed: list(Path(deed.file).iterdir()),
    "write": lambda deed: Path(deed.file).write_bytes(b"x"),
    "append": lambda deed: os.open(deed.file, os.O_WRONLY | os.O_APPEND),
    "truncate": lambda deed: os.truncate(deed.file, 0),
    "remove": lambda deed: Path(deed.file).unlink(),
    "rename": lambda deed: Path(deed.file).rename(f"{deed.file}.gone"),
    "link in": lambda deed: os.link(deed.file, Path(os.environ["TMPDIR"]) / "linked"),
    "start": lambda deed: subprocess.run([deed.file], check=True),
    "exec": lambda deed: os.execv(deed.file, [deed.file]),
    "internet": lambda deed: _connect(socket.AF_INET, ("127.0.0.1", deed.number)),
    "internet 6": lambda deed: _connect(socket.AF_INET6, ("::1", deed.number)),
    "unix": lambda deed: _connect(socket.AF_UNIX, deed.file),
    "signal": lambda deed: os.kill(deed.number, signal.SIGTERM),
    "signal group": lambda deed: os.killpg(os.getpgid(deed.number), signal.SIGTERM),
    "ask": lambda deed: os.kill(deed.number, 0),
    "limit the parent": lambda deed: resource.prlimit(deed.number, resource.RLIMIT_CPU, (1, 1)),
    "memory of the parent": lambda deed: os.open(f"/proc/{deed.number}/mem", os.O_RDONLY),
    "environment of the parent": lambda deed: Path(f"/proc/{deed.number}/environ").read_bytes(),
    "trace": lambda deed: _call({"x86_64": 101}.get(platform.machine(), 117), 16, deed.number),
    "outlive": lambda _: system_calls._prctl(1, 0),
    "leave the session": lambda _: os.setsid(),
    "root": lambda _: os.setuid(0),
    "raise a limit": lambda deed: resource.setrlimit(deed.number, (2**40, 2**40)),
    "shared memory": lambda _: mmap.mmap(-1, 4096),
    "memory file": lambda _: os.memfd_create("hidden"),
    "new namespace": lambda _: _call({"x86_64": 272}.get(platform.machine(), 97), 0x10000000),
    "big file": lambda deed: Path(os.environ["TMPDIR"], "big").write_bytes(bytes(deed.number)),
    "own file": lambda _: Path(os.environ["TMPDIR"], "made").write_bytes(b"made"),
    "users": lambda _: (os.getuid(), os.geteuid()),
    "settings": lambda _: sorted(name for name in os.environ if "REFERRALS" in name),
    "whole environment": lambda _: Path("/proc/self/environ").read_bytes(),
}


@dataclass(frozen=True)
class Place:
    """A case in a folder, and a cage that allows one file and one folder of it."""

    cage: Cage
    given: Path
    database: Path
    made: Path

    def attempt(self, name: str, file: Path | str = "", number: int = 0) -> str:
        return run_one(attempt, Deed(name, str(file), number), self.cage, failed=_failed)


def _failed(deed: Deed, code: str) -> str:
    return code


@pytest.fixture(params=KINDS.values(), ids=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    given, database = tmp_path / "given.pdf", tmp_path / "referrals.sqlite"
    given.write_bytes(b"given")
    database.write_bytes(b"secret")
    made = tmp_path / "made"
    made.mkdir()
    cage = Cage((given,), made, request.param, seconds=20, memory_bytes=2**30, file_bytes=2**20)
    return Place(cage, given, database, made)


def test_its_own_work_is_done(place: Place) -> None:
    place.given.chmod(0o600)
    place.given.parent.chmod(0o700)
    assert place.attempt("access", place.given) == "done: True"
    assert place.attempt("read", place.given) == "done: b'given'"
    assert place.attempt("own file") == "done: 4"
    assert (place.made / "made").read_bytes() == b"made"


@pytest.mark.parametrize("deed", ["read", "append", "write", "truncate", "remove", "rename"])
def test_no_other_file_can_be_reached(place: Place, deed: str) -> None:
    for file in (place.database, Path("/etc/passwd"), Path("/etc/hostname")):
        before = file.read_bytes()
        assert place.attempt(deed, file) in ("EACCES", "EXDEV", "EPERM")
        assert file.read_bytes() == before


@pytest.mark.parametrize("deed", ["append", "write", "truncate", "remove", "rename"])
def test_its_input_cannot_be_changed(place: Place, deed: str) -> None:
    assert place.attempt(deed, place.given) in ("EACCES", "EXDEV")
    assert place.given.read_bytes() == b"given"


def test_no_way_around_the_wall_of_files(place: Place) -> None:
    assert place.attempt("list", place.database.parent) == "EACCES"
    assert place.attempt("list", Path.home()) == "EACCES"
    assert place.attempt("read by handle", place.database) == "EACCES"
    assert place.attempt("link in", place.database) in ("EACCES", "EXDEV", "EPERM")
    assert place.attempt("write", place.database.parent / "new") == "EACCES"
    assert place.attempt("write", "/tmp/new-by-a-worker") == "EACCES"
    link = place.made / "link"
    link.symlink_to(place.database)
    assert place.attempt("read", link) == "EACCES"


def test_no_socket(place: Place, tmp_path: Path) -> None:
    path = tmp_path / "s"
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as local:
        local.bind(str(path))
        local.listen()
        port = server.getsockname()[1]
        assert place.attempt("internet", number=port) == "EPERM"
        assert place.attempt("internet 6", number=port) == "EPERM"
        assert place.attempt("unix", path) == "EPERM"


@pytest.mark.skipif(platform.machine() != "x86_64", reason="code of x86")
def test_no_socket_by_another_table_of_calls(place: Place) -> None:
    answer = run_one(_as_another_machine, Deed(""), place.cage, failed=_failed)
    assert answer == "reader-crashed"


def test_no_program_but_those_allowed(place: Place) -> None:
    for deed in ("start", "exec"):
        assert place.attempt(deed, shutil.which("cat") or "/bin/cat") in ("EACCES", "EPERM")
    # A program that it wrote itself is none of those either.
    script = place.made / "own"
    script.write_bytes(b"#!/bin/sh\n")
    script.chmod(0o755)
    assert place.attempt("start", script) in ("EACCES", "EPERM")
    allowed = place.attempt("start", TRUE)
    assert allowed.startswith("done") if place.cage.programs else allowed == "EPERM"


def test_no_setting_is_seen(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFERRALS_DATABASE", "postgresql://clerk:secret@host/cases")
    assert place.attempt("settings") == "done: []"
    assert place.attempt("whole environment") == "EACCES"
    for deed in ("environment of the parent", "memory of the parent"):
        assert place.attempt(deed, number=os.getpid()) == "EACCES"


@pytest.mark.parametrize("deed", ["signal", "ask", "signal group", "limit the parent", "trace"])
def test_the_parent_is_out_of_reach(place: Place, deed: str) -> None:
    assert place.attempt(deed, number=os.getpid()) in ("EPERM", "ESRCH")


@pytest.mark.parametrize(
    "deed",
    ["outlive", "leave the session", "shared memory", "memory file", "new namespace"],
)
def test_nothing_that_would_slip_a_limit(place: Place, deed: str) -> None:
    assert place.attempt(deed) in ("EPERM", "ENOMEM")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has root to give up")
def test_root_is_given_up_for_good(place: Place) -> None:
    assert place.attempt("users") == f"done: {(walls.NOBODY, walls.NOBODY)}"
    assert place.attempt("root") == "EPERM"


def test_a_file_grows_no_larger_than_allowed(place: Place) -> None:
    assert place.attempt("big file", number=2**21) == "EFBIG"
    assert (place.made / "big").stat().st_size <= 2**20


def _grow(_: Deed) -> str:
    return str(len(bytearray(2**31)))


def _spin(_: Deed) -> str:
    while True:
        pass


def _raise_limits(_: Deed) -> str:
    kinds = (resource.RLIMIT_DATA, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE)
    said = []
    for kind in kinds:
        try:
            resource.setrlimit(kind, (2**50, 2**50))
            said.append("raised")
        except (ValueError, OSError):
            said.append("kept")
    return " ".join(said)


def test_memory_is_limited_by_the_kernel(place: Place) -> None:
    assert run_one(_grow, Deed(""), place.cage, failed=_failed) == "out-of-memory"
    assert run_one(_raise_limits, Deed(""), place.cage, failed=_failed) == "kept kept kept"


def test_the_processors_time_is_limited_by_the_kernel() -> None:
    number, connection = NURSERY.start(_spin, Cage(seconds=0.1), 1, all_walls=False)
    connection.recv_bytes()
    connection.send(Deed(""))
    with pytest.raises(EOFError):  # no clock but the kernel's runs here
        connection.recv_bytes()
    assert os.WTERMSIG(NURSERY.end(number)) == signal.SIGXCPU


class Bomb:
    """Pickles as a call of anything."""

    def __init__(self, *call: object) -> None:
        self.call = call

    def __reduce__(self) -> Any:
        return self.call[0], self.call[1:]


def _send_a_bomb(file: str) -> object:
    return Bomb(os.system, f"touch {file}")


def _send_an_object_that_acts(file: str) -> object:
    return Bomb(Path.touch, Path(file))


def _never_end(_: str) -> object:
    """Begin an answer of a megabyte in the place of the worker, and send no more of it."""
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, (2**20).to_bytes(4, "big") + b"x")
        except OSError:
            continue
    time.sleep(60)
    return None


@pytest.mark.parametrize("function", [_send_a_bomb, _send_an_object_that_acts])
def test_an_answer_runs_nothing_in_the_parent(
    function: Callable[[str], object], tmp_path: Path
) -> None:
    target = tmp_path / "ran"
    answer = run_one(function, str(target), Cage(seconds=20), failed=lambda _, code: code)
    assert answer == "reader-crashed"
    assert not target.exists()


def test_an_answer_that_never_ends_is_ended() -> None:
    answer = run_one(_never_end, "", Cage(seconds=0.2), failed=lambda _, code: code)
    assert answer in ("out-of-time", "reader-crashed")


def test_a_worker_cannot_hand_out_what_it_did_not_make(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    with outbox(tmp_path) as box:
        (box / "link").symlink_to(secret)
        os.mkfifo(box / "pipe")
        (box / "made").write_bytes(b"made")
        os.link(box / "made", box / "twice")
        for name in ("link", "pipe", "made", "none"):
            with pytest.raises(CageError):
                take(box / name, box, tmp_path / "taken")
        with pytest.raises(CageError):
            take(secret, box, tmp_path / "taken")
        (box / "twice").unlink()
        take(box / "made", box, tmp_path / "taken")
    assert (tmp_path / "taken").read_bytes() == b"made"
    assert (tmp_path / "taken").stat().st_uid == os.geteuid()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret", "taken"]


WITHOUT_LANDLOCK = """
import sys
from stamping.cage import Cage, CageError, run_one, standing_walls, system_calls as calls
one = calls._one
refuse = [one(0x20, 0), one(0x35, 447, 2, 0), one(0x35, 444, 0, 1), one(0x06, 0x50000 | 38)]
calls.gain_nothing()
calls.install(b"".join([*refuse, one(0x06, 0x7FFF0000)]))
print(*(wall.name for wall in standing_walls() if not wall.stands), sep=",")
try:
    print(run_one(len, "four", Cage(), failed=lambda task, code: code))
except CageError as error:
    print(error)
"""


@pytest.mark.parametrize("setting", ["", "required"])
def test_a_machine_without_landlock_says_so_and_stops_where_it_is_required(setting: str) -> None:
    said = subprocess.run(
        [sys.executable, "-c", WITHOUT_LANDLOCK],
        env={**os.environ, "REFERRALS_CAGE": setting},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert said[0] == ("files,user" if os.geteuid() == 0 else "files")
    if setting:
        assert "files: this kernel has no Landlock" in said[1]
    else:
        assert said[1] == "4"


STARTER = """
import os, sys
from stamping.cage import Cage, run_all
from tests.stamping.test_cage import linger
run_all(linger, [sys.argv[1]] * 2, Cage(folder=__import__("pathlib").Path(sys.argv[1])),
        failed=lambda task, code: code, workers=2)
"""


def linger(folder: str) -> None:
    """Say which process this is, and stay, deaf to what can be refused."""
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGPIPE):
        signal.signal(number, signal.SIG_IGN)
    Path(folder, str(os.getpid())).touch()
    while True:
        time.sleep(60)


def test_workers_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    popen = subprocess.Popen([sys.executable, "-c", STARTER, str(tmp_path)])
    while len(workers := [int(path.name) for path in tmp_path.iterdir()]) < 2:
        assert popen.poll() is None
        time.sleep(0.01)
    popen.kill()
    popen.wait()
    for _ in range(1000):
        alive = [number for number in workers if _runs(number)]
        if not alive:
            return
        time.sleep(0.01)
    pytest.fail(f"workers outlive their parent: {alive}")


def _runs(number: int) -> bool:
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def test_threads_may_share_the_nursery() -> None:
    found: list[str] = []

    def work(number: int) -> None:
        found.extend(run_all(str, [number, number], Cage(), failed=lambda _, code: code, workers=2))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == sorted(str(number) for number in range(4) for _ in range(2))
