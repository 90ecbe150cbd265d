# base: reference
# wrong: plot_runs
# not in the catalogue
# says: Your figure does not say which curve is which run.
import matplotlib.pyplot as plt


def plot_runs(histories):
    fig, ax = plt.subplots()
    for k, h in enumerate(histories.values()):
        ax.semilogy(h, label=f"run {k}")
    ax.legend()
    ax.set(xlabel="t", ylabel="gap")
    return fig
