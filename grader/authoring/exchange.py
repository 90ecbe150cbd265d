"""A homework as one file, to hand from one course to another.

A zip: `homework.json` says what it is (licence, authors, versions, the SHA-256 of every file); the
public part is what students get; `hidden` is the rest, encrypted with a passphrase: the solution,
hidden checks, rubrics. The key comes from the passphrase by scrypt (RFC 7914). The cipher is
AES-256 in Galois/Counter mode, which authenticates `homework.json` and with its hashes the public
part too: whoever has the passphrase learns of any change. Without it, only damage is found.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import json
import os
import re
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

import matplotlib
import numpy as np
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from pydantic import BaseModel, ConfigDict, ValidationError

import grader
from grader._internal.zips import zip_files
from grader.authoring.new import problem_with
from grader.authoring.placing import place
from grader.authoring.release.kit import dataset_files, homework_files, refuse_shared_code
from grader.course.assignment import SPEC_NAME
from grader.course.course import Course
from grader.errors import UsageError

MANIFEST, HIDDEN = "homework.json", "hidden"
MAX_FILES, MAX_BYTES = 500, 64 << 20
MIN_PASSPHRASE = 12  # characters
_SCRYPT = {"length": 32, "n": 1 << 15, "r": 8, "p": 1}  # 32 MB of memory and 0.1 s
_PATH = re.compile(r"(assignments|solutions|datasets)(/[A-Za-z0-9_][\w .+()-]{0,99}){2,5}")


class ExchangeInfo(BaseModel):
    """`homework.json`. files: those of the public part, each with its SHA-256.

    salt, nonce: of the hidden part, in base64. Unknown keys, as a later version may write them, are
    refused: they would not be understood.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    name: str
    title: str
    licence: str
    authors: tuple[str, ...]
    grader: str
    packages: dict[str, str]
    files: dict[str, str]
    salt: str
    nonce: str

    def to_json(self) -> bytes:
        return (self.model_dump_json(indent=2) + "\n").encode()


@dataclass(frozen=True)
class SharedHomework:
    """A homework as it came. files: by their paths; those for staff only if it was `opened`."""

    info: ExchangeInfo
    files: Mapping[str, bytes]
    opened: bool


def share(
    course: Course, name: str, *, licence: str, authors: Sequence[str], passphrase: str
) -> bytes:
    """The file that hands a homework on. Raises UsageError for what cannot be shared."""
    if len(passphrase) < MIN_PASSPHRASE:
        raise UsageError(
            f"the passphrase has {len(passphrase)} characters; choose at least {MIN_PASSPHRASE}, "
            "such as four words, because whoever has the file can try them all"
        )
    if not licence.strip() or not any(author.strip() for author in authors):
        raise UsageError("a homework is shared under a licence, by somebody; name both")
    assignment = course.assignment(name)
    public = _public(course, name)
    refuse_shared_code(course, [assignment], public)
    assert assignment.solution is not None  # homework_files has seen it
    hidden = {
        path.relative_to(course.root).as_posix(): path.read_bytes()
        for path in sorted(assignment.solution.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts and path.name[:1] != "."
    }
    for own in (SPEC_NAME, "README.md"):  # with rubrics, and with the proofs in its comments
        hidden[f"assignments/{name}/{own}"] = (assignment.folder / own).read_bytes()
    for path in (*public, *hidden):
        _refuse_path(path, name)
    salt, nonce = os.urandom(16), os.urandom(12)
    info = ExchangeInfo(
        name=name,
        title=assignment.spec.title,
        licence=licence.strip(),
        authors=tuple(author.strip() for author in authors if author.strip()),
        grader=grader.__version__,
        packages=_versions(),
        files=_hashes(public),
        salt=base64.b64encode(salt).decode(),
        nonce=base64.b64encode(nonce).decode(),
    )
    plain = json.dumps(
        {path: base64.b64encode(data).decode() for path, data in sorted(hidden.items())}
    )
    sealed = AESGCM(_key(passphrase, salt)).encrypt(nonce, plain.encode(), info.to_json())
    files = {MANIFEST: info.to_json(), HIDDEN: sealed, **public}
    if len(files) > MAX_FILES or sum(map(len, files.values())) > MAX_BYTES:
        raise UsageError(
            f"{name} has {len(files)} files and {sum(map(len, files.values())) >> 20} MB; at most "
            f"{MAX_FILES} files and {MAX_BYTES >> 20} MB are shared; leave data out"
        )
    return zip_files(files)


def _public(course: Course, name: str) -> dict[str, bytes]:
    """What students get of a homework, without what is made of it for them."""
    assignment = course.assignment(name)
    made = {f"assignments/{name}/{name}.ipynb"}
    made |= {f"assignments/{name}/{file}" for file in assignment.data}
    files = {
        path: data
        for path, data in homework_files(course, assignment)
        if path not in made and path.startswith("assignments/")
    }
    return files | dataset_files(course, [assignment])


def _versions() -> dict[str, str]:
    python = ".".join(map(str, sys.version_info[:2]))
    return {"python": python, "numpy": np.__version__, "matplotlib": matplotlib.__version__}


def _hashes(files: Mapping[str, bytes]) -> dict[str, str]:
    return {path: hashlib.sha256(data).hexdigest() for path, data in sorted(files.items())}


def _key(passphrase: str, salt: bytes) -> bytes:
    derived: bytes = Scrypt(salt=salt, **_SCRYPT).derive(passphrase.encode())
    return derived


def open_shared(data: bytes, passphrase: str | None) -> SharedHomework:
    """Read a shared homework. passphrase: None for the public part alone.

    Raises UsageError for a file that is none, was damaged or changed, or names what it must not,
    and for a wrong passphrase.
    """
    files = _read(data)
    told = files.pop(MANIFEST, b"")
    sealed = files.pop(HIDDEN, b"")
    try:
        info = ExchangeInfo.model_validate_json(told)
        salt, nonce = (base64.b64decode(each, validate=True) for each in (info.salt, info.nonce))
    except (ValidationError, binascii.Error):
        raise UsageError(
            f"its {MANIFEST} is missing or not understood; ask for a file that `share` of this "
            "version has made"
        ) from None
    problem = problem_with(info.name)
    if problem is not None:
        raise UsageError(f"the homework's name {info.name[:60]!r} {problem}; do not add it")
    changed = sorted(dict(_hashes(files).items() ^ info.files.items()))
    if changed:
        raise UsageError(
            f"{changed[0][:80]!r} is not as it was shared: it was changed, added or lost; ask for "
            "the file again"
        )
    for path in files:
        _refuse_path(path, info.name, staff=False)
    if passphrase is None:
        return SharedHomework(info, files, opened=False)
    hidden = _unsealed(sealed, passphrase, salt, nonce, told)
    for path in hidden:
        _refuse_path(path, info.name)
    return SharedHomework(info, {**files, **hidden}, opened=True)


def _unsealed(
    sealed: bytes, passphrase: str, salt: bytes, nonce: bytes, told: bytes
) -> dict[str, bytes]:
    try:
        plain = AESGCM(_key(passphrase, salt)).decrypt(nonce, sealed, told)
        read = json.loads(plain)
        return {str(path): base64.b64decode(text, validate=True) for path, text in read.items()}
    except (InvalidTag, ValueError):
        raise UsageError(
            "the passphrase is wrong, or the file was changed after it was shared; ask for both "
            "again"
        ) from None


def _read(data: bytes) -> dict[str, bytes]:
    """The files of the zip, each once, no more than a homework may hold."""
    files: dict[str, bytes] = {}
    left = MAX_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_FILES:
                raise UsageError(f"it holds {len(entries)} files; at most {MAX_FILES} are read")
            for entry in entries:
                if entry.filename in files or entry.compress_type not in (0, 8):
                    raise UsageError(
                        f"{entry.filename[:80]!r} stands there twice or is packed oddly"
                    )
                with archive.open(entry) as file:
                    read = file.read(left + 1)
                left -= len(read)
                if left < 0:
                    raise UsageError(f"it holds more than {MAX_BYTES >> 20} MB; do not add it")
                files[entry.filename] = read
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ):
        raise UsageError("it is no zip, or damaged; ask for the file again") from None
    return files


