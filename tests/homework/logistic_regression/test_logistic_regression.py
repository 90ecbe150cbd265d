"""Submissions of logistic regression. See kept.py for what is expected of each."""

from __future__ import annotations

from typing import ClassVar

from kept import KeptSubmissions, name_of
from making import notebook


class TestLogisticRegression(KeptSubmissions):
    name = "logistic_regression"
    examples_at_least = 18
    subjects: ClassVar = {"plot": "plot_convergence", "histories_fall": "gradient_descent"}
    # What a student's own log_likelihood or sigmoid stands in for, in hidden checks only.
    rests_on: ClassVar = {
        "cross_entropy": {"log_likelihood"},
        "signed_loss": {"log2_loss"},
        "gradient": {"sigmoid"},
        "hessian": {"sigmoid"},
        "predict": {"sigmoid"},
        # A wrong function may make the system singular, or give another shape.
        "gradient_descent": {"sigmoid", "gradient"},
        "newton": {"sigmoid", "gradient", "hessian"},
    }

    @classmethod
    def more_right(cls, right):
        module = f"{cls.name}.py"
        cells = right["joined"][module].decode().split("\n\n\n")
        book = {f"{cls.name}.ipynb": notebook(*cells, markdown="# Logistic regression").encode()}
        windows = right["stable_by_masks"][module].replace(b"\n", b"\r\n")
        return {
            "cells": book,
            "windows_with_bom": {module: b"\xef\xbb\xbf" + windows},
            "beside_the_starter": {module: cls.assignment().starter.read_bytes(), **book},
        }

    def rests(self, check, wrong):
        # One check is about both methods, and what they give.
        if name_of(check).startswith("histories_fall"):
            return bool(wrong & {"gradient_descent", "newton", "sigmoid", "gradient", "hessian"})
        return super().rests(check, wrong)

    def test_enough_are_kept_that_no_catalogue_holds(self):
        assert sum(not wrong.in_catalogue for wrong in self.wrong().values()) >= 10
