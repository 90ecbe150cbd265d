"""Submissions of the homework on model selection. See kept.py for what is expected of each."""

from __future__ import annotations

from typing import ClassVar

import pytest
from kept import KeptSubmissions, lost
from making import notebook


class TestModelSelection(KeptSubmissions):
    name = "model_selection"
    examples_at_least = 16
    subjects: ClassVar = {"plot": "plot_validation", "random": "random_configurations"}
    rests_on: ClassVar = {
        "search": {"features", "ridge", "error"},
        "final_error": {"features", "ridge", "error"},
    }

    @classmethod
    def more_right(cls, right):
        module = f"{cls.name}.py"
        text = right["spanish_names"][module]
        cells = ["%matplotlib inline", *text.decode().split("\n\n\n")]
        return {
            "notebook": {f"{cls.name}.ipynb": notebook(*cells, markdown="# Model").encode()},
            "windows_with_bom": {module: b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n")},
        }

    @pytest.mark.parametrize("seed", ["trial-6", "trial-27"])
    def test_normal_equations_of_float32_keep_their_points(self, seed, tmp_path):
        # The numbers of these seeds take two more digits away than most.
        (report,) = self.grade({"one": self.right()["float32_products"]}, tmp_path, seed).values()
        assert {check.id: check.text for check in lost(report)} == {}
