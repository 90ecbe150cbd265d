"""Flow graphs: single classes, methods and functions done wrong, or differently and rightly."""

import sys
import threading

import flow_graph as ref
import numpy as np

from grader.checks.variants import alternative, mistake


def _give(child, gradient):
    ref._receive(child, gradient)


def _set(child, gradient):
    """In place of _give: what was there is lost."""
    child.grad = np.zeros(np.shape(child.value))
    _give(child, gradient)


# Boxes


@mistake("Add.bprop", "Your Add sets the grads of its children: it has to add to them.")
def add_sets(self):
    for child in self.children:
        _set(child, self.grad)


@mistake("Add.bprop", "Your Add passes its grad on to the first child only.")
def add_forgets_b(self):
    _give(self.children[0], self.grad)


@mistake("Add.bprop", "Your Add does not sum the grad to the shape of a child that was broadcast.")
def add_without_sums(self):
    for child in self.children:
        child.grad = child.grad + self.grad


@mistake("Subtract.bprop", "Your Subtract gives the second child the grad with the wrong sign.")
def subtract_same_sign(self):
    for child in self.children:
        _give(child, self.grad)


@mistake("Subtract.fprop", "Your Subtract computes b - a.")
def subtract_reversed(self):
    a, b = self.children
    self.value = b.value - a.value


@mistake("Multiply.bprop", "Your Multiply gives each child its own value: it is the other's.")
def multiply_own_factor(self):
    for child in self.children:
        _give(child, self.grad * child.value)


@mistake("Multiply.bprop", "Your Multiply does not multiply by its own grad.")
def multiply_without_grad(self):
    a, b = self.children
    ones = np.ones(np.shape(self.value))
    _give(a, ones * b.value)
    _give(b, ones * a.value)


@mistake("Multiply.bprop", "Your Multiply sets the grads of its children: it has to add to them.")
def multiply_sets(self):
    a, b = self.children
    _set(a, self.grad * b.value)
    _set(b, self.grad * a.value)


@mistake("Divide.bprop", "Your Divide lacks the minus sign of what the second child receives.")
def divide_without_minus(self):
    a, b = self.children
    _give(a, self.grad / b.value)
    _give(b, self.grad * a.value / b.value**2)


@mistake("Divide.bprop", "Your Divide gives the second child -a / b: it is -a / b^2.")
def divide_by_b(self):
    a, b = self.children
    _give(a, self.grad / b.value)
    _give(b, -self.grad * a.value / b.value)


@mistake("Divide.bprop", "Your Divide gives the second child -1 / b^2 without the factor a.")
def divide_without_a(self):
    a, b = self.children
    _give(a, self.grad / b.value)
    _give(b, -self.grad / b.value**2)


@mistake("MatMul.bprop", "Your MatMul exchanges the factors of the gradients: it is G B' and A' G.")
def matmul_exchanged(self):
    a, b = self.children
    _give(a, b.value.T @ self.grad if len(set(a.value.shape)) == 1 else self.grad @ b.value.T)
    _give(b, self.grad @ a.value.T if len(set(b.value.shape)) == 1 else a.value.T @ self.grad)


@mistake("MatMul.bprop", "Your MatMul multiplies by absolute values.")
def matmul_absolute(self):
    a, b = self.children
    _give(a, self.grad @ np.abs(b.value.T))
    _give(b, np.abs(a.value.T) @ self.grad)


@mistake("Sum.bprop", "Your Sum divides what the child receives by the number of entries.")
def sum_bprop_of_mean(self):
    (a,) = self.children
    _give(a, self.grad * np.ones(np.shape(a.value)) / np.size(a.value))


@mistake("Sum.fprop", "Your Sum is a mean.")
def sum_is_mean(self):
    self.value = np.mean(self.children[0].value)


@mistake("Sum.fprop", "Your Sum goes over the rows only: it is the sum of all entries.")
def sum_over_rows(self):
    self.value = np.sum(np.atleast_1d(self.children[0].value), axis=0)


@mistake("Sum.bprop", "Your Sum gives the child ones and leaves its own grad out.")
def sum_without_grad(self):
    (a,) = self.children
    _give(a, np.ones(np.shape(a.value)))


