"""Attacks on the way back to the grader: forged, broken, endless and early answers."""

from __future__ import annotations

import time

from arena import Arena, Attack
from levels import at_both_ends

# The channel is descriptor 3; a frame is a length and msgpack.
TOOLS = """
import os, struct, sys, time
import msgpack

def send(data):
    view = memoryview(data)
    while view:
        view = view[os.write(3, view):]

def frame(payload):
    return struct.pack("<I", len(payload)) + payload

def request_id():
    step = sys._getframe()
    while step is not None:
        request = step.f_locals.get("request")
        if isinstance(request, dict) and "id" in request:
            return request["id"]
        step = step.f_back
"""

FORGED = {
    "garbage": ("send(os.urandom(100_000))", {"Refused", "OverLimit"}),
    "zeros": ("send(bytes(100_000))", {"Refused"}),
    "text": ("send(b'Traceback (most recent call last): ...')", {"OverLimit", "Refused"}),
    "an empty frame": ("send(frame(b''))", {"Refused"}),
    "a giant header": ("send(b'\\xff\\xff\\xff\\xff')", {"OverLimit"}),
    "a giant array": ("send(frame(b'\\xdd\\xff\\xff\\xff\\xff'))", {"Refused"}),
    "a giant map": ("send(frame(b'\\xdf\\xff\\xff\\xff\\xff'))", {"Refused"}),
    "a giant string": ("send(frame(b'\\xdb\\xff\\xff\\xff\\xff'))", {"Refused"}),
    "a giant binary": ("send(frame(b'\\xc6\\xff\\xff\\xff\\xff'))", {"Refused"}),
    "two million deep": ("send(frame(b'\\x91' * 2_000_000 + b'\\xc0'))", {"Refused"}),
    "a million values": (
        "send(frame(b'\\xdd' + struct.pack('>I', 5_000_000) + b'\\xc0' * 5_000_000))",
        {"Refused"},
    ),
    "another id": ("send(frame(msgpack.packb({'id': 1, 'value': {'values': [1]}})))", {"Refused"}),
    "no id": ("send(frame(msgpack.packb({'value': {'values': [1]}})))", {"Refused"}),
    "a list": ("send(frame(msgpack.packb([1, 2, 3])))", {"Refused"}),
    "an unknown extension": (
        "send(frame(msgpack.packb(msgpack.ExtType(77, b'x'))))",
        {"Refused"},
    ),
    "a timestamp": ("send(frame(msgpack.packb(msgpack.Timestamp(1))))", {"Refused"}),
    "a pickle": (
        "send(frame(msgpack.packb(__import__('pickle').dumps(print))))",
        {"Refused"},
    ),
    "two answers": (
        "data = frame(msgpack.packb({'id': request_id(), 'value': {'values': [1],"
        " 'changed': []}})); send(data + data)",
        {"Refused"},
    ),
    "half an answer": (
        "send(frame(msgpack.packb({'id': request_id()}))[:-1]); os._exit(0)",
        {"Crashed"},
    ),
    "a slow drip": (
        "send(struct.pack('<I', 1000)); [(send(b'x'), time.sleep(0.1)) for _ in range(1000)]",
        {"TimedOut"},
    ),
    "nothing, closed": ("os.close(3); time.sleep(60)", {"Crashed"}),
    "all closed": ("os.closerange(0, 100); time.sleep(60)", {"Crashed"}),
    "the channel replaced": ("os.dup2(1, 3); time.sleep(60)", {"Crashed"}),
    "no values": (
        "send(frame(msgpack.packb({'id': request_id(), 'value': 5}))); time.sleep(60)",
        {"Refused"},
    ),
    "too many values": (
        "send(frame(msgpack.packb({'id': request_id(), 'value': {'values': [1, 2],"
        " 'changed': []}}))); time.sleep(60)",
        {"Refused"},
    ),
    "an error that is no error": (
        "send(frame(msgpack.packb({'id': request_id(), 'error': [1]}))); time.sleep(60)",
        {"Refused"},
    ),
}


@at_both_ends
def test_a_forged_answer_is_a_fault(arena: Arena) -> None:
    outcomes = arena.run_all(
        {
            name: Attack(f"{TOOLS}\ndef attack():\n    {act}\n", limits={"call_s": 1.0})
            for name, (act, _) in FORGED.items()
        }
    )
    for name, outcome in outcomes.items():
        assert outcome.last.fault in FORGED[name][1], (name, outcome)


def test_an_answer_written_before_the_question_is_refused(arena: Arena) -> None:
    source = (
        f"{TOOLS}\nimport threading\n"
        "def attack():\n"
        "    answer = frame(msgpack.packb({'id': 0, 'value': {'values': [42], 'changed': []}}))\n"
        "    threading.Timer(0.05, send, [answer]).start()\n    return 1\n"
        "def wait():\n    return 2\n"
    )
    fighter = arena.open(source)
    assert fighter.call("attack").value == 1
    time.sleep(0.2)
    fought = fighter.call("wait")
    assert fought.fault == "Refused"
    assert fought.text.endswith("wrote to the channel without being asked")
    fighter.close()


def test_request_ids_cannot_be_guessed(arena: Arena) -> None:
    fighter = arena.open(f"{TOOLS}\ndef attack():\n    return request_id()\n")
    ids = [fighter.call("attack").value for _ in range(5)]
    fighter.close()
    assert len(set(ids)) == 5
    assert max(ids) > 1 << 40


ENDS = {
    "os._exit(0)": "Crashed",
    "import sys; sys.exit(0)": "StudentRaised",
    "raise SystemExit": "StudentRaised",
    "raise KeyboardInterrupt": "StudentRaised",
    "raise GeneratorExit": "StudentRaised",
    "import ctypes; ctypes.string_at(0)": "Crashed",
    "os.abort()": "Crashed",
    "import ctypes; ctypes.CDLL(None).exit(0)": "Crashed",
    "import sys; sys.setrecursionlimit(10 ** 9); f = lambda: f(); f()": "any",
    # Process 1 of a namespace is not ended by a signal that it sends to itself.
    "os.kill(os.getpid(), 11)": "any",
    "os.kill(os.getpid(), 9)": "any",
}


@at_both_ends
def test_an_end_gives_no_points(arena: Arena) -> None:
    outcomes = arena.run_all(
        {
            end: Attack(f"import os\ndef attack():\n    {end}\n", limits={"memory_mb": 256})
            for end in ENDS
        }
    )
    for end, outcome in outcomes.items():
        fought = outcome.last
        if ENDS[end] == "any":
            faults = ("Crashed", "StudentRaised", "OutOfMemory", "TimedOut", "")
            assert fought.fault in faults, (end, fought)
            assert fought.value is None, end
        else:
            assert fought.fault == ENDS[end], (end, fought)


def test_exiting_while_loading_is_a_fault(arena: Arena) -> None:
    fought = arena.run("import os\nos._exit(0)\ndef attack():\n    return 1\n")
    assert fought.notes[0].startswith("Crashed")
    assert fought.fault == "Crashed"
