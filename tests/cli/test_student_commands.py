"""`start`, `reset`, `hint`, `figures`, `status`, and what `submit` warns of."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import pytest
from making import (
    DEMO_CHECKS,
    DEMO_RIGHT,
    DEMO_STARTER,
    PICTURE_RIGHT,
    notebook,
    write_course,
    write_files,
)
from running import Ran, run_grader

WRONG = DEMO_RIGHT.replace("2 * x", "3 * x")
DRAWING = "\nif __name__ == '__main__':\n    plot_history([3, 2, 1])\n    plt.show()\n"
QUESTION = '\n[[questions]]\nid = "why"\npoints = 2\ntext = "Why?"\n'


@pytest.fixture
def kit(student_course: Path) -> Path:
    """The homework's folder in a course that keeps untouched starters, as a kit does."""
    write_files(
        student_course,
        {
            ".kit/starters/demo/demo.py": DEMO_STARTER,
            ".kit/starters/demo/demo.ipynb": notebook(DEMO_STARTER),
        },
    )
    return student_course / "assignments" / "demo"


def grader(folder: Path, *args: object) -> Ran:
    """Run a command; the folder that `submit` delivers to is made before."""
    if "--to" in args and "submit" in args:
        Path(str(args[args.index("--to") + 1])).mkdir(exist_ok=True)
    return run_grader(*args, cwd=folder)


# start and reset


def test_start_lays_out_what_is_missing_and_leaves_what_is_there(kit: Path) -> None:
    (kit / "demo.py").unlink()
    ran = grader(kit, "start")
    assert ran.code == 0
    assert "demo.py: now in place" in ran.said
    assert "check python -m grader check demo --watch" in ran.said
    assert (kit / "demo.py").read_text() == DEMO_STARTER
    write_files(kit, {"demo.py": WRONG})
    assert "left unchanged" in grader(kit, "start").said
    assert (kit / "demo.py").read_text() == WRONG
    assert grader(kit, "start", "--notebook").code == 0
    assert json.loads((kit / "demo.ipynb").read_text())["nbformat"] == 4


def test_reset_keeps_every_earlier_file(kit: Path) -> None:
    for number in range(1, 4):
        write_files(kit, {"demo.py": f"{WRONG}# {number}\n"})
        ran = grader(kit, "reset")
        assert ran.code == 0
        assert f"Your version is kept as demo.py.backup-{number}" in ran.said
        assert (kit / "demo.py").read_text() == DEMO_STARTER
    kept = [(kit / f"demo.py.backup-{n}").read_text()[-4:] for n in (1, 2, 3)]
    assert kept == ["# 1\n", "# 2\n", "# 3\n"]
    assert grader(kit, "reset").said.endswith("there is nothing to reset")
    assert grader(kit, "start", "--notebook").code == 0
    told = "nothing to reset in it. For demo.ipynb, add --notebook"
    assert told in grader(kit, "reset").said
    told = "nothing to reset in it. For demo.py, leave out --notebook"
    assert told in grader(kit, "reset", "--notebook").said
    assert not (kit / "demo.py.backup-4").exists()


def test_without_an_untouched_copy_nothing_is_changed(demo_folder: Path) -> None:
    write_files(demo_folder, {"demo.py": WRONG})
    ran = grader(demo_folder, "reset")
    assert ran.code == 2
    assert "take the file from the course's kit again" in ran.err
    assert ran.err.count("\n") == 1
    assert (demo_folder / "demo.py").read_text() == WRONG
    assert sorted(path.name for path in demo_folder.glob("demo.py*")) == ["demo.py"]


def test_what_was_set_aside_is_not_handed_in(kit: Path, tmp_path: Path) -> None:
    write_files(kit, {"demo.py": WRONG})
    assert grader(kit, "reset").code == 0
    write_files(kit, {"demo.py": DEMO_RIGHT, ".demo.py.swp": "x", "demo.py~": "x"})
    assert grader(kit, "submit", "--yes", "--student", "ada", "--to", tmp_path / "box").code == 0
    (path,) = (tmp_path / "box").iterdir()
    with zipfile.ZipFile(path) as archive:
        assert sorted(archive.namelist()) == ["demo.py", "manifest.json", "run.py"]


