"""Ways to draw several named curves: each takes a dict name -> heights and gives a figure."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.lines import Line2D


def _axes():
    fig, ax = plt.subplots()
    ax.set(xlabel="step", ylabel="gap", yscale="log")
    return fig, ax


def plain(runs):
    fig, ax = _axes()
    for name, run in runs.items():
        ax.plot(run, label=name)
    ax.legend()
    return fig


def from_one_in_longer_words(runs):
    fig, ax = _axes()
    for name, run in runs.items():
        ax.semilogy(range(1, len(run) + 1), run, "--", label=f"run: {name.upper()} (alpha = 0.1)")
    fig.legend()
    return fig


def underscores_as_spaces(runs):
    fig, ax = _axes()
    for name, run in runs.items():
        ax.plot(run, label=name.replace("_", " ").title())
    ax.legend()
    return fig


def a_legend_of_words(runs):
    fig, ax = _axes()
    for run in runs.values():
        ax.plot(run)
    ax.legend(list(runs))
    return fig


def proxies(runs):
    fig, ax = _axes()
    handles = []
    for k, (name, run) in enumerate(runs.items()):
        ax.plot(run, color=f"C{k}")
        handles.append(Line2D([], [], color=f"C{k}", label=name))
    fig.legend(handles=handles)
    return fig


def beside_in_black(runs):
    fig, ax = _axes()
    for name, run in runs.items():
        ax.plot(run, "k-")
        middle = len(run) // 2
        ax.text(middle, run[middle], name)
    return fig


def beside_in_colour(runs):
    fig, ax = _axes()
    for name, run in runs.items():
        (line,) = ax.plot(run)
        ax.annotate(name, (len(run) - 1, run[-1]), color=line.get_color())
    return fig


def beside_in_the_next_ones_colour(runs):
    fig, ax = _axes()
    for k, (name, run) in enumerate(runs.items()):
        ax.plot(run, color=f"C{k}")
        middle = len(run) // 2
        ax.text(middle, run[middle], name, color=f"C{(k + 1) % len(runs)}")
    return fig


def words_of_its_colour_in_a_corner(runs):
    fig, ax = _axes()
    for k, (name, run) in enumerate(runs.items()):
        (line,) = ax.plot(run)
        ax.text(0.7, 0.95 - 0.06 * k, name, color=line.get_color(), transform=ax.transAxes)
    return fig


def a_panel_each(runs):
    fig, panels = plt.subplots(1, len(runs))
    for ax, (name, run) in zip(panels, runs.items(), strict=True):
        ax.plot(run, "k")
        ax.set(title=f"the run '{name}'", xlabel="step", ylabel="gap", yscale="log")
    return fig


def one_legend_for_two_panels(runs):
    fig, panels = plt.subplots(1, 2)
    for k, (name, run) in enumerate(runs.items()):
        panels[k % 2].plot(run, color=f"C{k}")
        panels[0].plot([], [], color=f"C{k}", label=name)
    for ax in panels:
        ax.set(xlabel="step", ylabel="gap", yscale="log")
    panels[0].legend()
    return fig


def dots_on_lines(runs):
    fig, ax = _axes()
    for name, run in runs.items():
        ax.plot(run, label=name)
        ax.scatter(range(len(run)), run, color="k", s=3)
    ax.legend()
    return fig


def one_colour_many_dashes(runs):
    fig, ax = _axes()
    for dashes, (name, run) in zip(("-", "--", ":"), runs.items(), strict=True):
        ax.plot(run, dashes, color="k", label=name)
    ax.legend()
    return fig


def one_colour_many_markers(runs):
    fig, ax = _axes()
    for marker, (name, run) in zip("os^", runs.items(), strict=True):
        ax.plot(run, color="k", marker=marker, markevery=5, label=name)
    ax.legend()
    return fig


def neighbours_of_one_map(runs):
    fig, ax = _axes()
    for shade, (name, run) in zip((0.40, 0.45, 0.50), runs.items(), strict=True):
        ax.plot(run, color=plt.get_cmap("viridis")(shade), label=name)
    ax.legend()
    return fig


def zeros_clipped(runs):
    fig, ax = _axes()
    for name, run in runs.items():
        ax.plot(np.maximum(run, 1e-16), label=name)
    ax.legend()
    return fig


def zeros_masked(runs):
    fig, ax = _axes()
    for name, run in runs.items():
        ax.plot(np.where(run > 0, run, np.nan), label=name)
    ax.legend()
    return fig


def zeros_left_out(runs):
    fig, ax = _axes()
    for name, run in runs.items():
        ax.plot(np.flatnonzero(run > 0), run[run > 0], label=name)
    ax.legend()
    return fig


def zeros_raised(runs):
    fig, ax = _axes()
    for name, run in runs.items():
        ax.plot(run + 1e-12, label=name)
    ax.legend()
    return fig


def dots(runs):
    fig, ax = _axes()
    for name, run in runs.items():
        ax.scatter(range(len(run)), run, s=8, label=name)
    ax.legend()
    return fig


def every_other(runs):
    fig, ax = _axes()
    for name, run in runs.items():
        ax.plot(np.arange(0, len(run), 2), run[::2], "o", label=name)
    ax.legend()
    return fig


def in_pieces(runs):
    fig, ax = _axes()
    for k, (name, run) in enumerate(runs.items()):
        at = np.arange(len(run))
        ax.plot(at[:9], run[:9], color=f"C{k}", label=name)
        ax.plot(at[8:], run[8:], color=f"C{k}")
    ax.legend()
    return fig


def white_markers(runs):
    fig, ax = _axes()
    for name, run in runs.items():
        ax.plot(run, "o-", mfc="w", label=name)
    ax.legend()
    return fig


def black_edges(runs):
    fig, ax = _axes()
    for name, run in runs.items():
        ax.scatter(range(len(run)), run, edgecolors="k", label=name)
    ax.legend()
    return fig


def hatched_bars(runs):
    fig, ax = _axes()
    for k, (name, run) in enumerate(runs.items()):
        at = np.arange(len(run)) + 0.3 * k - 0.3
        ax.bar(at, run, 0.3, color="w", edgecolor="k", hatch=["//", "..", "xx"][k], label=name)
    ax.legend()
    return fig


def in_pieces_of_two_colours(runs):
    fig, ax = _axes()
    for k, (name, run) in enumerate(runs.items()):
        ax.plot(range(10), run[:10], color=f"C{2 * k}", label=name)
        ax.plot(range(9, len(run)), run[9:], color=f"C{2 * k + 1}", label=f"{name} (later)")
    ax.legend()
    return fig


def names_on_the_y_axes(runs):
    fig, axes = plt.subplots(len(runs))
    for ax, (name, run) in zip(axes, runs.items(), strict=True):
        ax.semilogy(run)
        ax.set(xlabel="step", ylabel=f"gap of {name}")
    return fig


def two_y_axes(runs):
    fig, ax = _axes()
    other = ax.twinx()
    other.set(yscale="log", ylabel="gap")
    lines = []
    for k, (name, run) in enumerate(runs.items()):
        lines += (other if k else ax).plot(run, f"C{k}", label=name)
    ax.legend(handles=lines)
    return fig


def one_scatter_by_colour(runs, told=None):
    """As seaborn's `hue` draws dots: one collection, and a legend of its colours."""
    fig, ax = _axes()
    names, x, y = [], [], []
    for name, run in runs.items():
        names += [name] * len(run)
        x += range(len(run))
        y += list(run)
    colours = {name: f"C{k}" for k, name in enumerate(runs)}
    order = np.random.default_rng(0).permutation(len(x))
    ax.scatter(
        np.array(x)[order], np.array(y)[order], s=9, edgecolors="w", linewidths=0.5,
        c=[colours[names[at]] for at in order],
    )  # fmt: skip
    marks = [Line2D([], [], ls="", marker="o", color=colours[name]) for name in runs]
    ax.legend(marks, told or list(runs))
    return fig


