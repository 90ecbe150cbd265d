"""Attacks on files: the machine's, the grader's, other submissions'."""

from __future__ import annotations

from pathlib import Path

import pytest
from arena import ROOT, Arena, Attack

# Every way to a file's bytes that Python offers tries the same path; the first that works wins.
READ = """
import ctypes, io, mmap, os
import numpy as np

def by_c(path):
    libc = ctypes.CDLL(None, use_errno=True)
    fd = libc.open(path.encode(), 0)
    if fd < 0:
        raise OSError(ctypes.get_errno(), "open")
    return os.read(fd, 100)

def by_folder(path):
    fd = os.open(os.path.dirname(path), os.O_PATH)
    return os.read(os.open(os.path.basename(path), os.O_RDONLY, dir_fd=fd), 100)

def by_link(path):
    os.symlink(path, "link")
    return open("link", "rb").read(100)

def by_hard_link(path):
    os.link(path, "hard")
    return open("hard", "rb").read(100)

def by_relative(path):
    return open("../" * 12 + path.lstrip("/"), "rb").read(100)

def by_rename(path):
    os.rename(path, "mine")
    return open("mine", "rb").read(100)

def attack(path):
    errors = []
    for way in (
        lambda p: open(p, "rb").read(100),
        lambda p: os.read(os.open(p, os.O_RDONLY), 100),
        lambda p: np.fromfile(p, np.uint8, 100).tobytes(),
        lambda p: bytes(np.memmap(p, np.uint8, "r")[:100]),
        by_c, by_folder, by_link, by_hard_link, by_relative, by_rename,
    ):
        try:
            return ["READ", way(path)]
        except (OSError, ValueError) as exc:
            errors.append(type(exc).__name__)
    return ["refused", errors]
"""

WRITE = """
import os, shutil

def attack(path):
    folder = os.path.dirname(path)
    done = []
    for name, act in {
        "write": lambda: open(path, "r+").write("x"),
        "append": lambda: open(path, "a").write("x"),
        "truncate": lambda: os.truncate(path, 0),
        "remove": lambda: os.remove(path),
        "rename": lambda: os.rename(path, path + "2"),
        "create": lambda: open(folder + "/new", "w"),
        "mkdir": lambda: os.mkdir(folder + "/newer"),
        "chmod": lambda: os.chmod(path, 0),
        "chown": lambda: os.chown(path, os.getuid(), -1),
        "utime": lambda: os.utime(path, (0, 0)),
        "setxattr": lambda: os.setxattr(path, "user.x", b"1"),
        "rmtree": lambda: shutil.rmtree(folder),
    }.items():
        try:
            act()
            done.append(name)
        except OSError:
            pass
    return done
"""


def assert_unread(arena: Arena, *paths: str) -> None:
    calls = tuple(("attack", (path,)) for path in paths)
    outcome = arena.run_all({"read": Attack(READ, calls)})["read"]
    assert len(outcome.fought) == len(paths), outcome
    for path, fought in zip(paths, outcome.fought, strict=True):
        assert fought.fault == "", (path, fought)
        assert fought.value[0] == "refused", (path, fought)


def test_the_machine_is_not_read(arena: Arena) -> None:
    paths = (
        "/etc/passwd",
        "/etc/hostname",
        "/proc/self/environ",
        "/proc/self/maps",
        "/proc/self/mem",
        "/proc/1/environ",
        "/proc/version",
        "/sys/kernel/uevent_seqnum",
        "/dev/mem",
        "/dev/kmsg",
        "/dev/tty",
        "/dev/ptmx",
        "/dev/fuse",
        "/dev/shm",
    )
    assert_unread(arena, *paths)


def test_the_solution_is_not_read(arena: Arena, secret_file: Path) -> None:
    assert_unread(arena, str(secret_file))


def test_the_graders_source_is_not_read(arena: Arena) -> None:
    names = ("engine/runner.py", "sandbox/host/session.py", "checks/compare.py")
    paths = [ROOT / "grader" / name for name in names]
    assert all(path.exists() for path in paths)
    assert_unread(arena, *map(str, paths))


def test_only_what_was_promised_is_imported(arena: Arena) -> None:
    source = (
        "import importlib\ndef attack(name):\n    return importlib.import_module(name).__file__\n"
    )
    names = ("scipy", "pytest", "pydantic", "grader.engine.runner", "grader.batch")
    calls = tuple(("attack", (name,)) for name in names)
    outcome = arena.run_all({"import": Attack(source, calls)})["import"]
    assert [fought.fault for fought in outcome.fought] == ["StudentRaised"] * len(names)
    assert outcome.fought[0].text.startswith("ModuleNotFoundError: No module named 'scipy'")


