"""The description says what is drawn, within its limits, and a forged one is refused."""

from __future__ import annotations

import contextlib
import copy
import json
import warnings

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke
from mpl_toolkits.axes_grid1 import host_subplot

from grader.checks.figure import (
    FigureDescription,
    axes_labelled,
    boundary_drawn,
    classes_distinguishable,
    contours_drawn,
    curve_drawn,
    curves_named,
    legend_shown,
    log_scale,
    margins_drawn,
    path_drawn,
    path_labelled,
    point_marked,
    support_vectors_marked,
)
from grader.errors import GraderFault, Refused, StudentFault
from grader.sandbox.guest import figures


def _every_kind():
    rng = np.random.default_rng(0)
    fig, (ax, other) = plt.subplots(1, 2)
    ax.plot([0, 1, 2], [0, np.nan, 2], "o--", label="line")
    ax.scatter(*rng.random((2, 9)), c=rng.random(9), label="points")
    ax.axhline(1)
    ax.axline((0, 0), slope=1)
    ax.bar([1, 2], [1, 2], label="bars")
    ax.annotate("here", (1, 1), (0, 1), arrowprops={"arrowstyle": "->"})
    ax.arrow(0, 0, 1, 1)
    ax.text(0, 0, "words")
    ax.fill_between([0, 1], [1, 2])
    grid = np.linspace(-1, 1, 20)
    surface = grid[:, None] ** 2 + grid**2
    other.contourf(grid, grid, surface)
    fig.colorbar(other.contour(grid, grid, surface, levels=[0.2, 0.5]))
    other.pcolormesh(grid, grid, surface > 1)
    other.imshow(surface, extent=(0, 1, 0, 1))
    other.quiver([0], [0], [1], [1], angles="xy", scale_units="xy", scale=1)
    other.vlines([0, 1], 0, 1)
    other.set_yscale("symlog")
    other.legend(["a"])
    ax.legend()
    fig.suptitle("all")
    return fig


def _artists(ax, travel):
    return travel(ax.figure).axes[0].artists


def test_every_kind_is_read(travel):
    figure = travel(_every_kind())
    kinds = {artist.kind for axes in figure.axes for artist in axes.artists}
    assert kinds >= {
        "line", "points", "contour", "segments", "region", "quiver", "arrow", "annotation", "text",
        "mesh", "image",
    }  # fmt: skip
    assert "unreadable" not in kinds
    assert [axes.is_colorbar for axes in figure.axes] == [False, False, True]
    assert figure.suptitle == "all"
    (legend,) = figure.axes[0].legends
    assert [entry.text for entry in legend.entries] == ["line", "points", "bars"]


def test_describing_leaves_the_figure_as_it_was():
    fig = _every_kind()
    before = figures.png(fig, 60)
    figures.describe(fig)
    assert figures.png(fig, 60) == before
    assert fig.dpi == plt.rcParams["figure.dpi"]


def test_lines_in_other_units_come_in_data_coordinates(travel):
    _, ax = plt.subplots()
    ax.axhline(3)
    ax.axline((0, 0), slope=2)
    ax.set(xlim=(0, 10), ylim=(0, 10))
    level, slope = (artist.paths[0] for artist in _artists(ax, travel))
    np.testing.assert_allclose(level, [[0, 3], [10, 3]], atol=1e-9)
    np.testing.assert_allclose(sorted(slope.tolist()), [[0, 0], [5, 10]], atol=1e-9)


def test_contours_come_as_lines_by_level(travel):
    _, ax = plt.subplots()
    x, y = np.meshgrid(np.linspace(-1, 1, 200), np.linspace(-1, 1, 200))
    ax.contour(x, y, x + 2 * y, levels=[-1, 0, 1])
    (contour,) = _artists(ax, travel)
    assert contour.levels.tolist() == [-1, 0, 1]
    for path, level in zip(contour.paths, contour.level_of, strict=True):
        assert len(path) < 60
        np.testing.assert_allclose(path @ [1, 2], contour.levels[level], atol=1e-9)


