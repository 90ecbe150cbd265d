"""Submissions of the linear SVM. See kept.py for what is expected of each."""

from __future__ import annotations

from typing import ClassVar

import pytest
from kept import HERE, KeptSubmissions, lost, name_of
from making import notebook

from grader.checks.variants import submission_files

OWN_OBJECTIVE = "subgradient_is_the_slope_of_the_objective"
# A picture's mistake is told by the check that fails, and by the message of its claim.
PICTURES = {
    "plot_without_the_boundary": "plot_shows_the_boundary",
    "plot_with_b_turned_round": "plot_shows_the_boundary",
    "plot_without_the_margins": "plot_shows_the_margins",
    "plot_with_margins_at_distance_1": "plot_shows_the_margins",
    "plot_without_support_vectors": "plot_marks_the_support_vectors",
    "plot_with_classes_alike": "plot_shows_the_classes",
    "plot_without_labels": "plot_labels_its_axes",
    "plot_without_a_legend": "plot_has_a_legend",
}


class TestSvmSubgradient(KeptSubmissions):
    name = "svm_subgradient"
    examples_at_least = 16
    subjects: ClassVar = {"plot": "plot_decision_boundary"}
    rests_on: ClassVar = {
        "objective": {"hinge_loss"},
        "fit": {"hinge_loss", "objective", "subgradient"},
        "plot_decision_boundary": {"support_vectors", "margin"},
    }

    @classmethod
    def more_right(cls, right):
        module = f"{cls.name}.py"
        cells = (HERE / cls.name / "right" / "cells.txt").read_text("utf-8").split("--- cell\n")
        book = {f"{cls.name}.ipynb": notebook(*cells, markdown="# Linear SVM").encode()}
        latin = right["differences"][module].decode().encode("latin-1")
        windows = right["augmented"][module].replace(b"\n", b"\r\n")
        return {
            "cells": book,
            "declares_latin_1": {module: b"# -*- coding: latin-1 -*-\n" + latin},
            "windows_with_bom": {module: b"\xef\xbb\xbf" + windows},
            "beside_the_starter": {module: cls.assignment().starter.read_bytes(), **book},
        }

    @classmethod
    def more_wrong(cls):
        """The catalogue's mistakes in drawing."""
        reference = cls.assignment().reference.read_text(encoding="utf-8")
        return {
            name: submission_files(cls.catalogue()[name], cls.name, reference) for name in PICTURES
        }

    def rests(self, check, wrong):
        if name_of(check) == OWN_OBJECTIVE:
            return bool(wrong & {"subgradient", "hinge_loss", "objective"})
        return super().rests(check, wrong)

    @pytest.mark.slow
    @pytest.mark.parametrize(("name", "check"), PICTURES.items())
    def test_a_mistake_in_a_picture_fails_the_check_of_that_part(self, graded, name, check):
        failed = lost(graded[name])
        assert check in map(name_of, failed)
        for each in failed:
            assert self.rests(each, {"plot_decision_boundary"}), f"{each.id} {each.text}"

    def test_enough_are_kept_that_no_catalogue_holds(self):
        assert sum(not wrong.in_catalogue for wrong in self.wrong().values()) >= 10
