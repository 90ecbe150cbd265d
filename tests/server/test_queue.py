"""The queue: fair, and whatever happens nothing is lost and nothing is graded twice."""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from storing import NAMES, READY, Store, storing

from grader.errors import TooMany, UsageError
from grader.gradebook.connect import reading
from grader.gradebook.models import reports as report_rows
from grader.server.hand_ins.queue import MOST_FAILURES, MOST_TRIES
from grader.server.records import EventKind, HandInState


def test_ten_of_one_student_wait_behind_anothers_first(store: Store) -> None:
    mine = [store.accept("ada", f"try {number}") for number in range(10)]
    store.clock.pass_by(seconds=1)
    other = store.accept("bob")
    order = []
    while (found := store.claim()) is not None:
        order.append(found.key)
        assert store.finish(found)
    assert order == [mine[0].key, other.key, *(each.key for each in mine[1:])]


def test_how_many_come_first_is_told_as_the_queue_goes(store: Store) -> None:
    first, second = store.accept("ada", "1"), store.accept("ada", "2")
    store.clock.pass_by(seconds=1)
    late = store.accept("bob")
    assert [store.hand_ins.position(each.key) for each in (first, second, late)] == [0, 2, 1]
    found = store.claim()
    assert found is not None
    assert [store.hand_ins.position(each.key) for each in (first, second, late)] == [None, 2, 1]
    assert store.finish(found)
    assert [store.hand_ins.position(each.key) for each in (first, second, late)] == [None, 1, 0]


def test_history_tells_when_it_was_handed_in_and_when_graded(store: Store) -> None:
    received = store.accept("ada").received_at
    store.clock.pass_by(hours=2)
    found = store.claim()
    assert found is not None
    assert store.finish(found)
    times = {each.action: each.at for each in store.book.history(student="ada")}
    assert times["handed in"] == received
    assert times["graded"] == store.clock.now


def test_what_was_interrupted_twice_is_told_to_wait_behind_the_others(store: Store) -> None:
    first = store.accept("ada")
    for _ in range(2):
        assert store.claim("w") is not None
        assert store.queue.release("w", "") == (first.key,)
    store.clock.pass_by(seconds=1)
    late = store.accept("bob")
    assert [store.hand_ins.position(each.key) for each in (first, late)] == [1, 0]
    found = store.claim()
    assert found is not None
    assert found.key == late.key


def test_the_same_file_sent_by_two_requests_at_once_is_handed_in_once(store: Store) -> None:
    ada = store.account("ada")

    def send(_: int) -> tuple[int, bool]:
        made, fresh = store.hand_ins.accept_once("demo", ada, "1" * 64, 3)
        return made.key, fresh

    with ThreadPoolExecutor(4) as threads:
        sent = list(threads.map(send, range(8)))
    assert len({key for key, _ in sent}) == 1
    assert [fresh for _, fresh in sent].count(True) == 1
    store.clock.pass_by(minutes=11)
    assert store.hand_ins.accept_once("demo", ada, "1" * 64, 3)[1]


def test_a_receipt_tells_what_the_database_has(store: Store) -> None:
    store.accept("ada", "before")
    made = store.accept("ada")
    assert made == store.now(made)
    assert (made.number, made.turn, made.student_id) == (2, 1, "ada")


def test_nobodys_second_waits_for_ever_behind_others_firsts(store: Store) -> None:
    store.accept("ada", "1")
    second = store.accept("ada", "2")
    store.clock.pass_by(minutes=16)
    late = store.accept("bob")
    assert store.hand_ins.position(second.key) == 1
    assert store.hand_ins.position(late.key) == 2
    order = [store.claim(), store.claim(), store.claim()]
    assert [each and each.student_id for each in order] == ["ada", "ada", "bob"]


def test_the_homework_at_hand_comes_first_among_equals_only(store: Store) -> None:
    store.accept("ada", assignment="demo")
    store.clock.pass_by(seconds=1)
    other = store.accept("bob", assignment="other")
    store.accept("bob", "more", assignment="other")
    found = store.claim(prefer="other")
    assert found is not None
    assert found.key == other.key
    # bob's second does not come before ada's first, whatever is at hand.
    after = store.claim(prefer="other")
    assert after is not None
    assert after.student_id == "ada"


