"""The course: the folder with pyproject.toml and assignments/, and for staff also solutions/.

The course's settings are in pyproject.toml under [tool.grader]. What this machine's user told us
(student id, destination) and what only staff may know (the key from which the hidden checks' seeds
are derived) is kept in `.grader/`, which is never released or committed.
"""

from __future__ import annotations

import base64
import contextlib
import difflib
import hashlib
import hmac
import json
import os
import secrets
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from grader._internal.files import write_atomically
from grader.course.assignment import (
    SPEC_NAME,
    Assignment,
    Spec,
    describe_invalid,
    load_assignment,
    read_spec,
)
from grader.course.feedback import Feedback
from grader.course.packages import PackageName, joined
from grader.course.server_settings import ServerSettings
from grader.course.total import TotalRules
from grader.errors import CourseError

KEY_VARIABLE = "GRADER_KEY"
PUBLIC_SEED = "public"
BY_SUBMISSION = "by-submission-"  # a seed that begins so gives each submission inputs of its own


class LatePolicy(BaseModel):
    """[tool.grader.late]: what handing in late costs; nothing if the table is missing.

    A day that has begun counts; it ends at the due date's time of day in the course's time zone,
    or after 24 hours if there is none. percent_per_day: taken off for each day that
    is not covered by a free day, but never more than max_percent in total. percent_of: a percentage
    of the points earned, or of the maximum. free_days: a budget for the whole course, used in the
    order of due dates; beyond it percent_per_day applies, or, if that is 0, nothing is accepted.
    cut_off_days: nothing is accepted more than this many days after the due date.
    grace_minutes: a submission within this time after the due date is on time.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)  # true is no number

    percent_per_day: float = Field(default=0, ge=0, le=100)
    percent_of: Literal["earned", "maximum"] = "earned"
    max_percent: float = Field(default=100, ge=0, le=100)
    free_days: int = Field(default=0, ge=0)
    cut_off_days: int | None = Field(default=None, ge=0)
    grace_minutes: float = Field(default=0, ge=0, allow_inf_nan=False)


class Settings(BaseModel):
    """[tool.grader] of the course's pyproject.toml. An unknown key is an error.

    name: the course's name. destination: the folder that `submit` delivers to. gradebook: a file,
    or a URL such as postgresql://host/course. roster: a CSV file. attempts: which of a student's
    submissions counts. rounding: final points are a multiple of it. timezone: such as
    Europe/Berlin; an extension by a day keeps the time of day there, and local times in a download
    are read in it. claimed_members: whether a submission counts for everybody whom its manifest
    names as a member, or only for the members of one group on the roster. seeds: whether
    hidden checks have the same inputs for every submission of a homework, or each its own.
    feedback: from when on students see what. server: of the web server. total: how the homeworks
    become one figure. packages: what every homework may import in addition to numpy and matplotlib.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = "Course"
    destination: str | None = None
    gradebook: str | None = None
    roster: str | None = None
    attempts: Literal["last", "best"] = "last"
    late: LatePolicy = LatePolicy()
    rounding: float = Field(default=0.01, gt=0, allow_inf_nan=False, strict=True)
    timezone: str | None = None
    claimed_members: bool = Field(default=False, strict=True)
    seeds: Literal["homework", "submission"] = "homework"
    feedback: Feedback = Feedback()
    server: ServerSettings = ServerSettings()
    total: TotalRules = TotalRules()
    packages: tuple[PackageName, ...] = ()


class LastCheck(BaseModel):
    """What the last `check` of a whole homework found.

    work: the digest of the files that were checked. outcomes: by the check's id.
    """

    model_config = ConfigDict(extra="allow")

    score: float
    max_score: float
    work: str = ""
    outcomes: dict[str, str] = {}

    @property
    def passed_all(self) -> bool:
        """Whether there was no check that did not pass."""
        return set(self.outcomes.values()) == {"passed"}


class _Memory(BaseModel):
    """What `Course.remember` keeps in a file that anybody may have edited."""

    model_config = ConfigDict(extra="allow")

    student: str | None = None
    destination: str | None = None
    checks: dict[str, LastCheck] = {}
    hints: dict[str, dict[str, int]] = {}
    partners: dict[str, list[str]] = {}


