# base: reference
# wrong: plot_decision_boundary

_right_plot = plot_decision_boundary


def plot_decision_boundary(w, b, X, y):
    figure = _right_plot(w, b, X, y)
    figure.axes[0].set(xlabel="", ylabel=" ")
    figure.axes[0].get_legend().remove()
    return figure