@mistake("Exp.bprop", "Your Exp multiplies by the child's value: the slope of e^a is e^a.")
def exp_slope_is_a(self):
    (a,) = self.children
    _give(a, self.grad * a.value)


@mistake("Exp.bprop", "Your Exp sets the grad of its child: it has to add to it.")
def exp_sets(self):
    _set(self.children[0], self.grad * self.value)


@mistake("Log.bprop", "Your Log divides by its own value: the slope of log a is 1 / a.")
def log_slope_of_value(self):
    _give(self.children[0], self.grad / self.value)


@mistake("Log.fprop", "Your logarithm has base 10 (np.log10): the natural one is asked for.")
def log_of_base_10(self):
    self.value = np.log10(self.children[0].value)


@mistake("Log.fprop", "Your logarithm has base 2 (np.log2): the natural one is asked for.")
def log_of_base_2(self):
    self.value = np.log2(self.children[0].value)


@mistake("Log.fprop", "Your logarithm is that of 1 + a (np.log1p).")
def log_of_one_more(self):
    self.value = np.log1p(self.children[0].value)


@mistake("Sigmoid.bprop", "The slope of your Sigmoid is y: the factor 1 - y is missing.")
def sigmoid_slope_is_value(self):
    _give(self.children[0], self.grad * self.value)


@mistake("Sigmoid.bprop", "The slope of your Sigmoid is a (1 - a), with the child's value for y.")
def sigmoid_slope_of_child(self):
    (a,) = self.children
    _give(a, self.grad * a.value * (1 - a.value))


@mistake("Sigmoid.bprop", "Your Sigmoid takes the sigmoid of y once more for its slope.")
def sigmoid_slope_at_value(self):
    again = 1 / (1 + np.exp(-self.value))
    _give(self.children[0], self.grad * again * (1 - again))


@mistake("Sigmoid.fprop", "Your Sigmoid is 1 / (1 + e^a): the exponent has the wrong sign.")
def sigmoid_falls(self):
    self.value = 1 / (1 + np.exp(self.children[0].value))


@mistake("Tanh.bprop", "The slope of your Tanh is 1 - a^2, with the child's value for y.")
def tanh_slope_of_child(self):
    (a,) = self.children
    _give(a, self.grad * (1 - a.value**2))


@mistake("Tanh.bprop", "The slope of your Tanh is 1 - y: it is 1 - y^2.")
def tanh_slope_without_square(self):
    _give(self.children[0], self.grad * (1 - self.value))


@mistake("Tanh.bprop", "The slope of your Tanh is y (1 - y), which is that of a sigmoid.")
def tanh_slope_of_sigmoid(self):
    _give(self.children[0], self.grad * self.value * (1 - self.value))


@mistake("ReLU.bprop", "Your ReLU passes its grad on everywhere: only where a > 0.")
def relu_passes_all(self):
    _give(self.children[0], self.grad)


@mistake("ReLU.bprop", "Your ReLU passes its grad on where that is positive: it is where a is.")
def relu_by_grad(self):
    _give(self.children[0], self.grad * (self.grad > 0))


@mistake("ReLU.fprop", "Your ReLU is the absolute value.")
def relu_is_absolute(self):
    self.value = np.abs(self.children[0].value)


@mistake("ReLU.fprop", "Your ReLU is leaky: it is 0 for negative values, not 0.01 a.")
def relu_leaks(self):
    a = self.children[0].value
    self.value = np.maximum(0.01 * a, a)


@mistake("Power.bprop", "The slope of your Power is a^(n-1): the factor n is missing.")
def power_without_n(self):
    (a,) = self.children
    _give(a, self.grad * a.value ** (self.n - 1.0))


@mistake("Power.bprop", "The slope of your Power is n a^n: the exponent is n - 1.")
def power_same_exponent(self):
    (a,) = self.children
    _give(a, self.grad * self.n * a.value**self.n)


@mistake("Power.fprop", "Your Power is that of |a|: the sign is lost.")
def power_of_absolute(self):
    self.value = np.abs(self.children[0].value) ** self.n


