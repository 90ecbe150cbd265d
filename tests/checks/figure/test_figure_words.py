"""Words that nobody can read are not there: in the page's colour, too small, far off the figure."""

from __future__ import annotations

import matplotlib.patheffects as pe
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.text import Text

from grader.checks.figure import axes_labelled, legend_shown
from grader.errors import CheckFailed


def _plot(**options):
    fig, ax = plt.subplots(**options)
    ax.plot([1, 2, 4], label="loss")
    ax.set_ylabel("loss")
    return fig, ax


UNREADABLE = {
    "white": lambda fig, ax: ax.set_xlabel("step", color="white"),
    "nearly white": lambda fig, ax: ax.set_xlabel("step", color="#fafafa"),
    "page's colour": lambda fig, ax: (
        fig.set_facecolor("navy"),
        ax.set_ylabel("loss", color="w"),
        ax.set_xlabel("step", color="navy"),
    ),
    "white, though the axes are dark": lambda fig, ax: (
        ax.set_facecolor("black"),
        ax.set_xlabel("step", color="white"),
    ),
    "alpha 0": lambda fig, ax: ax.set_xlabel("step", alpha=0),
    "alpha 1 %": lambda fig, ax: ax.set_xlabel("step", alpha=0.01),
    "colour without opacity": lambda fig, ax: ax.set_xlabel("step", color=(0, 0, 0, 0)),
    "colour none": lambda fig, ax: ax.set_xlabel("step", color="none"),
    "size 0": lambda fig, ax: ax.set_xlabel("step", fontsize=0),
    "size 1": lambda fig, ax: ax.set_xlabel("step", fontsize=1),
    "not visible": lambda fig, ax: ax.set_xlabel("step", visible=False),
    "axis not visible": lambda fig, ax: (ax.set_xlabel("step"), ax.xaxis.set_visible(False)),
    "black on a black box": lambda fig, ax: ax.set_xlabel("step", backgroundcolor="k"),
    "long and far below": lambda fig, ax: (
        ax.set_xlabel("step " * 1000),
        ax.xaxis.set_label_coords(0.5, -9),
    ),
    "far below": lambda fig, ax: (ax.set_xlabel("step"), ax.xaxis.set_label_coords(0.5, -9)),
    "far to the right": lambda fig, ax: ax.set_xlabel("step", x=9),
    "far from its axis": lambda fig, ax: ax.set_xlabel("step", labelpad=5000),
    "far above its axis": lambda fig, ax: ax.set_xlabel("step", labelpad=-5000),
    "common label, white": lambda fig, ax: fig.supxlabel("step", color="w"),
    "common label, far below": lambda fig, ax: fig.supxlabel("step", y=-3),
    "text at the rim, white": lambda fig, ax: fig.text(0.5, 0.04, "step", color="white"),
    "white page without a face": lambda fig, ax: (
        fig.patch.set_alpha(0),
        fig.set_facecolor("none"),
        ax.set_xlabel("step", color="w"),
    ),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_label_that_nobody_can_read_is_no_label(travel, name):
    fig, ax = _plot()
    UNREADABLE[name](fig, ax)
    with pytest.raises(CheckFailed, match="the x axis has no label"):
        axes_labelled(travel(fig))


def _white(part, corner, width, height, **options):
    options = {"transform": part, "color": "white", "zorder": 20, "clip_on": False, **options}
    return plt.Rectangle(corner, width, height, **options)


COVERED = {
    "a patch of the figure": lambda fig, ax: fig.add_artist(
        _white(fig.transFigure, (0, 0), 1, 0.08)
    ),
    "a patch of the axes": lambda fig, ax: ax.add_patch(_white(ax.transAxes, (0, -0.2), 1, 0.17)),
    "other axes": lambda fig, ax: fig.add_axes((0, 0, 1, 0.08), xticks=[], yticks=[]),
    "a boxed text": lambda fig, ax: fig.text(
        0.2, 0.03, "x" * 60, color="w", backgroundcolor="w", zorder=9
    ),
    "a wide line": lambda fig, ax: fig.add_artist(
        plt.Line2D([0, 1], [0.03, 0.03], linewidth=50, color="w", zorder=9)
    ),
}


@pytest.mark.parametrize("name", COVERED)
def test_label_under_something_else_is_no_label(travel, name):
    fig, ax = _plot()
    ax.set_xlabel("step")
    COVERED[name](fig, ax)
    figure = travel(fig)
    assert (figure.axes[0].x.label, figure.axes[0].y.label) == ("", "loss")
    with pytest.raises(CheckFailed, match="the x axis has no label"):
        axes_labelled(figure, figure.axes[0])
    assert ax.xaxis.label.get_visible()


def test_what_lies_beside_or_below_labels_does_not_hide_them(travel):
    fig, ax = _plot()
    ax.set(xlabel="step", title="losses")
    ax.legend(loc="upper left")
    fig.add_artist(_white(fig.transFigure, (0, 0), 1, 1, zorder=-5))
    ax.add_patch(_white(ax.transAxes, (0.6, -0.2), 0.4, 0.4))
    ax.inset_axes((0.6, 0.6, 0.3, 0.3)).plot([1, 2])
    figure = travel(fig)
    axes_labelled(figure, figure.axes[0])
    legend_shown(figure, figure.axes[0])
    assert figure.axes[0].title == "losses"


READABLE = {
    "grey": lambda fig, ax: ax.set_xlabel("step", color="0.6"),
    "small": lambda fig, ax: ax.set_xlabel("step", fontsize=4),
    "white on a dark page": lambda fig, ax: (
        fig.set_facecolor("black"),
        ax.set_xlabel("step", color="white"),
        ax.set_ylabel("loss", color="white"),
    ),
    "white in a box": lambda fig, ax: ax.set_xlabel("step", color="w", backgroundcolor="k"),
    "white with an outline": lambda fig, ax: ax.set_xlabel(
        "step", color="w", path_effects=[pe.withStroke(linewidth=2, foreground="k")]
    ),
    "white within dark axes": lambda fig, ax: (
        ax.set_facecolor("black"),
        ax.set_xlabel("step", color="white"),
        ax.xaxis.set_label_coords(0.5, 0.1),
    ),
    "cut off without bbox_inches": lambda fig, ax: (
        ax.set_position([0, 0, 1, 1]),
        ax.set_xlabel("step"),
    ),
    "above": lambda fig, ax: (ax.set_xlabel("step"), ax.xaxis.set_label_position("top")),
    "at the end": lambda fig, ax: ax.set_xlabel("step", loc="right"),
    "common label": lambda fig, ax: fig.supxlabel("step"),
    "text at the rim": lambda fig, ax: fig.text(0.5, 0.04, "step"),
    "half seen": lambda fig, ax: ax.set_xlabel("step", alpha=0.3),
    "formula": lambda fig, ax: ax.set_xlabel(r"$k$"),
}


@pytest.mark.parametrize("name", READABLE)
def test_label_that_can_be_read_counts(travel, name):
    fig, ax = _plot()
    READABLE[name](fig, ax)
    axes_labelled(travel(fig))


@pytest.mark.parametrize("style", ["default", "dark_background", "ggplot", "grayscale"])
def test_labels_and_legends_of_any_style_count(travel, style):
    with plt.style.context(style):
        fig, ax = _plot()
        ax.set_xlabel("step")
        ax.legend()
        figure = travel(fig)
    axes_labelled(figure)
    legend_shown(figure)


def test_words_of_subfigures_lie_on_their_own_page(travel):
    fig = plt.figure()
    dark, light = fig.subfigures(1, 2)
    dark.set_facecolor("k")
    for part in (dark, light):
        ax = part.subplots()
        ax.plot([1, 2])
        ax.set_xlabel("step", color="w")
        ax.set_title("title", color="w")
    figure = travel(fig)
    assert [axes.x.label for axes in figure.axes] == ["step", ""]
    assert [axes.title for axes in figure.axes] == ["title", ""]
    # Lines in dark subfigures are seen: the page lies below them.
    assert all(axes.artists[0].ink > 0 for axes in figure.axes)


LEGENDS = {
    "plain": (lambda ax: ax.legend(), True),
    "white words": (lambda ax: ax.legend(labelcolor="w"), False),
    "white words without a frame": (lambda ax: ax.legend(labelcolor="w", frameon=False), False),
    "white words on a dark frame": (lambda ax: ax.legend(labelcolor="w", facecolor="k"), True),
    "tiny words": (lambda ax: ax.legend(fontsize=0.5), False),
    "beside the axes": (lambda ax: ax.legend(bbox_to_anchor=(1.3, 1)), True),
    "far away": (lambda ax: ax.legend(bbox_to_anchor=(9, 9)), False),
    "not visible": (lambda ax: ax.legend().set_visible(False), False),
    "white words on dark data": (
        lambda ax: (ax.imshow(np.zeros((5, 5))), ax.legend(labelcolor="w", frameon=False)),
        True,
    ),
    "under a patch": (
        lambda ax: (
            ax.legend(loc="upper right"),
            ax.add_patch(_white(ax.transAxes, (0.6, 0.8), 0.4, 0.2)),
        ),
        False,
    ),
}


@pytest.mark.parametrize("name", LEGENDS)
def test_legend_counts_where_it_can_be_read(travel, name):
    fig, ax = _plot()
    draw, readable = LEGENDS[name]
    draw(ax)
    if readable:
        legend_shown(travel(fig))
    else:
        with pytest.raises(CheckFailed, match="there is no legend"):
            legend_shown(travel(fig))


@pytest.mark.parametrize(
    ("options", "dark", "seen"),
    [
        ({}, False, True),
        ({"color": "w"}, False, False),
        ({"color": "w"}, True, True),
        ({"alpha": 0}, False, False),
        ({"fontsize": 1}, False, False),
        ({"zorder": -5}, True, False),
    ],
)
def test_words_beside_a_curve_count_where_they_can_be_read(travel, options, dark, seen):
    from grader.checks.figure.look import shown

    fig, ax = _plot()
    if dark:
        ax.imshow(np.zeros((5, 5)), cmap="gray", extent=(0, 4, 0, 4), aspect="auto")
    ax.text(1, 2, "GD is this curve", **options)
    (axes,) = travel(fig).axes
    assert any(artist.text and shown(artist, axes) for artist in axes.artists) == seen


def test_a_long_label_is_not_laid_out(travel, monkeypatch):
    fig, ax = _plot()
    ax.set_xlabel("iteration " * 10**5)
    laid_out = []
    extent = Text.get_window_extent

    def noted(self, *args, **more):
        laid_out.append(len(self.get_text()))
        return extent(self, *args, **more)

    monkeypatch.setattr(Text, "get_window_extent", noted)
    axes_labelled(travel(fig))
    assert max(laid_out, default=0) < 10**5
