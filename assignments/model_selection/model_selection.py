"""Model selection. README.md says what each function should do.

Sizes: n examples, m columns of features, c configurations.
x and y (n,) hold an input and a target per example; Phi (n, m); w (m,). A configuration is a dict
such as {"degree": 3, "lam": 0.1}.
"""

import matplotlib.pyplot as plt
import numpy as np


def split(n, valid, test, seed):
    """Deal n examples out at random into three sets.

    valid, test: the shares of the validation and the test set.
    Returns (train, valid, test): three int arrays of indices.
    """
    raise NotImplementedError


def features(x, degree):
    """The powers 0, 1, ..., degree of x (n,). Returns (n, degree + 1)."""
    raise NotImplementedError


def ridge(Phi, y, lam):
    """The minimiser of ||Phi w - y||^2 + lam ||w||^2. Returns (m,)."""
    raise NotImplementedError


def error(w, Phi, y):
    """The mean squared error of the predictions Phi w. Returns a float."""
    raise NotImplementedError


def grid(space):
    """All combinations of the values in space, a dict name -> list.

    Returns a list of dicts; the last name varies fastest.
    """
    raise NotImplementedError


def random_configurations(space, count, seed):
    """count random configurations.

    space: a dict; a tuple (low, high) stands for a uniform real number between the two, a list for
    a uniform choice from it. Returns a list of dicts.
    """
    raise NotImplementedError


def search(x, y, train, valid, configurations):
    """Train every configuration on the examples `train`, compare them on the examples `valid`.

    Returns (best, errors): the index of the lowest validation error, and all of them (c,).
    """
    raise NotImplementedError


def final_error(x, y, train, valid, test, configuration):
    """The error on the examples `test` after training on `train` and `valid`. Returns a float."""
    raise NotImplementedError


def bias_variance(predictions, truth):
    """Squared bias and variance. predictions (trials, n), truth (n,).

    Returns (bias2, variance), two floats.
    """
    raise NotImplementedError


def plot_validation(degrees, train_errors, valid_errors):
    """Draw both errors against the degree.

    Name both curves, make the y axis logarithmic and label the axes. Returns the Figure.
    """
    raise NotImplementedError


if __name__ == "__main__":
    # python model_selection.py chooses a polynomial for a noisy wave and shows your figure.

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
