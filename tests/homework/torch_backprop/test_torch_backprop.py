"""Submissions of the homework with torch. See kept.py for what is expected of each."""

from __future__ import annotations

import importlib.util
from typing import ClassVar

import pytest
from kept import KeptSubmissions, lost
from making import notebook

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("torch") is None, reason="torch is not installed"
)

NETWORK = {"Softplus", "Network"}
LOSS = NETWORK | {"SoftmaxCrossEntropy", "loss"}


class TestTorchBackprop(KeptSubmissions):
    name = "torch_backprop"
    examples_at_least = 36
    rests_on: ClassVar = {
        "Network": NETWORK,
        "loss": LOSS,
        "gradients": LOSS,
        "train": LOSS | {"gradients"},
        "predict": NETWORK,
    }
    subjects: ClassVar = {
        "softplus": "Softplus",
        "cross_entropy": "SoftmaxCrossEntropy",
        "by_hand[softplus]": "Softplus",
        "by_hand[cross_entropy]": "SoftmaxCrossEntropy",
        "network": "Network",
        "plot": "plot_histories",
    }

    @classmethod
    def more_right(cls, right):
        module = f"{cls.name}.py"
        text = right["sequential"][module]
        cells = ["%matplotlib inline", *text.decode().split("\n\n\n")]
        return {
            "notebook": {f"{cls.name}.ipynb": notebook(*cells, markdown="# torch").encode()},
            "windows_with_bom": {module: b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n")},
        }

    def test_float32_is_what_torch_computes_in(self, graded):
        for label in self.right():
            assert "float64 is asked for" not in " ".join(graded[label].warnings), label

    def test_hidden_values_near_0_refuse_nobody(self, tmp_path):
        # Of the numbers of this seed some hidden values of sigmoid once were below a thousandth.
        (report,) = self.grade({"one": self.right()["reference"]}, tmp_path, "trial-23").values()
        assert {check.id: check.text for check in lost(report)} == {}

    def test_enough_are_kept_that_no_catalogue_holds(self):
        assert sum(not wrong.in_catalogue for wrong in self.wrong().values()) >= 10
