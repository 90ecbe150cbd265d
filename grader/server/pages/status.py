"""What other programs ask: static files, whether the server lives, and what it counts."""

from __future__ import annotations

from starlette.responses import PlainTextResponse, Response

from grader.gradebook.connect import reading
from grader.server.http.calls import Call
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
    """200 if the database answers, else 503.

    It tells how many processes grade, which does not make the server itself unhealthy: what is
    handed in meanwhile waits for them.
    """
    with reading(call.site.engine) as connection:
        connection.exec_driver_sql("SELECT 1")
    workers = call.site.workers() if call.site.workers is not None else None
    alive = {} if workers is None else {"workers": workers.alive, "workers_wanted": workers.wanted}
    return call.answer({"status": "ok", **alive})


def metrics(call: Call) -> Response:
    """Counters for Prometheus."""
    queue = call.site.hand_ins.waiting()
    waits = 0.0 if queue.oldest is None else (call.site.clock() - queue.oldest).total_seconds()
    states = {
        f'{{state="{state}"}}': float(getattr(queue, state))
        for state in ("waiting", "grading", "graded", "open")
    }
    gauges: dict[str, tuple[str, dict[str, float]]] = {
        "grader_hand_ins": ("Hand-ins by state.", states),
        "grader_oldest_wait_seconds": ("How long the first in the queue has waited.", {"": waits}),
    }
    if call.site.workers is not None:
        workers = call.site.workers()
        gauges["grader_workers"] = ("Processes that grade.", {"": float(workers.alive)})
        started = {"": float(workers.started)}
        gauges["grader_workers_started"] = ("How often one was started.", started)
    text = call.site.metrics.lines(gauges)
    return PlainTextResponse(text, media_type="text/plain; version=0.0.4; charset=utf-8")
