"""Ways to draw a loss curve: each takes the history and gives a figure."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure


def _axes():
    fig, ax = plt.subplots()
    ax.set(xlabel="iteration", ylabel="loss")
    return fig, ax


def plain(h):
    fig, ax = _axes()
    ax.plot(h)
    return fig


def from_one(h):
    fig, ax = _axes()
    ax.plot(np.arange(1, len(h) + 1), h, label="loss")
    ax.legend()
    return fig


def a_list_with_markers(h):
    fig, ax = _axes()
    ax.plot(list(range(len(h))), list(h), "ro--", markevery=7)
    return fig


def scatter(h):
    fig, ax = _axes()
    ax.scatter(range(len(h)), h, c=h, s=4)
    return fig


def tiny_dots(h):
    fig, ax = _axes()
    ax.plot(h, ",")
    return fig


def every_tenth(h):
    fig, ax = _axes()
    ax.plot(np.arange(0, len(h), 10), h[::10], "o-")
    return fig


def step(h):
    fig, ax = _axes()
    ax.step(range(len(h)), h, where="post")
    return fig


def stem(h):
    fig, ax = _axes()
    ax.stem(h)
    return fig


def bars(h):
    fig, ax = _axes()
    ax.bar(range(len(h)), h)
    return fig


def stairs(h):
    fig, ax = _axes()
    ax.stairs(h)
    return fig


def segments(h):
    fig, ax = _axes()
    points = np.column_stack([np.arange(len(h)), h])
    ax.add_collection(LineCollection(np.stack([points[:-1], points[1:]], axis=1)))
    ax.autoscale()
    return fig


def one_plot_call_a_step(h):
    fig, ax = _axes()
    for k in range(len(h) - 1):
        ax.plot([k, k + 1], h[k : k + 2], "b-")
    return fig


def one_scatter_call_a_step(h):
    fig, ax = _axes()
    for k, value in enumerate(h):
        ax.scatter(k, value, color="k")
    return fig


def logarithmic(h):
    fig, ax = _axes()
    ax.semilogy(h)
    return fig


def both_logarithmic(h):
    fig, ax = _axes()
    ax.loglog(h)
    return fig


def symlog(h):
    fig, ax = _axes()
    ax.plot(h)
    ax.set_yscale("symlog")
    return fig


def log10_of_the_values(h):
    fig, ax = _axes()
    ax.plot(np.log10(h))
    return fig


def gap_to_the_best(h):
    fig, ax = _axes()
    ax.semilogy(h - h.min())
    return fig


def gap_with_a_small_number(h):
    fig, ax = _axes()
    ax.plot(np.log(h - h.min() + 1e-12))
    return fig


def with_a_smoothed_curve_and_a_line(h):
    fig, ax = _axes()
    ax.plot(np.convolve(h, np.ones(5) / 5, "valid"), lw=4)
    ax.plot(h, alpha=0.4)
    ax.axhline(h.min(), ls=":")
    return fig


def filled_below(h):
    fig, ax = _axes()
    ax.fill_between(range(len(h)), h, alpha=0.3)
    ax.plot(h, color="C0")
    return fig


def only_filled(h):
    fig, ax = _axes()
    ax.fill_between(range(len(h)), h)
    return fig


def two_panels(h):
    fig, (one, two) = plt.subplots(1, 2)
    one.plot(np.diff(h))
    two.plot(h)
    for ax in (one, two):
        ax.set(xlabel="k", ylabel="L")
    fig.tight_layout()
    return fig


def a_twin(h):
    fig, ax = _axes()
    ax.plot(np.arange(len(h)) ** 2, "r")
    other = ax.twinx()
    other.plot(h)
    other.set_ylabel("loss")
    return fig


def without_pyplot(h):
    fig = Figure(figsize=(3, 2), layout="constrained")
    ax = fig.add_subplot(xlabel="Épocas", ylabel="$L$")
    ax.plot(h, lw=0.5)
    return fig


def dark(h):
    with plt.style.context("dark_background"):
        fig, ax = _axes()
        ax.plot(h)
        ax.grid(True)
    return fig


def an_inset(h):
    fig, ax = _axes()
    ax.plot(h)
    inset = ax.inset_axes([0.5, 0.5, 0.4, 0.4])
    inset.plot(h[-10:])
    return fig


def with_error_bars(h):
    fig, ax = _axes()
    ax.errorbar(range(len(h)), h, yerr=0.1, label="loss")
    return fig


def a_subfigure(h):
    fig = plt.figure()
    left, _ = fig.subfigures(1, 2)
    ax = left.subplots()
    ax.plot(h)
    ax.set(xlabel="k", ylabel="L")
    return fig


def best_so_far_and_annotation(h):
    fig, ax = _axes()
    ax.plot(h, ".-")
    ax.plot(np.minimum.accumulate(h))
    ax.annotate("best", (int(h.argmin()), h.min()), (20, h.max()), arrowprops={"arrowstyle": "->"})
    return fig


RIGHT = [
    plain, from_one, a_list_with_markers, scatter, tiny_dots, every_tenth, step, stem, bars, stairs,
    segments, one_plot_call_a_step, one_scatter_call_a_step, logarithmic, both_logarithmic, symlog,
    log10_of_the_values, gap_to_the_best, gap_with_a_small_number, filled_below, only_filled,
    with_a_smoothed_curve_and_a_line, two_panels, a_twin, without_pyplot, dark, an_inset,
    with_error_bars, a_subfigure, best_so_far_and_annotation,
]  # fmt: skip


def empty(h):
    return _axes()[0]


def no_labels(h):
    fig, ax = plt.subplots()
    ax.plot(h)
    ax.set_title("loss against iteration")
    return fig


def one_label(h):
    fig, ax = plt.subplots()
    ax.plot(h)
    ax.set_xlabel("iteration")
    return fig


def swapped(h):
    fig, ax = _axes()
    ax.plot(h, range(len(h)))
    return fig


def without_the_first(h):
    fig, ax = _axes()
    ax.plot(h[1:])
    return fig


def first_half(h):
    fig, ax = _axes()
    ax.plot(h[: len(h) // 2])
    return fig


def backwards(h):
    fig, ax = _axes()
    ax.plot(h[::-1])
    return fig


def differences(h):
    fig, ax = _axes()
    ax.plot(np.diff(h))
    return fig


def smoothed(h):
    fig, ax = _axes()
    ax.plot(np.convolve(h, np.ones(5) / 5, "same"))
    return fig


def sorted_down(h):
    fig, ax = _axes()
    ax.plot(np.minimum.accumulate(h))
    return fig


def scaled(h):
    fig, ax = _axes()
    ax.plot(h / len(h))
    return fig


def negative(h):
    fig, ax = _axes()
    ax.plot(-h)
    return fig


def histogram(h):
    fig, ax = _axes()
    ax.hist(h, bins=20)
    return fig


def white(h):
    fig, ax = _axes()
    ax.plot(h, color="#fffffe")
    return fig


def covered(h):
    fig, ax = _axes()
    ax.plot(h)
    ax.axhspan(-1e6, 1e6, color="0.8", zorder=9)
    ax.set_ylim(0, h.max())
    return fig


def out_of_view(h):
    fig, ax = _axes()
    ax.plot(h)
    ax.set_ylim(-3, -2)
    return fig


def hidden(h):
    fig, ax = _axes()
    ax.plot(h)[0].set_visible(False)
    return fig


def only_text(h):
    fig, ax = _axes()
    ax.text(0.1, 0.5, str(h[:5]))
    return fig


def two_points(h):
    fig, ax = _axes()
    ax.plot([0, len(h) - 1], [h[0], h[-1]])
    return fig


def a_formula(h):
    fig, ax = _axes()
    k = np.arange(len(h))
    ax.plot(h[0] * np.exp(-k / 15))
    return fig


def fractions(h):
    fig, ax = _axes()
    ax.plot(np.linspace(0, 1, len(h)), h)
    return fig


WRONG = [
    empty, no_labels, one_label, swapped, without_the_first, first_half, backwards, differences,
    smoothed, sorted_down, scaled, negative, histogram, white, covered, out_of_view, hidden,
    only_text, two_points, a_formula, fractions,
]  # fmt: skip
