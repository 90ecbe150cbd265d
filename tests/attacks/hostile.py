"""Submissions of the tiny homework `demo` that attack the grader, and how their calls may end.

Each defines `double`, which attacks, and `total`, which is right unless the attack reaches it.
`GRADED` fight in an arena at every level and are graded in a class; `DRAWN` attack through a
figure, in the homework `picture`.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

TOOLS = """
import ctypes, gc, mmap, os, signal, socket, struct, sys, threading, time
import numpy as np

def send(data):
    view = memoryview(data)
    while view:
        view = view[os.write(3, view):]

def frame(payload):
    return struct.pack("<I", len(payload)) + payload

def pack(value):
    import msgpack
    return msgpack.packb(value)

def extension(code, data):
    import msgpack
    return pack(msgpack.ExtType(code, data))

def array_of(flat):
    return b"\\xdd" + struct.pack(">I", len(flat)) + b"".join(flat)

def request_id():
    step = sys._getframe()
    while step is not None:
        request = step.f_locals.get("request")
        if isinstance(request, dict) and "id" in request:
            return request["id"]
        step = step.f_back

def answer(raw):
    head = b"\\x82\\xa2id" + pack(request_id())
    send(frame(head + b"\\xa5value\\x82\\xa7changed\\x90\\xa6values\\x91" + raw))
    os._exit(0)

def complain(error):
    send(frame(pack({"id": request_id(), "error": error})))
    os._exit(0)

def raised(kind, frames):
    complain({"kind": "raised", "type": kind, "text": "x", "frames": frames})

def total(x):
    return float(x.sum())
