"""`grader serve` as a process of its own, with the people of a made-up class."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from running import clean_environment
from serving import PEOPLE

from grader.course.course import find_course
from grader.server.records import Role
from grader.server.site.site import Site, open_site


@dataclass(frozen=True)
class RunningServer:
    """A server that listens. site: the same course, opened by the test beside it."""

    address: str
    site: Site
    process: subprocess.Popen[str]

    def token(self, name: str) -> str:
        """A new personal token of somebody."""
        account = self.site.accounts.account(name)
        assert account is not None, name
        return self.site.accounts.new_token(account, "test")

    def invitation(self, name: str) -> str:
        """The address of a new one-time link of somebody."""
        account = self.site.accounts.account(name)
        assert account is not None, name
        return f"{self.address}/invitation/{self.site.accounts.invite(account)}"


@contextmanager
def running_server(
    course: Path, *options: str, files: int | None = None
) -> Iterator[RunningServer]:
    """Serve a course on this machine until the end of the block.

    files: how many the system lets it open, if that is not as many as here.
    """
    command = [sys.executable, "-m", "grader", "serve", "--port", "0", "--no-open", *options]
    if files is not None:
        command = ["sh", "-c", f'ulimit -n {files} && exec "$@"', "sh", *command]
    process = subprocess.Popen(
        command, cwd=course, env=clean_environment(), stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        told = process.stdout.readline()
        found = re.search(r"http://[\w.:]+", told)
        assert found, told
        site = open_site(find_course(course), found[0])
        try:
            site.book.enrol(PEOPLE, who="test")
            site.accounts.sync()
            site.accounts.add_staff("olga", Role.OWNER, "Olga", "olga@example.edu", who="test")
            yield RunningServer(found[0], site, process)
        finally:
            site.book.close()
    finally:
        process.terminate()
        process.wait(30)
        if process.stdout is not None:
            process.stdout.close()
