"""From the grades of a student to one figure for the course: pure functions, each part explained.

A group's result is the share of its points that was got: the sum of the points over the sum of
what the homeworks that count are worth, or the mean of the shares. The total is the mean of the
groups' results by their weights, in percent, and what bonus groups add. What nobody has decided
yet is left out of the total so far; it is final once nothing is open. A group of which nothing
counts takes no part, and the weights of the others grow in proportion.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from grader.course.total import WHOLE, TotalGroup, TotalRules
from grader.gradebook.grades.policy import count, rounded
from grader.gradebook.records import Grade, OutdatedOverride, Standing, Student
from grader.reports.summary import harmless_cell


class PartState(StrEnum):
    """Whether a homework is part of the total."""

    COUNTS = "counts"
    DROPPED = "dropped"
    EXCUSED = "excused"
    WITHDRAWN = "withdrawn"
    OPEN = "open"


@dataclass(frozen=True)
class TotalPart:
    """A homework in a total.

    points: None while it is open, or if the student is excused or has withdrawn. decided: it is
    zero by decision, which no rule drops.
    """

    homework: str
    points: float | None
    max_points: float
    state: PartState
    why: str
    decided: bool = False

    @property
    def share(self) -> float:
        """Of the points that there are; 0 where there are none."""
        return (self.points or 0.0) / self.max_points if self.max_points else 0.0


@dataclass(frozen=True)
class GroupTotal:
    """A group of homeworks in a total.

    percent: its result; None if nothing of it counts so far. weight: its part of the total in
    percent, 0 if it takes no part. adds: what it adds to the total, in percent of the total.
    """

    group: TotalGroup
    parts: tuple[TotalPart, ...]
    percent: float | None
    weight: float
    adds: float

    @property
    def why(self) -> str:
        """How its result came about."""
        counting = [part for part in self.parts if part.state is PartState.COUNTS]
        if not counting:
            return "nothing counts so far, so the other groups weigh more"
        if self.group.count == "equal":
            said = f"the mean of {count(len(counting), 'homework')}"
        else:
            got, most = sum(part.points or 0.0 for part in counting), _worth(counting)
            said = f"{got:.10g} of {most:.10g} points"
        bonus = ", a bonus" if self.group.bonus else ""
        return f"{said}, weighs {self.weight:.4g} %{bonus}"


@dataclass(frozen=True)
class CourseTotal:
    """A student's total, in percent.

    so_far: from what is decided; None if nothing is. withdrawn: by whose decision there is none.
    outdated: by homework, the points set by hand that staff have to look at again.
    """

    student: Student
    groups: tuple[GroupTotal, ...]
    so_far: float | None
    rounding: float
    withdrawn: Standing | None = None
    outdated: Mapping[str, tuple[OutdatedOverride, ...]] = field(default_factory=dict)

    @property
    def open(self) -> tuple[str, ...]:
        """The homeworks that are not decided yet."""
        return tuple(
            part.homework
            for group in self.groups
            for part in group.parts
            if part.state is PartState.OPEN
        )

    @property
    def percent(self) -> float | None:
        """The final total; None while anything is open."""
        return None if self.open or self.withdrawn else self.so_far

    @property
    def said(self) -> str:
        """The total for people."""
        if self.withdrawn is not None:
            return "withdrawn"
        if self.so_far is None:
            return "nothing counts so far"
        return f"{self.so_far:.10g} %" + (", so far" if self.open else "")


def total_of(
    student: Student,
    grades: Mapping[str, Grade],
    rules: TotalRules,
    names: Sequence[str],
    hidden: Mapping[str, str] | None = None,
) -> CourseTotal:
    """A student's total from their grades by homework.

    names: the course's homeworks, in order. hidden: homeworks whose grade the reader does not see
    yet, each with the reason; they are open, unless the student is excused from them. Raises
    CourseError as `TotalRules.members`.
    """
    withdrawn = next((g.standing for g in grades.values() if g.withdrawn), None)
    grouped = []
    for group, homeworks in rules.members(names):
        parts = [_part(name, grades.get(name), (hidden or {}).get(name)) for name in homeworks]
        grouped.append((group, _drop(group, parts)))
    weights = _weights(grouped)
    groups = []
    for (group, parts), weight in zip(grouped, weights, strict=True):
        result = _result(group, parts)
        adds = 0.0 if result is None else result * weight
        percent = None if result is None else WHOLE * result
        groups.append(GroupTotal(group, tuple(parts), percent, weight, adds))
    counts = any(group.percent is not None and not group.group.bonus for group in groups)
    so_far = rounded(max(0.0, sum(group.adds for group in groups)), rules.rounding)
    return CourseTotal(
        student, tuple(groups), so_far if counts and not withdrawn else None, rules.rounding,
        withdrawn,
        {name: each.automatic.outdated for name, each in grades.items() if each.automatic.outdated},
    )  # fmt: skip


def _part(name: str, grade: Grade | None, hidden: str | None) -> TotalPart:
    if grade is None:
        return TotalPart(name, None, 0.0, PartState.OPEN, "nothing is known of it yet")
    most = grade.max_points
    if grade.excused and grade.standing is not None:
        # Not hidden, because it tells nothing of the grade.
        state = PartState.WITHDRAWN if grade.withdrawn else PartState.EXCUSED
        return TotalPart(name, None, most, state, grade.standing.why)
    if hidden is not None:
        return TotalPart(name, None, most, PartState.OPEN, hidden)
    if grade.points is None:
        return TotalPart(name, None, most, PartState.OPEN, "; ".join(grade.open))
    decided = grade.standing is not None
    why = "zero by decision" if decided else ""
    return TotalPart(name, grade.points, most, PartState.COUNTS, why, decided)


def _worth(parts: Iterable[TotalPart]) -> float:
    return sum(part.max_points for part in parts)


def _counting(parts: Sequence[TotalPart]) -> list[TotalPart]:
    return [part for part in parts if part.state is PartState.COUNTS]


def _result(group: TotalGroup, parts: Sequence[TotalPart]) -> float | None:
    """The share of its points that was got; None if there is nothing to share."""
    counting = _counting(parts)
    if group.count == "equal":
        shares = [part.share for part in counting if part.max_points]
        return sum(shares) / len(shares) if shares else None
    most = _worth(counting)
    return sum(part.points or 0.0 for part in counting) / most if most else None


def _drop(group: TotalGroup, parts: Sequence[TotalPart]) -> list[TotalPart]:
    """Leave out the homeworks without which the group's result is highest; one always stays.

    A zero by decision stays, too: else it would cost nothing.
    """
    counting = [part for part in _counting(parts) if part.max_points]
    fixed = [part for part in counting if part.decided]
    free = [part for part in counting if not part.decided]
    keep = max(0 if fixed else 1, len(free) - group.drop_lowest)
    if keep >= len(free):
        return list(parts)
    kept = [*fixed, *_best(free, keep, fixed, equal=group.count == "equal")]
    why = f"the lowest {group.drop_lowest} do not count" if group.drop_lowest > 1 else (
        "the lowest does not count"
    )  # fmt: skip
    return [
        part
        if part in kept or part not in counting
        else TotalPart(part.homework, part.points, part.max_points, PartState.DROPPED, why)
        for part in parts
    ]


def _best(
    parts: Sequence[TotalPart], keep: int, fixed: Sequence[TotalPart], *, equal: bool
) -> list[TotalPart]:
    """The `keep` parts with the highest mean share, or, with those that are fixed, the highest
    share of their points.

    The second by Dinkelbach's method for a ratio of sums (Management Science 13, 1967): with the
    ratio q that some choice has, the choice with the greatest sum of points - q * worth has none
    lower, and once it has the same, there is none higher.
    """
    if equal:
        return sorted(parts, key=lambda part: -part.share)[:keep]
    kept, ratio = list(parts), -1.0
    while True:
        found = sum(part.points or 0.0 for part in kept) / _worth([*kept, *fixed])
        if len(kept) == keep and found <= ratio:
            return kept
        ratio = found
        kept = sorted(parts, key=lambda part: found * part.max_points - (part.points or 0.0))
        kept = kept[:keep]


def _weights(grouped: Sequence[tuple[TotalGroup, Sequence[TotalPart]]]) -> list[float]:
    """What each group weighs, in percent: 100 over those that take part, and bonuses besides."""
    given = []
    for group, parts in grouped:
        takes_part = _result(group, parts) is not None
        weight = _worth(_counting(parts)) if group.weight is None else group.weight
        given.append(weight if takes_part else 0.0)
    whole = sum(w for w, (group, _) in zip(given, grouped, strict=True) if not group.bonus)
    return [
        weight if group.bonus else (WHOLE * weight / whole if whole else 0.0)
        for weight, (group, _) in zip(given, grouped, strict=True)
    ]


@dataclass(frozen=True)
class TotalLine:
    """A line of a total's explanation. depth: 0 for a group, 1 for a homework in it."""

    depth: int
    name: str
    value: str
    said: str


