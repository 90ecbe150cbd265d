"""Where shares are closed, a marker learns nothing of those who are not shared out to them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from books import check, hand_in, reports
from making import DEMO_RIGHT, write_course, zipped
from serving import Serving, csrf_of, serving
from sqlalchemy import update

from grader.gradebook.connect import writing
from grader.gradebook.models import hand_ins
from grader.server.records import HandInState
from grader.server.routes import ROUTES, Route, Who

QUESTION = '[[questions]]\nid = "why"\npoints = 4\ntext = "Why?"\n\n[limits]'
TELLS = ("Lovelace", "ada@example.edu", ">ada<", "because-of-ada", "SlopeOfAda", "LookAtAda")
# Whatever a form of theirs could be about; the rest of a form's fields are not read then.
FIELDS = {
    "request-1": "on",
    "answer": "It is as it should be.",
    "text": "It is as it should be.",
    "why": "It is as it should be.",
    "points": "1",
    "check": "c::slope",
    "place": "demo.py",
    "line": "1",
    "what": "remove",
    "then": "stay",
    "seen": "",
    "window": "w",
}


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """ada has handed in, was graded and asks for another look; nothing is shared out to max."""
    root = write_course(tmp_path_factory.mktemp("closed") / "course")
    spec = root / "assignments" / "demo" / "assignment.toml"
    spec.write_text(spec.read_text().replace("[limits]", QUESTION))
    with serving(root) as served:
        site, ada = served.site, served.account("ada")
        site.stopping.set()
        data = zipped({"demo.py": f"{DEMO_RIGHT}\n# because-of-ada\n"})
        site.hand_ins.accept("demo", ada, site.blobs.put(data), len(data))
        wrong = check("c::slope", 0, diagnosis="SlopeOfAda"), check("c::other", 5)
        site.book.record([(hand_in("ada"), reports("ada", *wrong))], who="test")
        [attempt] = site.book.attempts("demo")
        with writing(site.engine) as connection:
            graded = {"attempt": attempt.key, "state": HandInState.GRADED}
            connection.execute(update(hand_ins).values(**graded))
        site.requests.ask(ada, attempt.key, "check", "c::slope", "LookAtAda")
        site.shares.close("demo", closed=True, who="olga")
        yield served


@pytest.mark.parametrize(
    "route",
    [
        pytest.param(route, id=f"{route.methods[0]} {route.path}")
        for route in ROUTES
        if route.who in (Who.STAFF, Who.SIGNED_IN) and not route.name.startswith("sign_out")
    ],
)
def test_no_page_and_no_form_tells_of_others(closed: Serving, route: Route) -> None:
    ada = closed.account("ada")
    examples = {"name": "demo", "question": "why", "person": str(ada.student), "file": "demo.py"}
    path = re.sub(r"\{([^}:]+)[^}]*\}", lambda found: examples.get(found[1], "1"), route.path)
    client = closed.signed_in("max")
    for query in ("", "?student=ada", "?q=ada&state=all", "?check=c::slope", "?state=graded"):
        closed.clock.pass_by(seconds=5)
        if route.methods == ("GET",):
            answer = client.get(path + query)
        else:
            token = csrf_of(client.get("/account"))
            answer = client.post(path + query, data={"csrf": token, **FIELDS})
        assert answer.status_code < 500, answer.text
        assert [told for told in TELLS if told in answer.text] == []
        assert "ada" not in answer.headers.get("location", "")


def test_nothing_was_done_by_it(closed: Serving) -> None:
    site = closed.site
    [attempt] = site.book.attempts("demo")
    [asked] = site.requests.everybodys()
    assert asked.answered_at is None
    assert site.comments.of_attempt(attempt.key) == ()
    grade = site.book.grade("demo", "ada")
    assert (grade.automatic.points, grade.questions[0].mark) == (5, None)


def test_an_owner_is_told_all_of_it(closed: Serving) -> None:
    """Else the words looked for would be of no use."""
    olga = closed.signed_in("olga")
    pages = ("/homeworks/demo/class", "/requests", "/homeworks/demo/hand-ins", "/roster/file")
    text = "".join(olga.get(page).text for page in (*pages, "/hand-ins/1"))
    assert [told for told in TELLS if told not in text] == []
