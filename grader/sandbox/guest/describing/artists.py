"""Describes what is drawn in one axes, artist by artist: kind, coordinates, colours."""

from __future__ import annotations

import contextlib
import math
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np

from grader.sandbox.guest.describing.coordinates import (
    MAX_VERTICES,
    AxesView,
    paths_of,
    points_of,
    split,
    spread,
    spread_points_of,
)
from grader.sandbox.guest.describing.ink import Raster
from grader.sandbox.guest.describing.plain import (
    SMALLEST,
    Array,
    Json,
    bytes_of,
    clean,
    hexes,
    label_of,
    number,
    numbers,
)

MAX_CELLS = 40_000
MAX_CELL_SIDE = 2_000
MAX_CELL_COLOURS = 12


def describe_artist(
    artist: Any, view: AxesView, plain: bool, names: dict[int, str], canvas: Raster
) -> Json:
    """One artist. plain: its axes has two straight directions. names: labels of containers."""
    out: Json = {
        "kind": "unreadable",
        "label": label_of(artist) or names.get(id(artist), ""),
        "visible": bool(artist.axes.get_visible() and artist.get_visible()),
        "alpha": None,
        "zorder": number(min(max(artist.get_zorder(), -1e9), 1e9)),
        "ink": None,
        "area": None,
        "cut": False,
    }
    with contextlib.suppress(Exception):
        alpha = artist.get_alpha()
        out["alpha"] = None if alpha is None else number(np.max(alpha))
    try:
        # Rendering comes first: it maps values to colours and finds automatic quiver scales.
        canvas.add(artist, artist.axes, out)
        if plain:
            read = next((read for kind, read in _readers() if isinstance(artist, kind)), None)
            out.update(read(artist, view, canvas) if read else {})
    except Exception:
        out["kind"] = "unreadable"
    return out


def _read_line(line: Any, view: AxesView, canvas: Raster) -> Json:
    from matplotlib.colors import to_rgba

    points = view.to_data(line.get_transform(), line.get_xydata())
    style = line_style(line)
    drawn = style != ""
    out: Json = {"kind": "line", "line": drawn, "edge": [], "style": style}
    if drawn:
        out["edge"] = hexes(to_rgba(line.get_color(), line.get_alpha()))
        out["steps"] = line.get_drawstyle() != "default"
        if out["steps"]:
            out["corners"] = paths_of([_stepped(line, view)], view)["paths"]
    marker = marker_of(line.get_marker())
    if marker:
        marked = _every(points, line.get_markevery())
        face = to_rgba(line.get_markerfacecolor(), line.get_alpha())
        if line.get_fillstyle() == "none":
            face = (0, 0, 0, 0)
        out["markers"] = {
            "shapes": [marker],
            "sizes": numbers([line.get_markersize() ** 2]),
            "widths": numbers([line.get_markeredgewidth()]),
            "face": hexes(face),
            "edge": hexes(to_rgba(line.get_markeredgecolor(), line.get_alpha())),
        }
        if not line.get_markeredgewidth():
            out["markers"]["edge"] = ["#00000000"]
        out.update(points_of(marked) if drawn else spread_points_of(marked))
    # Where only markers are drawn, the points say it all.
    out.update(paths_of([points] if drawn else [], view))
    out["cut"] = bool(out.get("cut"))
    return out


def _stepped(line: Any, view: AxesView) -> Array:
    """The vertices of a stepped line as it is drawn, each step with both of its ends."""
    from matplotlib.cbook import STEP_LOOKUP_MAP

    x, y = np.asarray(line.get_xydata(), float).T
    corners = np.column_stack(STEP_LOOKUP_MAP[line.get_drawstyle()](x, y))
    return view.to_data(line.get_transform(), corners)


def _every(points: Array, every: Any) -> Array:
    """The marked points of a line; all of them where `markevery` speaks in lengths."""
    index: Any = slice(None)
    if isinstance(every, (int, np.integer)):
        index = slice(None, None, int(every))
    elif isinstance(every, tuple) and all(isinstance(item, (int, np.integer)) for item in every):
        index = slice(int(every[0]), None, int(every[1]))
    elif isinstance(every, (slice, list, np.ndarray)):
        index = every
    marked: Array = points[index]
    return marked


