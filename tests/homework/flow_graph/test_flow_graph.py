"""Submissions of the homework on flow graphs. See kept.py for what is expected of each."""

from __future__ import annotations

from typing import ClassVar

from kept import KeptSubmissions, name_of
from making import notebook

from grader.reports.schema import Outcome

BOXES = (
    "Add", "Subtract", "Multiply", "Divide", "MatMul", "Sum", "Exp", "Log", "Sigmoid", "Tanh",
    "ReLU", "Power", "SoftmaxCrossEntropy",
)  # fmt: skip
KINDS = ("value", "value_example", "gradient", "gradient_example")


class TestFlowGraph(KeptSubmissions):
    name = "flow_graph"
    examples_at_least = 38
    rests_on: ClassVar = {
        "forward": {"order"},
        "backward": {"order", "forward"},
        "parameters": {"order"},
        "train": {"order", "forward", "backward", "parameters"},
        "numerical_gradient": {"order", "forward"},
    }
    subjects: ClassVar = {f"{kind}[{box}]": box for box in BOXES for kind in KINDS}

    @classmethod
    def more_right(cls, right):
        module = f"{cls.name}.py"
        text = right["dataclasses"][module]
        cells = ["%matplotlib inline", *text.decode().split("\n\n\n")]
        return {
            "notebook": {f"{cls.name}.ipynb": notebook(*cells, markdown="# Graphs").encode()},
            "windows_with_bom": {module: b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n")},
        }

    def rests(self, check, wrong):
        """The chain and the ladder ask something of several functions, and a box that raises ends
        whatever it stands in."""
        if name_of(check) in ("order_of_a_deep_chain", "backward_of_a_ladder"):
            return bool(wrong & {"order", "forward", "backward", "parameters", "train"})
        if check.outcome is Outcome.ERROR and wrong & {*BOXES}:
            return True
        return super().rests(check, wrong)
