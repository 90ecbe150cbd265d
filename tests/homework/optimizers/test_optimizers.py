"""Submissions of the optimizers. See kept.py for what is expected of each."""

from __future__ import annotations

from typing import ClassVar

from kept import KeptSubmissions


class TestOptimizers(KeptSubmissions):
    name = "optimizers"
    examples_at_least = 10
    rests_on: ClassVar = {
        "rosenbrock_gradient": {"rosenbrock"},
        "newton": {"rosenbrock_gradient", "rosenbrock_hessian"},
    }
    subjects: ClassVar = {"plot": "plot_race"}