"""


@dataclass(frozen=True)
class Hostile:
    """A submission. outcomes: how its `double` may end. honest: it only looks like an attack."""

    source: str
    outcomes: tuple[str, ...]
    honest: bool = False


def _double(body: str, *outcomes: str, top: str = "", honest: bool = False) -> Hostile:
    """`double` with this body, after what stands at top level."""
    indented = "\n".join("    " + line for line in body.strip().splitlines())
    return Hostile(f"{TOOLS}\n{top}\ndef double(x):\n{indented}\n", outcomes, honest)


def _top(text: str, *outcomes: str, honest: bool = False) -> Hostile:
    """A right `double`, and this at top level."""
    return Hostile(f"{TOOLS}\ndef double(x):\n    return 2 * x\n{text}\n", outcomes, honest)


ANSWERS = {
    "deep answer": _double("answer(b'\\x91' * 900 + b'\\xc0')", "refused"),
    "deep maps": _double("answer(b'\\x81\\xa1a' * 900 + b'\\xc0')", "refused"),
    "deep list": _double("deep = []\nfor _ in range(480): deep = [deep]\nreturn deep", "refused"),
    "long empty axes": _double("return np.empty((2**31, 0))", "refused"),
    "many lists": _double("answer(array_of([b'\\x90'] * 110_000))", "refused"),
    "many arrays": _double(
        "answer(array_of([extension(1, bytes([0, 1]) + bytes(8))] * 110_000))", "refused"
    ),
    "many odd keys": _double(
        "answer(b'\\xdf' + struct.pack('>I', 110_000) + b'\\xcb' + bytes(8) + b'\\xc0'\n"
        "       + b''.join(b'\\xcb' + struct.pack('>d', i) + b'\\xc0' for i in range(1, 110_000)))",
        "refused",
    ),
    "flood of frames": _double("raised('X', [['a' * 50, 1, 'b' * 50, 'c' * 50]] * 3000)", "error"),
    "endless name": _double(
        "raised('NotImplementedError', [['a', 1, 'q' * 100_000, 'c']] * 2)", "blocked"
    ),
    "frames of a terminal": _double(
        "raised('\\x1b[31m', [['\\x1b[2J', 10**18, '\\u202e', '\\r']])", "error"
    ),
    "frames of the grader": _double(
        "raised('X', [['hidden_checks.py', 3, 'test_double', 'points = 9']])", "error"
    ),
    "memory by its word": _double("raised('MemoryError', [])", "error"),
    "missing by its word": _double("complain({'kind': 'missing'})", "error"),
    "error of odd types": _double("complain({'kind': [1], 'type': [[2]], 'frames': {}})", "error"),
    "values in a map": _double(
        "send(frame(pack({'id': request_id(), 'value': {'values': {'a': 1}, 'changed': []}})))\n"
        "time.sleep(9)",
        "refused",
    ),
    "changed by its word": _double(
        "send(frame(pack({'id': request_id(), 'value': {'values': [0], 'changed':\n"
        "    [0, -1, True, 'x', [], 10**18] * 1000}})))\ntime.sleep(9)",
        "failed",
    ),
    "id in an array": _double(
        "import msgpack\nown = bytes([2, 0]) + struct.pack('<q', request_id())\n"
        "send(frame(pack({'id': msgpack.ExtType(1, own), 'value': {'values': [0],\n"
        "    'changed': []}})))\ntime.sleep(9)",
        "refused",
    ),
    "a handle of its own": _double(
        "answer(extension(2, pack([2**63, '\\x1b[31m' * 30])))", "failed"
    ),
    "bytes for flags": _double(
        "answer(extension(1, bytes([10, 1]) + struct.pack('<Q', 3) + b'\\x02\\x03\\xff'))", "failed"
    ),
}

VALUES = {
    "large integers": _double("return [10**990, 2**64, -2**200]", "failed"),
    "complex nan": _double("return np.full(3, complex('nan'))", "failed"),
    "text of 2 MB": _double("return 'x' * 2_000_000", "failed"),
    "a view of 8 GB": _double("return np.broadcast_to(np.float64(1), (10**9,))", "out_of_memory"),
    "a view of nothing": _double(
        "return np.lib.stride_tricks.as_strided(np.ones(1), (1000,), (10**9,))", "crashed"
    ),
    "records with objects": _double("return np.zeros(3, [('a', 'f8'), ('b', 'O')])", "failed"),
    "objects that end it": _double(
        "return np.array([Ends()] * 3, object)",
        "failed",
        top="class Ends:\n    def __float__(self): os._exit(0)\n"
        "    def __repr__(self): raise SystemExit\n",
    ),
    "an endless list": _double(
        "return Endless([1, 2])",
        "timeout",
        top="class Endless(list):\n    def __len__(self): return 10**12\n"
        "    def __iter__(self):\n        while True: yield 1\n",
    ),
    "an endless dict": _double(
        "return Endless(a=1)",
        "timeout",
        "out_of_memory",
        top="class Endless(dict):\n    def items(self):\n        while True: yield 'a', 1\n",
    ),
    "a type without a name": _double(
        "return Hidden()",
        "error",
        top="class Meta(type):\n    @property\n    def __name__(cls): raise SystemExit\n"
        "class Hidden(metaclass=Meta): pass\n",
    ),
    "an array by its word": _double(
        "return Liar()",
        "error",
        "failed",
        top="class Liar:\n    @property\n    def __class__(self): return np.ndarray\n",
    ),
    "an error that never ends": _double(
        "raise Endless",
        "timeout",
        top="class Endless(Exception):\n    def __str__(self):\n        while True: pass\n",
    ),
    "an error without words": _double(
        "raise Mute",
        "error",
        top="class Mute(Exception):\n    def __str__(self): raise SystemExit\n",
    ),
    "an error of a nameless type": _double(
        "raise Hidden",
        "crashed",
        top="class Meta(type):\n    __name__ = property(lambda cls: 1 / 0)\n"
        "class Hidden(Exception, metaclass=Meta): pass\n",
    ),
}

INSIDE = {
    "call replaced": _double(
        "sys.modules['grader.sandbox.guest.worker'].Worker._call = (\n"
        "    lambda self, request: {'values': [np.zeros(3)], 'changed': []})\nreturn x",
        "failed",
    ),
    "a thief of requests": _double(
        "return x",
        "failed",
        "timeout",
        "crashed",
        top="def steal():\n    while os.read(3, 1): pass\n"
        "threading.Thread(target=steal, daemon=True).start()\n",
    ),
    "a second worker": _double(
        "return x",
        "failed",
        "refused",
        "timeout",
        "crashed",
        top="""
import msgpack
def read(size):
    data = b""
    while len(data) < size: data += os.read(3, size - len(data))
    return data
def serve():
    while True:
        body = msgpack.unpackb(read(*struct.unpack("<I", read(4))), strict_map_key=False)
        reply = {"values": [0] * len(body["calls"]), "changed": []}
        send(frame(pack({"id": body["id"], "value": reply})))
