"""Attacks on what a submission's process might still know of the grader it was forked for."""

from __future__ import annotations

import pytest
from arena import SECRET_VARIABLE, Arena, Fought

SEARCH = """
import ctypes, gc, os, sys, types

def texts(value, depth=0):
    if isinstance(value, str):
        yield value
    elif isinstance(value, (bytes, bytearray)):
        yield bytes(value).decode("latin1")
    elif depth < 4 and isinstance(value, dict):
        for key, item in list(value.items()):
            yield from texts(key, depth + 1)
            yield from texts(item, depth + 1)
    elif depth < 4 and isinstance(value, (list, tuple, set, frozenset)):
        for item in list(value):
            yield from texts(item, depth + 1)

def everything():
    gc.unfreeze()
    yield from texts(dict(os.environ))
    yield from texts(sys.argv)
    yield from texts(getattr(sys, "orig_argv", []))
    step = sys._getframe()
    while step is not None:
        yield from texts(dict(step.f_locals))
        yield from texts(dict(step.f_globals))
        step = step.f_back
    for item in gc.get_objects():
        try:
            inside = item if isinstance(item, (dict, list, tuple, set)) else vars(item)
        except Exception:
            continue
        if not isinstance(item, type):
            yield from texts(inside, 3)
"""

# The needle is given in two halves, or the question itself would be found.
BY_OBJECTS = (
    SEARCH
    + """
def attack(first, second):
    return sum(first in text and (first + second) in text for text in everything())
"""
)

# All memory that can be read without a fault: the heap's arenas and the C stack, by address.
BY_ADDRESS = """
import ctypes, gc, os, sys

def ranges():
    libc = ctypes.CDLL(None, use_errno=True)
    page, block = 4096, 1 << 20
    vector = (ctypes.c_ubyte * (block // page))()
    seen = sorted({id(item) & ~(block - 1) for item in gc.get_objects()}
                  | {ctypes.addressof(ctypes.create_string_buffer(1)) & ~(block - 1)})
    environ = ctypes.c_void_p.in_dll(libc, "environ").value
    if environ:
        seen.append(environ & ~(block - 1))
    for start in seen:
        for address in range(start, start + block, page):
            # mincore says ENOMEM for what is not mapped.
            if libc.mincore(ctypes.c_void_p(address), ctypes.c_size_t(page), vector) == 0:
                yield address, page

def attack(first, second):
    gc.unfreeze()
    found = searched = 0
    first, second = first.encode(), second.encode()
    for address, size in ranges():
        r, w = pipe
        # A write from an address that cannot be read fails and does not kill.
        wrote = ctypes.CDLL(None).write(w, ctypes.c_void_p(address), ctypes.c_size_t(size))
        if wrote > 0:
            data = os.read(r, wrote)
            searched += wrote
            at = data.find(first)
            while at >= 0:
                found += data[at + len(first):].startswith(second)
                at = data.find(first, at + 1)
    return [found, searched]

pipe = os.pipe()
"""


def halves(secret: str) -> tuple[str, str]:
    return secret[:16], secret[16:]


def test_the_secret_is_not_among_its_objects(arena: Arena) -> None:
    fought = arena.run(BY_OBJECTS, *halves(arena.secret), call_s=30.0, total_s=60.0)
    assert (fought.fault, fought.value) == ("", 0), fought


def test_the_secret_is_not_in_its_memory(arena: Arena) -> None:
    fought = arena.run(BY_ADDRESS, *halves(arena.secret), call_s=30.0, total_s=60.0)
    assert fought.fault == "", fought
    found, searched = fought.value
    assert found == 0
    assert searched > 10 << 20


@pytest.mark.filterwarnings("ignore")  # of a library, say, whose old names are looked at, too
def test_the_search_would_find_it() -> None:
    """Both searches see a secret that is there: the tests above prove something."""
    secret = "0123456789abcdef" + "fedcba9876543210"
    for source in (BY_OBJECTS, BY_ADDRESS):
        space: dict[str, object] = {"planted": [secret]}
        exec(source, space)
        attack = space["attack"]
        assert callable(attack)
        found = attack("0123456789abcdef", "fedcba9876543210")
        assert (found[0] if isinstance(found, list) else found) > 0


def test_its_environment_is_empty_of_the_graders(arena: Arena) -> None:
    fought: Fought = arena.run("import os\ndef attack():\n    return dict(os.environ)\n")
    assert SECRET_VARIABLE not in fought.value
    assert set(fought.value) <= {
        *("HOME", "LANG", "MPLBACKEND", "PATH", "TMPDIR", "LC_CTYPE"),
        *("NPROC", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"),
        *("TF_NUM_INTEROP_THREADS", "TF_NUM_INTRAOP_THREADS"),
    }


def test_only_its_own_descriptors_are_open(arena: Arena) -> None:
    source = (
        "import os, stat\ndef attack():\n    found = {}\n"
        "    for fd in range(1000):\n"
        "        try:\n            mode = os.fstat(fd).st_mode\n"
        "        except OSError:\n            continue\n"
        "        found[str(fd)] = stat.filemode(mode)[0]\n"
        "    return found\n"
    )
    # The null device, two pipes, the channel.
    assert arena.run(source).value == {"0": "c", "1": "p", "2": "p", "3": "s"}


def test_nothing_of_another_submission_is_in_memory(arena: Arena) -> None:
    secret = "a1b2c3d4e5f6a7b8" + "b8a7f6e5d4c3b2a1"
    other = arena.open(f"kept = {secret!r}\ndef attack():\n    return len(kept)\n")
    assert other.call("attack").value == 32
    fought = arena.run(BY_ADDRESS, *halves(secret), call_s=30.0, total_s=60.0)
    assert fought.value[0] == 0
    other.close()
    assert arena.run(BY_ADDRESS, *halves(secret), call_s=30.0, total_s=60.0).value[0] == 0


def test_the_trusted_processes_memory_is_not_dumped(arena: Arena) -> None:
    """A crash writes no core, wherever the machine would put it."""
    source = "import resource\ndef attack():\n    return resource.getrlimit(resource.RLIMIT_CORE)\n"
    assert arena.run(source).value == [0, 0]
