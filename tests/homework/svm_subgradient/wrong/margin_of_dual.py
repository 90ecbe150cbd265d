# base: reference
# wrong: plot_decision_boundary
# may say: Your margins are the boundary moved by 1 upwards and downwards

_right_plot = plot_decision_boundary


def plot_decision_boundary(w, b, X, y):
    figure = _right_plot(w, b, X, y)
    for line in figure.axes[0].lines[1:]:
        offset = 1 if line is figure.axes[0].lines[1] else -1
        line.set_ydata(np.asarray(figure.axes[0].lines[0].get_ydata()) + offset)
    return figure