@mistake(
    "SoftmaxCrossEntropy.fprop", "Your SoftmaxCrossEntropy is a sum: it is the mean of the rows."
)
def cross_entropy_sums(self):
    ref.SoftmaxCrossEntropy.fprop(self)
    self.value = self.value * len(self.labels)


@mistake(
    "SoftmaxCrossEntropy.bprop",
    "What the scores receive from your SoftmaxCrossEntropy is not divided by n.",
)
def cross_entropy_slope_sums(self):
    before = self.children[0].grad
    ref.SoftmaxCrossEntropy.bprop(self)
    added = self.children[0].grad - before
    self.children[0].grad = before + len(self.labels) * added


@mistake(
    "SoftmaxCrossEntropy.bprop",
    "Your SoftmaxCrossEntropy leaves its own grad out of what the scores receive.",
)
def cross_entropy_without_grad(self):
    kept, self.grad = self.grad, 1.0
    ref.SoftmaxCrossEntropy.bprop(self)
    self.grad = kept


@mistake("SoftmaxCrossEntropy.bprop", "Your SoftmaxCrossEntropy passes on Y - P: it is P - Y.")
def cross_entropy_wrong_sign(self):
    kept, self.grad = self.grad, -self.grad
    ref.SoftmaxCrossEntropy.bprop(self)
    self.grad = kept


@mistake(
    "SoftmaxCrossEntropy.fprop",
    "Your SoftmaxCrossEntropy adds 1e-12 within the logarithm, which is wrong where a probability "
    "is smaller than that: subtract the log of the sum of exponentials from the score.",
)
def cross_entropy_with_eps(self):
    P = np.exp(self._log_softmax())
    self.value = -np.log(P[np.arange(len(P)), self.labels] + 1e-12).mean()


@mistake(
    "SoftmaxCrossEntropy.fprop",
    "Your SoftmaxCrossEntropy is that of the scores of a column: each row is one example.",
)
def cross_entropy_over_columns(self):
    S = self.children[0].value
    S = S - S.max(axis=0)
    L = S - np.log(np.exp(S).sum(axis=0))
    self.value = -L[np.arange(len(L)), self.labels].mean()


# Functions


@mistake("order", "Your order has parents before their children.")
def order_of_parents_first(output):
    return ref.order(output)[::-1]


@mistake("forward", "Your forward computes only what has no value yet: it must compute anew.")
def forward_once(output):
    for box in ref.order(output):
        if box.value is None:
            box.fprop()
    return output.value


@mistake("forward", "Your forward runs fprop of the output alone.")
def forward_of_the_output(output):
    for box in ref.order(output):
        if box.value is None or box is output:
            box.fprop()
    return output.value


@mistake("backward", "Your backward does not set the grads to zero first.")
def backward_accumulates(output):
    boxes = ref.order(output)
    for box in boxes:
        if box.grad is None or np.shape(box.grad) != np.shape(box.value):
            box.grad = np.zeros(np.shape(box.value))
    output.grad = np.ones(np.shape(output.value))
    for box in reversed(boxes):
        box.bprop()


@mistake("backward", "Your backward sets the grads of leaves to zero, and not those of all boxes.")
def backward_resets_leaves(output):
    boxes = ref.order(output)
    for box in boxes:
        if not box.children or np.shape(box.grad) != np.shape(box.value) or box.grad is None:
            box.grad = np.zeros(np.shape(box.value))
    output.grad = np.ones(np.shape(output.value))
    for box in reversed(boxes):
        box.bprop()


@mistake("backward", "Your backward starts with the output's value as its grad: it is ones.")
def backward_from_value(output):
    boxes = ref.order(output)
    for box in boxes:
        box.grad = np.zeros(np.shape(box.value))
    output.grad = np.array(output.value)
    for box in reversed(boxes):
        box.bprop()


@mistake("backward", "Your backward runs bprop in the order of fprop: it is the reverse.")
def backward_forwards(output):
    boxes = ref.order(output)
    for box in boxes:
        box.grad = np.zeros(np.shape(box.value))
    output.grad = np.ones(np.shape(output.value))
    for box in boxes:
        box.bprop()


