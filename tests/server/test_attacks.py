"""What somebody with the source tries: to use up the server, and to learn what is not for them."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import anyio
import pytest
from books import reports
from making import DEMO_RIGHT, write_course
from serving import Serving, post, serving
from starlette.testclient import TestClient
from storing import Store
from test_handing_in import hand_in, submit, upload, zipped

from grader.course.feedback import Feedback, When
from grader.errors import TooMany
from grader.reports.schema import CheckResult, Outcome, Visibility
from grader.server.app import create_app
from grader.server.hand_ins.hand_ins import FULL_SIZE_A_DAY
from grader.server.hand_ins.queue import GradingQueue, attempt_of
from grader.server.problems import Problem
from grader.server.records import EventKind
from grader.server.site.turns import MOST_UPLOADS, MOST_WATCHED, Turns

RIGHT = DEMO_RIGHT.encode()
HIDDEN = CheckResult(
    id="hidden::test_a",
    title="a",
    visibility=Visibility.HIDDEN,
    outcome=Outcome.PASSED,
    points=1,
    max_points=1,
    message=None,
    diagnosis=None,
    duration_s=0.1,
).model_dump_json()


def stored(served: Serving) -> int:
    """How many files lie in the server's folder, also half written ones."""
    return sum(path.is_file() for path in served.site.blobs.folder.rglob("*"))


def test_programs_cannot_tell_when_a_hidden_check_ended(served: Serving) -> None:
    token = served.site.accounts.new_token(served.account("ada"), "laptop")
    key = submit(served.client(), zipped([("demo.py", RIGHT)]), token).json()["key"]
    queue = GradingQueue(served.site.engine, served.clock)
    client = served.signed_in("ada")
    assert queue.claim("w", 60, None, ["demo"]) is not None
    before = client.get(f"/api/v1/hand-ins/{key}").json()
    assert queue.tell(key, "w", [(EventKind.CHECK, HIDDEN)], 60)
    after = client.get(f"/api/v1/hand-ins/{key}?after={before['last']}").json()
    assert {**after, "events": []} == {**before, "events": []}
    assert after["events"] == []
    assert after["last"] == before["last"]


