# base: reference
# wrong: summed_hinge, plot_regions
# is: summed_divided_by_k
# may say: multiplied by
# may say: has the wrong sign
# may say: have the wrong sign

_plot_regions = plot_regions


def summed_hinge(S, y):
    return np.maximum(_augmented(S, y), 0).mean(axis=1)


def plot_regions(W, X, y):
    fig = _plot_regions(W, X, y)
    fig.axes[0].set_xlabel('')
    return fig
