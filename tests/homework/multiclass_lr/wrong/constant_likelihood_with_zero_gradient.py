# fails: test_log_likelihood_example, test_log_likelihood_of_huge_scores, test_gradient_at_zero, test_gradient_is_the_slope_of_log_likelihood, test_objective_example, test_fit_starts_at_zeros, test_fit_takes_one_step, test_fit_history_falls, test_log_likelihood, test_log_likelihood_of_far_scores, test_gradient, test_gradient_of_edge_cases, test_fit_follows_gradient_descent, test_fit_learns_digits
# named: dW and db are zero.
import matplotlib.pyplot as plt
import numpy as np


def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def log_likelihood(W, b, X, y):
    return -1.0


def gradient(W, b, X, y):
    return np.zeros_like(W), np.zeros_like(b)


def cross_entropy(P, Q):
    return -np.sum(P * np.log(np.where(P > 0, Q, 1.0)), axis=1)


def objective(W, b, X, y):
    return -log_likelihood(W, b, X, y) / len(y)


def fit(X, y, k, steps, step_size):
    W, b = np.zeros((X.shape[1], k)), np.zeros(k)
    history = [objective(W, b, X, y)]
    for _ in range(steps):
        dW, db = gradient(W, b, X, y)
        W, b = W + step_size * dW / len(y), b + step_size * db / len(y)
        history.append(objective(W, b, X, y))
    return W, b, np.array(history)


def predict(W, b, X):
    return np.argmax(X @ W + b, axis=1)


def plot_history(history):
    fig, ax = plt.subplots()
    ax.plot(history)
    ax.set_xlabel("iteration")
    ax.set_ylabel("objective")
    return fig
