"""A wheel of this package, for the student kit: built from its source if that is here, else
packed from what is installed. It needs no network, and the bytes are the same each time.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import tempfile
from importlib.metadata import Distribution
from pathlib import Path

import grader
from grader._internal.install_hint import DISTRIBUTION, clone, install_hint, installed
from grader._internal.zips import unzip, zip_files
from grader.course.kit import STAFFS_PARTS
from grader.errors import UsageError

_INSTALLERS = frozenset({"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"})


def build_wheel() -> tuple[str, bytes]:
    """The wheel's file name and content.

    Raises UsageError if neither the source nor an unmodified installation is there.
    """
    root = clone()
    return _from_source(root) if root is not None else _from_installed()


def students_wheel(wheel: bytes) -> bytes:
    """The part of a wheel of this package that students need."""
    own = tuple(f"{grader.__name__}/{part}/" for part in STAFFS_PARTS)
    return _packed({name: data for name, data in unzip(wheel).items() if not name.startswith(own)})


def _from_source(root: Path) -> tuple[str, bytes]:
    try:
        from hatchling.build import build_wheel as build  # what pip itself would call
    except ImportError:
        raise UsageError(
            f"making a kit needs hatchling, which is not installed; run: {install_hint('staff')}"
        ) from None
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(root):
        name = build(folder)
        # Zipped again, so that times, modes and order are the same on every machine.
        return name, zip_files(unzip((Path(folder) / name).read_bytes()))


def _from_installed() -> tuple[str, bytes]:
    """The files that pip unpacked from a wheel, packed again."""
    found = installed()
    if found is None:
        raise UsageError(
            f"{DISTRIBUTION} is not installed, so no wheel can be made from it; "
            f"run: {install_hint()}"
        )
    tag = f"{DISTRIBUTION.replace('-', '_')}-{found.version}-py3-none-any.whl"
    return tag, _packed(_unpacked(found))


def _packed(files: dict[str, bytes]) -> bytes:
    """A wheel of these files, with a record of them."""
    folder = next(name.split("/")[0] for name in files if name.endswith(".dist-info/METADATA"))
    record = f"{folder}/RECORD"
    lines = [
        f"{name},sha256={_record_hash(data)},{len(data)}"
        for name, data in files.items()
        if name != record
    ]
    return zip_files({**files, record: "\n".join([*lines, f"{record},,", ""]).encode()})


def _unpacked(found: Distribution) -> dict[str, bytes]:
    """What came out of the wheel, without what pip added. Every file is as its record says."""
    files = {}
    for path in sorted(found.files or [], key=str):
        if path.suffix == ".pyc" or ".." in path.parts or path.name in _INSTALLERS:
            continue
        located = Path(str(path.locate()))
        data = located.read_bytes() if located.is_file() else b""
        if path.hash is None or _record_hash(data) != path.hash.value:
            raise UsageError(f"{located} has been changed since it was installed; install it again")
        files[path.as_posix()] = data
    if f"{grader.__name__}/__init__.py" not in files:
        raise UsageError(
            f"{grader.__name__} runs neither from a wheel nor from a source tree; install it"
        )
    return files


def _record_hash(data: bytes) -> str:
    """As a wheel's RECORD writes it."""
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
