"""What students hand in in an LMS is fetched, handed in here once, and never half."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from books import scored
from launching import (
    NOTICE_TYPE,
    PEOPLE,
    Lms,
    asking,
    connect,
    launch,
    running_lms,
    submit,
    tool_of,
)
from lti_platform import CONTEXT, DEPLOYMENT
from making import DEMO_RIGHT, close_homeworks, write_course
from serving import Serving, post, serving

from grader._internal.clock import now_utc
from grader.server.hand_ins.queue import GradingQueue, attempt_of
from grader.server.lti.assets import collecting
from grader.server.lti.assets.collecting import AssetCollector
from grader.server.lti.assets.submissions import ClaimLost, Submissions
from grader.server.lti.assets.telling import AssetReporter
from grader.server.lti.assets.told import ToldReports
from grader.server.lti.protocol import outbound
from grader.server.lti.protocol.asset_records import SubmissionState
from grader.server.lti.protocol.records import CLAIM, PlatformCourse, Reason
from grader.server.records import HandIn


@pytest.fixture(scope="module")
def lms() -> Iterator[Lms]:
    with running_lms() as running:
        yield running


@pytest.fixture
def served(tmp_path: Path, lms: Lms) -> Iterator[Serving]:
    """The course with this LMS, whose course an owner uses. ada has come from there."""
    with serving(close_homeworks(write_course(tmp_path / "course"))) as served:
        served.clock.now = now_utc()
        platform = connect(served, lms)
        assert launch(served, lms, "ada")[1].status_code == 303
        course = PlatformCourse(
            platform.key, DEPLOYMENT, CONTEXT, "Machine learning", "", f"{lms.issuer}/members"
        )
        site = served.site
        site.platforms.use(site.platforms.see(course).key, True, who="olga")
        yield served


def set_mood(served: Serving, lms: Lms, **more: Any) -> None:
    lms.set_mood(**{"tool": tool_of(served), "people": PEOPLE, "members": [], **more})


@pytest.fixture(autouse=True)
def usual(served: Serving, lms: Lms) -> None:
    set_mood(served, lms)


def tell(served: Serving, body: Any) -> httpx2.Response:
    """The LMS's machine sends it: no browser, no cookie."""
    client = served.client()
    client.headers = httpx2.Headers({"accept": "application/json"})
    return client.post("/lti/notices", json=body)


def collect(served: Serving, *, due: bool = False, by: AssetCollector | None = None) -> None:
    """What the server's threads do. due: as if every pause were over.

    The clock stays, as the LMS refuses tokens that our server signs in the future.
    """
    if due:
        Submissions(served.site.engine, served.clock).wake()
    collector = by or AssetCollector(served.site)
    while collector.step():
        pass


def report(served: Serving) -> None:
    """The same, of everything that may be told."""
    AssetReporter(served.site, AssetCollector(served.site).access).step()


def reports(lms: Lms) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = httpx2.get(f"{lms.issuer}/assets").json()["reports"]
    return found


def grade(served: Serving, points: float, *, faults: int = 0) -> None:
    """Have the hand-in graded that waits."""
    queue = GradingQueue(served.site.engine, served.clock)
    claimed = queue.claim("w", 60, None, ["demo"])
    assert claimed is not None
    made = replace(attempt_of(claimed), faults=faults)
    assert queue.finish(claimed.key, "w", made, scored("ada", points), {})


def handed_in(served: Serving, who: str = "ada") -> tuple[HandIn, ...]:
    student = served.account(who).student
    assert student is not None
    return served.site.hand_ins.of_student(student)


def troubles(served: Serving) -> list[str]:
    store = Submissions(served.site.engine, served.clock)
    return [each.trouble for each in store.troubled()]


def reasons(served: Serving) -> list[Reason]:
    return [each.reason for each in served.site.platforms.refusals()]


