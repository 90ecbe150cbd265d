"""Attacks over the network: whatever listens, nothing arrives."""

from __future__ import annotations

import contextlib
import select
import socket
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from arena import Arena, Attack

CONNECT = """
import socket

def attempt(family, kind, address, protocol=0):
    try:
        with socket.socket(family, kind, protocol) as end:
            end.settimeout(0.5)
            if kind == socket.SOCK_DGRAM:
                end.sendto(b"secret", address)
            else:
                end.connect(address)
                end.sendall(b"secret")
    except OSError:
        return False
    return True

def attack(kind, address):
    families = {
        "tcp": (socket.AF_INET, socket.SOCK_STREAM),
        "tcp6": (socket.AF_INET6, socket.SOCK_STREAM),
        "udp": (socket.AF_INET, socket.SOCK_DGRAM),
        "udp6": (socket.AF_INET6, socket.SOCK_DGRAM),
        "unix": (socket.AF_UNIX, socket.SOCK_STREAM),
        "abstract": (socket.AF_UNIX, socket.SOCK_STREAM),
        "unix datagram": (socket.AF_UNIX, socket.SOCK_DGRAM),
    }
    if isinstance(address, list):
        address = tuple(address)
    return attempt(*families[kind], address)
"""


@dataclass(frozen=True)
class Listener:
    """Something to reach."""

    kind: str
    address: object
    socket: socket.socket


def _listen(kind: str, folder: str) -> Listener:
    family = {"tcp": socket.AF_INET, "udp": socket.AF_INET}.get(kind, socket.AF_INET6)
    if kind in ("tcp", "tcp6", "udp", "udp6"):
        style = socket.SOCK_STREAM if kind.startswith("tcp") else socket.SOCK_DGRAM
        end = socket.socket(family, style)
        end.bind(("127.0.0.1" if family == socket.AF_INET else "::1", 0))
        address: object = list(end.getsockname()[:2])
    else:
        style = socket.SOCK_DGRAM if kind == "unix datagram" else socket.SOCK_STREAM
        end = socket.socket(socket.AF_UNIX, style)
        address = f"\0{folder}" if kind == "abstract" else f"{folder}/socket"
        end.bind(str(address))
        if kind != "abstract":
            Path(str(address)).chmod(0o777)
    if style == socket.SOCK_STREAM:
        end.listen()
    return Listener(kind, address, end)


@pytest.fixture
def listeners() -> Iterator[list[Listener]]:
    """One of each kind that this machine has."""
    found: list[Listener] = []
    with contextlib.ExitStack() as stack:
        for kind in ("tcp", "tcp6", "udp", "udp6", "unix", "abstract", "unix datagram"):
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="listener-"))
            Path(folder).chmod(0o777)
            with contextlib.suppress(OSError):  # such as a machine without IPv6
                found.append(_listen(kind, folder))
                stack.enter_context(found[-1].socket)
        yield found


def heard(listeners: list[Listener]) -> list[str]:
    """The kinds of those at which something has arrived."""
    ready = select.select([listener.socket for listener in listeners], [], [], 0.05)[0]
    return [listener.kind for listener in listeners if listener.socket in ready]


def test_no_listener_is_reached(arena: Arena, listeners: list[Listener]) -> None:
    calls = tuple(("attack", (each.kind, each.address)) for each in listeners)
    outcome = arena.run_all({"connect": Attack(CONNECT, calls)})["connect"]
    assert [fought.value for fought in outcome.fought] == [False] * len(listeners), outcome
    assert heard(listeners) == []


def test_the_listeners_would_hear(listeners: list[Listener]) -> None:
    """The attack works where nothing stops it: the test above proves something."""
    space: dict[str, object] = {}
    exec(CONNECT, space)
    attack = space["attack"]
    assert callable(attack)
    assert len(listeners) >= 5
    assert all(attack(listener.kind, listener.address) for listener in listeners)
    assert heard(listeners) == [listener.kind for listener in listeners]


def test_no_other_kind_of_socket_is_made(arena: Arena) -> None:
    source = (
        "import socket\ndef attack():\n    done = []\n"
        "    for family in range(46):\n"
        "        for kind in (1, 2, 3, 5):\n"
        "            try:\n                socket.socket(family, kind).close()\n"
        "                done.append([family, kind])\n"
        "            except OSError:\n                pass\n"
        "    return done\n"
    )
    # Among them netlink (16), packet (17), AF_ALG (38) and vsock (40).
    assert arena.run(source).value == []


def test_a_pair_of_sockets_reaches_nobody_else(arena: Arena, listeners: list[Listener]) -> None:
    """asyncio may have a pair of stream sockets; a datagram socket could address a stranger."""
    source = (
        "import socket\ndef attack(address):\n    done = []\n"
        "    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):\n"
        "        try:\n            one, other = socket.socketpair(socket.AF_UNIX, kind)\n"
        "        except OSError:\n            continue\n"
        "        for act in (lambda: one.connect(address), lambda: one.sendto(b'x', address),\n"
        "                    lambda: one.sendmsg([b'x'], [], 0, address),\n"
        "                    lambda: one.bind(address + '2'), lambda: one.listen(),\n"
        "                    lambda: one.send(b'x', socket.MSG_OOB),\n"
        "                    lambda: socket.send_fds(one, [b'x'], [1])):\n"
        "            try:\n                act()\n                done.append(int(kind))\n"
        "            except OSError:\n                pass\n"
        "    return done\n"
    )
    local = [each.address for each in listeners if isinstance(each.address, str)]
    assert len(local) == 3
    calls = tuple(("attack", (address,)) for address in local)
    outcome = arena.run_all({"pair": Attack(source, calls)})["pair"]
    assert [fought.value for fought in outcome.fought] == [[]] * 3, outcome
    assert heard(listeners) == []


def test_names_are_not_resolved(arena: Arena) -> None:
    source = (
        "import socket\ndef attack():\n"
        "    try:\n        return socket.getaddrinfo('example.com', 80)\n"
        "    except OSError:\n        return None\n"
    )
    assert arena.run(source).value is None


def test_the_channel_to_the_grader_carries_no_descriptors(arena: Arena) -> None:
    source = (
        "import socket\ndef attack():\n    end = socket.socket(1, 1, 0, 3)\n    done = []\n"
        "    for act in (lambda: socket.send_fds(end, [b'x'], [1]),\n"
        "                lambda: end.recvmsg(10, 100), lambda: end.getsockopt(1, 17, 12),\n"
        "                lambda: end.setsockopt(1, 16, 1)):\n"
        "        try:\n            act()\n            done.append('done')\n"
        "        except OSError:\n            pass\n"
        "    end.detach()\n    return done\n"
    )
    assert arena.run(source).value == []
