# not in the catalogue: misclassified examples are marked
# base: reference
# wrong: plot_decision_boundary

_right_plot = plot_decision_boundary


def plot_decision_boundary(w, b, X, y):
    figure = _right_plot(w, b, X, y)
    figure.axes[0].collections[2].set_offsets(X[y * (X @ w + b) < 0])
    return figure
