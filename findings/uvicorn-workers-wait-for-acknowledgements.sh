#!/usr/bin/env bash
# uvicorn 0.54.0 sends without delay (TCP_NODELAY) only where it binds the port in the process that serves:
# with `--workers 2`, and with `--fd`, each connection has Nagle's algorithm on.
#
# asyncio sets the option on sockets whose protocol is said to be TCP. uvicorn makes the socket that
# its workers share with `socket.socket(family=...)`, and the one of a descriptor with
# `socket.fromfd(fd, AF_UNIX, ...)`: both have protocol 0, and so have the sockets that they accept.
# Head and body of an answer are two writes, so on a connection that is kept the second of them waits
# for the browser's acknowledgement of the first, which on Linux may take 40 ms. With one worker and
# with two the same application has different latency.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q uvicorn==0.54.0 h11==0.16.0

cat >app.py <<'PY'
import socket


async def app(scope, receive, send):
    """Answers whether its own connection sends without delay."""
    connected = receive.__self__.transport.get_extra_info("socket")
    said = bool(connected.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
    headers = [(b"content-type", b"text/plain")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": str(said).encode()})
PY

cat >ask.py <<'PY'
import http.client
import os
import signal
import socket
import statistics
import subprocess
import sys
import time

COMMON = ("--http", "h11", "--log-level", "critical", "--lifespan", "off")


def asked(port):
    """What it says, and the median of milliseconds on a connection that is kept."""
    deadline = time.monotonic() + 30
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", "/")
            connection.getresponse().read()
            break
        except OSError:
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.1)
    took = []
    for _ in range(11):
        began = time.perf_counter()
        connection.request("GET", "/")
        said = connection.getresponse().read().decode()
        took.append(1000 * (time.perf_counter() - began))
    return said, statistics.median(took)


def serve(name, options, port, fds=()):
    command = [sys.executable, "-m", "uvicorn", "app:app", *COMMON, *options]
    server = subprocess.Popen(command, pass_fds=fds)
    try:
        said, median = asked(port)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)
    print(f"{name:12} TCP_NODELAY: {said:5}  median on a kept connection: {median:.1f} ms")
    return said


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


said = []
port = free_port()
said.append(serve("one process", ["--port", str(port)], port))
port = free_port()
said.append(serve("--workers 2", ["--port", str(port), "--workers", "2"], port))
with socket.create_server(("127.0.0.1", 0)) as ours:
    os.set_inheritable(ours.fileno(), True)
    fd, port = ours.fileno(), ours.getsockname()[1]
    said.append(serve("--fd", ["--fd", str(fd)], port, (fd,)))
assert said == ["True", "False", "False"], said
PY

venv/bin/python ask.py
# Seen with Python 3.11.7 on Linux (the milliseconds vary):
# one process  TCP_NODELAY: True   median on a kept connection: 0.7 ms
# --workers 2  TCP_NODELAY: False  median on a kept connection: 44.0 ms
# --fd         TCP_NODELAY: False  median on a kept connection: 44.0 ms
