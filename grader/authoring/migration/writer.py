"""Writes a homework of another grader in the form of this course."""

from __future__ import annotations

import ast
import hashlib
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader._internal.syntax import parse
from grader.authoring.migration.assertions import (
    PlainTest,
    Surroundings,
    plain,
    without_docstring,
)
from grader.authoring.migration.model import ForeignHomework, ForeignTest
from grader.authoring.migration.mutants import variants_file
from grader.authoring.migration.names import bound_by, changed_in_place, names_of, used_by
from grader.authoring.migration.reach import NotPlain

_LINE = 100


@dataclass(frozen=True)
class MigratedTest:
    """A test as a check. id: as reports name it. plain: what it asserts on `student`, None for one
    that runs whole. why: the reason then. setup: the tests before it that it needs. needs: what
    students write of that which it uses."""

    test: ForeignTest
    id: str
    plain: PlainTest | None
    why: str
    setup: tuple[ForeignTest, ...]
    needs: tuple[str, ...]

    @property
    def function(self) -> str:
        """The name of its function."""
        return self.id.partition("::")[2]


def migrated(homework: ForeignHomework, whole: Mapping[str, str]) -> tuple[MigratedTest, ...]:
    """Each test as a check, in order. whole: ids of those that have to run whole, with reasons."""
    asked, given = names_of(homework.solution), names_of(homework.given)
    changed = changed_in_place(homework.reference)
    earlier: dict[str, str] = {}
    found: list[MigratedTest] = []
    taken: set[str] = set()
    for index, test in enumerate(homework.tests):
        tree = parse(test.source)
        file = "hidden_checks" if test.hidden else "checks"
        name = _function_name(test.name, taken)
        check_id = f"{file}::{name}"
        made, why = None, whole.get(check_id, "")
        if not why:
            try:
                made = plain(test.source, Surroundings(asked, given, earlier, changed))
            except NotPlain as exc:
                why = str(exc)
        known = asked.statements.keys() | given.statements.keys()
        setup = _setup(homework.tests[:index], used_by(tree) - known)
        trees = [tree, *(parse(each.source) for each in setup)]
        mentioned = {n.id for t in trees for n in ast.walk(t) if isinstance(n, ast.Name)}
        read = set().union(*map(used_by, trees))
        needs = tuple(sorted((mentioned & asked.functions) | (read & asked.variables)))
        found.append(MigratedTest(test, check_id, made, why, setup, needs))
        earlier |= _handed_on(test.source)
    return tuple(found)


def _handed_on(source: str) -> dict[str, str]:
    """What a test hands on to those after it without depending on the student's code.

    By name: imports, and the functions of unittest that stand for those of nose.
    """
    names = names_of(source)
    found = dict(names.imports)
    for name, statements in names.statements.items():
        text = ast.unparse(statements[-1])
        if text.startswith(f"{name} = TestCase().assert"):
            found[name] = f"from unittest import TestCase\n{text}"
    return found


def _function_name(name: str, taken: set[str]) -> str:
    words = re.sub(r"\W+", "_", name.encode("ascii", "ignore").decode()).strip("_").lower()
    words = "test_" + (words.removeprefix("test_") or "cell")
    made = next(
        each for each in (words, *(f"{words}_{n}" for n in range(2, 10_000))) if each not in taken
    )
    taken.add(made)
    return made


def _setup(before: Sequence[ForeignTest], names: set[str]) -> tuple[ForeignTest, ...]:
    """The tests before one that bind what it uses, and what those use, in order."""
    wanted, found = set(names), []
    for test in reversed(before):
        tree = parse(test.source)
        if wanted & set(bound_by(tree)):
            found.append(test)
            wanted |= used_by(tree)
    return tuple(reversed(found))


def files_of(homework: ForeignHomework, tests: Sequence[MigratedTest]) -> dict[str, bytes]:
    """The files of a homework, by their paths in the course's folder."""
    name = homework.name
    public = [each for each in tests if not each.test.hidden]
    hidden = [each for each in tests if each.test.hidden]
    texts = {
        f"assignments/{name}/assignment.toml": _spec(homework, tests),
        f"assignments/{name}/README.md": with_examples(homework, examples_of(homework, tests)),
        f"assignments/{name}/{name}.py": _module(homework, homework.starter),
        f"assignments/{name}/checks.py": _checks(homework, public, "Public"),
        f"solutions/{name}/{name}.py": _module(homework, homework.reference),
        f"solutions/{name}/hidden_checks.py": _checks(homework, hidden, "Hidden"),
        f"solutions/{name}/variants.py": variants_file(name, mutated(homework, tests)),
    }
    if homework.questions:
        texts[f"solutions/{name}/answers.md"] = _answers(homework)
    files = {path: text.encode() for path, text in texts.items()}
    for path, data in homework.pictures.items():
        files[f"assignments/{name}/{path}"] = data
    if homework.data:
        for file, data in homework.data.items():
            files[f"datasets/{name}/{file}"] = data
        sums = sorted(
            f"{hashlib.sha256(data).hexdigest()}  {file}\n" for file, data in homework.data.items()
        )
        files[f"datasets/{name}/SHA256SUMS"] = "".join(sums).encode()
        files[f"datasets/{name}/README.md"] = (
            f"# Data of {homework.title}\n\nMoved from {homework.origin}. Say here where the data "
            "come from, and under which licence.\n"
        ).encode()
    return files


