"""The shape of the package: imports go one way, and few may print, exit or name a homework."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import typer
from making import DEMO_RIGHT, write_files
from running import ROOT, clean_environment

from grader import errors
from grader.cli._menu import HIDDEN, MENU

PACKAGE = ROOT / "grader"
SOURCES = sorted(PACKAGE.rglob("*.py"))

# What each part may import of the others, below it in this list. There is no default: a new folder,
# or an import that stands in no row, fails. `reports` and `sandbox` have rows for their own parts.
WALLS: dict[str, str] = {
    "_internal": "",
    "errors": "_internal",
    "course": "_internal errors",
    "submission": "_internal errors course",
    "checks": "errors",
    "sandbox": "",
    "sandbox.protocol": "errors",
    "sandbox.guest": "sandbox.protocol",
    "sandbox.linux": "sandbox.protocol sandbox.guest",
    "sandbox.host": "_internal errors submission sandbox.protocol sandbox.guest sandbox.linux",
    "reports": "",
    "reports.grade_sheet": "_internal",
    "reports.schema": "_internal reports.grade_sheet",
    "reports.visible": "course reports.schema",
    "reports.rich_text": "_internal reports.schema",
    "engine": "_internal errors course submission checks reports.schema "
    "sandbox.host sandbox.protocol",
    "plugin": "",
    "reports.pages": "_internal errors submission reports.schema",
    "reports.summary": "submission reports.schema",
    "reports.writer": "_internal errors submission engine reports.summary reports.pages",
    "gradebook": "_internal errors course submission reports.schema reports.grade_sheet "
    "reports.visible reports.summary",
    "batch": "_internal errors course submission engine sandbox.host gradebook "
    "reports.schema reports.visible reports.summary reports.writer",
    "lms": "_internal errors course submission gradebook",
    "reports.rebuild": "_internal errors course submission engine lms "
    "reports.schema reports.visible reports.summary reports.writer",
    "analytics": "_internal errors course submission gradebook "
    "reports.schema reports.summary reports.pages reports.rebuild",
    "authoring": "_internal errors course submission checks engine sandbox.host sandbox.protocol "
    "reports.schema reports.pages",
    "student": "_internal errors course submission engine sandbox.host reports.schema",
    "api": "_internal errors course submission engine sandbox.host reports.schema "
    "reports.summary gradebook batch lms student",
    # A handout says what can be imported: sandbox.protocol has the words.
    "server": "_internal errors course submission sandbox.protocol reports.grade_sheet "
    "reports.schema reports.visible reports.pages reports.summary gradebook lms",
    # batch: hand-ins are graded on a cluster's workers by what `grade --scheduler` has there.
    "server.grading": "_internal errors course submission engine sandbox.host reports.schema "
    "reports.visible reports.summary gradebook batch server",
    "benchmark": "_internal errors course submission checks engine sandbox.host sandbox.guest "
    "sandbox.protocol reports.schema gradebook batch student server",
    "cli": "_internal errors course submission engine sandbox.host reports.schema reports.summary "
    "reports.rich_text reports.writer reports.rebuild api lms batch gradebook analytics authoring "
    "student benchmark server server.grading",
    # A second front end for students: it shows what their commands show.
    "notebook": "errors course submission engine sandbox.host reports.schema reports.rich_text api "
    "student cli",
    # A third one, without commands: it runs where there are no processes.
    "browser": "_internal errors course engine sandbox.host reports.rich_text reports.schema "
    "student notebook",
    "__main__": "cli",
    "__init__": "reports.schema api",
}

# The same inside the two largest parts, between their folders. A module that lies in no folder is
# of the part's own row; those of them that folders stand on have a row each.
GRADEBOOK_WALLS: dict[str, str] = {
    "gradebook.spelling": "",
    "gradebook.records": "",
    "gradebook.roster_layouts": "",
    "gradebook.roster": "gradebook.spelling gradebook.records gradebook.roster_layouts",
    # Which attempt counts, grades, totals, and what an answer and its mark are: none of it sees the
    # book or a database.
    "gradebook.grades": "gradebook.records gradebook.roster",
    "gradebook.marking": "gradebook.records",
    "gradebook.models": "",
    "gradebook": "gradebook.records gradebook.roster gradebook.grades gradebook.marking "
    "gradebook.models",
    "gradebook.desk": "gradebook.records gradebook.grades gradebook.marking gradebook.models "
    "gradebook",
    # What a correction gave to many is taken back as what was marked together is.
    "gradebook.corrections": "gradebook.records gradebook.grades gradebook gradebook.desk",
    "gradebook.chosen_points": "gradebook.records gradebook.grades gradebook gradebook.desk "
    "gradebook.corrections",
    "gradebook.regrading": "gradebook.records gradebook.grades gradebook.models gradebook "
    "gradebook.corrections",
}
SERVER_WALLS: dict[str, str] = {
    "server.records": "",
    "server.keys": "",
    "server.problems": "",
    "server.mail": "",
    "server.alerts": "server.records",
    "server.accounts": "server.records server.keys server.mail",
    "server.hand_ins": "server.records server.keys server.alerts",
    # Keys are published in the form that a sign-in with OpenID Connect reads too.
    "server.lti.protocol": "server.accounts",
    "server.lti.platforms": "server.records server.keys server.accounts server.lti.protocol",
    "server.site": "server.records server.keys server.problems server.alerts server.accounts "
    "server.hand_ins server.lti.protocol server.lti.platforms",
    "server.http": "server.records server.problems server.site",
    "server.lti.grades": "server.keys server.lti.protocol server.lti.platforms",
    "server.lti.assets": "server.records server.keys server.lti.protocol server.lti.platforms "
    "server.site server.http",
    "server.pages": "server.records server.problems server.accounts server.hand_ins server.site "
    "server.http",
    "server.staff": "server.records server.problems server.mail server.hand_ins server.site "
    "server.http server.pages",
    "server.lti.pages": "server.records server.problems server.http server.pages "
    "server.lti.protocol server.lti.platforms server.lti.grades server.lti.assets",
    "server": "server.records server.problems server.accounts server.hand_ins server.site "
    "server.http server.pages server.staff server.lti.pages",
    "server.grading": "server.records server.alerts server.hand_ins",
}


def parts(path: Path) -> tuple[str, ...]:
    """("grader", "sandbox", "wire") for grader/sandbox/wire.py."""
    names = path.relative_to(ROOT).with_suffix("").parts
    return names[:-1] if names[-1] == "__init__" else names


def part_of(module: str, walls: Mapping[str, str]) -> str:
    """Which row of the walls a module "grader.sandbox.host.session" belongs to."""
    names = module.split(".")[1:] or ["__init__"]
    for size in range(len(names), 0, -1):
        if (row := ".".join(names[:size])) in walls:
            return row
    raise AssertionError(f"{module} stands in no row of the walls")


def imports_of(path: Path) -> Iterator[tuple[str, int]]:
    """Every module of this package that a file imports, wherever in it, with the line."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import"
            module = node.module or ""
            for alias in node.names:
                # `from grader.sandbox.protocol import wire` names a module behind `import`.
                deeper = PACKAGE.parent.joinpath(*module.split("."), alias.name)
                is_module = deeper.with_suffix(".py").exists() or deeper.is_dir()
                yield (f"{module}.{alias.name}" if is_module else module), node.lineno


