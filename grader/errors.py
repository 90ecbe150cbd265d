"""Every error that crosses the boundary of a module of this package.

    GraderError
    ├── UsageError              wrong use or unusable input: exit code 2
    │   ├── CourseError         no course here, or its settings are wrong
    │   │   └── GradebookUnavailable  its database cannot be used, perhaps only now
    │   ├── SpecError           an assignment's own files are wrong
    │   │   └── PackagesMissing  what it lets submissions import is not installed here
    │   ├── MarkConflict        somebody else marked or is marking the same answer
    │   ├── TooMany             more than the course's limit in a time: again later
    │   └── SubmissionError     a submission cannot be read
    ├── StudentFault            the submission is at fault: a typed outcome, no points
    │   ├── CheckFailed         failed         a value is wrong
    │   ├── StudentRaised       error          the student's code raised
    │   ├── NotAttempted        not_attempted  the function is still the stub
    │   ├── Blocked             blocked        it depends on something that is missing
    │   ├── TimedOut            timeout
    │   ├── OutOfMemory         out_of_memory
    │   ├── OverLimit           over_limit     output, disk or threads: the message says which
    │   ├── Crashed             crashed        the worker process ended
    │   └── Refused             refused        the worker broke the protocol or the sandbox's rules
    └── GraderFault             the grader is at fault: grader_error, never costs points silently
        ├── ProcessorTimeUp     a check, the reference or a known mistake may never end
        ├── SandboxUnavailable  student code cannot be run or isolated on this machine
        ├── ClusterUnavailable  the machines that were to grade cannot be used, perhaps only now
        └── StorageFailed       the server cannot store or read a file

A student's fault and a fault of the grader never share a type. A message is a fact and, if there
is one, a remedy.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from grader._internal.message_lines import lines_of


class GraderError(Exception):
    """Base of every error raised on purpose by this package."""


class UsageError(GraderError):
    """The command was used wrongly or its input cannot be used. Exit code 2."""


class CourseError(UsageError):
    """No course was found, or its settings cannot be read."""


class GradebookUnavailable(CourseError):
    """The database of the gradebook cannot be used; a server tries again a little later."""


class SpecError(UsageError):
    """An assignment's specification, checks or reference cannot be used as they are."""


class PackagesMissing(SpecError):
    """A package that an assignment names is not installed here, or in another version."""


class MarkConflict(UsageError):
    """Somebody else has marked the same answer meanwhile, or is marking it now."""


class TooMany(UsageError):
    """More was asked for in a time than is allowed. retry_at: when it works again, in UTC."""

    def __init__(self, message: str, retry_at: datetime) -> None:
        super().__init__(message)
        self.retry_at = retry_at


class SubmissionError(UsageError):
    """A submission cannot be read. In a batch it costs only that submission."""


class StudentFault(GraderError):
    """The submission is at fault. `outcome` is the value in the report.

    A fault carries the parts of its message, which a report keeps apart; `str` renders them.

    summary: one sentence with the fact, for example "softmax(Z) has the wrong values".
    expected, got: the two sides in words or numbers, short.
    where: the place of the worst difference, for example "[2, 0]".
    hint: what to look at next. Never the answer's code.
    traceback: what else the student's code said, and the lines of it that led to the fault.
    """

    outcome: ClassVar[str] = "error"

    def __init__(
        self,
        summary: str,
        *,
        expected: str | None = None,
        got: str | None = None,
        where: str | None = None,
        hint: str | None = None,
        traceback: str | None = None,
    ) -> None:
        super().__init__(summary)
        self.summary = summary
        self.expected = expected
        self.got = got
        self.where = where
        self.hint = hint
        self.traceback = traceback

    def __str__(self) -> str:
        named = {name: getattr(self, name) for name in ("expected", "got", "where", "hint")}
        labelled = [(name, value) for name, value in named.items() if value is not None]
        return "\n".join(map(str, lines_of(self.summary, self.traceback, labelled)))


class CheckFailed(StudentFault):
    """A value is wrong.

    The other arguments are those of `StudentFault`. diagnosis: the mistake by name, if it is
    known for certain; else None. factor: where everything that came is one number times what was
    expected, that number.
    """

    outcome = "failed"

    def __init__(
        self,
        summary: str,
        *,
        expected: str | None = None,
        got: str | None = None,
        where: str | None = None,
        hint: str | None = None,
        diagnosis: str | None = None,
        factor: float | None = None,
    ) -> None:
        super().__init__(summary, expected=expected, got=got, where=where, hint=hint)
        self.diagnosis = diagnosis
        self.factor = factor


class StudentRaised(StudentFault):
    """The student's code raised an exception; the traceback holds their own frames only.

    kind, said: the exception's type and the first line of its text, if there was an exception.
    whole: it prevents everything, as a syntax error does, not just one function.
    stub: the method, such as "Model.fit", that raised a NotImplementedError. The other arguments
    are those of `StudentFault`.
    """

    outcome = "error"

    def __init__(
        self,
        summary: str,
        *,
        kind: str | None = None,
        said: str = "",
        expected: str | None = None,
        hint: str | None = None,
        traceback: str | None = None,
        whole: bool = False,
        stub: str | None = None,
    ) -> None:
        super().__init__(summary, expected=expected, hint=hint, traceback=traceback)
        self.stub = stub
        self.kind = kind
        self.said = said
        self.whole = whole


class NotAttempted(StudentFault):
    """The function still raises the starter's NotImplementedError."""

    outcome = "not_attempted"


class Blocked(StudentFault):
    """The check depends on something else that is not there yet."""

    outcome = "blocked"


class TimedOut(StudentFault):
    """A call or the whole submission ran longer than it may."""

    outcome = "timeout"


class OutOfMemory(StudentFault):
    """The memory limit was reached, according to the kernel."""

    outcome = "out_of_memory"


class OverLimit(StudentFault):
    """Output, disk or threads went over their limit; the message says which."""

    outcome = "over_limit"


class Crashed(StudentFault):
    """The worker process ended in the middle of a call."""

    outcome = "crashed"


class Refused(StudentFault):
    """The worker broke the protocol, or the sandbox's filter ended it."""

    outcome = "refused"


class GraderFault(GraderError):
    """The grader is at fault. This never costs the student points silently."""


class ProcessorTimeUp(GraderFault):
    """Code of a homework's authors was stopped, which may never end."""


class SandboxUnavailable(GraderFault):
    """Student code cannot be run, or cannot be isolated, on this machine."""


class ClusterUnavailable(GraderFault):
    """A Dask cluster cannot be reached, or its workers cannot grade. No submission is to blame."""


class StorageFailed(GraderFault):
    """The server cannot store or read a file, for example because its disk is full."""
