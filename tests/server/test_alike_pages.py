"""Alike together: groups, why they are together, marking them once, one out, undo."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from books import check, reports
from marking import PAGE, MarkerWindow, marking, window
from serving import Serving

from grader.gradebook.marking.alike import differing, words_of
from grader.gradebook.records import Attempt

LONG = "the loss is convex and setting its gradient to zero gives one linear system to solve"
CLASS = {
    "s00": f"# why\n{LONG}\n",
    "s01": f"# why\n{LONG.upper()}\n",
    "s02": f"# why\n{LONG.replace('is convex', 'is not convex')}\n",
    "s03": "# why\nbecause it is so\n",
    "s04": "# why\nbecause it is not so\n",
    "s05": "# why\nBecause it is so.\n",
    "s06": "",
    "s07": "",
}


def points_of(served: Serving, attempts: dict[str, Attempt]) -> dict[str, float]:
    marked = {name: served.site.book.grade("demo", name).questions[0].points for name in attempts}
    return {name: points for name, points in marked.items() if points is not None}


def group_with(page: str, key: int) -> str:
    """The form of the group in which an attempt is."""
    forms = re.findall(r"<form.*?</form>", page, re.DOTALL)
    return next(each for each in forms if f'name="member-{key}"' in each)


def members(form: str, *, ticked: bool = False) -> dict[str, str]:
    boxes = re.findall(r'<input type="checkbox" name="(member-\d+)" value="([^"]*)"([^>]*)', form)
    return {name: value for name, value, more in boxes if not ticked or "checked" in more}


def send(person: MarkerWindow, form: str, **fields: str) -> str:
    hidden = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', form))
    action = re.search(r'action="([^"]+)"', form)
    assert action
    answer = person.client.post(action[1], data={**hidden, **fields})
    if answer.status_code != 303:
        return answer.text
    return person.client.get(answer.headers["location"]).text


def test_near_equal_answers_are_together_and_show_the_words_that_differ(tmp_path: Path) -> None:
    with marking(tmp_path, CLASS) as (served, attempts):
        page = window(served, "max", f"{PAGE}/alike").page.text
        key = {name: attempt.key for name, attempt in attempts.items()}
        assert members(group_with(page, key["s00"])).keys() == {
            f"member-{key[name]}" for name in ("s00", "s01", "s02")
        }
        assert '<span class="unseen">not here: </span>not</del>' in page
        # Of a short answer one word is too much.
        with pytest.raises(StopIteration):
            group_with(page, key["s03"])
        assert members(group_with(page, key["s06"])).keys() == {
            f"member-{key[name]}" for name in ("s06", "s07")
        }
        assert "2 without an answer" in page


def test_a_group_is_marked_once_one_is_taken_out_and_the_rest_undone(tmp_path: Path) -> None:
    with marking(tmp_path, CLASS) as (served, attempts):
        served.site.book.mark(attempts["s02"], "why", 1, who="eve", comment="hm")
        person = window(served, "max", f"{PAGE}/alike")
        form = group_with(person.page.text, attempts["s00"].key)
        # Whoever is marked already is not ticked.
        assert len(members(form, ticked=True)) == 2
        page = send(person, form, **members(form), **{"item-0": "1", "comment": "Good"})
        assert "3 points for 3." in page
        assert points_of(served, attempts) == {"s00": 3, "s01": 3, "s02": 3}
        history = [each for each in served.site.book.history() if each.action == "marked"]
        assert {each.why.partition(":")[0] for each in history[-3:]} == {
            "marked together with 2 others"
        }
        out = next(
            each
            for each in re.findall(r"<form.*?</form>", page, re.DOTALL)
            if f'name="attempt" value="{attempts["s02"].key}"' in each
        )
        page = send(person, out)
        assert points_of(served, attempts) == {"s00": 3, "s01": 3, "s02": 1}
        mark = served.site.book.grade("demo", "s02").questions[0].mark
        assert mark is not None
        assert (mark.who, mark.comment) == ("eve", "hm")
        served.site.book.mark(attempts["s01"], "why", 2, who="eve")
        undo = next(
            each
            for each in re.findall(r"<form.*?</form>", page, re.DOTALL)
            if "/undo" in each and "attempt" not in each
        )
        page = send(person, undo)
        assert "The mark before is back for 1. Left as they are: s01-1" in page
        assert points_of(served, attempts) == {"s01": 2, "s02": 1}


def test_who_was_marked_meanwhile_keeps_that_mark(tmp_path: Path) -> None:
    with marking(tmp_path, CLASS) as (served, attempts):
        person = window(served, "max", f"{PAGE}/alike")
        form = group_with(person.page.text, attempts["s00"].key)
        served.site.book.mark(attempts["s01"], "why", 1, who="eve")
        theirs = window(served, "fay", f"{PAGE}/answers/{attempts['s02'].key}")
        assert theirs.key == attempts["s02"].key
        page = send(person, form, **members(form), points="4")
        assert "4 points for 1." in page
        assert "fay is marking this answer now" in page
        assert points_of(served, attempts) == {"s00": 4, "s01": 1}


def test_only_who_marked_a_group_or_an_owner_undoes_it(tmp_path: Path) -> None:
    with marking(tmp_path, CLASS) as (served, attempts):
        person = window(served, "max", f"{PAGE}/alike")
        form = group_with(person.page.text, attempts["s06"].key)
        send(person, form, **members(form), then="zero")
        assert points_of(served, attempts) == {"s06": 0, "s07": 0}
        assert "Marked as a group" in window(served, "olga", f"{PAGE}/alike").page.text
        other = window(served, "fay", f"{PAGE}/alike")
        assert "Marked as a group" not in other.page.text
        csrf = re.search(r'name="csrf" value="([^"]+)"', other.page.text)
        assert csrf
        answer = other.client.post("/mark-groups/1/undo", data={"csrf": csrf[1]})
        assert answer.status_code == 404
        assert points_of(served, attempts) == {"s06": 0, "s07": 0}


def record_faults(served: Serving, attempts: dict[str, Attempt]) -> None:
    """s00 and s01 have the same mistake; s01 to s03 fail another check."""
    mean = check("checks::mean", 0.0, 5.0, diagnosis="The mean is taken over columns.")
    plot = check("checks::plot", 0.0, 5.0)
    served.site.book.record(
        [
            (attempts["s00"], reports("s00", mean, check("checks::plot", 5.0))),
            (attempts["s01"], reports("s01", mean, plot)),
            (attempts["s02"], reports("s02", check("checks::mean", 5.0), plot)),
            (attempts["s03"], reports("s03", check("checks::mean", 5.0), plot)),
        ],
        who="test",
    )


def points_by_checks(served: Serving) -> list[float]:
    grades = [served.site.book.grade("demo", name) for name in ("s00", "s01", "s02")]
    return [grade.automatic.points for grade in grades]


def review(person: MarkerWindow, form: str, points: str = "3", why: str = "A slip.") -> str:
    """What is shown before the points of a group are set."""
    return send(person, form, **members(form), check="checks::mean", points=points, why=why)


def confirmation(page: str) -> str:
    return next(each for each in re.findall(r"<form.*?</form>", page, re.DOTALL) if "stamp" in each)


def test_the_same_mistake_is_a_group_whose_points_are_set_at_once(tmp_path: Path) -> None:
    with marking(tmp_path, CLASS) as (served, attempts):
        record_faults(served, attempts)
        person = window(served, "max", "/homeworks/demo/faults")
        assert "2: The mean is taken over columns." in person.page.text
        form = group_with(person.page.text, attempts["s00"].key)
        assert len(members(form)) == 2
        shown = review(person, form)
        page = send(person, confirmation(shown), why="A slip.")
        assert "3 points for 2. 2 grades are corrected: 2 gain points, 0 lose some." in page
        # Points that somebody has set are kept unless they are ticked once more.
        again = group_with(page, attempts["s00"].key)
        assert members(again, ticked=True) == {}
        assert "set by hand: 3" in again
        assert points_by_checks(served) == [8, 3, 5]
        undo = next(
            each for each in re.findall(r"<form.*?</form>", page, re.DOTALL) if "/undo" in each
        )
        send(person, undo)
        assert points_by_checks(served) == [5, 0, 5]
        assert "no number of points from 0 to 5" in review(person, form, points="9")
        nobody = send(person, form, check="checks::mean", points="3", why="A slip.")
        assert "Nobody is chosen" in nobody


def test_points_of_a_group_change_only_after_who_gains_was_seen(tmp_path: Path) -> None:
    with marking(tmp_path, CLASS) as (served, attempts):
        record_faults(served, attempts)
        served.site.book.override("demo", "s01", "checks::mean", 4, who="eve", why="Nearly.")
        history = len(served.site.book.history())
        person = window(served, "max", "/homeworks/demo/faults")
        shown = review(person, group_with(person.page.text, attempts["s00"].key))
        table = re.findall(r'<th scope="row">.*?</tr>', shown, re.DOTALL)
        cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in table]
        rows = [[re.sub(r"<[^>]+>", "", cell).removesuffix(", so far") for cell in row]
                for row in cells]  # fmt: skip
        assert rows == [
            ["S00 Person", "5", "8", "+3", "the check: 0 → 3"],
            ["S01 Person", "4", "3", "−1", "the check: 4 → 3"],
        ]
        assert 'value="A slip."' in shown
        assert points_by_checks(served) == [5, 4, 5]
        assert len(served.site.book.history()) == history


MOVES = {
    "another attempt counts": lambda served, attempts: served.site.book.record(
        [
            (
                replace(
                    attempts["s01"],
                    key=0,
                    sha256="f" * 64,
                    received_at=attempts["s01"].received_at + timedelta(minutes=1),
                ),
                reports("s01", check("checks::mean", 5.0), check("checks::plot", 5.0)),
            )
        ],
        who="test",
    ),
    "the check has other points": lambda served, attempts: served.site.book.override(
        "demo", "s01", "checks::mean", 4, who="eve", why="Nearly."
    ),
    "the grade is another one": lambda served, attempts: served.site.book.adjust(
        "demo", "s01", 1, who="eve", why="A bonus."
    ),
}


@pytest.mark.parametrize("move", MOVES)
def test_points_of_a_group_are_not_set_if_a_grade_has_changed_meanwhile(
    tmp_path: Path, move: str
) -> None:
    with marking(tmp_path, CLASS) as (served, attempts):
        record_faults(served, attempts)
        person = window(served, "max", "/homeworks/demo/faults")
        shown = review(person, group_with(person.page.text, attempts["s00"].key))
        MOVES[move](served, attempts)
        before = points_by_checks(served), len(served.site.book.history())
        refused = send(person, confirmation(shown), why="A slip.")
        assert "Something changed meanwhile, so nothing was done" in refused
        assert (points_by_checks(served), len(served.site.book.history())) == before


def test_history_of_an_undone_group_names_who_did_it_and_who_undid_it(tmp_path: Path) -> None:
    with marking(tmp_path, CLASS) as (served, attempts):
        book = served.site.book
        mean = check("checks::mean", 0.0, 5.0, diagnosis="The mean is taken over columns.")
        plot = check("checks::plot", 0.0, 5.0)
        both = [(attempts[name], reports(name, mean, plot)) for name in ("s00", "s01")]
        book.record(both, who="test")
        book.override("demo", "s01", "checks::mean", 1, who="eve", why="Half.", note="asked")
        person = window(served, "max", "/homeworks/demo/faults")
        form = group_with(person.page.text, attempts["s00"].key)
        send(person, confirmation(review(person, form)), why="A slip.")
        owner = window(served, "olga", "/homeworks/demo/faults")
        undo = next(
            each
            for each in re.findall(r"<form.*?</form>", owner.page.text, re.DOTALL)
            if "/undo" in each and "attempt" not in each
        )
        send(owner, undo)
        for name, before in (("s00", "0 (automatic)"), ("s01", "1")):
            last = book.history(student=name)[-1]
            assert (last.who, last.before, last.after) == ("olga", "3", before)
            assert last.why == (
                "undone for a whole group; max had set checks::mean together: A slip."
            )
        # Whose points they were before they are again.
        (again,) = book.grade("demo", "s01").automatic.overrides
        assert (again.points, again.who, again.why, again.note) == (1, "eve", "Half.", "asked")


def test_words_and_what_differs() -> None:
    first, other = words_of("# why\nIt is so."), words_of("it is NOT so!")
    assert [(run.kind, run.text) for run in differing(first, other)] == [
        ("same", "it is"), ("new", "not"), ("same", "so"), ("new", "!"), ("gone", "."),
    ]  # fmt: skip
