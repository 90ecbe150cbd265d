"""Everything in float32."""
import numpy as np

F = np.float32


class Box:
    def __init__(self, *children):
        self.children, self.value, self.grad = children, None, None

    def __setattr__(self, name, new):
        if name in ("value", "grad") and new is not None:
            new = np.asarray(new, F)
        object.__setattr__(self, name, new)

    def fprop(self):
        pass

    def bprop(self):
        pass

    def add(self, child, part):
        part, shape = np.asarray(part, F), child.value.shape
        if part.shape != shape:
            part = part.sum(tuple(range(part.ndim - len(shape))))
            part = part.sum(tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)
        child.grad = child.grad + part


class Input(Box):
    def __init__(self, value):
        super().__init__()
        self.value = value


class Parameter(Input):
    pass


def boxed(name, f, slopes):
    def fprop(self):
        self.value = f(*[c.value for c in self.children])

    def bprop(self):
        parts = slopes(self.grad, self.value, *[c.value for c in self.children])
        for child, part in zip(self.children, parts):
            self.add(child, part)
    return type(name, (Box,), {"fprop": fprop, "bprop": bprop})


Add = boxed("Add", lambda a, b: a + b, lambda g, y, a, b: (g, g))
Subtract = boxed("Subtract", lambda a, b: a - b, lambda g, y, a, b: (g, -g))
Multiply = boxed("Multiply", lambda a, b: a * b, lambda g, y, a, b: (g * b, g * a))
Divide = boxed("Divide", lambda a, b: a / b, lambda g, y, a, b: (g / b, -g * y / b))
MatMul = boxed("MatMul", lambda a, b: a @ b, lambda g, y, a, b: (g @ b.T, a.T @ g))
Sum = boxed("Sum", lambda a: a.sum(), lambda g, y, a: (g + 0 * a,))
Exp = boxed("Exp", np.exp, lambda g, y, a: (g * y,))
Log = boxed("Log", np.log, lambda g, y, a: (g / a,))
Sigmoid = boxed("Sigmoid", lambda a: 1 / (1 + np.exp(-a)), lambda g, y, a: (g * y * (1 - y),))
Tanh = boxed("Tanh", np.tanh, lambda g, y, a: (g * (1 - y * y),))
ReLU = boxed("ReLU", lambda a: np.maximum(a, 0), lambda g, y, a: (g * (a > 0),))


class Power(Box):
    def __init__(self, a, n):
        super().__init__(a)
        self.n = n

    def fprop(self):
        self.value = self.children[0].value ** self.n

    def bprop(self):
        a = self.children[0]
        self.add(a, self.grad * self.n * a.value ** (self.n - 1))


class SoftmaxCrossEntropy(Box):
    def __init__(self, scores, labels):
        super().__init__(scores)
        self.labels = labels

    def logs(self):
        s = self.children[0].value
        s = s - s.max(1, keepdims=True)
        return s - np.log(np.exp(s).sum(1, keepdims=True))

    def fprop(self):
        self.value = -self.logs()[range(len(self.labels)), self.labels].mean()

    def bprop(self):
        d = np.exp(self.logs())
        d[range(len(d)), self.labels] -= 1
        self.add(self.children[0], self.grad * d / F(len(d)))


def order(output):
    listed, seen, path = [], {output}, [(output, iter(output.children))]
    while path:
        box, left = path[-1]
        for child in left:
            if child not in seen:
                seen.add(child)
                path.append((child, iter(child.children)))
                break
        else:
            listed.append(box)
            path.pop()
    return listed


def forward(output):
    for box in order(output):
        box.fprop()
    return output.value


def backward(output):
    for box in order(output):
        box.grad = np.zeros_like(box.value)
    output.grad = np.ones_like(output.value)
    for box in reversed(order(output)):
        box.bprop()


def parameters(output):
    return [box for box in order(output) if isinstance(box, Parameter)]


def train(output, steps, step_size):
    history = [forward(output)]
    for _ in range(steps):
        backward(output)
        for box in parameters(output):
            box.value = box.value - F(step_size) * box.grad
        history.append(forward(output))
    return np.array(history, F)


def numerical_gradient(output, parameter, eps):
    kept = parameter.value.copy()
    slopes = np.zeros_like(kept)
    for place in np.ndindex(kept.shape):
        for sign in (1, -1):
            moved = kept.copy()
            moved[place] += F(sign * eps)
            parameter.value = moved
            slopes[place] += sign * forward(output) / F(2 * eps)
    parameter.value = kept
    return slopes