def test_an_image_lies_where_it_is_shown(travel):
    for origin in ("upper", "lower"):
        _, ax = plt.subplots()
        ax.imshow([[0, 0], [1, 0]], origin=origin, cmap="gray", extent=(0, 2, 10, 14))
        cells = _artists(ax, travel)[0].cells
        white = cells.index == int(cells.colours[:, 0].argmax())
        row, column = np.argwhere(white)[0]
        assert (cells.x[column], cells.y[row]) == (0.5, 11 if origin == "upper" else 13)


def test_a_fine_mesh_is_thinned_and_a_smooth_one_dropped(travel):
    _, ax = plt.subplots()
    grid = np.linspace(0, 1, 501)
    ax.pcolormesh(grid, grid, (grid[:, None] > grid).astype(float), rasterized=True)
    (mesh,) = _artists(ax, travel)
    assert mesh.cells.index.size <= 40_000
    assert (mesh.cells.colours[mesh.cells.index].shape) == (*mesh.cells.index.shape, 4)
    _, ax = plt.subplots()
    ax.imshow(grid[:, None] * grid)
    assert _artists(ax, travel)[0].cells.colours is None


def test_ink_is_what_can_be_seen(travel):
    _, ax = plt.subplots()
    ax.plot([0, 1], [0, 1], label="free")
    ax.plot([0, 1], [1, 0], color="white", label="white on white")
    ax.plot([0.4, 0.6], [0.9, 0.9], label="covered", zorder=1)
    ax.plot([0.4, 0.6], [0.1, 0.1], label="hidden", visible=False)
    ax.plot([5, 6], [5, 6], label="outside")
    ax.fill_between([0.3, 0.7], 0.8, 1, color="red", zorder=5, label="cover")
    ax.set(xlim=(0, 1), ylim=(0, 1))
    ink = {artist.label: artist.ink for artist in _artists(ax, travel)}
    assert ink["free"] > 150
    assert ink["cover"] > 1000
    assert ink["covered"] == ink["hidden"] == ink["outside"] == 0
    # White changes nothing but where it crosses the blue line.
    assert ink["white on white"] < 10


def _ink_of_the_line(figure):
    (line,) = [artist for artist in figure.axes[0].artists if artist.label == "line"]
    return line.ink


def _patch(fig, **look):
    fig.add_artist(Rectangle((0, 0), 1, 1, transform=fig.transFigure, **look))


