"""Style sheets, scripts and pictures of the pages: read once, and served under their hashes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.reports.pages.render import TEMPLATES as REPORT_TEMPLATES

FOLDER = Path(__file__).parents[1] / "static"
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}


@dataclass(frozen=True)
class StaticFile:
    """One file. version: the beginning of its hash, which is part of its address."""

    name: str
    version: str
    data: bytes
    media_type: str

    @property
    def path(self) -> str:
        """Below the root path."""
        return f"/static/{self.version}/{self.name}"


StaticFiles = Mapping[str, StaticFile]


def read_static() -> StaticFiles:
    """All of them by name. style.css begins with the style of report pages, which ours go on."""
    found = {}
    for path in sorted(FOLDER.iterdir()):
        if path.suffix not in MEDIA_TYPES:
            continue
        data = path.read_bytes()
        if path.name == "style.css":
            data = (REPORT_TEMPLATES / "style.css").read_bytes() + b"\n" + data
        version = hashlib.sha256(data).hexdigest()[:16]
        found[path.name] = StaticFile(path.name, version, data, MEDIA_TYPES[path.suffix])
    return found