# hint

HINTED = DEMO_CHECKS.replace(
    '@pytest.mark.hint("Two times.")',
    '@pytest.mark.hint("Mild [/red].")\n@pytest.mark.hint("Stronger.")\n'
    '@pytest.mark.hint("Nearly all.")\n@pytest.mark.see("double")',
)


def test_hints_come_one_at_a_time_the_mildest_first(demo_folder: Path) -> None:
    write_files(
        demo_folder,
        {
            "checks.py": HINTED,
            "demo.py": WRONG,
            "README.md": "# Demo\n\n**`double(x)`** doubles.\n",
        },
    )
    ran = grader(demo_folder, "hint")
    assert ran.code == 2
    assert "demo has not been checked yet" in ran.err
    assert "hint: Mild [/red]. see: README.md, double" in grader(demo_folder, "check").said
    first, second, third, fourth = (grader(demo_folder, "hint").said for _ in range(4))
    assert "1 of 3 Mild [/red]." in first
    assert "Stronger" not in first
    assert "see README.md:3 double(x)" in first
    assert "There are 2 more. Run the command again to see the next one." in first
    assert "2 of 3 Stronger." in second
    assert "Nearly" not in second
    assert "3 of 3 Nearly all." in third
    assert fourth == f"{third} There are no more hints for this check."


def test_hint_is_for_the_check_that_is_named_or_the_first_that_fails(demo_folder: Path) -> None:
    text = DEMO_CHECKS.replace(
        "@pytest.mark.points(1)", '@pytest.mark.points(1)\n@pytest.mark.hint("Add up.")'
    )
    write_files(demo_folder, {"checks.py": text, "demo.py": DEMO_RIGHT.replace("np.sum", "np.max")})
    assert "Two times." in grader(demo_folder, "hint", "demo", "DOUBLE").said
    grader(demo_folder, "check")
    assert "Add up." in grader(demo_folder, "hint").said
    refused = grader(demo_folder, "hint", "demo", "x y")
    assert "no check has 'x y' in its name or title" in refused.err
    write_files(demo_folder, {"demo.py": DEMO_RIGHT})
    grader(demo_folder, "check")
    assert "no hint is needed" in grader(demo_folder, "hint").said
    write_files(demo_folder, {"demo.py": WRONG})
    ran = grader(demo_folder, "hint")
    assert (ran.code, "demo has changed since all its checks passed; run" in ran.err) == (2, True)


# figures


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    course = write_course(tmp_path / "course", "picture", staff=False)
    return course / "assignments" / "picture"


def test_figures_are_drawn_as_submit_draws_them(picture: Path, tmp_path: Path) -> None:
    write_files(picture, {"picture.py": PICTURE_RIGHT + DRAWING})
    assert "figures/figure-1.png" in grader(picture, "figures").said
    drawn = (picture / "figures" / "figure-1.png").read_bytes()
    assert drawn.startswith(b"\x89PNG")
    assert grader(picture, "figures", "--to", tmp_path / "out").code == 0
    assert (tmp_path / "out" / "figure-1.png").read_bytes() == drawn
    # A figure that is not drawn any more is none of this submission's.
    write_files(picture, {"figures/figure-2.png": b"old", "figures/sketch.png": b"mine"})
    assert (
        grader(picture, "submit", "--yes", "--student", "ada", "--to", tmp_path / "box").code == 0
    )
    (path,) = (tmp_path / "box").iterdir()
    with zipfile.ZipFile(path) as archive:
        pictures = {name for name in archive.namelist() if name.startswith("figures/")}
        assert pictures == {"figures/figure-1.png", "figures/sketch.png"}
        assert archive.read("figures/figure-1.png") == drawn


