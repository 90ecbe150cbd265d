# base: vectorised
# fails: plot_shows_both_histories, plot_names_both_curves, plot_labels_its_axes


def plot_convergence(gd_history, newton_history):
    fig, ax = plt.subplots()
    pass
    ax.set_xlabel('iteration')
    ax.set_ylabel('loss')
    pass
    return fig