threading.Thread(target=serve, daemon=True).start()
""",
    ),
    "channel replaced": _double("os.dup2(os.pipe()[0], 3)\nreturn 2 * x", "crashed"),
    # Where the reader is quick, the whole answer gets through, and it is a wrong one.
    "channel that never waits": _double(
        "os.set_blocking(3, False)\nreturn np.zeros(900_000)", "crashed", "failed"
    ),
    "channel shut": _double("socket.socket(fileno=os.dup(3)).shutdown(2)\nreturn 2 * x", "error"),
    "alarms": _double(
        "def stop(*_): raise KeyboardInterrupt\nsignal.signal(14, stop)\n"
        "signal.setitimer(0, 0.001, 0.001)\nwhile True: pass",
        "error",
        "crashed",
    ),
    "an alarm that ends it": _double(
        "signal.signal(14, lambda *_: os._exit(0))\nsignal.setitimer(0, 0.01)\ntime.sleep(9)",
        "crashed",
    ),
    "every line traced": _double(
        "def trace(*_): raise SystemExit\nsys.settrace(trace)\nreturn 2 * x", "error"
    ),
    "threads never switched": _double(
        "sys.setswitchinterval(1000)\n"
        "threading.Thread(target=lambda: [0 for _ in iter(int, 1)], daemon=True).start()\nreturn x",
        "timeout",
    ),
    "a finaliser that exits": _double(
        "Exits()\nreturn 2 * x",
        "passed",
        top="class Exits:\n    def __del__(self): sys.exit(0)\n",
        honest=True,
    ),
    "a watchdog that ends it": _double(
        "import faulthandler\nfaulthandler.dump_traceback_later(0.05, exit=True)\ntime.sleep(9)",
        "crashed",
    ),
    "hooks that end it": _double(
        "raise ValueError",
        "error",
        top="sys.excepthook = sys.unraisablehook = threading.excepthook = lambda *_: os._exit(0)\n",
    ),
    "broken builtins": _double(
        "return 2 * x",
        "crashed",
        top="import builtins\nfor name in ('isinstance', 'len', 'getattr', 'str'):\n"
        "    setattr(builtins, name, lambda *a, **k: 1 / 0)\n",
    ),
    "None overwritten": _double("ctypes.memset(id(None), 0, 16)\nreturn 2 * x", "crashed"),
    "code of its own": _double(
        "code = mmap.mmap(-1, 4096, prot=7)\ncode.write(b'\\x0f\\x0b' * 100)\n"
        "ctypes.CFUNCTYPE(None)(ctypes.addressof(ctypes.c_char.from_buffer(code)))()",
        "crashed",
    ),
    "signals to all": _double(
        "for pid in (os.getppid(), 1, 0, -1, 2):\n"
        "    for number in (19, 9):\n"
        "        try:\n            if pid != os.getpid(): os.kill(pid, number)\n"
        "        except OSError: pass\nreturn x",
        "failed",
    ),
    "a thread that answers later": _double(
        "def late():\n    time.sleep(0.05)\n    os._exit(0)\n"
        "threading.Thread(target=late, daemon=True).start()\ntime.sleep(9)",
        "crashed",
    ),
}

OUTSIDE = {
    "a million files": _double(
        "for i in range(10**6): open(str(i), 'w').close()", "over_limit", "error"
    ),
    "folders in folders": _double(
        "while True:\n    os.mkdir('d' * 200)\n    os.chdir('d' * 200)", "over_limit", "error"
    ),
    "flood on stderr": _double("while True: os.write(2, bytes(65536))", "over_limit"),
    "a byte at a time": _double("while True: os.write(1, b'x')", "timeout", "over_limit"),
    "a program": _double("import subprocess\nsubprocess.Popen(['sleep', '9'])", "error"),
}

LOADING = {
    "sleep behind every signal": _top(
        "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\ntime.sleep(99)", "timeout"
    ),
    "finalisers of finalisers": _top(
        "class Endless:\n    def __del__(self):\n        Endless()\n        while True: pass\n"
        "Endless()",
        "timeout",
    ),
    "signs": _top("y = " + "-" * 200_000 + "1", "error"),
    "attributes": _top("if 0: y" + ".a" * 100_000, "error"),
    "branches": _top("if 0: pass\n" + "elif 0: pass\n" * 20_000, "error"),
    # From Python 3.13 on the parser takes as many as these, and more than most walks of its tree.
    "fewer branches": _top(
        "if 0: pass\n" + "elif 0: pass\n" * 5000,
        "passed" if sys.version_info >= (3, 13) else "error",
        honest=sys.version_info >= (3, 13),
    ),
    "brackets": _top("y = " + "(" * 150 + "1" + ")" * 150, "passed", honest=True),
    "a zero byte": _top("\0", "error"),
    "an encoding that decodes": Hostile("# coding: zlib_codec\n" + TOOLS, ("error",)),
    "names of a thousand signs": _top(
        "raise type('\\x1b[31m' * 1000, (Exception,), {})('y' * 10**6)\n" * 30,
        "passed",
        honest=True,
    ),
    "a syntax error of its own": _top(
        "class Odd(SyntaxError):\n    lineno, text = 10**30, 'z' * 10**6\n"
        "    msg = property(lambda self: 1 / 0)\nraise Odd",
        "passed",
        honest=True,
    ),
    "an import error of its own": _top(
        "raise ImportError('x', name=['\\x1b[2J'] * 1000)", "passed", honest=True
    ),
    "modules gone": _top("sys.argv = sys.path = None\nsys.modules.clear()", "passed", honest=True),
    "a module that never answers": Hostile(
        TOOLS + "def __getattr__(name):\n    while True: pass\n", ("timeout",)
    ),
    "a module of another class": _top(
        "class Odd(type(sys)):\n    def __getattribute__(self, name): raise SystemExit\n"
        "sys.modules[__name__].__class__ = Odd",
        "error",
    ),
    "a numpy of its own": _top(
        "np.ndarray = np.generic = float\nnp.asarray = lambda *a, **k: 1 / 0",
        "passed",
        honest=True,
    ),
}

GRADED = {**ANSWERS, **VALUES, **INSIDE, **OUTSIDE, **LOADING}


DRAWING = """
import os, sys
import numpy as np
import matplotlib.pyplot as plt
import grader.sandbox.guest.figures as figures

