"""What is alike: copies in which all that is cheap to change was changed, and nothing else."""

from __future__ import annotations

import ast
import builtins
import functools
import tokenize
from collections.abc import Sequence

import pytest
from class_made import OTHER, OWN, RENAMED
from hypothesis import given, settings
from hypothesis import strategies as st
from making import DEMO_RIGHT, DEMO_STARTER, write_course
from running import ROOT

from grader.analytics.similarity import Alike, CodeSample, common_statements, find_alike
from grader.analytics.statements import Words, pieces_of
from grader.analytics.study import known_of
from grader.course.assignment import Assignment
from grader.course.course import find_course

ASKED = ("double", "total")
# Those whose right submissions were written apart from each other.
HOMEWORKS = (
    "multiclass_lr", "svm_subgradient", "adagrad", "backprop", "linear_regression",
    "surrogate_losses", "stochastic_gradient", "optimizers", "regularisation", "initialisation",
    "flow_graph", "model_selection",
)  # fmt: skip
# Right ones that were made of one another, to show encodings and languages.
SAME = {"byte_order_mark_crlf", "latin1_tabs", "spanish_names"}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    return find_course(write_course(tmp_path_factory.mktemp("course"))).assignment("demo")


def code_of(text: str, asked: Sequence[str] = ASKED, group: str = "") -> CodeSample:
    return CodeSample((text,), pieces_of([text], asked), group)


def alike(assignment: Assignment, *codes: CodeSample) -> list[Alike]:
    known = known_of(assignment)
    return find_alike(codes, known, known.statements | common_statements(codes))


def words_of(text: str, asked: Sequence[str] = ASKED) -> list[Words]:
    """What is compared, in its order."""
    pieces = pieces_of([text], asked)
    return [each.words for piece in pieces for each in piece.statements]


@functools.cache
def right_ones(name: str) -> dict[str, str]:
    """Right submissions of a homework, in many styles; none that rests on another."""
    found = {}
    for path in sorted((ROOT / "tests" / "homework" / name / "right").glob("*.py")):
        if path.stem not in SAME:
            with tokenize.open(path) as file:  # in the encoding that it declares
                found[path.stem] = file.read()
    return {stem: text for stem, text in found.items() if not text.startswith("# base: ")}


