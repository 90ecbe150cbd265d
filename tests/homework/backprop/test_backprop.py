"""Submissions of backpropagation. See kept.py for what is expected of each."""

from __future__ import annotations

from typing import ClassVar

from kept import KeptSubmissions, name_of

from grader.authoring.demo_class import as_notebook
from grader.reports.schema import Outcome

# These compare two of a student's own functions, or need both to give numbers.
OWN = {"backprop_is_the_slope_of_loss": {"activation", "forward", "loss"}}
NOT_NUMBERS = {"loss_as_an_array", "backprop_in_dicts"}


class TestBackprop(KeptSubmissions):
    name = "backprop"
    examples_at_least = 21
    subjects: ClassVar = {"plot": "plot_training"}
    rests_on: ClassVar = {
        "forward": {"activation"},
        "loss": {"activation", "forward"},
        "backprop": {"activation", "activation_gradient", "forward"},
        "train": {"activation", "activation_gradient", "forward", "loss", "backprop"},
        "activation_gradient": {"activation"},
    }

    @classmethod
    def more_right(cls, right):
        module = f"{cls.name}.py"
        reference = cls.assignment().reference.read_text(encoding="utf-8")
        redefined = "def product_circuit(x, y, z):\n    return None\n\n\n" + reference
        book = {f"{cls.name}.ipynb": as_notebook("%%time\n!ls\n\n\n" + redefined).encode()}
        windows = right["joined_bias"][module].replace(b"\n", b"\r\n")
        accents = "# -*- coding: latin-1 -*-\n# Rückwärts durch das Netz, très bien\n"
        return {
            "notebook": book,
            "notebook_beside_the_starter": {**book, module: cls.assignment().starter.read_bytes()},
            "windows_with_bom": {module: b"\xef\xbb\xbf" + windows},
            "latin_1": {module: accents.encode("latin-1") + right["scalar_loops"][module]},
            "tabs": {module: right["float32"][module].replace(b"    ", b"\t")},
        }

    def rests(self, check, wrong):
        if wrong & OWN.get(name_of(check), set()):
            return True
        no_number = (check.text or "").startswith("loss(...): got nan")
        if self.subject_of(check) == "gradient_error" and (
            no_number or check.outcome is Outcome.ERROR
        ):
            # It calls what raises or gives no number.
            return bool(wrong & {"gradient_error", "forward", "loss", "backprop"})
        return super().rests(check, wrong)

    def require_fair(self, wrong, failed):
        if wrong.label not in NOT_NUMBERS:
            super().require_fair(wrong, failed)
            return
        assert wrong.names("wrong") & {self.subject_of(check) for check in failed}
        assert all(check.outcome is not Outcome.GRADER_ERROR for check in failed)

    def test_enough_are_kept_that_no_catalogue_holds(self):
        assert sum(not wrong.in_catalogue for wrong in self.wrong().values()) >= 10
