# base: vectorised
# fails: plot_shows_the_history


def plot_history(history):
    fig, ax = plt.subplots()
    ax.plot(np.convolve(history, np.ones(3) / 3, 'same'))
    ax.set_xlabel('iteration')
    ax.set_ylabel('objective')
    return fig