def test_no_figure_is_told_with_its_cause(picture: Path) -> None:
    write_files(picture, {"picture.py": PICTURE_RIGHT + DRAWING.replace("[3, 2, 1]", "undefined")})
    ran = grader(picture, "figures")
    assert ran.code == 1
    assert "NameError: name 'undefined' is not defined" in ran.said


@pytest.mark.parametrize("ending", ["    1 / 0\n", "    input('more?')\n"])
def test_figures_before_a_stop_are_kept_and_the_stop_is_told(
    picture: Path, tmp_path: Path, ending: str
) -> None:
    write_files(picture, {"picture.py": PICTURE_RIGHT + DRAWING + ending})
    (tmp_path / "box").mkdir()
    for command in (("figures",), ("submit", "-y", "--student", "ada", "--to", tmp_path / "box")):
        ran = grader(picture, *command)
        assert ran.code == 0
        assert "figures/figure-1.png" in ran.said
        assert "note: not every figure may be there: picture.py, line" in ran.said


def test_check_keeps_the_pictures_that_it_looked_at(picture: Path, tmp_path: Path) -> None:
    write_files(picture, {"picture.py": PICTURE_RIGHT})
    ran = grader(picture, "check", "--figures")
    assert ran.code == 0
    (kept,) = (picture / "figures" / "checks").iterdir()
    assert f"figure: {kept.relative_to(picture)}" in ran.said
    assert kept.read_bytes().startswith(b"\x89PNG")
    assert (
        grader(picture, "submit", "--yes", "--student", "ada", "--to", tmp_path / "box").code == 0
    )
    (path,) = (tmp_path / "box").iterdir()
    assert not any("checks" in name for name in zipfile.ZipFile(path).namelist())


# status


def test_status_tells_what_was_handed_in_and_what_has_become_of_it(
    demo_folder: Path, tmp_path: Path
) -> None:
    assert "nothing handed in" in grader(demo_folder, "status").said
    write_files(demo_folder, {"demo.py": WRONG})
    args = ("submit", "--yes", "--student", "ada", "--to", tmp_path / "box")
    assert grader(demo_folder, *args).code == 0
    (first,) = (tmp_path / "box").iterdir()
    said = grader(demo_folder, "status").said
    assert "✓ receipt valid" in said
    assert str(first) in said
    assert "Your files are the same as in your last submission." in said

    write_files(demo_folder, {"demo.py": DEMO_RIGHT})
    assert "have changed since your last submission" in grader(demo_folder, "status").said
    assert "changed" in grader(demo_folder, "list").said
    assert grader(demo_folder, *args).code == 0
    first.write_bytes(first.read_bytes() + b" ")
    (second,) = set((tmp_path / "box").iterdir()) - {first}
    second.unlink()
    said = grader(demo_folder, "status").said
    gone, changed = said.index("cannot be verified"), said.index("not valid")
    assert gone < changed, "the last one comes first"
    assert said.count("handed in 2") == 2


def test_every_receipt_is_kept_even_if_one_is_damaged(demo_folder: Path, tmp_path: Path) -> None:
    for number in range(2):
        write_files(demo_folder, {"demo.py": f"{DEMO_RIGHT}# {number}\n"})
        args = ("submit", "--yes", "--student", "ada", "--to", tmp_path / "box")
        assert grader(demo_folder, *args).code == 0
    kept = sorted((demo_folder.parent.parent / ".grader" / "receipts").iterdir())
    assert len(kept) == 2
    kept[0].write_text("{")
    said = grader(demo_folder, "status").said
    assert said.count("✓ receipt valid") == 1
    assert f"{kept[0].name} is damaged, so what it confirmed is not listed here" in said
    kept[1].write_text("{}")
    said = grader(demo_folder, "status").said
    assert "no receipt can be read" in said
    assert "nothing handed in" not in said


# what submit warns of


def warned(folder: Path, box: Path) -> str:
    ran = grader(folder, "submit", "--yes", "--student", "ada", "--to", box)
    assert ran.code == 0, ran.said
    return ran.said


