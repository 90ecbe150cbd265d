# not in the catalogue: for some w they look moved by 1 upwards
# base: reference
# wrong: plot_decision_boundary
# may say: half as far

_right_plot = plot_decision_boundary


def plot_decision_boundary(w, b, X, y):
    figure = _right_plot(w, b, X, y)
    for line, level in zip(figure.axes[0].lines[1:3], (0.5, -0.5), strict=True):
        line.set_ydata((level - b - w[0] * line.get_xdata()) / w[1])
    return figure
