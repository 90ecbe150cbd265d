"""Numbers, texts and colours as strict JSON values."""

from __future__ import annotations

from typing import Any

import numpy as np

MAX_TEXT = 300
HUGE = 1e300
SMALLEST = 2.0  # points: smaller words cannot be read

Array = np.ndarray[Any, Any]
Json = dict[str, Any]


def clean(text: object) -> str:
    """A short text that can be encoded."""
    return str(text)[:MAX_TEXT].encode("utf-8", "replace").decode("utf-8")


def hexes(colours: Any) -> list[str]:
    """RGBA rows of numbers from 0 to 1 -> "#rrggbbaa"."""
    data = bytes_of(np.asarray(colours, float).reshape(-1, 4)).tobytes().hex()
    return ["#" + data[start : start + 8] for start in range(0, len(data), 8)]


def bytes_of(colours: Array) -> Array:
    """Colours from 0 to 1 -> bytes from 0 to 255."""
    rounded: Array = np.rint(np.clip(np.nan_to_num(colours), 0, 1) * 255).astype(np.uint8)
    return rounded


def number(value: Any) -> float | None:
    """Twelve significant digits; None where it is not finite, or too large for any picture."""
    number = float(value)
    return float(f"{number:.12g}") if abs(number) <= HUGE else None


def numbers(values: Any) -> list[float | None]:
    """As `number`, for each of an array's elements."""
    flat = np.asarray(values, float).ravel().tolist()
    return [float(f"{value:.12g}") if abs(value) <= HUGE else None for value in flat]


def label_of(artist: Any) -> str:
    label = clean(artist.get_label())
    return "" if label.startswith("_") else label