COVERS = {
    "a rectangle in the figure": lambda fig, ax: _patch(fig, color="white", zorder=99),
    "a rectangle of a list of patches": lambda fig, ax: fig.patches.append(
        Rectangle((0, 0), 1, 1, transform=fig.transFigure, color="white")
    ),
    "a line in the figure": lambda fig, ax: fig.add_artist(
        Line2D([0, 1], [0.5, 0.5], color="white", linewidth=2000)
    ),
    "an image in the figure": lambda fig, ax: fig.figimage(np.ones((480, 640, 3))),
    "a text box of the figure": lambda fig, ax: fig.text(
        0.5, 0.5, " ", bbox={"facecolor": "white", "pad": 2000}
    ),
    "a text box of the axes": lambda fig, ax: ax.text(
        0.5, 0.5, " ", bbox={"facecolor": "white", "pad": 2000}
    ),
    "a title on a box": lambda fig, ax: ax.set_title(
        "t", bbox={"facecolor": "white", "pad": 2000}, zorder=99
    ),
    "a legend of the figure": lambda fig, ax: fig.legend(
        ["line"], framealpha=1, borderpad=200, loc="center"
    ),
    "a legend": lambda fig, ax: ax.legend(["line"], framealpha=1, borderpad=200, loc="center"),
    "a wide frame": lambda fig, ax: ax.spines["left"].set(linewidth=4000, color="white"),
    "empty axes": lambda fig, ax: fig.add_axes([0, 0, 1, 1]),
    "a wide grid": lambda fig, ax: _on_top(ax, ax.grid(linewidth=1000, color="white")),
    "a wide minor grid": lambda fig, ax: _on_top(
        ax, ax.minorticks_on(), ax.grid(which="minor", linewidth=1000, color="white")
    ),
    "a dense grid": lambda fig, ax: _on_top(
        ax, ax.set_xticks(np.linspace(0, 1, 100)), ax.grid(linewidth=9, color="white")
    ),
    "one wide line of a grid": lambda fig, ax: _on_top(
        ax,
        ax.grid(),
        ax.xaxis.get_gridlines()[2].set(
            path_effects=[withStroke(linewidth=4000, foreground="white")]
        ),
    ),
    "wide ticks": lambda fig, ax: _on_top(
        ax, ax.tick_params(width=1000, length=2000, direction="inout", color="white")
    ),
    "tick labels on boxes": lambda fig, ax: _on_top(
        ax, *(label.set_bbox({"fc": "w", "pad": 2000}) for label in ax.get_xticklabels())
    ),
    "tick labels of blocks": lambda fig, ax: _on_top(
        ax,
        ax.set_yticks(np.linspace(0, 1, 40), ["█" * 90] * 40, color="white"),
        ax.tick_params("y", pad=-400),
    ),
    "the other axis of a twin": lambda fig, ax: ax.twinx().grid(linewidth=1000, color="white"),
    "the parasite of a host": lambda fig, ax: (
        host := host_subplot(111, figure=fig),
        host.patch.set_visible(False),
        host.twinx().fill_between([0, 1], 0, 1, color="white"),
    ),
    "a second axis": lambda fig, ax: (
        second := ax.secondary_xaxis(0.5),
        second.set_zorder(99),
        second.tick_params(width=1000, length=2000, direction="inout", color="white"),
    ),
    "axes in three dimensions": lambda fig, ax: fig.add_axes([0, 0, 1, 1], projection="3d"),
    "a frame with effects": lambda fig, ax: ax.spines["left"].set_path_effects(
        [withStroke(linewidth=4000, foreground="white")]
    ),
    "tiles": lambda fig, ax: [ax.inset_axes([x, y, 0.5, 0.5]) for x in (0, 0.5) for y in (0, 0.5)],
    "a small inset over all there is": lambda fig, ax: (
        ax.set(xlim=(0, 3), ylim=(0, 3)),
        ax.inset_axes([-0.02, -0.02, 0.4, 0.4]),
    ),
    "a subfigure": lambda fig, ax: fig.subfigures(1, 1).set(facecolor="white", zorder=9),
    "the hundred-and-first text": lambda fig, ax: (
        [fig.text(0, 0, "") for _ in range(100)],
        fig.text(0.5, 0.5, " ", bbox={"facecolor": "white", "pad": 2000}),
    ),
    "the four-hundred-and-first patch": lambda fig, ax: (
        [ax.plot([], []) for _ in range(400)],
        ax.add_patch(Rectangle((-9, -9), 99, 99, color="white", zorder=99)),
    ),
    "the seventeenth axes": lambda fig, ax: (
        [fig.add_axes([0, 0, 0.01, 0.01]) for _ in range(15)],
        fig.add_axes([0, 0, 1, 1]),
    ),
}


def _on_top(ax, *_):
    ax.xaxis.set_zorder(99)
    ax.yaxis.set_zorder(99)


@pytest.mark.parametrize("cover", COVERS.values(), ids=COVERS)
def test_what_is_covered_is_not_drawn(travel, cover):
    fig, ax = plt.subplots()
    ax.plot([0, 1], [0, 1], label="line")
    cover(fig, ax)
    assert _ink_of_the_line(travel(fig)) < 10


UNCOVERING = {
    "a rectangle below": lambda fig, ax: _patch(fig, color="white", zorder=-1),
    "a rectangle that is seen through": lambda fig, ax: _patch(fig, color="w", alpha=0.3, zorder=9),
    "a frame": lambda fig, ax: _patch(fig, fill=False, zorder=9),
    "a hidden one": lambda fig, ax: _patch(fig, color="white", zorder=9, visible=False),
    "a logo in the corner": lambda fig, ax: fig.figimage(np.ones((200, 200, 3))),
    "a legend in the corner": lambda fig, ax: ax.legend(framealpha=1, loc="upper left"),
    "a text below": lambda fig, ax: ax.text(
        0.5, 0.5, " ", bbox={"facecolor": "white", "pad": 2000}, zorder=0
    ),
    "a grid": lambda fig, ax: _on_top(ax, ax.minorticks_on(), ax.grid(which="both")),
    "thin effects": lambda fig, ax: _on_top(
        ax,
        ax.grid(),
        [
            line.set_path_effects([withStroke(linewidth=4, foreground="white")])
            for line in (*ax.spines.values(), *ax.get_xgridlines())
        ],
    ),
    "a wide grid below": lambda fig, ax: ax.grid(linewidth=1000, color="white"),
    "words at the ticks": lambda fig, ax: ax.set_xticks([0, 1], ["before", "after"]),
    "a label on a box": lambda fig, ax: ax.set_xlabel("x", bbox={"fc": "w", "pad": 9}, zorder=99),
    "small insets in the corners": lambda fig, ax: (
        ax.inset_axes([0.02, 0.6, 0.38, 0.38]),
        ax.inset_axes([0.6, 0.02, 0.38, 0.38]),
    ),
    "an inset over the end": lambda fig, ax: ax.inset_axes([0.6, 0.6, 0.38, 0.38]),
    "a subfigure that is not drawn": lambda fig, ax: fig.subfigures(1, 1).set(
        facecolor="white", zorder=9, visible=False
    ),
    "titles": lambda fig, ax: (ax.set_title("t"), fig.suptitle("s"), ax.set_xlabel("x")),
}


