# base: reference
# fails: plot_decision_boundary
# is:


def plot_decision_boundary(w, b, X, y):
    figure = _right_plot(w, b, X, y)
    figure.axes[0].set(xlabel="", ylabel=" ")
    figure.axes[0].get_legend().remove()
    return figure
