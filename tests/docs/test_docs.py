"""The documents against the program: what they name exists, and what exists they name.

Nothing here lists a command, an option, a setting or a public name: they are taken from the
program, so that one that is added without a word in the documents fails.
"""

from __future__ import annotations

import ast
import dataclasses
import doctest
import inspect
import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import typer
from making import write_files
from pydantic import BaseModel
from running import ROOT, run_grader

import grader.checks
import grader.checks.figure
from grader.cli import app, serve
from grader.cli._menu import HIDDEN, MENU, Commands
from grader.course.assignment import LimitsSpec, Question, Spec
from grader.course.course import LatePolicy, Settings
from grader.course.feedback import Feedback, FeedbackSpec
from grader.course.server_settings import MailSettings, OidcSettings, ServerSettings
from grader.course.total import TotalGroup, TotalRules
from grader.engine import plugin
from grader.reports.schema import Outcome, Visibility
from grader.sandbox.host.launch import Limits

DOCS = ROOT / "docs"
PACKAGE = ROOT / "grader"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), ROOT / "findings" / "README.md"])
FENCE = re.compile(r"^(`{3,})(\w*)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!`)\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*$", re.MULTILINE)
PROGRAM = "python -m grader"
# Where a shown command ends: at the end of a code span or line, or where the shell takes over.
SHOWN = re.compile(re.escape(PROGRAM) + r"(?= |`|$)([^`\n|]*)", re.MULTILINE)


