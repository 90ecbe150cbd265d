"""pytest's fixtures that a grading session has in a form of its own.

Those of pytest report through hooks that a grading session does not run: a failed subtest would be
seen by nobody.
"""

from __future__ import annotations

import contextlib
import reprlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


class Subtests:
    """The fixture `subtests`. The first subtest that fails ends the check, which fails with it."""

    @contextlib.contextmanager
    def test(self, msg: str | None = None, **params: object) -> Iterator[None]:
        """Run one subtest. What fails in it says in which: by `msg` and `params`."""
        try:
            yield
        except Exception as exc:
            exc.add_note(_subtest(msg, params))
            raise
        except pytest.fail.Exception as exc:  # no Exception, as pytest defines it
            exc.add_note(_subtest(msg, params))
            raise


def _subtest(msg: str | None, params: dict[str, object]) -> str:
    told = ", ".join(f"{name}={reprlib.repr(value)}" for name, value in params.items())
    words = " ".join(filter(None, (msg, f"({told})" if told else "")))
    return f"in the subtest {words or 'without a name'}"


class SessionFixtures:
    """The plugin that offers them to a grading session only."""

    @pytest.fixture
    def subtests(self) -> Subtests:
        """See Subtests."""
        return Subtests()

    @pytest.fixture
    def tmp_path(self) -> Iterator[Path]:
        """An empty folder, which goes away after the check."""
        with tempfile.TemporaryDirectory(prefix="grader-", ignore_cleanup_errors=True) as folder:
            yield Path(folder)
