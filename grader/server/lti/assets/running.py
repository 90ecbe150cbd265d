"""The threads of a server that fetch what was handed in in an LMS, and put reports beside it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType

from grader._internal import log
from grader.errors import GraderError
from grader.server.lti.assets.collecting import AssetCollector
from grader.server.lti.assets.telling import AssetReporter
from grader.server.site.site import Site

_LOG = log.logger("server.lms")

LOOK_S = 1.0
# So many files may be waited for at a time: a platform that hangs holds up no other at once.
COLLECTORS = 2
ENDING_S = 5.0


class LmsThreads:
    """A context manager: they work inside the block. What one began is done again if it is cut."""

    def __init__(self, site: Site) -> None:
        self._stop = threading.Event()
        collector = AssetCollector(site)
        reporter = AssetReporter(site, collector.access)
        self._threads = [
            threading.Thread(target=self._run, args=(act,), name="lms", daemon=True)
            for act in [*[collector.step] * COLLECTORS, reporter.step]
        ]

    def __enter__(self) -> LmsThreads:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(ENDING_S)

    def _run(self, act: Callable[[], bool | None]) -> None:
        while not self._stop.wait(LOOK_S):
            try:
                while act() and not self._stop.is_set():
                    pass
            except GraderError as exc:
                _LOG.warning("%s", exc)  # the database is away; it is tried again
            except Exception:
                # Whatever it is, what others handed in has to be seen to.
                _LOG.exception("what was handed in in the LMS could not be seen to")
