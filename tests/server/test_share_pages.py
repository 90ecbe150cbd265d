"""Who marks what: shared out evenly, seen first, kept to where an owner says so, compared."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from marking import PAGE, marking, window
from serving import post

from grader.gradebook.desk.shares import mine_first
from grader.gradebook.desk.sheets import sheets
from grader.gradebook.marking.comparing import compare_markers
from grader.gradebook.marking.marking import in_order

CLASS = {f"s{number:02}": f"# why\nbecause {number}\n\n# how\nso\n" for number in range(7)}
SHARES = "/homeworks/demo/shares"


def test_markers_get_equal_shares_and_see_them_first(tmp_path: Path) -> None:
    with marking(tmp_path, CLASS) as (served, attempts):
        owner, site = served.signed_in("olga"), served.site
        keys = {name: site.accounts.account(name).key for name in ("max", "fay")}  # type: ignore[union-attr]  # they are there
        fields = {f"marker-{key}": "1" for key in keys.values()}
        students = " ".join(CLASS)
        answer = post(
            owner, SHARES, act="share", students=students, **fields, **{"question-0": "1"}
        )
        assert answer.status_code == 303
        told = "Shared out to fay, max: 7 students of 1 question, with 7 answers so far."
        assert told in owner.get(SHARES).text
        shares = site.shares.of("demo")
        assert sorted(shares.counts("why").values()) == [3, 4]
        assert shares.counts("how") == {}
        by_key = {attempt.key: attempt for attempt in attempts.values()}
        for name in keys:
            person, mine = window(served, name), []
            for _ in range(shares.counts("why")[name]):
                mine.append(shares.marker_of["why", by_key[person.key].student])
                person.save(then="full")
            assert mine == [name] * len(mine)
            served.clock.pass_by(minutes=16)  # for then they are shown what is others'
        listed = in_order(sheets(site.book, site.course, "demo"), "demo", "random")
        for_fay = [each.student for each in mine_first(listed, shares, "fay")][:7]
        there = shares.counts("why")["fay"]
        theirs = [shares.marker_of["why", attempts[name].student] for name in for_fay]
        assert theirs == ["fay"] * there + ["max"] * (7 - there)
        page = owner.get(SHARES).text
        assert "7 of 7 marked" in page
        assert "too few answers to say" in page
        told = [each for each in site.book.history() if each.action == "shared"]
        assert (told[0].who, told[0].what, told[0].before) == ("olga", "why: 7 students", "")


def test_where_shares_are_closed_a_marker_sees_nothing_else(tmp_path: Path) -> None:
    with marking(tmp_path, CLASS) as (served, attempts):
        site, owner = served.site, served.signed_in("olga")
        mine, other = attempts["s00"], attempts["s01"]
        site.shares.assign("demo", ["why"], [mine.student], "max", who="olga", whose="s00")
        hand_in = {each.student_id: each.key for each in site.hand_ins.of_homework("demo")}
        marker = served.signed_in("max")
        for closed, status in (("", 200), ("1", 404), ("", 200)):
            post(owner, f"{SHARES}/closed", closed=closed)
            assert marker.get(f"{PAGE}/answers/{other.key}").status_code == status
            assert marker.get(f"/hand-ins/{hand_in['s01']}").status_code == status
            assert marker.get(f"/hand-ins/{hand_in['s01']}/archive").status_code == status
            listed = marker.get("/homeworks/demo/hand-ins").text
            assert ("S01 Person" in listed) == (status == 200)
            assert marker.get(f"{PAGE}/answers/{mine.key}").status_code == 200
            assert marker.get(f"/hand-ins/{hand_in['s00']}").status_code == 200
            assert owner.get(f"{PAGE}/answers/{other.key}").status_code == 200
        post(owner, f"{SHARES}/closed", closed="1")
        page = window(served, "max", PAGE).page.text
        assert "0 of 1 marked" in page
        assert "S01" not in marker.get(f"{PAGE}/alike").text
        assert "of what is shared out to you" in marker.get("/homeworks/demo/questions").text


def test_only_an_owner_shares_out(tmp_path: Path) -> None:
    with marking(tmp_path, CLASS) as (served, _):
        marker = served.signed_in("max")
        assert post(marker, SHARES, act="share").status_code == 403
        assert post(marker, f"{SHARES}/closed", closed="1").status_code == 403
        assert served.site.shares.closed() == frozenset()
        assert "Share out</button>" not in marker.get(SHARES).text
        owner = served.signed_in("olga")
        assert "choose a marker" in post(owner, SHARES, act="share", **{"question-0": "1"}).text
        unknown = post(owner, SHARES, act="free", students="nobody", **{"question-0": "1"})
        assert "Nobody in the gradebook has the id" in unknown.text


def test_students_without_an_answer_are_not_counted_as_answers(tmp_path: Path) -> None:
    with marking(tmp_path, CLASS) as (served, _):
        owner = served.signed_in("olga")
        both = {"question-0": "1", "question-1": "1"}
        # ada and bob have handed in nothing.
        free = post(owner, SHARES, act="free", students="ada bob s00", **both)
        assert free.status_code == 303
        told = "Shared out to nobody: 3 students of 2 questions, with 2 answers so far."
        assert told in owner.get(SHARES).text


def test_a_section_is_shared_out_and_freed_again(tmp_path: Path) -> None:
    with marking(tmp_path, CLASS) as (served, attempts):
        shares = served.site.shares
        students = [attempt.student for attempt in attempts.values()]
        shares.split("demo", ["why", "how"], students, ["max", "fay", "eve"], who="o", whose="all")
        for question in ("why", "how"):
            assert sorted(shares.of("demo").counts(question).values()) == [2, 2, 3]
        shares.assign("demo", ["why"], students[:3], "max", who="o", whose="A")
        shares.assign("demo", ["why"], students[3:], "", who="o", whose="B")
        assert shares.of("demo").counts("why") == Counter(max=3)


def test_a_mean_clearly_differs_only_if_chance_does_not_explain_it() -> None:
    strict, mild, same = [1.0, 2.0] * 10, [3.0, 4.0] * 10, [3.0, 4.0, 4.0] * 5
    found = {each.who: each for each in compare_markers({"a": strict, "b": mild})}
    assert found["a"].is_clear
    assert found["a"].difference == -2
    alike = {each.who: each for each in compare_markers({"b": mild, "c": same})}
    assert alike["c"].difference is not None
    assert not alike["c"].is_clear
    few = {each.who: each for each in compare_markers({"a": strict, "b": [4.0] * 9})}
    assert few["a"].difference is None
    constant = {each.who: each for each in compare_markers({"a": [4.0] * 10, "b": [3.0] * 10})}
    assert constant["a"].is_clear
