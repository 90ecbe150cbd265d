"""The shape of the package: imports go one way, and few may print, exit or name a homework."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from making import DEMO_RIGHT, write_files
from running import ROOT, clean_environment

from grader import errors
from grader.cli.menu import HIDDEN, MENU, OPTIONS

PACKAGE = ROOT / "grader"
SOURCES = sorted(PACKAGE.rglob("*.py"))

# From the bottom up. A module that is not named belongs to the commands, just below `cli`.
LAYERS = (
    {"errors"},
    {"report", "submission", "notebook", "assignment", "course", "program", "discover"}
    | {"archive", "kit", "explain", "places", "times", "downloads", "unpack"},
    {"sandbox"},
    {"checks"},
    {"proxy", "plugin", "debugging"},
    {"check_session"},
    {"runner"},
    {"summary"},
    {"feedback"},
    {"outbox", "gradebook"},
    {"batch"},
    set(),
    {"cli", "__main__"},
)
COMMANDS = LAYERS.index(set())


def parts(path: Path) -> tuple[str, ...]:
    """("grader", "sandbox", "wire") for grader/sandbox/wire.py."""
    names = path.relative_to(ROOT).with_suffix("").parts
    return names[:-1] if names[-1] == "__init__" else names


def layer_of(name: str) -> int:
    found = [index for index, names in enumerate(LAYERS) if name in names]
    return found[0] if found else COMMANDS


def imports_of(path: Path) -> Iterator[tuple[str, int]]:
    """Every module of this package that a file imports, wherever in it, with the line."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import"
            module = node.module or ""
            for alias in node.names:
                # `from grader.sandbox import wire` names a module behind the `import`.
                deeper = PACKAGE.parent.joinpath(*module.split("."), alias.name)
                is_module = deeper.with_suffix(".py").exists() or deeper.is_dir()
                yield (f"{module}.{alias.name}" if is_module else module), node.lineno


def test_imports_only_point_down() -> None:
    wrong = []
    for path in SOURCES:
        names = parts(path)
        if len(names) < 2:
            continue
        for module, line in imports_of(path):
            if not module.startswith("grader."):
                continue
            target = module.split(".")[1]
            if layer_of(target) > layer_of(names[1]):
                wrong.append(f"{path.relative_to(ROOT)}:{line} imports {module}")
    assert wrong == []


def test_no_module_imports_itself_in_a_circle() -> None:
    graph = {
        ".".join(parts(path)): {module for module, _ in imports_of(path) if "grader" in module}
        for path in SOURCES
    }
    done: set[str] = set()

    def visit(module: str, above: tuple[str, ...]) -> None:
        assert module not in above, " -> ".join((*above, module))
        if module in done or module not in graph:
            return
        for other in graph[module]:
            visit(other, (*above, module))
        done.add(module)

    for module in graph:
        visit(module, ())


def test_what_check_authors_import_knows_errors_alone() -> None:
    for path in (PACKAGE / "checks").rglob("*.py"):
        for module, line in imports_of(path):
            if module.startswith("grader"):
                assert module.startswith(("grader.checks", "grader.errors")), f"{path}:{line}"


def test_worker_needs_only_what_a_submission_is_promised() -> None:
    # PIL comes with matplotlib, which saves its pictures with it.
    allowed = {"numpy", "matplotlib", "PIL", "msgpack", "grader", *sys.stdlib_module_names}
    waiting, seen = ["grader.sandbox.worker"], set()
    while waiting:
        module = waiting.pop()
        if module in seen:
            continue
        seen.add(module)
        assert module.startswith("grader.sandbox"), f"the worker would import {module}"
        path = ROOT.joinpath(*module.split("."))
        path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        for name, line in imports_of(path):
            assert name.split(".")[0] in allowed, f"{path}:{line} imports {name}"
            if name.startswith("grader."):
                waiting.append(name)
    assert {"grader.sandbox.wire", "grader.sandbox.figures"} <= seen


