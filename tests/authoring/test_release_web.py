"""`release --web`: pages of homework for the browser, and what stands in the folder of pages."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from pathlib import Path

import pytest
from running import ROOT, run_grader
from tiny_course import SECRET, every_file, tree, write, write_course

# Any server may serve a distribution; here its files are empty, and nothing loads them.
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
NEEDED = ("matplotlib", "msgpack", "numpy", "packaging", "platformdirs", "pydantic", "pytest")


def distribution(folder: Path, *more: str) -> Path:
    """A folder like a distribution's: rich needs pygments, and there is more than is needed."""
    names = (*NEEDED, "rich", "pygments", "sympy", *more)
    packages = {name: {"file_name": f"{name}-1-py3-none-any.whl", "depends": []} for name in names}
    packages["rich"]["depends"] = ["pygments"]
    lock = json.dumps({"info": {"python": "3.14.2"}, "packages": packages})
    write(folder, {name: name for name in CORE})
    write(folder, {f"{name}-1-py3-none-any.whl": name for name in names})
    write(folder, {"pyodide-lock.json": lock})
    return folder


def test_the_folder_holds_the_pages_the_kit_and_the_interpreter(tmp_path: Path) -> None:
    write_course(tmp_path / "course")
    python = distribution(tmp_path / "pyodide")
    made = run_grader(
        "release", "--web", "../site", "--interpreter", str(python), cwd=tmp_path / "course"
    )
    assert made.code == 0, made.said
    files = tree(tmp_path / "site")
    assert {"index.html", "assignments/scales/index.html", "static/page.js", "kit.zip"} <= set(
        files
    )
    beside = {path for path in files if path.startswith("python/")}
    wheels = {f"python/{name}-1-py3-none-any.whl" for name in (*NEEDED, "rich", "pygments")}
    assert beside == wheels | {f"python/{name}" for name in (*CORE, "pyodide-lock.json")}
    with zipfile.ZipFile(tmp_path / "site" / "kit.zip") as kit:
        assert "assignments/scales/checks.py" in kit.namelist()
        assert "pyproject.toml" in kit.namelist()
    page = files["assignments/scales/index.html"].decode()
    assert "Über" in page
    assert "<math" in page
    # Every file that the page and its scripts name is there, but for the author's dead links.
    nowhere = ("data:,", "link.txt", "../../solutions/scales/answers.md")
    for link in re.findall(r'(?:src|href)="((?:\.\./|[\w.])[^"#]*)"', page):
        path = (tmp_path / "site/assignments/scales" / link).resolve()
        assert path.exists() or link in nowhere, link
    for script in (tmp_path / "site/static").glob("*.js"):
        for name in re.findall(r'from "\./([\w.]+)"|new URL\("([\w.]+)"', script.read_text()):
            assert (script.parent / "".join(name)).is_file(), name


def test_nothing_that_students_may_not_see_is_in_it(tmp_path: Path) -> None:
    write_course(tmp_path / "course")
    python = distribution(tmp_path / "pyodide")
    run_grader("release", "--web", "../site", "--interpreter", str(python), cwd=tmp_path / "course")
    found = [path for path, data in every_file(tree(tmp_path / "site")) if SECRET.encode() in data]
    assert found == []


def test_pages_load_from_and_send_to_what_was_named_only(tmp_path: Path) -> None:
    write_course(tmp_path / "course")
    made = run_grader(
        "release", "--web", "../site", "--interpreter", "https://python.example.edu/full",
        "--server", "https://grader.example.edu/ml/", cwd=tmp_path / "course",
    )  # fmt: skip
    assert made.code == 0, made.said
    page = (tmp_path / "site/assignments/scales/index.html").read_text()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    assert "connect-src 'self' https://python.example.edu https://grader.example.edu;" in policy[1]
    assert "default-src 'none'" in policy[1]
    settings = re.search(r'id="settings">(.*?)</script>', page, re.S)
    assert settings is not None
    told = json.loads(settings[1])
    assert told["interpreter"] == "https://python.example.edu/full/"
    assert told["server"] == "https://grader.example.edu/ml"
    assert not (tmp_path / "site/python").exists()


def test_a_course_may_not_break_out_of_the_page(tmp_path: Path) -> None:
    bad = '</script><script>alert("x")</script>'
    write_course(
        tmp_path / "course",
        {"pyproject.toml": f"[tool.grader]\nname = '{bad}'\n"},
    )
    run_grader(
        "release",
        "--web",
        "../site",
        "--interpreter",
        "https://a.example/",
        cwd=tmp_path / "course",
    )
    page = (tmp_path / "site/assignments/scales/index.html").read_text()
    assert "<script>alert" not in page


def test_a_new_kit_replaces_the_pages_and_nothing_else(tmp_path: Path) -> None:
    write_course(tmp_path / "course")
    release = ("release", "--interpreter", "https://a.example/", "--web")
    assert run_grader(*release, "../site", cwd=tmp_path / "course").code == 0
    first = (tmp_path / "site/web.json").read_text()
    write(tmp_path / "course", {"assignments/scales/picture.png": "another"})
    assert run_grader(*release, "../site", cwd=tmp_path / "course").code == 0
    assert (tmp_path / "site/web.json").read_text() != first
    write(tmp_path / "mine", {"thesis.tex": "years of work"})
    refused = run_grader(*release, "../mine", cwd=tmp_path / "course")
    assert refused.code == 2
    assert "is not a folder of homework pages; name another folder" in refused.said
    assert tree(tmp_path / "mine") == {"thesis.tex": b"years of work"}


