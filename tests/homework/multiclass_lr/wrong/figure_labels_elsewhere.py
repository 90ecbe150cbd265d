# base: vectorised
# fails: plot_labels_its_axes


def plot_history(history):
    fig, (a, b) = plt.subplots(1, 2)
    a.plot(history)
    b.set_xlabel('iteration'); b.set_ylabel('objective')
    return fig
