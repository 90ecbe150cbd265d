"""A class with written answers on the web, and markers in windows of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
from making import DEMO_RIGHT, write_course, zipped
from serving import Serving, csrf_of, serving
from starlette.testclient import TestClient

from grader.gradebook.records import Attempt, Student
from grader.gradebook.roster import Roster
from grader.server.records import Role

QUESTIONS = """
[[questions]]
id = "why"
points = 4
text = "Why?"
rubric = ["Says why (3)", "Names the cause (1)"]

[[questions]]
id = "how"
points = 2
text = "How?"
"""
PAGE = "/homeworks/demo/questions/why"


def write_marking_course(folder: Path, settings: str = "") -> Path:
    """A course with two written questions."""
    write_course(folder)
    path = folder / "assignments" / "demo" / "assignment.toml"
    path.write_text(path.read_text(encoding="utf-8") + QUESTIONS, encoding="utf-8")
    settings_path = folder / "pyproject.toml"
    settings_path.write_text(settings_path.read_text(encoding="utf-8") + settings, encoding="utf-8")
    return folder


def hand_in_answers(
    served: Serving, texts: Mapping[str, str | bytes], pdf: bytes | None = None
) -> dict[str, Attempt]:
    """Everybody named hands their answers in to the server; bytes are a PNG's. They are graded
    as far as marking needs it. pdf: what each hands in beside."""
    site = served.site
    people = tuple(Student(0, name, name=f"{name.title()} Person") for name in texts)
    site.book.enrol(Roster((*site.book.students(), *people), ()), who="test")
    site.accounts.sync()
    for name, text in texts.items():
        account = served.account(name)
        answers = {"answers.md": text} if isinstance(text, str) else {"answers.png": text}
        beside = {} if pdf is None else {"answers.pdf": pdf}
        data = zipped({"demo.py": DEMO_RIGHT, **answers, **beside})
        sha256 = site.blobs.put(data)
        made = site.hand_ins.accept("demo", account, sha256, len(data))
        attempt = Attempt(
            "demo", name, made.received_at, sha256, f"hand-in {made.number}", made.label
        )
        site.book.record([(attempt, None)], who="test")
    return {each.handed_in_by: each for each in site.book.attempts("demo")}


@contextmanager
def marking(
    folder: Path, texts: Mapping[str, str | bytes], settings: str = "", pdf: bytes | None = None
) -> Iterator[tuple[Serving, dict[str, Attempt]]]:
    """A course on the web in which these answers were handed in."""
    with serving(write_marking_course(folder / "course", settings)) as served:
        served.site.accounts.add_staff("fay", Role.MARKER, "Fay", who="test")
        yield served, hand_in_answers(served, texts, pdf)


@dataclass
class MarkerWindow:
    """One window of somebody's browser, without a script. page: what it shows."""

    client: TestClient
    page: httpx2.Response

    @property
    def key(self) -> int:
        """The attempt whose answer is shown."""
        found = re.search(r"/answers/(\d+)\"", self.page.text)
        assert found, self.page.text
        return int(found[1])

    @property
    def until(self) -> str:
        """When the claim of what is shown runs out."""
        found = re.search(r'data-until="([^"]+)"', self.page.text)
        assert found, self.page.text
        return found[1]

    def fields(self) -> dict[str, str]:
        """What the form would send as it is."""
        form = re.search(r"<form[^>]*data-form.*?</form>", self.page.text, re.DOTALL)
        assert form, self.page.text
        inputs = re.findall(r"<input[^>]*>", form[0])
        found = {}
        for each in inputs:
            name, value = (re.search(rf'{key}="([^"]*)"', each) for key in ("name", "value"))
            if name and ("checkbox" not in each or " checked" in each):
                found[name[1]] = value[1] if value else ""
        return found

    def open(self, path: str) -> httpx2.Response:
        self.page = self._followed(self.client.get(path))
        return self.page

    def save(self, then: str = "next", **fields: str) -> httpx2.Response:
        path = re.search(r'action="([^"]*/answers/\d+)"', self.page.text)
        assert path, self.page.text
        data = {**self.fields(), **fields, "then": then}
        self.page = self._followed(self.client.post(path[1], data=data))
        return self.page

    def undo(self) -> httpx2.Response:
        form = re.search(r'<form[^>]*action="([^"]*/undo)".*?</form>', self.page.text, re.DOTALL)
        assert form, self.page.text
        data = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[0]))
        self.page = self._followed(self.client.post(form[1], data=data))
        return self.page

    def _followed(self, answer: httpx2.Response) -> httpx2.Response:
        while answer.status_code == 303:
            answer = self.client.get(answer.headers["location"])
        return answer


def window(served: Serving, who: str, path: str = PAGE) -> MarkerWindow:
    """Somebody opens a page in a new window."""
    client = served.signed_in(who)
    opened = MarkerWindow(client, client.get("/account"))
    assert csrf_of(opened.page)
    opened.open(path)
    return opened
