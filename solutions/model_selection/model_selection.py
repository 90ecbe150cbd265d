"""Model selection: polynomials of which degree, and how much ridge?

Sizes: n examples, m columns of features, c configurations. x and y (n,) hold an input and a target
per example; Phi (n, m); w (m,). A configuration is a dict such as {"degree": 3, "lam": 0.1}.
"""

import itertools

import matplotlib.pyplot as plt
import numpy as np


def split(n, valid, test, seed):
    """Deal n examples out at random into a training, a validation and a test set.

    valid, test: their shares; round(n * share) examples each, the training set takes the rest.
    Returns three int arrays of indices, which are disjoint and together cover 0, ..., n - 1.
    """
    n_valid, n_test = round(n * valid), round(n * test)
    order = np.random.default_rng(seed).permutation(n)
    return order[n_valid + n_test :], order[:n_valid], order[n_valid : n_valid + n_test]


def features(x, degree):
    """The powers 1, x, ..., x^degree of each input. Shapes: (n,) -> (n, degree + 1)."""
    return x[:, None] ** np.arange(degree + 1)


def ridge(Phi, y, lam):
    """The minimiser of ||Phi w - y||^2 + lam ||w||^2, shape (m,).

    The gradient 2 Phi'(Phi w - y) + 2 lam w vanishes where (Phi'Phi + lam I) w = Phi'y.
    """
    return np.linalg.solve(Phi.T @ Phi + lam * np.eye(Phi.shape[1]), Phi.T @ y)


def error(w, Phi, y):
    """The mean squared error of the predictions Phi w. Returns a float."""
    return float(np.mean((Phi @ w - y) ** 2))


def grid(space):
    """All combinations of the values in `space`, a dict name -> list.

    Returns a list of dicts; the last name varies fastest.
    """
    return [dict(zip(space, values, strict=True)) for values in itertools.product(*space.values())]


def random_configurations(space, count, seed):
    """`count` configurations, each value drawn by itself.

    space: a dict; a tuple (low, high) stands for a uniform real number between the two, a list for
    a uniform choice. Returns a list of dicts.
    """
    rng = np.random.default_rng(seed)

    def draw(values):
        if isinstance(values, tuple):
            return float(rng.uniform(*values))
        return values[rng.integers(len(values))]

    return [{name: draw(values) for name, values in space.items()} for _ in range(count)]


def search(x, y, train, valid, configurations):
    """Train every configuration on the training set and compare them on the validation set.

    Returns (best, errors): the index of the lowest validation error, and all c of them.
    """
    errors = []
    for configuration in configurations:
        w = ridge(features(x[train], configuration["degree"]), y[train], configuration["lam"])
        errors.append(error(w, features(x[valid], configuration["degree"]), y[valid]))
    return int(np.argmin(errors)), np.array(errors)


def final_error(x, y, train, valid, test, configuration):
    """The test error of one configuration, trained on training and validation set together."""
    both = np.concatenate([train, valid])
    w = ridge(features(x[both], configuration["degree"]), y[both], configuration["lam"])
    return error(w, features(x[test], configuration["degree"]), y[test])


def bias_variance(predictions, truth):
    """Why predictions are wrong: on average, or because each training set gives others?

    predictions (trials, n): one row for each training set. truth (n,). With the mean over the
    trials f_j,
        bias2 = mean_j (f_j - truth_j)^2     variance = mean_j mean_t (predictions_tj - f_j)^2
    Returns (bias2, variance), two floats.
    """
    average = predictions.mean(axis=0)
    return float(np.mean((average - truth) ** 2)), float(np.mean((predictions - average) ** 2))


def plot_validation(degrees, train_errors, valid_errors):
    """Draw both errors against the degree, on a logarithmic axis. Returns the Figure."""
    figure, axes = plt.subplots(layout="constrained")
    axes.plot(degrees, train_errors, "o-", label="training error")
    axes.plot(degrees, valid_errors, "s-", label="validation error")
    axes.set(xlabel="degree", ylabel="mean squared error", yscale="log")
    axes.legend()
    return figure


if __name__ == "__main__":
    # 48 examples of a wave with noise: y = sin(3 x) + 0.3 N(0, 1).
    rng = np.random.default_rng(1)
    x = rng.uniform(-1, 1, size=48)
    y = np.sin(3 * x) + 0.3 * rng.normal(size=48)
    train, valid, test = split(48, valid=0.25, test=0.25, seed=1)
    configurations = grid({"degree": list(range(13)), "lam": [1e-4, 1e-2, 1.0]})
    best, errors = search(x, y, train, valid, configurations)
    chosen = configurations[best]
    print(f"best of {len(configurations)}: {chosen}, validation error {errors[best]:.4f}")
    print(f"  test error {final_error(x, y, train, valid, test, chosen):.4f}")
    degrees = np.arange(13)
    weak = [{"degree": int(degree), "lam": 1e-6} for degree in degrees]
    _, train_errors = search(x, y, train, train, weak)
    _, valid_errors = search(x, y, train, valid, weak)
    plot_validation(degrees, np.array(train_errors), np.array(valid_errors))
    points = np.linspace(-0.9, 0.9, 50)
    for degree in (1, 3, 12):
        predictions = []
        for seed in range(200):
            rng = np.random.default_rng(seed)
            a = rng.uniform(-1, 1, size=30)
            b = np.sin(3 * a) + 0.3 * rng.normal(size=30)
            predictions.append(features(points, degree) @ ridge(features(a, degree), b, 1e-6))
        bias2, variance = bias_variance(np.array(predictions), np.sin(3 * points))
        print(f"degree {degree}: squared bias {bias2:.4f}, variance {variance:.4f}")
    plt.show()