@pytest.mark.parametrize("cover", UNCOVERING.values(), ids=UNCOVERING)
def test_what_is_seen_is_drawn(travel, cover):
    fig, ax = plt.subplots()
    ax.plot([0, 1], [0, 1], label="line")
    cover(fig, ax)
    assert _ink_of_the_line(travel(fig)) > 200


def test_what_lies_in_something_hidden_is_not_drawn(travel):
    fig, ax = plt.subplots()
    ax.plot([0, 1], [0, 1])
    inset = ax.inset_axes([0, 0, 0.3, 0.3])
    left, right = fig.subfigures(1, 2)
    drawn = [left.subplots(), right.subplots()]
    ax.set_visible(False)
    left.set_visible(False)
    shown = [axes.visible for axes in travel(fig).axes]
    assert shown == [False, False, True, False]
    assert drawn
    assert inset.get_visible()
    fig.set_visible(False)
    assert not any(axes.visible for axes in travel(fig).axes)


def test_more_ticks_than_are_drawn_are_for_a_person(travel):
    fig, ax = plt.subplots()
    ax.plot([str(k) for k in range(3000)], range(3000))
    assert travel(fig).axes[0].cut


def test_an_outline_covers_what_a_background_does_not(travel):
    fig, ax = plt.subplots()
    ax.plot([0, 1], [0, 1], label="line")
    before = _ink_of_the_line(travel(fig))
    fig.add_axes([0.45, 0.45, 0.1, 0.1]).patch.set(linewidth=4000, edgecolor="white")
    assert before - 100 < _ink_of_the_line(travel(fig)) < before - 30


@pytest.mark.parametrize("whole", ["figure", "axes"])
def test_what_a_filter_changes_is_for_a_person(travel, whole):
    fig, ax = plt.subplots()
    ax.plot([0, 1], [0, 1])
    {"figure": fig, "axes": ax}[whole].set_agg_filter(lambda image, dpi: (0 * image, 0, 0))
    figure = travel(fig)
    assert figure.axes[0].artists == ()
    assert figure.axes[0].cut


def test_more_sheets_than_are_kept_are_for_a_person(travel):
    fig, ax = plt.subplots()
    ax.plot([0, 1], [0, 1], label="line")
    for _ in range(350):
        ax.add_patch(Rectangle((-9, -9), 99, 99, color="w", alpha=0.01, zorder=0))
    ax.add_patch(Rectangle((-9, -9), 99, 99, color="w", zorder=99))
    figure = travel(fig)
    assert _ink_of_the_line(figure) == 0
    assert all(artist.cut for artist in figure.axes[0].artists)


def test_ink_is_what_hiding_changes(travel):
    """The layers give what rendering the figure twice gives."""
    fig, ax = plt.subplots(dpi=50)
    ax.axis("off")
    rng = np.random.default_rng(1)
    for k in range(6):
        ax.plot(rng.random(4), rng.random(4), lw=8, alpha=[1, 0.5, 0.9][k % 3], label=str(k))
    ax.fill_between([0.2, 0.6], 0.2, 0.8, alpha=0.7, zorder=2.5, label="6")

    def pixels():
        fig.canvas.draw()
        return np.asarray(fig.canvas.buffer_rgba())[..., :3].astype(int)

    whole = pixels()
    described = {artist.label: artist.ink for artist in _artists(ax, travel)}
    for artist in [*ax.lines, *ax.collections]:
        artist.set_visible(False)
        changed = int((np.abs(pixels() - whole).max(axis=2) > 6).sum())
        artist.set_visible(True)
        assert described[artist.get_label()] == pytest.approx(changed, rel=0.05, abs=10)