def lines_of(total: CourseTotal) -> Iterator[TotalLine]:
    """A total line by line, the same for staff and the student: the one place with its words."""
    for group in total.groups:
        result = "–" if group.percent is None else f"{group.percent:.4g} %"
        adds = "" if group.percent is None else f", adds {group.adds:.4g} %"
        yield TotalLine(0, group.group.name, result, f"{group.why}{adds}")
        for part in group.parts:
            value = "–" if part.points is None else f"{part.points:.10g}"
            parts = [f"of {part.max_points:.10g}", part.state.value, part.why]
            if part.state is PartState.COUNTS:
                parts.remove(part.state.value)
            yield TotalLine(1, part.homework, value, ", ".join(filter(None, parts)))


def totals_csv(totals: Sequence[CourseTotal]) -> str:
    """A line for each student: the total, each group's result, and each homework's points.

    A column of numbers has numbers alone, or nothing; state says what else there is to a homework.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    first = totals[0].groups if totals else ()
    homeworks = [part.homework for group in first for part in group.parts]
    groups = [f"{group.group.name} (percent)" for group in first]
    head = ("id", "name", "email", "section", "total", "total_so_far", "open", "state")
    writer.writerow([harmless_cell(cell) for cell in (*head, *groups, *homeworks)])
    for total in totals:
        writer.writerow([harmless_cell(cell) for cell in _cells(total)])
    return text.getvalue()


def _cells(total: CourseTotal) -> Iterator[str]:
    student = total.student
    yield from (student.id, student.name, student.email, student.section)
    yield from (_number(total.percent), _number(total.so_far), " ".join(total.open))
    yield _state_of(total)
    yield from (_number(group.percent) for group in total.groups)
    yield from (_number(part.points) for group in total.groups for part in group.parts)


def _state_of(total: CourseTotal) -> str:
    """What is decided about the student or single homeworks, and what is dropped."""
    if total.withdrawn is not None:
        return PartState.WITHDRAWN.value
    said = []
    for part in (part for group in total.groups for part in group.parts):
        if part.decided:
            said.append(f"{part.homework}: {part.why}")
        elif part.state in (PartState.EXCUSED, PartState.DROPPED):
            said.append(f"{part.homework}: {part.state.value}")
    return "; ".join(said)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}"
