"""The student kit: what a student gets, as a folder and a zip, without anything of solutions/.

Only files that are listed here go in. Two kits made from the same course are the same, byte for
byte. Before anything is written, the kit is searched for code of the solutions.
"""

from __future__ import annotations

import contextlib
import re
import tokenize
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import tomli_w

import grader
from grader._internal.files import write_atomically
from grader._internal.install_hint import install_in_kit
from grader._internal.zips import unzip, zip_files
from grader.authoring.inventory import (
    SUMS_NAME,
    linked_files,
    missing_public_files,
    notebook_in_the_way,
)
from grader.authoring.release.constraints import make_constraints
from grader.authoring.release.folder import changed, not_ours, refuse_others, write_folder
from grader.authoring.release.leaks import shared_code
from grader.authoring.release.notebooks import make_notebook, without_comments
from grader.authoring.release.wheel import build_wheel, students_wheel
from grader.course.assignment import SPEC_NAME, STARTERS, Assignment
from grader.course.course import Course
from grader.course.kit import (
    CONSTRAINTS,
    KIT_FILE,
    KitInfo,
    hashes_of,
    read_info,
    source_digest,
    version_of,
)
from grader.course.packages import joined
from grader.engine.runner import collect_checks
from grader.errors import SpecError, UsageError
from grader.sandbox.protocol.packages import in_words
from grader.submission.files import MAX_FILES, MAX_TOTAL_BYTES, read_submission

_WHAT = "a kit"


@dataclass(frozen=True)
class StudentKit:
    """What was written. names: the homeworks in it. size: of the zip, in bytes."""

    info: KitInfo
    folder: Path
    archive: Path
    names: tuple[str, ...]
    size: int


def release(
    course: Course, to: Path, names: Sequence[str] = (), *, shared_code_ok: bool = False
) -> StudentKit:
    """Write the kit of these homeworks (of all, if none is named) to the folder `to` and to
    `to`.zip.

    shared_code_ok: write it even if it contains code of solutions/. Raises UsageError for such
    code, for a homework that cannot be handed out, and for a folder that contains anything but a
    kit.
    """
    to = to.resolve()
    refuse_place(course, to)
    _refuse_other_files(to)
    names, files, info = kit_files(course, names, shared_code_ok=shared_code_ok)
    top = _folder_name(course.settings.name)
    archive = zip_files({f"{top}/{path}": data for path, data in files.items()})
    try:
        write_folder(to, files)
        write_atomically(_zip_beside(to), archive)
    except OSError as exc:
        raise UsageError(f"cannot write {to}: {exc.strerror}; name another folder") from None
    return StudentKit(info, to, _zip_beside(to), names, len(archive))


def kit_files(
    course: Course, names: Sequence[str], *, shared_code_ok: bool
) -> tuple[tuple[str, ...], dict[str, bytes], KitInfo]:
    """The homeworks in a kit (all, if none is named), its files by their paths, and what it is.

    Raises UsageError and SpecError, see release.
    """
    names = tuple(sorted(set(names))) or tuple(course.names)
    assignments = [course.assignment(name) for name in names]
    files = {path: data for each in assignments for path, data in homework_files(course, each)}
    if not shared_code_ok:
        refuse_shared_code(course, assignments, files)
    files |= dataset_files(course, assignments)
    wheel, whole = build_wheel()
    built = students_wheel(whole)
    packages = joined(each.packages for each in assignments)
    files |= {wheel: built, CONSTRAINTS: make_constraints(built, packages)}
    files["pyproject.toml"] = _settings(course)
    files["README.md"] = _readme(course, assignments, wheel)
    hashes = hashes_of(files)
    info = KitInfo(
        course=course.settings.name,
        version=version_of(hashes),
        grader=grader.__version__,
        grader_sha256=_source_in(built),
        wheel=wheel,
        files=hashes,
    )
    files[KIT_FILE] = info.to_json()
    _refuse_too_much(files)
    return names, files, info


