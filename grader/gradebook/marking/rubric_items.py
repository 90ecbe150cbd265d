"""What an item of a rubric says: its text and its points."""

from __future__ import annotations

import re

_ITEM_POINTS = re.compile(r"\(([-+]?\d+(?:\.\d+)?)\)\s*$")


def item_points(item: str) -> float | None:
    """The points of a rubric's item, which are in parentheses at its end."""
    found = _ITEM_POINTS.search(item)
    return float(found[1]) if found else None


def item_text(item: str) -> str:
    """An item without its points."""
    return _ITEM_POINTS.sub("", item).strip()
