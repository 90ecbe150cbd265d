"""Requests for another look are found, and answered alone or together, each by one person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from looking import DOUBLE, TOTAL, mark, serving_graded
from serving import Serving, post

from grader.server.records import Request


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[Serving]:
    """bob and eve ask about one check, ada about the question that max has marked."""
    with serving_graded(tmp_path, {"ada": 2.0, "bob": 0.0, "eve": 0.5}) as served:
        mark(served, "ada", 3, "Says why (3)")
        for name, kind, item in (
            ("bob", "check", DOUBLE),
            ("eve", "check", DOUBLE),
            ("ada", "question", "why"),
        ):
            ask(served, name, kind, item)
        yield served


def ask(served: Serving, name: str, kind: str, item: str) -> Request:
    attempt = served.site.book.grade("demo", name).attempt
    assert attempt is not None
    reason = f"{name} thinks so"
    return served.site.requests.ask(served.account(name), attempt.key, kind, item, reason)


def request_of(served: Serving, name: str) -> Request:
    (found,) = served.site.requests.of_account(served.account(name))
    return found


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_requests_about_one_check_are_together_and_answered_together(asking: Serving) -> None:
    client = asking.signed_in("max")
    page = client.get("/requests").text
    assert "2 requests about the same check" in page
    assert "#check-checks%3A%3Atest_double" in page
    assert 'id="check-checks%3A%3Atest_double"' in client.get("/hand-ins/2").text
    assert "test_double" not in asking.signed_in("bob").get("/hand-ins/2").text.split("<form")[0]
    chosen = {f"request-{request_of(asking, name).key}": "on" for name in ("bob", "eve")}
    assert post(client, "/requests", answer="Yes.", points="3", **chosen).status_code == 422
    text = "You are right, and the points are corrected."
    sent = post(client, "/requests", text=text, answer="Sorry.", points="2", **chosen)
    assert sent.status_code == 303
    for name, before in (("bob", "1 of 7"), ("eve", "1.5 of 7")):
        request = request_of(asking, name)
        assert request.answer == f"{text}\nSorry."
        assert (request.before, request.after) == (before, "3 of 7")
        assert asking.site.book.grade("demo", name).so_far == 3
        (line,) = [
            each for each in asking.site.book.history(student=name) if each.action == "override"
        ]
        assert (line.who, line.after) == ("max", "2")
    answered = words(client.get("/requests?state=answered").text)
    assert "The grade was 1 of 7, and 3 of 7 after it." in answered


def test_of_two_who_answer_at_once_one_wins_and_the_other_is_told(asking: Serving) -> None:
    max_, olga = asking.signed_in("max"), asking.signed_in("olga")
    bob, eve = (f"request-{request_of(asking, name).key}" for name in ("bob", "eve"))
    assert post(max_, "/requests", answer="First.", points="1", **{bob: "on"}).status_code == 303
    late = post(olga, "/requests", answer="Second.", points="2", **{bob: "on"})
    assert late.status_code == 409
    assert "max has answered this request already" in late.text
    assert request_of(asking, "bob").answer == "First."
    assert asking.site.book.grade("demo", "bob").automatic.points == 2
    both = post(olga, "/requests", answer="Second.", points="2", **{bob: "on", eve: "on"})
    assert both.status_code == 303
    said = words(olga.get("/requests").text)
    assert "eve" in said.lower()
    assert "Bob Noyce: max has answered this request already" in said
    assert asking.site.book.grade("demo", "bob").automatic.points == 2


def test_an_answer_whose_points_are_refused_is_no_answer(asking: Serving) -> None:
    """Both or neither: another attempt counts by now, so the points would change nothing."""
    from books import check
    from looking import grade

    request = request_of(asking, "bob")
    asking.clock.pass_by(seconds=1)
    asking.clock.now = asking.clock.now.replace(month=3, day=21)
    grade(asking, "bob", check(DOUBLE, 0.0, 2.0), check(TOTAL, 1.0, 1.0), text="# again\n")
    client = asking.signed_in("max")
    assert "another attempt counts" in client.get("/requests").text
    fields = {f"request-{request.key}": "on"}
    refused = post(client, "/requests", answer="Yes.", points="2", **fields)
    assert refused.status_code == 422
    assert "not the attempt of bob that counts" in refused.text
    assert request_of(asking, "bob").answered_at is None
    assert post(client, "/requests", answer="Yes.", **fields).status_code == 303


def test_the_points_of_a_question_keep_its_comment_and_items(asking: Serving) -> None:
    client = asking.signed_in("max")
    fields = {f"request-{request_of(asking, 'ada').key}": "on"}
    assert post(client, "/requests", answer="Yes.", points="3.5", **fields).status_code == 303
    (question,) = asking.site.book.grade("demo", "ada").questions
    assert question.mark is not None
    assert (question.mark.points, question.mark.rubric) == (3.5, ("Says why (3)",))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"ada", "bob", "eve"}),
        ("?q=noyce", {"bob"}),
        ("?q=Question", {"ada"}),
        ("?q=eve thinks", {"eve"}),
        ("?homework=demo", {"ada", "bob", "eve"}),
        ("?homework=other", set()),
        ("?state=answered", set()),
        ("?mine=on", {"ada"}),
        ("?state=nonsense", {"ada", "bob", "eve"}),
    ],
)
def test_requests_are_found(asking: Serving, query: str, found: set[str]) -> None:
    page = asking.signed_in("max").get(f"/requests{query}").text
    assert {name for name in ("ada", "bob", "eve") if f"{name} thinks so" in page} == found


def test_texts_are_kept_for_other_answers_until_they_are_removed(asking: Serving) -> None:
    client = asking.signed_in("max")
    fields = {f"request-{request_of(asking, 'bob').key}": "on"}
    post(client, "/requests", answer="See <b>page</b> 3.", keep="on", **fields)
    page = asking.signed_in("olga").get("/requests").text
    text = "See &lt;b&gt;page&lt;/b&gt; 3."
    assert f'<option value="{text}">{text}</option>' in page
    post(client, "/requests/texts", text="See <b>page</b> 3.")
    assert "page&lt;/b&gt; 3" not in client.get("/requests").text
    nothing = post(client, "/requests", answer="x")
    assert nothing.status_code == 422
    assert "No request is chosen" in nothing.text


def test_where_shares_are_closed_a_marker_answers_only_what_is_theirs(asking: Serving) -> None:
    """And looks only at what their own students would see."""
    site, marker, owner = asking.site, asking.signed_in("max"), asking.signed_in("olga")
    student = asking.account("ada").student
    assert student is not None
    site.shares.assign("demo", ["why"], [student], "max", who="olga", whose="ada")
    preview = "/homeworks/demo/preview?student="
    assert "bob thinks so" in marker.get("/requests").text
    assert marker.get(f"{preview}bob").status_code == 200
    site.shares.close("demo", closed=True, who="olga")
    page = marker.get("/requests").text
    assert "ada thinks so" in page
    assert "bob thinks so" not in page
    assert "1 request for another look" in marker.get("/").text
    assert "1 request for" not in owner.get("/").text
    post(marker, "/requests", answer="Mine.", **{f"request-{request_of(asking, 'bob').key}": "on"})
    assert request_of(asking, "bob").answered_at is None
    assert marker.get(f"{preview}bob").status_code == 404
    assert marker.get(f"{preview}ada").status_code == 200
    assert "bob thinks so" in owner.get("/requests").text
    assert owner.get(f"{preview}bob").status_code == 200
