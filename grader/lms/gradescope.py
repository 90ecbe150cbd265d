"""Gradescope: the export of an assignment's submissions.

It is a folder assignment_{id}_export/ with a folder for each submission and submission_metadata.yml
beside them, which names the submitters and the time of each. The metadata only counts in such a
folder, so that a student's folder cannot contain one.

Grades go to Gradescope through an autograder, not in a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader._internal.install_hint import install_hint
from grader.errors import UsageError
from grader.lms.folder import plain
from grader.lms.hand_ins import hand_in
from grader.lms.protocol import WHOLE, Export, Search, Timesheet
from grader.submission.sources import Source

if TYPE_CHECKING:
    from grader.gradebook.records import Grade
    from grader.lms.table import Table

METADATA = "submission_metadata.yml"
MAX_METADATA_BYTES = 1 << 30
_EXPORT = re.compile(r"assignment_\d+_export")
_SUBMISSION = re.compile(r"submission_\d+")


class Gradescope:
    """Gradescope (see the module)."""

    key = "gradescope"
    title = "Gradescope"
    table: str | None = None

    def recognise(self, path: Path) -> int | None:
        """WHOLE for an export's folder; inside one, the metadata and the submissions' folders."""
        if _EXPORT.fullmatch(path.name) and path.is_dir():
            return WHOLE
        inside = _EXPORT.fullmatch(path.parent.name) is not None
        ours = path.name == METADATA or _SUBMISSION.fullmatch(path.name)
        return len(path.name) if inside and ours else None

    def recognise_table(self, header: Sequence[str]) -> bool:
        """False: Gradescope takes no table of grades."""
        return False

    def submissions(
        self, paths: Sequence[Path], beside: Sequence[Path], search: Search
    ) -> Iterator[Source | Path]:
        """The folders that the metadata names; others are as in a plain folder."""
        said = _read_metadata(paths[0].parent / METADATA)
        for path in paths:
            if path.name in said:
                yield from _of_submitters(path, said[path.name], search)
            elif path.name != METADATA or not said:
                yield from plain(path, search)

    def times(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Timesheet | None:
        """None: the export itself tells the times, and there is no table of them."""
        return None

    def fill(
        self,
        table: Table,
        grades: Sequence[Grade],
        titles: Sequence[str],
        column: str | None,
        so_far: bool,
    ) -> Export:
        """Raises UsageError: Gradescope takes no table of grades."""
        raise UsageError(
            "Gradescope takes no table of grades; make an autograder for it instead: "
            "python -m grader gradescope NAME --to autograder.zip"
        )


def _of_submitters(path: Path, said: Any, search: Search) -> Iterator[Source]:
    """A submission's folder with what the metadata says about it."""
    said = said if isinstance(said, dict) else {}
    listed = said.get(":submitters")
    listed = listed if isinstance(listed, list) else []
    names = [_submitter(each) for each in listed if isinstance(each, dict)]
    names = [name for name in names if name] or [path.name]
    members = tuple(names) if len(names) > 1 else ()
    at = _moment(said.get(":created_at"))
    return hand_in(search, path, names[0], received_at=at, members=members)


def _submitter(said: Mapping[str, Any]) -> str:
    """Email and number if both are given, as a roster may have either; else what there is."""
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
    """What Gradescope says about each folder; empty if there is no such file."""
    if path.is_symlink() or not path.is_file():
        return {}
    try:
        import yaml
    except ModuleNotFoundError:
        raise UsageError(
            "reading a Gradescope export needs PyYAML, which is not installed; "
            f"run: {install_hint('staff')}"
        ) from None

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        """Reads only plain data; tags of Ruby are ignored."""

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
            f"{path} cannot be read ({type(exc).__name__}); download the export again"
        ) from None
    return {str(key): value for key, value in said.items()} if isinstance(said, dict) else {}
