"""Submissions of the surrogate losses. See kept.py for what is expected of each."""

from __future__ import annotations

from typing import ClassVar

from kept import HERE, KeptSubmissions
from making import notebook


class TestSurrogateLosses(KeptSubmissions):
    name = "surrogate_losses"
    examples_at_least = 25
    subjects: ClassVar = {"plot": "plot_losses"}
    # Wrong values of the functions below cost nothing; wrong shapes, nan and curves out of view do.
    rests_on: ClassVar = {
        "midpoint_gap": {"loss"},
        "risk_gradient": {"derivative"},
        "plot_losses": {"loss"},
    }

    @classmethod
    def more_right(cls, right):
        module = f"{cls.name}.py"
        cells = (HERE / cls.name / "right" / "cells.txt").read_text("utf-8").split("--- cell\n")
        book = {f"{cls.name}.ipynb": notebook(*cells, markdown="# Losses").encode()}
        latin = right["spanish"][module].decode().replace("utf-8", "latin-1").encode("latin-1")
        windows = right["classes"][module].replace(b"\n", b"\r\n")
        return {
            "cells": book,
            "declares_latin_1": {module: latin},
            "windows_with_bom": {module: b"\xef\xbb\xbf" + windows},
            "beside_the_starter": {module: cls.assignment().starter.read_bytes(), **book},
        }

    def test_enough_are_kept_that_no_catalogue_holds(self):
        assert sum(not wrong.in_catalogue for wrong in self.wrong().values()) >= 10