def test_what_is_handed_in_there_is_handed_in_here_with_the_time_of_there(
    served: Serving, lms: Lms
) -> None:
    body = submit(lms, files={"demo.py": DEMO_RIGHT, "notes.txt": "why"}, at="2026-10-01T12:00:05Z")
    answer = tell(served, body)
    assert (answer.status_code, answer.json()) == (200, {})
    assert handed_in(served) == ()  # fetched later, so that the platform need not wait
    collect(served)
    [made] = handed_in(served)
    assert (made.assignment, made.student_id, made.number) == ("demo", "ada", 1)
    assert made.received_at == datetime(2026, 10, 1, 12, 0, 5, tzinfo=UTC)
    with zipfile.ZipFile(io.BytesIO(served.site.blobs.read(made.sha256))) as archive:
        assert archive.namelist() == ["demo.py", "notes.txt"]
        assert archive.read("demo.py").decode() == DEMO_RIGHT
    receipt = served.signed_in("ada").get(f"/hand-ins/{made.key}/receipt").json()
    assert receipt["received_at"] == "2026-10-01T12:00:05+00:00"
    assert troubles(served) == []


def test_a_submission_is_handed_in_once_however_often_it_is_told(served: Serving, lms: Lms) -> None:
    body = submit(lms, submission="s:1")
    assert tell(served, body).status_code == 200
    assert tell(served, body).status_code == 200  # who did not hear the answer sends it again
    assert reasons(served) == [Reason.REPLAY]
    collect(served)
    assert tell(served, body).status_code == 200
    # A teacher has the LMS tell once more: another notice of the same submission.
    assert tell(served, submit(lms, submission="s:1")).status_code == 200
    collect(served)
    assert len(handed_in(served)) == 1
    assert tell(served, submit(lms, submission="s:2")).status_code == 200
    collect(served)
    assert [each.number for each in handed_in(served)] == [2, 1]


def test_two_servers_hand_in_once(served: Serving, lms: Lms) -> None:
    tell(served, submit(lms))
    site, ada = served.site, served.account("ada")
    store = Submissions(site.engine, served.clock)
    late, other = store.claim(0), store.claim(60)  # one hangs for too long, and another goes on
    assert late is not None
    assert other is not None
    assert store.claim(60) is None
    key = other[0].key
    assert not store.give_up(key, late[1], "too late", "")
    with pytest.raises(ClaimLost):
        site.hand_ins.accept(
            "demo", ada, site.blobs.put(b"x"), 1,
            also=lambda connection, made: store.take(connection, key, late[1], made),
        )  # fmt: skip
    assert handed_in(served) == ()  # neither of both, as they are one transaction
    store.put_off(key, other[1], "", served.clock(), tried=False)
    collect(served)
    assert len(handed_in(served)) == 1
    assert not store.give_up(key, other[1], "too late", "")


REFUSED = {
    "altered": Reason.SIGNATURE,
    "forged": Reason.SIGNATURE,
    "unsigned": Reason.SIGNATURE,
    "garbage": Reason.CLAIMS,
    "expired": Reason.CLAIMS,
    "endless": Reason.CLAIMS,
    "no_nonce": Reason.CLAIMS,
    "old_version": Reason.CLAIMS,
    "no_assets": Reason.CLAIMS,
    "nobody": Reason.CLAIMS,
    "other_issuer": Reason.PLATFORM,
    "other_audience": Reason.PLATFORM,
    "other_deployment": Reason.DEPLOYMENT,
}


def test_a_notice_that_cannot_be_trusted_hands_nothing_in(served: Serving, lms: Lms) -> None:
    for mood, reason in REFUSED.items():
        served.site.platforms.clear_refusals()
        answer = tell(served, submit(lms, mood=mood))
        assert answer.status_code == 403, mood
        assert answer.json()["title"] == "Notices were not taken"
        assert reasons(served) == [reason], mood
    good, bad = submit(lms), submit(lms, mood="altered")
    answer = tell(served, {"notices": [*bad["notices"], *good["notices"]]})
    assert "1 of 2 notices" in answer.json()["detail"]
    collect(served)
    assert len(handed_in(served)) == 1  # the good one beside it, and nothing else
    assert troubles(served) == []


def test_a_notice_of_another_kind_is_taken_and_means_nothing(served: Serving, lms: Lms) -> None:
    assert tell(served, submit(lms, mood="other_notice")).status_code == 200
    collect(served)
    assert (handed_in(served), troubles(served)) == ((), [])


def test_what_is_no_list_of_notices_is_told_so(served: Serving) -> None:
    for notices in (None, [], {}, ["x"], [{"jwt": "x"}] * 51, [{"token": "x"}]):
        answer = tell(served, {"notices": notices})
        assert answer.status_code == 400
        assert "between 1 and 50 notices" in answer.json()["detail"]


