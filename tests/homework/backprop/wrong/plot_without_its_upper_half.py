# base: reference
# fails: plot_shows_the_history


def plot_training(history):
    fig, ax = plt.subplots()
    ax.plot(history)
    ax.set(xlabel="step", ylabel="value", ylim=(0, float(np.median(history))))
    return fig