def test_submit_warns_of_everything_that_is_missing(demo_folder: Path, tmp_path: Path) -> None:
    toml = (demo_folder / "assignment.toml").read_text().replace("2126-12-18", "2020-12-18")
    half = DEMO_RIGHT.replace("return float(np.sum(x))", "raise NotImplementedError")
    write_files(
        demo_folder,
        {"assignment.toml": toml + QUESTION, "demo.py": half, "answers.md": "\n \n"},
    )
    said = warned(demo_folder, tmp_path / "box")
    assert "there is 1 function left to write: total" in said
    assert "answers.md is empty" in said
    assert "running your file drew no figures" in said
    assert "the due date, 2020-12-18 23:59:00+01:00, passed" in said
    assert "days ago" in said
    assert "demo.py" in said
    assert "bytes" in said


def test_answers_may_be_a_photograph(demo_folder: Path, tmp_path: Path) -> None:
    toml = (demo_folder / "assignment.toml").read_text()
    write_files(demo_folder, {"assignment.toml": toml + QUESTION, "demo.py": DEMO_RIGHT})
    assert "answers.md is missing" in warned(demo_folder, tmp_path / "box")
    write_files(demo_folder, {"page one.JPG": b"\xff\xd8"})
    assert "answers.md" not in warned(demo_folder, tmp_path / "box")


@pytest.mark.parametrize(
    ("module", "cells", "older", "told"),
    [
        (DEMO_RIGHT, WRONG, True, "but only demo.py counts (demo.ipynb is older)"),
        (DEMO_RIGHT, WRONG, False, "but only demo.py counts (demo.ipynb is newer)"),
        (DEMO_STARTER, WRONG, True, "demo.ipynb counts, but it is older than demo.py"),
    ],
)
def test_notebook_beside_the_module_may_be_a_mistake(
    demo_folder: Path, tmp_path: Path, module: str, cells: str, older: bool, told: str
) -> None:
    write_files(demo_folder, {"demo.py": module, "demo.ipynb": notebook(cells)})
    os.utime(demo_folder / "demo.py", (2e9, 2e9))
    when = 1e9 if older else 3e9
    os.utime(demo_folder / "demo.ipynb", (when, when))
    assert told in warned(demo_folder, tmp_path / "box")


def test_entry_point_of_a_notebook_runs_its_cells(picture: Path, tmp_path: Path) -> None:
    (picture / "picture.py").unlink()
    cells = ("%matplotlib inline", PICTURE_RIGHT, "plot_history([3, 2, 1])\nprint('drawn')")
    write_files(picture, {"picture.ipynb": notebook(*cells)})
    warned(picture, tmp_path / "box")
    (path,) = (tmp_path / "box").iterdir()
    program = zipfile.ZipFile(path).read("run.py").decode()
    assert program.index("def plot_history") < program.index("print('drawn')")
    compile(program, "run.py", "exec")
    assert "%matplotlib" not in program


def test_own_run_py_is_kept(demo_folder: Path, tmp_path: Path) -> None:
    write_files(demo_folder, {"demo.py": DEMO_RIGHT, "run.py": "print('mine')\n"})
    warned(demo_folder, tmp_path / "box")
    (path,) = (tmp_path / "box").iterdir()
    assert zipfile.ZipFile(path).read("run.py") == b"print('mine')\n"


def test_too_large_a_file_is_named(demo_folder: Path, tmp_path: Path) -> None:
    write_files(demo_folder, {"demo.py": DEMO_RIGHT, "sub/big.bin": b"0" * (9 << 20)})
    assert "sub/big.bin was left out" in warned(demo_folder, tmp_path / "box")
    with (demo_folder / "huge.bin").open("wb") as file:
        file.truncate(70 << 20)
    ran = grader(demo_folder, "submit", "--yes", "--student", "ada", "--to", tmp_path / "box")
    assert ran.code == 2
    assert "remove what you do not hand in, such as huge.bin (73 MB)" in ran.err
