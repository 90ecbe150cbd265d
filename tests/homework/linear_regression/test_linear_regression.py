"""Submissions of linear regression. See kept.py for what is expected of each."""

from __future__ import annotations

from typing import ClassVar

from kept import HERE, KeptSubmissions, name_of
from making import notebook


class TestLinearRegression(KeptSubmissions):
    name = "linear_regression"
    examples_at_least = 20
    subjects: ClassVar = {"plot": "plot_path"}
    rests_on: ClassVar = {
        "loss": {"predict"},
        "gradient": {"predict"},
        "fit": {"predict", "loss", "gradient"},
        "coefficient_path": {"solve"},
    }

    @classmethod
    def more_right(cls, right):
        module = f"{cls.name}.py"
        cells = (HERE / cls.name / "right" / "cells.txt").read_text("utf-8").split("--- cell\n")
        book = {f"{cls.name}.ipynb": notebook(*cells, markdown="# Linear regression").encode()}
        windows = right["joined_bias"][module].replace(b"\n", b"\r\n")
        return {
            "cells": book,
            "windows_with_bom": {module: b"\xef\xbb\xbf" + windows},
            "beside_the_starter": {module: cls.assignment().starter.read_bytes(), **book},
        }

    def rests(self, check, wrong):
        # The slope of a loss that cannot be called cannot be measured.
        if name_of(check).startswith("gradient_is_the_slope_of_loss"):
            return bool(wrong & {"predict", "loss", "gradient"})
        return super().rests(check, wrong)

    def test_enough_are_kept_that_no_catalogue_holds(self):
        assert sum(not wrong.in_catalogue for wrong in self.wrong().values()) >= 10
