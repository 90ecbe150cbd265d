"""`grade --html` and `feedback`: pages beside the reports, and never at odds with them."""

from __future__ import annotations

import base64
import shutil
from pathlib import Path

import pytest
from making import (
    DEMO_RIGHT,
    PICTURE_RIGHT,
    GradedClass,
    grade_class,
    notebook,
    options_of,
    read_class,
    write_course,
    write_files,
)
from running import ROOT, run_grader

# Draws, and tells whoever looks what it was given.
TELLTALE = PICTURE_RIGHT.replace(
    "    return figure", "    print('drew', history.tolist())\n    return figure"
)
BROKEN = DEMO_RIGHT.replace("return 2 * x", 'raise ValueError("<b>no</b>")')


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, GradedClass]:
    """A small class with pages, graded once. Tests work on copies of its output."""
    folder = tmp_path_factory.mktemp("pages")
    course = write_course(folder / "course", "demo", "picture")
    write_files(
        folder / "subs",
        {
            "demo/eve.ipynb": notebook("import numpy as np", BROKEN),
            "demo/ada#1 %.py": DEMO_RIGHT,
            "demo/bob.zip": b"",
            "picture/ada.py": TELLTALE,
            "picture/flat.py": TELLTALE.replace("plot(history)", "plot(0 * history)"),
        },
    )
    made = grade_class(
        course, folder / "subs", folder / "out", "--html", "--jobs", 1, isolation="none"
    )
    return folder, made


def copied(graded: tuple[Path, GradedClass], to: Path) -> Path:
    return Path(shutil.copytree(graded[1].out, to / "out"))


def pages_of(out: Path) -> dict[str, bytes]:
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*.html")}


def embedded(page: str, picture: Path) -> bool:
    return base64.b64encode(picture.read_bytes()).decode() in page


def test_every_report_gets_a_page_of_its_own(graded: tuple[Path, GradedClass]) -> None:
    _, made = graded
    reports = {path.relative_to(made.out).with_suffix("") for path in made.out.rglob("*.json")}
    pages = {path.relative_to(made.out).with_suffix("") for path in made.out.rglob("*.html")}
    assert pages == reports | {Path("index")}
    assert "index.html" in made.ran.out
    index = (made.out / "index.html").read_text(encoding="utf-8")
    assert 'href="demo/ada%231%20%25.html"' in index
    assert 'href="picture/flat.html"' in index


def test_students_page_shows_what_their_report_does_and_no_more(
    graded: tuple[Path, GradedClass],
) -> None:
    _, made = graded
    for key, pair in made.pairs.items():
        path = made.out / pair.staff.assignment / "student" / f"{key}.html"
        page = path.read_text(encoding="utf-8")
        assert str(pair.staff.seed) not in page
        assert "drew [2.0, 1.1" not in page  # the history that the hidden check draws
    flat = (made.out / "picture/student/flat.html").read_text(encoding="utf-8")
    assert "drew [1.7, 1.4" in flat
    assert "drew [2.0, 1.1" in (made.out / "picture/flat.html").read_text(encoding="utf-8")


def test_students_see_their_visible_figures_even_of_checks_that_passed(
    graded: tuple[Path, GradedClass],
) -> None:
    _, made = graded
    page = (made.out / "picture/student/ada.html").read_text(encoding="utf-8")
    (drawn,) = (made.out / "picture/figures/ada").iterdir()  # the hidden one passed: not kept
    assert embedded(page, drawn)
    theirs = (made.out / "picture/student/flat.html").read_text(encoding="utf-8")
    staffs = (made.out / "picture/flat.html").read_text(encoding="utf-8")
    seen = {path: embedded(theirs, path) for path in (made.out / "picture/figures/flat").iterdir()}
    assert sorted(seen.values()) == [False, True]
    assert all(embedded(staffs, path) for path in seen)


def test_error_is_marked_in_the_students_cell(graded: tuple[Path, GradedClass]) -> None:
    _, made = graded
    page = (made.out / "demo/student/eve.html").read_text(encoding="utf-8")
    assert '<span class="line raised" id="code-2-8">' in page
    assert '<a href="#code-2-8">cell 2, line 8</a>' in page
    assert "<b>no" not in page
    assert "ValueError: &lt;b&gt;no&lt;/b&gt;" in page


def test_pages_made_again_are_the_same_to_the_byte(
    graded: tuple[Path, GradedClass], tmp_path: Path
) -> None:
    folder, _ = graded
    out = copied(graded, tmp_path)
    before = pages_of(out)
    for name in before:
        (out / name).unlink()
    command = ("feedback", out, "--submissions", folder / "subs")
    ran = run_grader(*command, cwd=folder / "course")
    assert (ran.code, ran.err) == (0, "")
    assert "Pages of 5 submissions" in ran.said
    assert pages_of(out) == before


