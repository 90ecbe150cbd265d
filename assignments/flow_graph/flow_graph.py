"""A flow graph of boxes. README.md says what each class and function should do.

A box has `value` (a float or an array), `grad` (of the same shape; None before `backward`) and
`children`, a tuple of boxes.
"""

import matplotlib.pyplot as plt
import numpy as np


class Box:
    """What all boxes have in common. You may change it, or do without it."""

    def __init__(self, *children):
        self.children = children
        self.value = None
        self.grad = None

    def fprop(self):
        """Compute `value` from the children's values."""
        raise NotImplementedError

    def bprop(self):
        """Add to each child's `grad` what it receives from this box's."""
        raise NotImplementedError


class Input(Box):
    """A leaf: its value is given, and may be set later."""

    def __init__(self, value):
        super().__init__()
        self.value = value

    def fprop(self):
        """Nothing to compute."""

    def bprop(self):
        """No child to pass anything to."""


class Parameter(Input):
    """A leaf that `train` changes."""


class Add(Box):
    """a + b, with broadcasting."""

    def __init__(self, a, b):
        super().__init__(a, b)

    def fprop(self):
        raise NotImplementedError

    def bprop(self):
        raise NotImplementedError


class Subtract(Box):
    """a - b, with broadcasting."""

    def __init__(self, a, b):
        super().__init__(a, b)

    def fprop(self):
        raise NotImplementedError

    def bprop(self):
        raise NotImplementedError


class Multiply(Box):
    """a * b, element by element, with broadcasting."""

    def __init__(self, a, b):
        super().__init__(a, b)

    def fprop(self):
        raise NotImplementedError

    def bprop(self):
        raise NotImplementedError


class Divide(Box):
    """a / b, element by element, with broadcasting."""

    def __init__(self, a, b):
        super().__init__(a, b)

    def fprop(self):
        raise NotImplementedError

    def bprop(self):
        raise NotImplementedError


class MatMul(Box):
    """The matrix product of a (n, m) and b (m, k)."""

    def __init__(self, a, b):
        super().__init__(a, b)

    def fprop(self):
        raise NotImplementedError

    def bprop(self):
        raise NotImplementedError


class Sum(Box):
    """The sum of all entries of a, a scalar."""

    def __init__(self, a):
        super().__init__(a)

    def fprop(self):
        raise NotImplementedError

    def bprop(self):
        raise NotImplementedError


class Exp(Box):
    """e to the power of a, element by element."""

    def __init__(self, a):
        super().__init__(a)

    def fprop(self):
        raise NotImplementedError

    def bprop(self):
        raise NotImplementedError


class Log(Box):
    """The natural logarithm of a, element by element."""

    def __init__(self, a):
        super().__init__(a)

    def fprop(self):
        raise NotImplementedError

    def bprop(self):
        raise NotImplementedError


class Sigmoid(Box):
    """1 / (1 + e^-a), element by element."""

    def __init__(self, a):
        super().__init__(a)

    def fprop(self):
        raise NotImplementedError

    def bprop(self):
        raise NotImplementedError


class Tanh(Box):
    """tanh a, element by element."""

    def __init__(self, a):
        super().__init__(a)

    def fprop(self):
        raise NotImplementedError

    def bprop(self):
        raise NotImplementedError


class ReLU(Box):
    """max(0, a), element by element."""

    def __init__(self, a):
        super().__init__(a)

    def fprop(self):
        raise NotImplementedError

    def bprop(self):
        raise NotImplementedError


class Power(Box):
    """a to the power of the number n, element by element."""

    def __init__(self, a, n):
        super().__init__(a)
        self.n = n

    def fprop(self):
        raise NotImplementedError

    def bprop(self):
        raise NotImplementedError


class SoftmaxCrossEntropy(Box):
    """The mean over the rows of -log softmax(scores)[label], a scalar.

    scores: a box, (n, k). labels: an int array (n,), not a box. Finite for scores of +-10000.
    """

    def __init__(self, scores, labels):
        super().__init__(scores)
        self.labels = labels

    def fprop(self):
        raise NotImplementedError

    def bprop(self):
        raise NotImplementedError


def order(output):
    """Every box below and with `output`, each once, children before parents.

    Returns a list. A chain of 5,000 boxes must work, and so must 40 boxes each added to itself.
    """
    raise NotImplementedError


def forward(output):
    """fprop of every box below and with `output`, in order. Returns the output's value."""
    raise NotImplementedError


def backward(output):
    """The grad of every box below and with `output`: the derivative of the output.

    `forward` has run before. The output's own grad is ones.
    """
    raise NotImplementedError


def parameters(output):
    """The Parameters below and with `output`, each once, in the order of `order`."""
    raise NotImplementedError


def train(output, steps, step_size):
    """Gradient descent on the Parameters, in place.

    Returns (steps + 1,), the scalar output's value before the first step and after each.
    """
    raise NotImplementedError


def numerical_gradient(output, parameter, eps):
    """Central differences of the scalar output's value with respect to a Parameter.

    Returns an array of the parameter's shape, and leaves the parameter as it was.
    """
    raise NotImplementedError


if __name__ == "__main__":
    table = np.loadtxt("half_moons.csv", delimiter=",")
    X, y = table[:, :2], table[:, 2].astype(int)
    rng = np.random.default_rng(0)
    W1, b1 = Parameter(rng.uniform(-0.6, 0.6, size=(2, 16))), Parameter(np.zeros(16))
    W2, b2 = Parameter(rng.uniform(-0.6, 0.6, size=(16, 2))), Parameter(np.zeros(2))
    scores = Add(MatMul(Tanh(Add(MatMul(Input(X), W1), b1)), W2), b2)
    loss = SoftmaxCrossEntropy(scores, y)

    forward(loss)
    backward(loss)
    error = np.abs(W1.grad - numerical_gradient(loss, W1, 1e-5)).max()
    print(f"largest difference from the numerical gradient: {error:.1e}")
    history = train(loss, steps=500, step_size=1.0)
    right = np.mean(scores.value.argmax(axis=1) == y)
    print(f"half-moons: loss {history[0]:.4f} -> {history[-1]:.4f}, {right:.1%} right")

    plt.plot(history)
    plt.xlabel("step")
    plt.ylabel("loss")
    plt.show()
