"""Where other systems put what they collected: which files are one hand-in, and whose it is.

    Canvas      {name}[_LATE]_{user}_{attachment}_{file}, all in one folder; blind
                [LATE_]anon_{anonymous}_{attachment}_{file}. The name is the sortable one, lower
                case, letters and digits alone. Source: Canvas's lib/content_zipper.rb.
    Moodle      {Full Name}_{id}_assignsubmission_file_/ with the student's files in it, or in front
                of each file's name; blind `Participant` for the name. The id is new in each
                assignment. Source: Moodle's mod/assign.
    Gradescope  assignment_{id}_export/ with submission_metadata.yml, which names the submitters and
                the time of each folder submission_{id}/ beside it.
    ours        what `collect` wrote, told by its INDEX.

The files of the first two bear the time of the download, not that of the hand-in; see `times`.

All names are hostile: a student names the files. A name is read from its left, where the systems
write what they say themselves. The index and the metadata are believed in their own places alone,
so that a student's folder cannot hold one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from grader._internal.install_hint import install_hint
from grader.errors import SubmissionError, UsageError
from grader.submission.sources import Clock

INDEX = "collected.jsonl"
EXPORT = re.compile(r"assignment_\d+_export")
METADATA = "submission_metadata.yml"
MAX_METADATA_BYTES = 1 << 30
CODE = (".py", ".ipynb")

_CANVAS = re.compile(
    r"(?:(?P<blind>LATE_)?(?P<anonymous>anon_[0-9A-Za-z]+)|(?P<name>.+?)(?P<late>_LATE)?_(?P<user>\d+))"
    r"_(?P<attachment>\d+)_(?P<file>.+)",
    re.DOTALL,
)
_MOODLE = re.compile(
    r"(?P<name>.+?_\d+)_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<file>.*))?", re.DOTALL
)
_CANVAS_TEXT = re.compile(r".+_[0-9A-Za-z]+_(text|link)\.html", re.DOTALL)  # typed, not uploaded
_AGAIN = re.compile(r"(\w+)-\d+(\.py|\.ipynb)")  # Canvas: a file handed in again is `name-1.py`


@dataclass(frozen=True)
class HandedIn:
    """One hand-in of a download.

    path: the folder or file; the first of `parts`, the files that are the hand-in together with
    the names that the student gave them. name: whom the download says it is from. received_at:
    None where only the files' times tell. exact: `path` is read as it is, and `assignment` known.
    clock: "" where the time is known; else that of the files is the download's, and all that is
    known is "in time", "late" or "nothing".
    """

    path: Path
    name: str
    received_at: datetime | None = None
    parts: tuple[tuple[str, Path], ...] = ()
    notes: tuple[str, ...] = ()
    claimed: str | None = None
    members: tuple[str, ...] = ()
    exact: bool = False
    assignment: str | None = None
    clock: Clock = ""


@dataclass(frozen=True)
class Sorted:
    """A folder's content. left: of the download and no hand-in. rest: not of a download."""

    handed_in: tuple[HandedIn, ...]
    left: tuple[Path, ...]
    rest: tuple[Path, ...]


def sort_out(folder: Path, paths: Sequence[Path]) -> Sorted:
    """Tell hand-ins of a download from other things among the `paths` in a folder.

    Raises UsageError for Gradescope's metadata that cannot be read.
    """
    exported = _read_metadata(folder / METADATA) if EXPORT.fullmatch(folder.name) else {}
    groups: dict[tuple[str, str], list[tuple[re.Match[str], Path]]] = {}
    handed_in: list[HandedIn] = []
    left, rest = [], []
    for path in paths:
        system, named = _named(path.name)
        if path.name == METADATA and exported:
            continue
        if path.is_symlink() or not (path.is_dir() or path.is_file()):
            rest.append(path)
        elif path.name in exported:
            handed_in.append(_of_gradescope(path, exported[path.name]))
        elif named is None and _CANVAS_TEXT.fullmatch(path.name) and path.is_file():
            left.append(path)
        elif named is None or (system == "canvas" and path.is_dir()):
            rest.append(path)
        elif system == "moodle" and named["kind"] != "file":
            left.append(path)
        elif path.is_dir():
            handed_in.append(HandedIn(path, named["name"], clock="nothing"))
        else:
            groups.setdefault((system, _whose(system, named)), []).append((named, path))
    for (system, name), files in groups.items():
        # Among other things it may be a student's own file, which only calls itself Canvas's.
        marks_late = system == "canvas" and not rest
        handed_in += _of_files(system, name, files, marks_late=marks_late)
    return Sorted(tuple(handed_in), tuple(left), tuple(rest))


def _named(name: str) -> tuple[str, re.Match[str] | None]:
    """Which system names a file so: of two, the one that said so further to the left."""
    canvas, moodle = _CANVAS.fullmatch(name), _MOODLE.fullmatch(name)
    if canvas and canvas["file"] in (".", ".."):
        canvas = None
    if moodle and not (canvas and canvas.start("attachment") < moodle.start("kind")):
        return ("moodle", moodle) if moodle["file"] not in (".", "..") else ("", None)
    return "canvas", canvas


def _whose(system: str, named: re.Match[str]) -> str:
    """The name with the system's number, which tells apart students of the same name."""
    if system == "moodle":
        return named["name"]
    return named["anonymous"] or f"{named['name']}_{named['user']}"