def test_a_notice_is_bounded(served: Serving) -> None:
    assert tell(served, {"notices": [{"jwt": "x" * 70_000}]}).status_code == 403
    assert tell(served, {"notices": [{"jwt": "x" * 2_000_000}]}).status_code == 413


def test_an_unconfirmed_platform_hands_nothing_in(served: Serving, lms: Lms) -> None:
    [platform] = served.site.platforms.all()
    served.site.platforms.remove(platform.key, who="olga")
    served.site.platforms.add(lms.settings(), who="olga", confirmed=False)
    assert tell(served, submit(lms)).status_code == 403
    assert Reason.UNCONFIRMED in reasons(served)


ELSEWHERE = {"assets": "elsewhere", "to": "http://127.0.0.1:9/"}
# What the LMS does, what its notice says, what an owner reads, and after how many tries it failed.
NOT_HAD: tuple[tuple[dict[str, str], dict[str, Any], str, int], ...] = (
    ({"assets": "404"}, {}, "answered 404", 2),
    ({"assets": "wrong"}, {}, "its SHA-256 is another", 2),
    ({"services": "503"}, {}, "answered 503", 2),
    (ELSEWHERE, {}, "a private network", 2),
    ({}, {"asset": {"url": "https://localhost/"}}, "a private network", 2),
    ({}, {"asset": {"url": "http://lms.example.edu/"}}, "is not the https", 2),
    ({"assets": "huge"}, {}, "more than 4.0 MB were sent", 1),
    ({}, {"asset": {"size": 4_000_001}}, "more than 4.0 MB were sent", 1),
    ({}, {"files": {"": "<p>typed</p>"}}, "typed into the LMS", 1),
)


def test_files_that_cannot_be_had_are_given_up_and_told(
    served: Serving, lms: Lms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collecting, "MOST_TRIES", 2)
    limited = served.site.settings.model_copy(update={"upload_mb": 4})
    object.__setattr__(served.site.course.settings, "server", limited)
    store = Submissions(served.site.engine, served.clock)
    for number, (mood, more, said, tries) in enumerate(NOT_HAD, 1):
        set_mood(served, lms, **mood)
        tell(served, submit(lms, **more))
        for tried in range(1, tries + 1):
            collect(served, due=True)
            found = store.troubled()[-1]
            assert said in found.trouble
            given_up = tried == tries
            assert (found.state is SubmissionState.FAILED) == given_up, said
            assert len(served.site.alerts.open_alerts()) == number - 1 + given_up, said
            collect(served)  # not at once again
            assert store.troubled()[-1].tries == found.tries, said
    assert handed_in(served) == ()


def test_a_platform_that_hangs_is_left_and_asked_again(
    served: Serving, lms: Lms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound, "FILE_S", 0.3)
    set_mood(served, lms, assets="hang")
    tell(served, submit(lms))
    collect(served)
    assert "took longer than 0.3 s" in troubles(served)[0]
    set_mood(served, lms)
    collect(served, due=True)
    assert len(handed_in(served)) == 1
    assert troubles(served) == []


def test_a_failed_submission_is_fetched_when_the_lms_tells_again(served: Serving, lms: Lms) -> None:
    tell(served, submit(lms, files={"": "typed"}, submission="s:1"))
    collect(served)
    assert [each.kind for each in served.site.alerts.open_alerts()] == ["not fetched"]
    set_mood(served, lms, assets="404")
    tell(served, submit(lms, submission="s:1"))
    collect(served)
    assert len(troubles(served)) == 1


def test_who_is_not_known_waits_for_an_owner_and_loses_nothing(served: Serving, lms: Lms) -> None:
    tell(served, submit(lms, "bob", at="2026-10-01T12:00:05Z"))
    collect(served)
    assert "nobody here is joined" in troubles(served)[0]
    collect(served)
    [stranger] = served.site.platforms.strangers()
    assert (stranger.subject, stranger.course) == ("there-bob", "Machine learning")
    olga = served.signed_in("olga")
    assert post(olga, f"/platforms/people/{stranger.key}", id="bob").status_code == 303
    collect(served)  # at once: the owner's hand wakes it
    [made] = handed_in(served, "bob")
    assert made.received_at == datetime(2026, 10, 1, 12, 0, 5, tzinfo=UTC)