@dataclass(frozen=True)
class Course:
    """A course's folder and its settings."""

    root: Path
    settings: Settings

    @property
    def names(self) -> list[str]:
        """Its assignments, in alphabetical order."""
        return sorted(path.parent.name for path in self.root.glob(f"assignments/*/{SPEC_NAME}"))

    @property
    def known_names(self) -> list[str]:
        """Those of `names` whose specification is known: here all, and a broken one is told."""
        return self.names

    @property
    def by_due_date(self) -> list[str]:
        """Its assignments in the order of their due dates. Raises SpecError for a broken one."""
        due = {name: self.spec(name).due_or_never for name in self.known_names}
        return sorted(due, key=lambda name: (due[name], name))

    @property
    def zone(self) -> tzinfo | None:
        """Its time zone, None if it names none. Raises CourseError for one that is unknown."""
        name = self.settings.timezone
        if name is None:
            return None
        try:
            return ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise CourseError(
                f"timezone {name!r} in [tool.grader] is unknown; name one such as Europe/Berlin"
            ) from None

    def assignment(self, name: str) -> Assignment:
        """Load one by name. Raises CourseError if there is none, SpecError if it is broken."""
        return load_assignment(*self._places(name))

    def files_for_grading(self, name: str) -> list[Path]:
        """The files of an assignment and its solution, and its data. Raises as `assignment`."""
        assignment = self.assignment(name)
        folders = [folder for folder in (assignment.folder, assignment.solution) if folder]
        paths = [path for folder in folders for path in sorted(folder.glob("*.*"))]
        return [path for path in (*paths, *assignment.data.values()) if path.is_file()]

    def spec(self, name: str) -> Spec:
        """What an assignment.toml says, without loading the rest. Raises as `assignment`."""
        self._require(name)
        return read_spec(self.root / "assignments" / name / SPEC_NAME)

    def packages(self, name: str) -> tuple[str, ...]:
        """What a homework may import beside numpy and matplotlib. Raises as `assignment`."""
        return joined((self.settings.packages, self.spec(name).packages))

    def feedback(self, name: str) -> Feedback:
        """From when on students see what of a homework's results. Raises as `assignment`."""
        return self.spec(name).feedback.over(self.settings.feedback)

    def _places(self, name: str) -> tuple[Path, Path, Path, tuple[str, ...]]:
        """Where an assignment lies, as `load_assignment` takes it. Raises CourseError."""
        self._require(name)
        root = self.root
        places = root / "assignments" / name, root / "solutions" / name, root / "datasets"
        return *places, self.settings.packages

    def _require(self, name: str) -> None:
        if name not in self.names:
            begun = [each for each in self.names if name and each.startswith(name)]
            near = difflib.get_close_matches(name, self.names, n=1) or begun
            remedy = f"did you mean `{near[0]}`?" if near else f"there are: {', '.join(self.names)}"
            raise CourseError(f"no assignment `{name}` in {self.root / 'assignments'}; {remedy}")

    def enclosing_assignment(self, folder: Path) -> str | None:
        """The homework whose folder contains this folder, if any."""
        for path in (folder, *folder.parents):
            if path.parent == self.root / "assignments" and path.name in self.names:
                return path.name
        return None

    @property
    def memory(self) -> Path:
        """The folder for what the user of this machine told us and did."""
        return self.root / ".grader"

    def remembered(self) -> dict[str, Any]:
        """What `remember` kept; empty if there is nothing or the file is damaged."""
        try:
            kept = _Memory.model_validate_json(self._memory.read_bytes())
        except (OSError, ValidationError):
            return {}
        return kept.model_dump(exclude_unset=True)

    def remember(self, **values: Any) -> None:
        """Keep values for the next command. Raises CourseError if the folder is not writable."""
        kept = {**self.remembered(), **values}
        text = json.dumps(kept, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
        try:
            write_atomically(self._memory, text.encode())
        except OSError as exc:
            raise CourseError(f"cannot write {self._memory}: {exc.strerror}") from None

    def last_check(self, assignment: str) -> LastCheck | None:
        """What the last check of a homework found, if it is known."""
        kept = self.remembered().get("checks", {}).get(assignment)
        return None if kept is None else LastCheck.model_validate(kept)

    def remember_check(self, assignment: str, found: LastCheck) -> None:
        """Keep what a check of the whole homework found. If the folder cannot be written, `check`
        does not fail for that."""
        checks = {**self.remembered().get("checks", {}), assignment: found.model_dump()}
        with contextlib.suppress(CourseError):
            self.remember(checks=checks)

    def hints_shown(self, assignment: str, check: str) -> int:
        """How many hints of a check have been shown so far."""
        return int(self.remembered().get("hints", {}).get(assignment, {}).get(check, 0))

    def remember_hints(self, assignment: str, check: str, count: int) -> None:
        """Keep how many hints of a check were shown."""
        hints = {**self.remembered().get("hints", {})}
        hints[assignment] = {**hints.get(assignment, {}), check: count}
        with contextlib.suppress(CourseError):
            self.remember(hints=hints)

    def partners(self, assignment: str) -> list[str]:
        """The partners with whom a homework was last handed in."""
        return list(self.remembered().get("partners", {}).get(assignment, []))

    def remember_partners(self, assignment: str, partners: Sequence[str]) -> None:
        """Keep the partners with whom a homework was handed in. Raises as `remember`."""
        kept = self.remembered().get("partners", {})
        self.remember(partners={**kept, assignment: list(partners)})

    @property
    def _memory(self) -> Path:
        return self.memory / "remembered.json"

    def secret_seed(self, assignment: str) -> str:
        """The seed of an assignment's hidden checks, from the key that only staff hold.

        The key is the variable GRADER_KEY or the file .grader/key, which is made if missing.
        Raises CourseError if it can be neither read nor made.
        """
        seed = self._derived(assignment)[:32]
        return BY_SUBMISSION + seed if self.settings.seeds == "submission" else seed

    def pseudonym(self, assignment: str, name: str) -> str:
        """What a student is called in one homework, for markers who must not know who they are.

        It is the same each time, tells nothing of the name to who has no key, and differs from
        homework to homework. Raises as `secret_seed`.
        """
        code = self._derived(f"pseudonym\0{assignment}\0{name}")
        letters = base64.b32encode(bytes.fromhex(code)).decode()
        return f"{letters[:5]}-{letters[5:10]}"

    def _derived(self, text: str) -> str:
        key = os.environ.get(KEY_VARIABLE) or self._key_file()
        return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()

    def _key_file(self) -> str:
        path = self.memory / "key"
        try:
            path.parent.mkdir(exist_ok=True)
            with open(path, "x", opener=_owner_only) as file:
                file.write(secrets.token_hex(32) + "\n")
        except FileExistsError:
            pass
        except OSError as exc:
            raise CourseError(
                f"cannot create {path}: {exc.strerror}; set {KEY_VARIABLE} to a long random text"
            ) from None
        try:
            key = path.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError) as exc:
            raise CourseError(
                f"cannot read {path}: {exc}; correct that, or set {KEY_VARIABLE} instead"
            ) from None
        if len(key) < 16:
            raise CourseError(
                f"{path} does not contain a key; delete the file, and a new key is created"
            )
        return key


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def find_course(start: Path) -> Course:
    """The course that contains `start`: the nearest folder upwards that contains assignments/.

    Raises CourseError.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if any(folder.glob(f"assignments/*/{SPEC_NAME}")):
            return Course(folder, _read_settings(folder / "pyproject.toml"))
    raise CourseError(
        f"{start} is not in a course: neither it nor a folder above it contains "
        f"assignments/<name>/{SPEC_NAME}; go to the course's folder or name it with --course"
    )


def _read_settings(path: Path) -> Settings:
    if not path.exists():
        return Settings()
    try:
        table = (
            tomllib.loads(path.read_text(encoding="utf-8-sig")).get("tool", {}).get("grader", {})
        )
        return Settings.model_validate(table)
    except ValidationError as exc:
        raise CourseError("[tool.grader] in " + describe_invalid(path, exc)) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as exc:
        raise CourseError(f"{path} cannot be read: {exc}") from None
