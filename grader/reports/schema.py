"""The result of grading one submission: what is written as JSON, for staff and for the student.

One schema, two readers. The staff's report has everything. `Report.for_student` makes the other
one: what could carry a hidden check's inputs is null there, because student code sees those inputs
and can print them, raise them, draw them or wait for a time that spells them. For the same reason
a hidden check only passes or fails there: code could crash for a 1 and loop for a 0.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, computed_field, model_validator

from grader._internal.message_lines import Line, lines_of
from grader._internal.text import Text, reported
from grader.reports.grade_sheet import GradeSheet

SCHEMA_VERSION: Final = 2
OUR_FAULT = (
    "this check could not be judged; its points stay open until the course staff have looked at it"
)


class Outcome(StrEnum):
    """How a check ended. Only `passed` gives points."""

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
        """One character, so that outcomes are never distinguished by colour alone."""
        signs = {Outcome.PASSED: "✓", Outcome.FAILED: "✗", Outcome.NOT_ATTEMPTED: "–"}
        return signs.get(self, "!")


class Visibility(StrEnum):
    """Who sees more of a check than its title and outcome. The words are Gradescope's."""

    VISIBLE = "visible"
    AFTER_DUE_DATE = "after_due_date"
    AFTER_PUBLISHED = "after_published"
    HIDDEN = "hidden"


