"""Which files a process may open, decided by the kernel's Landlock: no privilege needed.

A ruleset handles every right that the running kernel knows, so that whatever no rule grants is
refused: reading, listing, writing, making, removing, connecting by TCP (version 4), signals and
abstract sockets to the outside (version 6). Landlock does not hide that a path exists (`stat`
works) and does not watch chmod, chown, utime, xattrs and, before version 3, truncate: the system
call filter refuses those where it matters. Rulesets stack: a process that applies two may do only
what both grant.
"""

from __future__ import annotations

import os
import stat
import struct
from collections.abc import Iterable

from grader.sandbox.linux import syscalls

_WRITE_FILE = 1 << 1
_READ_FILE = 1 << 2
_READ_DIR = 1 << 3
_REMOVE_DIR = 1 << 4
_REMOVE_FILE = 1 << 5
_MAKE_DIR = 1 << 7
_MAKE_FILE = 1 << 8
_TRUNCATE = 1 << 14
_FILE_RIGHTS = _WRITE_FILE | _READ_FILE | _TRUNCATE

READ = _READ_FILE | _READ_DIR
LIST = _READ_DIR
DEVICE = _READ_FILE | _WRITE_FILE
# No right to execute, and none to make devices, sockets, fifos or links.
OWN_FOLDER = READ | _WRITE_FILE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_FILE | _TRUNCATE

# How many file system rights each version of the interface knows.
_RIGHTS_BITS = {1: 13, 2: 14, 3: 15, 4: 15}
_RIGHTS_BITS_SINCE_5 = 16
_NETWORK_SINCE, _SCOPES_SINCE = 4, 6
_TCP_BIND_AND_CONNECT = 3
_ABSTRACT_SOCKETS_AND_SIGNALS = 3


def create(grants: Iterable[tuple[str, int]]) -> int:
    """A ruleset's descriptor with `grants`: pairs of a path and rights (READ, LIST, ...).

    A path that does not exist is left out. Raises OSError where Landlock is missing.
    """
    version = syscalls.landlock_version()
    rights = (1 << _RIGHTS_BITS.get(version, _RIGHTS_BITS_SINCE_5)) - 1
    attributes = struct.pack("=Q", rights)
    if version >= _NETWORK_SINCE:
        attributes += struct.pack("=Q", _TCP_BIND_AND_CONNECT)
    if version >= _SCOPES_SINCE:
        attributes += struct.pack("=Q", _ABSTRACT_SOCKETS_AND_SIGNALS)
    ruleset_fd = syscalls.landlock_create_ruleset(attributes)
    try:
        for path, granted in grants:
            _grant(ruleset_fd, path, granted & rights)
    except OSError:
        os.close(ruleset_fd)
        raise
    return ruleset_fd


def _grant(ruleset_fd: int, path: str, rights: int) -> None:
    try:
        path_fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, PermissionError):
        return
    try:
        if not stat.S_ISDIR(os.fstat(path_fd).st_mode):
            rights &= _FILE_RIGHTS
        syscalls.landlock_add_path(ruleset_fd, struct.pack("=Qi", rights, path_fd))
    finally:
        os.close(path_fd)
