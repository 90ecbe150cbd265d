"""`share` and `add`: a homework goes from one course to another, and only as it was shared."""

from __future__ import annotations

import json
import shutil
import zipfile

import pytest
from homeworks import write_homework
from hypothesis import given
from hypothesis import strategies as st
from making import write_files
from running import run_grader

from grader._internal.zips import unzip, zip_files
from grader.authoring import exchange
from grader.authoring.exchange import HIDDEN, MANIFEST, add, open_shared
from grader.errors import UsageError

SETTINGS = '[tool.grader]\nname = "Made up"\n'
SECRET = "four plain words here"
WORDS = ("--licence", "MIT", "--author", "Ada", "--author", "Bo", "--passphrase-file", "secret")


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A course with a homework, and the file that `share` made of it."""
    root = tmp_path_factory.mktemp("from")
    write_files(root, {"pyproject.toml": SETTINGS, "secret": f"{SECRET}\n"})
    name = write_homework(root, "doubling").name
    ran = run_grader("share", name, "--to", "out.zip", *WORDS, cwd=root)
    assert ran.code == 0, ran.err
    return root, name


@pytest.fixture
def other_course(tmp_path):
    root = tmp_path / "to"
    write_files(root, {"pyproject.toml": SETTINGS, "secret": f"{SECRET}\n", "wrong": "x" * 20})
    return root


def everything(root, name):
    found = {}
    for folder in (f"assignments/{name}", f"solutions/{name}", f"datasets/{name}"):
        for path in (root / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                found[path.relative_to(root).as_posix()] = path.read_bytes()
    return found


def test_homework_arrives_as_it_was(shared, other_course):
    root, name = shared
    ran = run_grader("add", root / "out.zip", "--passphrase-file", "secret", cwd=other_course)
    assert ran.code == 0, ran.err
    assert "by Ada, Bo; licence MIT" in ran.said
    assert everything(other_course, name) == everything(root, name)
    again = run_grader("add", root / "out.zip", "--passphrase-file", "secret", cwd=other_course)
    assert again.code == 2
    assert "already exists; remove it, or keep yours" in again.said
    assert not list(other_course.glob(".adding-*"))


def test_file_tells_nothing_of_the_solution(shared, other_course):
    root, name = shared
    files = unzip((root / "out.zip").read_bytes())
    assert not any(path.startswith("solutions/") for path in files)
    readable = b"\n".join(data for path, data in files.items() if path != HIDDEN)
    assert b"rubric" not in readable
    assert b"Says why" not in readable
    ran = run_grader("add", root / "out.zip", "--public", cwd=other_course)
    assert ran.code == 0, ran.err
    assert "nothing can be graded here" in ran.said
    assert not (other_course / "solutions").exists()
    assert b"rubric" not in (other_course / f"assignments/{name}/assignment.toml").read_bytes()


def test_wrong_passphrase_is_told_and_nothing_is_written(shared, other_course):
    root, _ = shared
    ran = run_grader("add", root / "out.zip", "--passphrase-file", "wrong", cwd=other_course)
    assert ran.code == 2
    assert "the passphrase is wrong, or the file was changed after it was shared" in ran.said
    none = run_grader("add", root / "out.zip", cwd=other_course)
    assert "nobody can be asked for the passphrase" in none.said
    assert sorted(p.name for p in other_course.iterdir()) == ["pyproject.toml", "secret", "wrong"]


def changed(shared, change):
    """The shared file with its files changed by a function."""
    root, _ = shared
    files = unzip((root / "out.zip").read_bytes())
    change(files)
    return zip_files(files)


def with_hash(files, path, data):
    """A change that keeps the hashes in homework.json right."""
    told = json.loads(files[MANIFEST])
    told["files"][path] = exchange._hashes({path: data})[path]
    files[path], files[MANIFEST] = data, (json.dumps(told, indent=2) + "\n").encode()


def test_each_changed_file_is_noticed(shared):
    root, _ = shared
    for path in unzip((root / "out.zip").read_bytes()):
        data = changed(shared, lambda files, path=path: files.update({path: files[path] + b" "}))
        with pytest.raises(UsageError):
            open_shared(data, SECRET)
    for change in (
        lambda files: files.pop("datasets/doubling/numbers.csv"),
        lambda files: files.update({"assignments/x/y": b""}),
    ):
        with pytest.raises(UsageError, match=r"not as it was shared|passphrase"):
            open_shared(changed(shared, change), SECRET)


def test_change_with_its_hash_is_noticed_with_the_passphrase(shared):
    _, name = shared
    path = f"assignments/{name}/checks.py"
    data = changed(shared, lambda files: with_hash(files, path, b"pass\n"))
    assert open_shared(data, None).files[path] == b"pass\n"
    with pytest.raises(UsageError, match="or the file was changed"):
        open_shared(data, SECRET)


UNSAFE = [
    "../evil.py", "/etc/evil", "assignments/{name}/../../evil.py", "assignments/other/evil.py",
    "assignments\\{name}\\evil.py", "pyproject.toml", ".git/hooks/post-checkout",
    "assignments/{name}/.hidden", "solutions/{name}/{name}.py", "datasets/evil.csv",
    "assignments/{name}/a\nb", "assignments/{name}",
]  # fmt: skip


@pytest.mark.parametrize("unsafe", UNSAFE)
def test_unsafe_names_are_refused(shared, other_course, unsafe):
    _, name = shared
    path = unsafe.format(name=name)
    data = changed(shared, lambda files: with_hash(files, path, b"x"))
    with pytest.raises(UsageError, match="is not one that a homework may have"):
        open_shared(data, None)


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_by_name(data):
    with pytest.raises(UsageError):
        open_shared(data, None)


def test_more_files_than_a_homework_has_are_not_read():
    many = zip_files({f"assignments/x/{number}": b"" for number in range(exchange.MAX_FILES + 1)})
    with pytest.raises(UsageError, match="it holds 501 files; at most 500 are read"):
        open_shared(many, None)


def test_bomb_is_stopped_at_the_limit(tmp_path):
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, b"\0" * (exchange.MAX_BYTES + 1))
    with pytest.raises(UsageError, match="it holds more than 64 MB"):
        open_shared((tmp_path / "bomb.zip").read_bytes(), None)


def test_data_of_another_homework_is_not_replaced(shared, other_course):
    root, name = shared
    opened = open_shared((root / "out.zip").read_bytes(), SECRET)
    shutil.copytree(root / "datasets" / name, other_course / "datasets" / name)
    assert add(other_course, opened) == [f"datasets/{name}"]
    shutil.rmtree(other_course / "assignments")
    shutil.rmtree(other_course / "solutions")
    (other_course / "datasets" / name / "numbers.csv").write_text("9\n")
    with pytest.raises(UsageError, match=r"numbers\.csv is missing or another file here"):
        add(other_course, opened)
    assert not (other_course / "assignments").exists()


def test_short_passphrase_is_refused(shared):
    root, name = shared
    write_files(root, {"short": "secret\n"})
    words = [word if word != "secret" else "short" for word in WORDS]
    ran = run_grader("share", name, "--to", "other.zip", *words, cwd=root)
    assert ran.code == 2
    assert "the passphrase has 6 characters; choose at least 12" in ran.said
    assert not (root / "other.zip").exists()