def calls(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node.lineno
        elif isinstance(node, ast.Raise) and node.exc is not None:
            yield "raise " + ast.unparse(node.exc).split("(")[0], node.lineno


def test_only_the_command_line_prints_or_exits() -> None:
    banned = {"print", "exit", "quit", "sys.exit", "raise SystemExit", "input", "typer.echo"}
    banned |= {"sys.stdout.write", "sys.stderr.write", "typer.Exit", "raise typer.Exit"}
    for path in SOURCES:
        if parts(path)[1:2] == ("cli",):
            continue
        for name, line in calls(ast.parse(path.read_bytes())):
            assert name not in banned, f"{path.relative_to(ROOT)}:{line}: {name}"
            if name == "os._exit":
                # A process of the sandbox's own has no other way to leave no trace.
                assert parts(path)[1] == "sandbox", f"{path.relative_to(ROOT)}:{line}: {name}"


def test_the_framework_names_no_homework() -> None:
    names = {path.parent.name for path in (ROOT / "assignments").glob("*/assignment.toml")}
    names |= {"multiclass_lr", "svm_subgradient", "adagrad", "backprop"}
    # A name of one word may be the term of the trade; only as a whole text is it the homework's.
    anywhere = re.compile(rf"\b({'|'.join(sorted(n for n in names if '_' in n))})\b")
    whole = re.compile(rf"(.*/)?({'|'.join(sorted(names))})(/.*|\.\w+)?")
    for path in PACKAGE.rglob("*"):
        if not path.is_file() or "__pycache__" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        assert not anywhere.search(text), path
        if path.suffix != ".py":
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not whole.fullmatch(node.value), f"{path}:{node.lineno}"


def imported_by(*args: str, cwd: Path) -> set[str]:
    """Every module that `python -m grader ...` loads."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "grader", *args],
        cwd=cwd,
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {line.rsplit("|", 1)[1].strip() for line in lines}


@pytest.mark.parametrize(
    "args", [("--help",), ("grade", "--help"), ("check", "--help"), ("gradebook", "show", "--help")]
)
def test_help_answers_without_the_heavy_libraries(tmp_path: Path, args: tuple[str, ...]) -> None:
    loaded = {name.split(".")[0] for name in imported_by(*args, cwd=tmp_path)}
    assert "typer" in loaded
    heavy = {"numpy", "pytest", "matplotlib", "msgpack", "nbformat", "scipy", "sqlalchemy"}
    # typer itself loads pydantic, where there is one, as soon as it reads a command's options.
    heavy |= {"pydantic"} if args == ("--help",) else set()
    assert loaded & heavy == set()


def test_menu_lists_every_command_where_it_lies() -> None:
    registered: dict[str, tuple[str, str | None]] = {}
    for path in (PACKAGE / "cli").glob("*.py"):
        if "\ndef register(" in path.read_text(encoding="utf-8"):
            shelf = typer.Typer(**OPTIONS)
            shelf.callback()(lambda: None)
            importlib.import_module(f"grader.cli.{path.stem}").register(shelf)
            for name, command in typer.main.get_group(shelf).commands.items():
                panel = command.rich_help_panel
                registered[name] = path.stem, panel if isinstance(panel, str) else None
    listed = {name: (at, section) for section in MENU for name, (at, _) in MENU[section].items()}
    hidden = {name: (at, None) for name, (at, _) in HIDDEN.items()}
    assert registered == listed | hidden


def test_help_loads_no_command(tmp_path: Path) -> None:
    loaded = imported_by("--help", cwd=tmp_path)
    assert {name for name in loaded if name.startswith("grader.cli.")} == {"grader.cli.menu"}


def test_students_commands_need_no_part_of_the_staffs_install(
    student_course: Path, demo_folder: Path
) -> None:
    write_files(demo_folder, {"demo.py": DEMO_RIGHT})
    for args in (("check",), ("list",), ("submit", "--student", "ada", "--to", "box")):
        loaded = {name.split(".")[0] for name in imported_by(*args, cwd=demo_folder)}
        assert "pydantic" in loaded
        assert loaded & {"scipy", "sqlalchemy", "jinja2", "distributed"} == set(), args


def test_error_tree_is_drawn_as_it_is() -> None:
    classes = {
        name: cls
        for name, cls in vars(errors).items()
        if inspect.isclass(cls) and issubclass(cls, errors.GraderError)
    }
    drawn: dict[str, str] = {}
    above: dict[int, str] = {}
    for line in inspect.getdoc(errors).splitlines():  # type: ignore[union-attr]
        found = re.match(r"^(\s*(?:[│├└─ ]+)?)([A-Z]\w+)(?:\s|$)", line)
        if found and found[2] in classes:
            depth = len(found[1])
            parents = [name for indent, name in above.items() if indent < depth]
            above = {indent: name for indent, name in above.items() if indent < depth}
            above[depth] = found[2]
            drawn[found[2]] = parents[-1] if parents else "Exception"
    assert drawn == {name: cls.__mro__[1].__name__ for name, cls in classes.items()}


def test_every_students_fault_has_an_outcome_of_its_own() -> None:
    from grader.report import Outcome

    faults = [
        cls
        for cls in vars(errors).values()
        if inspect.isclass(cls)
        and issubclass(cls, errors.StudentFault)
        and cls is not errors.StudentFault
    ]
    outcomes = [cls.outcome for cls in faults]
    assert len(set(outcomes)) == len(outcomes)
    assert {Outcome(outcome) for outcome in outcomes} == set(Outcome) - {
        Outcome.PASSED,
        Outcome.GRADER_ERROR,
    }
