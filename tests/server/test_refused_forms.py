"""A form that is refused comes back with what was typed, and the error beside its field."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from looking import DOUBLE, serving_graded
from serving import Serving, csrf_of, post
from starlette.testclient import TestClient

from grader.server.http.refusals import refilled
from grader.server.records import Role
from grader.server.routes import ROUTES
from grader.server.site.limits import ADDRESS


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Serving]:
    with serving_graded(tmp_path, {"ada": 2.0, "bob": 0.0}) as opened:
        yield opened


def form_with(page: httpx2.Response, text: str) -> str:
    """The one form of a page in which something stands."""
    found = [each for each in re.findall(r"<form.*?</form>", page.text, re.DOTALL) if text in each]
    assert len(found) == 1, page.text
    return found[0]


def value_of(form: str, name: str) -> str:
    found = re.search(rf'<input[^>]*name="{name}"[^>]*>', form)
    assert found, form
    value = re.search(r'value="([^"]*)"', found[0])
    return html.unescape(value[1]) if value else ""


def test_a_refused_decision_keeps_what_was_typed_and_says_why_beside_it(served: Serving) -> None:
    olga, address = served.signed_in("olga"), f"/students/{served.account('ada').student}"
    typed = {"why": 'ill, she says "since <Monday>"', "note": "phoned", "value": "two"}
    sent = {"csrf": csrf_of(olga.get(address)), "what": "adjust", "homework": "demo", **typed}
    page = olga.post(f"{address}/decisions", data=sent)
    assert page.status_code == 422
    form = form_with(page, 'id="refused"')
    assert 'name="what" value="adjust"' in form
    assert {name: value_of(form, name) for name in typed} == typed
    beside = re.search(r'<input[^>]*name="value"[^>]*>(<strong.*?</strong>)', form)
    assert beside
    assert "is no number of points" in beside[1]
    assert 'aria-invalid="true" aria-describedby="refused" autofocus' in beside[0]
    # It is folded away no more, and the other forms are as they were.
    assert re.search(r"<details open>\s*<summary>Decide on Demo", page.text)
    assert page.text.count("phoned") == 1
    # Corrected there, it is taken.
    again = {**sent, "value": "2", "csrf": csrf_of(page)}
    assert olga.post(f"{address}/decisions", data=again).status_code == 303
    assert [each.points for each in served.site.book.grade("demo", "ada").adjustments] == [2.0]


def test_a_refused_comment_keeps_text_place_and_line(served: Serving) -> None:
    client = served.signed_in("max")
    text = "\n  Why <this>?\n& that"
    fields = {"place": "file:demo.py", "line": "x", "text": text, "points": "-1"}
    page = post(client, "/hand-ins/1/comments", **fields)
    assert page.status_code == 422
    form = form_with(page, 'id="refused"')
    assert (value_of(form, "line"), value_of(form, "points")) == ("x", "-1")
    assert '<option value="file:demo.py" selected>' in form
    area = re.search(r'<textarea id="text"[^>]*>(.*?)</textarea>', form, re.DOTALL)
    assert area
    # A browser leaves out the first line break of a textarea.
    assert html.unescape(area[1].removeprefix("\n")) == text


def test_what_changed_meanwhile_is_shown_anew_with_the_reason_kept(served: Serving) -> None:
    owner = served.signed_in("olga")
    query = f"?check={DOUBLE}&rule=everybody&points="
    first = owner.get(f"/homeworks/demo/checks{query}")
    action = re.search(r'<form method="post" action="([^"]+/checks[^"]+)"', first.text)
    stamp = re.search(r'name="stamp" value="(\w+)"', first.text)
    assert action
    assert stamp
    served.site.book.adjust("demo", "bob", 1, who="max", why="meanwhile")
    fields = {"check": DOUBLE, "rule": "everybody", "stamp": stamp[1], "why": "It was wrong."}
    page = post(owner, html.unescape(action[1]), **fields)
    assert page.status_code == 409
    form = form_with(page, 'id="refused"')
    assert value_of(form, "why") == "It was wrong."
    # What is agreed to is what is shown now.
    assert value_of(form, "stamp") != stamp[1]
    fields["stamp"] = value_of(form, "stamp")
    assert post(owner, html.unescape(action[1]), **fields).status_code == 303


AGAIN = re.compile(r'<input[^>]*type="file"([^>]*)>(.*?)</p>', re.DOTALL)


def test_a_refused_form_says_which_file_to_choose_again_beside_its_field(served: Serving) -> None:
    owner = served.signed_in("olga")

    def send(**files: tuple[str, bytes]) -> httpx2.Response:
        fields = {"csrf": csrf_of(owner.get("/homeworks/demo/release")), "anyway": "on"}
        return owner.post("/homeworks/demo/zip", data=fields, files=files)

    # Nothing is wrong with the file: nobody's grade is released.
    page = send(worksheet=("<my> sheet.csv", b"a,b\n"))
    assert page.status_code == 409
    form = form_with(page, 'id="refused"')
    assert "release first" in form
    assert "Choose the file <bdi>&lt;my&gt; sheet.csv</bdi> again." in form
    assert re.search(r'name="anyway" value="on" checked', form)
    # Something is: both stand beside the field, which is read with them.
    served.site.book.release("demo", who="olga")
    page = send(worksheet=("other.csv", b"a,b\n"))
    assert page.status_code == 422
    field = AGAIN.search(form_with(page, 'id="refused"'))
    assert field
    assert 'aria-describedby="refused again-worksheet"' in field[1]
    assert 'aria-invalid="true"' in field[1]
    assert "the worksheet" in field[2].lower()
    assert '<span class="again" id="again-worksheet">' in field[2]
    assert "Choose the file <bdi>other.csv</bdi> again." in field[2]


def test_files_that_cannot_be_handed_in_are_named_where_to_choose_them_again(
    served: Serving,
) -> None:
    ada = served.signed_in("ada")
    fields = {"csrf": csrf_of(ada.get("/homeworks/demo"))}
    names = ["a/demo.py", "b.py", "c.py", "d.py", "e.py", "f.py", "a/demo.py"]
    files = [("files", (name, f"# {place}".encode())) for place, name in enumerate(names)]
    page = ada.post("/homeworks/demo/upload", data=fields, files=files)
    assert page.status_code == 422
    form = form_with(page, 'id="refused"')
    assert "Two different files are called a/demo.py" in form
    listed = ", ".join(f"<bdi>{name}</bdi>" for name in names[:5])
    assert f"Choose the files {listed} and 2 more again." in form
    assert served.site.hand_ins.of_student(served.account("ada").student or 0)[1:] == ()


@pytest.mark.parametrize("page", ["/roster", "/homeworks/demo/lms"])
def test_a_form_without_its_file_says_so_beside_the_field(served: Serving, page: str) -> None:
    owner = served.signed_in("olga")
    fields = {"csrf": csrf_of(owner.get(page))}
    answer = owner.post(page, data=fields, files={"table": ("", b"")})
    assert answer.status_code == 422
    field = AGAIN.search(form_with(answer, 'id="refused"'))
    assert field
    assert "No file was chosen" in field[2]
    assert 'class="again"' not in field[2]


def test_files_that_are_too_large_are_told_where_to_choose_others(served: Serving) -> None:
    large = bytes(33_000_000)
    for who, page, action, field in (
        ("ada", "/homeworks/demo", "/homeworks/demo/upload", "files"),
        ("olga", "/homeworks/demo/release", "/homeworks/demo/zip", "worksheet"),
        ("olga", "/roster", "/roster", "table"),
    ):
        client = served.signed_in(who)
        token = csrf_of(client.get(page))
        answer = client.post(action, data={"csrf": token}, files={field: ("x.csv", large)})
        assert answer.status_code == 413, page
        form = form_with(answer, 'id="refused"')
        assert f'action="{action}"' in form
        assert "were sent" in form


def ended(served: Serving, name: str) -> tuple[TestClient, str]:
    """A browser whose session has ended, and the token of the page that it still shows."""
    client = served.signed_in(name)
    token = csrf_of(client.get("/account"))
    served.site.accounts.close_all(served.account(name))
    return client, token


TYPED = "It is right, as\n<i>page 3</i> says."


def test_what_was_written_is_told_again_to_whoever_is_not_signed_in_any_more(
    served: Serving,
) -> None:
    client, token = ended(served, "ada")
    fields = {"csrf": token, "item": f"check:{DOUBLE}", "reason": TYPED}
    page = client.post("/hand-ins/1/requests", data=fields)
    assert page.status_code == 401
    assert "You are not signed in any more, so nothing was done." in page.text
    assert f"\n{html.escape(TYPED)}</textarea>" in page.text
    assert page.text.count("<textarea") == 1  # what nobody wrote is not shown
    # Another site's page cannot have its text shown here.
    stranger = {"sec-fetch-site": "cross-site", "origin": "https://elsewhere.example"}
    assert (
        "<textarea" not in client.post("/hand-ins/1/requests", data=fields, headers=stranger).text
    )


def test_a_form_of_an_earlier_visit_comes_back_with_what_was_written(served: Serving) -> None:
    _, old = ended(served, "ada")
    client = served.signed_in("ada")  # in another tab of the same browser
    fields = {"csrf": old, "item": f"check:{DOUBLE}", "reason": TYPED}
    page = client.post("/hand-ins/1/requests", data=fields)
    assert page.status_code == 403
    form = form_with(page, 'id="refused"')
    assert "from an earlier visit" in form
    assert f"\n{html.escape(TYPED)}</textarea>" in form
    assert value_of(form, "csrf") not in ("", old)
    fields["csrf"] = value_of(form, "csrf")
    assert client.post("/hand-ins/1/requests", data=fields).status_code == 303


def test_nobody_reads_or_sends_what_somebody_else_wrote_in_the_same_browser(
    served: Serving,
) -> None:
    """ada's page is still open in a tab when bob signs in."""
    _, adas = ended(served, "ada")
    bob = served.signed_in("bob")
    files = {"files": ("mine.py", b"x = 1")}
    for path, fields, sent in (
        ("/account/tokens", {"label": TYPED}, None),
        ("/hand-ins/2/requests", {"item": f"check:{DOUBLE}", "reason": TYPED}, None),
        ("/homeworks/demo/upload", {"note": TYPED}, files),
    ):
        page = bob.post(path, data={"csrf": adas, **fields}, files=sent)
        assert page.status_code == 403, path
        assert "from a page of somebody else" in page.text
        for secret in ("page 3", "mine.py", adas):
            assert secret not in page.text, path
    assert served.site.accounts.tokens(served.account("bob")) == ()
    # A token that names bob, but is none of his, is as good as none.
    own = f"{served.account('bob').key}.{adas}"
    page = bob.post("/account/tokens", data={"csrf": own, "label": TYPED})
    assert page.status_code == 403
    assert "from an earlier visit" in page.text
    assert served.site.accounts.tokens(served.account("bob")) == ()


