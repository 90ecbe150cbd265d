"""Submissions of multiclass logistic regression. See kept.py for what is expected of each."""

from __future__ import annotations

from kept import KeptSubmissions


class TestMulticlassLr(KeptSubmissions):
    name = "multiclass_lr"
    examples_at_least = 16

    def test_enough_pieces_stand_behind_a_right_submission(self):
        pieces = [wrong for wrong in self.wrong().values() if wrong.base()]
        for pairs in (True, False):
            assert sum(wrong.is_pair == pairs for wrong in pieces) >= 10
