"""A PostgreSQL server of the tests' own: in a temporary folder, on a Unix socket, never as root."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

USER = "grader"
# Nothing here has to survive a power cut.
QUICK = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


class NotHere(Exception):
    """This machine has no PostgreSQL server to start; the message says what is missing."""


def programs() -> Path:
    """The folder of initdb and pg_ctl, of the newest version installed. Raises NotHere."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path is None:
        raise NotHere("PostgreSQL is not installed: no initdb in /usr/lib/postgresql/*/bin")
    return Path(on_path).resolve().parent


def account() -> pwd.struct_passwd | None:
    """Whom to run the server as: None for ourselves. It refuses to run as root. Raises NotHere."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise NotHere("we are root and there is no user `postgres` or `nobody` to run the server as")


@contextlib.contextmanager
def server() -> Iterator[str]:
    """A running server's URL. Raises NotHere."""
    bin_, owner = programs(), account()
    # A socket's path is at most some 100 bytes long, so that pytest's own folders are too deep.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        if owner is not None:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        data = folder / "data"
        _run([bin_ / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "-N",
              "--locale=C"], owner)  # fmt: skip
        options = f"-k {folder} -c listen_addresses='' {QUICK}"
        control = [bin_ / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]
        _run([*control, "-o", options, "start"], owner)
        try:
            yield f"postgresql://{USER}@/postgres?host={folder}"
        finally:
            _run([*control, "-m", "immediate", "stop"], owner)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def away(url: str) -> Iterator[None]:
    """The server of this URL is stopped for as long as the block lasts."""
    data = Path(url.partition("host=")[2]) / "data"
    control, owner = [programs() / "pg_ctl", "-D", data, "-w", "-l", data.parent / "log"], account()
    _run([*control, "-m", "fast", "stop"], owner)
    try:
        yield
    finally:
        _run([*control, "-o", f"-k {data.parent} -c listen_addresses='' {QUICK}", "start"], owner)


def _run(command: Sequence[str | Path], owner: pwd.struct_passwd | None) -> None:
    done = subprocess.run(
        [str(word) for word in command],
        user=None if owner is None else owner.pw_uid,
        group=None if owner is None else owner.pw_gid,
        extra_groups=None if owner is None else [],
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    if done.returncode:
        raise NotHere(f"{Path(command[0]).name} failed: {(done.stderr or done.stdout)[-500:]}")
