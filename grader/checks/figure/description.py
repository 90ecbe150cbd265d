"""A figure as the worker described it, validated. The dict comes from a hostile process.

`FigureDescription.from_wire` takes plain values (see `grader.sandbox.guest.describing`, which makes
them) and gives frozen objects whose arrays have the shapes that they promise, so that the claims
of this package never meet a surprise. Anything else raises `grader.errors.Refused`.

Schema 1. Colours are "#rrggbbaa"; null stands for a number that is not finite; coordinates are
data coordinates.

    figure   schema, size_in, dpi, suptitle, supxlabel, supylabel, texts, legends, axes, cut
    axes     index, projection, is_colorbar, visible, twin_of, bbox, facecolor, x, y, aspect,
             title, heading (of the subfigure around), grid, legends, artists, cut
    x, y     limits, scale, table (data values at even places of the view, for rare scales),
             label (as drawn, "" where hidden), shares (index of the first axes it is shared with),
             ticks: at, texts
    legend   title, visible, entries: text, kind, colours, marker, style
    artist   kind, label, visible, alpha, zorder, ink, area, cut, and by kind: line, steps, style,
             corners, simplified, paths, xy, markers (shapes, sizes, widths, face, edge: each
             cycled over the points), edge, face, hatches, filled, levels, level_of,
             cells (x, y, colours, rows), text
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.figure.reading import Reader

Array = np.ndarray[Any, Any]

SCHEMA = 1
MAX_AXES = 16
MAX_ARTISTS = 400
MAX_VERTICES = 4_000
MAX_CELLS = 40_000
MAX_CELL_COLOURS = 12
MAX_LEGENDS = 8
MAX_LEGEND_ENTRIES = 50
MAX_TEXTS = 50
MAX_TICKS = 200
KINDS = frozenset(
    {"line", "points", "contour", "segments", "region", "quiver", "arrow", "annotation", "text"}
    | {"mesh", "image", "unreadable"}
)


@dataclass(frozen=True)
class Markers:
    """How points look. Each array is cycled over the points.

    shapes: signatures, equal for equal shapes. sizes: areas in points squared. widths: of
    the edges, in points.
    face, edge: (m, 4) RGBA from 0 to 1; (0, 4) where there is none.
    """

    shapes: tuple[str, ...]
    sizes: Array
    widths: Array
    face: Array
    edge: Array


@dataclass(frozen=True)
class Cells:
    """A mesh or an image: the colour of each cell, or None if more than a dozen differ.

    x (columns,), y (rows,): the cells' centres. colours (k, 4). index (rows, columns): into it.
    """

    x: Array
    y: Array
    colours: Array | None
    index: Array | None


@dataclass(frozen=True)
class Artist:
    """One thing drawn.

    kind: one of `KINDS`. area: pixels that it covers at 50 dpi; ink: those
    of them that change when it is hidden; None if nobody counted.
    cut: some of it is missing here. simplified: vertices were left out that lie on the line.
    line: a stroke joins the vertices; style: its dashes, or a region's hatching.
    paths: (m, 2) arrays. steps: the stroke joins them by steps, whose ends are in `corners`.
    xy: (m, 2) separate points.
    edge, face: (k, 4) RGBA. hatches: the patterns of areas, "" for none, cycled over the layers of
    a contour or the paths of a region; empty where nothing is hatched.
    level_of: for each path the index into `levels`.
    """

    kind: str
    label: str
    visible: bool
    alpha: float
    zorder: float
    ink: int | None
    area: int | None
    cut: bool
    simplified: bool
    line: bool
    steps: bool
    corners: tuple[Array, ...]
    style: str
    paths: tuple[Array, ...]
    xy: Array
    markers: Markers | None
    edge: Array
    face: Array
    hatches: tuple[str, ...]
    filled: bool
    levels: Array
    level_of: Array
    cells: Cells | None
    text: str


@dataclass(frozen=True)
class Axis:
    """One direction of an axes. table: data values at even places of the view, increasing or not,
    for scales other than linear and log. ticks: of those with labels of their own, the place and
    the label."""

    limits: tuple[float, float]
    scale: str
    table: Array | None
    label: str
    shares: int | None
    ticks: tuple[tuple[float, str], ...]

    def to_view(self, values: Array) -> Array:
        """Data values -> 0 at the lower end of the view, 1 at the upper end."""
        low, high = self.limits
        if self.table is not None:
            places = np.linspace(0, 1, len(self.table))
            flip = -1 if self.table[0] > self.table[-1] else 1
            return np.interp(values, self.table[::flip], places[::flip], np.nan, np.nan)
        if self.scale == "log":
            low, high = np.log10(low), np.log10(high)
            with np.errstate(all="ignore"):
                values = np.where(values > 0, np.log10(values), np.nan)
        with np.errstate(all="ignore"):
            return np.asarray((values - low) / (high - low))


@dataclass(frozen=True)
class LegendEntry:
    """One line of a legend: its text, and its sample's colours (k, 4), marker shape and dashes."""

    text: str
    kind: str
    colours: Array
    marker: str
    style: str


