"""Starts the process that becomes a zygote: its environment, and where it imports from."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import platformdirs

from grader.errors import SandboxUnavailable
from grader.sandbox.host.launch import WORKER_ENVIRONMENT
from grader.sandbox.protocol.packages import entries

# After the standard library, before any other copy of what this process has imported.
_BOOT = (
    "import sys\n"
    "at = [path.endswith('-packages') for path in [*sys.path, '-packages']].index(True)\n"
    "sys.path[at:at] = sys.argv[1].split(':')\n"
    "from grader.sandbox.linux.zygote import main\n"
    "main()\n"
)

_NEEDED = ("grader", "numpy", "matplotlib", "msgpack", "packaging")


def spawn(
    python: str, ctl_fd: int, cache: str, output_fd: int, packages: tuple[str, ...]
) -> subprocess.Popen[bytes]:
    """Start the keeper-to-be with an empty environment and nothing open but its socket."""
    environment = {
        **WORKER_ENVIRONMENT,
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "MPLCONFIGDIR": cache,
        "PYTHONDONTWRITEBYTECODE": "1",
        # Each further arena would reserve 64 MB of the address space that is limited.
        "MALLOC_ARENA_MAX": "2",
        # An array of some kB is not worth a mapping of its own, with new pages each time.
        "MALLOC_MMAP_THRESHOLD_": str(32 << 20),
        "MALLOC_TRIM_THRESHOLD_": str(64 << 20),
    }
    folders = {_parent_of(name) for name in _NEEDED}
    folders |= {str(entry.parent) for entry in (entries(packages) if packages else ())}
    command = [python, "-P", "-s", "-c", _BOOT, ":".join(sorted(folders)), str(ctl_fd)]
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=output_fd,
        stderr=output_fd,
        env=environment,
        cwd="/",
        pass_fds=[ctl_fd],
        start_new_session=True,
    )


def _parent_of(package: str) -> str:
    """The folder that a package lies in, found without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise SandboxUnavailable(f"{package} is not installed")
    return str(Path(spec.submodule_search_locations[0]).parent)


@contextlib.contextmanager
def font_cache() -> Iterator[str]:
    """A folder for matplotlib's list of fonts, kept between runs where there is a place for it."""
    with contextlib.ExitStack() as stack:
        folder = platformdirs.user_cache_path("grader") / "matplotlib"
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            yield str(folder)
        else:
            temporary = tempfile.TemporaryDirectory(prefix="grader-", ignore_cleanup_errors=True)
            yield stack.enter_context(temporary)