class _ReportModel(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FigureFile(_ReportModel):
    """A picture that the submission drew. `file` is relative to the report; null if not kept."""

    title: Text
    file: str | None


class Message(_ReportModel):
    """The message of a check, in parts. Only the summary is always there.

    Each part is identified only by its field, so that text from a student stays in the part that
    quotes it, whatever it looks like.
    """

    summary: Text = Field(
        description="the fact in one line; in a report written in version 1 of the schema, the "
        "whole message"
    )
    expected: Text | None = Field(default=None, description="what a correct solution gives")
    got: Text | None = Field(default=None, description="what the submission gave")
    where: Text | None = Field(default=None, description="the place of the worst difference")
    hint: Text | None = Field(default=None, description="what to look at next")
    see: Text | None = Field(default=None, description="the place in the handout that explains it")
    traceback: Text | None = Field(
        default=None,
        description="the other lines of an exception's text, and the lines of the student's code "
        "that led to it",
    )
    output: Text | None = Field(
        default=None,
        description="the end of what the student's code printed during a public check, and the "
        "warnings that Python and numpy gave of it",
    )

    @property
    def headline(self) -> str:
        """The first line of the summary."""
        return self.summary.partition("\n")[0]

    @property
    def labelled(self) -> tuple[tuple[str, str], ...]:
        """The parts that are shown with their names, as far as they are there."""
        named = {name: getattr(self, name) for name in ("expected", "got", "where", "hint", "see")}
        return tuple((name, value) for name, value in named.items() if value is not None)

    @property
    def without_output(self) -> Message:
        """The message itself: two checks with the same one may have printed different things."""
        return self if self.output is None else self.model_copy(update={"output": None})

    def lines(self, diagnosis: str | None = None) -> tuple[Line, ...]:
        """The message as lines for people; a diagnosis comes last, as `likely:`."""
        likely = [] if diagnosis is None else [("likely", diagnosis)]
        labelled = [*self.labelled, *likely]
        return tuple(lines_of(self.summary, self.traceback, labelled, self.output))

    @property
    def output_lines(self) -> tuple[Line, ...]:
        """The lines that show what was printed."""
        return tuple(lines_of("", None, (), self.output))[1:]

    def rendered(self, diagnosis: str | None = None) -> str:
        """Those lines as one text."""
        return "\n".join(map(str, self.lines(diagnosis)))


class CheckResult(_ReportModel):
    """One check of one submission.

    diagnosis: the mistake by name, where it is known. `duration_s`, `message`, `text` and
    `diagnosis` are null in the student's report of a check that is not visible to them; but where
    it could not be judged, the message says so.
    """

    id: str
    title: Text
    max_points: float = Field(ge=0)
    points: float = Field(ge=0)
    outcome: Outcome
    message: Message | None
    diagnosis: Text | None
    visibility: Visibility
    duration_s: float | None
    figures: tuple[FigureFile, ...] = ()
    bonus: bool = Field(
        default=False, description="whether the points come on top of the report's max_score"
    )

    @computed_field(  # type: ignore[prop-decorator]  # mypy knows no decorator above a property
        description="the message as text, for programs that read version 1; it will be removed "
        "in the next version"
    )
    @property
    def text(self) -> str | None:
        """The message as text."""
        return None if self.message is None else self.message.rendered()

    def for_student(self) -> CheckResult:
        """The check in the student's report."""
        # A fault of the grader quotes the lines that failed, some of which may be the solution's.
        told = Message(summary=OUR_FAULT) if self.outcome is Outcome.GRADER_ERROR else None
        if self.visibility is Visibility.VISIBLE:
            return self if told is None else self.model_copy(update={"message": told})
        hidden = {"message": told, "diagnosis": None, "duration_s": None, "figures": ()}
        # How a check did not pass is a word that the student's code chooses. A fault of ours is
        # told: it costs no points silently, and staff look at every one.
        open_to_them = (Outcome.PASSED, Outcome.GRADER_ERROR)
        outcome = self.outcome if self.outcome in open_to_them else Outcome.FAILED
        return self.model_copy(update={**hidden, "outcome": outcome})

    @model_validator(mode="before")
    @classmethod
    def _without_text(cls, data: Any) -> Any:
        """What a file says of `text` is not read: it follows from the message."""
        if not isinstance(data, dict):
            return data
        return {name: value for name, value in data.items() if name != "text"}


class StaffComment(_ReportModel):
    """What staff wrote about a place in the work.

    file: as messages call it, with its line from 1; null for the whole work or a figure. figure:
    its title in the report. points: what the comment adds, or takes off.
    """

    file: Text | None = None
    line: int | None = Field(default=None, ge=1)
    figure: Text | None = None
    text: Text
    points: float = 0.0

    @property
    def place(self) -> str:
        """Where it belongs, for people; "" for the whole work."""
        if self.figure is not None:
            return f"figure {self.figure}"
        return "" if self.file is None else f"{self.file}, line {self.line}"

    @property
    def told(self) -> str:
        """All of it in one line."""
        return f"{self.place}: {self.said}" if self.place else self.said

    @property
    def said(self) -> str:
        """The text with its points."""
        return self.text if not self.points else f"{self.text} ({self.points:+.10g} points)"


class Environment(_ReportModel):
    """The versions that a result depends on.

    grader: the version, for people. grader_sha256: the fingerprint of those parts of this package
    that results depend on (`grader.engine.fingerprint`). packages: the versions of those that the
    homework names, by name.
    """

    python: str
    numpy: str
    matplotlib: str
    platform: str
    grader: str
    grader_sha256: str
    packages: dict[str, str] = {}


class Report(_ReportModel):
    """Everything known of one graded submission."""

    schema_version: Literal[2] = SCHEMA_VERSION
    audience: Literal["staff", "student"]
    assignment: str
    assignment_version: str = Field(
        description="SHA-256 over what a result depends on: the specification, the public checks, "
        "the data, and for staff the solution"
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
    grade: GradeSheet | None = Field(
        default=None,
        description="the whole grade part by part, in a report that was written out of the "
        "gradebook; a report without one has no such key",
    )
    comments: tuple[StaffComment, ...] = Field(
        default=(),
        description="what staff wrote about places in the work, in a report that was written out "
        "of the gradebook; a report without any has no such key",
    )

    @model_validator(mode="before")
    @classmethod
    def _of_this_version(cls, data: Any) -> Any:
        """A report as version 1 wrote it, brought to this version."""
        if isinstance(data, dict) and data.get("schema_version") == 1:
            return _from_version_1(data)
        return data

    @property
    def faults(self) -> tuple[CheckResult, ...]:
        """The checks that could not be judged because of a fault of the grader."""
        return tuple(check for check in self.checks if check.outcome is Outcome.GRADER_ERROR)

    def for_student(self, warnings: tuple[str, ...], stdout_tail: str) -> Report:
        """The student's report.

        warnings, stdout_tail: those from before the first hidden check began. Later ones may
        contain what a hidden check sent.
        """
        return self.model_copy(
            update={
                "audience": "student",
                "seed": None,
                "duration_s": None,
                "checks": tuple(check.for_student() for check in self.checks),
                "warnings": tuple(reported(warning) for warning in warnings),
                "stdout_tail": reported(stdout_tail),
            }
        )

    def to_json(self) -> str:
        """The text of the report's file: indented, with a newline at the end."""
        empty = {"grade": self.grade is None, "comments": not self.comments}
        without = {name for name, is_empty in empty.items() if is_empty}
        return self.model_dump_json(indent=2, exclude=without) + "\n"


def _from_version_1(data: dict[str, Any]) -> dict[str, Any]:
    """In version 1 a check's message was one text, which becomes the summary: its parts are
    unknown.

    Anything that does not fit version 1 is left as it is, for the schema to refuse.
    """
    checks = data.get("checks")
    if not isinstance(checks, list):
        return data
    brought = [
        {**check, "message": {"summary": check["message"]}}
        if isinstance(check, dict) and isinstance(check.get("message"), str)
        else check
        for check in checks
    ]
    return {**data, "schema_version": SCHEMA_VERSION, "checks": brought}


def read_report(path: Path) -> Report:
    """Load a report of this version or the one before.

    Raises OSError or pydantic's ValidationError.
    """
    return Report.model_validate_json(path.read_bytes())
