# base: vectorised
# fails: plot_labels_its_axes


def plot_path(lams, path):
    fig, ax = plt.subplots()
    ax.semilogx(lams, path)
    return fig
