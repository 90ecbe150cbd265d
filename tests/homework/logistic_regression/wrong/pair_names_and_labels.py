# base: vectorised
# fails: plot_names_both_curves, plot_labels_its_axes


def plot_convergence(gd_history, newton_history):
    plt.plot(gd_history, label='newton')
    plt.plot(newton_history, label='gd')
    plt.legend()
