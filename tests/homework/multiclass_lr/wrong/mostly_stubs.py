# fails: log_likelihood_example, log_likelihood_of_huge_scores, gradient_at_zero, gradient_is_the_slope_of_log_likelihood, cross_entropy_example, cross_entropy_counts_0_log_0_as_0, objective_example, fit_starts_at_zeros, fit_takes_one_step, fit_history_falls, plot_labels_its_axes, plot_shows_the_history, log_likelihood, log_likelihood_of_far_scores, gradient, gradient_of_edge_cases, cross_entropy, cross_entropy_of_zeros, objective, fit_follows_gradient_descent, fit_records_every_objective, fit_learns_digits
import matplotlib.pyplot as plt
import numpy as np


def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def log_likelihood(W, b, X, y):
    """The sum over the examples of log Pr(Y = y_i | x_i).

    Returns a float, finite also for huge scores.
    """
    raise NotImplementedError


def gradient(W, b, X, y):
    """The gradient of log_likelihood with respect to W and b.

    Returns (dW, db) of shapes (d, k) and (k,).
    """
    raise NotImplementedError


def cross_entropy(P, Q):
    """H(p_i, q_i) of each pair of rows, with 0 log 0 = 0.

    P, Q: (n, k), every row a distribution. Returns (n,).
    """
    raise NotImplementedError


def objective(W, b, X, y):
    """The mean over the examples of the cross entropy between label and prediction.

    Returns a float.
    """
    raise NotImplementedError


def fit(X, y, k, steps, step_size):
    """Gradient descent on objective, from W = 0 and b = 0, with a constant step.

    Returns (W, b, history): W (d, k), b (k,), and history (steps + 1,), the objective at every
    iterate, the start included.
    """
    raise NotImplementedError


def predict(W, b, X):
    return np.argmax(X @ W + b, axis=1)


def plot_history(history):
    """Draw the objective against the iteration, with both axes labelled. Returns the Figure."""
    raise NotImplementedError
