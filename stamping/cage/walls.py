"""The walls of a cage, put up from within, each as far as the machine has it.

In: a `Cage`, in a fresh process that has loaded what it needs and read nothing yet.
Out: its `Wall`s. Whoever put them up cannot take them down again. A wall that does
not stand takes no other with it.
"""

from __future__ import annotations

import contextlib
import math
import os
import resource
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import landlockpy
from landlockpy import AccessFS, RestrictFlag, Ruleset, Scope

from stamping.cage import system_calls
from stamping.cage.values import Cage, Wall

FILES, NETWORK, PROGRAMS, PROCESSES = "files", "network", "programs", "other processes"
USER, LIMITS, PARENT = "user", "limits", "parent"
"""The names of the walls, in the order in which they are told."""

NOBODY = 65534
"""The user and the group without rights, by the custom of Linux."""

_MOST_PROCESSES = 64
_MOST_OPEN_FILES = 1024
_LIBRARIES = (
    *("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib"),
    *("/usr/share", "/usr/local/share", "/var/cache/fontconfig", "/etc/fonts"),
    *(
        "/etc/ld.so.cache",
        "/etc/localtime",
        "/etc/mime.types",
        "/dev/urandom",
        "/dev/random",
        "/dev/zero",
    ),
)
"""What programs of the machine need: code, fonts, tables of languages. No data of users."""

_LOADERS = ("/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1")
_READ = AccessFS.READ_FILE | AccessFS.READ_DIR
_WRITE = (
    _READ
    | AccessFS.WRITE_FILE
    | AccessFS.TRUNCATE
    | AccessFS.MAKE_REG
    | AccessFS.MAKE_DIR
    | AccessFS.REMOVE_FILE
    | AccessFS.REMOVE_DIR
    | AccessFS.REFER
)
_OF_A_FILE = AccessFS.READ_FILE | AccessFS.WRITE_FILE | AccessFS.TRUNCATE | AccessFS.EXECUTE


def put_up(cage: Cage, parent: int, tasks: int) -> tuple[Wall, ...]:
    """Put up the walls of `cage` around this process, whose parent has the number `parent`.

    `tasks` is how many tasks may come, for the limit of the processor's time.

    Raises:
        OSError: a limit cannot be set, or the parent is gone already.
    """
    limits = _limit(cage, tasks)
    if cage.folder is not None:
        os.environ["TMPDIR"] = os.environ["HOME"] = str(cage.folder)
        tempfile.tempdir = None
    linux = sys.platform == "linux"
    if linux:
        system_calls.gain_nothing()
    files = _tried(FILES, lambda: _files(cage))
    user = _tried(USER, lambda: _user(cage, walled=files.stands))
    bound = _tried(PARENT, lambda: _parent(parent))
    refused = _tried(PROCESSES, lambda: _calls(cage))
    return (
        files,
        Wall(NETWORK, refused.stands, refused.words),
        Wall(PROGRAMS, refused.stands or (files.stands and bool(cage.programs)), refused.words),
        _processes(cage, refused, files),
        user,
        limits,
        bound,
    )


