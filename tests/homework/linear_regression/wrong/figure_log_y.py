# base: vectorised
# fails: plot_has_a_logarithmic_axis


def plot_path(lams, path):
    fig, ax = plt.subplots()
    ax.plot(lams, path); ax.set_yscale("symlog")
    ax.set_xlabel("lambda")
    ax.set_ylabel("coefficient")
    return fig
