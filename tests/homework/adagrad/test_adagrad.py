"""Submissions of AdaGrad. See kept.py for what is expected of each."""

from __future__ import annotations

import pytest
from kept import KeptSubmissions, lost, name_of

from grader.checks.variants import Variant, submission_files

# The checks that look at each function.
OWN = {
    "quadratic": {"quadratic_example", "quadratic"},
    "quadratic_gradient": {"gradient_example", "gradient"},
    "gradient_descent": {
        "descent_starts_at_x0", "descent_example", "descent", "descent_takes_every_step",
    },
    "adagrad": {
        "adagrad_starts_at_x0", "first_step_has_the_step_size", "adagrad_example",
        "eps_stands_inside_the_root", "adagrad", "adagrad_with_a_large_eps",
        "adagrad_takes_every_step",
    },
    "steps_to_reach": {
        "steps_to_reach_example", "steps_to_reach_may_fail", "steps_to_reach",
        "steps_to_reach_exactly",
    },
    "plot_comparison": {
        "plot_shows_both_paths", "plot_names_the_paths", "plot_shows_contours",
        "plot_marks_start_and_minimiser", "plot_shows_both_curves", "plot_has_a_logarithmic_axis",
    },
}  # fmt: skip
THROUGH = "follows its rule with your own quadratic_gradient"
PAIRS = [
    ("quadratic_without_the_half", "gradient_adds_b"),
    ("quadratic_adds_b", "adagrad_with_eps_outside"),
    ("quadratic_is_negative", "descent_climbs"),
    ("gradient_without_b", "adagrad_without_the_start"),
    ("gradient_doubles_ax", "steps_from_one"),
    ("descent_with_a_shrinking_step", "adagrad_sums_the_current_gradient"),
    ("descent_without_the_start", "adagrad_without_the_start"),
    ("adagrad_is_rmsprop", "steps_with_less_than"),
    ("adagrad_one_gradient_behind", "plot_without_a_logarithmic_axis"),
    ("steps_to_the_best_of_the_path", "plot_with_exchanged_names"),
    ("steps_by_distance", "plot_of_distances"),
    ("quadratic_halves_everything", "steps_to_a_value"),
]


def true_of(mistakes: list[Variant], said: str) -> bool:
    """Whether a diagnosis names one of the mistakes that were made."""
    through = any(v.target == "quadratic_gradient" for v in mistakes) and THROUGH in said
    return through or any(v.words in said for v in mistakes)


class TestAdagrad(KeptSubmissions):
    name = "adagrad"
    examples_at_least = 10

    @classmethod
    def more_wrong(cls):
        """Submissions that make two mistakes of the catalogue."""
        reference = cls.assignment().reference.read_text(encoding="utf-8")
        made = {}
        for pair in PAIRS:
            one, other = (cls.catalogue()[name] for name in pair)
            files = submission_files(one, cls.name, reference)
            more = f"\n\n{other.source}\n\n{other.target} = {other.name}\n"
            made["-and-".join(pair)] = {**files, "adagrad.py": files["adagrad.py"] + more}
        return made

    @pytest.mark.slow
    @pytest.mark.parametrize("pair", PAIRS, ids="-and-".join)
    def test_two_mistakes_at_once_are_named_rightly(self, graded, pair):
        mistakes = [self.catalogue()[name] for name in pair]
        report = graded["-and-".join(pair)]
        failed = {name_of(check) for check in lost(report)}
        for variant in mistakes:
            assert failed & OWN[variant.target]
        for said in {check.diagnosis for check in report.checks if check.diagnosis}:
            assert true_of(mistakes, said)
