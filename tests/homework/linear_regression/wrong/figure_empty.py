# base: vectorised
# fails: plot_shows_every_coefficient, plot_has_a_logarithmic_axis, plot_labels_its_axes


def plot_path(lams, path):
    fig, ax = plt.subplots()
    ax.set_xscale("log")
    ax.set_xlabel("lambda")
    ax.set_ylabel("coefficient")
    return fig
