"""An auto-grader for machine-learning homework.

The Python API, which `docs/API.md` describes with examples:

    import grader

    run = grader.grade("course", "submissions", out="reports")
    report = grader.check("course", "my_homework")

Each name is loaded when it is first used, so that `import grader` costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.api import GradingRun, check, grade, open_course
    from grader.reports.schema import Outcome, Report

__all__ = [
    "GradingRun",
    "Outcome",
    "Report",
    "__version__",
    "check",
    "grade",
    "open_course",
]

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """Load a name of the API when it is first asked for, and what `%load_ext grader` calls."""
    if name == "load_ipython_extension":
        return getattr(importlib.import_module(f"{__name__}.notebook"), name)
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = "reports.schema" if name in ("Outcome", "Report") else "api"
    return getattr(importlib.import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
