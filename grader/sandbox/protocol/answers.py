"""What a worker's answers say, read with the suspicion that they deserve.

The bytes have been decoded, so only plain values come here; but a forged answer holds any of them,
in any place, of any length. Each reader takes what it knows, cuts it short and drops the rest, so
that a message in a report stays one that a person reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from grader.errors import Blocked, NotAttempted, Refused, StudentFault, StudentRaised
from grader.sandbox.protocol.wire import Handle, Step

MAX_NOTES, MAX_NAMES, MAX_FRAMES = 20, 200, 12
MAX_NAME, MAX_LINE, MAX_TEXT = 100, 200, 1000
_MAX_NUMBER = 10**9
_CONFLICT_MARKS = ("<<<<<<< ", "=======", ">>>>>>> ")


class BadAnswer(ValueError):
    """An answer lacks what its question asks for."""


@dataclass(frozen=True)
class Note:
    """Something that went wrong at top level while a submission loaded.

    fatal: the part could not run at all (a syntax error). module: the import that failed.
    """

    part: str
    line: int | None
    kind: str
    text: str
    source: str
    module: str | None
    fatal: bool

    def __str__(self) -> str:
        place = f"{self.part}, line {self.line}" if self.line else self.part
        if self.kind == "NotImplementedError" and not self.text:
            return f"{place}: a function that is called there is not written yet"
        if self.kind == "SystemExit" and self.text in ("", "0", "1"):
            return f"{place}: the program ends there, by exit() or the like; take that call away"
        told = f"{place}: {self.kind}" + (f": {self.text}" if self.text else "")
        if self.kind == "SyntaxError" and self.source.startswith(_CONFLICT_MARKS):
            told += ", the mark of an unfinished merge; resolve the conflict"
        return told


@dataclass(frozen=True)
class CodeWarning:
    """A warning of Python's or numpy's about a line of the student's code."""

    kind: str
    text: str
    place: str
    source: str

    @property
    def is_deprecation(self) -> bool:
        """Whether it says that a later version refuses what works today."""
        return self.kind.endswith("DeprecationWarning")

    def __str__(self) -> str:
        return f"{self.kind}: {self.text} ({self.place}: {self.source})"


@dataclass(frozen=True)
class LoadAnswer:
    """What loading said: notes, the names of callables, and how many figures were drawn."""

    notes: tuple[Note, ...]
    defined: tuple[str, ...]
    figures: int


@dataclass(frozen=True)
class Answer:
    """The values of one or more calls, and the positions of arguments that were changed."""

    values: list[Any]
    changed: tuple[int, ...]


@dataclass(frozen=True)
class StepsAnswer:
    """The values of the steps that were asked for, or what ended one of them.

    error: what the worker says of it. fault: the same, typed. name, on: what that step called or
    read, and the object on which, where it was one.
    """

    values: list[Any]
    error: Any = None
    fault: StudentFault | None = None
    name: str = ""
    on: Handle | None = None


class MissingFunction(StudentRaised):
    """The submission defines no function or class of that name.

    name: the one asked for. near: one of the same object's that is like it, or "".
    """

    def __init__(self, name: str, near: str = "") -> None:
        super().__init__(f"there is no `{name}` in the submission")
        self.name = name
        self.near = near


class MissingAttribute(MissingFunction):
    """An object of the submission's has no attribute of that name. owner: what its type is called.

    As in Python it is an AttributeError, which `hasattr` knows.
    """

    def __init__(self, name: str, near: str, owner: str) -> None:
        meant = f"; did you call it `{near}`?" if near else ""
        StudentRaised.__init__(
            self, f"the submission's `{owner}` has no `{name}`{meant}", kind="AttributeError"
        )
        self.name = name
        self.near = near


def is_same(got: Any, asked: Any) -> bool:
    """Equal and of one type: a forged array would compare to an array."""
    return type(got) is type(asked) and bool(got == asked)


def loaded(value: Any) -> LoadAnswer:
    """The answer to `load`. Raises BadAnswer."""
    notes = tuple(map(_note, _list(value, "notes")[:MAX_NOTES]))
    defined = tuple(_text(name, MAX_NAME) for name in _list(value, "defined")[:MAX_NAMES])
    return LoadAnswer(notes, defined, len(_list(value, "figures")))


def called(value: Any, calls: int, arguments: int) -> Answer:
    """The answer to so many calls with at most so many arguments each. Raises BadAnswer."""
    values = _list(value, "values")
    if len(values) != calls:
        raise BadAnswer
    told = _list(value, "changed")[:arguments]
    return Answer(values, tuple(i for i in told if type(i) is int and 0 <= i < arguments))


def got(value: Any) -> tuple[bool, Any]:
    """The answer to `get`: whether it is a function, and its value if not. Raises BadAnswer."""
    if type(value) is not list or len(value) != 2:
        raise BadAnswer
    is_function = is_same(value[0], "function")
    return is_function, None if is_function else value[1]


