"""Marking in the browser, by plain forms: beside others, and beside a terminal."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from marking import PAGE, marking, window
from serving import Serving, post

from grader.gradebook.claims import LASTS, Marker
from grader.gradebook.desk.sheets import sheets
from grader.gradebook.marking.marking import in_order
from grader.gradebook.records import Attempt, Mark

CLASS = {f"s{number:02}": f"# why\nbecause {number}\n\n# how\nso {number}\n" for number in range(6)}
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


def mark_of(served: Serving, attempt: Attempt, question: str = "why") -> Mark | None:
    grade = served.site.book.grade("demo", attempt.handed_in_by)
    return next(each.mark for each in grade.questions if each.question == question)


def points_of(served: Serving, attempt: Attempt) -> float | None:
    mark = mark_of(served, attempt)
    return None if mark is None else mark.points


def test_every_answer_is_shown_once_in_the_order_of_the_command(tmp_path: Path) -> None:
    with marking(tmp_path, CLASS) as (served, attempts):
        site, person = served.site, window(served, "max")
        by_key = {attempt.key: name for name, attempt in attempts.items()}
        shown = []
        for _ in CLASS:
            shown.append(by_key[person.key])
            assert f"because {int(shown[-1][1:])}" in person.page.text
            person.save(then="full")
        listed = in_order(sheets(site.book, site.course, "demo"), "demo", "random")
        assert shown == [each.student for each in listed if each.question.id == "why"]
        assert "Everything is marked" in person.page.text
        assert {points_of(served, each) for each in attempts.values()} == {4}
        marked = [each for each in site.book.history() if each.action == "marked"]
        assert [each.who for each in marked] == ["max"] * len(CLASS)


def test_items_points_and_comment_are_saved_as_the_command_saves_them(tmp_path: Path) -> None:
    with marking(tmp_path, CLASS) as (served, attempts):
        person = window(served, "max")
        by_key = {attempt.key: attempt for attempt in attempts.values()}
        first = by_key[person.key]
        person.save(**{"item-0": "1", "comment": "Say\r\nmore"})
        mark = mark_of(served, first)
        assert mark is not None
        assert (mark.points, mark.rubric, mark.comment) == (3, ("Says why (3)",), "Say\nmore")
        second = by_key[person.key]
        assert second != first
        person.save(points="2,5")
        assert points_of(served, second) == 2.5
        third = by_key[person.key]
        assert "no number" in person.save(points="much").text
        assert "are not possible" in person.save(points="5").text
        assert "comment alone" in person.save(points="", comment="hm").text
        assert person.page.status_code == 422
        assert by_key[person.key] == third
        assert points_of(served, third) is None
        person.save(then="zero")
        assert points_of(served, third) == 0


def test_two_windows_are_never_shown_the_same_answer(tmp_path: Path) -> None:
    with marking(tmp_path, CLASS) as (served, attempts):
        people = [window(served, "max"), window(served, "fay"), window(served, "max")]
        assert len({person.key for person in people}) == 3
        assert "also marking: fay, max" in people[2].page.text
        for _ in range(len(CLASS)):
            for person in people:
                if "data-form" in person.page.text:
                    person.save(then="full")
        history = [each.student for each in served.site.book.history() if each.action == "marked"]
        assert sorted(history) == sorted(CLASS)
        assert {points_of(served, each) for each in attempts.values()} == {4}


def test_what_somebody_else_is_marking_is_shown_and_not_taken(tmp_path: Path) -> None:
    with marking(tmp_path, CLASS) as (served, attempts):
        theirs = window(served, "fay")
        mine = window(served, "max", f"{PAGE}/answers/{theirs.key}")
        assert "fay is marking this answer now" in mine.page.text
        assert "<fieldset disabled>" in mine.page.text
        answer = mine.save(points="1")  # by a script that does not mind
        assert answer.status_code == 409
        assert "Not saved. Fay is marking this answer now" in answer.text
        by_key = {attempt.key: attempt for attempt in attempts.values()}
        assert points_of(served, by_key[mine.key]) is None


def test_a_claim_is_renewed_while_the_page_is_open_and_runs_out_afterwards(tmp_path: Path) -> None:
    with marking(tmp_path, {"s00": "# why\nso\n"}) as (served, _):
        theirs = window(served, "fay")
        key = theirs.key
        fields = {name: theirs.fields()[name] for name in ("csrf", "window")}
        for _ in range(3):
            served.clock.pass_by(minutes=10)
            told = theirs.client.post(f"{PAGE}/answers/{key}/claim", data=fields).json()
            assert (told["mine"], told["who"]) == (True, "")
        assert "Nothing is left for you just now" in window(served, "max").page.text
        served.clock.pass_by(seconds=LASTS.total_seconds() + 1)  # the browser was closed
        mine = window(served, "max")
        assert mine.key == key
        told = theirs.client.post(f"{PAGE}/answers/{key}/claim", data=fields).json()
        assert (told["mine"], told["who"]) == (False, "max")
        assert "Max is marking this answer now" in theirs.save(points="1").text
        mine.save(points="3")
        assert points_of(served, served.site.book.attempts("demo")[0]) == 3


def test_who_opens_an_answer_of_their_own_in_another_window_takes_it_over(tmp_path: Path) -> None:
    with marking(tmp_path, {"s00": "# why\nso\n"}) as (served, attempts):
        killed = window(served, "max")
        again = window(served, "max")  # to mark whatever is next
        link = re.search(r'<a href="([^"]+)">Mark it here</a>', again.page.text)
        assert link
        assert "Mark it here" not in window(served, "fay").page.text
        again.open(link[1].replace("&amp;", "&"))
        assert again.key == killed.key
        assert "data-held" not in again.page.text
        # Others are kept away, and so is the window before.
        other = window(served, "fay", f"{PAGE}/answers/{again.key}")
        assert "max is marking this answer now" in other.page.text
        fields = {name: killed.fields()[name] for name in ("csrf", "window")}
        told = killed.client.post(f"{PAGE}/answers/{killed.key}/claim", data=fields).json()
        assert (told["mine"], told["who"]) == (False, "max")
        late = killed.save(points="1")
        assert late.status_code == 409
        assert "opened this answer in another window since" in late.text
        again.save(points="3")
        assert points_of(served, attempts["s00"]) == 3


def test_a_page_that_is_left_gives_its_answer_back(tmp_path: Path) -> None:
    with marking(tmp_path, {"s00": "# why\nso\n"}) as (served, _):
        theirs = window(served, "fay")
        fields = {name: theirs.fields()[name] for name in ("csrf", "window")}
        until = {"until": theirs.until}
        served.clock.pass_by(seconds=1)
        theirs.open(f"{PAGE}/answers/{theirs.key}?window={fields['window']}")  # loaded again
        theirs.client.post(f"{PAGE}/leave", data={**fields, **until})  # heard late
        assert "Nothing is left for you" in window(served, "max").page.text
        theirs.client.post(f"{PAGE}/leave", data={**fields, "until": theirs.until})
        assert window(served, "max").key == theirs.key


def test_a_mark_that_came_meanwhile_is_told_and_replaced_only_when_it_was_seen(
    tmp_path: Path,
) -> None:
    with marking(tmp_path, CLASS) as (served, attempts):
        person = window(served, "max")
        first = next(each for each in attempts.values() if each.key == person.key)
        # At a terminal, which minds no claim of a mark that it sets by hand.
        served.site.book.mark(first, "why", 2, who="eve", comment="half")
        answer = person.save(points="3")
        assert answer.status_code == 409
        assert "changed meanwhile: eve gave 2" in answer.text
        assert "The mark is now 2 by eve; “half”" in answer.text
        assert 'value="3"' in answer.text  # what was entered is not lost
        assert points_of(served, first) == 2
        person.save(points="3")
        mark = mark_of(served, first)
        assert mark is not None
        assert (mark.points, mark.who) == (3, "max")


def test_the_command_and_the_page_see_each_others_marks_and_claims(tmp_path: Path) -> None:
    with marking(tmp_path, {"s00": "# why\nso\n"}) as (served, attempts):
        book, attempt = served.site.book, attempts["s00"]
        terminal = Marker("eve", "a terminal")
        book.claim(attempt, "why", terminal, served.clock())
        assert "eve is marking the rest" in window(served, "max").page.text
        book.mark(attempt, "why", 3, who="eve", marker=terminal, at=served.clock())
        page = window(served, "max", f"{PAGE}/answers/{attempt.key}").page.text
        assert "Saved: 3 points by eve" in page
        [sheet] = [
            each for each in sheets(book, served.site.course, "demo") if each.question.id == "why"
        ]
        assert (sheet.answer, sheet.mark) == ("# why\nso", mark_of(served, attempt))
        assert book.claim(attempt, "why", terminal, served.clock())[0].who == "max"


def test_undo_gives_back_what_was_there_and_nothing_of_others(tmp_path: Path) -> None:
    with marking(tmp_path, CLASS) as (served, attempts):
        person = window(served, "max")
        by_key = {attempt.key: attempt for attempt in attempts.values()}
        first = by_key[person.key]
        person.save(then="stay", points="1")
        person.save(points="3")  # one step with the one before
        second = by_key[person.key]
        served.site.book.mark(second, "why", 1, who="eve", comment="hm")
        person.open(f"{PAGE}/answers/{second.key}?window={person.fields()['window']}")
        person.save(then="full")
        assert points_of(served, second) == 4
        assert "undone" in person.undo().text
        assert by_key[person.key] == second
        mark = mark_of(served, second)
        assert mark is not None
        assert (mark.points, mark.who, mark.comment) == (1, "eve", "hm")
        served.site.book.mark(first, "why", 2, who="eve")
        answer = person.undo()
        assert answer.status_code == 409
        assert "Not undone" in answer.text
        assert points_of(served, first) == 2
        assert "nothing to undo" in person.undo().text


def test_nothing_entered_takes_a_mark_away_and_undo_brings_it_back(tmp_path: Path) -> None:
    with marking(tmp_path, {"s00": "# why\nso\n"}) as (served, attempts):
        person = window(served, "max")
        person.save(then="stay", points="3")
        assert "Saved: 3 points by max" in person.page.text
        person.save(then="stay", points="")
        assert mark_of(served, attempts["s00"]) is None
        person.undo()  # both were one visit
        assert mark_of(served, attempts["s00"]) is None
        assert [each.action for each in served.site.book.history() if "mark" in each.action] == [
            "marked", "unmarked",
        ]  # fmt: skip


def test_the_same_mark_once_more_is_no_change(tmp_path: Path) -> None:
    with marking(tmp_path, {"s00": "# why\nso\n"}) as (served, attempts):
        served.site.book.mark(attempts["s00"], "why", 3, who="eve", rubric=["Says why (3)"])
        person = window(served, "max", f"{PAGE}/answers/{attempts['s00'].key}")
        assert person.fields()["item-0"] == "1"
        person.save()
        mark = mark_of(served, attempts["s00"])
        assert mark is not None
        assert mark.who == "eve"


def test_a_form_without_its_token_marks_nothing(tmp_path: Path) -> None:
    with marking(tmp_path, {"s00": "# why\nso\n"}) as (served, attempts):
        person = window(served, "max")
        assert person.save(csrf="", points="3").status_code == 403
        assert mark_of(served, attempts["s00"]) is None


def test_names_are_hidden_where_that_is_set(tmp_path: Path) -> None:
    texts = {"ada-lee": "# why\nI, Ada-Lee Person, think so\n"}
    with marking(tmp_path / "a", texts) as (served, attempts):
        assert "Ada-Lee Person" in window(served, "max").page.text
        path = f"{PAGE}/answers/{attempts['ada-lee'].key}?names=hidden"
        page = window(served, "max", path).page.text
        assert "ada-lee" not in page.lower()
        assert served.site.course.pseudonym("demo", "ada-lee") in page
        assert "I, [name], think so" in page
    settings = "[tool.grader.server]\nanonymous_marking = true\n"
    with marking(tmp_path / "b", texts, settings) as (served, _):
        page = window(served, "max", f"{PAGE}?names=").page.text
        assert "ada-lee" not in page.lower()
        assert "Show names" not in page


def test_a_picture_is_shown_and_nothing_that_runs(tmp_path: Path) -> None:
    with marking(tmp_path, {"s00": PNG, "s01": b"<svg onload=alert(1)>"}) as (served, attempts):
        for name, kind in (("s00", "image/png"), ("s01", "application/octet-stream")):
            person = window(served, "max", f"{PAGE}/answers/{attempts[name].key}")
            [address] = set(re.findall(r'<img src="([^"]+)"', person.page.text))
            answer = person.client.get(address.replace("&amp;", "&"))
            assert answer.headers["content-type"] == kind
            assert answer.headers["content-disposition"].startswith(
                "inline" if name == "s00" else "attachment"
            )
            assert "unsafe" not in answer.headers["content-security-policy"]
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert person.client.get(address.replace("files/0", "files/1")).status_code == 404


def test_a_pdf_opens_in_the_browsers_viewer_and_may_nothing_else(tmp_path: Path) -> None:
    with marking(tmp_path, {"s00": "# why\nso\n"}, pdf=b"%PDF-1.7 ...") as (served, _):
        person = window(served, "max")
        [address] = set(re.findall(r'<a href="([^"]+files/0[^"]*)"', person.page.text))
        answer = person.client.get(address.replace("&amp;", "&"))
        assert answer.headers["content-type"] == "application/pdf"
        policy = answer.headers["content-security-policy"]
        assert policy == "default-src 'none'; object-src 'self'; frame-ancestors 'none'"


def test_what_a_student_wrote_stays_text(tmp_path: Path) -> None:
    with marking(tmp_path, {"s00": "# why\n<script>alert(1)</script> $x^2$\n"}) as (served, _):
        page = window(served, "max").page.text
        assert "&lt;script&gt;alert(1)&lt;/script&gt; $x^2$" in page


def test_files_that_are_gone_are_told_and_are_no_missing_answer(tmp_path: Path) -> None:
    with marking(tmp_path, {"s00": "# why\nso\n"}) as (served, _):
        shutil.rmtree(served.site.blobs.folder)
        page = window(served, "max").page.text
        assert "This answer cannot be shown: the files of this submission are no longer" in page
        assert "No answers.md was handed in" not in page


def test_students_see_nothing_of_it_and_staff_what_there_is(tmp_path: Path) -> None:
    with marking(tmp_path, {"s00": "# why\nso\n"}) as (served, _):
        student, marker = served.signed_in("ada"), served.signed_in("max")
        pages = {"": 200, "/why": 303, "/why/answers/1": 200, "/no": 404, "/why/answers/999": 404}
        for page, status in pages.items():
            path = f"/homeworks/demo/questions{page}"
            assert student.get(path).status_code == 403, page
            assert marker.get(path).status_code == status, page


def test_another_person_cannot_use_a_windows_claims(tmp_path: Path) -> None:
    with marking(tmp_path, {"s00": "# why\nso\n"}) as (served, _):
        theirs = window(served, "fay")
        name = theirs.fields()["window"]
        mine = window(served, "max", f"{PAGE}/answers/{theirs.key}?window={name}")
        assert "fay is marking this answer now" in mine.page.text
        post(mine.client, f"{PAGE}/leave", window=name)
        assert "fay is marking" in mine.open(f"{PAGE}/answers/{theirs.key}").text
