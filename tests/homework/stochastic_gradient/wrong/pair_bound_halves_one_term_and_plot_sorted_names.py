# base: reference
# wrong: bound, plot_runs
# says: Your figure has the names of runs exchanged.
import matplotlib.pyplot as plt
import numpy as np


def bound(R2, G2, alphas):
    return R2 / (2 * np.sum(alphas)) + G2 * np.sum(alphas**2) / np.sum(alphas)


def plot_runs(histories):
    fig, ax = plt.subplots()
    for name in histories:
        ax.semilogy(histories[name])
    ax.legend(sorted(histories, key=len, reverse=True))
    ax.set(xlabel="t", ylabel="gap")
    return fig