def an_axis_of_seaborn_objects(runs):
    """Its logarithmic axis is matplotlib's "function" with these two."""
    fig, ax = plt.subplots()
    for name, run in runs.items():
        ax.plot(run, label=name)

    def log(values):
        with np.errstate(all="ignore"):
            return np.log10(values)

    ax.set(xlabel="step", ylabel="gap")
    least = min(run[run > 0].min() for run in runs.values())
    ax.set_yscale("function", functions=(log, lambda values: np.power(10, values)))
    ax.set_ylim(least / 2, 4)
    ax.legend()
    return fig


RIGHT = [
    plain, from_one_in_longer_words, underscores_as_spaces, a_legend_of_words, proxies,
    beside_in_black, beside_in_colour, beside_in_the_next_ones_colour,
    words_of_its_colour_in_a_corner, a_panel_each, one_legend_for_two_panels, dots_on_lines,
    one_colour_many_dashes, one_colour_many_markers, neighbours_of_one_map, zeros_clipped,
    zeros_masked, zeros_left_out, zeros_raised, dots, every_other, in_pieces, two_y_axes,
    white_markers, black_edges, hatched_bars, in_pieces_of_two_colours, names_on_the_y_axes,
    one_scatter_by_colour, an_axis_of_seaborn_objects,
]  # fmt: skip


