# base: vectorised
# fails: plot_labels_its_axes


def plot_convergence(gd_history, newton_history):
    plt.plot(gd_history, label='gd')
    plt.plot(newton_history, label='newton')
    plt.legend()
