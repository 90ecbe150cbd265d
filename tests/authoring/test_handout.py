"""A handout's examples: which are run, and what counts as the same number."""

from __future__ import annotations

import types

import numpy as np
import pytest

from grader.authoring.handout import run_examples


@pytest.fixture
def run(tmp_path):
    """Run the examples of a text, where `import work` gives a module with `half`."""
    reference = types.ModuleType("work")
    reference.half = lambda x: np.asarray(x) / 2
    reference.scalar = lambda: np.float64(0.25)

    def run_text(text, data=None):
        path = tmp_path / "README.md"
        path.write_text(text, encoding="utf-8")
        return run_examples(path, "work", reference, data)

    return run_text


def block(code, fence="```"):
    return f"Text.\n\n{fence}python\n{code}\n{fence}\n\nMore text.\n"


def test_a_right_example_passes(run):
    examples = run(block(">>> from work import half\n>>> half([1.0, 3.0])\narray([0.5, 1.5])"))
    assert (examples.count, examples.wrong, examples.outside) == (2, (), ())


def test_a_wrong_number_is_told_with_its_line(run):
    (wrong,) = run(block(">>> from work import half\n>>> half(3.0)\n2.5")).wrong
    assert (wrong.line, wrong.source, wrong.expected) == (5, "half(3.0)", "2.5")
    assert "1.5" in wrong.got


@pytest.mark.parametrize("shown", ["0.25", "np.float64(0.25)"])
def test_scalars_may_be_shown_as_either_numpy_shows_them(run, shown):
    assert not run(block(f">>> from work import scalar\n>>> scalar()\n{shown}")).wrong


def test_blocks_are_one_session(run):
    text = block(">>> from work import half\n>>> a = half([4.0])") + block(">>> a\narray([2.])")
    assert not run(text).wrong


def test_line_breaks_in_arrays_do_not_matter(run):
    text = block(">>> from work import half\n>>> half([[1.0], [3.0]])\narray([[0.5], [1.5]])")
    assert not run(text).wrong


def test_a_block_in_a_comment_runs_too(run):
    text = "<!-- proves it\n" + block(">>> 1 + 1\n3") + "-->\n"
    assert len(run(text).wrong) == 1


def test_other_languages_and_prose_are_not_run(run):
    examples = run("```console\n$ python\n```\n\n~~~text\nhello\n~~~\n")
    assert examples.count == 0
    assert examples.outside == ()


def test_an_example_in_a_block_of_no_language_is_pointed_at(run):
    assert run("```\n>>> 1 + 1\n3\n```\n").outside == (2,)


def test_an_example_in_plain_text_is_pointed_at(run):
    assert run("Try\n\n    >>> 1 + 1\n    2\n").outside == (3,)


def test_a_fence_of_four_holds_one_of_three(run):
    assert run("````markdown\n```python\n>>> 1 + 1\n3\n```\n````\n").count == 0


def test_data_lie_in_the_working_directory(run, tmp_path):
    data = tmp_path / "kept.csv"
    data.write_text("7")
    examples = run(block(">>> open('numbers.csv').read()\n'7'"), {"numbers.csv": data})
    assert not examples.wrong


def test_nobodys_printing_options_matter_and_none_leak(run):
    with np.printoptions(precision=2):
        assert not run(
            block(">>> import numpy as np\n>>> np.array([1 / 3])\narray([0.33333333])")
        ).wrong
    run(block(">>> import numpy as np\n>>> np.set_printoptions(precision=3)"))
    assert np.get_printoptions()["precision"] == 8


def test_an_example_that_raises_is_told(run):
    (wrong,) = run(block(">>> 1 / 0\n1")).wrong
    assert wrong.got == "ZeroDivisionError: division by zero"


def test_an_example_that_never_ends_is_stopped(run, monkeypatch):
    monkeypatch.setattr("grader.checks.processor_time.LOAD_S", 0.1)
    (wrong,) = run(block(">>> while True:\n...     pass")).wrong
    assert "the examples' code was stopped after 0.1 s of processor time" in wrong.got