def allow_time(seconds: float) -> None:
    """Let this process use the processor for so many seconds from now on, but no longer."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    wanted = math.ceil(used.ru_utime + used.ru_stime + seconds) + 1
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    if most != resource.RLIM_INFINITY:
        wanted = min(wanted, most)
    resource.setrlimit(resource.RLIMIT_CPU, (wanted, most))


def _tried(name: str, build: Callable[[], str]) -> Wall:
    """Return the wall that `build` puts up, or why it does not stand."""
    if sys.platform != "linux":
        return Wall(name, stands=False, words="only Linux has it")
    try:
        return Wall(name, stands=True, words=build())
    except landlockpy.UnsupportedError:
        return Wall(name, stands=False, words="this kernel has no Landlock (5.13 or newer)")
    except (OSError, NotImplementedError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        return Wall(name, stands=False, words=(reason or "it was refused").lower())


def _limit(cage: Cage, tasks: int) -> Wall:
    """Limit memory, time, sizes and numbers, none above what this process had."""
    processor = math.ceil(cage.seconds * max(tasks, 1)) + 2
    for kind, most in (
        (resource.RLIMIT_CORE, 0),
        # What is allocated counts, not files that are mapped: a large scan is not an offence.
        (resource.RLIMIT_DATA, cage.memory_bytes),
        (resource.RLIMIT_FSIZE, cage.file_bytes),
        (resource.RLIMIT_CPU, processor),
        (resource.RLIMIT_NOFILE, _MOST_OPEN_FILES),
    ):
        _lower(kind, int(most))
    if cage.programs and sys.platform == "linux":
        _lower(resource.RLIMIT_NPROC, _running() + _MOST_PROCESSES)
    return Wall(LIMITS, stands=True, words="memory, processor time and file size, by the kernel")


def _lower(kind: int, wanted: int) -> None:
    soft, hard = resource.getrlimit(kind)
    bounds = [value for value in (soft, hard) if value != resource.RLIM_INFINITY]
    most = min([wanted, *bounds])
    resource.setrlimit(kind, (most, most))


def _running() -> int:
    """Return how many threads run now: those of one user are no more."""
    return int(Path("/proc/loadavg").read_text("ascii").split()[3].partition("/")[2])


def _files(cage: Cage) -> str:
    """Withhold all files but those of the cage (Landlock)."""
    with Ruleset(scoped=Scope.ABSTRACT_UNIX_SOCKET | Scope.SIGNAL) as rules:
        for path in (*_of_python(), *map(Path, _LIBRARIES), *cage.reads):
            _allow(rules, path, _READ)
        _allow(rules, Path(os.devnull), _READ | AccessFS.WRITE_FILE)
        if cage.folder is not None:
            links = AccessFS.MAKE_SYM if cage.programs else AccessFS.NONE
            _allow(rules, cage.folder, _WRITE | links)
        if cage.programs:
            _allow(rules, Path(sysconfig.get_config_var("LIBDIR") or "/usr/lib"), _READ)
            for program in (*cage.programs, *map(Path, _LOADERS)):
                _allow(rules, program, AccessFS.READ_FILE | AccessFS.EXECUTE)
        # The log of a machine is not a place for what every hostile file tries.
        rules.restrict(RestrictFlag.LOG_SAME_EXEC_OFF)
        return f"Landlock, version {rules.abi_version}"


def _allow(rules: Ruleset, path: Path, access: AccessFS) -> None:
    """Allow `access` below `path`; what is not there needs no leave."""
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        rules.allow_path(path, access if path.is_dir() else access & _OF_A_FILE)


@cache
def _of_python() -> tuple[Path, ...]:
    """Return the folders of Python's own modules and the packages on its path.

    A folder that is on the path for its packages may hold anything else: of such a folder,
    only packages and modules are read.
    """
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    whole = {Path(sysconfig.get_path(name)) for name in names}
    found = [*sorted(whole), Path(sys.prefix) / "pyvenv.cfg"]
    for entry in map(Path, filter(None, sys.path)):
        if any(entry.is_relative_to(each) for each in whole):
            continue
        if entry.name in ("site-packages", "dist-packages") or not entry.is_dir():
            found.append(entry)
        else:
            found += _importable(entry)
    return tuple(found)


def _importable(folder: Path) -> Iterable[Path]:
    for path in folder.iterdir():
        if path.suffix in (".py", ".so") or (path / "__init__.py").is_file():
            yield path


def _user(cage: Cage, *, walled: bool) -> str:
    """Give up root, and every capability but that of reading what the cage allows.

    Files of the office are root's alone where it works as root. Behind the wall of files
    the right to read them all is the right to read those of the cage. Without that wall
    the process stays root by name, and has no capability.
    """
    held = system_calls.held_capabilities()
    if os.geteuid() != 0:
        if held:
            system_calls.keep_capabilities(0, for_programs=False)
        return "an ordinary user"
    bits = (system_calls.SEARCH_AND_READ, system_calls.OVERRIDE_ACCESS)
    kept = next((1 << bit for bit in bits if held >> bit & 1), 0) if walled else 0
    if not kept:
        system_calls.keep_capabilities(0, for_programs=False)
        raise NotImplementedError("root without its capabilities: the wall of files is wanting")
    try:
        if cage.folder is not None:
            os.chown(cage.folder, NOBODY, NOBODY)
        system_calls.keep_over_change_of_user()
        system_calls.bound_capabilities(kept)
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    except OSError:
        if cage.folder is not None:
            with contextlib.suppress(OSError):
                os.chown(cage.folder, os.geteuid(), os.getegid())
        system_calls.keep_capabilities(0, for_programs=False)
        raise
    system_calls.keep_capabilities(kept, for_programs=bool(cage.programs))
    return "root is given up"


def _parent(parent: int) -> str:
    system_calls.die_with_parent()
    # It may have ended before the kernel was asked.
    if os.getppid() != parent:
        raise ProcessLookupError(0, "the parent is gone")
    return "killed by the kernel when its parent ends"


def _calls(cage: Cage) -> str:
    if not system_calls.has_filter_table():
        raise NotImplementedError("no list of system calls for this kind of processor")
    system_calls.refuse_system_calls(programs=bool(cage.programs))
    return "seccomp"


def _processes(cage: Cage, refused: Wall, files: Wall) -> Wall:
    """Signals are walled by the filter; where programs may be started, by Landlock 6."""
    if not cage.programs:
        return refused
    scoped = files.stands and landlockpy.abi_version() >= 6
    words = refused.words if scoped else "Landlock 6 (Linux 6.12) is wanting"
    return Wall(PROCESSES, refused.stands and scoped, words)
