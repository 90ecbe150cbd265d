"""Which words of a figure a person can read: labels, titles, legends.

Where they come to lie is known without drawing only roughly, so what counts as unreadable is what
cannot be read wherever it lies nearby: in the colour of the page, too small, far off the figure.
"""

from __future__ import annotations

import contextlib
from typing import Any

import numpy as np

from grader.sandbox.guest.describing.artists import legend_key
from grader.sandbox.guest.describing.covers import parts
from grader.sandbox.guest.describing.plain import SMALLEST, Array, Json, clean, numbers

FAINT = 14 / 255  # of a colour channel: what differs less from the page cannot be read
# What is saved with bbox_inches="tight", as notebooks show figures, may lie outside; how far, as a
# share of the figure's width and height, is still taken to be seen.
AROUND = 0.5
MAX_PLACED = 2_000  # characters: to lay out more takes long
MAX_TICKS = 200
MAX_LEGENDS = 8
MAX_LEGEND_ENTRIES = 50
RIM = 0.15

_White = np.ones(3)


def page_of(part: Any) -> Array:
    """The colour (3,) behind what lies in a figure or subfigure and in no axes."""
    parent = getattr(part, "_parent", None)
    below = _White if parent is None else page_of(parent)
    return _over(part.patch, below)


def plane_of(axes: Any) -> Array:
    """The colour (3,) behind what lies in axes, where no data are drawn."""
    below = page_of(axes.figure)
    return _over(axes.patch, below) if axes.axison and axes.get_frame_on() else below


def _over(patch: Any, below: Array) -> Array:
    """The colour of a patch on a colour."""
    if not patch.get_visible() or not patch.get_fill():
        return below
    colour = np.asarray(patch.get_facecolor(), float)
    mixed: Array = below + (colour[:3] - below) * colour[3]
    return mixed


def readable(text: Any, page: Array, renderer: Any, *, along: str = "xy") -> str:
    """The words of a text; "" where nobody can read them.

    page: the colour (3,) behind it. along: the directions in which its place is known.
    """
    if text is None or not text.get_visible() or text.get_fontsize() < SMALLEST:
        return ""
    words = clean(text.get_text())
    if not words.strip():
        return words
    if _is_faint(text, page) or _is_far(text, text.get_figure(), renderer, along):
        return ""
    return words


def _is_faint(text: Any, page: Array) -> bool:
    from matplotlib.colors import to_rgba

    if text.get_path_effects():
        return False
    box = text.get_bbox_patch()
    behind = page if box is None else _over(box, page)
    colour = np.asarray(to_rgba(text.get_color(), text.get_alpha()), float)
    return bool((np.abs(colour[:3] - behind) * colour[3]).max() < FAINT)


def _is_far(drawn: Any, part: Any, renderer: Any, along: str = "xy") -> bool:
    """Whether something lies so far off the figure that nobody comes to see it."""
    with contextlib.suppress(Exception):  # TeX that cannot be set
        box = _box_of(drawn, renderer)
        page = part.get_figure(root=True).bbox if hasattr(part, "get_figure") else part.bbox
        for name in along:
            low, high = (box.x0, box.x1) if name == "x" else (box.y0, box.y1)
            size = page.width if name == "x" else page.height
            if not (high > -AROUND * size and low < (1 + AROUND) * size):
                return True
    return False


def label_of_axis(axis: Any, renderer: Any) -> str:
    """The words of an axis' label. Where it is not placed by hand it stands beside the ticks,
    whose size is not known here; its distance from them is."""
    axes, label = axis.axes, axis.label
    name = axis.axis_name
    across = "y" if name == "x" else "x"
    by_hand = not getattr(axis, "_autolabelpos", True)
    pad = float(axis.labelpad or 0) * axes.figure.dpi / 72
    size = axes.get_figure().bbox
    if not by_hand and abs(pad) > (1 + AROUND) * max(size.width, size.height):
        return ""
    # A label that is moved into the axes lies on their colour, or on data of any colour.
    inside = pad < 0 or (by_hand and _lies_within(label, axes, renderer))
    if inside and _is_faint(label, page_of(axes.figure)) and not _is_faint(label, plane_of(axes)):
        return readable(label, plane_of(axes), renderer, along=name)
    along = name + across if by_hand else name
    return readable(label, page_of(axes.figure), renderer, along=along)


