# base: reference
# wrong: plot_runs
# says: The y axis of your figure is not logarithmic.
import matplotlib.pyplot as plt
import numpy as np


def plot_runs(histories):
    fig, ax = plt.subplots()
    for name, h in histories.items():
        ax.plot(np.log10(np.maximum(h, 1e-12)), label=name)
    ax.set(xlabel="t", ylabel="log10 of the gap")
    ax.legend()
    return fig
