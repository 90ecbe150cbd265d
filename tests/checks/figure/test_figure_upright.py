"""A place on the x axis is marked by a line, a span, a point or an annotation, and by no other."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest

from grader.checks.figure import x_marked
from grader.errors import CheckFailed

LOSSES = np.abs(np.arange(20.0) - 8) / 10 + 1


def drawn(mark):
    figure, axes = plt.subplots()
    axes.plot(LOSSES, "o-")
    mark(axes)
    return figure


def fig_by_markevery(axes):
    axes.plot(LOSSES, "k-D", markevery=[8])


RIGHT = {
    "axvline": lambda axes: axes.axvline(8, ls="--"),
    "vlines": lambda axes: axes.vlines(8, 1, 1.5),
    "plot": lambda axes: axes.plot([8, 8], axes.get_ylim()),
    "lines to both axes": lambda axes: axes.plot([8, 8, 0], [0, LOSSES[8], LOSSES[8]], "k:"),
    "arrow down to the axis": lambda axes: axes.annotate(
        "best", (8, 1.1), (8, 1.6), ha="center", arrowprops={"arrowstyle": "->"}
    ),
    "axvspan": lambda axes: axes.axvspan(7.5, 8.5, alpha=0.4),
    "a filled area between two sides": lambda axes: axes.fill_betweenx([0, 1.9], 7.7, 8.3),
    "an area whose sides have vertices": lambda axes: axes.fill_betweenx([1, 1.3, 1.7], 7.7, 8.3),
    "a bar": lambda axes: axes.bar(8, 1.2, 0.6, alpha=0.4),
    "a bar among bars of another colour": lambda axes: axes.bar(
        np.arange(20), LOSSES, color=["r" if k == 8 else "0.8" for k in range(20)]
    ),
    "a span of half the height": lambda axes: axes.axvspan(7.5, 8.5, ymax=0.5),
    "from here to the end": lambda axes: axes.axvspan(8, 19, alpha=0.2),
    "point": lambda axes: axes.plot(8, LOSSES[8], "r*", ms=15),
    "scatter": lambda axes: axes.scatter([8], [LOSSES[8]], marker="s", s=90, color="k"),
    "markevery": fig_by_markevery,
    "arrow": lambda axes: axes.annotate(
        "best", (8, LOSSES[8]), (12, 1.6), arrowprops={"arrowstyle": "->"}
    ),
}
WRONG = {
    "nothing": lambda axes: None,
    "one to the right": lambda axes: axes.axvline(9),
    "level line": lambda axes: axes.axhline(LOSSES[8]),
    "a line at each": lambda axes: axes.vlines(np.arange(20), 1, LOSSES + 0.5),
    "grid": lambda axes: axes.grid(visible=True),
    "point elsewhere": lambda axes: axes.plot(10, LOSSES[10], "r*", ms=15),
    "span elsewhere": lambda axes: axes.axvspan(10, 12, alpha=0.4),
    "a filled area elsewhere": lambda axes: axes.fill_betweenx([0, 1.9], 9.7, 10.3),
    "a low strip that is no rectangle": lambda axes: axes.fill(
        [7.8, 8.2, 8.2, 7.8, 7.8], [1.2, 1.2, 1.3, 1.6, 1.2]
    ),
    "everything": lambda axes: axes.axvspan(-1, 20, alpha=0.4),
    "invisible": lambda axes: axes.axvline(8, alpha=0),
    "lines to both axes elsewhere": lambda axes: axes.plot([9, 9, 0], [0, 1.1, 1.1], "k:"),
    "arrow down to the axis elsewhere": lambda axes: axes.annotate(
        "best", (9, 1.2), (9, 1.6), ha="center", arrowprops={"arrowstyle": "->"}
    ),
    "a bar beside": lambda axes: axes.bar(9, 1.2, 1.6, alpha=0.4),
    "a bar and those beside it": lambda axes: axes.bar([7, 8, 9], 1.2, 0.6, alpha=0.4),
    "a bar at each": lambda axes: axes.bar(np.arange(20), LOSSES),
    "a colour for each bar": lambda axes: axes.bar(
        np.arange(20), LOSSES, color=plt.cm.viridis(np.arange(20) / 20)
    ),
    "a wide low bar": lambda axes: axes.bar(8, 1.2, 6, alpha=0.4),
    "bands": lambda axes: [axes.axvspan(k, k + 1, color="0.9") for k in range(0, 20, 2)],
    "a short tick": lambda axes: axes.vlines(8, 1.9, 1.95),
}


@pytest.mark.parametrize("mark", RIGHT.values(), ids=RIGHT)
def test_a_mark_is_seen(mark, travel):
    x_marked(travel(drawn(mark)), 8, heights=[LOSSES[8]])


@pytest.mark.parametrize("mark", WRONG.values(), ids=WRONG)
def test_no_other_mark_counts(mark, travel):
    with pytest.raises(CheckFailed, match="the best epoch is not marked"):
        x_marked(travel(drawn(mark)), 8, heights=[LOSSES[8]], name="the best epoch")


def test_upright_lines_elsewhere_are_told(travel):
    def lines(ax):
        for place in range(5):
            ax.axvline(place)

    with pytest.raises(CheckFailed) as caught:
        x_marked(travel(drawn(lines)), 8)
    assert caught.value.got == "an upright line at x = 0, 1, 2 and 2 more"