def homework_files(course: Course, assignment: Assignment) -> Iterator[tuple[str, bytes]]:
    """The files of assignments/<name>/, and the copies of the starters in .kit/."""
    name, folder = assignment.name, assignment.folder
    if assignment.solution is None:
        raise UsageError(
            f"{course.root / 'solutions' / name} is missing; release a kit from the staff's copy "
            "of the course"
        )
    for line in (*missing_public_files(course, name), *notebook_in_the_way(course, name)):
        raise SpecError(line)
    handout = _page(folder / "README.md").replace("{{packages}}", in_words(assignment.packages))
    try:
        with tokenize.open(assignment.starter) as file:
            notebook = make_notebook(
                name, handout, file.read(),
                checked=_checked(assignment), questions=assignment.spec.questions,
            )  # fmt: skip
    except (SyntaxError, UnicodeDecodeError) as exc:
        raise SpecError(f"{assignment.starter} cannot be read: {exc}; correct it") from None
    starters = {f"{name}.py": assignment.starter.read_bytes(), f"{name}.ipynb": notebook}
    inside = {
        # First, so that a link to one of the others brings what students may see of it.
        **{path: (folder / path).read_bytes() for path in _linked(folder, handout)},
        SPEC_NAME: tomli_w.dumps(_public_spec(assignment), multiline_strings=True).encode(),
        "README.md": handout.encode(),
        "checks.py": assignment.public_checks.read_bytes(),
        # Where the student runs the starter, so that it finds them as it does when it is graded.
        **{path: source.read_bytes() for path, source in assignment.data.items()},
        **starters,
    }
    yield from ((f"assignments/{name}/{path}", data) for path, data in inside.items())
    yield from ((f"{STARTERS}/{name}/{path}", data) for path, data in starters.items())


def _public_spec(assignment: Assignment) -> dict[str, Any]:
    """What students get of a specification, with the packages that the course adds to it."""
    packages = {"packages": list(assignment.packages)} if assignment.packages else {}
    return assignment.spec.public() | packages


def _checked(assignment: Assignment) -> set[str]:
    """The functions whose name a public check has in its own name or title.

    What is wrong with the checks, or that there are none, is for `validate` to say.
    """
    told: list[str] = []
    with contextlib.suppress(SpecError):
        told = [f"{check.id} {check.title}" for check in collect_checks(assignment)]
    return {name for name in assignment.functions if any(name in text for text in told)}


