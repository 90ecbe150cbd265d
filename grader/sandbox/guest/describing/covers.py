"""What stands in a figure beside its data and may lie over it: legends, titles, frames, grids.

Nobody asks for these, so most of them are not drawn at all: an ordinary axis costs more than the
whole description. What is so wide, so dense or so decorated that it could hide data is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

MAX_COVERS = 100  # drawn one by one, in the figure itself and in each of its axes
WIDE = 20.0  # points: a line, a tick or a letter so large hides what it lies on
DENSE_SHARE = 0.2  # of the axes, by all grid lines or ticks together
MAX_TICKS = 2000
MAX_LABEL = 500  # characters
MAX_LAID_OUT = 200  # ticks
LABELS_REACH = 0.05  # of the figure: how far from axes their labels may be looked for at least


def figure_covers(figure: Any) -> list[Any]:
    """What stands in the figure itself and not in axes, and may lie over them."""
    covers: list[Any] = []
    for part in parts(figure):
        if part is not figure and not is_hidden(part):
            covers.append(part.patch)
        own = [part.artists, part.images, part.legends, part.lines, part.patches, part.texts]
        covers += [artist for kind in own for artist in kind]
    return covers


def axes_covers(axes: Any, children: list[Any]) -> list[tuple[float, Any]]:
    """The furniture of visible axes that may lie over what they show, each with its zorder.

    Raises ValueError where so many ticks are asked for that nobody should wait for them.
    """
    from matplotlib.axes._secondary_axes import SecondaryAxis
    from matplotlib.legend import Legend

    covers: list[Any] = []
    for child in children:
        indicator = type(child).__module__ == "matplotlib.inset"  # only since matplotlib 3.10
        second = isinstance(child, SecondaryAxis) and (
            any(_axis_may_cover(axis, child) for axis in _axis_of(child))
            or any(_wide_spines(child))
        )
        if indicator or second or isinstance(child, Legend):
            covers.append(child)
    names = ("title", "_left_title", "_right_title")
    covers += [text for name in names if (text := getattr(axes, name, None)) and text.get_text()]
    found = [(float(cover.get_zorder()), cover) for cover in covers]
    if not axes.axison:
        return found
    if axes.get_frame_on():
        found += [(float(spine.get_zorder()), spine) for spine in _wide_spines(axes)]
    for axis in _axis_of(axes):
        order = float(axis.get_zorder())
        if _axis_may_cover(axis, axes):
            found.append((order, axis))
        elif axis.label.get_text() and axis.get_visible():
            found.append((order, axis.label))  # an axis draws its label in its own turn
    return found


def may_cover_words(figure: Any, every_axes: list[Any]) -> bool:
    """Whether something in the figure could lie over labels, titles or legends.

    Where a label stands is known only after its axis' ticks are laid out, which takes long: so it
    is asked only of a figure with something in it that is beside or above the usual.
    """
    from matplotlib.legend import Legend
    from matplotlib.text import Text

    if any(_takes_long(axis) for axes in every_axes for axis in _axis_of(axes)):
        return False
    for cover in figure_covers(figure):
        if not isinstance(cover, (Legend, Text)):
            return True
        if isinstance(cover, Text) and _is_boxed(cover):
            return True
    for axes in every_axes:
        legends = [child for child in axes.get_children() if isinstance(child, Legend)]
        lowest = min((legend.get_zorder() for legend in legends), default=float("inf"))
        for artist in [*axes.artists, *axes.collections, *axes.images, *axes.lines, *axes.patches]:
            if not artist.get_clip_on() or artist.get_zorder() >= lowest:
                return True
        if any(_is_boxed(text) for text in axes.texts):
            return True
    return any(
        _reaches(one, other) for one in every_axes for other in every_axes if one is not other
    )


def _takes_long(axis: Any) -> bool:
    """Whether nobody should wait for the layout of an axis' ticks and label."""
    try:
        ticks = len(axis.get_majorticklocs())
    except ValueError:  # more of them than an array can hold
        return True
    return ticks > MAX_LAID_OUT or len(axis.label.get_text()) > MAX_LABEL


def _reaches(axes: Any, other: Any) -> bool:
    """Whether `other`, which is no twin, lies over axes or their labels to the left and below."""
    box, page, over = axes.bbox, axes.figure.bbox, other.bbox
    if np.allclose(box.bounds, over.bounds):
        return False
    left, bottom = box.x0 - LABELS_REACH * page.width, box.y0 - LABELS_REACH * page.height
    return bool(left < over.x1 and over.x0 < box.x1 and bottom < over.y1 and over.y0 < box.y1)


def words_in(cover: Any) -> list[Any]:
    """The texts in what stands beside the data: a title or a label, an axis' label, a legend's."""
    from matplotlib.axis import Axis
    from matplotlib.legend import Legend
    from matplotlib.text import Text

    if isinstance(cover, Legend):
        return [cover.get_title(), *cover.get_texts()]
    if isinstance(cover, Axis):
        return [cover.label]
    return [cover] if isinstance(cover, Text) else []