def test_only_homeworks_that_are_ready_are_claimed(store: Store) -> None:
    store.accept("ada", assignment="other")
    assert store.queue.claim("w", 60, None, ["demo"]) is None
    assert store.queue.claim("w", 60, None, []) is None
    assert store.claim() is not None


def test_of_two_claims_at_once_each_gets_its_own(store: Store) -> None:
    keys = {store.accept(name).key for name in NAMES}
    with ThreadPoolExecutor(3) as threads:
        found = list(threads.map(store.claim, ["a", "b", "c"]))
    assert {each.key for each in found if each is not None} == keys
    assert store.claim("d") is None


def test_a_claim_that_ran_out_belongs_to_the_next_and_the_old_one_writes_nothing(
    store: Store,
) -> None:
    made = store.accept("ada")
    assert store.claim("old") is not None
    assert store.claim("new") is None
    store.clock.pass_by(seconds=61)
    again = store.claim("new")
    assert again is not None
    assert again.tries == 2
    assert not store.queue.tell(made.key, "old", [(EventKind.CHECK, "{}")], 60)
    assert not store.finish(again, "old")
    assert store.now(made).state is HandInState.GRADING
    assert store.book.attempts("demo") == ()
    assert store.finish(again, "new")
    assert not store.finish(again, "new")
    assert len(store.book.attempts("demo")) == 1


def test_a_claim_is_renewed_by_telling(store: Store) -> None:
    made = store.accept("ada")
    store.claim("w")
    store.clock.pass_by(seconds=50)
    assert store.queue.tell(made.key, "w", [(EventKind.CHECK, "{}")], 60)
    store.clock.pass_by(seconds=50)
    assert store.claim("other") is None
    assert store.queue.holders(overdue=True) == ()
    store.clock.pass_by(seconds=11)
    assert store.queue.holders(overdue=True) == ("w",)


def test_the_report_the_attempt_and_the_end_of_the_row_are_one(store: Store) -> None:
    made = store.accept("ada")
    found = store.claim()
    assert found is not None
    assert store.finish(found)
    done = store.now(made)
    (attempt,) = store.book.attempts("demo")
    assert done.state is HandInState.GRADED
    assert done.attempt == attempt.key
    assert (attempt.label, attempt.matched_by, attempt.score) == ("ada-1", "id", 10)
    assert attempt.received_at == made.received_at
    assert store.hand_ins.pictures(made.key) == {"p.png": "0" * 64}
    kinds = [event.kind for event in store.hand_ins.events(0, [made.key])]
    assert kinds == [EventKind.STARTED]


def test_the_same_files_twice_are_one_attempt_that_counts_from_the_first_time(
    store: Store,
) -> None:
    first = store.accept("ada", "same")
    store.clock.pass_by(minutes=5)
    second = store.accept("ada", "same")
    for _ in range(2):
        found = store.claim()
        assert found is not None
        assert store.finish(found)
    (attempt,) = store.book.attempts("demo")
    assert attempt.received_at == first.received_at
    assert store.now(first).attempt == store.now(second).attempt == attempt.key
    assert second.number == 2


def test_what_fails_twice_is_open_for_staff_and_costs_nothing(store: Store) -> None:
    made = store.accept("ada")
    for number in range(1, MOST_FAILURES + 1):
        assert store.now(made).state is HandInState.WAITING
        found = store.claim()
        assert found is not None
        assert found.failures == number - 1
        assert store.queue.give_back(made.key, "w", "it broke")
    assert store.now(made).state is HandInState.OPEN
    assert store.claim() is None
    (attempt,) = store.book.attempts("demo")
    assert attempt.score is None
    assert store.book.grade("demo", "ada").points is None
    (alert,) = store.alerts.open_alerts()
    assert "hand-in 1 of ada could not be graded: it broke" in alert.text
    # Staff mend what was wrong and have it graded again.
    assert store.queue.regrade(made.key)
    found = store.claim()
    assert found is not None
    assert store.finish(found)
    assert store.now(made).state is HandInState.GRADED
    assert store.book.grade("demo", "ada").automatic.points == 10
    assert store.alerts.open_alerts() == ()


