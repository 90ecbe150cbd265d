"""An assignment: its specification, the functions it asks for, and where its files are.

assignments/<name>/assignment.toml  README.md  <name>.py  checks.py
solutions/<name>/<name>.py  hidden_checks.py  variants.py        (only staff have it)
.kit/starters/<name>/<name>.py                                   (only students have it)
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)
from pydantic_core import PydanticCustomError

from grader._internal.syntax import callables_of, parameters_of, parse
from grader.course.feedback import FeedbackSpec
from grader.course.packages import PackageName, joined
from grader.errors import SpecError

SPEC_NAME = "assignment.toml"
STARTERS = ".kit/starters"  # where a student's folder keeps each starter as it was handed out
# The part of a specification that a student may see. A rubric would give the answer away.
PUBLIC_KEYS: Mapping[str, Any] = {
    **dict.fromkeys(("title", "source", "points", "due", "data", "packages", "limits"), True),
    "questions": {"__all__": {"id", "points", "text"}},
}
_NUMBER = re.compile(r"\s*[-+]?[\d.]+\s*")


class _SpecModel(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LimitsSpec(_SpecModel):
    """`[limits]`: seconds, megabytes and a number of threads. None stands for the default."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)  # true is no number

    call_s: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    load_s: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    total_s: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    memory_mb: int | None = Field(default=None, gt=0)
    output_mb: int | None = Field(default=None, gt=0)
    reply_mb: int | None = Field(default=None, gt=0)
    disk_mb: int | None = Field(default=None, gt=0)
    threads: int | None = Field(default=None, gt=0)


class Question(_SpecModel):
    """`[[questions]]`: a written question that people mark by its rubric."""

    id: str
    points: float = Field(gt=0, allow_inf_nan=False, strict=True)
    text: str
    rubric: tuple[str, ...] = ()


def _no_number(value: object) -> object:
    """What is to be a time. Pydantic takes 20271005, also as text, for seconds since 1970."""
    if isinstance(value, int | float) or (isinstance(value, str) and _NUMBER.fullmatch(value)):
        raise PydanticCustomError("datetime_number", "a number is no time")
    return value


class Spec(_SpecModel):
    """What `assignment.toml` says. An unknown key is an error.

    points: what the automatic checks are worth in total, hidden ones included. due: with its offset
    from UTC. feedback: from when on students see what, if not as in the course. data: files of
    `datasets/` that are placed beside the submission when it runs, under their own names. packages:
    what may be imported in addition to numpy, matplotlib and the course's, as pip takes it.
    """

    title: str
    source: str = ""
    points: float | None = Field(default=None, gt=0, allow_inf_nan=False, strict=True)
    due: Annotated[AwareDatetime | None, BeforeValidator(_no_number)] = None
    data: tuple[str, ...] = ()
    packages: tuple[PackageName, ...] = ()
    limits: LimitsSpec = LimitsSpec()
    questions: tuple[Question, ...] = ()
    feedback: FeedbackSpec = FeedbackSpec()

    @property
    def due_or_never(self) -> datetime:
        """The due date, or one after all others; to sort by."""
        return self.due or datetime.max.replace(tzinfo=UTC)

    def public(self, mode: Literal["python", "json"] = "python") -> dict[str, Any]:
        """The part that a student may see, as plain values; defaults are left out."""
        return self.model_dump(mode=mode, include=dict(PUBLIC_KEYS), exclude_defaults=True)


@dataclass(frozen=True)
class Assignment:
    """One homework.

    functions: the names that the starter defines, each with its parameters' names; of a class also
    its methods, such as "Model.fit".
    solution: the folder with the reference and hidden checks; None on a student's machine.
    data: file name to its path in datasets/; placed beside a submission when it runs.
    packages: what may be imported in addition to numpy and matplotlib, the course's included.
    public_version: SHA-256 over what a result of the public checks depends on: the specification
    without what only staff see, the public checks, the data. It is the same for staff and in the
    kit. version: SHA-256 over everything that a result depends on, which for staff includes the
    solution. For a student, who has none, it is the public version.
    """

    name: str
    folder: Path
    solution: Path | None
    spec: Spec
    functions: Mapping[str, tuple[str, ...]]
    data: Mapping[str, Path]
    packages: tuple[str, ...]
    public_version: str
    version: str

    @property
    def starter(self) -> Path:
        """The module that a student fills in."""
        return self.folder / f"{self.name}.py"

    def kept_starter(self, file: str) -> bytes | None:
        """A starter as it was handed out, from the copy in a student's folder, if there is one."""
        try:
            return (self.folder.parent.parent / STARTERS / self.name / file).read_bytes()
        except OSError:
            return None

    @property
    def public_checks(self) -> Path:
        return self.folder / "checks.py"

    @property
    def hidden_checks(self) -> Path | None:
        return None if self.solution is None else self.solution / "hidden_checks.py"

    @property
    def reference(self) -> Path | None:
        return None if self.solution is None else self.solution / f"{self.name}.py"


