"""One test per layer: with it a named attack fails, without it the same attack succeeds.

Every other layer stays in place, so a layer that was deleted turns its own test red here. The
layers are left out through a private argument of the launcher that no user of the program reaches.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from arena import Arena
from levels import SOLUTION

pytestmark = pytest.mark.smoke

SEE = "import os\ndef attack(path):\n    return os.path.exists(path)\n"
READ = (
    "def attack(path):\n    try:\n        return open(path).read()\n"
    "    except OSError:\n        return None\n"
)
FORK = (
    "import os\ndef attack():\n    try:\n        pid = os.fork()\n"
    "    except OSError:\n        return False\n"
    "    if pid == 0:\n        os._exit(0)\n"
    "    os.waitpid(pid, 0)\n    return True\n"
)
USE_MEMORY = (
    "import numpy as np\ndef attack():\n    try:\n        return float(np.zeros(400 << 17)[0])\n"
    "    except MemoryError:\n        return None\n"
)

LEVELS = ("full", "landlock")
Starter = Callable[[str], Arena]


@pytest.fixture(params=["root", "ordinary"])
def start(request: pytest.FixtureRequest, arenas: Callable[[str, str], Arena]) -> Starter:
    """A grader at a level."""

    def start_one(level: str) -> Arena:
        return arenas(level, request.param)

    return start_one


def test_namespaces_hide_that_a_path_exists(start: Starter, secret_file: Path) -> None:
    """The level "landlock" is the jail without its namespaces."""
    assert start("full").run(SEE, str(secret_file)).value is False
    assert start("landlock").run(SEE, str(secret_file)).value is True


def test_landlock_keeps_the_solution_from_being_read(start: Starter, secret_file: Path) -> None:
    arena = start("landlock")
    assert arena.run(READ, str(secret_file)).value is None
    assert arena.run(READ, str(secret_file), without="landlock").value == SOLUTION


def test_landlock_closes_the_root_folder_behind_the_namespaces(start: Starter) -> None:
    source = (
        "import os\ndef attack():\n    try:\n        return len(os.listdir('/'))\n"
        "    except OSError:\n        return 0\n"
    )
    arena = start("full")
    assert arena.run(source).value == 0
    assert arena.run(source, without="landlock").value > 0


@pytest.mark.parametrize("level", LEVELS)
def test_seccomp_keeps_a_process_from_being_started(start: Starter, level: str) -> None:
    arena = start(level)
    assert arena.run(FORK).value is False
    assert arena.run(FORK, without="seccomp").value is True


@pytest.mark.parametrize("level", LEVELS)
def test_rlimits_bound_memory(start: Starter, level: str) -> None:
    arena = start(level)
    assert arena.run(USE_MEMORY, memory_mb=200).value is None
    assert arena.run(USE_MEMORY, memory_mb=200, without="rlimits").value == 0.0


def test_dropped_capabilities_leave_none(start: Starter) -> None:
    """By the kernel's word: seccomp alone already refuses what most of them are good for."""

    def capabilities(arena: Arena, without: str) -> int:
        fighter = arena.open("def attack(): pass\n", without=without)
        lines = Path(f"/proc/{fighter.pid}/status").read_text().splitlines()
        fighter.close()
        return int(next(line for line in lines if line.startswith("CapEff")).split()[1], 16)

    arena = start("full")
    assert capabilities(arena, "") == 0
    assert capabilities(arena, "capabilities") != 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may look at another's namespaces")
def test_every_namespace_is_left(start: Starter) -> None:
    """By the kernel's word: what each of them hides, another layer refuses too."""
    arena = start("full")
    kinds = ("cgroup", "ipc", "mnt", "net", "pid", "user", "uts")

    def namespaces(pid: int) -> dict[str, str]:
        return {kind: str(Path(f"/proc/{pid}/ns/{kind}").readlink()) for kind in kinds}

    fighters = [arena.open("def attack(): pass\n") for _ in range(2)]
    grader, zygote = (namespaces(arena.about[name]) for name in ("pid", "zygote"))
    one, other = (namespaces(fighter.pid) for fighter in fighters)
    assert [kind for kind in kinds if one[kind] == grader[kind]] == []
    # Two submissions share what neither can change.
    own = {"mnt", "pid", "user"}
    assert {kind for kind in kinds if one[kind] != other[kind]} == own
    assert {kind for kind in kinds if one[kind] != zygote[kind]} == own
    for fighter in fighters:
        fighter.close()


def test_a_submission_is_locked_in_by_the_kernels_word(arena: Arena) -> None:
    source = (
        "import ctypes\ndef attack():\n    libc = ctypes.CDLL(None)\n"
        "    return libc.prctl(3, 0, 0, 0, 0)  # whether it may be traced and dumped\n"
    )
    fighter = arena.open(source)
    assert fighter.call("attack").value == 0
    lines = Path(f"/proc/{fighter.pid}/status").read_text().splitlines()
    status = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
    fighter.close()
    gone = ["CapInh", "CapPrm", "CapEff", "CapAmb"]
    if arena.about["uid"] == 0 or arena.level == "full":
        gone.append("CapBnd")  # an ordinary user has no right to drop what it cannot get either
    assert {name: int(status[name], 16) for name in gone} == dict.fromkeys(gone, 0)
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")


@pytest.mark.parametrize("user", ["root", "shut-in root"])
def test_dropped_capabilities_close_the_folder_of_another_user(
    arenas: Callable[[str, str], Arena], user: str
) -> None:
    """A grader that is root reads every folder; what it starts must not."""
    source = (
        "import os\ndef attack(path):\n    try:\n        return os.stat(path).st_size\n"
        "    except OSError:\n        return 0\n"
    )
    arena = arenas("landlock", user)
    with tempfile.TemporaryDirectory(prefix="solution-") as folder:
        path = Path(folder, "reference.py")
        path.write_text(SOLUTION)
        os.chown(folder, 12345, 12345)
        assert arena.run(source, str(path)).value == 0
        assert arena.run(source, str(path), without="capabilities").value == len(SOLUTION)


@pytest.mark.parametrize("layer", ["landlock", "seccomp", "rlimits", "capabilities"])
@pytest.mark.parametrize("level", LEVELS)
def test_the_canary_notices_that_a_layer_is_missing(start: Starter, level: str, layer: str) -> None:
    arena = start(level)
    if layer == "capabilities" and level == "landlock" and arena.about["uid"] != 0:
        pytest.skip("an ordinary user without a user namespace has no capability to drop")
    assert arena.ask("canary", layer) != ()


@pytest.mark.parametrize("level", LEVELS)
def test_the_canary_comes_back_from_a_whole_jail(start: Starter, level: str) -> None:
    assert start(level).ask("canary", "") == ()