def no_names(runs):
    fig, ax = _axes()
    for run in runs.values():
        ax.plot(run)
    return fig


def one_without_a_name(runs):
    fig, ax = _axes()
    for k, (name, run) in enumerate(runs.items()):
        ax.plot(run, label=name if k != 1 else None)
    ax.legend()
    return fig


def names_exchanged(runs):
    fig, ax = _axes()
    for name, run in zip([*list(runs)[1:], next(iter(runs))], runs.values(), strict=True):
        ax.plot(run, label=name)
    ax.legend()
    return fig


def texts_exchanged(runs):
    fig, ax = _axes()
    lines = [ax.plot(run, label=name)[0] for name, run in runs.items()]
    ax.legend(lines, list(runs)[::-1])
    return fig


def sorted_names(runs):
    fig, ax = _axes()
    for run in runs.values():
        ax.plot(run)
    ax.legend(sorted(runs))
    return fig


def one_name_for_all(runs):
    fig, ax = _axes()
    for run in runs.values():
        ax.plot(run, label=next(iter(runs)))
    ax.legend()
    return fig


def numbered(runs):
    fig, ax = _axes()
    for k, run in enumerate(runs.values()):
        ax.plot(run, label=f"run {k}")
    ax.legend()
    return fig


def all_black(runs):
    fig, ax = _axes()
    for name, run in runs.items():
        ax.plot(run, "k", label=name)
    ax.legend()
    return fig


def a_hidden_legend(runs):
    fig = plain(runs)
    fig.axes[0].get_legend().set_visible(False)
    return fig


def exchanged_beside_in_black(runs):
    fig, ax = _axes()
    for name, run in zip(list(runs)[::-1], runs.values(), strict=True):
        ax.plot(run, "k-")
        ax.text(len(run) // 2, run[len(run) // 2], name)
    return fig


def exchanged_panels(runs):
    fig, panels = plt.subplots(1, len(runs))
    for ax, name, run in zip(panels, list(runs)[::-1], runs.values(), strict=True):
        ax.plot(run, "k")
        ax.set(title=name, yscale="log")
    return fig


def names_in_the_title(runs):
    fig, ax = _axes()
    for run in runs.values():
        ax.plot(run)
    ax.set_title(" and ".join(runs))
    return fig


def one_scatter_with_exchanged_colours(runs):
    return one_scatter_by_colour(runs, told=list(runs)[::-1])


WRONG_NAMES = [
    no_names, one_without_a_name, names_exchanged, texts_exchanged, sorted_names, one_name_for_all,
    numbered, all_black, a_hidden_legend, exchanged_beside_in_black, exchanged_panels,
    names_in_the_title, one_scatter_with_exchanged_colours,
]  # fmt: skip


def one_missing(runs):
    return plain(dict(list(runs.items())[:-1]))


def cut_to_the_shortest(runs):
    least = min(map(len, runs.values()))
    return plain({name: run[:least] for name, run in runs.items()})


def small_values_lost(runs):
    """Right on a linear axis, wrong by decades on this one."""
    return plain({name: np.maximum(run, 1e-3) for name, run in runs.items()})


def logarithms(runs):
    fig = plain({name: np.log10(np.maximum(run, 1e-16)) for name, run in runs.items()})
    fig.axes[0].set_yscale("linear")
    return fig


def scaled(runs):
    return plain({name: run / run[0] for name, run in runs.items()})


def the_first_left_out(runs):
    return plain({name: run[1:] for name, run in runs.items()})


def the_zeros_doubled(runs):
    """Zeros stand high above all others."""
    return plain({name: np.where(run > 0, run, 50.0) for name, run in runs.items()})


def in_white(runs):
    fig = plain(runs)
    fig.axes[0].lines[1].set_color("white")
    return fig


def out_of_view(runs):
    fig = plain(runs)
    fig.axes[0].set_ylim(1e3, 1e4)
    return fig


def the_mean(runs):
    least = min(map(len, runs.values()))
    mean = np.mean([run[:least] for run in runs.values()], axis=0)
    return plain(dict.fromkeys(runs, mean))


WRONG_CURVES = [
    one_missing, cut_to_the_shortest, small_values_lost, logarithms, scaled, the_first_left_out,
    the_zeros_doubled, in_white, out_of_view, the_mean,
]  # fmt: skip
