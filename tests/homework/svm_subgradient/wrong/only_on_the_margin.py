# base: loops
# wrong: support_vectors
# is: support_vectors_on_the_margin

_right_plot = plot_decision_boundary


def support_vectors(w, b, X, y, tol):
    return [i for i in range(len(y)) if abs(y[i] * (X[i] @ w + b) - 1) <= tol]


def plot_decision_boundary(w, b, X, y):
    return _right_plot(w, b, X, y)
