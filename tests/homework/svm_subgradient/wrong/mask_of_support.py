# base: reference
# wrong: support_vectors
# is: support_vectors_as_a_mask

_right_plot = plot_decision_boundary


def support_vectors(w, b, X, y, tol):
    return y * (X @ w + b) <= 1 + tol


def plot_decision_boundary(w, b, X, y):
    return _right_plot(w, b, X, y)
