"""Submissions of the homework on regularisation. See kept.py for what is expected of each."""

from __future__ import annotations

from typing import ClassVar

from kept import KeptSubmissions
from making import notebook


class TestRegularisation(KeptSubmissions):
    name = "regularisation"
    examples_at_least = 16
    subjects: ClassVar = {"plot": "plot_overfitting"}
    rests_on: ClassVar = {"inverted_dropout": {"dropout"}, "batchnorm_backward": {"batchnorm"}}

    @classmethod
    def more_right(cls, right):
        module = f"{cls.name}.py"
        text = right["spanish_names"][module]
        cells = ["%matplotlib inline", *text.decode().split("\n\n\n")]
        latin = b"# -*- coding: latin-1 -*-\n" + text.decode().encode("latin-1")
        return {
            "notebook": {f"{cls.name}.ipynb": notebook(*cells, markdown="# Model").encode()},
            "windows_with_bom": {module: b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n")},
            "declares_latin_1": {module: latin},
        }
