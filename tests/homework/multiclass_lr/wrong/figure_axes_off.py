# base: vectorised
# fails: plot_labels_its_axes


def plot_history(history):
    fig, ax = plt.subplots()
    ax.plot(history)
    ax.set_xlabel('iteration')
    ax.set_ylabel('objective')
    ax.axis('off')
    return fig
