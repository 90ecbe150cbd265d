# base: reference
# wrong: plot_runs
# not in the catalogue
import matplotlib.pyplot as plt


def plot_runs(histories):
    fig, ax = plt.subplots()
    for name, h in list(histories.items())[1:]:
        ax.semilogy(h, label=name)
    ax.legend()
    ax.set(xlabel="t", ylabel="gap")
    return fig
