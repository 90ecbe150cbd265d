"""Fixtures of the attack suite: an arena for each level and each kind of user.

Every attack is fought at the strongest level and at the weakest. What one level or user can hold
back by other means than another, such as ids, files, signals and namespaces, is fought at all five;
what is the same mechanism everywhere, such as deadlines and the channel's protocol, at both ends
only (`at_both_ends`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from arena import Arena
from levels import HONEST, KINDS, SOLUTION, start_arena


@pytest.fixture(scope="session")
def arenas() -> Iterator[Callable[[str, str], Arena]]:
    """Arenas by level and user, each started when it is first asked for."""
    found: dict[tuple[str, str], Arena | str] = {}

    def get(level: str, user: str) -> Arena:
        if (level, user) not in found:
            found[level, user] = start_arena(level, user)
        arena = found[level, user]
        if isinstance(arena, str):
            pytest.skip(arena)
        return arena

    yield get
    for arena in found.values():
        if isinstance(arena, Arena):
            arena.close()


@pytest.fixture(params=KINDS, ids=[f"{level}-{user}" for level, user in KINDS])
def arena(request: pytest.FixtureRequest, arenas: Callable[[str, str], Arena]) -> Iterator[Arena]:
    """A grader under attack. Whatever the attack did, it must go on grading honest work."""
    level, user = request.param
    arena = arenas(level, user)
    restarts = arena.ask("about")["restarts"]
    yield arena
    assert arena.run(HONEST).value == 3.0, "the next submission suffered"
    assert arena.ask("about")["restarts"] == restarts, "the fork server died"


@pytest.fixture
def secret_file() -> Iterator[Path]:
    """A solution that every user of this machine may read and write, but no submission."""
    with tempfile.TemporaryDirectory(prefix="solution-") as name:
        Path(name).chmod(0o755)
        path = Path(name, "reference.py")
        path.write_text(SOLUTION)
        path.chmod(0o666)
        yield path
        assert path.read_text() == SOLUTION, "the solution was changed"
        assert path.stat().st_mode & 0o777 == 0o666, "the solution's mode was changed"
