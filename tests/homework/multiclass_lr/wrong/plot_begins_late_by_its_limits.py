# base: reference
# fails: plot_shows_the_history


def plot_history(history):
    fig, ax = plt.subplots()
    ax.plot(history)
    ax.set(xlabel="step", ylabel="value", xlim=(0.3 * len(history), len(history)))
    return fig