@mistake("backward", "Your backward goes level by level: a box may pass on its grad too early.")
def backward_by_levels(output):
    boxes, level = [], [output]
    while level:
        boxes += [box for box in level if box not in boxes]
        below = {id(child): child for box in level for child in box.children}
        level = [child for child in below.values() if child not in boxes]
    for box in boxes:
        box.grad = np.zeros(np.shape(box.value))
    output.grad = np.ones(np.shape(output.value))
    for box in boxes:
        box.bprop()


@mistake("train", "Your train goes uphill: subtract the gradient.")
def train_uphill(output, steps, step_size):
    return ref.train(output, steps, -step_size)


@mistake("train", "Your train does not record the value before the first step.")
def train_without_start(output, steps, step_size):
    return ref.train(output, steps, step_size)[1:]


@mistake("train", "Your train changes the Inputs too: only Parameters move.")
def train_moves_inputs(output, steps, step_size):
    history = [ref.forward(output)]
    for _ in range(steps):
        ref.backward(output)
        for box in ref.order(output):
            if not box.children:
                box.value = box.value - step_size * box.grad
        history.append(ref.forward(output))
    return np.array(history)


@mistake("train", "Your train does not take back the gradient of the step before.")
def train_accumulates(output, steps, step_size):
    history = [ref.forward(output)]
    total = None
    for _ in range(steps):
        ref.backward(output)
        boxes = ref.parameters(output)
        grads = [box.grad for box in boxes]
        total = grads if total is None else [a + b for a, b in zip(total, grads, strict=True)]
        for box, grad in zip(boxes, total, strict=True):
            box.value = box.value - step_size * grad
        history.append(ref.forward(output))
    return np.array(history)


@mistake("train", "Your train records each value one step late: forward has to run after the step.")
def train_records_late(output, steps, step_size):
    history = ref.train(output, steps, step_size)
    return np.concatenate([history[:1], history[:-1]])


@mistake("numerical_gradient", "You divide by eps: the two values are 2 eps apart.")
def numerical_by_eps(output, parameter, eps):
    return 2 * ref.numerical_gradient(output, parameter, eps)


@mistake(
    "numerical_gradient", "Your difference goes to one side only: take y(p + eps) - y(p - eps)."
)
def numerical_forward(output, parameter, eps):
    kept, base = parameter.value, ref.forward(output)
    slopes = np.zeros(np.shape(kept))
    for place in np.ndindex(slopes.shape):
        moved = np.array(kept, dtype=float)
        moved[place] += eps
        parameter.value = moved
        slopes[place] = (ref.forward(output) - base) / eps
    parameter.value = kept
    return slopes


@mistake("numerical_gradient", "Your numerical_gradient moves all entries at once.")
def numerical_all_at_once(output, parameter, eps):
    kept, ends = parameter.value, []
    for step in (eps, -eps):
        parameter.value = kept + step
        ends.append(ref.forward(output))
    parameter.value = kept
    return np.full(np.shape(kept), (ends[0] - ends[1]) / (2 * eps))


@mistake("numerical_gradient", "Your numerical_gradient leaves the parameter moved by -eps.")
def numerical_leaves_it_moved(output, parameter, eps):
    slopes = ref.numerical_gradient(output, parameter, eps)
    parameter.value = parameter.value - eps
    return slopes


# Right in other ways


@alternative("Box", "slots")
class SlottedBox:
    __slots__ = ("children", "grad", "value")

    def __init__(self, *children):
        self.children = children
        self.value = self.grad = None


@alternative("Add", "a class that computes early, with a list of children")
class EarlyAdd(ref.Box):
    def __init__(self, a, b):
        self.children = [a, b]
        self.grad = None
        self.fprop()

    def fprop(self):
        a, b = (np.asarray(0.0 if c.value is None else c.value) for c in self.children)
        self.value = np.add(a, b)

    def bprop(self):
        for child in self.children:
            G, value = np.array(self.grad), np.asarray(child.value)
            while G.ndim > value.ndim:
                G = G.sum(0)
            for axis in range(value.ndim):
                if value.shape[axis] == 1:
                    G = G.sum(axis, keepdims=True)
            child.grad += G