def read(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def section(text: str, heading: str) -> str:
    """What stands below a heading, down to the next one of any level. "" where there is none."""
    found = re.search(rf"^#{{2,6}} {re.escape(heading)}\n(.*?)(?=^#|\Z)", text, re.M | re.S)
    return found[1] if found else ""


def anchor(heading: str) -> str:
    """A heading's name in a link, as code hosts make it."""
    kept = re.sub(r"[^\w\- ]", "", heading.replace("`", "").casefold())
    return kept.replace(" ", "-")


def without_code(text: str) -> str:
    return FENCE.sub("", text)


def first_cells(table: str) -> set[str]:
    """What a Markdown table names in code in its first column."""
    cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def every_command() -> Iterator[tuple[str, Any]]:
    """Each command by its words, those inside of others too: "gradebook show"."""
    for name, command in Commands().items():
        yield name, command
        yield from ((f"{name} {inner}", each) for inner, each in sub_commands(command).items())


def sub_commands(command: Any) -> Mapping[str, Any]:
    commands: Mapping[str, Any] = getattr(command, "commands", {})
    return commands


def options_of(command: Any) -> set[str]:
    return {
        word
        for parameter in command.params
        if parameter.param_type_name == "option"
        for word in (*parameter.opts, *parameter.secondary_opts)
    }


# Links


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(without_code(page.read_text("utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, place = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), f"{target} is not there"
        if place:
            headings = HEADING.findall(without_code(there.read_text("utf-8")))
            assert place in map(anchor, headings), f"{target}: no such heading"


def test_every_document_can_be_found_from_the_readme() -> None:
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        targets = LINK.findall(without_code(page.read_text("utf-8")))
        inside = [target.partition("#")[0] for target in targets if ":" not in target]
        waiting += [(page.parent / target).resolve() for target in inside if target]
    assert [page for page in PAGES if page not in reached] == []


# Commands


@pytest.mark.parametrize(("name", "command"), [*every_command()], ids=lambda value: str(value))
def test_every_command_has_a_section_with_each_of_its_options(name: str, command: Any) -> None:
    text = section(read("COMMANDS.md"), name)
    assert text, f"docs/COMMANDS.md has no section {name!r}"
    if sub_commands(command):
        return  # its own commands have sections
    assert f"`{PROGRAM} {name}" in text
    for option in options_of(command) - {"--course", "--help", "-h"}:
        assert re.search(rf"`{option}[ `]", text), f"the section {name!r} does not name {option}"


def test_options_that_many_commands_share_are_explained_once() -> None:
    text = read("COMMANDS.md")
    without = {
        name
        for name, command in every_command()
        if not sub_commands(command) and "--course" not in options_of(command)
    }
    assert without == {"schema", "doctor"}  # as the page says
    assert "except `schema` and `doctor`" in " ".join(text.split())
    for option in options_of(typer.main.get_command(app)) - {"--help", "-h"}:
        assert f"`{option}" in text, f"docs/COMMANDS.md does not name {option}"


def test_the_list_of_commands_is_the_menu() -> None:
    head = read("COMMANDS.md").split("\n## ")[0]
    assert set(re.findall(r"\[([\w-]+)\]\(#", head)) == {*Commands()}
    assert set(HIDDEN) | {name for part in MENU.values() for name in part} == {*Commands()}


def shown_commands() -> Iterator[Any]:
    for page in PAGES:
        if page.name in ("API.md", "CHANGELOG.md"):
            continue
        text = page.read_text("utf-8").replace("\\\n", " ")
        for shown in SHOWN.findall(text):
            yield pytest.param(shown, id=f"{page.name}:{shown.strip()[:60]}")


@pytest.mark.parametrize("shown", [*shown_commands()])
def test_a_command_line_that_is_shown_can_be_typed(shown: str) -> None:
    words = shlex.split(re.sub(r"\[([^\]]*)\]", r"\1", shown), comments=True)
    command: Any = typer.main.get_command(app)
    known = options_of(command) | {"--help", "-h"}
    while words and sub_commands(command):
        word = words.pop(0)
        if word.startswith("-"):
            assert word in known, f"there is no option {word}"
            if word not in ("--help", "-h") and words:
                words.pop(0)
            continue
        if word.isupper() or word == "...":
            return  # stands for any command
        assert word in sub_commands(command), f"there is no command {word}"
        command = sub_commands(command)[word]
        known = options_of(command) | {"--help", "-h"}
    for word in words:
        if word == "--":
            return
        if word.startswith("-"):
            assert word in known, f"`{command.name}` has no option {word}"


# Settings, limits, outcomes, levels, marks, fixtures, variables


def same_default(shown: str, field: Any) -> bool:
    """Whether what a table says of a default is what a pydantic field has."""
    if field.is_required():
        return shown == "required"
    value = field.get_default(call_default_factory=True)
    if value is None or value == () or isinstance(value, BaseModel):
        return True  # told in words
    words = shown.strip("`").replace("false", "False").replace("true", "True")
    return ast.literal_eval(words) == value


@pytest.mark.parametrize(
    ("page", "heading", "models"),
    [
        ("STAFF.md", "The settings of a course", (Settings, LatePolicy, Feedback)),
        ("STAFF.md", "The course's total", (TotalRules, TotalGroup)),
        ("SERVER.md", "Settings", (ServerSettings, OidcSettings, MailSettings)),
        ("AUTHORS.md", "assignment.toml", (Spec, Question, LimitsSpec, FeedbackSpec)),
    ],
)
def test_every_setting_has_a_row_with_its_default(
    page: str, heading: str, models: tuple[type[BaseModel], ...]
) -> None:
    tables = re.split(r"^\| key of .*\n|^\| key \|.*\n", section(read(page), heading), flags=re.M)
    tables = [table.split("\n\n")[0] for table in tables[1:]]
    for model in models:
        matching = [table for table in tables if first_cells(table) == set(model.model_fields)]
        assert len(matching) == 1, f"no table names just the keys of {model.__name__}"
        for line in matching[0].splitlines():
            cells = [cell.strip() for cell in line.split("|")]
            if cells[1].startswith("`") and model is not LimitsSpec:
                field = model.model_fields[cells[1].strip("`")]
                assert same_default(cells[2], field), f"{cells[1]}: the default is not {cells[2]}"


@pytest.mark.parametrize("page", ["AUTHORS.md", "SECURITY.md"])
def test_every_limit_is_shown_with_its_default(page: str) -> None:
    for field in dataclasses.fields(Limits):
        row = rf"^\| `{field.name}` \| `{field.default:g}` \|"
        assert re.search(row, read(page), re.M), f"{page} does not say that {field.name} is so"


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_is_explained(outcome: Outcome) -> None:
    assert outcome.value in first_cells(section(read("GRADES.md"), "Outcomes"))


@pytest.mark.parametrize("word", Visibility)
def test_every_visibility_is_explained(word: Visibility) -> None:
    assert word.value in first_cells(section(read("AUTHORS.md"), "Visibility"))


def test_every_isolation_level_is_explained() -> None:
    from grader.reports.schema import Report

    said = str(Report.model_fields["isolation"].description)
    levels = set(re.findall(r"\w+", said.replace(" or ", " ")))
    assert first_cells(section(read("STAFF.md"), "Isolation")) == levels
    for level in levels:
        assert f"`{level}`" in section(read("SECURITY.md"), "What each level protects")


def test_every_mark_is_explained() -> None:
    marks = {text.partition("(")[0] for text in plugin.MARKS}
    named = re.findall(r"`@pytest\.mark\.(\w+)", section(read("AUTHORS.md"), "Marks"))
    assert set(named) == marks


def test_every_fixture_is_explained() -> None:
    fixtures = {
        node.name
        for node in ast.walk(ast.parse(inspect.getsource(plugin)))
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        for decorator in node.decorator_list
        if "fixture" in ast.unparse(decorator)
    }
    assert fixtures == first_cells(section(read("AUTHORS.md"), "Fixtures"))


def variables_in(path: Path) -> set[str]:
    """Names of environment variables in the strings of a module, not in its code."""
    strings = [
        node.value
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return {name for text in strings for name in re.findall(r"\bGRADER_[A-Z_]*[A-Z]\b", text)}


def test_every_environment_variable_is_explained() -> None:
    names = set().union(*(variables_in(path) for path in (ROOT / "grader").rglob("*.py")))
    assert "GRADER_KEY" in names
    missing = names - first_cells(section(read("STAFF.md"), "Environment variables"))
    assert not missing


def test_every_environment_variable_of_the_tests_is_explained() -> None:
    sources = [ROOT / ".ci" / "run", *(ROOT / "tests").rglob("*.py")]
    texts = [path.read_text("utf-8", "replace") for path in sources if path != Path(__file__)]
    names = {name for text in texts for name in re.findall(r"\bGRADER_TEST_\w+", text)}
    known = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert names
    assert [name for name in names if f"`{name}" not in known] == []


# What check authors import


PUBLIC = [
    pytest.param(module, name, id=name)
    for module in (grader.checks, grader.checks.figure)
    for name in module.__all__
]


def parameters(signature: str) -> list[tuple[str, str, object]]:
    """Name, kind and default of each parameter of a signature that a document shows."""
    parsed = ast.parse(f"def {signature}: ...").body[0]
    namespace: dict[str, Any] = {}
    exec(compile(ast.Module([parsed], []), "<document>", "exec"), namespace)
    shown = inspect.signature(namespace[signature.partition("(")[0]])
    return [(each.name, str(each.kind), each.default) for each in shown.parameters.values()]


@pytest.mark.parametrize(("module", "name"), PUBLIC)
def test_every_public_name_has_its_signature_and_an_example(module: Any, name: str) -> None:
    text = section(read("AUTHORS.md"), name)
    assert text, f"docs/AUTHORS.md has no section {name!r}"
    blocks = [body for _, language, body in FENCE.findall(text) if language == "python"]
    value = getattr(module, name)
    if inspect.isclass(value):
        members = [field.name for field in dataclasses.fields(value)] if (
            dataclasses.is_dataclass(value)
        ) else [*getattr(value, "__members__", ())]  # fmt: skip
        assert [member for member in members if f"`{member}`" not in text] == []
        assert blocks, "an example is missing"
        return
    real = inspect.signature(inspect.unwrap(value)).parameters.values()
    expected = [(each.name, str(each.kind), each.default) for each in real]
    assert parameters(blocks[0].strip()) == expected
    assert any(f"{name}(" in block for block in blocks[1:]), "an example is missing"


def python_blocks() -> Iterator[Any]:
    for page in [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]:
        text = page.read_text("utf-8")
        for found in FENCE.finditer(text):
            if found[2] == "python":
                line = text.count("\n", 0, found.start()) + 1
                yield pytest.param(found[3], id=f"{page.name}:{line}")


@pytest.mark.parametrize("block", [*python_blocks()])
def test_a_block_of_python_is_python(block: str) -> None:
    if ">>>" in block:
        doctest.DocTestParser().get_examples(block)
        return
    try:
        ast.parse(block)
    except SyntaxError:
        ast.parse(f"def {block.strip()}: ...")  # a signature, with `*` in it


def test_the_examples_of_the_authors_guide_give_what_is_shown() -> None:
    text = "\n".join(
        body
        for _, language, body in FENCE.findall(read("AUTHORS.md"))
        if language == "python" and body.startswith(">>>")
    )
    test = doctest.DocTestParser().get_doctest(text, {}, "AUTHORS.md", "AUTHORS.md", 0)
    said: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    assert len(test.examples) > 20
    assert runner.run(test, out=said.append).failed == 0, "".join(said)


# The worked homework


def worked_homework() -> dict[str, str]:
    """The files of the authors' guide, by their paths."""
    found = re.findall(
        r"^`((?:assignments|solutions)/[\w/.]+)`:\n\n(`{3,})\w+\n(.*?)^\2$",
        read("AUTHORS.md"),
        re.M | re.S,
    )
    return {path: body for path, _, body in found}


def test_the_worked_homework_of_the_authors_guide_validates(tmp_path: Path) -> None:
    files = worked_homework()
    assert len(files) == 8
    write_files(tmp_path, {"pyproject.toml": "[tool.grader]\n", **files})
    ran = run_grader("validate", "ridge", cwd=tmp_path)
    shown = re.search(r"^ridge: ok\. (.*); [\d.]+ s$", read("AUTHORS.md"), re.M)
    assert shown is not None
    assert ran.code == 0, ran.said
    assert f"ridge: ok. {shown[1]}" in ran.said
    kit = run_grader("release", "ridge", "--to", "kit", cwd=tmp_path)
    assert kit.code == 0, kit.said


# Paths


NAMED_PATHS = re.compile(r"`((?:[\w.]+/)+(?:[\w.-]+\.(?:py|toml|md|txt))?)`")


def named_paths() -> Iterator[Any]:
    pages = [DOCS / "ARCHITECTURE.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.glob("adr/0*.md"))]
    for page in pages:
        for path in sorted(set(NAMED_PATHS.findall(page.read_text("utf-8")))):
            yield pytest.param(path, id=f"{page.name}:{path}")


@pytest.mark.parametrize("path", [*named_paths()])
def test_a_path_in_the_developers_documents_is_there(path: str) -> None:
    if "NAME" in path or path.startswith("."):
        return  # stands for any, or is made on the user's machine
    parts = ("", "sandbox", "checks", "authoring", "batch", "reports")
    assert any((place / path).exists() for place in (ROOT, *(PACKAGE / part for part in parts)))


# The image of the server


def test_the_image_of_the_server_is_made_of_what_it_copies(tmp_path: Path) -> None:
    """As far as that can be seen without building it: its lines, and the package of its files."""
    lines = next(
        text.splitlines()
        for _, kind, text in FENCE.findall(read("SERVER.md"))
        if kind == "dockerfile"
    )
    steps = [(word, rest) for word, _, rest in (line.partition(" ") for line in lines)]
    assert [word for word, _ in steps] == [
        "FROM",
        "RUN",
        "COPY",
        "COPY",
        "RUN",
        "USER",
        "WORKDIR",
        "EXPOSE",
        "CMD",
    ]
    told = {word: rest for word, rest in steps if word not in ("RUN", "COPY")}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    python = re.fullmatch(r"python:(3\.\d+)-slim", told["FROM"])
    assert python, told["FROM"]
    assert f"Programming Language :: Python :: {python[1]}" in project["classifiers"]

    system, install = (rest for word, rest in steps if word == "RUN")
    assert "libseccomp2" in system.split()  # as CONTRIBUTING.md has it
    extras = re.search(r"pip install --no-cache-dir '/src\[([\w,]+)\]'", install)
    assert extras, install
    assert {"server"} <= set(extras[1].split(",")) <= set(project["optional-dependencies"])
    assert "pip install -e '.[server]'" in (ROOT / "README.md").read_text("utf-8")
    assert f"useradd --create-home {told['USER']}" in install
    assert told["USER"] != "root"

    python_, *program, serve_, host, address = json.loads(told["CMD"])
    assert (python_, program, serve_, host) == ("python", ["-m", "grader"], "serve", "--host")
    assert host in options_of(Commands()[serve_])
    assert address == "0.0.0.0"
    assert told["EXPOSE"] == str(serve.PORT)

    for *sources, target in (rest.split() for word, rest in steps if word == "COPY"):
        for name in sources:
            to = tmp_path / target.removeprefix("/")
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, to, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                to.mkdir(exist_ok=True)
                shutil.copy(ROOT / name, to)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path / "out"]
    subprocess.run(command, cwd=tmp_path / "src", check=True, stdout=subprocess.DEVNULL)
    (wheel,) = (tmp_path / "out").glob("*.whl")
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("grader/")}
    there = {path.relative_to(ROOT).as_posix() for path in PACKAGE.rglob("*") if path.is_file()}
    assert packed == {name for name in there if "__pycache__" not in name}