def mutated(homework: ForeignHomework, tests: Sequence[MigratedTest]) -> list[str]:
    """The functions that tests call and students write: plain functions, not classes."""
    names = names_of(homework.solution)
    used = {each for test in tests for each in test.needs}
    return sorted(
        name
        for name in used & (names.functions - names.classes)
        if not name.startswith("_") and isinstance(names.statements[name][-1], ast.FunctionDef)
    )


def _module(homework: ForeignHomework, source: str) -> str:
    if ast.get_docstring(_parsed(source), clean=False) is not None:
        return source
    told = f'"""{_plain(homework.title)}. README.md says what each part should do."""\n\n'
    source = source.lstrip("\n")
    return told + ("\n" if source.startswith(("def ", "class ", "@")) else "") + source


def _parsed(source: str) -> ast.Module:
    try:
        return parse(source)
    except SyntaxError:
        return ast.Module([], [])


def _plain(text: str) -> str:
    return text.replace("\\", " ").replace('"', "'").rstrip(".")


def _spec(homework: ForeignHomework, tests: Sequence[MigratedTest]) -> str:
    import tomli_w

    points = round(sum(each.test.points for each in tests), 2)
    spec: dict[str, Any] = {"title": homework.title, "source": homework.origin}
    if points:
        spec["points"] = points
    if homework.data:
        spec["data"] = [f"{homework.name}/{file}" for file in sorted(homework.data)]
    if homework.packages:
        spec["packages"] = list(homework.packages)
    if homework.questions:
        spec["questions"] = [
            {"id": each.id, "points": each.points, "text": each.text, "rubric": list(each.rubric)}
            for each in homework.questions
        ]
    return tomli_w.dumps(spec)


def _answers(homework: ForeignHomework) -> str:
    parts = [f"# {homework.title}: answers to the written questions\n"]
    parts += [f"\n## {each.id}\n\n{each.answer.strip()}\n" for each in homework.questions]
    return "".join(parts)


def _checks(homework: ForeignHomework, tests: Sequence[MigratedTest], kind: str) -> str:
    if not tests:
        return f'"""{kind} checks: there are none yet."""\n'
    above = list(dict.fromkeys(line for each in tests if each.plain for line in each.plain.above))
    imports = {line for line in above if line.startswith(("import ", "from "))}
    bodies = [each.plain.body for each in tests if each.plain]
    ours = ["any_error_fails"] if bodies else []
    ours += ["variable"] if any("variable(student, " in body for body in bodies) else []
    stated = [*sorted(imports | {"import pytest"}, key=_import_order)]
    if ours:
        stated += ["", f"from grader.checks import {', '.join(ours)}"]
    parts = [
        f'"""{kind} checks, moved from {_plain(homework.origin)}."""\n',
        "\n".join(stated) + "\n",
    ]
    parts += [f"{line}\n" for line in above if line not in imports]
    parts += [_check(each) for each in tests]
    return "\n".join(parts)


def _import_order(line: str) -> tuple[bool, str]:
    return line.startswith("from "), line


def _check(each: MigratedTest) -> str:
    title = _title(each)
    head = f"@pytest.mark.points({each.test.points:g})\n"
    if each.plain is not None:
        body = textwrap.indent(each.plain.body, "        ")
        return (
            f"\n{head}def {each.function}(student):\n    {title}\n"
            f"    with any_error_fails(student):\n{body}\n"
        )
    needs = f", needs={list(each.needs)!r}" if each.needs else ""
    constant = f"CELL_{each.function.removeprefix('test_').upper()}"
    cells = "\n".join(_source(test) for test in (*each.setup, each.test))
    return (
        f"\n# Runs whole in the submission's process: {each.why}.\n"
        f"{constant} = {_quoted(cells)}\n\n\n"
        f"{head}def {each.function}(run_cell):\n    {title}\n    run_cell({constant}{needs})\n"
    )


def _source(test: ForeignTest) -> str:
    return test.source.strip("\n") + "\n"


def _title(each: MigratedTest) -> str:
    text = each.test.title or ast.get_docstring(parse(each.test.source)) or each.test.name
    first = " ".join(_plain(text.strip().splitlines()[0]).split())
    return f'"""{textwrap.shorten(first, _LINE - 20, placeholder=" ...")}"""'


def _quoted(source: str) -> str:
    """Source as a literal that a person can read, where there is one."""
    for quotes in ("'''", '"""'):
        literal = f"r{quotes}\n{source}{quotes}"
        try:
            if ast.literal_eval(literal) == f"\n{source}":
                return literal
        except (SyntaxError, ValueError):
            continue
    return repr(source)


def examples_of(homework: ForeignHomework, tests: Sequence[MigratedTest]) -> Iterator[str]:
    """Examples for the handout: public assertions of a function's value, both sides plain."""
    for each in tests:
        if each.plain is None or each.test.hidden:
            continue
        for node in without_docstring(parse(each.test.source)).body:
            match node:
                case ast.Assert(
                    test=ast.Compare(
                        left=ast.Call(func=ast.Name(id=name)) as call,
                        ops=[ast.Eq()],
                        comparators=[value],
                    )
                ) if name in each.needs and _is_literal(value) and all(map(_is_literal, call.args)):
                    shown = ast.literal_eval(value)
                    yield f">>> {ast.unparse(call)}\n{shown!r}\n"


def _is_literal(node: ast.AST) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


def with_examples(homework: ForeignHomework, examples: Iterable[str]) -> str:
    """The handout with its worked examples at the end."""
    shown = list(dict.fromkeys(examples))[:4]
    if not shown:
        return homework.handout
    code = f">>> from {homework.name} import *\n" + "".join(shown)
    return f"{homework.handout.rstrip()}\n\n## Examples\n\n```python\n{code}\n```\n"