def test_limits_hold_and_are_told(travel):
    rng = np.random.default_rng(0)
    fig = Figure()
    ax = fig.subplots()
    for _ in range(405):
        ax.plot(rng.random(90), rng.random(90), "k")
    ax.plot(rng.random(5000), rng.random(5000), "o", zorder=0)
    figure = travel(fig)
    assert figure.axes[0].cut
    assert any(artist.cut for artist in figure.axes[0].artists)
    fig = Figure()
    fig.subplots(5, 4)
    assert travel(fig).cut
    fig = Figure()
    fig.subplots().set(title="x" * 1000, xlabel="\ud800")
    assert len(travel(fig).axes[0].title) == 300


def test_a_long_smooth_line_keeps_its_shape(travel):
    _, ax = plt.subplots()
    x = np.linspace(0, 6, 100_000)
    ax.plot(x, np.sin(x))
    (line,) = _artists(ax, travel)
    assert line.simplified
    assert not line.cut
    path = line.paths[0]
    np.testing.assert_allclose(np.interp(x, *path.T), np.sin(x), atol=5e-3)


def test_an_odd_artist_is_unreadable_and_harms_nothing(travel):
    from matplotlib.artist import Artist

    class Odd(Artist):
        def draw(self, renderer):
            raise RuntimeError("odd")

    _, ax = plt.subplots()
    ax.add_artist(Odd())
    ax.plot([1, 2])
    kinds = [artist.kind for artist in _artists(ax, travel)]
    assert sorted(kinds) == ["line", "unreadable"]


def _projection(name):
    return lambda fig: fig.add_subplot(projection=name).plot([0, 0.1], [0, 0.2])


def _scale(name, *values, **options):
    def draw(fig):
        ax = fig.add_subplot()
        ax.plot(values)
        ax.set_yscale(name, **options)

    return draw


def _in_axes(*draws):
    def draw(fig):
        ax = fig.add_subplot()
        for action in draws:
            action(ax)

    return draw


ODD_FIGURES = {
    "empty": lambda fig: None,
    "polar": _projection("polar"),
    "three dimensions": _projection("3d"),
    "map": _projection("mollweide"),
    "logit": _scale("logit", 0.1, 0.5),
    "function": _scale("function", 1, 4, functions=(np.sqrt, np.square)),
    "negative values on a log axis": _scale("log", -1, -2),
    "zeros on a log axis": _scale("log", 0, 0),
    "not a number": _in_axes(lambda ax: ax.plot([np.nan]), lambda ax: ax.scatter(np.nan, 1)),
    "huge": _in_axes(lambda ax: ax.plot([1e308, -1e308])),
    "categories": _in_axes(lambda ax: ax.bar(["a", "b"], [1, 2])),
    "table": _in_axes(lambda ax: ax.table([["a"]])),
    "hexagons": _in_axes(lambda ax: ax.hexbin([1, 2, 3], [3, 2, 1])),
    "gouraud": _in_axes(lambda ax: ax.pcolormesh(np.eye(3), shading="gouraud")),
    "masked": _in_axes(lambda ax: ax.imshow(np.ma.masked_less(np.eye(3), 0.5))),
    "labels that are no texts": _in_axes(lambda ax: ax.plot([1], label=3), lambda ax: ax.legend()),
    "endless zorder": _in_axes(lambda ax: ax.plot([1], zorder=np.inf)),
    "broken TeX": _in_axes(lambda ax: ax.set(xlabel=r"$\frac{1}{2", title="$x")),
    "an inset and a second axis": _in_axes(
        lambda ax: ax.secondary_xaxis("top"),
        lambda ax: ax.indicate_inset([0, 0, 1, 1], ax.inset_axes([0.1, 0.1, 0.3, 0.3])),
    ),
    "tiny": lambda fig: fig.set_size_inches(0.01, 0.01),
    "gigantic": lambda fig: (fig.set_size_inches(900, 900), fig.add_subplot().plot([1, 2])),
    "a broken artist": _in_axes(
        lambda ax: ax.plot([1, 2]), lambda ax: setattr(ax.lines[0], "_color", "nonsense")
    ),
}