def _of_files(
    system: str, name: str, files: Sequence[tuple[re.Match[str], Path]], *, marks_late: bool
) -> Iterator[HandedIn]:
    """A student's files are one hand-in; but where there is no code, each zip is one."""
    notes: tuple[str, ...] = ()
    clock: Clock = "in time" if marks_late else "nothing"
    if system == "canvas" and any(named["late"] or named["blind"] for named, _ in files):
        notes, clock = ("Canvas marks it as late",), "late"
    zips = [path for named, path in files if named["file"].lower().endswith(".zip")]
    if any(named["file"].lower().endswith(CODE) for named, _ in files):
        zips = []
    for path in zips:
        beside = [named["file"] for named, other in files if other not in zips]
        left = tuple(f"{each[:80]} lies beside the zip; it was not opened" for each in beside)
        yield HandedIn(path, name, notes=(*notes, *left), clock=clock)
    if not zips:
        parts: dict[str, Path] = {}
        for named, path in files:
            parts[_free_name(system, named, parts)] = path
        yield HandedIn(files[0][1], name, parts=tuple(parts.items()), notes=notes, clock=clock)


def _free_name(system: str, named: re.Match[str], taken: Mapping[str, Path]) -> str:
    """The name that the student gave a file, as far as it is free."""
    file = named["file"] or "unnamed"
    again = _AGAIN.fullmatch(file)
    wanted = [again[1] + again[2]] if again and system == "canvas" else []
    numbered = (f"{number}_{file}" for number in range(2, len(taken) + 3))
    return next(each for each in (*wanted, file, *numbered) if each not in taken)


# Gradescope


def _of_gradescope(path: Path, said: Any) -> HandedIn:
    said = said if isinstance(said, dict) else {}
    listed = said.get(":submitters")
    listed = listed if isinstance(listed, list) else []
    names = [_submitter(each) for each in listed if isinstance(each, dict)]
    names = [name for name in names if name] or [path.name]
    at = _moment(said.get(":created_at"))
    return HandedIn(path, names[0], at, members=tuple(names) if len(names) > 1 else ())


def _submitter(said: Mapping[str, Any]) -> str:
    """Email and number where both are told, as a roster may hold either; else what there is."""
    name, email, sid = (
        " ".join(str(said.get(key) or "").split()) for key in (":name", ":email", ":sid")
    )
    return f"{email} {sid or name}".strip() if email else sid or name


def _moment(value: Any) -> datetime | None:
    if isinstance(value, dict):  # how Ruby writes a time with a zone
        value = value.get("utc")
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    try:
        return value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC)
    except OverflowError:
        return None


def _read_metadata(path: Path) -> dict[str, Any]:
    """What Gradescope says of each folder; nothing where there is no such file."""
    if path.is_symlink() or not path.is_file():
        return {}
    try:
        import yaml
    except ModuleNotFoundError:
        raise UsageError(
            "a Gradescope export needs PyYAML, which is not installed; "
            f"run: {install_hint('staff')}"
        ) from None

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        """Plain data alone; a tag of Ruby's is as good as none."""

    def plain(loader: Any, _: str, node: Any) -> Any:
        if isinstance(node, yaml.MappingNode):
            return loader.construct_mapping(node, deep=True)
        if isinstance(node, yaml.SequenceNode):
            return loader.construct_sequence(node, deep=True)
        return loader.construct_scalar(node)

    Loader.add_multi_constructor("!", plain)
    try:
        with path.open("rb") as file:
            said = yaml.load(file.read(MAX_METADATA_BYTES), Loader)
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as exc:
        raise UsageError(
            f"{path} cannot be read ({type(exc).__name__}); download the export anew"
        ) from None
    return {str(key): value for key, value in said.items()} if isinstance(said, dict) else {}


# Ours


def read_index(folder: Path) -> list[dict[str, Any]]:
    """What `collect` noted in a folder, in the order noted; a line cut off by a kill is none.

    Raises SubmissionError.
    """
    try:
        lines = (folder / INDEX).read_bytes().splitlines()
    except FileNotFoundError:
        return []
    except OSError as exc:
        raise SubmissionError(f"{folder / INDEX} cannot be read: {exc.strerror}") from None
    noted = []
    for line in lines:
        try:
            entry = json.loads(line)
            datetime.fromisoformat(entry["received_at"]).astimezone(UTC)
            path, _ = PurePosixPath(entry["path"]), entry["student"] + entry["sha256"]
        except (ValueError, KeyError, TypeError, OverflowError):
            continue
        if not path.is_absolute() and ".." not in path.parts:
            noted.append(entry)
    return noted


def collected(folder: Path) -> list[HandedIn] | None:
    """The hand-ins in a folder that `collect` made, or in one of its homeworks' folders.

    None for any other folder.
    """
    folder = folder.resolve()
    home = next((each for each in (folder, folder.parent) if (each / INDEX).is_file()), None)
    if home is None:
        return None
    handed_in = [
        HandedIn(
            home / entry["path"],
            str(entry["student"]),
            datetime.fromisoformat(entry["received_at"]).astimezone(UTC),
            claimed=entry.get("claimed"),
            members=tuple(entry.get("members") or ()),
            exact=True,
            assignment=entry.get("assignment"),
        )
        for entry in read_index(home)
    ]
    return [each for each in handed_in if each.path.is_relative_to(folder)]
