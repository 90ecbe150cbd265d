"""A kit as pages for the browser: handout, editor, the public checks, hand in. Static files.

The layout is that of the kit, so that a handout's links lead where they should; each homework's
page is an `index.html` beside its handout. The kit itself lies there as a zip, which the page's
worker unpacks, and so does the wheel of this package.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import BaseModel, ConfigDict, ValidationError

from grader._internal.markdown_html import markdown_html
from grader._internal.zips import zip_files
from grader.authoring.release.folder import refuse_others, write_folder
from grader.authoring.release.interpreter import PACKAGES, WebPython, names_of
from grader.authoring.release.kit import kit_files, refuse_place
from grader.course.assignment import Assignment
from grader.course.course import Course
from grader.course.kit import hashes_of
from grader.errors import UsageError
from grader.reports.pages.render import TEMPLATES as REPORT_TEMPLATES

INFO = "web.json"
_KIT = "kit.zip"
_SHOWN = ("assignments", "datasets")  # of the kit, what the pages link to
_SOURCES = Path(__file__).parent / "web_page"
_SCRIPTS = ("page.js", "worker.js", "python.js", "keep.js", "hand_in.js", "codemirror.js")


class PagesInfo(BaseModel):
    """`web.json`. kit: its version. files: path to SHA-256, all but this one."""

    model_config = ConfigDict(frozen=True)

    format: Literal[1] = 1
    kit: str
    files: dict[str, str]


@dataclass(frozen=True)
class WebKit:
    """What was written. left_out: homeworks that cannot run in a browser, each with the reason."""

    folder: Path
    version: str
    names: tuple[str, ...]
    left_out: tuple[str, ...]
    size: int


def release_web(
    course: Course,
    to: Path,
    names: Sequence[str],
    interpreter: WebPython,
    *,
    server: str | None,
    shared_code_ok: bool = False,
) -> WebKit:
    """Write pages of these homeworks (of all that can run, if none is named) to the folder `to`.

    server: the address of the course's server, if students hand in there. Raises UsageError for a
    homework that is named and cannot run in a browser, for code of solutions/ in it, and for a
    folder that contains anything but such pages, as they were written.
    """
    to = to.resolve()
    refuse_place(course, to)
    refuse_others(to, "a folder of homework pages", INFO, _hashes)
    lacking = interpreter.lacks(PACKAGES)
    if lacking:
        raise UsageError(
            f"this Pyodide has no {lacking[0]}, which every check needs; take a distribution that "
            "has it"
        )
    fit, left_out = _that_run(course, names, interpreter)
    fit, files, info = kit_files(course, fit, shared_code_ok=shared_code_ok)
    wheel = files.pop(info.wheel)
    kit = {path: data for path, data in files.items() if path != "constraints.txt"}
    pages = {path: data for path, data in kit.items() if path.split("/")[0] in _SHOWN}
    pages |= {info.wheel: wheel, _KIT: zip_files(kit)}
    assignments = [course.assignment(name) for name in fit]
    make = _PageMaker(course, info.version, info.wheel, interpreter, server)
    pages["index.html"] = make.index(assignments)
    for each in assignments:
        folder = f"assignments/{each.name}"
        pages[f"{folder}/index.html"] = make.homework(each, files)
    pages |= {f"static/{name}": (_SOURCES / name).read_bytes() for name in _SCRIPTS}
    pages["static/style.css"] = _style()
    needed = [*PACKAGES, *(text for each in assignments for text in each.packages)]
    pages |= {path: file.read_bytes() for path, file in interpreter.files(needed).items()}
    told = PagesInfo(kit=info.version, files=hashes_of(pages))
    pages[INFO] = (told.model_dump_json(indent=2) + "\n").encode()
    try:
        write_folder(to, pages)
    except OSError as exc:
        raise UsageError(f"cannot write {to}: {exc.strerror}; name another folder") from None
    return WebKit(to, info.version, fit, left_out, sum(map(len, pages.values())))


def _that_run(
    course: Course, names: Sequence[str], interpreter: WebPython
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The homeworks that run there, and those that do not, each with the reason."""
    fit, left_out = [], []
    for name in sorted(set(names)) or course.names:
        lacks = interpreter.lacks(course.assignment(name).packages)
        if lacks:
            left_out.append(f"{name}: Pyodide has no {', '.join(lacks)}")
        else:
            fit.append(name)
    if left_out and (names or not fit):
        raise UsageError(f"{left_out[0]}; leave that homework out")
    return tuple(fit), tuple(left_out)


def _style() -> bytes:
    """The style of report pages, which ours goes on."""
    return (REPORT_TEMPLATES / "style.css").read_bytes() + (_SOURCES / "style.css").read_bytes()


def _hashes(data: bytes) -> Mapping[str, str] | None:
    try:
        return PagesInfo.model_validate_json(data).files
    except ValidationError:
        return None


class _PageMaker:
    """Fills the templates."""

    def __init__(
        self, course: Course, version: str, wheel: str, interpreter: WebPython, server: str | None
    ) -> None:
        self._course, self._version, self._wheel = course, version, wheel
        self._interpreter, self._server = interpreter, server
        self._environment = Environment(
            loader=FileSystemLoader(_SOURCES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def index(self, assignments: Sequence[Assignment]) -> bytes:
        """The list of the homeworks."""
        rows = sorted(assignments, key=lambda each: (each.spec.due_or_never, each.name))
        return self._filled("index.html.j2", root="", homeworks=rows)

    def homework(self, assignment: Assignment, files: dict[str, bytes]) -> bytes:
        """The page of one. files: of the kit."""
        folder = f"assignments/{assignment.name}"
        starter = files[f"{folder}/{assignment.name}.py"]
        packages = [*PACKAGES, *names_of(assignment.packages)]
        settings = {
            "course": self._course.settings.name,
            "homework": assignment.name,
            "kit": f"../../{_KIT}?{self._version[:12]}",
            "wheel": f"../../{self._wheel}",
            "interpreter": self._interpreter.address or "../../python/",
            "packages": packages,
            "starter": f"{assignment.name}.py",
            "starterHash": hashlib.sha256(starter).hexdigest()[:16],
            "server": self._server or "",
            "loadSeconds": 300,
        }
        return self._filled(
            "homework.html.j2",
            root="../../",
            assignment=assignment,
            questions=[
                (f"{each.points:g}", markdown_html(each.text)) for each in assignment.spec.questions
            ],
            handout=markdown_html(files[f"{folder}/README.md"].decode()),
            settings=json.dumps(settings).replace("<", "\\u003c"),
        )

    def _filled(self, template: str, **values: object) -> bytes:
        page = self._environment.get_template(template).render(
            course=self._course.settings.name,
            version=self._version[:8],
            sources=" ".join(self._sources()),
            **values,
        )
        return page.encode()

    def _sources(self) -> list[str]:
        """The other origins that a page may load from and send to."""
        told = [self._interpreter.address, self._server or ""]
        parts = [urlsplit(address) for address in told if address]
        return [f"{part.scheme}://{part.netloc}" for part in parts]
