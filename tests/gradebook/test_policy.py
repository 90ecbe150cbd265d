"""Lateness, its price, and which attempt counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from books import attempt, write_course
from hypothesis import given
from hypothesis import strategies as st

from grader.course.course import LatePolicy, find_course
from grader.errors import CourseError
from grader.gradebook.grades.policy import (
    choose,
    days_late,
    deadlines,
    extended,
    lateness,
    penalty,
    rounded,
    typed_points,
)
from grader.gradebook.records import Attempt, Late

BERLIN = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1)
DUE = datetime(2026, 5, 1, 12, tzinfo=UTC)
moments = st.datetimes(
    datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)
)  # fmt: skip
spans = st.timedeltas(timedelta(0), timedelta(days=40))
policies = st.builds(
    LatePolicy,
    percent_per_day=st.sampled_from([0, 5, 10, 33.3, 100]),
    percent_of=st.sampled_from(["earned", "maximum"]),
    max_percent=st.sampled_from([0, 50, 100]),
    free_days=st.integers(0, 5),
    cut_off_days=st.none() | st.integers(0, 10),
    grace_minutes=st.sampled_from([0, 10]),
)


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("2", 2), ("2.5", 2.5), ("2,5", 2.5), ("-1,5", -1.5), ("+0.5", 0.5), (" 3 ", 3),
        (",5", 0.5),
        ("1,234.5", None), ("1.234,5", None), ("2,5,1", None), ("nan", None), ("inf", None),
        ("1e3", None), ("1_0", None), ("two", None), ("", None), (",", None), ("\u0663", None),
    ],
)  # fmt: skip
def test_points_are_typed_with_a_point_or_a_comma(text: str, points: float | None) -> None:
    assert typed_points(text) == points


@pytest.mark.parametrize(
    "table",
    [
        {"rounding": True}, {"claimed_members": 1}, {"late": {"percent_per_day": True}},
        {"late": {"free_days": True}}, {"late": {"cut_off_days": False}},
        {"late": {"grace_minutes": True}}, {"late": {"max_percent": "50"}}, {"rounding": "0.5"},
    ],
)  # fmt: skip
def test_a_number_in_the_settings_is_a_number(tmp_path: Path, table: dict[str, object]) -> None:
    def toml(value: object) -> str:
        return f'"{value}"' if isinstance(value, str) else str(value).lower()

    lines = [f"{key} = {toml(value)}" for key, value in table.items() if key != "late"]
    late = table.get("late", {})
    assert isinstance(late, dict)
    lines += ["[tool.grader.late]"] if late else []
    lines += [f"{key} = {toml(value)}" for key, value in late.items()]
    home = write_course(tmp_path, settings="\n".join(lines))
    with pytest.raises(CourseError) as told:
        find_course(home)
    assert [*late, *table][0] in str(told.value)


def berlin(*args: int, fold: int = 0) -> datetime:
    return datetime(*args, tzinfo=BERLIN, fold=fold)  # type: ignore[misc,arg-type]


# A change of summer time: 29 March 2026 has 23 hours in Berlin, 25 October 2026 has 25


@pytest.mark.parametrize(
    ("due", "days", "expected"),
    [
        (berlin(2026, 3, 28, 23, 59), 1, berlin(2026, 3, 29, 23, 59)),
        (berlin(2026, 3, 27, 23, 59), 3, berlin(2026, 3, 30, 23, 59)),
        (berlin(2026, 10, 24, 23, 59), 1, berlin(2026, 10, 25, 23, 59)),
        # 02:30 does not happen on that night, or happens twice: the later instant.
        (berlin(2026, 3, 28, 2, 30), 1, berlin(2026, 3, 29, 3, 30)),
        (berlin(2026, 10, 24, 2, 30), 1, berlin(2026, 10, 25, 2, 30, fold=1)),
    ],
)
def test_extension_keeps_the_wall_clocks_time_of_the_course(
    due: datetime, days: int, expected: datetime
) -> None:
    # A due date carries an offset, not a zone: it is read from assignment.toml.
    written = due.astimezone(UTC).astimezone(due.tzinfo)
    fixed = datetime.fromisoformat(written.isoformat())
    assert extended(fixed, days, BERLIN) == expected.astimezone(UTC)


def test_extension_without_a_zone_is_24_hours_for_each_day() -> None:
    due = datetime.fromisoformat("2026-03-28T23:59:00+01:00")
    assert extended(due, 1, None) - due == DAY
    # By the wall clock of Berlin it ends an hour later then.
    assert extended(due, 1, None) - extended(due, 1, BERLIN) == timedelta(hours=1)


@given(moments, st.integers(0, 200))
def test_extension_is_the_later_the_more_days(due: datetime, days: int) -> None:
    assert extended(due, days, BERLIN) < extended(due, days + 1, BERLIN)
    assert abs(extended(due, days, BERLIN) - (due + days * DAY)) <= timedelta(hours=1)
    assert extended(due, 0, BERLIN) == due


@pytest.mark.parametrize(
    ("late_by", "days"),
    [
        (-DAY, 0),
        (timedelta(0), 0),
        (timedelta(microseconds=1), 1),
        (DAY, 1),
        (DAY + timedelta(seconds=1), 2),
        (3 * DAY, 3),
    ],
)
def test_a_day_late_is_24_hours_begun(late_by: timedelta, days: int) -> None:
    assert days_late(DUE + late_by, DUE) == days


def test_a_day_late_is_24_hours_also_in_the_night_of_23() -> None:
    due = berlin(2026, 3, 28, 12)
    assert days_late(berlin(2026, 3, 29, 13).astimezone(UTC), due.astimezone(UTC)) == 1
    assert days_late(berlin(2026, 3, 29, 13, 1).astimezone(UTC), due.astimezone(UTC)) == 2


@pytest.mark.parametrize(
    ("due", "received", "days"),
    [
        # 24 hours and 41 minutes after the due date, but by the clock not yet a day.
        (berlin(2026, 10, 24, 23, 59), berlin(2026, 10, 25, 23, 40), 1),
        (berlin(2026, 10, 24, 23, 59), berlin(2026, 10, 25, 23, 59), 1),
        (berlin(2026, 10, 24, 23, 59), berlin(2026, 10, 26, 0, 0), 2),
        (berlin(2026, 10, 23, 12), berlin(2026, 10, 25, 12), 2),
        (berlin(2026, 10, 25, 2, 30), berlin(2026, 10, 25, 2, 30, fold=1), 1),
        # That night has 23 hours: less than a day by a stopwatch, and more by the clock.
        (berlin(2026, 3, 28, 12), berlin(2026, 3, 29, 12), 1),
        (berlin(2026, 3, 28, 12), berlin(2026, 3, 29, 12, 30), 2),
    ],
)
def test_a_day_late_ends_when_an_extension_by_a_day_does(
    due: datetime, received: datetime, days: int
) -> None:
    due, received = due.astimezone(UTC), received.astimezone(UTC)
    assert days_late(received, due, zone=BERLIN) == days
    assert lateness(LatePolicy(), received, due, 0, BERLIN).days == days
    for more in range(4):
        left = days_late(received, extended(due, more, BERLIN), zone=BERLIN)
        assert left == max(0, days - more)


@given(
    moments, spans, st.sampled_from(["Europe/Berlin", "America/New_York", "Pacific/Apia", "UTC"])
)
def test_work_is_so_many_days_late_as_an_extension_would_need(
    due: datetime, late_by: timedelta, name: str
) -> None:
    zone = ZoneInfo(name)
    days = days_late(due + late_by, due, zone=zone)
    assert due + late_by <= extended(due, days, zone)
    assert days == 0 or due + late_by > extended(due, days - 1, zone)


def test_grace_forgives_minutes_and_no_more() -> None:
    grace = timedelta(minutes=5)
    assert days_late(DUE + grace, DUE, grace) == 0
    assert days_late(DUE + grace + timedelta(seconds=1), DUE, grace) == 1
    assert days_late(DUE + DAY + timedelta(seconds=1), DUE, grace) == 2


@given(spans, spans)
def test_later_is_never_fewer_days(first: timedelta, more: timedelta) -> None:
    assert days_late(DUE + first, DUE) <= days_late(DUE + first + more, DUE)


# What it costs


def judged(policy: LatePolicy, days: float, left: int = 0) -> Late:
    return lateness(policy, DUE + days * DAY, DUE, left)


@given(policies, spans, st.integers(0, 5))
def test_in_time_costs_nothing(policy: LatePolicy, early: timedelta, left: int) -> None:
    late = lateness(policy, DUE - early, DUE, left)
    assert (late.days, late.free_days, late.percent, late.accepted) == (0, 0, 0, True)


@given(policies, spans, spans, st.integers(0, 5))
def test_later_is_never_cheaper(
    policy: LatePolicy, first: timedelta, more: timedelta, left: int
) -> None:
    earlier = lateness(policy, DUE + first, DUE, left)
    later = lateness(policy, DUE + first + more, DUE, left)
    assert earlier.accepted or not later.accepted
    if later.accepted:
        assert earlier.percent <= later.percent
        assert earlier.free_days <= later.free_days


@given(policies, spans, st.integers(0, 5))
def test_a_free_day_more_is_never_to_the_students_cost(
    policy: LatePolicy, late_by: timedelta, left: int
) -> None:
    few = lateness(policy, DUE + late_by, DUE, left)
    many = lateness(policy, DUE + late_by, DUE, left + 1)
    assert many.percent <= few.percent or not few.accepted
    assert many.accepted or not few.accepted
    assert few.free_days <= left


@given(policies, spans, spans, st.integers(0, 5))
def test_an_extension_is_never_to_the_students_cost(
    policy: LatePolicy, late_by: timedelta, more: timedelta, left: int
) -> None:
    strict = lateness(policy, DUE + late_by, DUE, left)
    kind = lateness(policy, DUE + late_by, DUE + more, left)
    assert kind.accepted or not strict.accepted
    assert kind.percent <= strict.percent or not strict.accepted


@given(
    policies, spans, st.floats(0, 1000), st.floats(0, 1000), st.integers(0, 5)
)  # fmt: skip
def test_penalty_lies_between_nothing_and_all(
    policy: LatePolicy, late_by: timedelta, points: float, more: float, left: int
) -> None:
    late = lateness(policy, DUE + late_by, DUE, left)
    taken = penalty(policy, late, points, points + more)
    assert 0 <= taken <= points
    assert taken == 0 or late.percent > 0


@pytest.mark.parametrize(
    ("policy", "days", "left", "expected"),
    [
        (LatePolicy(), 9, 0, (0, 0.0, True)),
        (LatePolicy(percent_per_day=10), 0.1, 0, (0, 10.0, True)),
        (LatePolicy(percent_per_day=10), 2.1, 0, (0, 30.0, True)),
        (LatePolicy(percent_per_day=10, max_percent=25), 2.1, 0, (0, 25.0, True)),
        (LatePolicy(percent_per_day=60), 2, 0, (0, 100.0, True)),
        (LatePolicy(cut_off_days=2), 2, 0, (0, 0.0, True)),
        (LatePolicy(cut_off_days=2), 2.001, 0, (0, 0.0, False)),
        (LatePolicy(cut_off_days=0), 0.001, 0, (0, 0.0, False)),
        (LatePolicy(free_days=3), 2, 3, (2, 0.0, True)),
        (LatePolicy(free_days=3), 2, 1, (0, 0.0, False)),
        (LatePolicy(free_days=3, percent_per_day=10), 2, 1, (1, 10.0, True)),
        (LatePolicy(free_days=3, cut_off_days=1), 2, 3, (0, 0.0, False)),
    ],
)
def test_each_policy_does_what_it_says(
    policy: LatePolicy, days: float, left: int, expected: tuple[int, float, bool]
) -> None:
    late = judged(policy, days, left)
    assert (late.free_days, late.percent, late.accepted) == expected


def test_percent_is_of_what_was_earned_or_of_the_maximum() -> None:
    late = judged(LatePolicy(percent_per_day=10), 2)
    assert penalty(LatePolicy(percent_per_day=10), late, 50, 100) == 10
    assert penalty(LatePolicy(percent_per_day=10, percent_of="maximum"), late, 50, 100) == 20
    assert penalty(LatePolicy(percent_per_day=10, percent_of="maximum"), late, 5, 100) == 5


@pytest.mark.parametrize(
    ("late", "said"),
    [
        (judged(LatePolicy(percent_per_day=10), 1), "1 day late: 10 % taken off"),
        (judged(LatePolicy(free_days=4), 2, 4), "2 days late, all free"),
        (judged(LatePolicy(free_days=4), 1, 4), "1 day late, free"),
        (
            judged(LatePolicy(free_days=4, percent_per_day=5), 3, 1),
            "3 days late, 1 of them free: 10 % taken off",
        ),
        (judged(LatePolicy(free_days=4), 3, 1), "3 days late, but only 1 free day left"),
        (
            judged(LatePolicy(cut_off_days=2), 4),
            "4 days late; nothing is accepted more than 2 days after the due date",
        ),
        (
            judged(LatePolicy(cut_off_days=0), 1),
            "1 day late; nothing is accepted after the due date",
        ),
        (lateness(LatePolicy(cut_off_days=0), DUE, None, 0), "there is no due date"),
    ],
)
def test_lateness_is_told_in_words(late: Late, said: str) -> None:
    assert late.why == said


# Which attempt counts


def points_of(policy: LatePolicy, attempt: Attempt, late: Late) -> float:
    if attempt.score is None:
        return -1.0
    return attempt.score - penalty(policy, late, attempt.score, attempt.max_score or 0.0)


def chosen(policy: LatePolicy, rule: str, left: int, *attempts: Attempt) -> tuple[int | None, str]:
    choice = choose(
        attempts,
        rule,  # type: ignore[arg-type]
        lambda each: lateness(policy, each.received_at, DUE, left),
        lambda each, late: points_of(policy, each, late),
    )
    return (None if choice.attempt is None else choice.attempt.key), choice.why


def at(key: int, days: float, score: float | None) -> Attempt:
    return attempt(key, DUE + days * DAY, score=score)


@pytest.mark.parametrize(
    ("rule", "policy", "attempts", "expected"),
    [
        ("last", LatePolicy(), (), (None, "nothing was handed in")),
        ("last", LatePolicy(), (at(1, -1, 3),), (1, "the only attempt")),
        ("last", LatePolicy(), (at(1, -1, 9), at(2, 5, 3)), (2, "the last of 2")),
        (
            "last",
            LatePolicy(cut_off_days=1),
            (at(1, -2, 9), at(2, -1, 3), at(3, 2, 10)),
            (2, "the last of 2 accepted"),
        ),
        (
            "last",
            LatePolicy(cut_off_days=1),
            (at(1, -1, 3), at(2, 2, 9)),
            (1, "the only one of 2 attempts that is accepted"),
        ),
        ("best", LatePolicy(), (at(1, -1, 9), at(2, 5, 3)), (1, "the best of 2: 9 points")),
        ("best", LatePolicy(), (at(1, -1, 9), at(2, 5, 9)), (2, "the best of 2: 9 points")),
        (
            "best",
            LatePolicy(percent_per_day=10),
            (at(1, -1, 8), at(2, 0.5, 10)),
            (2, "the best of 2: 9 points after the late penalty"),
        ),
        (
            "best",
            LatePolicy(percent_per_day=30),
            (at(1, -1, 8), at(2, 0.5, 10)),
            (1, "the best of 2: 8 points"),
        ),
        (
            "best",
            LatePolicy(free_days=3),
            (at(1, -1, 8), at(2, 0.5, 8)),
            (1, "the best of 2: 8 points"),
        ),
        (
            "best",
            LatePolicy(),
            (at(1, -2, None), at(2, -1, None)),
            (2, "the last of 2; none is graded yet"),
        ),
        ("best", LatePolicy(), (at(1, -2, 0.0), at(2, -1, None)), (1, "the best of 2: 0 points")),
    ],
)
def test_the_attempt_that_counts(
    rule: str, policy: LatePolicy, attempts: tuple[Attempt, ...], expected: tuple[int | None, str]
) -> None:
    assert chosen(policy, rule, policy.free_days, *attempts) == expected


def test_what_came_too_late_counts_for_nothing_and_the_reason_is_told() -> None:
    policy = LatePolicy(cut_off_days=0)
    reason = "1 day late; nothing is accepted after the due date"
    assert chosen(policy, "last", 0, at(1, 1, 9)) == (
        None,
        f"handed in, but not accepted: {reason}",
    )
    key, why = chosen(policy, "best", 0, at(1, 1, 9), at(2, 3, 9))
    assert key is None
    assert why == f"2 attempts, none of them accepted: {reason}"


@given(
    policies,
    st.lists(st.tuples(st.floats(-5, 15), st.none() | st.integers(0, 10)), max_size=6),
    st.integers(0, 5),
)
def test_the_best_is_no_worse_than_any_other_that_is_accepted(
    policy: LatePolicy, handed_in: list[tuple[float, int | None]], left: int
) -> None:
    attempts = [
        at(key, days, score) for key, (days, score) in enumerate(sorted(handed_in, key=str))
    ]
    key, _ = chosen(policy, "best", left, *attempts)
    worth = {}
    for each in attempts:
        late = lateness(policy, each.received_at, DUE, left)
        if late.accepted:
            worth[each.key] = points_of(policy, each, late)
    assert (key is None) == (not worth)
    if key is not None:
        assert worth[key] == max(worth.values())


# Rounding


@pytest.mark.parametrize(
    ("points", "step", "expected"),
    [
        (2.675, 0.01, 2.68),
        (1.005, 0.01, 1.01),
        (0.1 + 0.2, 0.01, 0.3),
        (2.25, 0.5, 2.5),
        (2.24, 0.5, 2.0),
        (0.5, 1, 1),
        (2.4999, 1, 2),
        (7, 0.25, 7),
        (8.333333333, 0.1, 8.3),
    ],
)
def test_rounding_goes_to_the_nearest_step_halves_up(
    points: float, step: float, expected: float
) -> None:
    assert rounded(points, step) == expected


@given(st.floats(0, 1e5), st.sampled_from([0.01, 0.1, 0.25, 0.5, 1.0]))
def test_rounding_moves_by_half_a_step_at_most_and_once(points: float, step: float) -> None:
    once = rounded(points, step)
    assert abs(once - points) <= step / 2 + 1e-6
    assert rounded(once, step) == once


@given(policies, st.integers(0, 5), st.sampled_from([None, BERLIN]), moments)
def test_the_last_minutes_are_those_of_lateness(
    policy: LatePolicy, left: int, zone: ZoneInfo | None, due: datetime
) -> None:
    left = min(left, policy.free_days)
    ends = deadlines(policy, due, left, zone)
    assert ends is not None
    second = timedelta(seconds=1)

    def judged(at: datetime) -> Late:
        return lateness(policy, at, due, left, zone)

    assert judged(ends.on_time).days == 0
    assert judged(ends.on_time + second).days > 0
    if ends.free is not None and ends.free > ends.on_time:
        assert judged(ends.free).accepted
        assert judged(ends.free).percent == 0
        beyond = judged(ends.free + second)
        assert not beyond.accepted or beyond.days > beyond.free_days
    if ends.last is not None:
        assert judged(ends.last).accepted
        assert not judged(ends.last + second).accepted


def test_without_a_due_date_there_is_no_last_minute() -> None:
    assert deadlines(LatePolicy(), None, 3) is None
