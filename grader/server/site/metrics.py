"""What the server counts, in Prometheus's text format."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Mapping

BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    """Requests by route, method and status, and how long they took. Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._took: dict[str, list[float]] = {}

    def count(self, route: str, method: str, status: int, took_s: float) -> None:
        """Count an answer."""
        with self._lock:
            self._requests[route, method, status] += 1
            # One counter for each bucket, then all, then the sum of seconds.
            row = self._took.setdefault(route, [0.0] * (len(BUCKETS_S) + 2))
            for index, limit_s in enumerate(BUCKETS_S):
                row[index] += took_s <= limit_s
            row[-2] += 1
            row[-1] += took_s

    def lines(self, gauges: Mapping[str, tuple[str, Mapping[str, float]]]) -> str:
        """Everything as text. gauges: by name what they are and their values by label text."""
        with self._lock:
            requests = dict(self._requests)
            took = {route: list(row) for route, row in self._took.items()}
        lines = _family("grader_http_requests_total", "counter", "Answers sent.")
        for (route, method, status), number in sorted(requests.items()):
            labels = _labels(route=route, method=method, status=str(status))
            lines.append(f"grader_http_requests_total{labels} {number}")
        lines += _durations(took)
        for name, (what, values) in gauges.items():
            lines += _family(name, "gauge", what)
            lines += [f"{name}{labels} {value:g}" for labels, value in sorted(values.items())]
        return "\n".join(lines) + "\n"


def _durations(took: Mapping[str, list[float]]) -> Iterable[str]:
    name = "grader_http_request_seconds"
    lines = _family(name, "histogram", "From a request to its answer.")
    for route, row in sorted(took.items()):
        for limit_s, number in zip((*map(str, BUCKETS_S), "+Inf"), row, strict=False):
            lines.append(f"{name}_bucket{_labels(route=route, le=limit_s)} {number:g}")
        lines.append(f"{name}_count{_labels(route=route)} {row[-2]:g}")
        lines.append(f"{name}_sum{_labels(route=route)} {row[-1]:.6f}")
    return lines


def _family(name: str, kind: str, what: str) -> list[str]:
    return [f"# HELP {name} {what}", f"# TYPE {name} {kind}"]


def _labels(**values: str) -> str:
    return "{" + ",".join(f'{name}="{value}"' for name, value in values.items()) + "}"