def imports_between(walls: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """(row, another row that it imports, where) for each import between modules of the walls."""
    heads = {row.split(".")[0] for row in walls}

    def is_inside(module: str) -> bool:
        return (module.split(".")[1:2] or ["__init__"])[0] in heads

    for path in SOURCES:
        if not is_inside(module := ".".join(parts(path))):
            continue
        for name, line in imports_of(path):
            if name.split(".")[0] != "grader" or not is_inside(name):
                continue
            row, other = part_of(module, walls), part_of(name, walls)
            if other not in (row, "__init__"):
                yield row, other, f"{path.relative_to(ROOT)}:{line} imports {name}"


ALL_WALLS = pytest.mark.parametrize(
    "walls",
    [WALLS, GRADEBOOK_WALLS, SERVER_WALLS],
    ids=["the package", "the gradebook", "the server"],
)


@ALL_WALLS
def test_each_part_imports_only_what_its_row_names(walls: Mapping[str, str]) -> None:
    between = imports_between(walls)
    assert [where for row, other, where in between if other not in walls[row].split()] == []


@ALL_WALLS
def test_no_row_of_the_walls_is_wider_than_needed_or_points_up(walls: Mapping[str, str]) -> None:
    used: dict[str, set[str]] = {row: set() for row in walls}
    for row, other, _ in imports_between(walls):
        used[row].add(other)
    order = list(walls)
    for row, names in walls.items():
        assert set(names.split()) == used[row], row
        assert all(order.index(name) < order.index(row) for name in names.split()), row


def test_rules_of_the_gradebook_need_no_database() -> None:
    """They import neither what reads one nor SQL, and nothing that does so for them."""
    folders = [PACKAGE / "gradebook" / name for name in ("grades", "marking")]
    waiting = [".".join(parts(path)) for folder in folders for path in folder.glob("*.py")]
    seen: set[str] = set()
    while waiting:
        module = waiting.pop()
        if module in seen:
            continue
        seen.add(module)
        path = ROOT.joinpath(*module.split("."))
        path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        for name, line in imports_of(path):
            assert name.split(".")[0] not in {"sqlalchemy", "alembic", "sqlite3"}, f"{path}:{line}"
            if name.startswith("grader."):
                waiting.append(name)
    assert {"grader.gradebook.grades.policy", "grader.gradebook.marking.marking"} <= seen
    assert "grader.gradebook.records" in seen


def test_no_module_imports_itself_in_a_circle() -> None:
    # What the package itself offers is imported when it is asked for; test_api.py shows that.
    graph = {
        ".".join(parts(path)): {module for module, _ in imports_of(path) if "grader" in module}
        for path in SOURCES
        if path != PACKAGE / "__init__.py"
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
    waiting, seen = ["grader.sandbox.guest.worker"], set()
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
    assert {"grader.sandbox.protocol.wire", "grader.sandbox.guest.figures"} <= seen


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


def test_one_module_alone_touches_pytests_private_parts() -> None:
    names = {"_pytest", "_setupstate", "_initrequest", "_request", "_getobj", "_fixtureinfo"}
    names |= {"_fixturemanager", "_excinfo", "_pyfuncitem", "importmode", "funcargs", "callspec"}
    names |= {"fixturenames", "originalname"}
    own = PACKAGE / "engine" / "_pytest_private.py"
    touched: dict[Path, set[str]] = {}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_bytes())):
            for name in names_in(node):
                if name.split(".")[0] in names:
                    touched.setdefault(path, set()).add(name)
    assert touched.pop(own) >= {"_setupstate", "_initrequest", "_request", "_getobj"}
    assert touched == {}


