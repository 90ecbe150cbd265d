"""Who may sign in, as an owner sees and changes it in the browser."""

from __future__ import annotations

import re

import httpx2
import pytest
from serving import Serving, csrf_of

from grader.server.records import Role


def ask(served: Serving, path: str, **fields: str) -> httpx2.Response:
    olga = served.signed_in("olga")
    form = {"csrf": csrf_of(olga.get("/people")), **fields}
    return olga.post(path, data=form, follow_redirects=True)


def link_in(served: Serving, answer: httpx2.Response) -> str:
    found = re.search(re.escape(served.site.origin) + r"(/invitation/[\w-]+)", answer.text)
    assert found, answer.text
    return found[1]


def test_a_link_is_made_once_and_lets_its_owner_in(served: Serving) -> None:
    ada = served.account("ada")
    first = link_in(served, ask(served, f"/people/{ada.key}", what="invite"))
    second = link_in(served, ask(served, f"/people/{ada.key}", what="invite"))
    browser = served.signed_in(None)
    assert "Ada Lovelace" not in browser.get(first).text
    assert "Ada Lovelace" in browser.get(second).text
    assert second not in served.signed_in("olga").get("/people").text


def test_access_ends_at_once_and_is_given_back(served: Serving) -> None:
    ada, browser = served.account("ada"), served.signed_in("ada")
    assert browser.get("/homeworks").status_code == 200
    assert "cannot sign in any more" in ask(served, f"/people/{ada.key}", what="deactivate").text
    assert browser.get("/homeworks").status_code == 401
    assert ask(served, f"/people/{ada.key}", what="invite").status_code == 422
    assert "may sign in again" in ask(served, f"/people/{ada.key}", what="activate").text
    assert served.account("ada").active


def test_staff_are_let_in_with_their_first_link(served: Serving) -> None:
    fields = {"id": "mia", "name": "Mia", "email": "mia@example.edu", "role": "marker"}
    link = link_in(served, ask(served, "/people", **fields))
    assert "Mia" in served.signed_in(None).get(link).text
    assert served.account("mia").role is Role.MARKER
    page = served.signed_in("olga").get("/people?q=mia")
    assert "mia" in page.text
    assert "ada" not in page.text.replace("academic", "")


@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        ("/people", {"id": "ada", "role": "marker"}, 422),  # a student
        ("/people", {"id": "mia", "role": "student"}, 422),
        ("/people", {"id": "", "role": "owner"}, 422),
        ("/people/999", {"what": "invite"}, 404),
        ("/people/1", {"what": "promote"}, 422),
    ],
)
def test_wrong_use(served: Serving, path: str, fields: dict[str, str], status: int) -> None:
    before = served.site.accounts.everyone()
    assert ask(served, path, **fields).status_code == status
    assert served.site.accounts.everyone() == before


def test_an_address_that_is_none_is_told_beside_its_field(served: Serving) -> None:
    answer = ask(served, "/people", id="mia", role="marker", email="mia at example.edu")
    assert answer.status_code == 422
    assert re.search(r'<input id="email"[^>]*aria-invalid="true"', answer.text)
    assert "&#x27;mia at example.edu&#x27; has no @; give one such as" in answer.text
    assert served.site.accounts.account("mia") is None


def test_the_last_owner_stays(served: Serving) -> None:
    olga = served.account("olga")
    assert ask(served, f"/people/{olga.key}", what="deactivate").status_code == 422
    assert served.account("olga").active


def test_nobody_comes_back_by_a_button_who_left_the_roster(served: Serving) -> None:
    from serving import PEOPLE

    from grader.gradebook.roster import Roster

    ada = served.account("ada")
    served.site.book.enrol(Roster(PEOPLE.students[1:], ()), who="test")
    served.site.accounts.sync()
    assert "not on the roster" in ask(served, f"/people/{ada.key}", what="activate").text
    assert not served.account("ada").active