def test_what_is_refused_for_now_is_not_stored_first(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    with (course / "pyproject.toml").open("a") as file:
        file.write("[tool.grader.server]\nhand_ins_per_hour = 1\n")
    with serving(course) as served:
        token = served.site.accounts.new_token(served.account("ada"), "laptop")
        client = served.signed_in("ada")
        codes = [
            submit(served.client(), zipped([("demo.py", b"x = %d" % number)]), token).status_code
            for number in range(3)
        ]
        assert codes == [201, 429, 429]
        assert stored(served) == 1
        codes = [upload(client, [("demo.py", b"y = %d" % n)]).status_code for n in range(5)]
        assert codes == [303] * 3 + [429] * 2
        assert stored(served) == 4


def test_nobody_fills_the_disk_with_many_homeworks(store: Store) -> None:
    ada, most = store.account("ada"), 32_000_000
    for number in range(FULL_SIZE_A_DAY):
        store.hand_ins.add_draft(("demo", "other")[number % 2], ada, f"{number:064}", most)
    for name in ("demo", "other"):
        with pytest.raises(TooMany, match="at most 1280 MB of one person are taken in a day"):
            store.hand_ins.require_room_for_draft(name, ada)
    store.hand_ins.require_room_for_draft("demo", store.account("bob"))
    store.clock.pass_by(days=1)
    store.hand_ins.require_room_for_draft("demo", ada)


def test_the_same_files_again_and_again_take_no_room(store: Store) -> None:
    ada = store.account("ada")
    for _ in range(FULL_SIZE_A_DAY + 1):
        store.hand_ins.add_draft("demo", ada, "1" * 64, 32_000_000)


def test_a_clock_that_is_set_back_refuses_no_hand_in(store: Store) -> None:
    store.clock.pass_by(days=3)
    for number in range(20):
        store.accept("ada", f"try {number}")
    store.clock.pass_by(days=-3)
    assert store.accept("ada", "after the clock was corrected").number == 21


@pytest.mark.parametrize(("what", "most"), [("uploads", MOST_UPLOADS), ("pages", MOST_WATCHED)])
def test_only_so_much_of_one_person_goes_on_at_a_time(what: str, most: int) -> None:
    turns = Turns()
    with turns.one_of(1, what, 1):
        with pytest.raises(Problem) as caught, turns.one_of(1, what, 1):
            pass
        assert caught.value.status == 429
        with turns.one_of(2, what, 1), turns.one_of(1, "others", 1):
            pass
    with turns.one_of(1, what, most):
        pass


def test_a_person_whose_live_pages_are_many_is_told(served: Serving) -> None:
    client = served.signed_in("ada")
    page = hand_in(client, [("demo.py", RIGHT)])
    served.site.stopping.set()  # else the answer would not end
    turns, key = served.site.turns, served.account("ada").key
    with ExitStack() as open_pages:
        for _ in range(MOST_WATCHED):
            open_pages.enter_context(turns.one_of(key, "live pages", MOST_WATCHED))
        assert client.get(f"{page}/events").status_code == 429
        assert client.get(page).status_code == 200
        assert served.signed_in("olga").get(f"{page}/events").status_code == 200
    assert client.get(f"{page}/events").status_code == 200


def test_an_upload_and_a_live_page_give_their_turn_back(served: Serving) -> None:
    client = served.signed_in("ada")
    served.site.stopping.set()
    for _ in range(MOST_UPLOADS + 1):
        page = hand_in(client, [("demo.py", RIGHT)])
    for _ in range(MOST_WATCHED + 1):
        assert client.get(f"{page}/events").status_code == 200


def test_of_one_person_one_thing_that_is_heavy_is_done_at_a_time() -> None:
    turns, seen, at_once = Turns(), [0], [0, 0]

    async def heavy(account: int) -> None:
        async with turns.alone(account):
            at_once[account] += 1
            seen.append(at_once[0])
            await anyio.sleep(0)
            at_once[account] -= 1

    async def main() -> None:
        async with turns.alone(1), anyio.create_task_group() as group:
            for _ in range(5):
                group.start_soon(heavy, 0)

    anyio.run(main)
    assert max(seen) == 1


def test_an_answer_tells_no_points_that_are_not_shown_yet(served: Serving) -> None:
    site = served.site
    page = hand_in(served.signed_in("ada"), [("demo.py", RIGHT)])
    found = site.hand_ins.hand_in(1)
    assert found is not None
    queue = GradingQueue(site.engine, served.clock)
    assert queue.claim("w", 60, None, ["demo"]) is not None
    assert queue.finish(found.key, "w", attempt_of(found), reports("ada"), {})
    graded = site.hand_ins.hand_in(1)
    assert graded is not None
    assert graded.attempt is not None
    asked = site.requests.ask(served.account("ada"), graded.attempt, "check", "demo::a", "why")
    changed = lambda _: ("3 of 10", "4 of 10")  # noqa: E731  # the grade before and after
    site.requests.answer(asked.key, "Because.", who="olga", change=changed)
    said = "The grade was 3 of 10"
    for when, told in ((When.AT_ONCE, True), (When.RELEASED, False)):
        feedback = Feedback(hidden_outcomes=when)
        settings = site.course.settings.model_copy(update={"feedback": feedback})
        changed = replace(site, course=replace(site.course, settings=settings))
        with TestClient(create_app(changed), base_url=site.origin) as client:
            for name, sees in (("ada", told), ("olga", True)):
                secret, _ = site.accounts.open_session(served.account(name))
                client.cookies.set("__Host-grader", secret)
                text = client.get(page).text
                assert "Because." in text
                assert (said in text) == sees, (when, name)


def test_two_files_of_one_name_are_not_one_file(served: Serving) -> None:
    client = served.signed_in("ada")
    sent = upload(client, [("demo.py", RIGHT), ("demo.py", b"x = 1")])
    assert sent.status_code == 422
    assert "two different files are called demo.py" in sent.text.lower()
    assert upload(client, [("demo.py", RIGHT), ("demo.py", RIGHT)]).status_code == 303


@pytest.mark.parametrize("path", ["/drafts/a%00b", "/homeworks/demo%00", "/invitation/%00"])
def test_null_bytes_in_an_address_name_nothing(served: Serving, path: str) -> None:
    assert served.signed_in("ada").get(path).status_code == 404


def test_null_bytes_in_a_form_are_refused(served: Serving) -> None:
    client = served.signed_in("ada")
    assert post(client, "/account/tokens", label="a\0b").status_code == 400


def test_no_host_is_the_address_that_watches_over_servers(served: Serving) -> None:
    for host in ("x/healthz?", "x/healthz#", "evil/healthz"):
        assert served.client().get("/account", headers={"host": host}).status_code == 421
