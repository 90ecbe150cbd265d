"""A flow graph: boxes that compute their value from their children's, and pass gradients back.

A box has `value` (a float or an array), `grad` (the derivative of the output with respect to that
value, of the same shape; None before `backward`) and `children`, a tuple of boxes. With y the value
of a box, a and b those of its children and G its grad, each class says beside each other

    fprop    y from a and b
    bprop    what a and b receive: the derivative of the output by the chain rule
"""

import matplotlib.pyplot as plt
import numpy as np


class Box:
    """A box without a computation of its own: what all boxes have in common."""

    def __init__(self, *children):
        self.children, self.value, self.grad = children, None, None

    def fprop(self):
        """Compute `value` from the children's values."""
        raise NotImplementedError

    def bprop(self):
        """Add to each child's `grad` what it receives from this box's."""
        raise NotImplementedError


class Input(Box):
    """A leaf: its value is given and may be set later."""

    def __init__(self, value):
        super().__init__()
        self.value = value

    def fprop(self):
        """Nothing to compute."""

    def bprop(self):
        """No child to pass anything to."""


class Parameter(Input):
    """A leaf that `train` changes."""


def _receive(child, gradient):
    """Add a gradient to a child's grad, summed to the child's shape.

    A box may have several parents, or one parent twice: the derivatives along all ways add up, so
    a grad is never overwritten. Where numpy repeated the child's value along an axis, each copy is
    a way of its own, and the sum goes over that axis.
    """
    shape = np.shape(child.value)
    if np.shape(gradient) != shape:
        gradient = gradient.sum(axis=tuple(range(gradient.ndim - len(shape))))
        repeated = tuple(axis for axis, size in enumerate(shape) if size == 1)
        gradient = gradient.sum(axis=repeated, keepdims=True)
    child.grad = child.grad + gradient


class Add(Box):
    """y = a + b; a and b receive G."""

    def __init__(self, a, b):
        super().__init__(a, b)

    def fprop(self):
        a, b = self.children
        self.value = a.value + b.value

    def bprop(self):
        a, b = self.children
        _receive(a, self.grad)
        _receive(b, self.grad)


class Subtract(Box):
    """y = a - b; a receives G and b receives -G."""

    def __init__(self, a, b):
        super().__init__(a, b)

    def fprop(self):
        a, b = self.children
        self.value = a.value - b.value

    def bprop(self):
        a, b = self.children
        _receive(a, self.grad)
        _receive(b, -self.grad)


class Multiply(Box):
    """y = a b, element by element; a receives G b and b receives G a."""

    def __init__(self, a, b):
        super().__init__(a, b)

    def fprop(self):
        a, b = self.children
        self.value = a.value * b.value

    def bprop(self):
        a, b = self.children
        _receive(a, self.grad * b.value)
        _receive(b, self.grad * a.value)


class Divide(Box):
    """y = a / b, element by element; a receives G / b and b receives -G a / b^2."""

    def __init__(self, a, b):
        super().__init__(a, b)

    def fprop(self):
        a, b = self.children
        self.value = a.value / b.value

    def bprop(self):
        a, b = self.children
        _receive(a, self.grad / b.value)
        _receive(b, -self.grad * a.value / b.value**2)


class MatMul(Box):
    """Y = A B with A (n, m) and B (m, k); A receives G B' (n, m) and B receives A' G (m, k)."""

    def __init__(self, a, b):
        super().__init__(a, b)

    def fprop(self):
        a, b = self.children
        self.value = a.value @ b.value

    def bprop(self):
        a, b = self.children
        _receive(a, self.grad @ b.value.T)
        _receive(b, a.value.T @ self.grad)


class Sum(Box):
    """y = the sum of all entries of a; each of them receives G, a scalar."""

    def __init__(self, a):
        super().__init__(a)

    def fprop(self):
        (a,) = self.children
        self.value = np.sum(a.value)

    def bprop(self):
        (a,) = self.children
        _receive(a, self.grad * np.ones(np.shape(a.value)))


class Exp(Box):
    """y = e^a; a receives G y."""

    def __init__(self, a):
        super().__init__(a)

    def fprop(self):
        (a,) = self.children
        self.value = np.exp(a.value)

    def bprop(self):
        (a,) = self.children
        _receive(a, self.grad * self.value)


class Log(Box):
    """y = log a, the natural logarithm; a receives G / a."""

    def __init__(self, a):
        super().__init__(a)

    def fprop(self):
        (a,) = self.children
        self.value = np.log(a.value)

    def bprop(self):
        (a,) = self.children
        _receive(a, self.grad / a.value)


