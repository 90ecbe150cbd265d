# base: reference
# wrong: plot_runs
# not in the catalogue
import matplotlib.pyplot as plt


def plot_runs(histories):
    fig, ax = plt.subplots()
    for name, h in histories.items():
        ax.semilogy(h / h[0], label=name)
    ax.legend()
    ax.set(xlabel="t", ylabel="gap")
    return fig
