"""A small class that copies, errs and tries to be more than text; and ways to read what is said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from justhtml import JustHTML
from making import DEMO_RIGHT, DEMO_STARTER, write_course, write_files

HIDDEN = '''\
import pytest

from grader.checks import assert_close


@pytest.mark.points(4)
def test_double_at_random(student, reference, rng, diagnose):
    """double of random numbers"""
    probes = [(rng.normal(size=5),)]
    answers = student.double.map(probes)
    with diagnose("double", probes, answers):
        assert_close(answers[0], reference.double(*probes[0]), "double(x)")


@pytest.mark.points(3)
def test_total_at_random(student, reference, rng):
    """total of more random numbers"""
    x = rng.normal(size=7)
    # The numbers may cancel, and float32 is judged by their sizes.
    assert_close(student.total(x), reference.total(x), "total(x)", scale=abs(x).sum())
'''
VARIANTS = """\
import demo as ref

from grader.checks.variants import mistake


@mistake("double", "Your double squares: multiply by 2.")
def double_squared(x):
    return x * x
"""

# Long, odd, and right.
OWN = '''\
import numpy as np


def pairwise(values):
    """Adds neighbours until one is left."""
    rounds = 0
    while len(values) > 1:
        if len(values) % 2:
            values = np.append(values, 0.0)
        values = values[0::2] + values[1::2]
        rounds += 1
    return values, rounds


def halves(values, smallest=3):
    if len(values) <= smallest:
        left, right = values, values[:0]
    else:
        middle = len(values) // 2
        left, right = values[:middle], values[middle:]
    return left, right


def double(x):
    # twice is the same as adding it to itself
    result = np.zeros_like(x)
    for place, value in enumerate(x):
        result[place] = value + value
    return result


def total(x):
    left, right = halves(np.asarray(x, dtype=float))
    first, _ = pairwise(np.append(left, 0.0))
    second, _ = pairwise(np.append(right, 0.0))
    return float(first[0] + second[0])
'''

# The same with other names, another order, layout and comments.
RENAMED = '''\
import numpy as numpy


def total(x):
    """Sum up."""
    a, b = cut(numpy.asarray(x, dtype=float))
    (u, nothing) = tree(numpy.append(a, 0.0))
    (w, nothing) = tree(
        numpy.append(b, 0.0)
    )
    return float(u[0] + w[0])


def double(x):
    out = numpy.zeros_like(x)
    for i, item in enumerate(x): out[i] = item + item
    return out


def cut(array, least=3):
    # where to cut
    if len(array) <= least:
        p, q = array, array[:0]
    else:
        m = len(array) // 2
        p, q = array[:m], array[m:]
    return p, q


def tree(array):
    n = 0
    while len(array) > 1:
        if len(array) % 2:
            array = numpy.append(array, 0.0)
        array = array[0::2] + array[1::2]
        n += 1
    return array, n
'''

# Long and right too, and nobody's but its own.
OTHER = """\
from functools import reduce
from operator import add

import numpy as np


class Adder:
    def __init__(self):
        self.kept = 0.0
        self.lost = 0.0

    def take(self, value):
        adjusted = value - self.lost
        fresh = self.kept + adjusted
        self.lost = (fresh - self.kept) - adjusted
        self.kept = fresh
        return self


def double(x):
    return np.array(list(map(lambda one: reduce(add, (one, one)), x.tolist())))


def total(x):
    adder = Adder()
    for value in sorted(x.tolist(), key=abs):
        adder.take(value)
    if adder.kept != adder.kept:
        raise ValueError("not a number")
    return adder.kept
"""

MARKUP = "</code></pre><script>window.pwned = 1</script><img src=x onerror=alert(1)>"
HOSTILE = f"""\
# {MARKUP}
def double(x):
    return x * x  # {MARKUP} {{{{ 7 * 7 }}}}


def total(x):
    raise ValueError({MARKUP!r})
"""
SQUARED = "def double(x):\n    y = x * x\n    return y\n\n\ndef total(x):\n    return x.sum()\n"

CLASS = {
    "ada.py": DEMO_RIGHT,
    "bob.py": DEMO_RIGHT,
    "eve.py": OWN,
    "mal.py": RENAMED,
    "sam.py": OWN,
    "tia.py": OTHER,
    "=1+1.py": HOSTILE,
    "wil.py": SQUARED,
    "zed.py": DEMO_STARTER,
    "zoe.zip": b"this is no zip",
}
ROSTER = "id,group\n" + "".join(
    f"{name},{'team' if name in ('eve', 'sam') else ''}\n"
    for name in ("ada", "bob", "eve", "mal", "sam", "tia", "wil", "zed", "zoe", "absent")
)


def made_course(folder: Path) -> Path:
    """A course whose homework names a mistake, and whose roster has one group of two."""
    return write_files(
        write_course(folder),
        {
            "solutions/demo/hidden_checks.py": HIDDEN,
            "solutions/demo/variants.py": VARIANTS,
            "pyproject.toml": '[tool.grader]\nname = "Tiny"\nroster = "roster.csv"\n',
            "roster.csv": ROSTER,
        },
    )


def parsed(page: bytes) -> JustHTML:
    """A page, which must be HTML without a fault."""
    return JustHTML(page.decode(), sanitize=False, strict=True)


def nodes(node: Any) -> Iterator[Any]:
    """A node and all below it."""
    yield node
    for child in node.children or ():
        yield from nodes(child)


def text_of(node: Any) -> str:
    """All text in a node, white space made single."""
    found = [str(inner.data) for inner in nodes(node) if inner.name == "#text"]
    return " ".join("".join(found).split())


def all_of(page: JustHTML, selector: str) -> list[str]:
    """The texts of all matches."""
    return [text_of(node) for node in page.query(selector)]
