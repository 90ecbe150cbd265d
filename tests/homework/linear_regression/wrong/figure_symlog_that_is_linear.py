# base: vectorised
# fails: plot_has_a_logarithmic_axis
# not in the catalogue


def plot_path(lams, path):
    fig, ax = plt.subplots()
    ax.plot(lams, path)
    ax.set_xscale("symlog", linthresh=1e6)
    ax.set_xlabel("lambda")
    ax.set_ylabel("coefficient")
    return fig
