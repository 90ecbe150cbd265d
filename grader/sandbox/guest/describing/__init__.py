"""Describes a matplotlib figure in strict JSON values: what is drawn, where, in which colours.

Nothing is drawn in full: only the artists are rendered, each alone on an empty 50 dpi canvas,
without ticks and texts, unless these could hide data (covers.py). From these layers follows each
artist's "ink": the pixels that change when it is hidden. That costs less than one ordinary draw of
the figure.

The schema stands in `grader.checks.figure.description`, which reads it on the trusted side.
"""

from __future__ import annotations

import contextlib
import json
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

from grader.sandbox.guest.describing.artists import describe_artist
from grader.sandbox.guest.describing.coordinates import AxesView
from grader.sandbox.guest.describing.covers import (
    MAX_COVERS,
    axes_covers,
    figure_covers,
    hidden_insets,
    inner_axes,
    is_filtered,
    is_hidden,
    may_cover_words,
    parts,
    words_in,
)
from grader.sandbox.guest.describing.ink import Raster
from grader.sandbox.guest.describing.plain import (
    HUGE,
    Json,
    clean,
    hexes,
    label_of,
    number,
    numbers,
)
from grader.sandbox.guest.describing.words import (
    at_ticks,
    common_label,
    heading_of,
    label_of_axis,
    legends_of,
    page_of,
    plane_of,
    readable,
    title_of,
)

SCHEMA = 1
MAX_AXES = 16
MAX_ARTISTS = 400
MAX_TEXTS = 50
MAX_BYTES = 1_000_000
INK_DPI = 50
INK_CANVAS_PIXELS = 400_000


def describe_figure(figure: Any) -> Json:
    """The whole figure, below `MAX_BYTES` as JSON. Never raises for an odd artist or label."""
    old_dpi = figure.dpi
    width, height = (float(size) for size in figure.get_size_inches())
    every_axes = _all_axes(figure)
    try:
        figure.dpi = min(INK_DPI, (INK_CANVAS_PIXELS / max(width * height, 1e-6)) ** 0.5)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            canvas = Raster(figure)
            out: Json = {
                "schema": SCHEMA,
                "size_in": numbers([width, height]),
                "dpi": number(old_dpi),
                **_words(figure, canvas.renderer),
                "axes": _describe_all(figure, every_axes, old_dpi, canvas),
                "cut": len(every_axes) > MAX_AXES,
            }
            if canvas.covered_words:
                with _unseen(canvas.covered_words):
                    out |= _words(figure, canvas.renderer)
                    for axes, each in zip(every_axes, out["axes"], strict=False):
                        _read_again(axes, each, canvas.renderer)
    finally:
        figure.dpi = old_dpi
    _fit(out)
    return out


@contextlib.contextmanager
def _unseen(texts: list[Any]) -> Iterator[None]:
    """Hide texts for a while: what lies under something else is read as hidden."""
    for text in texts:
        text.set_visible(False)
    try:
        yield
    finally:
        for text in texts:
            text.set_visible(True)


def _read_again(axes: Any, out: Json, renderer: Any) -> None:
    """Put into a description of axes which of their words can be read now."""
    from matplotlib.legend import Legend

    out["title"] = title_of(axes, renderer)
    out["heading"] = heading_of(axes, renderer)
    for name in ("x", "y"):
        axis = getattr(axes, name + "axis", None)
        if axis is not None and not axis.label.get_visible():
            out[name] = {**out[name], "label": ""}
    legends = [child for child in axes.get_children() if isinstance(child, Legend)]
    for legend, described in zip(legends, out["legends"], strict=False):
        for text, entry in zip(legend.get_texts(), described["entries"], strict=False):
            entry["text"] = entry["text"] if text.get_visible() else ""


def _words(figure: Any, renderer: Any) -> Json:
    """What can be read in the figure itself."""
    page = page_of(figure)
    legends = [legend for part in parts(figure) for legend in part.legends]
    return {
        "suptitle": readable(getattr(figure, "_suptitle", None), page, renderer),
        "supxlabel": common_label(figure, "x", renderer),
        "supylabel": common_label(figure, "y", renderer),
        "texts": [readable(text, page, renderer) for text in figure.texts[:MAX_TEXTS]],
        "legends": legends_of(legends, page, True, renderer),
    }


def _describe_all(figure: Any, every_axes: list[Any], old_dpi: float, canvas: Raster) -> list[Json]:
    hidden = hidden_insets(every_axes)
    canvas.asks_for_words = may_cover_words(figure, every_axes[:MAX_AXES])
    described = []
    for index, axes in enumerate(every_axes[:MAX_AXES]):
        drawn = id(axes) not in hidden and not is_hidden(axes.figure)
        described.append(_describe_axes(axes, index, every_axes, canvas, drawn))
    for axes in every_axes[MAX_AXES:]:
        canvas.add_cover(axes, axes)
    covers = figure_covers(figure)
    for cover in covers[:MAX_COVERS]:
        canvas.add_cover(cover, cover, figure.dpi / old_dpi)
        if canvas.asks_for_words:
            canvas.add_words(words_in(cover), cover)
    canvas.add_covers(covers[MAX_COVERS:], figure)
    canvas.count_ink()
    return described


