"""What is held of a person is given to them whole, and forgotten whole."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from books import reports, roster, student, write_course
from running import Ran, run_grader
from sqlalchemy import select

from grader._internal.clock import now_utc
from grader.course.course import find_course
from grader.gradebook import Gradebook, open_gradebook
from grader.gradebook.connect import reading
from grader.gradebook.mails import Mails
from grader.gradebook.models import metadata
from grader.server.accounts.accounts import Accounts
from grader.server.hand_ins.blobs import Blobs
from grader.server.hand_ins.hand_ins import HandIns
from grader.server.hand_ins.queue import GradingQueue, attempt_of
from grader.server.hand_ins.requests import Requests
from grader.server.lti.assets.submissions import Submissions
from grader.server.lti.grades.scores import PlannedScore, ScoreAction
from grader.server.lti.grades.sent_scores import SentScores
from grader.server.lti.platforms.store import Platforms
from grader.server.lti.protocol.asset_records import AssetFile, SubmissionNotice
from grader.server.lti.protocol.records import PlatformCourse, PlatformPerson, PlatformSettings
from grader.server.records import EventKind

SECRET = "Zwiebelfisch"  # a word of the person's own that must be nowhere in the end


@dataclass(frozen=True)
class Home:
    root: Path
    blobs: Blobs

    def data(self, *words: str) -> Ran:
        return run_grader("data", *words, cwd=self.root)

    def everything(self) -> str:
        """All rows of all tables, and all files."""
        with open_gradebook(find_course(self.root)) as book, reading(book.engine) as connection:
            rows = [
                str(tuple(row))
                for table in metadata.sorted_tables
                for row in connection.execute(select(table))
            ]
        files = [path.read_text() for path in self.blobs.folder.rglob("*") if path.is_file()]
        return "\n".join([*rows, *files])


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A course in which two students did everything that leaves a trace."""
    root = write_course(tmp_path / "course")
    course = find_course(root)
    blobs = Blobs(root / course.settings.server.data / "blobs")
    with open_gradebook(course) as book:
        people = [student("zoe", name=SECRET, email="zoe@example.edu"), student("bob", name="Bob")]
        book.enrol(roster(*people), who="test")
        settings, engine = course.settings.server, book.engine
        accounts, hand_ins = Accounts(engine, settings, now_utc), HandIns(engine, settings, now_utc)
        queue = GradingQueue(engine, now_utc)
        accounts.sync()
        for name in ("zoe", "bob"):
            account = accounts.account(name)
            assert account is not None
            accounts.open_session(account)
            accounts.new_token(account, f"of {account.called}")
            accounts.invite(account)
            accounts.link(account, "https://idp", account.called)
            sha256 = blobs.put(f"the work of {account.called}".encode())
            blobs_both = blobs.put(b"what both handed in")
            hand_ins.add_draft("demo", account, blobs_both, 9)
            hand_ins.accept("demo", account, sha256, 9, members=("zoe", "bob"))
            claimed = queue.claim("w", 60, None, ["demo"])
            assert claimed is not None
            queue.tell(claimed.key, "w", [(EventKind.CHECK, account.called)], 60)
            attempt = replace(attempt_of(claimed), answers={"why": "digest"})
            picture = blobs.put(f"a picture of {account.called}".encode())
            queue.finish(claimed.key, "w", attempt, reports(name), {"p.png": picture})
            done = hand_ins.hand_in(claimed.key)
            assert done is not None
            assert done.attempt is not None
            Requests(engine, now_utc).ask(account, done.attempt, "check", "a", account.called)
            book.adjust("demo", name, 1, who="t", why=account.called, note=account.called)
            book.override("demo", name, "a", 5, who="t", why=account.called)
        send_to_lms(book, accounts)
    return Home(root, blobs)


