"""More loss curves, drawn without looking at how they are recognised."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
from curve_pictures import _axes
from matplotlib.collections import LineCollection
from matplotlib.offsetbox import AnchoredText


def the_usual_script(h):
    plt.figure(figsize=(8, 5))
    plt.plot(range(len(h)), h, "-b", linewidth=2, label="Training loss")
    plt.xlabel("Iteration")
    plt.ylabel("Loss")
    plt.title("Training curve")
    plt.grid(True, alpha=0.3)
    plt.legend(loc="best")
    plt.tight_layout()
    return plt.gcf()


def tight_limits(h):
    fig, ax = _axes()
    ax.plot(h)
    ax.set_xlim(0, len(h) - 1)
    ax.set_ylim(0, np.median(h) * 1.5)
    return fig


def logarithmic_x_from_one(h):
    fig, ax = _axes()
    ax.semilogx(np.arange(1, len(h) + 1), h, drawstyle="steps-mid")
    return fig


def every_fifth_and_the_last(h):
    fig, ax = _axes()
    k = np.unique(np.append(np.arange(0, len(h), 5), len(h) - 1))
    ax.plot(k, h[k], marker="s")
    return fig


def coloured_by_value_with_a_colorbar(h):
    fig, ax = _axes()
    points = np.column_stack([np.arange(len(h)), h])
    lines = LineCollection(np.stack([points[:-1], points[1:]], 1), cmap="plasma", array=h[1:])
    ax.add_collection(lines)
    ax.set(xlim=(0, len(h)), ylim=(h.min() - 0.1, h.max() + 0.1))
    fig.colorbar(lines)
    return fig


def white_on_black(h):
    fig, ax = _axes()
    ax.set_facecolor("black")
    ax.plot(h, "w", lw=0.8)
    return fig


def loss_and_its_decrease(h):
    fig, ax = _axes()
    ax.plot(h, "C3")
    other = ax.twinx()
    other.bar(range(1, len(h)), -np.diff(h), alpha=0.2)
    other.set_ylabel("decrease")
    return fig


def with_a_box_of_text(h):
    fig, ax = _axes()
    ax.plot(h, ".")
    ax.add_artist(AnchoredText(f"best: {h.min():.3f}", loc="upper right"))
    ax.axvline(h.argmin(), color="0.5", ls="--")
    return fig


def a_broken_axis(h):
    fig, (top, bottom) = plt.subplots(2, sharex=True)
    for ax in (top, bottom):
        ax.plot(h)
    middle = np.quantile(h, 0.9)
    top.set_ylim(middle, h.max())
    bottom.set_ylim(h.min(), middle)
    bottom.set_xlabel("iteration")
    bottom.set_ylabel("loss")
    return fig


def own_tick_labels(h):
    fig, ax = _axes()
    ax.plot(h)
    ax.set_xticks([0, 30, 60], ["zero", "thirty", "sixty"])
    return fig


def old_style_common_labels(h):
    fig, axes = plt.subplots(2, 1)
    axes[0].plot(h)
    axes[1].semilogy(h)
    fig.text(0.5, 0.02, "iteration", ha="center")
    fig.text(0.02, 0.5, "objective", va="center", rotation="vertical")
    return fig


def stacked(h):
    fig, ax = _axes()
    ax.stackplot(range(len(h)), h)
    return fig


def shaded_band_and_mean(h):
    fig, ax = _axes()
    k = np.arange(len(h))
    ax.fill_between(k, h * 0.9, h * 1.1, alpha=0.2)
    ax.plot(k, h, lw=1)
    return fig


def difference_to_the_last(h):
    fig, ax = _axes()
    ax.plot(np.log10(h - h.min() + 1e-9))
    ax.set_ylabel("$\\log_{10}(L_k - L^\\star)$")
    return fig


def in_a_for_loop_with_points(h):
    fig, ax = _axes()
    for k in range(len(h)):
        ax.plot(k, h[k], "b.")
    return fig


def rotated_and_xkcd_like_labels(h):
    fig, ax = plt.subplots()
    ax.plot(h, "--", dashes=(5, 5))
    ax.set_xlabel("Шаг $k$", loc="right")
    ax.set_ylabel("ℒ", rotation=0, loc="top")
    return fig


RIGHT = [
    the_usual_script, tight_limits, logarithmic_x_from_one, every_fifth_and_the_last,
    coloured_by_value_with_a_colorbar, white_on_black, loss_and_its_decrease, with_a_box_of_text,
    a_broken_axis, own_tick_labels, old_style_common_labels, stacked, shaded_band_and_mean,
    difference_to_the_last, in_a_for_loop_with_points, rotated_and_xkcd_like_labels,
]  # fmt: skip


def accuracy(h):
    fig, ax = _axes()
    ax.plot(1 - h / h.max())
    return fig


def squared(h):
    fig, ax = _axes()
    ax.plot(h**2)
    return fig


def running_mean(h):
    fig, ax = _axes()
    ax.plot(np.cumsum(h) / np.arange(1, len(h) + 1))
    return fig


def from_ten(h):
    fig, ax = _axes()
    ax.plot(np.arange(10, 10 + len(h)), h)
    return fig


def normalised(h):
    fig, ax = _axes()
    ax.plot((h - h.min()) / (h.max() - h.min()) * 0.9)
    return fig


def against_the_square_root(h):
    fig, ax = _axes()
    ax.plot(np.sqrt(np.arange(len(h))), h)
    return fig


def a_pie(h):
    fig, ax = _axes()
    ax.pie(h)
    return fig


def an_image(h):
    fig, ax = _axes()
    ax.imshow(h[None], aspect="auto")
    return fig


def labels_on_another_axes(h):
    fig, (one, two) = plt.subplots(2)
    one.plot(h)
    two.set(xlabel="iteration", ylabel="loss")
    return fig


def labels_of_blanks(h):
    fig, ax = plt.subplots()
    ax.plot(h)
    ax.set(xlabel="$ $", ylabel="\n")
    return fig


def only_a_title(h):
    fig, ax = plt.subplots()
    ax.plot(h, label="loss")
    ax.set_title("loss")
    ax.legend()
    return fig


def a_fitted_line(h):
    fig, ax = _axes()
    k = np.arange(len(h))
    ax.plot(k, np.polyval(np.polyfit(k, h, 3), k))
    return fig


def every_other_value_close_together(h):
    fig, ax = _axes()
    ax.plot(h[::2])
    return fig


def noise_added(h):
    fig, ax = _axes()
    ax.plot(h * (1 + 0.01 * np.sin(np.arange(len(h)))))
    return fig


WRONG = [
    accuracy, squared, running_mean, from_ten, normalised, against_the_square_root, a_pie, an_image,
    labels_on_another_axes, labels_of_blanks, only_a_title, a_fitted_line, noise_added,
    every_other_value_close_together,
]  # fmt: skip
