# base: reference
# wrong: plot_runs
# not in the catalogue
# says: The y axis of your figure is not logarithmic.
import matplotlib.pyplot as plt


def plot_runs(histories):
    fig, ax = plt.subplots()
    for name, h in histories.items():
        ax.semilogx(h, label=name)
    ax.set(xlabel="t", ylabel="gap")
    ax.legend()
    return fig
