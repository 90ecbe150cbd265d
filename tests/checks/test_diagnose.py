"""A mistake is named where it is known for certain, and a wrong name is never given."""

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from grader.checks.diagnose import Diagnoser, name_terms
from grader.checks.variants import load_variants, submission_files
from grader.errors import CheckFailed, SpecError

REFERENCE = """
import numpy as np

def scores(X, w):
    return X @ w

def total(X, w):
    return scores(X, w).sum()

def slopes(X, w):
    return X.sum(axis=0), float(w.sum())
"""

VARIANTS = '''
"""Ways to do it wrong."""
import numpy as np
import line as ref
from grader.checks.variants import alternative, mistake

HALF = 0.5

def halved(value):
    return HALF * value

@mistake("scores", "Your scores have the opposite sign.")
def scores_negative(X, w):
    return -ref.scores(X, w)

@mistake("scores", "Your scores are transposed.")
def scores_transposed(X, w):
    return ref.scores(X, w)[:, None]

@mistake("total", "Your total is a mean.")
def total_mean(X, w):
    return ref.scores(X, w).mean()

@mistake("total", "Your total is half of it.")
def total_half(X, w):
    return halved(ref.total(X, w))

@mistake("slopes", "Your slopes are averaged.")
def slopes_mean(X, w):
    a, b = ref.slopes(X, w)
    return a / len(X), b

@mistake("total", "Your total is the same.")
def total_same(X, w):
    return ref.total(X, w) * 1.0

@mistake("total", "Your total raises.")
def total_raises(X, w):
    raise RuntimeError("no")

@alternative("total", "a loop")
def total_by_loop(X, w):
    return sum(float(x @ w) for x in X)
'''