def test_what_was_interrupted_again_and_again_is_open_at_last(store: Store) -> None:
    made = store.accept("ada")
    for _ in range(MOST_TRIES):
        assert store.claim("lost") is not None
        assert store.queue.release("lost", "") == (made.key,)
    assert store.claim() is None
    assert store.now(made).state is HandInState.OPEN


def test_giving_back_what_was_not_tried_counts_for_nothing(store: Store) -> None:
    made = store.accept("ada")
    for _ in range(2 * MOST_TRIES):
        assert store.claim() is not None
        assert store.queue.give_back(made.key, "w", "")
    assert store.now(made).tries == 0
    assert not store.queue.give_back(made.key, "w", "late")


def test_a_fault_of_ours_in_a_report_leaves_it_open(store: Store) -> None:
    made = store.accept("ada")
    found = store.claim()
    assert found is not None
    assert store.finish(found, faults=1)
    assert store.now(made).state is HandInState.OPEN
    assert len(store.alerts.open_alerts()) == 1


def test_regrading_takes_only_what_is_done(store: Store) -> None:
    made = store.accept("ada")
    assert not store.queue.regrade(made.key)
    store.claim()
    assert not store.queue.regrade(made.key)


def test_events_of_a_broken_try_are_gone_and_no_key_comes_again(store: Store) -> None:
    made = store.accept("ada")
    store.claim("w")
    store.queue.tell(made.key, "w", [(EventKind.CHECK, '{"n": 1}')], 60)
    seen = store.hand_ins.events(0, [made.key])
    store.queue.give_back(made.key, "w", "broken")
    store.claim("w")
    after = store.hand_ins.events(seen[-1].key, [made.key])
    assert [event.kind for event in after] == [EventKind.STARTED]


def test_too_many_in_an_hour_are_refused_with_the_time_that_works_again(
    tmp_path: Path, url: str
) -> None:
    with storing(tmp_path / "course", url, hand_ins_per_hour=2) as store:
        first = store.accept("ada", "1")
        store.clock.pass_by(minutes=20)
        store.accept("ada", "2")
        with pytest.raises(TooMany, match="at most 2 hand-ins of one homework") as caught:
            store.accept("ada", "3")
        assert (caught.value.retry_at - first.received_at).total_seconds() == 3600
        store.accept("ada", "3", assignment="other")
        store.accept("bob")
        store.clock.now = caught.value.retry_at
        assert store.accept("ada", "3").number == 3


def test_a_draft_is_handed_in_once_however_often_it_is_confirmed(store: Store) -> None:
    ada, bob = store.account("ada"), store.account("bob")
    draft = store.hand_ins.add_draft("demo", ada, "1" * 64, 5)
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda _: store.hand_ins.accept_draft(draft.id, ada), range(4)))
    assert len({each and each.key for each in made}) == 1
    assert made[0] is not None
    assert len(store.hand_ins.of_student(made[0].student)) == 1
    assert store.hand_ins.draft(draft.id, bob) is None
    assert store.hand_ins.accept_draft(draft.id, bob) is None
    store.clock.pass_by(days=2)
    assert store.hand_ins.draft(draft.id, ada) is None
    assert store.hand_ins.drop_drafts() == 1


def test_who_is_no_student_hands_in_nothing(store: Store) -> None:
    from grader.server.records import Role

    max_ = store.accounts.add_staff("max", Role.MARKER, who="test")
    with pytest.raises(UsageError, match="max is not on the roster"):
        store.hand_ins.accept("demo", max_, "1" * 64, 5)


def test_two_hand_ins_at_once_get_two_numbers(store: Store) -> None:
    with ThreadPoolExecutor(6) as threads:
        made = list(threads.map(lambda n: store.accept("ada", f"try {n}"), range(6)))
    assert sorted(each.number for each in made) == [1, 2, 3, 4, 5, 6]


