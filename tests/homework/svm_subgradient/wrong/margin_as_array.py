# not in the catalogue: a wrong shape
# base: reference
# wrong: margin

_right_plot = plot_decision_boundary


def margin(w):
    return np.array([2 / np.linalg.norm(w)])


def plot_decision_boundary(w, b, X, y):
    return _right_plot(w, b, X, y)
