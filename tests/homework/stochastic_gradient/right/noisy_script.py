# A script that runs everything when it is loaded, prints, warns and shows its figures.
import warnings

import matplotlib

matplotlib.use("TkAgg")
import matplotlib.pyplot as plt
import numpy as np

np.random.seed(1)
print("start")


def full_gradient(w, X, y):
    print("full gradient", w.shape)
    return 1 / len(y) * X.T.dot(X.dot(w) - y)


def batch_gradient(w, X, y, indices):
    warnings.warn("slow")
    total = np.zeros_like(w)
    for k in range(indices.shape[0]):
        i = indices[k]
        total += (w.dot(X[i]) - y[i]) * X[i]
    return total / indices.shape[0]


def step_sizes(schedule, alpha, delta, steps):
    t = np.arange(1, 1 + steps)
    if schedule == "constant":
        return np.repeat(alpha, steps)
    elif schedule == "inverse":
        return alpha * (1 + delta * t) ** -1
    elif schedule == "power":
        return alpha * np.power(t, -delta, dtype=float)
    else:
        raise ValueError


def draw_batches(n, steps, batch_size, seed):
    state = np.random.get_state()
    np.random.seed(seed)
    out = np.empty((steps, batch_size), int)
    for t in range(steps):
        for j in range(batch_size):
            out[t, j] = np.random.randint(0, n)
    np.random.set_state(state)
    return out


def sgd(X, y, w0, batches, alphas):
    w = w0.copy()
    history = [w.copy()]
    for step, (batch, alpha) in enumerate(zip(batches, alphas), 1):
        w -= alpha * batch_gradient(w, X, y, batch)
        history.append(w.copy())
        print(f"step {step}: {w}")
    return np.array(history)


def weighted_average(path, alphas):
    return np.average(path[:-1], 0, alphas)


def bound(R2, G2, alphas):
    top = R2
    for alpha in alphas:
        top += G2 * alpha**2
    return top / (2 * alphas.sum())


def best_constant_step(R2, G2, steps):
    # by search: the derivative -R2 / (2 steps h^2) + G2 / 2 changes its sign
    low, high = 1e-12, 1e12
    for _ in range(200):
        h = np.sqrt(low * high)
        if -R2 / (2 * steps * h**2) + G2 / 2 < 0:
            low = h
        else:
            high = h
    return h


def meets_conditions(schedule, delta):
    if schedule == "constant":
        return True, False
    if schedule == "inverse":
        return True, True
    if schedule == "power":
        first = delta <= 1
        second = delta * 2 > 1
        return first, second


def gradient_variance(w, X, y, batch_size):
    F = full_gradient(w, X, y)
    total = 0
    for i in range(len(y)):
        total += np.sum((batch_gradient(w, X, y, np.array([i])) - F) ** 2)
    return total / (len(y) * batch_size)


def plot_runs(histories):
    plt.figure()
    for name in sorted(histories):
        plt.plot(np.maximum(histories[name], 1e-16), label=name.upper())
    plt.yscale("log")
    plt.xlabel("t")
    plt.ylabel("F(w) - min F")
    plt.legend(title="runs")
    plt.show()
    plt.close("all")


batches = draw_batches(5, 3, 2, 0)
plot_runs({"a": np.array([1.0, 0.5]), "b": np.array([2.0, 0.1])})