def _page(path: Path) -> str:
    """A Markdown page as students get it. Raises SpecError if it is not text."""
    try:
        return without_comments(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as exc:
        raise SpecError(f"{path} cannot be read: {exc}; save it in UTF-8") from None


def _linked(folder: Path, page: str) -> Iterator[str]:
    """The files of a folder that its page links to. A link out of the folder leads nowhere."""
    home = folder.resolve()
    for link in sorted(linked_files(page)):
        path = home / link
        if path.is_file() and path.resolve() == path and path.is_relative_to(home):
            yield link


def dataset_files(course: Course, assignments: Sequence[Assignment]) -> dict[str, bytes]:
    """The data that these homeworks use, with the pages that say where they come from."""
    used = {path for assignment in assignments for path in assignment.data.values()}
    files = {path.relative_to(course.root).as_posix(): path.read_bytes() for path in used}
    for folder in {path.parent for path in used}:
        here = folder.relative_to(course.root).as_posix()
        page, sums = folder / "README.md", folder / SUMS_NAME
        if page.is_file():
            text = _page(page)
            links = _linked(folder, text)
            files |= {f"{here}/{link}": (folder / link).read_bytes() for link in links}
            files[f"{here}/README.md"] = text.encode()
        if sums.is_file():
            lines = sums.read_text(encoding="utf-8").splitlines(keepends=True)
            # Data that no homework uses are not handed out, nor are their checksums.
            kept = [line for line in lines if f"{here}/{line[66:].strip()}" in files]
            files[f"{here}/{SUMS_NAME}"] = "".join(kept).encode()
    return files


def _settings(course: Course) -> bytes:
    """Only those settings of the course that a student's machine needs."""
    kept = {"name": course.settings.name}
    if course.settings.destination is not None:
        kept["destination"] = course.settings.destination
    text = tomli_w.dumps({"tool": {"grader": kept}})
    return f"# The course's settings. A newer kit replaces this file.\n\n{text}".encode()


def _readme(course: Course, assignments: Sequence[Assignment], wheel: str) -> bytes:
    by_date = sorted(assignments, key=lambda each: (each.spec.due_or_never, each.name))
    rows = []
    for each in by_date:
        due = each.spec.due.isoformat(" ", "minutes") if each.spec.due else ""
        title = " ".join(each.spec.title.split()).replace("|", "\\|")
        rows.append(f"| `{each.name}` | {title} | {due} |")
    template = resources.files("grader.authoring.new") / "kit" / "README.md.txt"
    text = template.read_text("utf-8")
    filled = text.replace("{{wheel}}", wheel).replace("{{first}}", by_date[0].name)
    filled = filled.replace("{{homeworks}}", "\n".join(rows))
    filled = filled.replace("{{packages}}", in_words(()))
    filled = filled.replace("{{also}}", _also(by_date))
    filled = filled.replace("{{needed}}", "".join(f' "{each}"' for each in _shared(assignments)))
    return filled.replace("{{course}}", " ".join(course.settings.name.split())).encode()


def _shared(assignments: Sequence[Assignment]) -> list[str]:
    """The packages that every one of these homeworks names."""
    named = [set(each.packages) for each in assignments]
    return sorted(set.intersection(*named))


def _also(assignments: Sequence[Assignment]) -> str:
    """What homeworks can import that can import more than numpy and matplotlib, in words.

    What is only a homework's own may be large, so it is installed when that one is begun.
    """
    shared = _shared(assignments)
    lines = []
    for each in assignments:
        own = [text for text in each.packages if text not in shared]
        if each.packages:
            lines.append(f" `{each.name}` can import {in_words(each.packages)}.")
        if own:
            lines.append(f" Before you begin it, type `{install_in_kit(own)}`.")
    return "".join(lines)


def _source_in(wheel: bytes) -> str:
    inside = f"{grader.__name__}/"
    return source_digest(
        {
            name.removeprefix(inside): data
            for name, data in unzip(wheel).items()
            if name.startswith(inside) and name.endswith(".py")
        }
    )


def _folder_name(course_name: str) -> str:
    """What the zip unpacks to: the course's name in plain letters."""
    plain = unicodedata.normalize("NFKD", course_name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "homework"


def refuse_shared_code(
    course: Course, assignments: Sequence[Assignment], files: dict[str, bytes]
) -> None:
    """Raises UsageError if files for students contain code of solutions/."""
    solutions = {
        path.relative_to(course.root).as_posix(): path.read_bytes()
        for assignment in assignments
        for path in sorted((assignment.solution or course.root).glob("*.py"))
    }
    # The copies of the starters are the same as the starters.
    seen = {path: data for path, data in files.items() if not path.startswith(STARTERS)}
    found = shared_code(solutions, seen)
    if found:
        error = UsageError(f"{found[0]}; remove it, or use --shared-code-ok if it is intended")
        for line in found[1:]:
            error.add_note(f"  {line}")
        raise error


def refuse_place(course: Course, to: Path) -> None:
    """Raise UsageError for a folder inside of what is released."""
    parts = [course.root / part for part in ("assignments", "solutions", "datasets")]
    if any(to.is_relative_to(part) for part in (*parts, Path(grader.__file__).parent)):
        raise UsageError(
            f"{to} is inside the files that are released; name a folder outside of them"
        )


def _refuse_other_files(to: Path) -> None:
    """Only an unmodified kit and its zip may be replaced."""
    if to.suffix == ".zip":
        raise UsageError(
            f"{to} is the name of a zip; name a folder instead, and the zip is written beside it"
        )
    refuse_others(to, _WHAT, KIT_FILE, _hashes)
    archive = _zip_beside(to)
    if archive.exists():
        files = {} if archive.is_dir() else read_submission(archive).files
        known = _hashes(files.get(KIT_FILE, b""))
        if known is None:
            raise not_ours(archive, _WHAT)
        others = sorted(dict(hashes_of(files).items() - known.items()))
        if others:
            raise changed(archive, _WHAT, others)


def _hashes(data: bytes) -> Mapping[str, str] | None:
    info = read_info(data)
    return None if info is None else info.files


def _zip_beside(to: Path) -> Path:
    return to.with_name(f"{to.name}.zip")


def _refuse_too_much(files: dict[str, bytes]) -> None:
    """`update` reads kits as defensively as submissions, by the same limits."""
    size = sum(map(len, files.values()))
    if len(files) > MAX_FILES or size > MAX_TOTAL_BYTES:
        raise UsageError(
            f"the kit would contain {len(files)} files and {size >> 20} MB, but only {MAX_FILES} "
            f"files and {MAX_TOTAL_BYTES >> 20} MB are allowed; release fewer homeworks or less "
            "data"
        )