def test_what_the_owner_put_or_changed_among_the_pages_is_never_lost(tmp_path: Path) -> None:
    write_course(tmp_path / "course")
    release = ("release", "--interpreter", "https://a.example/", "--web", "../site")
    assert run_grader(*release, cwd=tmp_path / "course").code == 0
    site = tmp_path / "site"
    page = (site / "index.html").read_text()
    write(
        site,
        {
            "index.html": page + "<!-- our logo -->",
            "robots.txt": "Disallow: /",
            ".git/HEAD": "ref: refs/heads/main",
            "assignments/scales/figures/plot.svg": "<svg/>",
        },
    )
    (site / "static" / "old.js").symlink_to("page.js")
    before = tree(site)
    refused = run_grader(*release, cwd=tmp_path / "course")
    assert refused.code == 2
    assert (
        ".git/, assignments/scales/figures/, index.html and 2 more were added or changed after its "
        "release; name another folder, or move what is yours out of it" in refused.said
    )
    assert tree(site) == before
    # Without them the pages are ours again, one that was taken away included.
    (site / "index.html").unlink()
    for name in (".git/HEAD", "robots.txt", "static/old.js", "assignments/scales/figures/plot.svg"):
        (site / name).unlink()
    write(site, {".DS_Store": "left by the Finder"})
    assert run_grader(*release, cwd=tmp_path / "course").code == 0
    assert (site / "index.html").read_text() == page


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--web", "../site"], "which Python? Name with --interpreter"),
        (["--web", "../site", "--interpreter", "../none"], "has no pyodide-lock.json; name the"),
        (["--web", "../site", "--interpreter", "../bad"], "is damaged; unpack the distribution"),
        (["--web", "../site", "--interpreter", "../core"], "lacks matplotlib-1-py3-none-any.whl"),
        (
            ["--web", "../site", "--interpreter", "../core"],
            "with Python 3.14.2: its core alone",
        ),
        (["--web", "../site", "--interpreter", "../small"], "no numpy, which every check needs"),
        (
            ["--interpreter", "../core", "--to", "../kit"],
            "--interpreter and --server go with --web",
        ),
        (["--web", "../site", "--to", "../kit"], "--web writes to its own folder; leave out --to"),
        (
            ["scales", "--web", "../site", "--pytest", "../plain"],
            "name it, and leave out --to and --web",
        ),
        (
            [
                "--web",
                "../site",
                "--interpreter",
                "https://a.example",
                "--server",
                "http://b.example",
            ],
            "would send your token unprotected",
        ),
        (
            ["--web", "assignments/site", "--interpreter", "https://a.example"],
            "is inside the files",
        ),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, options: list[str], told: str) -> None:
    write_course(tmp_path / "course")
    for wheel in distribution(tmp_path / "core").glob("*.whl"):
        wheel.unlink()
    write(tmp_path / "bad", {"pyodide-lock.json": '{"packages": []}'})
    lock = json.loads((tmp_path / "core/pyodide-lock.json").read_text())
    del lock["packages"]["numpy"]
    write(tmp_path / "small", {"pyodide-lock.json": json.dumps(lock)})
    refused = run_grader("release", *options, cwd=tmp_path / "course")
    assert refused.code == 2
    assert told in refused.said
    assert not (tmp_path / "site").exists()


def test_a_homework_whose_package_is_not_there_is_left_out(tmp_path: Path) -> None:
    course = write_course(tmp_path / "course")
    spec = course.root / "assignments/scales/assignment.toml"
    write(
        course.root,
        {
            "assignments/deep/assignment.toml": 'packages = ["torch>=2"]\n' + spec.read_text(),
            "assignments/deep/README.md": "# Deep\n",
            "assignments/deep/deep.py": "def f(x):\n    raise NotImplementedError\n",
            "assignments/deep/checks.py": "def test_f(student):\n    assert student.f(1) == 1\n",
            "solutions/deep/deep.py": "def f(x):\n    return x\n",
            "solutions/deep/hidden_checks.py": "",
        },
    )
    python = distribution(tmp_path / "pyodide")
    release = ("release", "--web", "../site", "--interpreter", str(python))
    made = run_grader(*release, cwd=course.root)
    assert made.code == 0, made.said
    assert "left out: deep: Pyodide has no torch" in made.said
    assert not (tmp_path / "site/assignments/deep").exists()
    refused = run_grader(*release, "deep", cwd=course.root)
    assert refused.code == 2
    assert "deep: Pyodide has no torch; leave that homework out" in refused.said


def test_the_editor_is_the_one_that_was_told() -> None:
    folder = ROOT / "grader" / "authoring" / "release" / "web_page"
    made = hashlib.sha256((folder / "codemirror.js").read_bytes()).hexdigest()
    assert made in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
