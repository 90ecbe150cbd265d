"""Submissions of max-margin learning. See kept.py for what is expected of each."""

from __future__ import annotations

from typing import ClassVar

from kept import HERE, KeptSubmissions
from making import notebook


class TestMaxMargin(KeptSubmissions):
    name = "max_margin"
    examples_at_least = 25
    subjects: ClassVar = {
        "plot": "plot_regions",
        "structured_with_forty_places": "structured_objective",
    }
    # Wrong values below cost nothing; wrong shapes, infinities, no pairs at all and documents that
    # do not exist do.
    rests_on: ClassVar = {
        "fit": {"multiclass_hinge", "subgradient"},
        "ranking_objective": {"preference_pairs"},
        "ranking_subgradient": {"preference_pairs"},
        "swapped_pairs": {"preference_pairs"},
    }

    @classmethod
    def more_right(cls, right):
        module = f"{cls.name}.py"
        cells = (HERE / cls.name / "right" / "cells.txt").read_text("utf-8").split("--- cell\n")
        book = {f"{cls.name}.ipynb": notebook(*cells, markdown="# Margins").encode()}
        windows = right["classes"][module].replace(b"\n", b"\r\n")
        return {
            "cells": book,
            "windows_with_bom": {module: b"\xef\xbb\xbf" + windows},
            "beside_the_starter": {module: cls.assignment().starter.read_bytes(), **book},
        }

    def test_enough_are_kept_that_no_catalogue_holds(self):
        assert sum(not wrong.in_catalogue for wrong in self.wrong().values()) >= 10