def _refuse_path(path: str, name: str, *, staff: bool = True) -> None:
    """Raises UsageError for a path that a homework of this name may not write."""
    parts = PurePosixPath(path).parts
    own = parts[:2] in (("assignments", name), ("solutions", name)) or parts[:1] == ("datasets",)
    if not _PATH.fullmatch(path) or not own or (not staff and parts[0] == "solutions"):
        raise UsageError(
            f"the file name {path[:80]!r} is not one that a homework may have; rename it and share "
            "the homework again"
        )


def add(root: Path, shared: SharedHomework) -> list[str]:
    """Put a shared homework into the course at `root`; what of its data was there already.

    Raises UsageError, before anything is changed, if the homework exists or data of that name
    are others.
    """
    name = shared.info.name
    for part in ("assignments", "solutions"):
        if (root / part / name).exists():
            raise UsageError(f"{root / part / name} already exists; remove it, or keep yours")
    sets = sorted(
        {"/".join(path.split("/")[:2]) for path in shared.files if path[:9] == "datasets/"}
    )
    there = [folder for folder in sets if (root / folder).exists()]
    for path, data in shared.files.items():
        if path.startswith(tuple(f"{folder}/" for folder in there)):
            _refuse_other_data(root / path, data)
    with tempfile.TemporaryDirectory(prefix=".adding-", dir=root) as folder:
        stage = Path(folder)
        for path, data in shared.files.items():
            target = stage / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        new = [each for each in sets if each not in there]
        place(stage, root, [f"assignments/{name}", f"solutions/{name}", *new])
    return there


def _refuse_other_data(path: Path, data: bytes) -> None:
    """Raises UsageError where a file of data is another here. Pages about the data may differ."""
    if path.name in ("README.md", "SHA256SUMS"):
        return
    if not path.is_file() or path.read_bytes() != data:
        raise UsageError(
            f"{path} is missing or another file here, and the homework needs its own; rename your "
            f"folder {path.parent.name}"
        )


def other_versions(info: ExchangeInfo) -> list[str]:
    """What is installed in another version than where a homework was shared, a line each."""
    here = {**_versions(), "grader": grader.__version__}
    there = {**info.packages, "grader": info.grader}
    return [
        f"it was shared with {package} {version}; here it is {here.get(package, 'not installed')}"
        for package, version in there.items()
        if version.split(".")[:2] != here.get(package, "").split(".")[:2]
    ]