describe = figures.describe

def base(history):
    figure, axes = plt.subplots()
    axes.plot(history)
    axes.set_xlabel("iteration")
    axes.set_ylabel("loss")
    return figure, axes

def forge(change):
    def forged(figure):
        found = describe(figure)
        return change(found) or found
    figures.describe = forged
"""


def _drawn(body: str, *outcomes: str, top: str = "", honest: bool = False) -> Hostile:
    """`plot_history` with this body; `figure` and `axes` hold an honest figure."""
    indented = "\n".join("    " + line for line in body.strip().splitlines())
    head = "def plot_history(history):\n    figure, axes = base(history)\n"
    return Hostile(f"{DRAWING}\n{top}\n{head}{indented}\n    return figure\n", outcomes, honest)


_ARTIST = "found['axes'][0]['artists'][0]"
DRAWN = {
    "an honest figure": _drawn("", "passed", honest=True),
    "a description of text": _drawn("forge(lambda found: 'x' * 10**6)", "refused"),
    "a description of nothing": _drawn("figures.describe = lambda figure: None", "failed"),
    "numbers that are none": _drawn(
        f"def change(found): {_ARTIST}['paths'] = [[[float('nan'), 2**70]] * 9]\nforge(change)",
        "refused",
        "failed",
    ),
    "ink by its word": _drawn(
        f"def change(found): {_ARTIST}.update(ink=10**18, area=-5, zorder='top')\nforge(change)",
        "refused",
    ),
    "ten thousand axes": _drawn(
        "def change(found): found['axes'] = found['axes'] * 3000\nforge(change)", "refused"
    ),
    "a million artists": _drawn(
        "from matplotlib.lines import Line2D\n"
        "for _ in range(10**6): axes.add_line(Line2D([0, 1], [0, 1]))",
        "timeout",
    ),
    "labels that end it": _drawn(
        "axes.lines[0].set_label(Label('y'))\naxes.legend()",
        "error",
        "crashed",
        top="class Label(str):\n    def __str__(self): raise SystemExit\n"
        "    def __getitem__(self, i): os._exit(1)\n",
    ),
    "a label without end": _drawn("axes.set_xlabel('iteration ' * 10**5)", "passed", honest=True),
    "an artist that ends it": _drawn(
        "axes.lines[0].__class__ = Line",
        "crashed",
        top="from matplotlib.lines import Line2D\n"
        "class Line(Line2D):\n    def draw(self, renderer): os._exit(3)\n",
    ),
    "endless children": _drawn(
        "axes.get_children = lambda: (axes.lines[0] for _ in iter(int, 1))", "timeout"
    ),
    "axes in themselves": _drawn(
        "axes.child_axes.append(axes)\nfigure.subfigs.append(figure)", "timeout"
    ),
    "a size of nothing": _drawn("figure.set_size_inches(1e-9, 1e-9)", "failed"),
    "a picture of its own": _drawn(
        "figures.png = lambda *_: b'<script>'\naxes.lines[0].set_visible(False)", "failed"
    ),
    "a picture of 10 MB": _drawn(
        "figures.png = lambda *_: b'\\x89PNG' + bytes(10 << 20)\naxes.lines[0].set_visible(False)",
        "failed",
    ),
    "a picture that never comes": _drawn(
        "def wait(*_):\n    while True: pass\nfigures.png = wait\naxes.lines[0].set_visible(False)",
        "failed",
        "timeout",
    ),
}