def test_what_was_kept_once_is_told_once(served: Serving) -> None:
    """It is in that one answer alone: no page after it shows it, whoever signs in."""
    client, token = ended(served, "ada")
    told = client.post("/account/tokens", data={"csrf": token, "label": TYPED})
    assert "page 3" in told.text
    assert "no-store" in told.headers["cache-control"]
    assert "set-cookie" not in told.headers
    for path in ("/sign-in", "/account", "/"):
        assert "page 3" not in client.get(path).text
    link = f"/invitation/{served.site.accounts.invite(served.account('bob'))}"
    assert client.post(link).status_code == 303
    for path in ("/", "/account", "/homeworks/demo", "/hand-ins/2"):
        assert "page 3" not in client.get(path).text


def test_what_is_kept_of_strangers_is_bounded(served: Serving) -> None:
    """No more is read for them than for anybody, and they may not ask more often."""
    client = served.client()
    much = {"label": "much of it " * 10_000}
    assert "much of it" not in client.post("/account/tokens", data=much).text
    many = {f"field{number}": "two words" for number in range(600)}
    assert "two words" not in client.post("/account/tokens", data=many).text
    asked = int(ADDRESS.burst) + 10
    codes = [client.post("/account/tokens", data={"label": TYPED}) for _ in range(asked)]
    assert {each.status_code for each in codes} == {401, 429}
    assert "page 3" not in codes[-1].text