def _read_points(collection: Any, view: AxesView, canvas: Raster) -> Json:
    offsets = view.to_data(collection.get_offset_transform(), collection.get_offsets())
    edge = np.asarray(collection.get_edgecolor(), float).reshape(-1, 4)
    widths = np.ravel(collection.get_linewidth())
    if len(edge) and not widths.all():
        edge = np.resize(edge, (max(len(edge), len(widths)), 4))
        edge[np.resize(widths, len(edge)) == 0, 3] = 0
    kept = spread(len(offsets))

    def own(values: Any) -> Any:
        """What belongs to the points that are kept, of values that repeat from point to point."""
        if len(kept) == len(offsets) or len(values) < 2:
            return values[:MAX_VERTICES]
        return [values[index] for index in kept % len(values)]

    return {
        "kind": "points",
        **spread_points_of(offsets),
        "markers": {
            "shapes": [shape_of(path) for path in own(collection.get_paths())],
            "sizes": numbers(own(collection.get_sizes())),
            "widths": numbers(own(widths)),
            "face": hexes(own(collection.get_facecolor())),
            "edge": hexes(own(edge)),
        },
    }


def _read_contour(contour: Any, view: AxesView, canvas: Raster) -> Json:
    transform = contour.get_transform()
    pieces, level_of = [], []
    for level, path in enumerate(contour.get_paths()):
        for piece in split(path):
            pieces.append(view.to_data(transform, piece))
            level_of.append(level)
    out = paths_of(pieces, view, always=True)
    # To draw a hatched contour leaves all of its layers in the colour of the last.
    contour.update_scalarmappable()
    return {
        "kind": "contour",
        **out,
        "filled": bool(contour.filled),
        "levels": numbers(contour.levels[:MAX_VERTICES]),
        "level_of": level_of[: len(out["paths"])],
        "hatches": _hatches(contour.hatches) if contour.filled else [],
        "edge": [] if contour.filled else hexes(contour.get_edgecolor()[:MAX_VERTICES]),
        "face": hexes(contour.get_facecolor()[:MAX_VERTICES]) if contour.filled else [],
    }


def _hatches(hatches: Any) -> list[str]:
    """The patterns of areas, "" for none; nothing where there are none at all."""
    names = [clean(hatch or "") for hatch in hatches[:MAX_VERTICES]]
    return names if any(names) else []


def _read_segments(collection: Any, view: AxesView, canvas: Raster) -> Json:
    transform = collection.get_transform()
    pieces = [
        view.to_data(transform, piece) for path in collection.get_paths() for piece in split(path)
    ]
    edge = hexes(collection.get_edgecolor()[:MAX_VERTICES])
    return {"kind": "segments", **paths_of(pieces, view), "edge": edge}


def _read_region(artist: Any, view: AxesView, canvas: Raster) -> Json:
    paths = artist.get_paths() if hasattr(artist, "get_paths") else [artist.get_path()]
    transform = artist.get_transform()
    pieces = [view.to_data(transform, piece) for path in paths for piece in split(path)]
    edge, face = artist.get_edgecolor(), artist.get_facecolor()
    filled = getattr(artist, "get_fill", lambda: True)()
    return {
        "kind": "region",
        "style": clean(artist.get_hatch() or ""),
        "hatches": _hatches([artist.get_hatch()]),
        **paths_of(pieces, view),
        "edge": hexes(edge[:MAX_VERTICES]) if np.any(artist.get_linewidth()) else [],
        "face": hexes(face[:MAX_VERTICES]) if filled else [],
    }


def _read_stairs(patch: Any, view: AxesView, canvas: Raster) -> Json:
    values, edges, _ = patch.get_data()
    points = np.column_stack([np.asarray(edges)[:-1], values])
    drawn = [view.to_data(patch.get_transform(), piece) for piece in split(patch.get_path())]
    return {
        "kind": "line",
        "line": True,
        "steps": True,
        "style": "-",
        "edge": hexes(patch.get_edgecolor()),
        **paths_of([points], view),
        "corners": paths_of(drawn, view)["paths"],
    }


def _read_quiver(quiver: Any, view: AxesView, canvas: Raster) -> Json:
    out = points_of(np.asarray(quiver.XY, float))
    if quiver.angles == "xy" and quiver.scale_units == "xy" and quiver.scale:
        moves = np.column_stack([np.ravel(quiver.U), np.ravel(quiver.V)]) / quiver.scale
        tails = (
            np.asarray(quiver.XY, float)
            - {"mid": 0.5, "middle": 0.5, "tip": 1.0}.get(quiver.pivot, 0.0) * moves
        )
        pairs = np.stack([tails, tails + moves], axis=1)
        out.update(paths_of(list(pairs), view))
    return {"kind": "quiver", **out, "face": hexes(quiver.get_facecolor()[:MAX_VERTICES])}


