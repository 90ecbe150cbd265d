"""Submissions of stochastic gradient descent. See kept.py for what is expected of each."""

from __future__ import annotations

from typing import ClassVar

from kept import KeptSubmissions

GRADIENTS = {"full_gradient", "batch_gradient"}


class TestStochasticGradient(KeptSubmissions):
    name = "stochastic_gradient"
    examples_at_least = 10
    rests_on: ClassVar = {
        "full_gradient": {"batch_gradient"},
        "batch_gradient": {"full_gradient"},
        "sgd": GRADIENTS,
        "gradient_variance": GRADIENTS,
        "best_constant_step": {"bound"},
        "meets_conditions": {"step_sizes"},
    }
    subjects: ClassVar = {"draws": "draw_batches", "plot": "plot_runs"}
