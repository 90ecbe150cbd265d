"""Made-up reports, and a class whose every text tries to be more than text."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

from grader._internal.clock import now_utc
from grader.reports.pages import Listing, list_code
from grader.reports.schema import (
    CheckResult,
    Environment,
    FigureFile,
    Message,
    Outcome,
    Report,
    Visibility,
)
from grader.submission.files import Submission
from grader.submission.program import Part, Program

# Each would do something, or look like something else, where it were not taken as text.
HOSTILE = (
    "<script>window.pwned = 1; alert(1)</script>",
    "</style></pre></title></textarea><img src=x onerror='window.pwned = 1'>",
    "<!-- --><svg/onload=window.pwned=1><iframe src='http://127.0.0.1:9/'></iframe>",
    '"\' autofocus onfocus=window.pwned=1 x="',
    "]]>{{ 7 * 7 }}{% include '/etc/passwd' %}${7*7}&lt;b&gt;&#60;i&#62;",
    "javascript:window.pwned=1//",
    "<meta http-equiv=refresh content='0;url=http://127.0.0.1:9/'><base href='http://127.0.0.1:9/'>",
    "@import url(http://127.0.0.1:9/a.css); } * { display: none }",
    "\u202egnp.exe\u2066 \x1b[31mred\x1b[0m \x00\x07\x7f\u200b\ufeff\x85\u2028",
    "x" * 3_000,
)


def picture(width: int = 8, height: int = 4) -> bytes:
    """A small grey PNG; its header tells the size that is asked for."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\x80" * 8 for _ in range(4)))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def check(
    title: str = "a claim",
    outcome: str = "failed",
    *,
    message: str | Message | None = "wrong value",
    diagnosis: str | None = None,
    visibility: str = "visible",
    figures: tuple[FigureFile, ...] = (),
) -> CheckResult:
    """One check worth three points. message: of a text, the summary alone."""
    passed = outcome == "passed"
    said = Message(summary=message) if isinstance(message, str) else message
    return CheckResult(
        id="checks::test_it",
        title=title,
        max_points=3,
        points=3 if passed else 0,
        outcome=Outcome(outcome),
        message=None if passed else said,
        diagnosis=diagnosis,
        visibility=Visibility(visibility),
        duration_s=0.0123,
        figures=figures,
    )


def report(
    *checks: CheckResult,
    student: str = "ada",
    warnings: tuple[str, ...] = (),
    stdout: str = "",
    seed: str = "5eed",
) -> Report:
    """The staff's report of these checks."""
    environment = Environment(
        python="3", numpy="2", matplotlib="3", platform="x", grader="0", grader_sha256="0"
    )
    return Report(
        audience="staff",
        assignment="demo",
        assignment_version="0",
        submission_sha256="f" * 64,
        student=student,
        seed=seed,
        environment=environment,
        isolation="none",
        started_at=now_utc(),
        duration_s=1.5,
        score=sum(item.points for item in checks),
        max_score=sum(item.max_points for item in checks),
        checks=checks,
        warnings=warnings,
        stdout_tail=stdout,
    )


def listing(**parts: str | bytes) -> Listing:
    """The listing of a submission of these parts: `demo` is demo.py, `cell_2` is cell 2."""
    made = []
    for name, source in parts.items():
        label = name.replace("_", " ") if name.startswith("cell") else f"{name}.py"
        made.append(Part(label, label, source if isinstance(source, bytes) else source.encode()))
    return list_code(Program("demo", tuple(made)), Submission({}, ""))


@dataclass(frozen=True)
class Hostile:
    """A submission whose every text is hostile, as both reports, its code and its pictures."""

    staff: Report
    student: Report
    code: Listing
    pictures: dict[str, bytes]
    texts: tuple[str, ...]


def hostile() -> Hostile:
    """See `Hostile`. Each text of HOSTILE stands in each field at least once."""
    checks = []
    pictures = {}
    for index, text in enumerate(HOSTILE):
        name = f"figures/{index}/{text[:40]}.png"
        pictures[name] = picture()
        message = Message(
            summary=text,
            expected=text,
            got=text,
            hint=text,
            traceback=f"{text}\n  {text[:60]}.py, line 1, in {text}: {text}",
        )
        figures = (FigureFile(title=text, file=name),)
        for outcome in ("failed", "error", "passed", "grader_error"):
            made = check(text, outcome, message=message, diagnosis=text, figures=figures)
            checks.append(made)
    everything = " ".join(HOSTILE)
    staff = report(
        *checks, student=everything, warnings=HOSTILE, stdout="\n".join(HOSTILE), seed=everything
    )
    source = "".join(f"x = {text!r}\n# {text}\n'''{text}'''\n" for text in HOSTILE).encode()
    files = {f"{text[:60]}.py": source for text in HOSTILE}
    parts = tuple(Part(name, name, data) for name, data in files.items())
    code = list_code(Program("demo", parts), Submission(files, ""))
    return Hostile(staff, staff.for_student(HOSTILE, everything), code, pictures, HOSTILE)
