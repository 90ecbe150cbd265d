"""What is handed in in a platform is kept once and fetched once, on each kind of database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from storing import Store

from grader.server.lti.assets.submissions import Submissions
from grader.server.lti.assets.told import ToldReports, state_of
from grader.server.lti.platforms.store import Platforms
from grader.server.lti.protocol.asset_records import AssetFile, SubmissionNotice, SubmissionState
from grader.server.lti.protocol.records import PlatformSettings


@pytest.fixture
def notice(store: Store) -> SubmissionNotice:
    settings = PlatformSettings("Canvas", "https://lms", "1", "", "", "")
    key = Platforms(store.book.engine, store.clock).add(settings, who="o").key
    files = tuple(AssetFile(f"a{n}", f"https://lms/{n}", f"{n}.py", "", 2**40) for n in range(2))
    ahead = store.clock() + timedelta(hours=1)
    return SubmissionNotice(
        key, "1", "c", "ML", "there-ada", "demo", "s:1", ahead, "https://lms/r", files
    )


def test_of_several_at_once_one_keeps_and_one_fetches(
    store: Store, notice: SubmissionNotice
) -> None:
    submissions = Submissions(store.book.engine, store.clock)
    until = store.clock() + timedelta(hours=1)
    with ThreadPoolExecutor(6) as pool:
        kept = list(pool.map(lambda n: submissions.keep(notice, f"n{n % 3}", until), range(6)))
        claimed = list(pool.map(lambda _: submissions.claim(60), range(6)))
    assert sorted(kept) == ["", "", "", "replay", "replay", "replay"]
    [(found, holder)] = [each for each in claimed if each is not None]
    assert found.submitted_at == store.clock()  # a clock that is ahead makes nothing late
    files = submissions.files(found.key)
    assert [(each.asset, each.size) for each in files] == [("a0", 2**40), ("a1", 2**40)]
    submissions.put_off(found.key, holder, "nobody is joined", store.clock(), tried=True)
    assert submissions.claim(60) is not None


def test_what_was_told_is_told_again_only_if_something_changed(
    store: Store, notice: SubmissionNotice
) -> None:
    submissions = Submissions(store.book.engine, store.clock)
    told = ToldReports(store.book.engine, store.clock)
    submissions.keep(notice, "n", store.clock())
    [new] = told.changed()
    told.looked(new.key, state_of(new))
    assert told.changed() == ()
    claimed = submissions.claim(60)
    assert claimed is not None
    submissions.put_off(new.key, claimed[1], "the course is not used", store.clock(), tried=False)
    [waits] = told.changed()
    told.looked(new.key, state_of(waits))
    claimed = submissions.claim(60)
    assert claimed is not None
    made = store.accept("ada")
    with store.book.engine.begin() as connection:
        submissions.take(connection, new.key, claimed[1], made)
    [taken] = told.changed()
    assert (taken.state, taken.hand_in) == (SubmissionState.TAKEN, made.key)
    assert submissions.hand_in_of(notice.platform, "a1") == made.key
    told.looked(new.key, "waiting")
    assert told.changed() == ()
    [one, _] = told.of([new.key])[new.key]
    told.refused(one.key, "{}", store.clock(), "503", 1, store.clock() + timedelta(minutes=1))
    assert told.changed() == ()
    assert told.of_homework("demo")[1][0].student == "ada"
    store.clock.pass_by(minutes=1)
    assert [each.key for each in told.changed()] == [new.key]
