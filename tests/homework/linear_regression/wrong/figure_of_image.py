# base: vectorised
# fails: plot_shows_every_coefficient, plot_has_a_logarithmic_axis
# not in the catalogue


def plot_path(lams, path):
    fig, ax = plt.subplots()
    ax.imshow(path.T, aspect="auto")
    ax.set_xlabel("lambda")
    ax.set_ylabel("coefficient")
    return fig