def at_ticks(axis: Any) -> Json:
    """What stands at an axis' ticks, where its labels are not the usual ones: places and texts.

    Bars beside each other often stand at 0, 1, 2, ..., and what they are for stands below them.
    """
    from matplotlib import ticker

    usual = (ticker.ScalarFormatter, ticker.LogFormatter, ticker.NullFormatter)
    places: list[float] = []
    texts: list[str] = []
    with contextlib.suppress(Exception):  # a formatter is anybody's code
        formatter, ticks = axis.get_major_formatter(), axis.get_majorticklocs()
        seen = axis.get_major_ticks(1)[0].label1.get_visible()
        if not isinstance(formatter, usual) and seen and len(ticks) <= MAX_TICKS:
            for place, text in zip(ticks, formatter.format_ticks(ticks), strict=True):
                if np.isfinite(place) and clean(text).strip():
                    places.append(float(place))
                    texts.append(clean(text))
    return {"at": numbers(places), "texts": texts}


def _box_of(drawn: Any, renderer: Any) -> Any:
    """Where something lies in pixels; of a long text only the point that it hangs on."""
    if hasattr(drawn, "get_text") and len(drawn.get_text()) > MAX_PLACED:
        from matplotlib.transforms import Bbox

        x, y = drawn.get_transform().transform(drawn.get_unitless_position())
        return Bbox([[x, y], [x, y]])
    return drawn.get_window_extent(renderer)


def _lies_within(label: Any, axes: Any, renderer: Any) -> bool:
    with contextlib.suppress(Exception):
        return bool(axes.bbox.overlaps(_box_of(label, renderer)))
    return False


def title_of(axes: Any, renderer: Any) -> str:
    """The words above axes."""
    page = page_of(axes.figure)
    names = ("_left_title", "title", "_right_title")
    titles = [readable(getattr(axes, name, None), page, renderer, along="x") for name in names]
    return clean(" ".join(filter(None, titles)))


def heading_of(axes: Any, renderer: Any) -> str:
    """The words above the subfigure that axes stand in; of those round it, where it has none."""
    part = axes.figure
    while (around := getattr(part, "_parent", None)) is not None:
        words = readable(getattr(part, "_suptitle", None), page_of(part), renderer)
        if words:
            return words
        part = around
    return ""


def common_label(figure: Any, name: str, renderer: Any) -> str:
    """The figure's label for all of its axes, also one made of a plain text at its rim."""
    for part in parts(figure):
        label = readable(getattr(part, f"_sup{name}label", None), page_of(part), renderer)
        if label:
            return label
        for text in part.texts:
            along, across = text.get_position() if name == "x" else text.get_position()[::-1]
            if (
                across < RIM
                and RIM < along < 1 - RIM
                and text.get_transform() == part.transSubfigure
            ):
                return readable(text, page_of(part), renderer)
    return ""


def legends_of(legends: list[Any], page: Array, filled: bool, renderer: Any) -> list[Json]:
    """Legends with the words that can be read in them.

    page: the colour behind them. filled: whether data may lie there, of any colour.
    """
    return [_legend(each, page, filled, renderer) for each in legends[:MAX_LEGENDS]]


def _legend(legend: Any, page: Array, filled: bool, renderer: Any) -> Json:
    handles = list(getattr(legend, "legend_handles", []))
    pairs = list(zip(legend.get_texts(), handles, strict=False))[:MAX_LEGEND_ENTRIES]
    frame = legend.get_frame()
    opaque = legend.get_frame_on() and frame.get_visible() and (frame.get_alpha() or 1) > 0.5
    behind = _over(frame, page) if legend.get_frame_on() else page

    def words(text: Any) -> str:
        if filled and not opaque and text.get_visible() and text.get_fontsize() >= SMALLEST:
            return clean(text.get_text())
        return readable(text, behind, renderer, along="")

    far = _is_far(legend, legend.get_figure(), renderer)
    return {
        "title": words(legend.get_title()),
        "visible": bool(legend.get_visible()) and not far,
        "entries": [{"text": words(text), **legend_key(handle)} for text, handle in pairs],
    }