def _read_fancy_arrow(arrow: Any, view: AxesView, canvas: Raster) -> Json:
    tail = np.array([arrow._x, arrow._y], float)
    ends = np.stack([tail, tail + np.array([arrow._dx, arrow._dy], float)])
    return _arrow(arrow, ends, view)


def _read_arrow(arrow: Any, view: AxesView, canvas: Raster) -> Json:
    ends = np.array(arrow._posA_posB, float)
    return _arrow(arrow, view.to_data(arrow.get_transform(), ends), view)


def _arrow(arrow: Any, ends: Array, view: AxesView) -> Json:
    return {
        "kind": "arrow",
        **paths_of([ends], view),
        "edge": hexes(arrow.get_edgecolor()),
        "face": hexes(arrow.get_facecolor()),
    }


def _read_text(text: Any, view: AxesView, canvas: Raster) -> Json:
    return {**_words(text), **points_of(view.to_data(text.get_transform(), text.get_position()))}


def _read_annotation(note: Any, view: AxesView, canvas: Raster) -> Json:
    """The point that is annotated, and the arrow from the words to it."""
    from matplotlib.transforms import IdentityTransform

    note.update_positions(canvas.renderer)
    head = view.to_data(IdentityTransform(), note._get_position_xy(canvas.renderer))
    out: Json = {**_words(note), "kind": "annotation"}
    if note.arrow_patch is not None:
        tail = view.to_data(note.get_transform(), note.get_position())
        out.update(paths_of([np.concatenate([tail, head])], view))
        out["face"] = hexes(note.arrow_patch.get_edgecolor())
    return {**out, **points_of(head)}


def _words(text: Any) -> Json:
    from matplotlib.colors import to_rgba

    colour = hexes(to_rgba(text.get_color(), text.get_alpha()))
    words = clean(text.get_text()) if text.get_fontsize() >= SMALLEST else ""
    return {"kind": "text", "text": words, "edge": colour}


def _read_mesh(mesh: Any, view: AxesView, canvas: Raster) -> Json:
    corners = np.asarray(mesh.get_coordinates(), float)
    columns, rows = corners[:, :, 0], corners[:, :, 1]
    grid = np.allclose(columns, columns[:1]) and np.allclose(rows, rows[:, :1])
    if not grid or mesh.get_transform() != view.data:
        return {"kind": "mesh", "cut": True}
    x, y = columns[0], rows[:, 0]
    if getattr(mesh, "_shading", "flat") != "gouraud":
        x, y = (x[1:] + x[:-1]) / 2, (y[1:] + y[:-1]) / 2
    colours = np.asarray(mesh.get_facecolor()).reshape(len(y), len(x), 4)
    return {"kind": "mesh", "cells": _cells(x, y, colours)}


def _read_image(image: Any, view: AxesView, canvas: Raster) -> Json:
    left, right, bottom, top = image.get_extent()
    array = image.get_array()
    rows, columns = array.shape[:2]
    if image.get_transform() != view.data:
        return {"kind": "image", "cut": True}
    x = left + (np.arange(columns) + 0.5) * (right - left) / columns
    y = bottom + (np.arange(rows) + 0.5) * (top - bottom) / rows
    if image.origin == "upper":
        y = y[::-1]
    colours = image.to_rgba(array, alpha=image.get_alpha())
    return {"kind": "image", "cells": _cells(x, y, np.asarray(colours, float))}


def _cells(x: Array, y: Array, colours: Array) -> Json:
    """Cell centres and, where a dozen colours or fewer tell the cells apart, each cell's colour.

    Cells over the limit are thinned evenly, which loses nothing at the precision in use.
    """
    step = math.ceil(math.sqrt(len(x) * len(y) / MAX_CELLS))
    across, down = (max(step, math.ceil(len(side) / MAX_CELL_SIDE)) for side in (x, y))
    x, y, colours = x[::across], y[::down], colours[::down, ::across]
    packed = np.ascontiguousarray(bytes_of(colours)).view(np.uint32)[..., 0]
    distinct, index = np.unique(packed, return_inverse=True)
    out: Json = {"x": numbers(x), "y": numbers(y), "colours": None, "rows": None}
    if len(distinct) <= MAX_CELL_COLOURS:
        digits = np.frombuffer(b"0123456789abcdef", np.uint8)[index.reshape(packed.shape)]
        out["colours"] = ["#" + value.tobytes().hex() for value in distinct]
        out["rows"] = [row.tobytes().decode() for row in digits]
    return out


