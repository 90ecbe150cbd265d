"""Numbers, texts and colours as strict JSON values."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

MAX_TEXT = 300

Array = np.ndarray[Any, Any]
Json = dict[str, Any]


def clean(text: object) -> str:
    return str(text)[:MAX_TEXT].encode("utf-8", "replace").decode("utf-8")


def hexes(colours: Any) -> list[str]:
    """RGBA rows of numbers from 0 to 1 -> "#rrggbbaa"."""
    data = bytes_of(np.asarray(colours, float).reshape(-1, 4)).tobytes().hex()
    return ["#" + data[start : start + 8] for start in range(0, len(data), 8)]


def bytes_of(colours: Array) -> Array:
    rounded: Array = np.rint(np.clip(np.nan_to_num(colours), 0, 1) * 255).astype(np.uint8)
    return rounded


def number(value: Any) -> float | None:
    number = float(value)
    return float(f"{number:.12g}") if math.isfinite(number) else None


def numbers(values: Any) -> list[float | None]:
    """Twelve significant digits; what is not finite becomes None."""
    flat = np.asarray(values, float).ravel().tolist()
    return [float(f"{value:.12g}") if math.isfinite(value) else None for value in flat]


def label_of(artist: Any) -> str:
    label = clean(artist.get_label())
    return "" if label.startswith("_") else label