def _all_axes(figure: Any) -> list[Any]:
    """Every axes once, insets too, in the order of drawing."""
    found = list(figure.axes)
    for axes in found:
        found.extend(child for child in inner_axes(axes) if child not in found)
    return found


def _describe_axes(
    axes: Any, index: int, every_axes: list[Any], canvas: Raster, drawn: bool
) -> Json:
    """drawn: what it stands in is drawn."""
    from matplotlib.legend import Legend

    locator = axes.get_axes_locator()
    with contextlib.suppress(Exception):
        axes.apply_aspect(locator(axes, canvas.renderer) if locator else None)
    out = _frame(axes, index, canvas.renderer)
    out["visible"] = out["visible"] and drawn
    try:
        if is_filtered(axes):
            raise ValueError("a filter changes what is seen")
        view = AxesView(axes)
        twin, sharing = _relations(axes, every_axes[:index])
        children = axes.get_children()
        artists = _data_artists(axes, children)
        covers = _draw_furniture(axes, children, artists, canvas) if out["visible"] else []
        names = _container_labels(axes)
        out |= {
            "twin_of": twin,
            "x": _describe_axis(axes, "x", sharing["x"], view, canvas.renderer),
            "y": _describe_axis(axes, "y", sharing["y"], view, canvas.renderer),
            "grid": _has_grid(axes),
            "legends": legends_of(
                [child for child in children if isinstance(child, Legend)],
                plane_of(axes),
                _is_filled(artists),
                canvas.renderer,
            ),
            "artists": _describe_artists(axes, artists, covers, view, names, canvas),
            "cut": len(artists) > MAX_ARTISTS,
        }
    except Exception:
        # Axes of a kind that nobody foresaw: that they are there is all that can be said.
        out["projection"] = clean(f"{axes.name} (cannot be read)")
        out["cut"] = True
        if out["visible"]:
            canvas.hide_below(axes)
    return out


def _draw_furniture(
    axes: Any, children: list[Any], artists: list[Any], canvas: Raster
) -> list[tuple[float, Any]]:
    """Draw the background of axes. Returns what may cover their artists, each with its zorder."""
    if axes.name == "rectilinear":
        if axes.axison and axes.get_frame_on():
            canvas.add_background(axes)
        return axes_covers(axes, children)
    # Panes, grids and frames of other kinds: all but the artists, which come above them.
    seen = [artist for artist in artists[:MAX_ARTISTS] if artist.get_visible()]
    for artist in seen:
        artist.set_visible(False)
    try:
        canvas.add_cover(axes, axes)
    finally:
        for artist in seen:
            artist.set_visible(True)
    return []


def _describe_artists(
    axes: Any,
    artists: list[Any],
    covers: list[tuple[float, Any]],
    view: AxesView,
    names: dict[int, str],
    canvas: Raster,
) -> list[Json]:
    """The artists' descriptions; what may cover them is drawn where its zorder puts it."""
    plain = axes.name == "rectilinear"
    drawn = [(float(artist.get_zorder()), artist, False) for artist in artists[:MAX_ARTISTS]]
    drawn += [(zorder, cover, True) for zorder, cover in covers[:MAX_COVERS]]
    described = []
    if canvas.asks_for_words and plain:
        for axis in (axes.xaxis, axes.yaxis):
            with contextlib.suppress(Exception):  # TeX that cannot be set
                axis.get_tightbbox(canvas.renderer)  # which puts its label where it belongs
    for _, artist, is_cover in sorted(drawn, key=lambda item: item[0]):
        if is_cover:
            canvas.add_cover(artist, axes)
            if canvas.asks_for_words:
                canvas.add_words(words_in(artist), axes)
        else:
            described.append(describe_artist(artist, view, plain, names, canvas))
    # Artists come sorted: what is beyond the limit lies on top.
    more = [*artists[MAX_ARTISTS:], *(cover for _, cover in covers[MAX_COVERS:])]
    canvas.add_covers(more, axes)
    return described


