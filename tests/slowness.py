"""How much slower this machine is than those on which a bound of CPU time is promised."""

from __future__ import annotations

import functools
import math
import time

# What the loop below takes on a core of a common server of today.
REFERENCE_S = 0.04


@functools.cache
def _factor() -> float:
    took = []
    for _ in range(5):
        began = time.process_time()
        sum(n * n for n in range(1_000_000))
        took.append(time.process_time() - began)
    return max(1.0, min(took) / REFERENCE_S)


def cpu_seconds(promised: float) -> int:
    """The limit of CPU time here, in whole seconds, for work that is promised to take less there.

    The kernel counts CPU time, so that other work does not matter; the speed of a core does.
    """
    return math.ceil(promised * _factor())
