"""The calls of Linux that Python does not offer: prctl, capabilities, a seccomp filter.

In: plain numbers. Out: nothing, or OSError as the kernel gives it. Each call binds the
calling thread and what it starts later; a process calls them while it has one thread.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import signal
import struct
import sys
from functools import cache

# linux/prctl.h
_SET_DEATH_SIGNAL = 1
_SET_SECCOMP = 22
_DROP_BOUND = 24
_SET_SECURE_BITS = 28
_SET_NO_NEW_PRIVILEGES = 38
_AMBIENT, _AMBIENT_RAISE = 47, 2
_SECCOMP_FILTER = 2

# linux/capability.h
OVERRIDE_ACCESS = 1
SEARCH_AND_READ = 2
_NO_SET_USER_FIX_UP = 1 << 2
_CAPABILITIES_VERSION = 0x20080522

# linux/seccomp.h, linux/filter.h, linux/audit.h
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER_AT, _MACHINE_AT, _ARGUMENTS_AT = 0, 4, 16
_X32_BIT = 0x40000000
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}

_NETWORK = {
    "socket": (41, 198),
    "socketpair": (53, 199),
    "connect": (42, 203),
    "bind": (49, 200),
    "listen": (50, 201),
    "accept": (43, 202),
    "accept4": (288, 242),
}
_NEW_PROGRAMS = {
    "execve": (59, 221),
    "execveat": (322, 281),
    "fork": (57, None),
    "vfork": (58, None),
}
# What reaches into other processes, past the files that were opened, or into the system.
_NEVER = {
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "kcmp": (312, 272),
    "pidfd_getfd": (438, 438),
    "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "setsid": (112, 157),
    "setpgid": (109, 154),
    "setpriority": (141, 140),
    "ioprio_set": (251, 30),
    "sched_setscheduler": (144, 119),
    "sched_setparam": (142, 118),
    "sched_setattr": (314, 274),
    "sched_setaffinity": (203, 122),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "inotify_init": (253, None),
    "inotify_init1": (294, 26),
    "fanotify_init": (300, 262),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "unshare": (272, 97),
    "setns": (308, 268),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "kexec_load": (246, 104),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "acct": (163, 89),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "adjtimex": (159, 171),
    "personality": (135, 92),
    "syslog": (103, 116),
}
_KILL_ONE, _KILL_THREAD = (62, 129), (234, 131)
_PIDFD_OPEN, _PIDFD_SIGNAL = (434, 434), (424, 424)
_CLONE, _CLONE3 = (56, 220), (435, 435)
_MAP, _LIMIT, _PROCESS_CONTROL = (9, 222), (302, 261), (157, 167)
_CLONE_THREAD = 0x00010000
_MAP_SHARED, _MAP_ANONYMOUS = 0x01, 0x20


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _prctl(option: int, *values: object) -> None:
    longs = [
        ctypes.c_ulong(value) if isinstance(value, int) else value  # else a pointer
        for value in (*values, 0, 0, 0, 0)[:4]
    ]
    if _libc().prctl(ctypes.c_int(option), *longs):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def die_with_parent() -> None:
    """Ask the kernel to kill this process when the thread that forked it ends.

    A change of user undoes it, so it is asked for after that.
    """
    _prctl(_SET_DEATH_SIGNAL, int(signal.SIGKILL))


def gain_nothing() -> None:
    """Gain no right from a program that is started, for good."""
    _prctl(_SET_NO_NEW_PRIVILEGES, 1)


def held_capabilities() -> int:
    """Return the capabilities that this process may use, a bit for each."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES_VERSION, 0)
    sets = (ctypes.c_uint32 * 6)()
    if _libc().capget(header, sets):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return int(sets[1]) | int(sets[4]) << 32


def keep_capabilities(kept: int, *, for_programs: bool) -> None:
    """Give up all capabilities but those of the bits in `kept`; programs may inherit them."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES_VERSION, 0)
    low, high = kept & 0xFFFFFFFF, kept >> 32
    sets = (ctypes.c_uint32 * 6)(low, low, low, high, high, high)
    if _libc().capset(header, sets):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    if for_programs:
        for bit in range(64):
            if kept >> bit & 1:
                _prctl(_AMBIENT, _AMBIENT_RAISE, bit)


def bound_capabilities(kept: int) -> None:
    """Let no program that is started have more capabilities than those in `kept`."""
    for bit in range(64):
        if not kept >> bit & 1:
            try:
                _prctl(_DROP_BOUND, bit)
            except OSError as error:
                if error.errno == errno.EINVAL:  # the kernel knows no more of them
                    return
                raise


def keep_over_change_of_user() -> None:
    """Keep the capabilities when this process becomes another user's.

    It also makes access(2), which libraries ask before they open, count them.
    """
    _prctl(_SET_SECURE_BITS, _NO_SET_USER_FIX_UP)


def has_filter_table() -> bool:
    """Whether the numbers of this machine's system calls are known here."""
    return sys.platform == "linux" and platform.machine() in _MACHINES and sys.maxsize > 2**32


