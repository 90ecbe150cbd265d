"""The grader's log of its own work, for finding the reason for a failure.

The standard `logging`: every part has a logger below `grader` that is named for it, and nothing is
written anywhere until somebody asks. `python -m grader --log FILE COMMAND` writes to a file, the
variable GRADER_LOG=info|debug says how much (and without `--log` writes to standard error). A
program that uses this package as a library sets `logging.getLogger("grader")` up as it likes.

At DEBUG the sandbox says more than it knows otherwise: see `diagnosing`.

What is never logged, at no level: what a student's code printed or raised, arguments and results,
seeds and keys. A log may be sent to whoever helps.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

VARIABLE = "GRADER_LOG"
_ROOT = "grader"
_LEVELS = {"info": logging.INFO, "debug": logging.DEBUG}

logging.getLogger(_ROOT).addHandler(logging.NullHandler())


@dataclass(frozen=True)
class Setting:
    """How a process logs. level: "info" or "debug". file: None for standard error."""

    level: str
    file: Path | None


def logger(part: str) -> logging.Logger:
    """The logger of a part, such as "sandbox.boot"."""
    return logging.getLogger(f"{_ROOT}.{part}")


def diagnosing() -> bool:
    """Whether the sandbox is to say which step of a jail it takes and which calls it refuses.

    So it is where the logger `grader` itself was set to DEBUG. That an application has opened all
    its loggers is not enough: submissions then get another form of the system call filter.
    """
    return logging.getLogger(_ROOT).level == logging.DEBUG


def setting_of(file: Path | None, environment: Mapping[str, str]) -> Setting | None:
    """What `--log` and the environment ask for; None if they ask for nothing.

    Raises ValueError for a level that does not exist.
    """
    level = environment.get(VARIABLE, "").lower()
    if not level:
        return None if file is None else Setting("info", file.absolute())
    if level not in _LEVELS:
        raise ValueError(f"{VARIABLE}={level}: give {' or '.join(_LEVELS)}")
    return Setting(level, None if file is None else file.absolute())


def start(setting: Setting | None) -> None:
    """Log as asked from here on, in this process. Raises OSError if a file cannot be written.

    Several processes may write to one file: each line is written at once, at the file's end.
    """
    if setting is None:
        return
    handler: logging.Handler = (
        logging.StreamHandler(sys.stderr)
        if setting.file is None
        else logging.FileHandler(setting.file, encoding="utf-8", errors="backslashreplace")
    )
    handler.setFormatter(_Lines())
    root = logging.getLogger(_ROOT)
    # What a process inherited by a fork would write each line twice.
    for earlier in [each for each in root.handlers if isinstance(each.formatter, _Lines)]:
        root.removeHandler(earlier)
    root.addHandler(handler)
    root.setLevel(_LEVELS[setting.level])


def current() -> Setting | None:
    """What was started here, for a process that is to log to the same place."""
    root = logging.getLogger(_ROOT)
    for handler in root.handlers:
        if isinstance(handler.formatter, _Lines):
            file = Path(handler.baseFilename) if isinstance(handler, logging.FileHandler) else None
            return Setting(next(n for n, level in _LEVELS.items() if level == root.level), file)
    return None


class _Lines(logging.Formatter):
    """One line for each record: the time in UTC, the process, the level, the logger, the text.

    Names come from students: nothing in a line can end it, or be obeyed by a terminal.
    """

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(process)d %(levelname)-7s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """See logging.Formatter.format."""
        # Only now: it takes a library that most commands do without at their start.
        from grader._internal.text import printable

        return printable(super().format(record)).replace("\n", "\\n")