@dataclass(frozen=True)
class Legend:
    """A legend of an axes or of the figure."""

    title: str
    visible: bool
    entries: tuple[LegendEntry, ...]


@dataclass(frozen=True)
class Axes:
    """One axes with what is drawn in it, in the order of drawing.

    title: the words above it; heading: those above the subfigure in which it stands.
    """

    index: int
    projection: str
    is_colorbar: bool
    visible: bool
    twin_of: int | None
    bbox: tuple[float, ...]
    facecolor: Array
    x: Axis
    y: Axis
    aspect: float | None
    title: str
    heading: str
    grid: bool
    legends: tuple[Legend, ...]
    artists: tuple[Artist, ...]
    cut: bool

    def to_view(self, points: Array) -> Array:
        """(n, 2) data coordinates -> (n, 2) places, (0, 0) to (1, 1) inside the view."""
        return np.column_stack([self.x.to_view(points[:, 0]), self.y.to_view(points[:, 1])])


@dataclass(frozen=True)
class FigureDescription:
    """The whole figure. cut: there are more axes than are described."""

    size_in: tuple[float, ...]
    dpi: float
    suptitle: str
    supxlabel: str
    supylabel: str
    texts: tuple[str, ...]
    legends: tuple[Legend, ...]
    axes: tuple[Axes, ...]
    cut: bool

    @classmethod
    def from_wire(cls, obj: object) -> FigureDescription:
        """Validate what the worker sent. Raises Refused, nothing else, where it is malformed."""
        return _figure(Reader(obj, "the description of a figure"))


def _figure(reader: Reader) -> FigureDescription:
    keys = "schema size_in dpi suptitle supxlabel supylabel texts legends axes cut"
    reader.keys(keys)
    if reader["schema"].integer() != SCHEMA:
        raise reader["schema"].refuse(f"is not {SCHEMA}")
    axes = tuple(_axes(item, index) for index, item in enumerate(reader["axes"].items(MAX_AXES)))
    return FigureDescription(
        size_in=tuple(reader["size_in"].numbers(2, exactly=True, finite=True).tolist()),
        dpi=reader["dpi"].number(),
        suptitle=reader["suptitle"].text(),
        supxlabel=reader["supxlabel"].text(),
        supylabel=reader["supylabel"].text(),
        texts=tuple(item.text() for item in reader["texts"].items(MAX_TEXTS)),
        legends=tuple(_legend(item) for item in reader["legends"].items(MAX_LEGENDS)),
        axes=axes,
        cut=reader["cut"].flag(),
    )


def _axes(reader: Reader, index: int) -> Axes:
    reader.keys(
        "index projection is_colorbar visible twin_of bbox facecolor x y aspect title grid legends "
        "artists cut",
        optional="heading",
    )
    if reader["index"].integer() != index:
        raise reader["index"].refuse("is not its place")
    return Axes(
        index=index,
        projection=reader["projection"].text(),
        is_colorbar=reader["is_colorbar"].flag(),
        visible=reader["visible"].flag(),
        twin_of=reader["twin_of"].optional(lambda item: item.integer(0, index - 1)),
        bbox=tuple(reader["bbox"].numbers(4, exactly=True).tolist()),
        facecolor=reader["facecolor"].colour(),
        x=_axis(reader["x"], index),
        y=_axis(reader["y"], index),
        aspect=reader["aspect"].optional(lambda item: item.number()),
        title=reader["title"].text(),
        heading=reader["heading"].optional(lambda item: item.text(), ""),
        grid=reader["grid"].flag(),
        legends=tuple(_legend(item) for item in reader["legends"].items(MAX_LEGENDS)),
        artists=tuple(_artist(item) for item in reader["artists"].items(MAX_ARTISTS)),
        cut=reader["cut"].flag(),
    )


def _axis(reader: Reader, index: int) -> Axis:
    reader.keys("limits scale table label shares", optional="ticks")
    low, high = reader["limits"].numbers(2, exactly=True, finite=True).tolist()
    scale = reader["scale"].text()
    if low == high or (scale == "log" and min(low, high) <= 0):
        raise reader["limits"].refuse("is not an interval")
    table = None
    if reader["table"].value is not None:
        table = reader["table"].numbers(257, exactly=True, finite=True)
        steps = np.diff(table)
        if not ((steps >= 0).all() or (steps <= 0).all()):
            raise reader["table"].refuse("is not monotonic")
    return Axis(
        limits=(low, high),
        scale=scale,
        table=table,
        label=reader["label"].text(),
        shares=reader["shares"].optional(lambda item: item.integer(0, index - 1)),
        ticks=reader["ticks"].optional(_ticks, ()),
    )