def _readers() -> list[tuple[Any, Callable[[Any, AxesView, Raster], Json]]]:
    """Which function reads which artist; the first type that fits counts."""
    from matplotlib import collections, contour, image, lines, offsetbox, patches, quiver, text
    from matplotlib.table import Table

    by_offset = (
        collections.PathCollection,
        collections.RegularPolyCollection,
        collections.CircleCollection,
    )
    return [
        (lines.Line2D, _read_line),
        (contour.ContourSet, _read_contour),
        (quiver.Quiver, _read_quiver),
        (by_offset, _read_points),
        (collections.LineCollection, _read_segments),
        ((collections.QuadMesh, collections.PolyQuadMesh), _read_mesh),
        ((collections.PolyCollection, collections.PatchCollection), _read_region),
        (image.AxesImage, _read_image),
        (patches.FancyArrow, _read_fancy_arrow),
        (patches.FancyArrowPatch, _read_arrow),
        (patches.StepPatch, _read_stairs),
        (patches.Patch, _read_region),
        (text.Annotation, _read_annotation),
        (text.Text, _read_text),
        ((offsetbox.OffsetBox, offsetbox.AnnotationBbox, Table), _read_decoration),
    ]


def _read_decoration(artist: Any, view: AxesView, canvas: Raster) -> Json:
    return {"kind": "text", "text": ""}


def line_style(line: Any) -> str:
    """matplotlib's name of the dashes, or their lengths; "" where no stroke is drawn."""
    style = clean(line.get_linestyle())
    if style.strip().lower() in ("none", "") or not line.get_linewidth():
        return ""
    # matplotlib calls any pattern of one's own "--", and keeps its lengths to itself.
    lengths = getattr(line, "_unscaled_dash_pattern", (0, None))[1] or ()
    if style != "--" or tuple(lengths) in ((), (3.7, 1.6)):
        return style
    return " ".join(f"{float(each):.4g}" for each in lengths)


def marker_of(marker: Any) -> str:
    """The signature of a line's marker, or "" for none."""
    from matplotlib.markers import MarkerStyle

    style = MarkerStyle(marker)
    path: Any = style.get_path()
    return shape_of(path.transformed(style.get_transform())) if len(path.vertices) else ""


def shape_of(path: Any) -> str:
    """Equal for equal marker shapes, whether drawn by plot or by scatter."""
    rounded = np.round(np.asarray(path.vertices, float), 3) + 0.0
    return f"{zlib.crc32(rounded.tobytes()):08x}"


def legend_key(handle: Any) -> Json:
    """Colours and marker of a legend's sample."""
    out: Json = {"kind": "other", "colours": [], "marker": "", "style": ""}
    with contextlib.suppress(Exception):
        from matplotlib import collections, lines, patches
        from matplotlib.colors import to_rgba

        if isinstance(handle, tuple | list) and handle:
            handle = handle[0]
        if isinstance(handle, lines.Line2D):
            out["kind"], out["marker"] = "line", marker_of(handle.get_marker())
            out["style"] = line_style(handle)
            colours = []
            if out["style"]:
                colours.append(to_rgba(handle.get_color(), handle.get_alpha()))
            if out["marker"]:
                colours.append(to_rgba(handle.get_markerfacecolor(), handle.get_alpha()))
                colours.append(to_rgba(handle.get_markeredgecolor(), handle.get_alpha()))
            out["colours"] = hexes(colours)
        elif isinstance(handle, collections.Collection):
            shown = isinstance(handle, collections.PathCollection)
            out["kind"] = "points" if shown else "line"
            out["marker"] = shape_of(handle.get_paths()[0]) if shown else ""
            out["colours"] = hexes(handle.get_facecolor()[:1]) + hexes(handle.get_edgecolor()[:1])
        elif isinstance(handle, patches.Patch):
            out["kind"], out["style"] = "region", clean(handle.get_hatch() or "")
            out["colours"] = hexes(handle.get_facecolor()) + hexes(handle.get_edgecolor())
    return out
