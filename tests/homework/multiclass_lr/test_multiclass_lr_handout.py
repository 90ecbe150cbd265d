"""The handout's example shows what the reference gives."""

import doctest
import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
NAME = "multiclass_lr"


@pytest.fixture
def reference(monkeypatch):
    path = ROOT / "solutions" / NAME / f"{NAME}.py"
    spec = importlib.util.spec_from_file_location(NAME, path)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, NAME, module)
    spec.loader.exec_module(module)
    return module


def test_worked_example_is_right(reference):
    handout = ROOT / "assignments" / NAME / "README.md"
    # The closing fence of the code block is not part of the example.
    text = handout.read_text(encoding="utf-8").replace("```python", "").replace("```", "")
    examples = doctest.DocTestParser().get_doctest(text, {}, NAME, str(handout), 0)
    assert len(examples.examples) > 15
    failures = []
    doctest.DocTestRunner().run(examples, out=failures.append)
    assert not failures, "".join(failures)