def send_to_lms(book: Gradebook, accounts: Accounts) -> None:
    """Both were refused by an LMS, which knows zoe by another account, too."""
    platforms = Platforms(book.engine, now_utc)
    settings = PlatformSettings("LMS", "https://idp", "1", "", "", "")
    key = platforms.add(settings, who="test").key
    lms = platforms.see(PlatformCourse(key, "1", "course", "ML"))
    sent = SentScores(book.engine, lms, "demo", "test")
    for name in ("zoe", "bob"):
        person = book.student(name)
        score = PlannedScore(person, ScoreAction.SEND, name, 1.0, 1.0, True, None, None)
        sent.refused(score, now_utc(), f"{person.name} is not enrolled")
    # What they handed in there is not here yet: it is theirs by the name that the LMS has for them.
    for name in (SECRET, "Bob"):
        file = AssetFile(f"a-{name}", f"https://idp/{name}", f"{name}.py", "", 1)
        notice = SubmissionNotice(
            key, "1", "course", "ML", name, "demo", f"s-{name}", now_utc(), "", (file,)
        )
        assert Submissions(book.engine, now_utc).keep(notice, name, now_utc()) == ""
    platforms.meet(PlatformPerson(key, "other", SECRET, "Zoe@example.edu"))
    platforms.meet(PlatformPerson(key, "bob's", "Bob", "bob@example.edu"))


def test_the_export_has_all_of_one_person_and_nothing_of_another(
    home: Home, tmp_path: Path
) -> None:
    ran = home.data("export", "zoe", "--to", str(tmp_path / "zoe.zip"))
    assert ran.code == 0, ran.said
    with zipfile.ZipFile(io.BytesIO((tmp_path / "zoe.zip").read_bytes())) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    assert files["handed-in/demo-1.zip"] == f"the work of {SECRET}"
    data = json.loads(files["data.json"])
    lms = ("lti_scores", "lti_people", "lti_submissions", "lti_assets")
    for table in ("attempts", "hand_ins", "requests", "overrides", "adjustments", "tokens", *lms):
        assert len(data[table]) == 1, table
    assert data["students"][0]["email"] == "zoe@example.edu"
    assert data["history"]
    assert json.loads(files["reports/1.json"])["audience"] == "student"
    everything = "".join(files.values())
    assert "Bob" not in everything
    assert "secret_hash" not in everything
    assert "3" * 32 not in everything  # the seed of the hidden checks
    assert home.data("export", "zoe", "--to", str(tmp_path / "zoe.zip")).code == 2
    assert "did you mean" in home.data("export", "zoo", "--to", str(tmp_path / "x.zip")).said


def test_who_is_forgotten_is_nowhere_and_the_others_keep_all(home: Home) -> None:
    ran = home.data("forget", "zoe")
    assert "zoe (Zwiebelfisch): " in ran.said
    assert "Nothing was removed" in ran.said
    assert SECRET in home.everything()
    # Results of grading again that wait, and a mail about a grade.
    waits = home.root / ".grader" / "server" / "regrade" / "demo" / "demo" / "zoe-1.json"
    waits.parent.mkdir(parents=True)
    waits.write_text(SECRET, encoding="utf-8")
    with open_gradebook(find_course(home.root)) as book:
        mails = Mails(book.engine, now_utc)
        assert mails.begin("demo", "zoe", "1 of 2", None, "olga")
    ran = home.data("forget", "zoe", "--yes")
    assert ran.code == 0, ran.said
    left = home.everything()
    assert SECRET not in left
    assert "zoe" not in left
    assert not waits.exists()
    with open_gradebook(find_course(home.root)) as book:
        assert Mails(book.engine, now_utc).of("demo") == {}
    assert "what both handed in" in left
    assert "the work of Bob" in left
    assert "a picture of Bob" in left
    assert "'forgotten'" in left  # the history's lines
    # Nor in what SQLite has not yet written over.
    for path in (home.root / ".grader").glob("gradebook.sqlite*"):
        assert SECRET.encode() not in path.read_bytes(), path
    with open_gradebook(find_course(home.root)) as book:
        assert [each.id for each in book.students()] == ["bob"]
        assert book.grade("demo", "bob").automatic.points == 10


def test_by_date_those_are_meant_who_handed_in_nothing_since(home: Home) -> None:
    assert "There is nothing to forget" in home.data("forget", "--older-than", "2020-01-01").said
    ran = home.data("forget", "--older-than", "2126-01-01", "--yes")
    assert "Forgot 2" in ran.said
    assert home.data("forget", "--older-than", "soon").code == 2
    assert home.data("forget").code == 2
    assert home.data("forget", "bob", "--older-than", "2020-01-01").code == 2
