# base: reference


def plot_training(history):
    fig, ax = plt.subplots()
    ax.plot(history)
    # The first steps are far above the others, and would leave them little room.
    ax.set(xlabel="step", ylabel="value", ylim=(0, float(np.quantile(history, 0.9))))
    return fig
