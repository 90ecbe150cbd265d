"""Makes Python on Linux as poor as it is on Windows, for every process that a test starts.

Python imports a module of this name at its start, where it finds one. What Windows has not is
taken away: modules, and functions of the modules that are left. subprocess itself needs some of
them here, and keeps its own.
"""

import importlib.abc
import os  # subprocess first: it takes what it needs
import select
import signal
import socket
import subprocess
import sys

MODULES = {
    *("fcntl", "resource", "termios", "tty", "pty", "pwd", "grp", "syslog", "readline"),
    *("grader.sandbox.host.fork_server", "grader.sandbox.host.probe"),
    *("grader.sandbox.host.survey", "grader.sandbox.host.zygote_link"),
    *("grader.sandbox.linux.diagnosis",),
    *("grader.sandbox.linux.jail", "grader.sandbox.linux.landlock"),
    *("grader.sandbox.linux.memory_watch", "grader.sandbox.linux.seccomp"),
    *("grader.sandbox.linux.syscalls", "grader.sandbox.linux.visible"),
    *("grader.sandbox.linux.warm_up", "grader.sandbox.linux.zygote"),
}
MISSING = {
    os: (
        *("fork", "wait", "wait3", "wait4", "killpg", "setsid"),
        *("set_blocking", "getpgid", "getloadavg", "chroot"),
        *("memfd_create", "pidfd_open", "register_at_fork"),
    ),
    select: ("poll", "epoll"),
    signal: ("SIGALRM", "setitimer", "ITIMER_REAL", "SIGHUP", "pthread_sigmask", "sigwait"),
    socket: ("AF_UNIX", "recv_fds", "send_fds", "sethostname"),
}


class _Blocked(importlib.abc.MetaPathFinder):
    def find_spec(self, fullname, path=None, target=None):
        if fullname in MODULES:
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)
        return


def _portable_popen(popen):
    """Popen as on Windows, where nothing but the standard streams can be handed down."""

    class Popen(popen):
        def __init__(self, *args, pass_fds=(), **options):
            assert not pass_fds, "Windows hands no descriptors down"
            super().__init__(*args, **options)

    return Popen


for _module, _names in MISSING.items():
    for _name in _names:
        if hasattr(_module, _name):
            delattr(_module, _name)
for _name in MODULES:
    sys.modules.pop(_name, None)
sys.meta_path.insert(0, _Blocked())
subprocess.Popen = _portable_popen(subprocess.Popen)