@dataclass
class _Model:
    """What a hand-in should be. holder: whose claim it is. until: when that runs out."""

    state: HandInState = HandInState.WAITING
    holder: str = ""
    until: float = 0.0
    failures: int = 0
    tries: int = 0


class QueueMachine(RuleBasedStateMachine):
    """Workers that claim, finish, fail, die and come back late, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self._stack = ExitStack()
        folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
        url = f"sqlite:///{folder / 'book.sqlite'}"
        self.store = self._stack.enter_context(
            storing(folder / "course", url, hand_ins_per_hour=1000)
        )
        self.model: dict[int, _Model] = {}
        self.at = 0.0

    def teardown(self) -> None:
        self._stack.close()

    @rule(name=st.sampled_from(NAMES), assignment=st.sampled_from(READY))
    def accept(self, name: str, assignment: str) -> None:
        made = self.store.accept(name, f"work {len(self.model)}", assignment)
        self.model[made.key] = _Model()

    @rule(seconds=st.sampled_from([1.0, 40.0, 61.0]))
    def wait(self, seconds: float) -> None:
        self.at += seconds
        self.store.clock.pass_by(seconds=seconds)

    @rule(worker=st.sampled_from(["a", "b"]), prefer=st.sampled_from([None, *READY]))
    def claim(self, worker: str, prefer: str | None) -> None:
        found = self.store.claim(worker, prefer)
        for key, each in self.model.items():
            lost = each.state is HandInState.GRADING and each.until < self.at
            if lost and each.tries >= MOST_TRIES and self._state(key) is HandInState.OPEN:
                each.state, each.holder = HandInState.OPEN, ""
        free = {
            key
            for key, each in self.model.items()
            if each.state is HandInState.WAITING
            or (each.state is HandInState.GRADING and each.until < self.at)
        }
        assert (found is None) == (not free)
        if found is not None:
            assert found.key in free
            each = self.model[found.key]
            each.state, each.holder = HandInState.GRADING, worker
            each.until, each.tries = self.at + 60, each.tries + 1

    @precondition(lambda self: self.model)
    @rule(data=st.data(), worker=st.sampled_from(["a", "b"]))
    def finish(self, data: st.DataObject, worker: str) -> None:
        key = data.draw(st.sampled_from(sorted(self.model)))
        each, row = self.model[key], self.store.hand_ins.hand_in(key)
        assert row is not None
        held = each.state is HandInState.GRADING and each.holder == worker
        assert self.store.finish(row, worker) == held
        if held:
            each.state, each.holder = HandInState.GRADED, ""

    @precondition(lambda self: self.model)
    @rule(data=st.data(), worker=st.sampled_from(["a", "b"]), trouble=st.sampled_from(["", "bang"]))
    def give_back(self, data: st.DataObject, worker: str, trouble: str) -> None:
        key = data.draw(st.sampled_from(sorted(self.model)))
        each = self.model[key]
        held = each.state is HandInState.GRADING and each.holder == worker
        assert self.store.queue.give_back(key, worker, trouble) == held
        if held:
            each.failures += bool(trouble)
            each.tries -= not trouble
            opened = each.failures >= MOST_FAILURES
            each.state = HandInState.OPEN if opened else HandInState.WAITING
            each.holder = ""

    def _state(self, key: int) -> HandInState:
        row = self.store.hand_ins.hand_in(key)
        assert row is not None
        return row.state

    @invariant()
    def every_hand_in_is_where_it_should_be(self) -> None:
        rows = self.store.hand_ins.in_state(*HandInState)
        assert {row.key: row.state for row in rows} == {
            key: each.state for key, each in self.model.items()
        }
        done = [key for key, each in self.model.items() if each.state is HandInState.GRADED]
        with reading(self.store.book.engine) as connection:
            assert len(connection.execute(report_rows.select()).all()) == len(done)


TestQueueMachine = QueueMachine.TestCase
TestQueueMachine.settings = settings(
    max_examples=12,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
