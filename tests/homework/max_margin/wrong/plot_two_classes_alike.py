# not in the catalogue: two classes look alike
# base: reference
# wrong: plot_regions

_plot_regions = plot_regions


def plot_regions(W, X, y):
    fig = _plot_regions(W, X, y)
    ax = fig.axes[0]
    for c in list(ax.collections)[:3]:
        c.remove()
    ax.scatter(*X[y < 2, :2].T, color='k')
    ax.scatter(*X[y == 2, :2].T, color='r')
    return fig