class Sigmoid(Box):
    """y = 1 / (1 + e^-a); a receives G y (1 - y)."""

    def __init__(self, a):
        super().__init__(a)

    def fprop(self):
        (a,) = self.children
        self.value = 1 / (1 + np.exp(-a.value))

    def bprop(self):
        (a,) = self.children
        _receive(a, self.grad * self.value * (1 - self.value))


class Tanh(Box):
    """y = tanh a; a receives G (1 - y^2)."""

    def __init__(self, a):
        super().__init__(a)

    def fprop(self):
        (a,) = self.children
        self.value = np.tanh(a.value)

    def bprop(self):
        (a,) = self.children
        _receive(a, self.grad * (1 - self.value**2))


class ReLU(Box):
    """y = max(0, a); a receives G where a > 0. At 0 any slope in [0, 1] is right: we take 0."""

    def __init__(self, a):
        super().__init__(a)

    def fprop(self):
        (a,) = self.children
        self.value = np.maximum(0, a.value)

    def bprop(self):
        (a,) = self.children
        _receive(a, self.grad * (np.asarray(a.value) > 0))


class Power(Box):
    """y = a^n for a number n; a receives G n a^(n-1)."""

    def __init__(self, a, n):
        super().__init__(a)
        self.n = n

    def fprop(self):
        (a,) = self.children
        self.value = a.value**self.n

    def bprop(self):
        (a,) = self.children
        _receive(a, self.grad * self.n * a.value ** (self.n - 1))


class SoftmaxCrossEntropy(Box):
    """y = -1/n sum_i log softmax(s_i)[label_i] with scores S (n, k); S receives G (P - Y) / n.

    P = softmax(S) row by row; Y holds the one-hot labels. The labels are no box: nothing is
    differentiated by them.
    """

    def __init__(self, scores, labels):
        self.labels = labels
        super().__init__(scores)

    def _log_softmax(self):
        # s - log sum exp s, with each row's maximum taken out first: no exponent is above 0, and
        # the logarithm is never taken of a probability that has become 0.
        (scores,) = self.children
        S = scores.value - scores.value.max(axis=1, keepdims=True)
        return S - np.log(np.exp(S).sum(axis=1, keepdims=True))

    def fprop(self):
        rows = np.arange(len(self.labels))
        self.value = -self._log_softmax()[rows, self.labels].mean()

    def bprop(self):
        (scores,) = self.children
        D = np.exp(self._log_softmax())
        D[np.arange(len(D)), self.labels] -= 1
        _receive(scores, self.grad * D / len(D))


def order(output):
    """Every box below and with `output`, each once, children before parents: a list.

    Depth first. A box goes on the list when all of its children are there, which is when it is met
    for the second time on the stack. A stack of our own holds graphs of any depth, where a
    function that calls itself ends after 1,000 boxes.
    """
    found, seen, waiting = [], set(), [(output, False)]
    while waiting:
        box, is_complete = waiting.pop()
        if is_complete:
            found.append(box)
        elif id(box) not in seen:
            seen.add(id(box))
            waiting.append((box, True))
            waiting.extend((child, False) for child in reversed(box.children))
    return found


def forward(output):
    """Compute the values of all boxes below `output`, as the leaves are now; returns its value."""
    for box in order(output):
        box.fprop()
    return output.value


def backward(output):
    """The derivative of `output` with respect to the value of every box below it, in `grad`.

    A box has received everything when all its parents have passed on theirs: so parents first.
    """
    boxes = order(output)
    for box in boxes:
        box.grad = np.zeros(np.shape(box.value))
    output.grad = np.ones(np.shape(output.value))
    for box in reversed(boxes):
        box.bprop()


def parameters(output):
    """The Parameters below `output`, each once, in the order of `order`."""
    return [box for box in order(output) if isinstance(box, Parameter)]


def train(output, steps, step_size):
    """Gradient descent on the Parameters, in place: p <- p - step_size * dy/dp, all at once.

    Returns (steps + 1,), the scalar output's value before the first step and after each.
    """
    history = [forward(output)]
    for _ in range(steps):
        backward(output)
        for box in parameters(output):
            box.value = box.value - step_size * box.grad
        history.append(forward(output))
    return np.array(history)


def numerical_gradient(output, parameter, eps):
    """Central differences (y(p + eps) - y(p - eps)) / (2 eps), for one entry of p at a time.

    Returns an array of the parameter's shape; the parameter is left as it was.
    """
    kept = parameter.value
    slopes = np.zeros(np.shape(kept))
    for place in np.ndindex(slopes.shape):
        ends = []
        for step in (eps, -eps):
            moved = np.array(kept, dtype=float)
            moved[place] += step
            parameter.value = moved
            ends.append(forward(output))
        slopes[place] = (ends[0] - ends[1]) / (2 * eps)
    parameter.value = kept
    return slopes


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
