"""From an LMS to a report beside the file: the server and the LMS are processes of their own."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from launching import running_lms
from lti_platform import CONTEXT, DEPLOYMENT
from making import DEMO_RIGHT, write_course
from running_server import running_server

from grader._internal.clock import now_utc
from grader.server.lti.protocol.records import PlatformCourse
from grader.server.records import HandInState

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="starts processes that lock files")


def wait_for(done: Callable[[], Any], seconds: float = 60) -> Any:
    """What `done` returns once it is something."""
    until = time.monotonic() + seconds
    while not (found := done()):
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.2)
    return found


def test_a_file_handed_in_in_the_lms_is_graded(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    options = ("--jobs", "1", "--unsafe")
    with running_lms() as lms, running_server(course, *options) as server:
        site = server.site
        lms.set_mood(tool={"keys": site.tool_keys.public})
        platform = site.platforms.add(lms.settings(), who="olga")
        there = PlatformCourse(platform.key, DEPLOYMENT, CONTEXT, "Machine learning")
        site.platforms.use(site.platforms.see(there).key, True, who="olga")
        ada = site.accounts.account("ada")
        assert ada is not None
        assert ada.student is not None
        site.accounts.link(ada, lms.issuer, "there-ada")
        at = now_utc().isoformat(timespec="seconds")
        said = {"who": "there-ada", "files": {"demo.py": DEMO_RIGHT}, "at": at}
        body = httpx2.post(f"{lms.issuer}/submit", json=said).json()
        answer = httpx2.post(f"{server.address}/lti/notices", json=body)
        assert (answer.status_code, answer.json()) == (200, {})
        [made] = wait_for(lambda: site.hand_ins.of_student(ada.student))
        assert made.received_at.isoformat() == at

        told = wait_for(lambda: processed(lms.issuer))
        assert [(each["title"], each["result"]) for each in told] == [("Demo", "done")]
        found = site.hand_ins.hand_in(made.key)
        assert found is not None
        assert found.state is HandInState.GRADED


def processed(issuer: str) -> list[dict[str, Any]]:
    """The reports beside files that were graded."""
    reports = httpx2.get(f"{issuer}/assets").json()["reports"]
    return [each for each in reports if each["processingProgress"] == "Processed"]