def test_the_lms_tells_who_somebody_is_that_never_came(served: Serving, lms: Lms) -> None:
    member = {"user_id": "there-bob", "name": "Bob", "email": "bob@example.edu", "roles": ["x"]}
    set_mood(served, lms, members=[member])
    tell(served, submit(lms, "bob"))
    collect(served)
    assert len(handed_in(served, "bob")) == 1


def test_staff_and_who_has_left_hand_nothing_in(served: Serving, lms: Lms) -> None:
    site = served.site
    launch(served, lms, "olga")
    [stranger] = site.platforms.strangers()
    site.platforms.join(stranger.key, served.account("olga"), who="olga")
    tell(served, submit(lms, "olga"))
    collect(served)
    assert "of the course's staff" in troubles(served)[0]


def test_a_course_and_a_homework_are_waited_for(served: Serving, lms: Lms) -> None:
    tell(served, submit(lms, context="course-of-another", submission="s:1"))
    tell(served, submit(lms, custom={"homework": "nothing"}, submission="s:2"))
    tell(served, submit(lms, custom={}, submission="s:3"))
    collect(served)
    assert handed_in(served) == ()
    told = sorted(troubles(served))
    assert [each[:30] for each in told] == [
        "an owner has not said that thi",
        "no homework is called 'nothing",
        "the assignment in the LMS name",
    ]
    page = served.signed_in("olga").get("/platforms")
    assert "Handed in in an LMS, and not here yet" in page.text
    assert "no homework is called" in page.text


