# base: vectorised
# fails: plot_shows_every_coefficient
# not in the catalogue


def plot_path(lams, path):
    fig, ax = plt.subplots()
    ax.semilogx(lams, path[:, :-1])
    ax.set_xlabel("lambda")
    ax.set_ylabel("coefficient")
    return fig
