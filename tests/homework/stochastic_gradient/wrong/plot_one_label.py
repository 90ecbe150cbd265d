# base: reference
# wrong: plot_runs
# not in the catalogue
# says: An axis of your figure has no label.
import matplotlib.pyplot as plt


def plot_runs(histories):
    fig, ax = plt.subplots()
    for name, h in histories.items():
        ax.semilogy(h, label=name)
    ax.legend()
    ax.set(xlabel="t")
    return fig
