# base: reference
# wrong: plot_runs
# not in the catalogue
import matplotlib.pyplot as plt
import numpy as np


def plot_runs(histories):
    fig, ax = plt.subplots()
    for name, h in histories.items():
        ax.semilogy(np.linspace(0, 1, len(h)), h, label=name)
    ax.legend()
    ax.set(xlabel="t", ylabel="gap")
    return fig
