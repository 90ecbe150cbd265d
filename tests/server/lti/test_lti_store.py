"""What is kept of platforms, on each kind of database, by several at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from storing import Store

from grader.errors import UsageError
from grader.server.lti.grades.column_claims import LASTS, ColumnClaim
from grader.server.lti.grades.scores import PlannedScore, ScoreAction
from grader.server.lti.grades.sent_scores import SentScores
from grader.server.lti.platforms.store import PERSON_KEPT, Platforms
from grader.server.lti.protocol.records import (
    JoinedBy,
    PlatformCourse,
    PlatformPerson,
    PlatformSettings,
    Reason,
    SentScore,
)

SETTINGS = PlatformSettings(
    "Moodle", "https://lms", "1", "https://lms/a", "https://lms/t", "https://lms/k", "",
    ("1", "x, y"), JoinedBy.EMAIL,
)  # fmt: skip


@pytest.fixture
def platforms(store: Store) -> Platforms:
    return Platforms(store.book.engine, store.clock)


def at_once(work: object, times: int = 8) -> list[object]:
    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(lambda _: work(), range(times)))  # type: ignore[operator]


def test_a_platform_is_kept_as_it_was_given(platforms: Platforms) -> None:
    made = platforms.add(SETTINGS, who="o")
    assert platforms.all() == (made,)
    assert platforms.find("https://lms", "") == made
    assert platforms.find("https://lms", "2") is None
    with pytest.raises(UsageError, match="connected already"):
        platforms.add(replace(SETTINGS, name="again"), who="o")
    other = platforms.add(replace(SETTINGS, client_id="2"), who="o")
    assert platforms.find("https://lms", "") is None  # which of the two is not said
    assert platforms.find("https://lms", "2") == other
    with pytest.raises(UsageError, match="connected already"):
        platforms.change(other.key, SETTINGS, who="o")
    platforms.remove(made.key, who="o")
    assert platforms.all() == (other,)


def test_what_counts_once_counts_once_for_many_at_once(platforms: Platforms, store: Store) -> None:
    until = store.clock() + timedelta(minutes=5)
    assert sorted(at_once(lambda: platforms.spend("nonce", until))) == [False] * 7 + [True]  # type: ignore[type-var]
    secret = platforms.invite(who="o")
    assert sorted(str(each) for each in at_once(lambda: platforms.redeem(secret))) == [
        *["None"] * 7,
        "o",
    ]


def test_somebody_is_one_person_here_and_one_there(platforms: Platforms, store: Store) -> None:
    key = platforms.add(SETTINGS, who="o").key
    ada, bob = store.account("ada"), store.account("bob")
    person = PlatformPerson(key, "s-1", "Ada")
    platforms.join_new(person, ada, who="o")
    platforms.join_new(person, ada, who="o")  # is no other
    for wrong, account in ((person, bob), (replace(person, subject="s-2"), ada)):
        with pytest.raises(UsageError):
            platforms.join_new(wrong, account, who="o")
    assert platforms.subjects("https://lms") == {ada.key: "s-1"}
    assert platforms.account_of("https://lms", "s-1") == ada.key
    assert platforms.account_of("https://elsewhere", "s-1") is None
    assert platforms.separate(ada, key, who="o")
    assert not platforms.separate(ada, key, who="o")


def test_strangers_are_kept_once_and_not_for_ever(platforms: Platforms, store: Store) -> None:
    key = platforms.add(SETTINGS, who="o").key
    for name in ("One", "Two" * 200):
        platforms.meet(PlatformPerson(key, "s", name, course="ML"))
    [kept] = platforms.strangers()
    assert kept.name == ("Two" * 200)[:255]
    with pytest.raises(UsageError, match="joined already"):
        platforms.join(kept.key + 1, store.account("ada"), who="o")
    store.clock.now += PERSON_KEPT
    platforms.meet(PlatformPerson(key, "other"))
    assert [each.subject for each in platforms.strangers()] == ["other"]


def test_refusals_are_counted_by_reason(platforms: Platforms) -> None:
    for detail in ("a", "b" * 999):
        platforms.refused(0, Reason.PLATFORM, detail)
    platforms.refused(0, Reason.STATE, "")
    found = {each.reason: (each.count, len(each.detail)) for each in platforms.refusals()}
    assert found == {Reason.PLATFORM: (2, 500), Reason.STATE: (1, 0)}


def test_what_a_platform_took_stays_known_when_it_refuses_the_next(
    platforms: Platforms, store: Store
) -> None:
    key = platforms.add(SETTINGS, who="o").key
    course = platforms.see(PlatformCourse(key, "1", "c", "ML", "https://lms/items"))
    assert platforms.use(course.key, True, who="o") == replace(course, used=True)
    again = platforms.see(replace(course, title="ML 2"))
    assert (again.key, again.used, again.title) == (course.key, True, "ML 2")
    student = store.book.student("ada")
    planned = PlannedScore(student, ScoreAction.SEND, "s", 4.0, 7.0, True, None, None)
    kept, now = SentScores(store.book.engine, course, "demo", "o"), store.clock()
    kept.refused(planned, now, "no")
    assert kept.by_student() == {student.key: SentScore(student.key, None, 7, False, "no", now)}
    kept.taken(planned, now)
    kept.refused(replace(planned, points=5.0), now, "x" * 999)
    [score] = kept.by_student().values()
    assert (score.points, score.refused) == (4, "x" * 500)
    kept.taken(replace(planned, points=None), now)
    assert kept.by_student()[student.key] == SentScore(student.key, None, 7, True, "", now)
    platforms.remove(key, who="o")
    assert kept.by_student() == {}


def test_one_push_at_a_time_writes_to_a_column(store: Store) -> None:
    course = PlatformCourse(1, "1", "c", "ML", "https://lms/items", key=1)

    def claim(who: str = "olga", **other: object) -> ColumnClaim:
        there = replace(course, **other)  # type: ignore[arg-type]
        return ColumnClaim(store.book.engine, there, "demo", who, store.clock)

    def taken() -> str:
        try:
            claim().__enter__()
        except UsageError as exc:
            return str(exc)
        return ""

    told = "these grades are being sent to the LMS already, by olga; try again when that has ended"
    assert sorted(map(str, at_once(taken))) == ["", *[told] * 7]
    with claim(line_items_url="https://lms/items?other"):
        pass
    with pytest.raises(UsageError, match="already, by olga"), claim(deployment="2", key=2):
        pass
    # One that was killed blocks the next for a while only; one that goes on keeps its claim.
    store.clock.pass_by(seconds=LASTS.total_seconds())
    with claim("max") as first:
        for _ in range(3):
            store.clock.pass_by(seconds=LASTS.total_seconds() * 0.6)
            assert first.keep()
            assert "by max" in taken()
        store.clock.pass_by(seconds=LASTS.total_seconds())
        with claim("nina") as second:
            assert not first.keep()
            assert second.renew()
    with claim("max"):
        pass
