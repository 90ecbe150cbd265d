"""A loss curve is recognised however it is drawn, and nothing else is taken for one."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from curve_pictures import RIGHT, WRONG
from matplotlib.figure import Figure
from more_curve_pictures import RIGHT as MORE_RIGHT
from more_curve_pictures import WRONG as MORE_WRONG

from grader.checks.figure import axes_labelled, curve_drawn, curves_drawn, log_scale
from grader.errors import CheckFailed, GraderFault


def _series(seed: int) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    k = np.arange(61)
    return [
        2.3 * np.exp(-k / 15) + 0.2 + 0.1 * rng.random(61),
        50 + 1000 / (k + 1) + 5 * rng.random(61),
        0.7 + 0.3 * rng.random(61),
    ]


@pytest.mark.parametrize("draw", RIGHT + MORE_RIGHT, ids=lambda draw: draw.__name__)
def test_a_right_curve_passes(draw, travel):
    number = (RIGHT + MORE_RIGHT).index(draw)
    for series in _series(number)[number % 2 :: 2]:
        figure = travel(draw(series))
        curve = curve_drawn(figure, series)
        axes_labelled(figure, curve.axes)
        plt.close("all")


@pytest.mark.parametrize("draw", WRONG + MORE_WRONG, ids=lambda draw: draw.__name__)
def test_a_wrong_curve_fails(draw, travel):
    number = (WRONG + MORE_WRONG).index(draw)
    series = _series(number)[number % 3]
    figure = travel(draw(series))
    with pytest.raises(CheckFailed):
        axes_labelled(figure, curve_drawn(figure, series).axes)


@pytest.mark.parametrize("n", [1, 2, 3, 6, 1000, 20_000])
def test_any_length(n, travel):
    series = np.exp(-np.arange(n) / max(n, 5)) + 0.001 * np.random.default_rng(n).random(n)
    fig, ax = plt.subplots()
    ax.plot(series, "o-" if n < 10 else "-")
    curve_drawn(travel(fig), series)


def test_a_history_with_nan_and_inf(travel):
    series = np.array([1.0, 2.0, 8.0, 64.0, np.inf, np.nan, np.nan])
    fig, ax = plt.subplots()
    ax.plot(series)
    curve_drawn(travel(fig), series)


def test_float32_and_constant_histories(travel):
    series = 1000 + 1e-3 * np.random.default_rng(0).random(30)
    fig, ax = plt.subplots()
    ax.plot(series.astype(np.float32))
    curve_drawn(travel(fig), series)
    fig, ax = plt.subplots()
    ax.plot(np.full(30, 0.7))
    curve_drawn(travel(fig), np.full(30, 0.7))


def test_messages_name_the_mistake(travel):
    series = _series(0)[0]
    cases = {
        "wrong way round": lambda ax: ax.plot(series, np.arange(61)),
        "first values are missing": lambda ax: ax.plot(series[1:]),
        "stops early": lambda ax: ax.plot(series[:30]),
        "x is not": lambda ax: ax.plot(np.linspace(0, 1, 61), series),
        "is at 2.": lambda ax: ax.plot(series * 1.1),
        "cannot be seen": lambda ax: ax.plot(series, color="white"),
        "empty": lambda ax: None,
    }
    for words, draw in cases.items():
        fig, ax = plt.subplots()
        draw(ax)
        with pytest.raises(CheckFailed) as caught:
            curve_drawn(travel(fig), series)
        assert words in str(caught.value), str(caught.value)


CUT_OFF = {
    "begins_late": {"xlim": (20, 60)},
    "ends_early": {"xlim": (0, 50)},
    "without_the_upper_half": {"ylim": (0, 0.6)},
    "without_the_lower_half": {"ylim": (0.6, 3)},
}


@pytest.mark.parametrize("limits", CUT_OFF.values(), ids=CUT_OFF)
def test_a_curve_that_the_limits_cut_off_is_not_seen_whole(limits, travel):
    series = _series(0)[0]
    fig, ax = plt.subplots()
    ax.plot(series)
    ax.set(**limits)
    figure = travel(fig)
    with pytest.raises(CheckFailed, match="whole: the limits of the axes cut it off"):
        curve_drawn(figure, series)
    with pytest.raises(CheckFailed, match="whole: the limits of the axes cut it off"):
        curves_drawn(figure, {"sgd": series})


def test_the_start_of_a_short_curve_may_be_cut_off(travel):
    series = _series(0)[0][:8]
    fig, ax = plt.subplots()
    ax.plot(series)
    ax.set_xlim(1, 7)
    curve_drawn(travel(fig), series)
    ax.set_xlim(0, 6)
    with pytest.raises(CheckFailed, match="cut it off"):
        curve_drawn(travel(fig), series)


@pytest.mark.parametrize("limits", [{"xlim": (2, 60)}, {"ylim": (0, 1.5)}, {"ylim": (0.35, 3)}])
def test_a_few_values_may_be_cut_off(limits, travel):
    series = _series(0)[0]
    fig, ax = plt.subplots()
    ax.plot(series)
    ax.set(**limits)
    figure = travel(fig)
    curve_drawn(figure, series)
    curves_drawn(figure, {"sgd": series})


LINEAR = [{"value": "symlog", "linthresh": 1e4}, {"value": "asinh", "linear_width": 1e4}]


@pytest.mark.parametrize("scale", LINEAR, ids=["symlog", "asinh"])
def test_a_logarithmic_scale_that_is_linear_in_the_view_is_none(scale, travel):
    fig, ax = plt.subplots()
    ax.plot(np.geomspace(1e-3, 100, 20))
    ax.set_yscale(**scale)
    with pytest.raises(CheckFailed, match="is linear wherever it shows something"):
        log_scale(travel(fig).axes[0])
    ax.set_yscale("symlog", linthresh=1e-2)
    log_scale(travel(fig).axes[0])


def test_log_scale_by_scale_or_by_values(travel):
    series = _series(0)[0]
    fig, (one, two, three) = plt.subplots(1, 3)
    one.semilogy(series)
    two.plot(np.log10(series))
    three.plot(series)
    figure = travel(fig)
    for index in (0, 1):
        log_scale(curve_drawn(figure, series, among=figure.axes[index]))
    with pytest.raises(CheckFailed, match="not logarithmic"):
        log_scale(curve_drawn(figure, series, among=figure.axes[2]))


def test_what_is_cut_is_not_called_wrong(travel):
    fig, ax = plt.subplots()
    for k in range(500):
        ax.plot([k], [k], "o")
    with pytest.raises(GraderFault, match="a person must look"):
        curve_drawn(travel(fig), np.arange(500.0))
    fig, ax = plt.subplots(subplot_kw={"projection": "polar"})
    ax.plot(_series(0)[0])
    with pytest.raises(GraderFault, match="polar"):
        curve_drawn(travel(fig), _series(0)[0])


def test_labels_in_any_language_and_tex(travel):
    for x, y in [("$k$", r"$\mathcal{L}(\theta_k)$"), ("Итерация", "損失"), ("k", "f")]:
        fig = Figure()
        ax = fig.subplots()
        ax.plot([1, 2])
        ax.set(xlabel=x, ylabel=y)
        axes_labelled(travel(fig))


def test_labels_of_twins_shared_panels_and_the_figure(travel):
    fig, (top, bottom) = plt.subplots(2, sharex=True)
    top.plot([1, 2])
    bottom.plot([2, 1])
    bottom.set(xlabel="iteration", ylabel="b")
    top.set_ylabel("a")
    figure = travel(fig)
    axes_labelled(figure, figure.axes[0])
    fig, panels = plt.subplots(2)
    panels[0].plot([1, 2])
    fig.supxlabel("iteration")
    fig.supylabel("loss")
    axes_labelled(travel(fig))
    fig, ax = plt.subplots()
    ax.set(xlabel="iteration", ylabel="loss")
    twin = ax.twinx()
    twin.plot([1, 2])
    twin.set_ylabel("other")
    axes_labelled(travel(fig))


def test_missing_labels_are_named(travel):
    cases = {
        "the y axis has no label": lambda ax: ax.set_xlabel("k"),
        "the x axis has no label": lambda ax: ax.set(ylabel="loss", xlabel="  "),
        "the x axis and the y axis have no label": lambda ax: ax.set_title("loss against k"),
        "have no label": lambda ax: (ax.set(xlabel="k", ylabel="l"), ax.axis("off")),
    }
    for words, change in cases.items():
        fig, ax = plt.subplots()
        ax.plot([1, 2])
        change(ax)
        with pytest.raises(CheckFailed, match=words):
            axes_labelled(travel(fig))


def test_a_colorbars_label_is_no_axis_label(travel):
    fig, ax = plt.subplots()
    bar = fig.colorbar(ax.scatter([1, 2], [1, 2], c=[0, 1]))
    bar.ax.set(xlabel="x", ylabel="y")
    with pytest.raises(CheckFailed, match="have no label"):
        axes_labelled(travel(fig))
