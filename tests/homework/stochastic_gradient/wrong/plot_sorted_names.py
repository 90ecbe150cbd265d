# base: reference
# wrong: plot_runs
# not in the catalogue
# says: Your figure has the names of runs exchanged.
import matplotlib.pyplot as plt


def plot_runs(histories):
    fig, ax = plt.subplots()
    for name in histories:
        ax.semilogy(histories[name])
    ax.legend(sorted(histories, key=len, reverse=True))
    ax.set(xlabel="t", ylabel="gap")
    return fig