def _frame(axes: Any, index: int, renderer: Any) -> Json:
    """What holds for any axes; nothing is known of its contents yet."""
    axis = {"limits": [0.0, 1.0], "scale": "linear", "table": None, "label": "", "shares": None}
    aspect = axes.get_aspect()
    return {
        "index": index,
        "projection": clean(axes.name),
        "is_colorbar": axes.get_label() == "<colorbar>" or hasattr(axes, "_colorbar"),
        "visible": bool(axes.get_visible()),
        "twin_of": None,
        "bbox": numbers(axes.get_position().bounds),
        "facecolor": hexes(axes.get_facecolor())[0],
        "x": axis,
        "y": axis,
        "aspect": number(aspect) if isinstance(aspect, (int, float)) else None,
        "title": title_of(axes, renderer),
        "heading": heading_of(axes, renderer),
        "grid": False,
        "legends": [],
        "artists": [],
        "cut": False,
    }


def _relations(axes: Any, earlier: list[Any]) -> tuple[int | None, dict[str, int | None]]:
    """The axes whose twin this is, and the first with which it shares x and y."""
    twin: int | None = None
    sharing: dict[str, int | None] = {"x": None, "y": None}
    for index, other in enumerate(earlier):
        shares = {
            "x": axes.get_shared_x_axes().joined(axes, other),
            "y": axes.get_shared_y_axes().joined(axes, other),
        }
        for name, shared in shares.items():
            if shared and sharing[name] is None:
                sharing[name] = index
        if twin is None and any(shares.values()):
            same_place = np.allclose(axes.get_position().bounds, other.get_position().bounds)
            twin = index if same_place else None
    return twin, sharing


def _describe_axis(axes: Any, name: str, shares: int | None, view: AxesView, renderer: Any) -> Json:
    axis: Any = getattr(axes, name + "axis", None)
    shown = axis is not None and axes.axison and axis.get_visible() and axes.get_visible()
    low, high = (float(np.nan_to_num(end)) for end in view.limits["xy".index(name)])
    scale = str(getattr(axes, f"get_{name}scale")())
    table = None
    if scale not in ("linear", "log"):
        table = view.table("xy".index(name))
    return {
        "limits": [max(min(end, HUGE), -HUGE) for end in (low, high)],
        "scale": clean(scale),
        "table": table,
        "label": label_of_axis(axis, renderer) if shown else "",
        "shares": shares,
        "ticks": at_ticks(axis) if shown else None,
    }


def _has_grid(axes: Any) -> bool:
    ticks = [axis.get_major_ticks(1) for axis in (axes.xaxis, axes.yaxis)]
    return any(tick.gridline.get_visible() for some in ticks for tick in some[:1])


def _is_filled(artists: list[Any]) -> bool:
    """Whether data may be behind anything that lies in their axes."""
    from matplotlib import cm, collections, patches

    kinds = (cm.ScalarMappable, collections.PolyCollection, patches.Patch)
    return any(isinstance(artist, kinds) for artist in artists)


def _data_artists(axes: Any, children: list[Any]) -> list[Any]:
    """What a person put into the axes: no spines, axis, background, titles, legends or insets."""
    from matplotlib.axes import Axes
    from matplotlib.axes._secondary_axes import SecondaryAxis
    from matplotlib.axis import Axis
    from matplotlib.legend import Legend
    from matplotlib.spines import Spine

    furniture = {id(axes.patch), id(axes.title)}
    furniture |= {id(getattr(axes, name, None)) for name in ("_left_title", "_right_title")}
    kept = [
        child
        for child in children
        if id(child) not in furniture
        and not isinstance(child, (Axes, Axis, Legend, SecondaryAxis, Spine))
        and type(child).__module__ != "matplotlib.inset"  # only since matplotlib 3.10
    ]
    return sorted(kept, key=lambda child: child.get_zorder())


def _container_labels(axes: Any) -> dict[int, str]:
    """Labels that matplotlib keeps on a container (bars, stems, error bars), by artist."""
    labels: dict[int, str] = {}
    for container in axes.containers:
        label = label_of(container)
        for item in container if label else ():
            for artist in item if isinstance(item, (list, tuple)) else [item]:
                labels[id(artist)] = label
    return labels


def _fit(out: Json) -> None:
    """Drop the largest artists' coordinates until the whole is below the limit in bytes."""
    listed = [artist for axes in out["axes"] for artist in axes["artists"]]
    bulk = ("paths", "level_of", "xy", "markers", "cells")
    if _count(out) * 20 < MAX_BYTES:
        return
    size = {id(artist): len(json.dumps(artist)) for artist in listed}
    total = len(json.dumps(out))
    for artist in sorted(listed, key=lambda artist: -size[id(artist)]):
        if total < MAX_BYTES:
            break
        for name in bulk:
            artist.pop(name, None)
        artist["cut"] = True
        total -= size[id(artist)] - len(json.dumps(artist))


def _count(value: Any) -> int:
    if isinstance(value, dict):
        return sum(1 + _count(item) for item in value.values())
    if isinstance(value, list):
        return len(value) if value and type(value[0]) is float else 1 + sum(map(_count, value))
    return 1 + (len(value) // 20 if isinstance(value, str) else 0)