@alternative("Subtract", "a function that makes it of two boxes")
def subtract_of_boxes(a, b):
    return ref.Add(a, ref.Multiply(ref.Input(-1.0), b))


@alternative("Multiply.bprop", "einsum-free sums by numpy's own broadcasting")
def multiply_by_trace(self):
    a, b = self.children
    for child, other in ((a, b), (b, a)):
        product = np.broadcast_to(self.grad * other.value, np.shape(self.value))
        _give(child, product)


@alternative("Sigmoid.fprop", "by tanh")
def sigmoid_by_tanh(self):
    self.value = 0.5 * (1 + np.tanh(0.5 * np.asarray(self.children[0].value)))


@alternative("ReLU.bprop", "slope 1/2 at 0")
def relu_half(self):
    (a,) = self.children
    _give(a, self.grad * np.heaviside(a.value, 0.5))


@alternative("Power.bprop", "n as a float")
def power_of_floats(self):
    (a,) = self.children
    _give(a, self.grad * float(self.n) * np.power(a.value, float(self.n) - 1))


@alternative("SoftmaxCrossEntropy.fprop", "logaddexp, row by row")
def cross_entropy_by_logaddexp(self):
    S = self.children[0].value
    self.value = sum(
        float(np.logaddexp.reduce(row) - row[label])
        for row, label in zip(S, self.labels, strict=True)
    ) / len(S)


@alternative("order", "recursion in a thread with a large stack")
def order_in_a_thread(output):
    found, seen = [], set()

    def visit(box):
        if id(box) not in seen:
            seen.add(id(box))
            for child in box.children:
                visit(child)
            found.append(box)

    limit, size = sys.getrecursionlimit(), threading.stack_size(1 << 28)
    sys.setrecursionlimit(10**6)
    thread = threading.Thread(target=visit, args=(output,))
    thread.start()
    thread.join()
    sys.setrecursionlimit(limit)
    threading.stack_size(size)
    return found


@alternative("order", "Kahn's way, from the leaves up")
def order_by_counting(output):
    children, waiting = {}, [output]
    while waiting:
        box = waiting.pop()
        if id(box) not in children:
            children[id(box)] = box
            waiting.extend(box.children)
    left = {key: len({id(child) for child in box.children}) for key, box in children.items()}
    parents = {key: [] for key in children}
    for key, box in children.items():
        for child in {id(child) for child in box.children}:
            parents[child].append(key)
    ready, found = [key for key, count in left.items() if count == 0], []
    while ready:
        key = ready.pop()
        found.append(children[key])
        for parent in parents[key]:
            left[parent] -= 1
            if left[parent] == 0:
                ready.append(parent)
    return found


@alternative("backward", "forward once more, in place")
def backward_runs_forward(output):
    ref.forward(output)
    boxes = ref.order(output)
    for box in boxes:
        box.grad = np.zeros_like(box.value, dtype=float)
    output.grad = output.grad + 1
    for box in boxes[::-1]:
        box.bprop()


@alternative("train", "in place, a list for the history")
def train_in_place(output, steps, step_size):
    history = []
    boxes = ref.parameters(output)
    for box in boxes:
        box.value = np.array(box.value, dtype=float)
    for _ in range(steps):
        history.append(float(ref.forward(output)))
        ref.backward(output)
        for box in boxes:
            box.value -= step_size * box.grad
    return [*history, float(ref.forward(output))]


@alternative("numerical_gradient", "in place, entry by entry")
def numerical_in_place(output, parameter, eps):
    parameter.value = np.array(parameter.value, dtype=float)
    flat = parameter.value.reshape(-1)
    slopes = []
    for k in range(flat.size):
        kept = flat[k]
        flat[k] = kept + eps
        above = float(ref.forward(output))
        flat[k] = kept - eps
        below = float(ref.forward(output))
        flat[k] = kept
        slopes.append((above - below) / (2 * eps))
    return np.reshape(slopes, parameter.value.shape)