@pytest.mark.parametrize("name", ODD_FIGURES)
def test_an_odd_figure_is_described_and_no_claim_crashes(name, travel):
    fig = plt.figure()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ODD_FIGURES[name](fig)
    figure = travel(fig)
    for claim in _claims(figure):
        with contextlib.suppress(StudentFault, GraderFault):
            claim()


@pytest.fixture(scope="module")
def described():
    out = json.dumps(figures.describe(_every_kind()), allow_nan=False)
    plt.close("all")
    return out


def test_a_description_is_small(described):
    assert len(described) < 60_000


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=20,
)
ODD = st.one_of(
    JSON,
    st.sampled_from(
        [[], {}, "", "#", -1, 0, 10**400, float("nan"), float("inf"), 1e308, [None] * 9, b"", ()]
    ),
)


@settings(max_examples=60, deadline=None)
@given(JSON)
def test_what_is_no_description_is_refused(value):
    with pytest.raises(Refused):
        FigureDescription.from_wire(value)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_forged_description_is_refused_or_harmless(described, data):
    """Every mutation of a good description is refused, or the claims can live with it."""
    forged = json.loads(described)
    for _ in range(data.draw(st.integers(1, 3))):
        _mutate(forged, data)
    try:
        figure = FigureDescription.from_wire(forged)
    except Refused:
        return
    for claim in _claims(figure):
        with contextlib.suppress(StudentFault, GraderFault):
            claim()


def _claims(figure):
    """Every claim, with arguments that the picture partly fulfils."""
    w, b, X = np.array([1.0, -1.0]), 0.0, np.array([[0.0, 0], [1, 2], [2, 1], [0.5, 0.5]])
    y = np.array([1, -1, 1, -1])
    path = np.column_stack([np.arange(3.0), np.arange(3.0)])
    return [
        lambda: axes_labelled(figure),
        lambda: legend_shown(figure),
        lambda: curve_drawn(figure, [0.0, np.nan, 2.0]),
        lambda: log_scale(curve_drawn(figure, np.arange(3.0))),
        lambda: curves_named(figure, {"line": np.arange(3.0)}, bars=True, log_y=True),
        lambda: curves_named(figure, {"line": [0.0, 1.0], "b": [1.0, 2.0]}, x=[0, 1], words={}),
        lambda: boundary_drawn(figure, w, b, X),
        lambda: margins_drawn(figure, w, b, X),
        lambda: classes_distinguishable(figure, X, y),
        lambda: support_vectors_marked(figure, w, b, X, y),
        lambda: path_drawn(figure, path),
        lambda: path_labelled(figure, path, ["line"], ["bars"]),
        lambda: contours_drawn(figure, lambda points: (points**2).sum(axis=1)),
        lambda: point_marked(figure, [1.0, 1.0]),
    ]


def _mutate(node, data):
    while True:
        keys = sorted(node) if isinstance(node, dict) else range(len(node))
        if not keys:
            return
        key = data.draw(st.sampled_from(keys))
        if not isinstance(node[key], (dict, list)) or data.draw(st.integers(0, 7)) == 0:
            break
        node = node[key]
    change = data.draw(st.sampled_from(["replace", "drop", "add"]))
    if change == "replace":
        node[key] = copy.deepcopy(data.draw(ODD))  # the next mutation may change it
    elif change == "drop":
        del node[key]
    elif isinstance(node, list):
        node.append(copy.deepcopy(data.draw(ODD)))
    else:
        node["odd"] = copy.deepcopy(data.draw(ODD))


def test_a_bomb_of_many_small_lists_is_refused(described):
    forged = json.loads(described)
    forged["axes"][0]["artists"] = [
        {**forged["axes"][0]["artists"][0], "paths": [[[0.0] * 4000, [0.0] * 4000]]}
    ] * 400
    with pytest.raises(Refused, match="too much"):
        FigureDescription.from_wire(forged)
