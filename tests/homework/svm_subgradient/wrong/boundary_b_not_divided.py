# base: reference
# wrong: plot_decision_boundary

_right_plot = plot_decision_boundary


def plot_decision_boundary(w, b, X, y):
    figure = _right_plot(w, b, X, y)
    x = np.array([X[:, 0].min(), X[:, 0].max()])
    figure.axes[0].lines[0].set_data(x, -w[0] / w[1] * x - b)
    return figure
