"""The result of grading one submission: what is written as JSON, for staff and for the student.

One schema, two readers. The staff's report has everything. `Report.for_student` makes the other
one: what could carry a hidden check's inputs is null there, because student code sees those inputs
and can print them, raise them, draw them or wait for a time that spells them.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from grader._internal.text import Text, reported

SCHEMA_VERSION = 1
OUR_FAULT = "the grader itself failed here, not your code; staff can see why"


class Outcome(StrEnum):
    """How a check ended. Points come from `passed` alone."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    NOT_ATTEMPTED = "not_attempted"
    TIMEOUT = "timeout"
    OUT_OF_MEMORY = "out_of_memory"
    OVER_LIMIT = "over_limit"
    CRASHED = "crashed"
    REFUSED = "refused"
    BLOCKED = "blocked"
    GRADER_ERROR = "grader_error"

    @property
    def words(self) -> str:
        """For people: "not attempted"."""
        return self.value.replace("_", " ")

    @property
    def sign(self) -> str:
        """One character, so that colour is never the only thing that tells outcomes apart."""
        signs = {Outcome.PASSED: "✓", Outcome.FAILED: "✗", Outcome.NOT_ATTEMPTED: "–"}
        return signs.get(self, "!")


class Visibility(StrEnum):
    """Who sees more of a check than its title and outcome. The words are Gradescope's."""

    VISIBLE = "visible"
    AFTER_DUE_DATE = "after_due_date"
    AFTER_PUBLISHED = "after_published"
    HIDDEN = "hidden"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FigureFile(_Frozen):
    """A picture that the submission drew. `file` is relative to the report; null if not kept."""

    title: Text
    file: str | None


class CheckResult(_Frozen):
    """One check of one submission.

    message: the fact, with expected, got, where and hint on lines of their own. diagnosis: the
    mistake by name, where it is known. `duration_s`, `message` and `diagnosis` are null in the
    student's report of a check that is not visible to them.
    """

    id: str
    title: Text
    max_points: float = Field(ge=0)
    points: float = Field(ge=0)
    outcome: Outcome
    message: Text | None
    diagnosis: Text | None
    visibility: Visibility
    duration_s: float | None
    figures: tuple[FigureFile, ...] = ()


class Environment(_Frozen):
    """The versions that a result depends on.

    grader: the version, for people. grader_sha256: the fingerprint of those parts of this package
    that results depend on (`grader.engine.fingerprint`).
    """

    python: str
    numpy: str
    matplotlib: str
    platform: str
    grader: str
    grader_sha256: str


class Report(_Frozen):
    """Everything known of one graded submission."""

    schema_version: Literal[1] = 1
    audience: Literal["staff", "student"]
    assignment: str
    assignment_version: str = Field(
        description="SHA-256 over what a result depends on: the specification, the public checks, "
        "the data, and at staff's the solution"
    )
    submission_sha256: str
    student: Text
    seed: str | None = Field(description="null in the student's report")
    environment: Environment
    isolation: str = Field(description="full, landlock, or none")
    started_at: AwareDatetime
    duration_s: float | None = Field(description="null in the student's report")
    score: float
    max_score: float
    checks: tuple[CheckResult, ...]
    warnings: tuple[Text, ...]
    stdout_tail: Text | None

    @property
    def faults(self) -> tuple[CheckResult, ...]:
        """The checks that could not be judged through a fault of ours."""
        return tuple(check for check in self.checks if check.outcome is Outcome.GRADER_ERROR)

    def for_student(self, warnings: tuple[str, ...], stdout_tail: str) -> Report:
        """The student's report.

        warnings, stdout_tail: those that arose before the first hidden check began. The others
        may hold what a hidden check sent.
        """
        return self.model_copy(
            update={
                "audience": "student",
                "seed": None,
                "duration_s": None,
                "checks": tuple(_for_student(check) for check in self.checks),
                "warnings": tuple(reported(warning) for warning in warnings),
                "stdout_tail": reported(stdout_tail),
            }
        )

    def to_json(self) -> str:
        """As it stands in a file: indented, with a newline at the end."""
        return self.model_dump_json(indent=2) + "\n"


def _for_student(check: CheckResult) -> CheckResult:
    if check.visibility is Visibility.VISIBLE:
        # A fault of ours is told with the lines that failed, some of which are the solution's.
        ours = check.outcome is Outcome.GRADER_ERROR
        return check.model_copy(update={"message": OUR_FAULT}) if ours else check
    hidden = {"message": None, "diagnosis": None, "duration_s": None, "figures": ()}
    return check.model_copy(update=hidden)


def read_report(path: Path) -> Report:
    """Load a report through the schema. Raises OSError or pydantic's ValidationError."""
    return Report.model_validate_json(path.read_bytes())
