# fails: log_likelihood_example, log_likelihood_of_huge_scores, gradient_at_zero
# fails: gradient_is_the_slope_of_log_likelihood, fit_takes_one_step, fit_history_falls
# fails: log_likelihood, log_likelihood_of_far_scores, gradient, gradient_of_edge_cases
# fails: fit_follows_gradient_descent, fit_learns_digits
# may say: dW and db are zero.
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