def load(folder: Path, reference: str = REFERENCE, variants: str = VARIANTS) -> Diagnoser:
    home = folder / "line"
    home.mkdir()
    (home / "line.py").write_text(reference)
    (home / "variants.py").write_text(variants)
    spec = importlib.util.spec_from_file_location("the_reference", home / "line.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return Diagnoser(module, load_variants(home / "variants.py", module))


@pytest.fixture
def diagnose(tmp_path):
    return load(tmp_path)


@pytest.fixture
def probes():
    rng = np.random.default_rng(0)
    return [(rng.normal(size=(n, d)), rng.normal(size=d)) for n, d in [(5, 3), (2, 4)]]


class TestTheCatalogue:
    def test_a_known_mistake_is_named(self, diagnose, probes):
        answers = [np.mean(X @ w) for X, w in probes]
        assert diagnose.name_mistake("total", probes, answers) == "Your total is a mean."

    @pytest.mark.parametrize("body", ["pass", "__import__('time').sleep(60)"])
    def test_a_mistake_that_never_ends_hides_no_other(self, tmp_path, probes, monkeypatch, body):
        monkeypatch.setattr("grader.checks.diagnose.RUN_S", 0.05)
        endless = (
            '\n\n@mistake("total", "Your total never ends.")\n'
            f"def total_never_ends(X, w):\n    while True:\n        {body}\n"
        )
        diagnose = load(tmp_path, variants=VARIANTS + endless)
        answers = [np.mean(X @ w) for X, w in probes]
        assert diagnose.name_mistake("total", probes, answers) == "Your total is a mean."

    def test_a_mistake_is_run_on_as_many_probes_as_it_takes(self, diagnose, probes):
        runs = {}

        def counting(variant):
            def function(*args):
                runs[variant.name] = runs.get(variant.name, 0) + 1
                return variant.function(*args)

            return replace(variant, function=function)

        counted = replace(diagnose, variants=tuple(map(counting, diagnose.variants)))
        for _ in range(2):  # the second submission meets what the first one has run
            answers = [np.mean(X @ w) for X, w in probes]
            assert counted.name_mistake("total", probes, answers) == "Your total is a mean."
        assert runs["total_mean"] == 2
        assert runs["total_half"] == runs["total_raises"] == 1
        answers = [np.sum(X @ w) / 2 for X, w in probes]
        assert counted.name_mistake("total", probes, answers) == "Your total is half of it."
        assert (runs["total_half"], runs["total_raises"]) == (2, 1)

    def test_float32_is_named_too(self, diagnose, probes):
        answers = [-(X @ w).astype(np.float32) for X, w in probes]
        words = diagnose.name_mistake("scores", probes, answers)
        assert words == "Your scores have the opposite sign."

    def test_a_wrong_shape_is_named(self, diagnose, probes):
        answers = [(X @ w)[:, None] for X, w in probes]
        assert diagnose.name_mistake("scores", probes, answers) == "Your scores are transposed."

    def test_lists_are_read(self, diagnose, probes):
        answers = [[(X.sum(axis=0) / len(X)).tolist(), w.sum()] for X, w in probes]
        assert diagnose.name_mistake("slopes", probes, answers) == "Your slopes are averaged."

    def test_a_mistake_in_a_function_below_is_told_as_such(self, diagnose, probes):
        answers = [-(X @ w).sum() for X, w in probes]
        asked = []

        def ask(function, calls):
            asked.append((function, len(calls)))
            return [-(X @ w) for X, w in calls]

        words = replace(diagnose, ask=ask).name_mistake("total", probes, answers)
        assert words == "As in your `scores`: Your scores have the opposite sign."
        assert asked == [("scores", 2)]

    def test_a_mistake_that_the_function_below_does_not_make_is_no_name(self, diagnose, probes):
        answers = [-(X @ w).sum() for X, w in probes]
        for others in (
            lambda function, calls: [X @ w for X, w in calls],
            lambda function, calls: [-(X @ w) if len(X) == 5 else X @ w for X, w in calls],
            lambda function, calls: None,
            None,
        ):
            assert replace(diagnose, ask=others).name_mistake("total", probes, answers) is None

    def test_a_mistake_below_goes_before_one_of_the_function_itself(self, tmp_path, probes):
        negative = """
@mistake("total", "Your total is negative.")
def total_negative(X, w):
    return -ref.total(X, w)
"""
        alone = load(tmp_path, variants=VARIANTS + negative)
        answers = [-(X @ w).sum() for X, w in probes]
        assert alone.name_mistake("total", probes, answers) == "Your total is negative."
        asking = replace(alone, ask=lambda function, calls: [-(X @ w) for X, w in calls])
        words = asking.name_mistake("total", probes, answers)
        assert words == "As in your `scores`: Your scores have the opposite sign."

    def test_a_match_at_one_probe_of_two_names_nothing(self, diagnose, probes):
        answers = [np.mean(X @ w) for X, w in probes]
        answers[1] *= 1.001
        assert diagnose.name_mistake("total", probes, answers) is None

    def test_right_answers_have_no_name(self, diagnose, probes):
        answers = [(X @ w).sum() for X, w in probes]
        assert diagnose.name_mistake("total", probes, answers) is None

    def test_two_matching_mistakes_name_nothing(self, diagnose):
        # With two rows a mean is a half.
        probes = [(np.ones((2, 3)), np.arange(3.0))]
        assert diagnose.name_mistake("total", probes, [3.0]) is None

    @pytest.mark.parametrize("odd", [None, "text", {"a": 1}, [1, "b"], [[1], [2, 3]], 1j], ids=str)
    def test_odd_answers_have_no_name(self, diagnose, probes, odd):
        assert diagnose.name_mistake("total", probes, [odd, odd]) is None
        assert diagnose.name_mistake("slopes", probes, [odd, (odd, odd)]) is None

    def test_nan_matches_nan_only(self, tmp_path, probes):
        words = "Your scores divide 0 by 0."
        nan = f'@mistake("scores", "{words}")\ndef nan(X, w):\n    return ref.scores(X, w) * np.nan'
        diagnose = load(tmp_path, variants=VARIANTS + "\n" + nan + "\n")
        answers = [np.full(len(X), np.nan) for X, _ in probes]
        assert diagnose.name_mistake("scores", probes, answers) == words
        answers[0][0] = 0.0
        assert diagnose.name_mistake("scores", probes, answers) is None

    @pytest.mark.parametrize("named", [True, False])
    def test_nan_alone_names_nothing_that_the_function_does_not_do_elsewhere(self, tmp_path, named):
        """A mistake that is nan at the probes is named where the function shares it elsewhere."""
        words = "Your scores are divided by the length of w."
        divided = (
            f'@mistake("scores", "{words}")\n'
            "def divided(X, w):\n    return X @ w / np.linalg.norm(w)\n"
        )
        known = load(tmp_path, variants=VARIANTS + "\n" + divided)

        def scores(X, w):
            length = np.linalg.norm(w)
            return X @ w / length if named else X @ (length * (w / length))

        def ask(name, calls):
            assert name == "scores"
            with np.errstate(all="ignore"):
                return [scores(*call) for call in calls]

        probes = [(np.ones((3, 2)), np.zeros(2)), (np.ones((4, 3)), np.zeros(3))]
        given = replace(known, ask=ask).name_mistake("scores", probes, ask("scores", probes))
        assert given == (words if named else None)

    def test_the_fixture_adds_the_name_to_a_failure(self, diagnose, probes):
        answers = [np.mean(X @ w) for X, w in probes]
        with pytest.raises(CheckFailed) as caught, diagnose("total", probes, answers):
            raise CheckFailed("total is wrong")
        assert caught.value.diagnosis == "Your total is a mean."

    def test_the_fixture_lets_other_errors_and_success_pass(self, diagnose, probes):
        with diagnose("total", probes, [0.0, 0.0]):
            pass
        with pytest.raises(ZeroDivisionError), diagnose("total", probes, [0.0, 0.0]):
            raise ZeroDivisionError

    def test_probes_are_not_changed(self, tmp_path, probes):
        spoils = (
            '@mistake("scores", "Your scores change X.")\n'
            "def spoils(X, w):\n    X *= 0\n    return X @ w\n"
        )
        diagnose = load(tmp_path, variants=VARIANTS + "\n" + spoils)
        before = [X.copy() for X, _ in probes]
        diagnose.name_mistake("scores", probes, [np.zeros(len(X)) for X, _ in probes])
        assert all(np.array_equal(X, was) for (X, _), was in zip(probes, before, strict=True))


class TestTerms:
    sizes = ({"n": 5.0, "lam": 0.3}, {"n": 11.0, "lam": 0.7})

    def terms(self, rng):
        return [
            {"dW": {"data": rng.normal(size=(3, 4)), "regulariser": rng.normal(size=(3, 4))},
             "db": {"data": rng.normal(size=4)}}
            for _ in self.sizes
        ]  # fmt: skip

    def answers(self, terms, *coefficients):
        """One (data, regulariser, db) of coefficients per probe."""
        return [
            [a * t["dW"]["data"] + r * t["dW"]["regulariser"], c * t["db"]["data"]]
            for t, (a, r, c) in zip(terms, coefficients, strict=True)
        ]

    @pytest.mark.parametrize(
        ("coefficients", "words"),
        [
            ([(1, 0, 1)] * 2, "The regulariser in dW is missing."),
            ([(-1, 1, -1)] * 2, "The data in dW and db have the wrong sign."),
            ([(1, 1, 0)] * 2, "db is zero."),
            ([(1, 2, 1)] * 2, "The regulariser in dW is multiplied by 2."),
            ([(1, 1, 1 / 5), (1, 1, 1 / 11)], "db is multiplied by 1/n."),
            (
                [(5, 2, 1), (11, 2, 1)],
                "The data in dW is multiplied by n; the regulariser in dW is multiplied by 2.",
            ),
            ([(1, 0.3, 1), (1, 0.7, 1)], "The regulariser in dW is multiplied by lam."),
            ([(1, 1, 5 / 4), (1, 1, 11 / 10)], "db is multiplied by n/(n-1)."),
        ],
    )
    def test_coefficients_are_read_off(self, coefficients, words):
        terms = self.terms(np.random.default_rng(1))
        assert name_terms(self.answers(terms, *coefficients), terms, self.sizes) == words

    def test_what_is_right_has_no_words(self):
        terms = self.terms(np.random.default_rng(2))
        assert name_terms(self.answers(terms, *[(1, 1, 1)] * 2), terms, self.sizes) is None

    def test_an_unknown_factor_has_no_words(self):
        terms = self.terms(np.random.default_rng(3))
        assert name_terms(self.answers(terms, *[(1, 1.7, 1)] * 2), terms, self.sizes) is None

    def test_a_factor_that_fits_one_probe_has_no_words(self):
        terms = self.terms(np.random.default_rng(4))
        got = self.answers(terms, (1, 1, 1 / 5), (1, 1, 1 / 5))
        assert name_terms(got, terms, self.sizes) is None

    def test_a_term_that_is_zero_at_one_probe_is_no_obstacle(self):
        rng, sizes = np.random.default_rng(8), (*self.sizes, {"n": 6.0, "lam": 0.4})
        terms = [*self.terms(rng), *self.terms(rng)[:1]]
        terms[1]["db"]["data"] *= 0
        got = self.answers(terms, *[(1, 2, -1)] * 3)
        words = "The regulariser in dW is multiplied by 2; db has the wrong sign."
        assert name_terms(got, terms, sizes) == words
        terms[2]["db"]["data"] *= 0
        got = self.answers(terms, *[(1, 2, -1)] * 3)
        assert name_terms(got, terms, sizes) is None
        got[1][1] += 1.0
        assert name_terms(got, terms, sizes) is None

    def test_another_term_has_no_words(self):
        rng = np.random.default_rng(5)
        terms = self.terms(rng)
        got = self.answers(terms, *[(1, 0, 1)] * 2)
        got[0][0] += 1e-6 * rng.normal(size=(3, 4))
        assert name_terms(got, terms, self.sizes) is None

    def test_every_combination_of_known_factors_is_read(self):
        rng = np.random.default_rng(6)
        known = [lambda n: 0, lambda n: 1, lambda n: -1, lambda n: 2, lambda n: n, lambda n: 1 / n]
        for a in known:
            for r in known:
                for c in known:
                    terms = self.terms(rng)
                    rows = [(a(s["n"]), r(s["n"]), c(s["n"])) for s in self.sizes]
                    words = name_terms(self.answers(terms, *rows), terms, self.sizes)
                    assert (words is None) == all(row == (1, 1, 1) for row in rows)

    @pytest.mark.parametrize("odd", [None, "text", [None, 1], [np.zeros(2), np.zeros(2)], 3.0])
    def test_odd_answers_have_no_words(self, odd):
        terms = self.terms(np.random.default_rng(7))
        assert name_terms([odd, odd], terms, self.sizes) is None


class TestTheFile:
    def test_variants_are_read(self, diagnose):
        names = [variant.name for variant in diagnose.variants]
        assert names[0] == "scores_negative"
        assert names[-1] == "total_by_loop"
        half = diagnose.variants[names.index("total_half")]
        assert (half.kind, half.target) == ("mistake", "total")
        assert half.source.startswith("def total_half(X, w):")
        assert "HALF = 0.5" in half.preamble
        assert "grader" not in half.preamble
        assert "import line" not in half.preamble

    def test_a_variant_stands_in_a_submission(self, diagnose, tmp_path, monkeypatch):
        names = {variant.name: variant for variant in diagnose.variants}
        files = submission_files(names["total_half"], "line", REFERENCE)
        folder = tmp_path / "submission"
        folder.mkdir()
        for name, text in files.items():
            (folder / name).write_text(text)
        monkeypatch.syspath_prepend(folder)
        try:
            module = importlib.import_module("line")
        finally:
            sys.modules.pop("line", None)
            sys.modules.pop("line_untouched", None)
        assert module.total(np.ones((3, 2)), np.ones(2)) == 3.0
        assert module.scores(np.ones((3, 2)), np.ones(2)).tolist() == [2.0] * 3

    def test_no_file_means_no_variants(self, tmp_path, diagnose):
        assert load_variants(tmp_path / "nowhere" / "variants.py", diagnose.reference) == ()

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("def f(:", "cannot be loaded"),
            ("import nowhere_to_be_found", "cannot be loaded"),
            (
                "from grader.checks.variants import mistake\n"
                "@mistake('nothing', 'words')\ndef f():\n    pass\n",
                "replaces 'nothing'",
            ),
            (
                "from grader.checks.variants import mistake\n"
                "@mistake('total', 'words')\ndef f():\n    pass\n"
                "@mistake('total', 'words')\ndef f():\n    pass\n",
                "two variants are called f",
            ),
        ],
    )
    def test_what_is_wrong_with_it_is_said(self, tmp_path, text, words):
        with pytest.raises(SpecError, match=words):
            load(tmp_path, variants=text)
