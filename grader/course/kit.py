"""The student kit: what its `.kit/kit.json` says, where its parts are, whether it is complete.

README.md  pyproject.toml
homework_grader-<version>-py3-none-any.whl
constraints.txt           the exact versions of everything that the wheel needs
assignments/<name>/       the handout, the starters (module and notebook), checks, data
datasets/<folder>/        the data with their origin
.kit/kit.json             what was released: its version, and the hash of every file
.kit/starters/<name>/     each starter as it was handed out
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

import grader
from grader.course.assignment import STARTERS

KIT_FILE = ".kit/kit.json"
CONSTRAINTS = "constraints.txt"
# What students' commands, checks and pages never import: without it a kit is half as large.
STAFFS_PARTS = ("analytics", "authoring", "batch", "benchmark", "gradebook", "lms", "server")


class KitInfo(BaseModel):
    """`.kit/kit.json`. Unknown keys, as a later version may write them, are ignored.

    version: SHA-256 over the names and hashes of all other files. wheel: its path in the kit.
    grader_sha256: of the source in it. files: path to SHA-256, all but this one.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    format: Literal[1] = 1
    course: str
    version: str
    grader: str
    grader_sha256: str
    wheel: str
    files: dict[str, str]

    def to_json(self) -> bytes:
        return (self.model_dump_json(indent=2) + "\n").encode()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def hashes_of(files: Mapping[str, bytes]) -> dict[str, str]:
    """The SHA-256 of each file but kit.json, in the order of their names."""
    return {path: sha256(data) for path, data in sorted(files.items()) if path != KIT_FILE}


def version_of(hashes: Mapping[str, str]) -> str:
    """The version of a kit with these files."""
    return sha256("".join(f"{path}\0{hash}\n" for path, hash in sorted(hashes.items())).encode())


def source_digest(sources: Mapping[str, bytes]) -> str:
    """SHA-256 over the package's modules, by their paths from the package's folder."""
    digest = hashlib.sha256()
    for path, data in sorted(sources.items()):
        digest.update(path.encode() + data)
    return digest.hexdigest()


def running_source() -> dict[str, bytes]:
    """The modules of the package that runs which a kit has, by their paths from its folder."""
    folder = Path(grader.__file__).parent
    own = {path.relative_to(folder): path for path in folder.rglob("*.py")}
    return {
        inside.as_posix(): path.read_bytes()
        for inside, path in own.items()
        if inside.parts[0] not in STAFFS_PARTS
    }


def starters_in(files: Mapping[str, object]) -> dict[str, str]:
    """`assignments/<name>/<file>` of every starter, to where it is kept as it was handed out."""
    kept = [path for path in files if path.startswith(f"{STARTERS}/")]
    return {path.replace(STARTERS, "assignments", 1): path for path in sorted(kept)}


def read_info(data: bytes | None) -> KitInfo | None:
    """What a kit.json says; None if there is none or it is not valid."""
    try:
        return None if data is None else KitInfo.model_validate_json(data)
    except ValidationError:
        return None