def test_an_answer_that_came_second_is_told_again_and_leads_back(served: Serving) -> None:
    asked = served.site.requests.ask(served.account("ada"), 1, "check", DOUBLE, "Why?")
    first, second = served.signed_in("olga"), served.signed_in("max")
    fields = {f"request-{asked.key}": "on", "answer": "No, it is as\nit should be."}
    assert post(first, "/requests", **fields).status_code == 303
    page = post(second, "/requests", **fields)
    assert page.status_code == 409
    assert "\nNo, it is as\nit should be.</textarea>" in page.text
    assert '<a href="/requests">Go back to the page of the form</a>' in page.text


def test_a_form_that_its_page_has_no_longer_is_told_by_itself(served: Serving) -> None:
    owner = served.signed_in("olga")
    gone = post(owner, "/homeworks/demo/take-back", section="", student="")
    assert gone.status_code == 409
    assert "taken back already" in gone.text


def test_each_route_names_a_page_that_there_is() -> None:
    pages = {route.name: route for route in ROUTES if route.methods == ("GET",)}
    for route in ROUTES:
        if route.page:
            assert route.methods == ("POST",)
            page = pages[route.page]
            assert set(re.findall(r"{(\w+)", page.path)) <= set(re.findall(r"{(\w+)", route.path))
            assert all(page.who.lets_in(role) for role in Role if route.who.lets_in(role))


FORM = """<!doctype html><p>1 &lt; 2 &#39;</p><form method="post" action="/a">
<input name="a" value="x"><textarea name="b">old</textarea>
<select name="c"><option value="1">one</option><option value="2" selected>two</option></select>
<input type="checkbox" name="d" value="on" checked> d</form><p>rest</p>"""


@given(a=st.text(), b=st.text(), c=st.sampled_from(["1", "2"]), d=st.booleans())
def test_whatever_is_typed_is_text_and_the_rest_of_the_page_stays(
    a: str, b: str, c: str, d: bool
) -> None:
    sent = {"a": a, "b": b, "c": c} | ({"d": "on"} if d else {})
    page = refilled(FORM, "/a", sent, "b", "No & no.")
    assert page is not None
    assert value_of(page, "a") == a
    assert f"autofocus>\n{html.escape(b)}</textarea>" in page
    assert re.findall(r'<option value="(\d)" selected>', page) == [c]
    assert ("checked" in page) == d
    assert "No &amp; no.</strong>" in page
    assert page.startswith("<!doctype html><p>1 &lt; 2 &#39;</p><form")
    assert page.endswith("</form><p>rest</p>")
    assert refilled(FORM, "/b", sent, "", "No.") is None