def test_too_many_hand_ins_wait_for_their_hour(
    served: Serving, lms: Lms, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = 2
    monkeypatch.setattr(
        served.site.hand_ins,
        "_settings",
        served.site.settings.model_copy(update={"hand_ins_per_hour": most}),
    )
    for number in range(most + 1):
        at = (served.clock.now - timedelta(seconds=1)).isoformat()
        tell(
            served, submit(lms, submission=f"s:{number}", files={"demo.py": f"a = {number}"}, at=at)
        )
    collector = AssetCollector(served.site)
    collect(served, by=collector)
    assert len(handed_in(served)) == most
    assert "in an hour" in troubles(served)[0]
    served.clock.pass_by(hours=1, seconds=1)
    collect(served, by=collector)  # with the token that it has
    assert len(handed_in(served)) == most + 1


def test_a_report_follows_the_hand_in_and_tells_points_only_once_they_are_released(
    served: Serving, lms: Lms
) -> None:
    tell(served, submit(lms, first=True, files={"demo.py": DEMO_RIGHT, "notes.txt": "why"}))
    collect(served)
    report(served)
    waiting = reports(lms)
    assert [each["processingProgress"] for each in waiting] == ["Processing"] * 2
    assert len({each["assetId"] for each in waiting}) == 2
    said = {(each["processor"], each["type"], each["title"]) for each in waiting}
    assert said == {(83, "grading", "Demo")}
    assert not any(each["visibleToOwner"] or "result" in each for each in waiting)
    report(served)
    assert len(reports(lms)) == 2  # nothing is new
    grade(served, 7)
    report(served)
    done = reports(lms)[2:]
    assert [(each["processingProgress"], each["result"]) for each in done] == [
        ("Processed", "done")
    ] * 2
    assert all(each["visibleToOwner"] for each in done)
    book = served.site.book
    book.release("demo", who="olga")
    report(served)
    assert [each["result"] for each in reports(lms)[4:]] == ["7/10"] * 2
    book.adjust("demo", "ada", -2, who="olga", why="copied")
    report(served)
    assert [each["result"] for each in reports(lms)[6:]] == ["5/10"] * 2
    assert book.take_back("demo", who="olga")
    report(served)
    assert [each["result"] for each in reports(lms)[8:]] == ["done"] * 2
    stamps = [each["timestamp"] for each in reports(lms)]
    assert len(stamps) == 10
    assert stamps[0] < stamps[2] < stamps[4] < stamps[6] < stamps[8]


def test_only_the_attempt_that_counts_has_the_points(served: Serving, lms: Lms) -> None:
    for number in (1, 2):
        files = {"demo.py": f"a = {number}"}
        at = (served.clock.now - timedelta(minutes=9 - number)).isoformat()
        tell(served, submit(lms, first=number == 1, files=files, at=at))
        collect(served)
        grade(served, number)
    served.site.book.release("demo", who="olga")
    report(served)
    assert sorted(each["result"] for each in reports(lms)) == ["2/10", "done"]


def test_a_fault_of_ours_is_no_result(served: Serving, lms: Lms) -> None:
    tell(served, submit(lms, first=True))
    collect(served)
    grade(served, 0, faults=1)
    served.site.book.release("demo", who="olga")
    report(served)
    [told] = reports(lms)
    assert told["processingProgress"] == "PendingManual"
    assert "costs no points" in told["comment"]
    assert "result" not in told


def test_what_cannot_be_taken_is_told_with_its_reason(served: Serving, lms: Lms) -> None:
    tell(served, submit(lms, first=True, files={"": "typed"}))
    tell(served, submit(lms, "bob"))
    tell(served, submit(lms, context="course-of-another"))
    collect(served)
    report(served)
    failed, waiting = reports(lms)
    assert failed["processingProgress"] == "Failed"
    assert failed["errorCode"] == "UNSUPPORTED_ASSET_TYPE"
    assert "a file has to be handed in" in failed["comment"]
    assert waiting["processingProgress"] == "PendingManual"
    assert not waiting["visibleToOwner"]


def test_a_refused_report_is_sent_again_and_shown_to_the_owner(served: Serving, lms: Lms) -> None:
    tell(served, submit(lms, first=True))
    collect(served)
    olga = served.signed_in("olga")
    reporter = AssetReporter(served.site, AssetCollector(served.site).access)
    reporter.step()
    set_mood(served, lms, reports="503")
    grade(served, 7)
    reporter.step()
    page = olga.get("/homeworks/demo/push").text
    assert "answered 503: the assignment is archived" in page
    assert "1 file has its report there" in page  # the one before
    set_mood(served, lms)
    reporter.step()
    assert len(reports(lms)) == 1  # not at once
    served.clock.pass_by(seconds=31)
    reporter.step()
    assert [each.get("result") for each in reports(lms)] == [None, "done"]
    assert "Refused last" not in olga.get("/homeworks/demo/push").text
    # What the LMS refuses for good waits for other content, or for the owner.
    set_mood(served, lms, reports="400")
    served.site.book.release("demo", who="olga")
    reporter.tell(ToldReports(served.site.engine, served.clock).all())
    set_mood(served, lms)
    served.clock.pass_by(hours=2)
    reporter.tell(ToldReports(served.site.engine, served.clock).all())
    assert len(reports(lms)) == 2
    page = olga.get("/homeworks/demo/push").text
    [key] = re.findall(r"/platforms/submissions/(\d+)", page)
    assert post(olga, f"/platforms/submissions/{key}").status_code == 303
    reporter.step()
    assert [each.get("result") for each in reports(lms)] == [None, "done", "7/10"]
    assert len(handed_in(served)) == 1


def test_no_report_goes_into_a_private_network(served: Serving, lms: Lms) -> None:
    tell(served, submit(lms, first=True, report_url="https://localhost/reports"))
    collect(served)
    report(served)
    assert "a private network" in served.signed_in("olga").get("/homeworks/demo/push").text


def choose(
    served: Serving, lms: Lms, claims: dict[str, Any], form: dict[str, str], **mood: Any
) -> httpx2.Response:
    """olga chooses the demo for an assignment; what our server answers."""
    site = served.site
    key = served.account("olga").key
    if key not in site.platforms.subjects(lms.issuer):
        launch(served, lms, "olga")
        [stranger] = [each for each in site.platforms.strangers() if each.name == "Olga"]
        site.platforms.join(stranger.key, served.account("olga"), who="olga")
    set_mood(served, lms, claims=claims, **mood)
    client, page = launch(served, lms, "olga", "deep")
    assert page.status_code == 200, page.text
    [ticket] = re.findall(r'name="ticket" value="([^"]+)"', page.text)
    return client.post("/lti/deep-links", data={"ticket": ticket, "homework-demo": "on", **form})


def links_of(lms: Lms, answer: httpx2.Response) -> list[dict[str, Any]]:
    """What the LMS has read from our answer, whose signature it checks."""
    assert answer.status_code == 200, answer.text
    [token] = re.findall(r'name="JWT" value="([^"]+)"', answer.text)
    httpx2.post(f"{lms.issuer}/links", data={"JWT": token}).raise_for_status()
    links: list[dict[str, Any]] = lms.book()["links"]
    return links


def test_an_owner_chooses_a_homework_for_an_assignment_and_we_are_told_from_then_on(
    served: Serving, lms: Lms
) -> None:
    submit(lms, first=True)
    claims = asking(lms, ("ltiAssetProcessor",), NOTICE_TYPE)
    answer = choose(served, lms, claims, {})
    assert "What is handed in is for: Demo" in answer.text
    [item] = links_of(lms, answer)
    address = f"{served.site.origin}/lti/launch?homework=demo"
    assert item == {
        "type": "ltiAssetProcessor",
        "title": "Demo",
        "text": "Tiny",
        "custom": {"homework": "demo"},
        "report": {"url": address, "custom": {"homework": "demo"}},
    }
    handlers = httpx2.get(f"{lms.issuer}/assets").json()["handlers"]
    assert handlers == {NOTICE_TYPE: f"{served.site.origin}/lti/notices"}


def test_what_the_lms_does_not_accept_is_not_offered(served: Serving, lms: Lms) -> None:
    both = asking(lms, ("ltiAssetProcessor", "ltiResourceLink"), NOTICE_TYPE)
    assert [each["type"] for each in links_of(lms, choose(served, lms, both, {}))] == [
        "ltiResourceLink"
    ]
    asked = {"kind": "processors"}
    assert [each["type"] for each in links_of(lms, choose(served, lms, both, asked))] == [
        "ltiAssetProcessor"
    ]
    links = asking(lms, ("ltiResourceLink",), NOTICE_TYPE)
    assert [each["type"] for each in links_of(lms, choose(served, lms, links, asked))] == [
        "ltiResourceLink"
    ]


def test_without_notices_nothing_is_promised_to_the_lms(served: Serving, lms: Lms) -> None:
    answer = choose(served, lms, asking(lms, ("ltiAssetProcessor",)), {})
    assert answer.status_code == 502
    assert "does not tell where it takes the address" in answer.text
    claims = asking(lms, ("ltiAssetProcessor",), NOTICE_TYPE)
    answer = choose(served, lms, claims, {}, handlers="404")
    assert answer.status_code == 502
    assert "answered 404" in answer.text
    assert "JWT" not in answer.text


def review(lms: Lms, asset: str) -> dict[str, Any]:
    """What Canvas sends when somebody presses "View Report"."""
    return {
        f"{CLAIM}message_type": "LtiReportReviewRequest",
        f"{CLAIM}activity": {"id": "a099f7e1-e0eb-4f21-887a-c9a1df01fa6a", "title": "Assignment2"},
        f"{CLAIM}submission": {"id": "f1cb5434-422e-45ea-9915-6b98aacfabfc:5"},
        f"{CLAIM}assetreport_type": "grading",
        f"{CLAIM}for_user": {"user_id": "there-ada"},
        f"{CLAIM}asset": {"id": asset},
        f"{CLAIM}custom": {"homework": "demo"},
    }


def test_view_report_opens_our_report_for_whoever_may_see_it(served: Serving, lms: Lms) -> None:
    launch(served, lms, "olga")
    [stranger] = served.site.platforms.strangers()
    served.site.platforms.join(stranger.key, served.account("olga"), who="olga")
    tell(served, submit(lms, first=True))
    collect(served)
    report(served)
    grade(served, 7)
    [made], [told] = handed_in(served), reports(lms)
    set_mood(served, lms, claims=review(lms, told["assetId"]))
    for who in ("ada", "olga"):
        client, answer = launch(served, lms, who)
        assert answer.headers["location"] == f"/hand-ins/{made.key}"
        assert client.get(answer.headers["location"]).status_code == 200
    # Who may not see it, and a file that is none of ours, lead to the homework.
    assert launch(served, lms, "bob")[1].headers["location"] == "/homeworks/demo"
    set_mood(served, lms, claims=review(lms, "nothing"))
    assert launch(served, lms, "ada")[1].headers["location"] == "/homeworks/demo"
    settings = {f"{CLAIM}message_type": "LtiAssetProcessorSettingsRequest"}
    set_mood(served, lms, claims={**settings, f"{CLAIM}custom": {"homework": "demo"}})
    assert launch(served, lms, "olga")[1].headers["location"] == "/homeworks/demo/hand-ins"
