# base: reference
# wrong: plot_runs
# says: The y axis of your figure is not logarithmic.
import matplotlib.pyplot as plt


def plot_runs(histories):
    fig, ax = plt.subplots()
    for name, h in histories.items():
        ax.plot(h, label=name)
    ax.set(xlabel="t", ylabel="gap")
    ax.legend()
    return fig