def _ticks(reader: Reader) -> tuple[tuple[float, str], ...]:
    reader.keys("at texts")
    texts = [item.text() for item in reader["texts"].items(MAX_TICKS)]
    places = reader["at"].numbers(len(texts), exactly=True, finite=True)
    return tuple(zip(places.tolist(), texts, strict=True))


def _legend(reader: Reader) -> Legend:
    reader.keys("title visible entries")
    entries = []
    for item in reader["entries"].items(MAX_LEGEND_ENTRIES):
        item.keys("text kind colours marker style")
        entries.append(
            LegendEntry(
                text=item["text"].text(),
                kind=item["kind"].text(),
                colours=item["colours"].colours(4),
                marker=item["marker"].text(),
                style=item["style"].text(),
            )
        )
    return Legend(
        title=reader["title"].text(), visible=reader["visible"].flag(), entries=tuple(entries)
    )


def _artist(reader: Reader) -> Artist:
    reader.keys(
        "kind label visible alpha zorder ink area cut",
        optional="line steps corners style simplified paths xy markers edge face hatches "
        "filled levels level_of cells text",
    )
    kind = reader["kind"].text()
    if kind not in KINDS:
        raise reader["kind"].refuse("is not known")
    paths = tuple(reader["paths"].points_list(MAX_VERTICES))
    levels = reader["levels"].numbers(MAX_VERTICES)
    level_of = reader["level_of"].numbers(MAX_VERTICES, finite=True)
    last = len(levels) + 1  # a filled plot may have a layer beyond either end
    if kind == "contour" and len(level_of) != len(paths):
        raise reader["level_of"].refuse("does not fit the paths")
    if (
        len(level_of)
        and not ((level_of == np.rint(level_of)) & (level_of >= 0) & (level_of <= last)).all()
    ):
        raise reader["level_of"].refuse("does not fit the levels")
    return Artist(
        kind=kind,
        label=reader["label"].text(),
        visible=reader["visible"].flag(),
        alpha=reader["alpha"].optional(lambda item: item.number(), 1.0),
        zorder=reader["zorder"].number(),
        ink=reader["ink"].optional(lambda item: item.integer(0, 1 << 32)),
        area=reader["area"].optional(lambda item: item.integer(0, 1 << 32)),
        cut=reader["cut"].flag(),
        simplified=reader["simplified"].optional(lambda item: item.flag(), False),
        line=reader["line"].optional(lambda item: item.flag(), False),
        steps=reader["steps"].optional(lambda item: item.flag(), False),
        corners=tuple(reader["corners"].points_list(MAX_VERTICES)),
        style=reader["style"].optional(lambda item: item.text(), ""),
        paths=paths,
        xy=reader["xy"].points(MAX_VERTICES),
        markers=reader["markers"].optional(_markers),
        edge=reader["edge"].colours(MAX_VERTICES),
        face=reader["face"].colours(MAX_VERTICES),
        hatches=tuple(item.text() for item in reader["hatches"].items(MAX_VERTICES)),
        filled=reader["filled"].optional(lambda item: item.flag(), False),
        levels=levels,
        level_of=level_of.astype(int),
        cells=reader["cells"].optional(_cells),
        text=reader["text"].optional(lambda item: item.text(), ""),
    )


def _markers(reader: Reader) -> Markers:
    reader.keys("shapes sizes widths face edge")
    return Markers(
        shapes=tuple(item.text() for item in reader["shapes"].items(MAX_VERTICES)),
        sizes=reader["sizes"].numbers(MAX_VERTICES),
        widths=reader["widths"].numbers(MAX_VERTICES),
        face=reader["face"].colours(MAX_VERTICES),
        edge=reader["edge"].colours(MAX_VERTICES),
    )


def _cells(reader: Reader) -> Cells:
    reader.keys("x y colours rows")
    x = reader["x"].numbers(MAX_CELLS)
    y = reader["y"].numbers(MAX_CELLS)
    if len(x) * len(y) > 2 * MAX_CELLS:
        raise reader.refuse("has too many cells")
    if reader["colours"].value is None:
        return Cells(x, y, None, None)
    colours = reader["colours"].colours(MAX_CELL_COLOURS)
    rows = [item.text(MAX_CELLS) for item in reader["rows"].items(MAX_CELLS)]
    try:
        digits = np.array([list(row.encode("ascii")) for row in rows], int).reshape(len(y), len(x))
    except ValueError:
        raise reader["rows"].refuse("does not fit the centres") from None
    letters = digits >= ord("a")
    index = np.where(letters, digits - ord("a") + 10, digits - ord("0"))
    if index.size and not ((index >= 0) & (index < len(colours))).all():
        raise reader["rows"].refuse("does not fit the colours")
    return Cells(x, y, colours, index)
