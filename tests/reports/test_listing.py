"""The code on a page: lines as Python counts them, errors marked, bounds on what is shown."""

from __future__ import annotations

import sys

import pytest
from made import check, listing, report
from reading import PAGES, all_of, page_of, text_of

from grader._internal.text import printable
from grader.reports.pages import list_code
from grader.reports.schema import Message
from grader.submission.files import Submission
from grader.submission.program import Part, Program

TWO_CALLS = "def outer():\n    return inner()\n\n\ndef inner():\n    return 1 / 0\n"


def test_lines_of_an_error_are_marked_and_the_message_leads_there() -> None:
    message = Message(
        summary="ZeroDivisionError: division by zero",
        traceback="  demo.py, line 2, in outer: return inner()\n"
        "  demo.py, line 6, in inner: return 1 / 0",
    )
    page = page_of(report(check(outcome="error", message=message)), listing(demo=TWO_CALLS))
    assert all_of(page, ".way .source") == ["return inner()"]
    assert all_of(page, ".raised .source") == ["return 1 / 0"]
    assert all_of(page, ".note") == ["Line 6: ZeroDivisionError: division by zero"]
    links = {text_of(a): a.attrs["href"] for a in page.query(".trace a")}
    targets = {text: page.query(f'[id="{href[1:]}"] .source')[0] for text, href in links.items()}
    assert {text: text_of(node).strip() for text, node in targets.items()} == {
        "demo.py, line 2": "return inner()", "demo.py, line 6": "return 1 / 0"
    }  # fmt: skip


def test_line_that_a_warning_names_is_marked_in_its_cell() -> None:
    warning = "cell 2, line 1: ModuleNotFoundError: No module named 'torch'"
    page = page_of(report(warnings=(warning,)), listing(cell_1="x = 1\n", cell_2="import torch\n"))
    assert all_of(page, ".raised .source") == ["import torch"]
    assert all_of(page, ".note") == ["Line 1: ModuleNotFoundError: No module named 'torch'"]


def test_place_that_is_not_on_the_page_is_only_text() -> None:
    places = ("demo.py, line 99", "other.py, line 1", "my-demo.py, line 1", "demo.py, line 0")
    frames = "\n".join(f"  {place}, in f: y" for place in places)
    message = Message(summary="E: x", traceback=frames)
    page = page_of(report(check(message=message)), listing(demo="x = 1\n"))
    assert page.query(".trace a") == []
    assert page.query(".raised") == []


@pytest.mark.parametrize(
    "source",
    [
        "a = 1\r\nb = 2\r\n(",
        "a = 1\rb = 2\r(",
        "a = 1\n\x0cb = '\u2028\x85'\n(",
        "\ufeffa = 1\n\n(\n",
    ],
)
def test_lines_are_counted_as_python_counts_them(source: str) -> None:
    with pytest.raises(SyntaxError) as caught:
        compile(source.encode(), "demo.py", "exec")
    (file,) = listing(demo=source).files
    assert "(" in "".join(token.text for token in file.lines[caught.value.lineno - 1])


def test_colours_are_pygments_and_text_is_the_same_without_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    coloured = listing(demo=TWO_CALLS)
    assert {token.kind for line in coloured.files[0].lines for token in line} >= {"keyword", "name"}
    monkeypatch.setitem(sys.modules, "pygments.lexers.python", None)
    plain = listing(demo=TWO_CALLS)
    assert {token.kind for line in plain.files[0].lines for token in line} == {""}
    for one, other in zip(coloured.files[0].lines, plain.files[0].lines, strict=True):
        assert "".join(t.text for t in one) == "".join(t.text for t in other)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("# coding: latin-1\nx = 'café'\n".encode("latin-1"), "x = 'café'"),
        ("# coding: cp1251\nx = 'да'\n".encode("cp1251"), "x = 'да'"),
        (b"# coding: utf-7\n# +AAo-import os\n", "# "),
        (b"# coding: unicode_escape\n# \\d\\nimport os\n", "# \\d"),
        (b"# coding: punycode\nb-\xff\n", "b-\ufffd"),
        (b"# coding: zlib_codec\n\xff\n", "\ufffd"),
        (b"# coding: no_such\n\xff\n", "\ufffd"),
        (b"\xff\n\xff\n", "\ufffd"),
    ],
)
def test_code_is_shown_as_python_reads_it(source: bytes, shown: str) -> None:
    (file,) = listing(demo=source).files
    lines = ["".join(token.text for token in line) for line in file.lines]
    assert lines[1] == printable(shown)
    assert lines[2:] == (["import os"] if shown.startswith("#") else [])


def test_other_modules_are_shown_but_not_the_courses() -> None:
    files = {"demo.py": b"import helper\n", "helper.py": b"y = 1\n", "checks.py": b"c\n",
             "run.py": b"r\n", "notes.txt": b"n\n"}  # fmt: skip
    program = Program("demo", (Part("demo.py", "demo.py", files["demo.py"]),))
    names = [file.name for file in list_code(program, Submission(files, "")).files]
    assert names == ["demo.py", "helper.py"]


@pytest.mark.parametrize(
    "source",
    [
        b"\n" * (40 << 20),
        b"x" * (40 << 20),
        b"(" * (200 << 10),
        b"'''" * (60 << 10),
        b"\xff\x00" * 99_999,
    ],
    ids=["lines", "one line", "brackets", "quotes", "binary"],
)
def test_huge_file_makes_a_small_page(source: bytes) -> None:
    page = PAGES.page(report(check()), listing(demo=source), {}, "ada")
    assert len(page) < 1_000_000
    assert "…" in page.decode() or b"The rest is not shown here." in page


def test_huge_numbers_of_files_and_cells_make_a_small_page() -> None:
    files = {f"m{n}.py": b"x = 1\n" * 100 for n in range(500)}
    code = list_code(None, Submission(files, ""))
    assert len(code.files) == 80
    assert sum(len(file.lines) for file in code.files) <= 4_000