def is_decorated(artist: Any) -> bool:
    """Whether an outline is wide, or has effects or a hatch, and so reaches beyond its shape."""
    hatched = artist.get_hatch() is not None
    return artist.get_linewidth() > WIDE or hatched or _has_wide_effects(artist)


def _has_wide_effects(artist: Any) -> bool:
    """Whether path effects reach far beyond an outline, as the thin ones of `plt.xkcd` do not."""
    from matplotlib import patheffects

    for effect in artist.get_path_effects() or ():
        stroke = isinstance(effect, (patheffects.Stroke, patheffects.Normal))
        width = getattr(effect, "_gc", {}).get("linewidth", 0.0) if stroke else WIDE + 1
        if max(width, *map(abs, effect._offset)) > WIDE:
            return True
    return False


def is_hidden(part: Any) -> bool:
    """Whether a figure, a subfigure or one that it lies in is not drawn."""
    while part is not None:
        if not part.get_visible():
            return True
        part = getattr(part, "_parent", None)
    return False


def is_filtered(axes: Any) -> bool:
    """Whether a filter changes the pixels of the axes as a whole, so that nothing is known."""
    part = axes.figure
    while part is not None:
        if part.get_agg_filter() is not None:
            return True
        part = getattr(part, "_parent", None)
    return axes.get_agg_filter() is not None


def inner_axes(axes: Any) -> list[Any]:
    """The axes that are drawn as a part of others: insets, and the parasites of a host.

    A secondary axis is a child too, but no place for data.
    """
    from matplotlib.axes import Axes

    inner = [child for child in axes.child_axes if isinstance(child, Axes)]
    return [*inner, *getattr(axes, "parasites", ())]  # those of mpl_toolkits.axes_grid1


def hidden_insets(every_axes: list[Any]) -> set[int]:
    """The ids of axes that are not drawn because those that they lie in are not."""
    hidden: set[int] = set()
    for axes in every_axes:  # insets come after what they lie in
        if id(axes) in hidden or not axes.get_visible():
            hidden.update(map(id, inner_axes(axes)))
    return hidden


def parts(figure: Any) -> list[Any]:
    """The figure and its subfigures, at any depth."""
    found = [figure]
    for part in found:
        found.extend(part.subfigs)
    return found


def _wide_spines(axes: Any) -> Iterator[Any]:
    return (spine for spine in axes.spines.values() if is_decorated(spine))


def _axis_of(axes: Any) -> list[Any]:
    names = ("xaxis", "yaxis")
    return [axis for name in names if (axis := getattr(axes, name, None)) is not None]


def _axis_may_cover(axis: Any, axes: Any) -> bool:
    """Whether an axis' grid, ticks or their labels could hide data."""
    from matplotlib import ticker

    if not axis.get_visible():
        return False
    # Ticks that are made while drawing are copies of the first one.
    axis.get_major_ticks(1)
    kinds = [(axis.majorTicks, axis.get_majorticklocs(), axis.get_major_formatter())]
    minor = axis.get_minorticklocs()
    if len(minor):
        axis.get_minor_ticks(1)
        kinds.append((axis.minorTicks, minor, axis.get_minor_formatter()))
    usual = (ticker.ScalarFormatter, ticker.LogFormatter, ticker.NullFormatter)
    length = min(axes.bbox.width, axes.bbox.height) * 72 / axes.figure.dpi
    for ticks, places, formatter in kinds:
        limit = min(WIDE, DENSE_SHARE * length / max(len(places), 1))
        words = not isinstance(formatter, usual)  # of any length, and perhaps between the data
        if words or any(_tick_may_cover(tick, limit) for tick in ticks):
            if len(places) > MAX_TICKS:
                raise ValueError("more ticks than are drawn")
            return True
    offset = axis.get_offset_text()
    return _is_large_text(offset) or _is_boxed(axis.label)


def _tick_may_cover(tick: Any, limit: float) -> bool:
    """limit: the width in points from which the lines of a grid are too wide for their number."""
    grid = tick.gridline
    if grid.get_visible() and (grid.get_linewidth() > limit or _has_wide_effects(grid)):
        return True
    for mark in (tick.tick1line, tick.tick2line):
        large = max(mark.get_markersize(), mark.get_markeredgewidth()) > WIDE
        if mark.get_visible() and (large or _has_wide_effects(mark)):
            return True
    return any(map(_is_large_text, (tick.label1, tick.label2)))


def _is_large_text(text: Any) -> bool:
    return bool(text.get_visible() and (text.get_fontsize() > WIDE or _is_boxed(text)))


def _is_boxed(text: Any) -> bool:
    return text.get_bbox_patch() is not None or _has_wide_effects(text)