def test_another_submission_is_not_read(arena: Arena) -> None:
    other = arena.open(
        "import os\ndef attack():\n    return os.path.abspath('answers.txt')\n",
        files={"answers.txt": b"the other's answers"},
    )
    path = other.call("attack").value
    own = arena.open(READ, files={"answers.txt": b"my own answers"})
    fought = own.call("attack", path)
    assert b"the other's" not in repr(fought).encode()
    for place in (path, f"/proc/{other.pid}/cwd/answers.txt", f"/proc/{other.pid}/root{path}"):
        assert b"the other's" not in repr(own.call("attack", place)).encode()
    assert other.call("attack").value == path
    own.close()
    other.close()


def test_the_folder_of_another_submission_is_not_listed(arena: Arena) -> None:
    other = arena.open(
        "import os\ndef attack():\n    return os.getcwd()\n", files={"name-of-the-other": b""}
    )
    folder = other.call("attack").value
    source = (
        "import os\ndef attack(folder):\n    found = []\n"
        "    for place in (folder, os.path.dirname(folder), '/box', '/tmp', '..', '../..'):\n"
        "        try:\n            found += os.listdir(place)\n"
        "        except OSError:\n            pass\n"
        "    return found\n"
    )
    assert "name-of-the-other" not in arena.run(source, folder).value
    other.close()


def test_nothing_outside_is_changed(arena: Arena, secret_file: Path) -> None:
    fought = arena.run(WRITE, str(secret_file))
    assert fought.value == []
    assert sorted(entry.name for entry in secret_file.parent.iterdir()) == [secret_file.name]


def test_python_and_numpy_are_not_changed(arena: Arena) -> None:
    source = WRITE.replace("def attack(path)", "def attack_path(path)") + (
        "\nimport json, numpy\n"
        "def attack():\n"
        "    return attack_path(json.__file__) + attack_path(numpy.__file__)\n"
    )
    assert arena.run(source).value == []


def test_a_folder_that_all_may_write_to_is_closed(arena: Arena) -> None:
    source = (
        "import os, tempfile\ndef attack():\n    done = []\n"
        "    for folder in ('/var/tmp', '/dev/shm', '/run/lock', '/var/lock', '/usr/lib'):\n"
        "        try:\n            open(folder + '/x', 'w').write('x')\n"
        "            done.append(folder)\n"
        "        except OSError:\n            pass\n"
        "    return done\n"
    )
    assert arena.run(source).value == []


def test_device_nodes_are_not_made(arena: Arena) -> None:
    source = (
        "import os, stat\ndef attack():\n    done = []\n"
        "    for kind in (stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK):\n"
        "        try:\n            os.mknod('node%d' % kind, 0o666 | kind, os.makedev(1, 1))\n"
        "            done.append(kind)\n"
        "        except OSError:\n            pass\n"
        "    return done\n"
    )
    assert arena.run(source).value == []


def test_a_file_of_its_own_can_be_read_where_it_lies(arena: Arena) -> None:
    source = (
        "import helper\nimport numpy as np\n"
        "def attack():\n    return np.loadtxt('data/a.csv', delimiter=',').sum() + helper.ONE\n"
    )
    files = {"data/a.csv": b"1,2\n3,4\n", "helper.py": b"ONE = 1\n"}
    assert arena.run(source, files=files).value == 11.0


def test_two_submissions_helpers_never_meet(arena: Arena) -> None:
    source = "import helper\ndef attack():\n    return helper.NAME\n"
    first = arena.open(source, files={"helper.py": b"NAME = 'first'\n"})
    second = arena.open(source, files={"helper.py": b"NAME = 'second'\n"})
    assert first.call("attack").value == "first"
    assert second.call("attack").value == "second"
    first.close()
    second.close()


def test_paths_cannot_even_be_seen(arena: Arena, secret_file: Path) -> None:
    if arena.level == "landlock":
        pytest.skip("open at this level, and said in its notice: stat shows that a path exists")
    source = "import os\ndef attack(*paths):\n    return [os.path.exists(path) for path in paths]\n"
    paths = (str(secret_file), "/etc", "/proc/1", "/var", "/root/.bashrc", str(ROOT / "grader"))
    assert arena.run(source, *paths).value == [False] * len(paths)