def names_in(node: ast.AST) -> list[str]:
    """What a piece of source refers to by name, in text as `getattr` takes it too."""
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name) | ast.FunctionDef(name=name):
            return [name]
        case ast.Import(names=found):
            return [alias.name for alias in found]
        case ast.ImportFrom(module=str(name)):
            return [name]
        case ast.Constant(value=str(text)):
            return [text]
    return []


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


def test_menu_lists_every_command_and_each_is_the_module_of_its_name() -> None:
    modules = {path.stem for path in (PACKAGE / "cli").glob("*.py") if path.stem[0] != "_"}
    listed = {name for section in MENU.values() for name in section} | set(HIDDEN)
    assert {name.replace("-", "_") for name in listed} == modules
    for name in listed:
        module = importlib.import_module(f"grader.cli.{name.replace('-', '_')}")
        assert isinstance(module.command, typer.Typer) or module.command.__doc__, name


def test_help_loads_no_command(tmp_path: Path) -> None:
    loaded = imported_by("--help", cwd=tmp_path)
    assert {name for name in loaded if name.startswith("grader.cli.")} == {"grader.cli._menu"}


def test_students_commands_need_no_part_of_the_staffs_install(
    student_course: Path, demo_folder: Path
) -> None:
    write_files(demo_folder, {"demo.py": DEMO_RIGHT})
    (demo_folder / "box").mkdir()
    for args in (("check",), ("list",), ("submit", "--yes", "--student", "ada", "--to", "box")):
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
    from grader.reports.schema import Outcome

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


# What a class name that is no noun ends in.
PARTICIPLES = re.compile(
    r"(ed|Done|Drawn|Found|Given|Kept|Known|Made|Said|Seen|Sent|Shown|Taken|Written)$"
)


def test_class_names_are_nouns_and_none_is_used_twice() -> None:
    """Exceptions may be named for what happened: `CheckFailed`."""
    where: dict[str, str] = {}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_bytes())):
            if not isinstance(node, ast.ClassDef):
                continue
            place = f"{path.relative_to(ROOT)}:{node.lineno}: {node.name}"
            assert node.name not in where, f"{place} is also {where.get(node.name)}"
            where[node.name] = place
            bases = {ast.unparse(base) for base in node.bases}
            if not bases & {
                "Exception",
                "StudentFault",
                "GraderError",
                "UsageError",
                "GraderFault",
            }:
                assert not PARTICIPLES.search(node.name), place


def test_no_module_is_longer_than_450_lines() -> None:
    long = [path for path in SOURCES if len(path.read_bytes().splitlines()) > 450]
    assert long == []
