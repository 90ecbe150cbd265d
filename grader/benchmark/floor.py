"""The least that taking a hand-in can cost: an endpoint that writes the file and syncs it.

It is served with what the real server is served with, in a process of its own; see `server`.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

FOLDER_VARIABLE = "BENCH_FLOOR_FOLDER"


def make_app() -> Starlette:
    """The application, for uvicorn. The environment names the folder to write to."""
    folder = Path(os.environ[FOLDER_VARIABLE])

    def keep(data: bytes) -> None:
        handle, _ = tempfile.mkstemp(dir=folder)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    async def take(request: Request) -> Response:
        await run_in_threadpool(keep, await request.body())
        return JSONResponse({"status": "ok"}, status_code=201)

    return Starlette(routes=[Route("/{rest:path}", take, methods=["POST"])])
