"""Activations, initial weights, and preparing the inputs.

Sizes: n examples, d features or units, h units of the next layer, k directions. X (n, d).
"""

import matplotlib.pyplot as plt
import numpy as np

ACTIVATIONS = {
    "leaky_relu": lambda a: np.maximum(0.1 * a, a),
    "elu": lambda a: np.where(a > 0, a, np.expm1(np.minimum(a, 0.0))),
    "tanh": np.tanh,
    "relu": lambda a: np.maximum(0.0, a),
}
# At a = 0 leaky_relu and relu have a corner: we take the slope of the left side.
SLOPES = {
    "leaky_relu": lambda a: np.where(a > 0, 1.0, 0.1),
    "elu": lambda a: np.exp(np.minimum(a, 0.0)),
    "tanh": lambda a: 1 - np.tanh(a) ** 2,
    "relu": lambda a: np.where(a > 0, 1.0, 0.0),
}


def activation(name, a):
    """The activation of that name, element by element. Raises ValueError for an unknown one."""
    if name not in ACTIVATIONS:
        raise ValueError(f"unknown activation {name!r}; known are {', '.join(ACTIVATIONS)}")
    return ACTIVATIONS[name](a)


def activation_gradient(name, a):
    """Its derivative, element by element, at a."""
    if name not in SLOPES:
        raise ValueError(f"unknown activation {name!r}; known are {', '.join(SLOPES)}")
    return SLOPES[name](a)


def maxout(x, W1, b1, W2, b2):
    """The larger of two linear pieces, unit by unit. x (d,), W (d, h), b (h,) -> (h,)."""
    return np.maximum(W1.T @ x + b1, W2.T @ x + b2)


def maxout_backward(dy, x, W1, b1, W2, b2):
    """The gradient of dy . maxout(...): each unit hands it to the piece that was larger.

    At a tie any share may go to the first piece, the same in all five; we give it all.
    Returns (dx, dW1, db1, dW2, db2), of the shapes of x, W1, b1, W2, b2.
    """
    first = W1.T @ x + b1 >= W2.T @ x + b2
    db1, db2 = np.where(first, dy, 0.0), np.where(first, 0.0, dy)
    return W1 @ db1 + W2 @ db2, np.outer(x, db1), db1, np.outer(x, db2), db2


def init_weights(name, fan_in, fan_out, seed):
    """Initial weights of a layer, shape (fan_out, fan_in).

    "zeros"; "small", N(0, 0.01^2); "scaled", N(0, 1) / sqrt(fan_in); "glorot", uniform between
    -bound and bound with bound = sqrt(6 / (fan_in + fan_out)).
    """
    rng, shape = np.random.default_rng(seed), (fan_out, fan_in)
    if name == "zeros":
        return np.zeros(shape)
    if name == "small":
        return 0.01 * rng.normal(size=shape)
    if name == "scaled":
        return rng.normal(size=shape) / np.sqrt(fan_in)
    if name == "glorot":
        bound = np.sqrt(6 / (fan_in + fan_out))
        return rng.uniform(-bound, bound, size=shape)
    raise ValueError(f"unknown initialisation {name!r}")


def layer_spread(X, weights, name):
    """The standard deviation of all outputs of each layer h = g(h_before W'), without biases.

    weights: a list of arrays (fan_out, fan_in). Returns a list of floats, one per layer.
    """
    h, spread = X, []
    for W in weights:
        h = activation(name, h @ W.T)
        spread.append(float(h.std()))
    return spread


def centre(X):
    """X with the mean of every column moved to 0, and that mean: (Z, mean), (n, d) and (d,)."""
    mean = X.mean(axis=0)
    return X - mean, mean


def principal_directions(X, k):
    """The k directions in which X varies most.

    Eigenvectors of the covariance Z'Z / n, Z the centred X, of its largest eigenvalues.
    Returns (values, V): (k,), falling, and (d, k), the unit eigenvectors in its columns.
    """
    Z, _ = centre(X)
    values, V = np.linalg.eigh(Z.T @ Z / len(X))  # rising
    return values[::-1][:k], V[:, ::-1][:, :k]


def reconstruct(X, k):
    """The rows of X from k numbers each: projected onto k principal directions, mean added."""
    Z, mean = centre(X)
    _, V = principal_directions(X, k)
    return Z @ V @ V.T + mean


def whiten(X, k, eps):
    """Scores on the first k principal directions, each divided by sqrt(value + eps): (n, k)."""
    Z, _ = centre(X)
    values, V = principal_directions(X, k)
    return Z @ V / np.sqrt(values + eps)


def plot_spread(spreads):
    """Draw the spread of every layer, a curve for each name. spreads: dict name -> list."""
    figure, axes = plt.subplots(layout="constrained")
    for name, values in spreads.items():
        axes.plot(range(1, len(values) + 1), values, "o-", label=name)
    axes.set(xlabel="layer", ylabel="standard deviation of the outputs", yscale="log")
    axes.legend()
    return figure


if __name__ == "__main__":
    table = np.loadtxt("digits.csv", delimiter=",")
    X = table[:, :64] / 16
    values, V = principal_directions(X, 64)
    for k in (2, 10, 30):
        error = np.mean((reconstruct(X, k) - X) ** 2)
        print(f"{k} directions: {values[:k].sum() / values.sum():.1%} of the variance, ", end="")
        print(f"mean squared error {error:.5f}")
    white = whiten(X, 30, 1e-6)
    sizes = [30] + [100] * 8
    spreads = {}
    for name in ("small", "scaled", "glorot"):
        weights = [init_weights(name, sizes[i], sizes[i + 1], seed=i) for i in range(8)]
        spreads[name] = layer_spread(white, weights, "tanh")
        print(f"{name}: {spreads[name][0]:.3f} in layer 1, {spreads[name][-1]:.2g} in layer 8")
    plot_spread(spreads)
    plt.show()