def stepped(value: Any, steps: Sequence[Step], wanted: int) -> StepsAnswer:
    """The answer to steps, of which so many have values to return. Raises BadAnswer."""
    values = _list(value, "values")
    if "error" not in value:
        if len(values) != wanted:
            raise BadAnswer
        return StepsAnswer(values)
    number = value.get("step")
    if type(number) is not int or not 0 <= number < len(steps):
        raise BadAnswer
    step, error = steps[number], value["error"]
    owner = None if step.on is None else Handle(step.on, _text(value.get("owner"), MAX_NAME))
    return StepsAnswer([], error, fault_of(error, step.name), step.name, owner)


def flag(value: Any) -> bool:
    """The answer to a question of yes or no. Raises BadAnswer."""
    if type(value) is not bool:
        raise BadAnswer
    return value


def drawn(value: Any) -> dict[str, Any]:
    """The answer to a call that draws: figure, got and number, of any type. Raises BadAnswer."""
    answer = called(value, 1, 0).values[0]
    if type(answer) is not dict or "figure" not in answer:
        raise BadAnswer
    return answer


def warned(value: Any) -> list[CodeWarning]:
    """The warnings that stand in an answer; what has another form is left out."""
    found = []
    for entry in value[:MAX_NOTES] if type(value) is list else []:
        if type(entry) is list and [type(item) for item in entry] == [str, str, str, int, str]:
            kind, text, file, line, source = entry
            number = line if _is_line(line) else 0
            place = f"{file[:MAX_NAME]}, line {number}"
            found.append(CodeWarning(kind[:MAX_NAME], text[:MAX_LINE], place, source[:MAX_LINE]))
    return found


def fault_of(error: Any, name: str) -> StudentFault:
    """The typed fault for what the worker says. Its word can cost points, never give any."""
    if type(error) is not dict:
        return Refused("the submission's process sent a malformed error")
    if is_same(error.get("kind"), "missing"):
        return MissingFunction(*(_text(error.get(key), MAX_NAME) for key in ("text", "type")))
    if is_same(error.get("kind"), "lost"):
        return Refused("the submission's process named an object that it does not keep")
    kind, text = _text(error.get("type"), MAX_NAME), _text(error.get("text"), MAX_TEXT)
    told = error.get("frames")
    frames = [_frame(entry) for entry in told[-MAX_FRAMES:]] if type(told) is list else []
    known = [frame for frame in frames if frame is not None]
    if kind == "NotImplementedError" and known and not _is_method(known[-1][2]):
        inner = known[-1][2]
        if inner == name or len(known) == 1:
            return NotAttempted(f"`{name}` is not written yet")
        return Blocked(f"`{name}` calls `{inner}`, which is not written yet")
    # The first line is the fact. The others are the student's words: they stand with the frames.
    told = (f"{kind}: {text}" if text else kind).replace("\r\n", "\n")
    headline, *rest = told.split("\n")
    rest += [f"  {place}, line {line}, in {where}: {code}" for place, line, where, code in known]
    return StudentRaised(
        headline,
        kind=kind,
        said=text.partition("\n")[0],
        traceback="\n".join(rest) if rest else None,
        stub=known[-1][2] if kind == "NotImplementedError" and known else None,
    )


def _list(value: Any, key: str) -> list[Any]:
    if type(value) is not dict or type(value.get(key)) is not list:
        raise BadAnswer
    found: list[Any] = value[key]
    return found


def _text(value: Any, most: int) -> str:
    """A text, cut; of anything else what Python calls it, which is bounded as the frame was."""
    return value[:most] if type(value) is str else str(value)[:most]


def _note(raw: Any) -> Note:
    if type(raw) is not dict or not {"part", "line", "type", "text", "source", "module"} <= {*raw}:
        raise BadAnswer
    return Note(
        part=_text(raw["part"], MAX_LINE),
        line=raw["line"] if _is_line(raw["line"]) else None,
        kind=_text(raw["type"], MAX_NAME),
        text=_text(raw["text"], MAX_TEXT),
        source=_text(raw["source"], MAX_LINE),
        module=None if raw["module"] is None else _text(raw["module"], MAX_NAME),
        fatal=raw.get("fatal") is True,
    )


def _is_line(value: Any) -> bool:
    return type(value) is int and abs(value) < _MAX_NUMBER


def _frame(entry: Any) -> tuple[str, int, str, str] | None:
    """File, line, function and code of one frame of a traceback; None for anything else."""
    if type(entry) is not list or [type(item) for item in entry] != [str, int, str, str]:
        return None
    place, line, where, code = entry
    return place[:MAX_LINE], line if _is_line(line) else 0, where[:MAX_NAME], code[:MAX_LINE]


def _is_method(qualified_name: str) -> bool:
    """An abstract method that raises NotImplementedError is not a stub of the homework's."""
    return "." in qualified_name.replace(".<locals>.", "/")
