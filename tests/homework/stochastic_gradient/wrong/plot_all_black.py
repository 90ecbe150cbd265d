# base: reference
# wrong: plot_runs
# not in the catalogue
import matplotlib.pyplot as plt


def plot_runs(histories):
    fig, ax = plt.subplots()
    for name in histories:
        ax.semilogy(histories[name], "k-", label=name)
    ax.legend()
    ax.set(xlabel="t", ylabel="gap")
    return fig