def test_pages_without_the_submissions_show_no_code_and_say_so(
    graded: tuple[Path, GradedClass], tmp_path: Path
) -> None:
    out = copied(graded, tmp_path)
    # Somebody put a staff's report where students look: no page may be made of it.
    shutil.copy(out / "picture/flat.json", out / "picture/student/flat.json")
    (out / "picture/student/flat.html").unlink()
    (out / "demo/notes.json").write_text("{}")
    ran = run_grader("feedback", out, cwd=tmp_path)
    assert ran.code == 0
    assert "4 pages show no code" in ran.said
    assert "--submissions" in ran.said
    assert "flat.json are not reports" in ran.said
    assert "notes.json are not reports" in ran.said
    assert not (out / "picture/student/flat.html").exists()
    assert 'class="code"' not in (out / "demo/eve.html").read_text(encoding="utf-8")


def test_regrade_makes_only_the_pages_that_are_missing(
    graded: tuple[Path, GradedClass], tmp_path: Path
) -> None:
    folder, _ = graded
    out = copied(graded, tmp_path)
    (out / "demo/student/eve.html").unlink()
    options = ("--html", "--jobs", 1)
    isolation = "none"
    made = grade_class(folder / "course", folder / "subs", out, *options, isolation=isolation)
    assert "4 of 5 have not changed since they were graded" in made.ran.said
    assert (out / "demo/student/eve.html").is_file()


def test_first_pages_have_the_pictures_that_a_run_without_them_did_not_keep(
    graded: tuple[Path, GradedClass], tmp_path: Path
) -> None:
    folder, _ = graded
    course = Path(shutil.copytree(folder / "course", tmp_path / "course"))
    subs, out = folder / "subs/picture", tmp_path / "out"
    options = ("--jobs", 1, "--assignment", "picture")
    grade_class(course, subs, out, *options, isolation="none")
    assert not (out / "picture/figures/ada").exists()
    hidden = course / "solutions/picture/hidden_checks.py"
    hidden.write_text(hidden.read_text(encoding="utf-8").replace("0.95", "0.96"))
    # The public checks stand; only the hidden one has changed.
    grade_class(course, subs, out, *options, "--html", isolation="none")
    (drawn,) = (out / "picture/figures/ada").iterdir()
    assert embedded((out / "picture/student/ada.html").read_text(encoding="utf-8"), drawn)


@pytest.mark.parametrize("how", [("--out",), ("--apply", "--diff")])
def test_page_of_a_report_that_is_no_more_is_taken_away(
    graded: tuple[Path, GradedClass], tmp_path: Path, how: tuple[str, ...]
) -> None:
    folder, _ = graded
    out = copied(graded, tmp_path)
    subs = Path(shutil.copytree(folder / "subs", tmp_path / "subs"))
    (subs / "demo/eve.ipynb").write_text(notebook("import numpy as np", DEMO_RIGHT))
    options = ("--jobs", 1, *options_of("none"))
    ran = run_grader("grade", subs, *options, "--no-html", *how, out, cwd=folder / "course")
    assert ran.code == 0, ran.said
    assert read_class(out, ran)["eve"].full
    gone = {"index.html", "demo/eve.html", "demo/student/eve.html"}
    assert pages_of(out) == {
        name: page for name, page in pages_of(graded[1].out).items() if name not in gone
    }


def test_folder_with_pages_keeps_them_without_being_told(
    graded: tuple[Path, GradedClass], tmp_path: Path
) -> None:
    folder, _ = graded
    out = copied(graded, tmp_path)
    subs = Path(shutil.copytree(folder / "subs", tmp_path / "subs"))
    (subs / "demo/eve.ipynb").write_text(notebook("import numpy as np", DEMO_RIGHT))
    options = ("--jobs", 1, *options_of("none"))
    ran = run_grader("grade", subs, *options, "--apply", "--diff", out, cwd=folder / "course")
    assert ran.code == 0, ran.said
    before, after = pages_of(graded[1].out), pages_of(out)
    assert before.keys() == after.keys()
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"index.html", "demo/eve.html", "demo/student/eve.html"}


@pytest.mark.parametrize("command", [("grade", "subs", "--html", "--out"), ("feedback",)])
def test_pages_without_jinja2_are_refused_with_the_remedy(
    graded: tuple[Path, GradedClass], tmp_path: Path, command: tuple[str, ...]
) -> None:
    folder, _ = graded
    out = copied(graded, tmp_path)
    write_files(tmp_path / "broken", {"jinja2/__init__.py": "raise ImportError('none here')\n"})
    command = tuple(str(folder / "subs") if word == "subs" else word for word in command)
    ran = run_grader(*command, out, cwd=folder / "course", PYTHONPATH=str(tmp_path / "broken"))
    assert ran.code == 2
    assert f"-m pip install -e '{ROOT}[staff]'" in ran.said


def test_feedback_on_a_folder_without_reports_is_wrong_use(tmp_path: Path) -> None:
    ran = run_grader("feedback", tmp_path, cwd=tmp_path)
    assert ran.code == 2
    assert "there are no reports in" in ran.said
    assert not list(tmp_path.iterdir())
