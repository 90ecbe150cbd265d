# base: vectorised
# fails: plot_shows_every_coefficient, plot_has_a_logarithmic_axis


def plot_path(lams, path):
    fig, ax = plt.subplots()
    ax.plot(np.log10(lams), path)
    ax.set_xlabel("lambda")
    ax.set_ylabel("coefficient")
    return fig
