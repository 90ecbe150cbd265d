"""The handout of a foreign homework, and the files that lie beside its notebook."""

from __future__ import annotations

import ast
import base64
import binascii
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from grader._internal.syntax import parse
from grader.authoring.migration.model import ForeignHomework, ForeignTest, ProgramCell
from grader.authoring.migration.names import modules_in
from grader.authoring.migration.notebooks import NotebookCell, literals_of
from grader.errors import UsageError

MAX_FILE = 64 << 20
_LINK = re.compile(r"(?P<before>!?\[[^\]]*\]\(\s*<?|<img[^>]*\bsrc=[\"'])(?P<to>[^)\s>\"']+)")
_ATTACHED = re.compile(r"attachment:([^)\s]+)")
_READS = re.compile(r"(^|\.)(open|load|loadtxt|genfromtxt|fromfile|imread|read_\w+|Path)$")


def homeworks_at(
    path: Path, name: str | None, read: Callable[[Path, str], ForeignHomework]
) -> tuple[ForeignHomework, ...]:
    """The homework of a notebook, or of each in a folder.

    name: what to call it, if there is one only. read: reads a notebook under a name.
    """
    files = _notebooks_at(path)
    if name is not None and len(files) > 1:
        raise UsageError(f"{path} holds {len(files)} notebooks; name one to call it {name}")
    return tuple(read(file, name or name_for(file)) for file in files)


def _notebooks_at(path: Path) -> list[Path]:
    """A notebook, or those in a folder. Raises UsageError where there is none."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise UsageError(f"{path} does not exist; name a notebook or the folder that holds it")
    found = sorted(each for each in path.glob("*.ipynb") if each.is_file())
    if not found:
        inside = sorted({each.parent for each in path.glob("*/**/*.ipynb")})
        hint = f", such as {inside[0]}" if inside else ""
        raise UsageError(f"{path} holds no notebook; name the folder that does{hint}")
    return found


def name_for(path: Path) -> str:
    """The name of a homework's module after a file."""
    words = re.sub(r"\W+", "_", path.stem.encode("ascii", "ignore").decode().lower()).strip("_")
    return words if words[:1].isalpha() else f"hw_{words}".rstrip("_")


def places(starter: str) -> Iterator[str]:
    """For each function of a starter the line of the handout where it is asked for."""
    try:
        body = parse(starter).body
    except SyntaxError:
        return
    for node in body:
        if isinstance(node, ast.FunctionDef):
            yield f"**`{node.name}({ast.unparse(node.args)})`** is yours to write."
        elif isinstance(node, ast.ClassDef):
            yield f"**`{node.name}`** is yours to write."


def with_files(
    homework: ForeignHomework,
    folder: Path,
    cells: Sequence[NotebookCell],
    named: Sequence[str] = (),
) -> ForeignHomework:
    """The homework with the files that its program, its tests and its handout name.

    named: those that its author listed. Raises UsageError for a file that a test reads and that is
    not there.
    """
    data, renamed = _data(homework, folder, named)
    pictures: dict[str, bytes] = {}
    notes = list(homework.notes)
    handout = homework.handout
    for cell in cells:
        for name, kinds in cell.attachments.items():
            told = next(iter(kinds.values()), "") if isinstance(kinds, dict) else ""
            try:
                pictures[PurePosixPath(name).name] = base64.b64decode(str(told), validate=True)
            except (binascii.Error, ValueError):
                notes.append(f"the picture {name!r} in cell {cell.number} is damaged")
    handout = _ATTACHED.sub(lambda match: PurePosixPath(match[1]).name, handout)
    for match in _LINK.finditer(handout):
        target = match["to"].split("#")[0].removeprefix("./")
        if not target or "://" in target or target.startswith(("mailto:", "data:", "/")):
            continue
        if target not in pictures:
            found = _beside(folder, target)
            if found is None:
                notes.append(f"the handout links to {target!r}, which is not there")
            else:
                pictures[target] = found
    for old, new in renamed.items():
        notes.append(f"{old!r} lies beside the program now, as {new!r}; the code was changed so")
    return replace(
        homework,
        handout=handout,
        data=data,
        pictures=pictures,
        notes=tuple(notes),
        cells=tuple(
            ProgramCell(_renamed(c.source, renamed), _renamed(c.starter, renamed), c.is_solution)
            for c in homework.cells
        ),
        tests=tuple(replace(t, source=_renamed(t.source, renamed)) for t in homework.tests),
    )


def _data(
    homework: ForeignHomework, folder: Path, named: Sequence[str]
) -> tuple[dict[str, bytes], dict[str, str]]:
    """The files that code names and that lie beside the notebook; and those named by a path."""
    wanted = list(named)
    for source in (homework.reference, *(test.source for test in homework.tests)):
        wanted += [*literals_of(source), *_modules(source)]
    data: dict[str, bytes] = {}
    renamed: dict[str, str] = {}
    for name in dict.fromkeys(wanted):
        found = _beside(folder, name)
        if found is None:
            continue
        file = PurePosixPath(name).name
        if data.get(file, found) != found:
            raise UsageError(
                f"{homework.origin} reads two files called {file}; rename one, because data files "
                "lie side by side"
            )
        data[file] = found
        if file != name:
            renamed[name] = file
    made = set(literals_of(homework.reference))
    for test in homework.tests:
        for name in _read_by(test):
            if PurePosixPath(name).name not in data and name not in made:
                raise UsageError(
                    f"{homework.origin}: the test {test.name!r} reads {name!r}, which is not in "
                    f"{folder}; add it there, or take the test out"
                )
    return data, renamed


def _beside(folder: Path, name: str) -> bytes | None:
    """The content of a file below a folder, None for what is no such file."""
    if (
        not name
        or len(name) > 200
        or "\n" in name
        or "\0" in name
        or PurePosixPath(name).is_absolute()
    ):
        return None
    path = folder / name
    if ".." in PurePosixPath(name).parts or path.is_symlink() or not path.is_file():
        return None
    if path.stat().st_size > MAX_FILE:
        raise UsageError(f"{path} is larger than {MAX_FILE >> 20} MB; make it smaller")
    return path.read_bytes()


def _modules(source: str) -> list[str]:
    try:
        return [f"{module}.py" for module in sorted(modules_in([parse(source)]))]
    except SyntaxError:
        return []


def _read_by(test: ForeignTest) -> Iterator[str]:
    """The files that a test reads by a name that stands in it."""
    for node in ast.walk(parse(test.source)):
        if not isinstance(node, ast.Call) or not _READS.search(ast.unparse(node.func)):
            continue
        modes = [a.value for a in node.args[1:2] if isinstance(a, ast.Constant)]
        first = node.args[0] if node.args else None
        is_name = isinstance(first, ast.Constant) and isinstance(first.value, str)
        if is_name and not any("w" in str(mode) for mode in modes):
            assert isinstance(first, ast.Constant)
            if "://" not in str(first.value):
                yield str(first.value)


def _renamed(source: str, renamed: dict[str, str]) -> str:
    for old, new in renamed.items():
        for quote in "'\"":
            source = source.replace(f"{quote}{old}{quote}", f"{quote}{new}{quote}")
    return source