def refuse_system_calls(*, programs: bool) -> None:
    """Refuse for good what `_NETWORK`, `_NEVER` and, without `programs`, what new processes need.

    Signals reach this process alone, memory that counts for no process is refused, and so
    is a change of the death signal. With `programs`, processes may be started and signals
    are left to other walls.

    Raises:
        OSError: the kernel takes no filter.
    """
    install(_filter(programs=programs))


def install(written: bytes) -> None:
    """Bind this process to a filter of system calls, in classic BPF, besides those it has.

    Raises:
        OSError: the kernel takes no filter.
    """
    buffer = ctypes.create_string_buffer(written, len(written))

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]

    program = Program(len(written) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    _prctl(_SET_SECCOMP, _SECCOMP_FILTER, ctypes.byref(program))


def _filter(*, programs: bool) -> bytes:
    """Return the filter as classic BPF; each block leaves the call's number loaded."""
    column, machine = _MACHINES[platform.machine()]
    refused = _REFUSE | errno.EPERM
    own = os.getpid()

    def when(call: tuple[int, int | None], *body: bytes) -> bytes:
        number = call[column]
        return b"" if number is None else _one(_EQUAL, number, 0, len(body)) + b"".join(body)

    def unless_argument(place: int, value: int) -> tuple[bytes, ...]:
        return (
            _one(_LOAD, _ARGUMENTS_AT + 8 * place),
            _one(_EQUAL, value, 0, 1),
            _one(_RETURN, _ALLOW),
            _one(_RETURN, refused),
        )

    calls = {**_NETWORK, **_NEVER, **({} if programs else _NEW_PROGRAMS)}
    blocks = [
        _one(_LOAD, _MACHINE_AT),
        _one(_EQUAL, machine, 1, 0),
        _one(_RETURN, _KILL),
        _one(_LOAD, _NUMBER_AT),
        _one(_AT_LEAST, _X32_BIT, 0, 1),
        _one(_RETURN, refused),
        *(when(call, _one(_RETURN, refused)) for call in calls.values()),
        # The C library takes the older call, whose flags a filter can read.
        when(_CLONE3, _one(_RETURN, _REFUSE | errno.ENOSYS)),
        when(
            _MAP,
            _one(_LOAD, _ARGUMENTS_AT + 8 * 3),
            _one(_ANY_BIT, _MAP_ANONYMOUS, 0, 2),
            _one(_ANY_BIT, _MAP_SHARED, 0, 1),
            _one(_RETURN, _REFUSE | errno.ENOMEM),
            _one(_RETURN, _ALLOW),
        ),
        when(
            _PROCESS_CONTROL,
            _one(_LOAD, _ARGUMENTS_AT),
            _one(_EQUAL, _SET_DEATH_SIGNAL, 0, 1),
            _one(_RETURN, refused),
            _one(_RETURN, _ALLOW),
        ),
        when(_LIMIT, *unless_argument(0, 0)),
    ]
    if not programs:
        blocks += [
            when(_KILL_ONE, *unless_argument(0, own)),
            when(_KILL_THREAD, *unless_argument(0, own)),
            when(_PIDFD_OPEN, _one(_RETURN, refused)),
            when(_PIDFD_SIGNAL, _one(_RETURN, refused)),
            when(
                _CLONE,
                _one(_LOAD, _ARGUMENTS_AT),
                _one(_ANY_BIT, _CLONE_THREAD, 0, 1),
                _one(_RETURN, _ALLOW),
                _one(_RETURN, refused),
            ),
        ]
    return b"".join([*blocks, _one(_RETURN, _ALLOW)])


def _one(code: int, value: int, if_so: int = 0, if_not: int = 0) -> bytes:
    """Return one instruction (struct sock_filter)."""
    return struct.pack("=HBBI", code, if_so, if_not, value)