def load_assignment(
    folder: Path,
    solution: Path | None,
    datasets: Path,
    packages: tuple[str, ...] = (),
    *,
    spec: Spec | None = None,
) -> Assignment:
    """Read `assignments/<name>` and, if there is one, its solution. packages: the course's.
    spec: instead of what its assignment.toml says.

    Raises SpecError with the file, the key and the remedy.
    """
    spec_path = folder / SPEC_NAME
    spec = spec or read_spec(spec_path)
    if solution is not None and not solution.is_dir():
        solution = None
    # The names come from the reference where there is one, else from the starter as the kit keeps
    # it: the file in the student's folder is the one that they write, and may not even parse.
    name = folder.name
    source = folder / f"{name}.py" if solution is None else solution / f"{name}.py"
    kept = folder.parent.parent / STARTERS / name / f"{name}.py"
    if solution is None and kept.is_file():
        source = kept
    # A student may have moved on to a notebook and have deleted the starter.
    functions = _signatures(source, required=solution is not None)
    data = {}
    for entry in spec.data:
        path = datasets / entry
        if not path.is_file():
            raise SpecError(f"{spec_path}: data file {entry!r} is not in {datasets}; add it there")
        data[path.name] = path
    packages = joined((packages, spec.packages))
    public = _digest(
        [("spec", _canonical(spec, packages)), *_contents([folder / "checks.py"], data)]
    )
    version = public
    if solution is not None:
        version = _digest([("public", public.encode()), *_contents(sorted(solution.glob("*.py")))])
    return Assignment(name, folder, solution, spec, functions, data, packages, public, version)


def read_spec(path: Path) -> Spec:
    """Parse an `assignment.toml`. Raises SpecError."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise SpecError(f"{path} is missing; every assignment needs one") from None
    except OSError as exc:
        raise SpecError(f"{path} cannot be read: {exc}") from None
    return parse_spec(path, data)


def parse_spec(path: Path, data: bytes) -> Spec:
    """What an `assignment.toml` says that holds `data`. path: for messages. Raises SpecError."""
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        raw = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as exc:
        raise SpecError(f"{path} cannot be read: {exc}") from None
    try:
        return Spec.model_validate(raw)
    except ValidationError as exc:
        raise SpecError(describe_invalid(path, exc)) from None


def describe_invalid(path: Path, exc: ValidationError) -> str:
    """A validation error as one line with the file and the key."""
    # A key that is misspelt explains the one that is missing, and not the other way round.
    errors = exc.errors()
    error = next((each for each in errors if each["type"] == "extra_forbidden"), errors[0])
    key = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        return f"{path}: unknown key `{key}`; correct its spelling or remove it"
    if error["type"] == "missing":
        return f"{path}: the key `{key}` is missing; add it"
    if error["type"] == "timezone_aware":
        return f"{path}: `{key}` needs an offset from UTC, such as 2026-12-18T23:59:00+01:00"
    if error["type"].startswith("datetime"):
        return f"{path}: `{key}` is no time; write one such as 2026-12-18T23:59:00+01:00"
    told = error["msg"].replace("a valid tuple", "a list")
    return f"{path}: `{key}`: {told[0].lower() + told[1:]}"


def _signatures(path: Path, *, required: bool) -> dict[str, tuple[str, ...]]:
    """The public functions, classes and methods of a module and their parameters, without running
    it. A class has the parameters of its `__init__`; a method is named "Model.fit", without self.
    """
    try:
        tree = parse(path.read_bytes())
    except FileNotFoundError:
        if not required:
            return {}
        raise SpecError(f"{path} is missing; it defines what students hand in") from None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    return {
        name: parameters_of(name, node)
        for name, node in callables_of(tree.body)
        if not any(part.startswith("_") for part in name.split("."))
    }


def _canonical(spec: Spec, packages: tuple[str, ...]) -> bytes:
    """A specification in a form that is the same for the kit's copy, which is generated.

    packages: with those of the course.
    """
    told = spec.public("json") | ({"packages": packages} if packages else {})
    return json.dumps(told, sort_keys=True).encode()


def _contents(
    paths: Iterable[Path], data: Mapping[str, Path] | None = None
) -> Iterator[tuple[str, bytes]]:
    """Files by name. The starter is never among them: for a student it is the submission."""
    yield from ((path.name, path.read_bytes()) for path in paths if path.is_file())
    yield from ((name, path.read_bytes()) for name, path in sorted((data or {}).items()))


def _digest(named: Iterable[tuple[str, bytes]]) -> str:
    digest = hashlib.sha256()
    for name, content in named:
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
