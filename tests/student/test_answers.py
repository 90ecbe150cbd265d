"""Written answers: which files are taken for them, at home and by the marker."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from making import DEMO_RIGHT, DEMO_TOML, notebook, write_files, zipped
from running import run_grader

from grader.submission.answers import (
    ANSWER_HEADING,
    HEADING,
    PLACEHOLDER,
    answers_for_marking,
    attached,
    find_answers,
)

QUESTIONS = DEMO_TOML.replace("due =", "points = 10\ndue =") + (
    '\n[[questions]]\nid = "why"\npoints = 4\ntext = "Why?"\nrubric = ["Says why (4)"]\n'
)


def with_text_cells(*texts: str) -> bytes:
    """A notebook with code, then these text cells."""
    made = json.loads(notebook(DEMO_RIGHT))
    cells = [{"cell_type": "markdown", "metadata": {}, "source": [text]} for text in texts]
    made["cells"] += cells
    return json.dumps(made).encode()


NAMES = (
    *("answers.md", "answer.md", "Answers.txt", "ANSWERS.MD", "my_answers.md", "answers.pdf"),
    *("answers.docx", "scan.pdf", "answers.jpg", "answer 1.png", "IMG_2041.jpeg", "theory.txt"),
    *("written/answers.md", "answers"),
)
TAKEN: dict[str, bytes] = {
    **dict.fromkeys(NAMES, b"x"),
    "demo.ipynb": with_text_cells("## Answers\n\nBecause."),
    "other.ipynb": with_text_cells(f"{HEADING}\n\n{PLACEHOLDER}", "Because it is so."),
}
NOT_TAKEN: dict[str, bytes] = {
    **dict.fromkeys(["README.md", "plot.png", "figures/answers.png", "notes.txt", "a.py"], b"x"),
    "answers.md": b" \n",
    "demo.ipynb": with_text_cells(f"{HEADING}\n\n{PLACEHOLDER}"),
    "other.ipynb": with_text_cells("# Notes\n\nBecause."),
    "broken.ipynb": b'{"cells": [',
}


@pytest.mark.parametrize("name", TAKEN)
def test_what_is_taken(name: str) -> None:
    assert find_answers({"demo.py": b"x", name: TAKEN[name]}).files == (name,)


@pytest.mark.parametrize("name", NOT_TAKEN)
def test_what_is_not(name: str) -> None:
    assert find_answers({"demo.py": b"x", name: NOT_TAKEN[name]}).files == ()
    assert answers_for_marking({name: NOT_TAKEN[name]}) is None


def test_a_marker_reads_text_and_is_told_what_to_open() -> None:
    files = {"answers.md": b"\xef\xbb\xbfBecause \x1b[31m.", "scan.pdf": b"%PDF"}
    told = answers_for_marking(files)
    assert told is not None
    assert told.startswith("Because \\x1b[31m.\n\n(open scan.pdf in the submission; sha256 ")
    told = answers_for_marking({"demo.ipynb": TAKEN["demo.ipynb"]})
    assert told == "## Answers\n\nBecause."


@pytest.mark.parametrize("link", ["![](attachment:photo.png)", '<img src="attachment:photo.png">'])
def test_a_notebook_is_to_be_opened_for_the_pictures_in_its_answers(link: str) -> None:
    files = {
        "demo.ipynb": with_text_cells("## Answers", f"See {link}"),
        "other.ipynb": with_text_cells(f"The task: {link}", "## Answers\n\nBecause."),
    }
    assert attached(files) == ("demo.ipynb",)
    told = answers_for_marking(files)
    assert told is not None
    assert told.startswith(
        f"## Answers\n\nSee {link}\n\n(open demo.ipynb in the submission; sha256 "
    )


def test_check_list_and_submit_say_what_they_take_and_what_is_missing(demo_folder: Path) -> None:
    write_files(demo_folder, {"demo.py": DEMO_RIGHT, "assignment.toml": QUESTIONS, "box/x": ""})
    ran = run_grader("check", cwd=demo_folder)
    assert ran.code == 0
    assert "Checks that run when your work is graded are worth 7 more points." in ran.said
    assert "Written questions are worth 4 points: answers.md is missing" in ran.said
    assert "checked, no answers written" in run_grader("list", cwd=demo_folder).said
    write_files(demo_folder, {"answer.docx": b"PK"})
    said = run_grader("check", cwd=demo_folder).said
    assert "4 points: the written answers are taken from answer.docx." in said
    assert "checked, not handed in" in run_grader("list", cwd=demo_folder).said
    ran = run_grader("submit", "-y", "--student", "ada", "--to", "box", cwd=demo_folder)
    assert "note: the written answers are taken from answer.docx" in ran.said


def test_the_marker_sees_a_file_by_its_name_and_place(course: Path, tmp_path: Path) -> None:
    write_files(course, {"assignments/demo/assignment.toml": QUESTIONS, "roster.csv": "id\nada\n"})
    drop = {"ada.zip": zipped({"demo.py": DEMO_RIGHT, "answers.pdf": b"%PDF"})}
    write_files(tmp_path / "drop", drop)
    args = (tmp_path / "drop", "--assignment", "demo", "--out", tmp_path / "out", "--gradebook")
    ran = run_grader("grade", *args, "--unsafe", "--jobs", "1", cwd=course)
    assert ran.code == 0, ran.said
    table = tmp_path / "marks.csv"
    ran = run_grader("mark", "demo", "--export", table, cwd=course)
    assert ran.code == 0, ran.said
    assert "(open answers.pdf in the submission; sha256 " in table.read_text(encoding="utf-8")


def test_the_kits_notebook_has_a_cell_for_answers(real_kit: Path) -> None:
    path = real_kit / "assignments" / "multiclass_lr" / "multiclass_lr.ipynb"
    made = json.loads(path.read_bytes())
    texts = ["".join(cell["source"]) for cell in made["cells"]]
    assert any(text.startswith(HEADING) for text in texts)
    assert texts[-1].startswith(ANSWER_HEADING)
    assert find_answers({"n.ipynb": path.read_bytes()}).files == ()
    made["cells"][-1]["source"].append("\n\nBy the chain rule.")
    assert find_answers({"n.ipynb": json.dumps(made).encode()}).files == ("n.ipynb",)
    for page in (real_kit / "assignments").glob("*/README.md"):
        assert "`answers.md`" in page.read_text(encoding="utf-8"), page
