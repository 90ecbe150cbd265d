"""Comments of staff on a hand-in: written beside the report, read by the student with the grade."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from books import scored
from making import DEMO_RIGHT, write_course, zipped
from serving import Serving, csrf_of, serving

from grader.gradebook.records import Attempt

LINES = len(DEMO_RIGHT.splitlines())


@pytest.fixture
def commented(tmp_path: Path) -> Iterator[Serving]:
    """ada's hand-in 1 is graded; bob has nothing."""
    with serving(write_course(tmp_path / "course")) as served:
        site, ada = served.site, served.account("ada")
        data = zipped({"demo.py": DEMO_RIGHT})
        made = site.hand_ins.accept("demo", ada, site.blobs.put(data), len(data))
        attempt = Attempt("demo", "ada", made.received_at, made.sha256, label="ada")
        site.book.record([(attempt, scored("ada", 8))], who="t")
        served_as_graded(served, made.key)
        yield served


def served_as_graded(served: Serving, key: int) -> None:
    """Say that a hand-in is graded, without grading it."""
    from sqlalchemy import update

    from grader.gradebook.connect import writing
    from grader.gradebook.models import hand_ins
    from grader.server.records import HandInState

    (attempt,) = served.site.book.attempts("demo")
    with writing(served.site.engine) as connection:
        done = update(hand_ins).where(hand_ins.c.key == key)
        connection.execute(done.values(state=HandInState.GRADED, attempt=attempt.key))


def comment(served: Serving, who: str = "max", address: str = "", **fields: str) -> httpx2.Response:
    client = served.signed_in(who)
    token = csrf_of(client.get("/account"))
    form = {"csrf": token, "place": "file:demo.py", "line": "2", "points": "", **fields}
    to = f"/hand-ins/1/comments{address}"
    return client.post(to, data=form, follow_redirects=True)


def test_a_comment_stands_at_its_line_for_staff_and_after_release_for_the_student(
    commented: Serving,
) -> None:
    page = comment(commented, text="No <loop> here.", points="-0,5").text
    assert "The comment is saved." in page
    assert 'class="note comment"' in page
    assert "No &lt;loop&gt; here. (-0.5 points)" in page
    assert commented.site.book.grade("demo", "ada").so_far == 7.5

    ada = commented.signed_in("ada")
    assert "loop" not in ada.get("/hand-ins/1").text
    assert "loop" not in ada.get("/hand-ins/1/report").text
    commented.site.book.release("demo", who="olga")
    theirs = ada.get("/hand-ins/1").text
    assert 'class="note comment"' in theirs
    assert "No &lt;loop&gt; here. (-0.5 points)" in theirs
    assert "Comment on this work" not in theirs
    assert '"max"' not in ada.get("/hand-ins/1/report").text
    commented.site.book.take_back("demo", who="olga")
    assert "loop" not in ada.get("/hand-ins/1/report").text


def test_the_bank_fills_in_what_was_written_before(commented: Serving) -> None:
    comment(commented, text="Name the axes.", points="-1", place="figure:plot")
    page = comment(commented, who="olga", text="", bank="-1:Name the axes.", line="3").text
    assert "Name the axes. (-1) · 2×" in page
    assert [each.points for each in commented.site.comments.of_attempt(1)] == [-1.0, -1.0]


def test_a_comment_is_changed_and_removed(commented: Serving) -> None:
    comment(commented, text="First.")
    assert "is changed" in comment(commented, address="/1", text="Second.", points="1").text
    (left,) = commented.site.comments.of_attempt(1)
    assert (left.text, left.points) == ("Second.", 1.0)
    assert "is gone" in comment(commented, address="/1", remove="1").text
    assert comment(commented, address="/1", text="Third.").status_code == 404
    assert [e.action for e in commented.site.book.history(student="ada")][-3:] == ["commented"] * 3


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"text": "x", "line": ""}, "needs the number of its line"),
        ({"text": "x", "line": "0"}, "needs the number of its line"),
        ({"text": "x", "line": "9999"}, f"demo.py has {LINES} lines, and so no line 9999"),
        ({"text": "x", "line": str(LINES + 1)}, f"and so no line {LINES + 1}"),
        ({"text": "x", "place": "file:other.py"}, "The work has no file other.py"),
        ({"text": "x", "points": "much"}, "no number of points"),
        ({"text": "x", "points": "1e9"}, "no number of points"),
        ({"text": "x", "points": "1000"}, "one comment changes no more than that"),
        ({"text": "x", "points": "-100"}, "one comment changes no more than that"),
        ({"text": "", "bank": "made up"}, "Write a comment"),
        ({"text": "x" * 4001}, "at most 4000 characters"),
    ],
)
def test_wrong_comments_are_told(commented: Serving, fields: dict[str, str], told: str) -> None:
    answer = comment(commented, **fields)
    assert answer.status_code == 422
    assert told in answer.text
    assert commented.site.comments.of_attempt(1) == ()


def test_a_student_comments_on_nothing(commented: Serving) -> None:
    for who in ("ada", "bob"):
        assert comment(commented, who=who, text="x", points="100").status_code == 403
    assert commented.site.comments.of_attempt(1) == ()
