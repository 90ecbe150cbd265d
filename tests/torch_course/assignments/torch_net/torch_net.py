"""A network with torch. README.md says what each function should do."""


def probabilities(Z):
    """Softmax of each row of Z (n, k)."""
    raise NotImplementedError


def loss(V, W, X, y):
    """The mean cross-entropy, a number."""
    raise NotImplementedError


def gradient(V, W, X, y):
    """(dV, dW), of the shapes of V (h, d) and W (k, h)."""
    raise NotImplementedError


def train(V, W, X, y, step_size, steps):
    """The losses of gradient descent, (steps + 1,)."""
    raise NotImplementedError


def normalised(X, Z):
    """Z normalised by what a batch normalisation has learned from X."""
    raise NotImplementedError
