"""What other programs ask: static files, whether the server lives, and what it counts."""

from __future__ import annotations

from starlette.responses import PlainTextResponse, Response

from grader.gradebook.connect import reading
from grader.server.calls import Call
from grader.server.problems import not_found


def static(call: Call) -> Response:
    """A file by name and hash; for ever, because another content has another address."""
    found = call.site.static.get(call.params["name"])
    if found is None or found.version != call.params["version"]:
        raise not_found()
    return Response(
        found.data,
        media_type=found.media_type,
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )


def healthz(call: Call) -> Response:
    """200 if the database answers, else 503."""
    with reading(call.site.engine) as connection:
        connection.exec_driver_sql("SELECT 1")
    return call.answer({"status": "ok"})


def metrics(call: Call) -> Response:
    """Counters for Prometheus."""
    text = call.site.metrics.lines({})
    return PlainTextResponse(text, media_type="text/plain; version=0.0.4; charset=utf-8")