def disguised(text: str, asked: Sequence[str]) -> str:
    """The same program: names changed, functions turned round, comments and layout lost."""
    tree = ast.parse(text)
    kept = {*asked, *dir(builtins)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            kept |= {alias.asname or alias.name for alias in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            node.arg += "_x"
            node.annotation = None
        elif isinstance(node, ast.Name) and node.id not in kept:
            node.id += "_x"
        elif isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name not in kept:
            node.name = f"{node.name}_x"
            if isinstance(node.body[0], ast.Expr) and len(node.body) > 1:
                del node.body[0]
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    others = [node for node in tree.body if not isinstance(node, ast.FunctionDef)]
    tree.body = [*others, *reversed(functions)]
    return ast.unparse(tree)


# In the others some are so short, or so much like the reference, that little of their own is left.
LONG = tuple(name for name in HOMEWORKS if name not in ("surrogate_losses", "optimizers"))


@pytest.mark.parametrize("name", LONG)
def test_a_disguised_copy_is_found(name: str) -> None:
    assignment = find_course(ROOT).assignment(name)
    asked = tuple(assignment.functions)
    known = known_of(assignment)
    for style, text in right_ones(name).items():
        codes = [code_of(text, asked), code_of(disguised(text, asked), asked)]
        found = find_alike(codes, known, known.statements)
        assert len(found) == 1, style
        assert found[0].similarity > 0.9, (style, found)


@pytest.mark.parametrize("name", HOMEWORKS)
def test_independent_right_ones_are_not_listed(name: str) -> None:
    assignment = find_course(ROOT).assignment(name)
    codes = [code_of(text, tuple(assignment.functions)) for text in right_ones(name).values()]
    assert len(codes) > 3
    assert alike(assignment, *codes) == []


def test_renamed_reordered_reformatted_code_is_the_same(demo: Assignment) -> None:
    assert words_of(OWN) == words_of(RENAMED)
    assert alike(demo, code_of(OWN), code_of(RENAMED), code_of(OTHER)) == [
        Alike((0,), (1,), 1.0, 134)
    ]


def test_a_copy_with_some_lines_changed_is_found(demo: Assignment) -> None:
    changed = RENAMED.replace("n += 1", "n = n + 1").replace("m = len(array) // 2", "m = least")
    (found,) = alike(demo, code_of(OWN), code_of(changed))
    assert 0.9 < found.similarity < 1


def test_the_obvious_few_lines_are_not_listed(demo: Assignment) -> None:
    short = "def double(x):\n    y = x + x\n    return y\n\n\ndef total(x):\n    return sum(x)\n"
    assert alike(demo, code_of(short), code_of(short)) == []


def test_what_stands_in_starter_or_solution_does_not_count(demo: Assignment) -> None:
    assert alike(demo, code_of(DEMO_RIGHT), code_of(DEMO_RIGHT)) == []
    assert alike(demo, code_of(DEMO_STARTER), code_of(DEMO_STARTER)) == []
    # A long copy of the solution that somebody got hold of is told by its letters.
    long = DEMO_RIGHT + "".join(f"\n# a remark of nobody else, number {n}" for n in range(20))
    (found,) = alike(demo, code_of(long), code_of(long), code_of(DEMO_RIGHT))
    assert (found.left, found.right, found.to_the_letter) == ((0,), (1,), True)


def test_statements_that_many_share_do_not_count(demo: Assignment) -> None:
    def variant(number: int) -> str:
        return OWN + f"\n\nprint({number})\n"

    few = [code_of(variant(number)) for number in range(4)]
    many = [code_of(variant(number)) for number in range(40)]
    assert len(alike(demo, *few)) == 6
    assert alike(demo, *many) == []
    # The same ones over and over are one: a ring of copies does not make its code common.
    ring = [code_of(OWN), *[code_of(RENAMED)] * 39]
    assert {place for each in alike(demo, *ring) for place in (*each.left, *each.right)} == set(
        range(40)
    )


def test_students_of_one_group_are_not_listed(demo: Assignment) -> None:
    team = [code_of(OWN, group="team"), code_of(RENAMED, group="team")]
    assert alike(demo, *team) == []
    changed = RENAMED.replace("n += 1", "n = n + 1")
    assert alike(demo, team[0], code_of(changed, group="team")) == []
    (found,) = alike(demo, *team, code_of(RENAMED.replace("least", "fewest")))
    assert (found.left, found.right) == ((0, 1), (2,))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("import numpy as np\nx = np.exp(2)", "from numpy import exp as e\ny = e(2)"),
        ("def f(a: int) -> int:\n    return (a)", "def g(b):\n    '''Text.'''\n    return b"),
        ("def f(axis): pass\nf(axis=a.sum(axis=1))", "def g(k): pass\ng(k=b.sum(axis=1))"),
        ("z: float = 1.0", "w = 1.0  # one"),
        ("x = 'a'", 'x = f"{b}"'),
        ("class A:\n    def go(self): self.n = 1", "class B:\n    def run(me): me.k = 1"),
        ("try:\n    f()\nexcept OSError as e:\n    g(e)", "try: a()\nexcept OSError as x: b(x)"),
        ("match x:\n    case 1:\n        y = 2", "match u:\n    case 1: v = 2"),
    ],
)
def test_what_a_copier_changes_is_taken_off(one: str, other: str) -> None:
    assert words_of(one) == words_of(other) != []


def test_what_the_program_does_stays() -> None:
    assert words_of("x = a + b") != words_of("x = a * b")
    assert words_of("x = np.exp(a)") != words_of("x = np.log(a)")
    assert words_of("x = 1.5") != words_of("x = 2.5")
    assert words_of("x = total(a)") != words_of("x = double(a)")


def test_code_that_does_not_parse_is_compared_all_the_same(demo: Assignment) -> None:
    (found,) = alike(demo, code_of(OWN + "\n)"), code_of(OWN.replace("values", "v0") + "\n)"))
    assert found.similarity == 1


HARD = [
    "(" * 300 + ")" * 300,
    "x = " + "-" * 5_000 + "1",
    "x = " + "+".join("a" * 9_000),
    "x = 0x" + "f" * 9_000,
    "def f(" + ",".join(f"a{n}" for n in range(9_000)) + "): pass",
    "if 1:\n" + "".join(" " * n + "if 1:\n" for n in range(1, 99)),
    "\ud800 = 1\x00",
    "lambda: (yield)\nmatch 1:\n case {**rest}: pass\ntype X[T] = int",
    "async def f():\n async for x in y: pass\n async with z: pass",
]


@pytest.mark.parametrize("text", HARD)
def test_odd_code_breaks_nothing(demo: Assignment, text: str) -> None:
    assert isinstance(alike(demo, code_of(text), code_of(text)), list)


@settings(max_examples=60)
@given(st.text(st.sampled_from("ab=()[]:.,'\"#@*+\\ \n\t1fd\ud800\x00\x0c"), max_size=60))
def test_any_text_gives_statements_within_its_lines(text: str) -> None:
    for piece in pieces_of([text], ASKED):
        for statement in piece.statements:
            assert 1 <= statement.first <= statement.last <= text.count("\n") + 1


def test_places_are_those_of_the_source() -> None:
    (piece,) = [piece for piece in pieces_of([OWN], ASKED) if piece.name == "total"]
    lines = OWN.split("\n")
    assert lines[piece.statements[0].first - 1] == "def total(x):"
    assert lines[piece.statements[-1].last - 1] == "    return float(first[0] + second[0])"
