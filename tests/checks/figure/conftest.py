"""Pictures travel here as they do in a grading run: described, as JSON, validated."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import pytest

from grader.checks.figure import FigureDescription
from grader.sandbox.guest import figures

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(autouse=True)
def _no_figure_is_left() -> Iterator[None]:
    yield
    plt.close("all")


@pytest.fixture(scope="session")
def travel() -> Callable[[Any], FigureDescription]:
    """Figure -> what the trusted side sees of it."""

    def send(figure: Any) -> FigureDescription:
        text = json.dumps(figures.describe(figure), allow_nan=False)
        assert len(text) <= 1_000_000
        return FigureDescription.from_wire(json.loads(text))

    return send
