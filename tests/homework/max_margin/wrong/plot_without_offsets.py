# not in the catalogue: in the catalogue as a picture
# base: reference
# wrong: plot_regions
# may say: offsets

_plot_regions = plot_regions


def plot_regions(W, X, y):
    return _plot_regions(W * [[1], [1], [0]], X, y)
