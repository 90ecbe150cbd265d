"""Variants of functions beside classes: what they make and meet are one solution's own classes."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from grader.checks.diagnose import Diagnoser
from grader.checks.variants import Variant, load_variants, rebuilt_with, submission_files
from grader.errors import CheckFailed

REFERENCE = """
class Box:
    def __init__(self, value):
        self.value = value

    def step(self):
        self.value = self.value - rate()

class Weight(Box):
    pass

def rate():
    return 1.0

def weights(boxes):
    return [box for box in boxes if isinstance(box, Weight)]

def train(boxes, steps):
    for _ in range(steps):
        for box in weights(boxes):
            box.step()
    return [box.value for box in boxes]
"""
VARIANTS = """
import line as ref
from grader.checks.variants import alternative, mistake

def more(steps):
    return steps + 1

@mistake("train", "Your train takes a step too many.")
def train_longer(boxes, steps):
    return ref.train(boxes, more(steps))

@mistake("train", "Your train makes new weights.")
def train_new(boxes, steps):
    return ref.train([ref.Weight(box.value) for box in boxes], steps)

@mistake("rate", "Your rate is twice the right one.")
def rate_twice():
    return 2 * ref.rate()

@mistake("Box.step", "Your step goes uphill.")
def step_up(self):
    self.value = self.value + ref.rate()

@alternative("weights", "by the type's name")
def weights_by_name(boxes):
    return [box for box in boxes if type(box) is ref.Weight]
"""


def solved(solution: Any, steps: int) -> list[float]:
    result: list[float] = solution.train([solution.Box(4.0), solution.Weight(5.0)], steps)
    return result


@pytest.fixture
def reference(tmp_path: Path) -> ModuleType:
    folder = tmp_path / "line"
    folder.mkdir()
    (folder / "line.py").write_text(REFERENCE)
    (folder / "variants.py").write_text(VARIANTS)
    spec = importlib.util.spec_from_file_location("line", folder / "line.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def variants(reference: ModuleType) -> dict[str, Variant]:
    path = Path(str(reference.__file__)).parent / "variants.py"
    return {variant.name: variant for variant in load_variants(path, reference)}


RESULTS = {
    "train_longer": [4.0, 2.0],
    "train_new": [2.0, 3.0],
    "rate_twice": [4.0, 1.0],
    "step_up": [4.0, 7.0],
    "weights_by_name": [4.0, 3.0],
}


@pytest.mark.parametrize("name", RESULTS)
def test_variant_beside_the_reference_works_on_its_own_classes(
    reference: ModuleType, variants: dict[str, Variant], name: str
) -> None:
    assert solved(SimpleNamespace(**rebuilt_with(reference, variants[name])), 2) == RESULTS[name]
    assert solved(reference, 2) == [4.0, 3.0]


@pytest.fixture
def folder_to_import(tmp_path: Path) -> Iterator[Path]:
    folder, before = tmp_path / "submission", set(sys.modules)
    folder.mkdir()
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))
    for name in set(sys.modules) - before:
        del sys.modules[name]


@pytest.mark.parametrize("name", RESULTS)
def test_variant_handed_in_does_the_same(
    variants: dict[str, Variant], folder_to_import: Path, name: str
) -> None:
    for file, text in submission_files(variants[name], "line", REFERENCE).items():
        (folder_to_import / file).write_text(text)
    assert solved(importlib.import_module("line"), 2) == RESULTS[name]


AMONG = [
    (None, None),
    (["train"], "Your train takes a step too many."),
    (["Box.step"], None),
    (["rate", "Box.step"], "Your rate is twice the right one."),
]


def test_only_mistakes_in_what_can_be_meant_are_named(
    reference: ModuleType, variants: dict[str, Variant]
) -> None:
    """One step more, and a rate that is doubled, give the same after one step."""
    diagnose = Diagnoser(reference, tuple(variants.values()))
    for among, words in AMONG:
        with (
            pytest.raises(CheckFailed) as caught,
            diagnose(solved, [(1,)], [[4.0, 3.0]], among=among),
        ):
            raise CheckFailed("wrong")
        assert caught.value.diagnosis == words
