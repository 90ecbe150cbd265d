"""Backpropagation done wrong in one function, and done differently and rightly."""

import math
from itertools import pairwise

import backprop as ref
import matplotlib.pyplot as plt
import numpy as np

from grader.checks.variants import alternative, mistake


def sigmoid(a):
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(a)))


def onehot(y, k):
    return np.eye(k)[y]


def scores(params, X, name, *, biases=True, hidden=True, at_output=False, at_input=False):
    """The last pre-activations; each switch turns a mistake on."""
    h = ref.activation(name, X) if at_input else X
    for k, (W, b) in enumerate(params):
        h = h @ W.T + (b if biases else 0)
        if (hidden and k < len(params) - 1) or (at_output and k == len(params) - 1):
            h = ref.activation(name, h)
    return h


def softmax(Z, axis=1):
    E = np.exp(Z - Z.max(axis=axis, keepdims=True))
    return E / E.sum(axis=axis, keepdims=True)


def gradient(
    params,
    X,
    y,
    name,
    lam,
    *,
    slope=ref.activation_gradient,
    delta=lambda P, Y: P - Y,
    decay=2.0,
    bias_decay=0.0,
    inputs=None,
    hidden_bias_early=False,
):
    """The gradient of `loss`, with one part or another exchanged.

    slope(name, a): the activation's. delta(P, Y): at the output. inputs(H, A): of each layer.
    hidden_bias_early: biases of hidden layers take what arrives before the activation's slope.
    """
    H, A = ref._propagate(params, X, name)
    taken = H if inputs is None else inputs(H, A)
    P = softmax(A[-1])
    D = delta(P, onehot(y, P.shape[1])) / len(y)
    early, grads = D, []
    for k in reversed(range(len(params))):
        W, b = params[k]
        db = (early if hidden_bias_early else D).sum(axis=0)
        grads.append((D.T @ taken[k] + decay * lam * W, db + bias_decay * lam * b))
        if k > 0:
            early = D @ W
            D = early * slope(name, A[k - 1])
    return grads[::-1]


def each(grads, on_weights, on_biases):
    return [(on_weights(dW), on_biases(db)) for dW, db in grads]


def moved(params, grads, step_size):
    return [
        (W - step_size * dW, b - step_size * db)
        for (W, b), (dW, db) in zip(params, grads, strict=True)
    ]


def descend(
    params,
    X,
    y,
    name,
    lam,
    step_size,
    epochs,
    batch_size,
    seed,
    *,
    gradient=ref.backprop,
    order=None,
    keep=lambda batches, size: batches,
    factor=lambda m, n, size, epoch: 1.0,
):
    """The networks before the first and after each epoch, with one part or another exchanged.

    order(rng, n, epoch): the examples' order. keep(batches, size): the batches that are used.
    factor: multiplies the step.
    """
    rng, path = np.random.default_rng(seed), [params]
    for epoch in range(epochs):
        places = rng.permutation(len(y)) if order is None else order(rng, len(y), epoch)
        batches = [places[i : i + batch_size] for i in range(0, len(y), batch_size)]
        here = path[-1]
        for batch in keep(batches, batch_size):
            step = step_size * factor(len(batch), len(y), batch_size, epoch)
            here = moved(here, gradient(here, X[batch], y[batch], name, lam), step)
        path.append(here)
    return path


def losses(path, X, y, name, lam):
    return np.array([ref.loss(params, X, y, name, lam) for params in path])


def differences(params, rest, eps, *, one_sided=False, factor=1.0):
    """(a, n) as one row each: the entries of `backprop` and the differences of `loss`."""
    analytic = [block for layer in ref.backprop(params, *rest) for block in layer]
    blocks = [block.copy() for layer in params for block in layer]
    layers = [(blocks[i], blocks[i + 1]) for i in range(0, len(blocks), 2)]
    numeric = []
    for block in blocks:
        for place in np.ndindex(block.shape):
            kept = block[place]
            block[place] = kept + eps
            above = ref.loss(layers, *rest)
            block[place] = kept if one_sided else kept - eps
            below = ref.loss(layers, *rest)
            block[place] = kept
            numeric.append(factor * (above - below) / (eps if one_sided else 2 * eps))
    return np.concatenate([block.ravel() for block in analytic]), np.array(numeric)


def relative(a, n):
    return np.abs(a - n) / np.maximum(np.abs(a) + np.abs(n), 1e-8)


# product_circuit


@mistake("product_circuit", "Your df/dz is z: it is the other factor, x + y.")
def product_with_its_own_factor(x, y, z):
    return (x + y) * z, (z, z, z)


@mistake("product_circuit", "Your df/dx and df/dy are x + y: they are the other factor, z.")
def product_with_the_sum_for_x(x, y, z):
    return (x + y) * z, (x + y, x + y, x + y)


@mistake("product_circuit", "Your circuit computes x + y z: the sum comes first.")
def product_without_parentheses(x, y, z):
    return x + y * z, (1.0, z, y)


@mistake("product_circuit", "Your df/dx is y z and df/dy is x z: x + y has the slope 1 in both.")
def product_of_three(x, y, z):
    return (x + y) * z, (y * z, x * z, x + y)


@mistake("product_circuit", "Your derivatives stand in another order: df/dx, df/dy, df/dz.")
def product_in_another_order(x, y, z):
    return (x + y) * z, (x + y, z, z)


@alternative("product_circuit", "lists and an array")
def product_as_a_list(x, y, z):
    return [np.float64((x + y) * z), np.array([z, z, x + y])]


# sigmoid_neuron


@mistake("sigmoid_neuron", "Your gradients lack the slope of the sigmoid, f (1 - f).")
def neuron_without_slope(w, x):
    f, _, _ = ref.sigmoid_neuron(w, x)
    return f, np.array([x[0], x[1], 1.0]), w[:2].copy()


@mistake("sigmoid_neuron", "Your neuron ignores w2, the bias.")
def neuron_without_bias(w, x):
    return ref.sigmoid_neuron(np.array([w[0], w[1], 0.0]), x)


@mistake("sigmoid_neuron", "Your dw[2] is multiplied by w2: the bias has the slope f (1 - f).")
def neuron_bias_times_itself(w, x):
    f, dw, dx = ref.sigmoid_neuron(w, x)
    return f, dw * np.array([1.0, 1.0, w[2]]), dx


@mistake("sigmoid_neuron", "Your slope is taken at f: it is f (1 - f), the slope at the sum.")
def neuron_slope_at_its_value(w, x):
    f, _, _ = ref.sigmoid_neuron(w, x)
    da = sigmoid(f) * (1 - sigmoid(f))
    return f, da * np.array([x[0], x[1], 1.0]), da * w[:2]


@mistake("sigmoid_neuron", "Your dx holds the inputs: df/dx0 goes with the weight w0.")
def neuron_dx_of_inputs(w, x):
    f, dw, _ = ref.sigmoid_neuron(w, x)
    return f, dw, dw[:2]


@mistake("sigmoid_neuron", "Your dw holds the weights: df/dw0 goes with the input x0.")
def neuron_dw_of_weights(w, x):
    f, dw, dx = ref.sigmoid_neuron(w, x)
    return f, np.array([dx[0], dx[1], dw[2]]), dx


@mistake("sigmoid_neuron", "Your slope of the sigmoid is f: it is f (1 - f).")
def neuron_slope_is_its_value(w, x):
    f, _, _ = ref.sigmoid_neuron(w, x)
    return f, f * np.array([x[0], x[1], 1.0]), f * w[:2]


@mistake("sigmoid_neuron", "Your gradients have the wrong sign.")
def neuron_with_the_wrong_sign(w, x):
    f, dw, dx = ref.sigmoid_neuron(w, x)
    return f, -dw, -dx


@mistake("sigmoid_neuron", "Your sigmoid has the wrong sign in the exponent.")
def neuron_with_the_wrong_exponent(w, x):
    return ref.sigmoid_neuron(-w, x)


@mistake("sigmoid_neuron", "Your neuron uses tanh: a sigmoid is asked for.")
def neuron_with_tanh(w, x):
    f = np.tanh(w[0] * x[0] + w[1] * x[1] + w[2])
    return f, (1 - f**2) * np.array([x[0], x[1], 1.0]), (1 - f**2) * w[:2]


@alternative("sigmoid_neuron", "math and plain lists")
def neuron_with_math(w, x):
    f = 1 / (1 + math.exp(-(w[0] * x[0] + w[1] * x[1] + w[2])))
    d = f * (1 - f)
    return f, [d * x[0], d * x[1], d], [d * w[0], d * w[1]]


# ratio_circuit


def ratio(x, y, *, through_bottom=1.0, square=2.0, ways_of_x="tbs", ways_of_y="ts", slopes=True):
    """The circuit with some ways left out: t top, b bottom's sigmoid, s the sum x + y."""
    sig_x, sig_y = sigmoid(x), sigmoid(y)
    top, bottom = x + sig_y, sig_x + (x + y) ** 2
    d_top, d_bottom = 1 / bottom, -through_bottom * top / bottom**2
    d_sum = square * (x + y) * d_bottom
    slope_x, slope_y = (sig_x * (1 - sig_x), sig_y * (1 - sig_y)) if slopes else (1.0, 1.0)
    to_x = {"t": d_top, "b": slope_x * d_bottom, "s": d_sum}
    to_y = {"t": slope_y * d_top, "s": d_sum}
    return top / bottom, (sum(to_x[w] for w in ways_of_x), sum(to_y[w] for w in ways_of_y))


@mistake("ratio_circuit", "Your df/dx lacks the way through the numerator: derivatives add up.")
def ratio_without_top(x, y):
    return ratio(x, y, ways_of_x="bs")


@mistake("ratio_circuit", "Your df/dx lacks the way through sigmoid(x): derivatives add up.")
def ratio_without_sigmoid(x, y):
    return ratio(x, y, ways_of_x="ts")


@mistake("ratio_circuit", "Your df/dx lacks the way through (x + y)^2: derivatives add up.")
def ratio_without_square_in_x(x, y):
    return ratio(x, y, ways_of_x="tb")


@mistake("ratio_circuit", "Your df/dy lacks the way through (x + y)^2: derivatives add up.")
def ratio_without_square_in_y(x, y):
    return ratio(x, y, ways_of_y="t")


@mistake("ratio_circuit", "Your df/dy lacks the way through sigmoid(y): derivatives add up.")
def ratio_without_sigmoid_of_y(x, y):
    return ratio(x, y, ways_of_y="s")


@mistake("ratio_circuit", "Your df/dx keeps only the last way: add with +=, do not assign.")
def ratio_keeps_the_last_way(x, y):
    return ratio(x, y, ways_of_x="t", ways_of_y="t")


@mistake("ratio_circuit", "Your derivative of 1 / denominator lacks its minus sign.")
def ratio_with_the_wrong_sign(x, y):
    return ratio(x, y, through_bottom=-1.0)


@mistake("ratio_circuit", "Your derivative of the square lacks the factor 2.")
def ratio_without_two(x, y):
    return ratio(x, y, square=1.0)


@mistake("ratio_circuit", "Your derivatives lack the slopes of the sigmoids.")
def ratio_without_slopes(x, y):
    return ratio(x, y, slopes=False)


@mistake("ratio_circuit", "Your derivatives stand in another order: df/dx, df/dy.")
def ratio_in_another_order(x, y):
    f, (dx, dy) = ref.ratio_circuit(x, y)
    return f, (dy, dx)


@mistake("ratio_circuit", "Your denominator is not squared where it is differentiated.")
def ratio_without_the_denominators_square(x, y):
    return ratio(x, y, through_bottom=sigmoid(x) + (x + y) ** 2)


@alternative("ratio_circuit", "the quotient rule")
def ratio_by_the_quotient_rule(x, y):
    s, t = 1 / (1 + math.exp(-x)), 1 / (1 + math.exp(-y))
    u, v, q = x + t, s + (x + y) ** 2, 2 * (x + y)
    du, dv = (1.0, t * (1 - t)), (s * (1 - s) + q, q)
    return u / v, np.array([(a * v - u * b) / v**2 for a, b in zip(du, dv, strict=True)])


# activation


@mistake("activation", "Your sigmoid overflows: exp(a) / (1 + exp(a)) is inf / inf for large a.")
def activation_with_overflowing_sigmoid(name, a):
    with np.errstate(over="ignore", invalid="ignore"):
        return np.exp(a) / (1 + np.exp(a)) if name == "sigmoid" else ref.activation(name, a)


@mistake("activation", "Your tanh overflows: np.tanh does not.")
def activation_with_overflowing_tanh(name, a):
    if name != "tanh":
        return ref.activation(name, a)
    with np.errstate(over="ignore", invalid="ignore"):
        return (np.exp(a) - np.exp(-a)) / (np.exp(a) + np.exp(-a))


@mistake("activation", "Your relu leaks: it is 0 where a is negative.")
def activation_with_leaky_relu(name, a):
    return np.where(a > 0, a, 0.01 * a) if name == "relu" else ref.activation(name, a)


@mistake("activation", "Your relu leaks by a tenth: it is 0 where a is negative.")
def activation_with_very_leaky_relu(name, a):
    return np.where(a > 0, a, 0.1 * a) if name == "relu" else ref.activation(name, a)


@mistake("activation", "Your relu takes the absolute value: it is 0 where a is negative.")
def activation_with_absolute_relu(name, a):
    return np.abs(a) if name == "relu" else ref.activation(name, a)


@mistake("activation", "Your relu is a step: it is a, not 1, where a is positive.")
def activation_with_step_for_relu(name, a):
    return (a > 0).astype(float) if name == "relu" else ref.activation(name, a)


@mistake("activation", "Your relu is min(0, a): the larger of the two is meant.")
def activation_with_minimum_for_relu(name, a):
    return np.minimum(0, a) if name == "relu" else ref.activation(name, a)


@mistake("activation", "Your tanh is 2 sigmoid(a) - 1, which is tanh(a / 2).")
def activation_with_half_tanh(name, a):
    return np.tanh(a / 2) if name == "tanh" else ref.activation(name, a)


@mistake("activation", "Your sigmoid has the wrong sign in the exponent: it is 1 / (1 + exp(-a)).")
def activation_with_falling_sigmoid(name, a):
    return sigmoid(-a) if name == "sigmoid" else ref.activation(name, a)


@mistake("activation", "Your activation clips a to [-1, 1] for tanh.")
def activation_with_hard_tanh(name, a):
    return np.clip(a, -1, 1) if name == "tanh" else ref.activation(name, a)


@mistake("activation", "Your linear is 1: it is a itself, its slope is 1.")
def activation_with_constant_linear(name, a):
    return np.ones_like(a) if name == "linear" else ref.activation(name, a)


@alternative("activation", "the sigmoid in two halves")
def activation_in_halves(name, a):
    if name != "sigmoid":
        return ref.activation(name, a)
    flat = [1 / (1 + math.exp(-v)) if v >= 0 else math.exp(v) / (1 + math.exp(v)) for v in a.flat]
    return np.reshape(flat, a.shape)


@alternative("activation", "a table of lambdas, a naive sigmoid that only warns")
def activation_from_a_table(name, a):
    table = {
        "linear": lambda a: a,
        "sigmoid": lambda a: 1 / (1 + np.exp(-a)),
        "tanh": np.tanh,
        "relu": lambda a: a * (a > 0),
    }
    if name not in table:
        raise ValueError(name)
    return table[name](a)


# activation_gradient


@mistake(
    "activation_gradient",
    "Your activation_gradient takes its argument for g(a): it is the pre-activation a.",
)
def slope_of_a_as_value(name, a):
    if name in ("sigmoid", "tanh"):
        return a * (1 - a) if name == "sigmoid" else 1 - a**2
    return ref.activation_gradient(name, a)


@mistake("activation_gradient", "Your activation_gradient returns g(a): its slope is asked for.")
def slope_is_the_value(name, a):
    return ref.activation(name, a)


@mistake("activation_gradient", "Your slope of tanh is 1 - g(a): it is 1 - g(a)^2.")
def slope_of_tanh_without_square(name, a):
    return 1 - np.tanh(a) if name == "tanh" else ref.activation_gradient(name, a)


@mistake("activation_gradient", "Your slope of tanh is that of the sigmoid, g (1 - g).")
def slope_of_tanh_as_sigmoid(name, a):
    return np.tanh(a) * (1 - np.tanh(a)) if name == "tanh" else ref.activation_gradient(name, a)


@mistake("activation_gradient", "Your slope of tanh is 1 + g(a)^2: the sign is minus.")
def slope_of_tanh_with_plus(name, a):
    return 1 + np.tanh(a) ** 2 if name == "tanh" else ref.activation_gradient(name, a)


@mistake("activation_gradient", "Your slope of the sigmoid is that of tanh, 1 - g^2.")
def slope_of_sigmoid_as_tanh(name, a):
    return 1 - sigmoid(a) ** 2 if name == "sigmoid" else ref.activation_gradient(name, a)


@mistake("activation_gradient", "Your slope of the sigmoid is g (1 + g): the sign is minus.")
def slope_of_sigmoid_with_plus(name, a):
    if name == "sigmoid":
        return sigmoid(a) * (1 + sigmoid(a))
    return ref.activation_gradient(name, a)


@mistake("activation_gradient", "Your slope of the sigmoid is 1 - g: it is g (1 - g).")
def slope_of_sigmoid_lacks_a_factor(name, a):
    return 1 - sigmoid(a) if name == "sigmoid" else ref.activation_gradient(name, a)


@mistake("activation_gradient", "Your slope of relu is 1 everywhere: it is 0 where a is negative.")
def slope_of_relu_is_one(name, a):
    return np.ones_like(a) if name == "relu" else ref.activation_gradient(name, a)


@mistake("activation_gradient", "Your slope of relu is turned round: 1 where a is positive.")
def slope_of_relu_turned_round(name, a):
    return (a < 0).astype(float) if name == "relu" else ref.activation_gradient(name, a)


@mistake("activation_gradient", "Your slope of relu leaks: it is 0 where a is negative.")
def slope_of_relu_leaks(name, a):
    return np.where(a > 0, 1.0, 0.01) if name == "relu" else ref.activation_gradient(name, a)


@mistake("activation_gradient", "Your slope of relu is the sign of a: 0 where a is negative.")
def slope_of_relu_is_a_sign(name, a):
    return np.sign(a) if name == "relu" else ref.activation_gradient(name, a)


@mistake("activation_gradient", "Your slope of linear is 0: it is 1.")
def slope_of_linear_is_zero(name, a):
    return np.zeros_like(a) if name == "linear" else ref.activation_gradient(name, a)


@alternative("activation_gradient", "the number 1 for linear, 1 at relu's kink")
def slope_as_a_number(name, a):
    if name == "linear":
        return 1
    return a >= 0 if name == "relu" else ref.activation_gradient(name, a)


@alternative("activation_gradient", "hyperbolic forms, one half at the kink")
def slope_in_other_forms(name, a):
    if name == "tanh":
        return 1 / np.cosh(a) ** 2
    if name == "sigmoid":
        return np.exp(-np.abs(a)) / (1 + np.exp(-np.abs(a))) ** 2
    return np.heaviside(a, 0.5) if name == "relu" else a * 0 + 1


# init_params


def initial(sizes, seed, draw):
    """draw(rng, fan_in, fan_out): the weights of one layer."""
    rng = np.random.default_rng(seed)
    pairs = pairwise(sizes)
    return [(draw(rng, fan_in, fan_out), np.zeros(fan_out)) for fan_in, fan_out in pairs]


def even(rng, s, fan_in, fan_out):
    return rng.uniform(-s, s, size=(fan_out, fan_in))


@mistake("init_params", "Your weights are normal: uniform ones on [-s, s] are asked for.")
def init_normal(sizes, seed):
    return initial(
        sizes, seed, lambda rng, i, o: rng.normal(scale=np.sqrt(2 / (i + o)), size=(o, i))
    )


@mistake("init_params", "Your s is sqrt(6) / (in + out): the root goes over the sum as well.")
def init_without_root(sizes, seed):
    return initial(sizes, seed, lambda rng, i, o: even(rng, np.sqrt(6) / (i + o), i, o))


@mistake("init_params", "Your s is sqrt(6 / in): it is sqrt(6 / (in + out)).")
def init_by_inputs(sizes, seed):
    return initial(sizes, seed, lambda rng, i, o: even(rng, np.sqrt(6 / i), i, o))


@mistake("init_params", "Your s is sqrt(6 / out): it is sqrt(6 / (in + out)).")
def init_by_outputs(sizes, seed):
    return initial(sizes, seed, lambda rng, i, o: even(rng, np.sqrt(6 / o), i, o))


@mistake("init_params", "Your s is sqrt(1 / in): it is sqrt(6 / (in + out)).")
def init_by_one_over_inputs(sizes, seed):
    return initial(sizes, seed, lambda rng, i, o: even(rng, np.sqrt(1 / i), i, o))


@mistake("init_params", "Your s is sqrt(2 / (in + out)): it is sqrt(6 / (in + out)).")
def init_too_narrow(sizes, seed):
    return initial(sizes, seed, lambda rng, i, o: even(rng, np.sqrt(2 / (i + o)), i, o))


@mistake("init_params", "Your s is sqrt(3 / (in + out)): it is sqrt(6 / (in + out)).")
def init_half_as_wide(sizes, seed):
    return initial(sizes, seed, lambda rng, i, o: even(rng, np.sqrt(3 / (i + o)), i, o))


@mistake("init_params", "Your s is 6 / (in + out): take the square root.")
def init_without_any_root(sizes, seed):
    return initial(sizes, seed, lambda rng, i, o: even(rng, 6 / (i + o), i, o))


@mistake("init_params", "Your weights are uniform on [0, s]: negative ones are missing.")
def init_positive(sizes, seed):
    return initial(sizes, seed, lambda rng, i, o: rng.uniform(0, np.sqrt(6 / (i + o)), size=(o, i)))


@mistake("init_params", "Your W is (in, out): (out, in) is asked for.")
def init_transposed(sizes, seed):
    return [(W.T, b) for W, b in ref.init_params(sizes, seed)]


@mistake("init_params", "Your weights are all alike: hidden units can then never differ.")
def init_alike(sizes, seed):
    return initial(sizes, seed, lambda rng, i, o: np.full((o, i), np.sqrt(6 / (i + o))))


@mistake("init_params", "Your weights are all zero: hidden units can then never differ.")
def init_zeros(sizes, seed):
    return initial(sizes, seed, lambda rng, i, o: np.zeros((o, i)))


@mistake("init_params", "Your biases are random: they start at zero.")
def init_random_biases(sizes, seed):
    rng = np.random.default_rng(seed + 1)
    return [(W, rng.uniform(-0.1, 0.1, size=b.shape)) for W, b in ref.init_params(sizes, seed)]


@alternative("init_params", "numpy's old generator, lists")
def init_by_the_old_generator(sizes, seed):
    np.random.seed(seed)
    params = []
    for i in range(1, len(sizes)):
        s = (6 / (sizes[i - 1] + sizes[i])) ** 0.5
        W = (2 * np.random.rand(sizes[i], sizes[i - 1]) - 1) * s
        params.append([W.tolist(), [0.0] * sizes[i]])
    return params


# forward


@mistake("forward", "Your hidden layers have no activation: h = g(a).")
def forward_without_activation(params, X, name):
    return softmax(scores(params, X, name, hidden=False))


@mistake("forward", "Your output layer has the activation too: softmax takes its pre-activations.")
def forward_with_activation_at_the_output(params, X, name):
    return softmax(scores(params, X, name, at_output=True))


@mistake("forward", "Your input has the activation too: the first layer takes X as it is.")
def forward_with_activation_at_the_input(params, X, name):
    return softmax(scores(params, X, name, at_input=True))


@mistake("forward", "Your forward returns scores: their softmax is asked for.")
def forward_without_softmax(params, X, name):
    return scores(params, X, name)


@mistake("forward", "Your forward returns logarithms of probabilities.")
def forward_of_logarithms(params, X, name):
    Z = scores(params, X, name)
    top = Z.max(axis=1, keepdims=True)
    return Z - top - np.log(np.exp(Z - top).sum(axis=1, keepdims=True))


@mistake("forward", "Your softmax overflows: subtract each row's largest score before exp.")
def forward_that_overflows(params, X, name):
    with np.errstate(over="ignore", invalid="ignore"):
        E = np.exp(scores(params, X, name))
        return E / E.sum(axis=1, keepdims=True)


@mistake("forward", "Your softmax normalises columns: the sum goes over the classes, axis 1.")
def forward_over_columns(params, X, name):
    return softmax(scores(params, X, name), axis=0)


@mistake("forward", "Your softmax divides by the sum of all entries: each row has its own sum.")
def forward_over_everything(params, X, name):
    return softmax(scores(params, X, name), axis=(0, 1))


@mistake("forward", "Your forward ignores the biases: a = h W' + b.")
def forward_without_biases(params, X, name):
    return softmax(scores(params, X, name, biases=False))


@mistake("forward", "Your output layer is a sigmoid: softmax is asked for.")
def forward_with_sigmoid_output(params, X, name):
    return sigmoid(scores(params, X, name))


@mistake("forward", "Your forward uses tanh where `name` asks for another activation.")
def forward_always_tanh(params, X, name):
    return ref.forward(params, X, "tanh")


@mistake("forward", "Your forward uses the sigmoid where `name` asks for another activation.")
def forward_always_sigmoid(params, X, name):
    return ref.forward(params, X, "sigmoid")


@mistake("forward", "Your forward uses relu where `name` asks for another activation.")
def forward_always_relu(params, X, name):
    return ref.forward(params, X, "relu")


@mistake("forward", "Your forward returns (k, n): one row per example is asked for.")
def forward_transposed(params, X, name):
    return ref.forward(params, X, name).T


@mistake("forward", "Your forward returns the likeliest classes: probabilities are asked for.")
def forward_of_labels(params, X, name):
    return ref.forward(params, X, name).argmax(axis=1)


@mistake("forward", "Your forward rounds the probabilities.")
def forward_rounded(params, X, name):
    return ref.forward(params, X, name).round(3)


@alternative("forward", "one example at a time")
def forward_by_examples(params, X, name):
    rows = []
    for x in X:
        h = x[:, None]
        for k, (W, b) in enumerate(params):
            a = W @ h + b[:, None]
            h = ref.activation(name, a) if k + 1 < len(params) else a
        e = np.exp(h - h.max())
        rows.append((e / e.sum()).ravel())
    return np.array(rows)


@alternative("forward", "float32")
def forward_in_float32(params, X, name):
    narrow = [(np.float32(W), np.float32(b)) for W, b in params]
    return softmax(scores(narrow, np.float32(X), name))


# loss


def parts_of_loss(params, X, y, name):
    """The mean negative log-likelihood and the sum of squared weights."""
    data = ref.loss(params, X, y, name, 0.0)
    return data, sum(np.sum(W**2) for W, _ in params)


@mistake("loss", "Your loss adds up the examples: it is their mean.")
def loss_is_a_sum(params, X, y, name, lam):
    data, squares = parts_of_loss(params, X, y, name)
    return data * len(y) + lam * squares


@mistake("loss", "Your loss lacks the term lam sum ||W||^2.")
def loss_without_decay(params, X, y, name, lam):
    return ref.loss(params, X, y, name, 0.0)


@mistake("loss", "Your loss has lam/2: it is lam sum ||W||^2.")
def loss_with_half_decay(params, X, y, name, lam):
    return ref.loss(params, X, y, name, lam / 2)


@mistake("loss", "Your loss divides the lam term by n: only the log-likelihood is a mean.")
def loss_with_decay_over_n(params, X, y, name, lam):
    return ref.loss(params, X, y, name, lam / len(y))


@mistake("loss", "Your loss divides half of the lam term by n: it is lam sum ||W||^2.")
def loss_with_half_decay_over_n(params, X, y, name, lam):
    return ref.loss(params, X, y, name, lam / (2 * len(y)))


@mistake("loss", "Your loss penalises biases: only weights are.")
def loss_with_decay_of_biases(params, X, y, name, lam):
    return ref.loss(params, X, y, name, lam) + lam * sum(np.sum(b**2) for _, b in params)


@mistake("loss", "Your loss adds norms: their squares are asked for.")
def loss_with_norms(params, X, y, name, lam):
    data, _ = parts_of_loss(params, X, y, name)
    return data + lam * sum(np.linalg.norm(W) for W, _ in params)


@mistake("loss", "Your loss adds absolute weights: their squares are asked for.")
def loss_with_absolute_weights(params, X, y, name, lam):
    data, _ = parts_of_loss(params, X, y, name)
    return data + lam * sum(np.abs(W).sum() for W, _ in params)


@mistake("loss", "Your loss takes the mean of the squared weights: their sum is asked for.")
def loss_with_mean_of_squares(params, X, y, name, lam):
    data, _ = parts_of_loss(params, X, y, name)
    return data + lam * sum(np.mean(W**2) for W, _ in params)


@mistake("loss", "Your loss penalises the last layer only: all weights count.")
def loss_with_decay_of_the_last_layer(params, X, y, name, lam):
    return ref.loss(params, X, y, name, 0.0) + lam * np.sum(params[-1][0] ** 2)


@mistake("loss", "Your loss penalises the first layer only: all weights count.")
def loss_with_decay_of_the_first_layer(params, X, y, name, lam):
    return ref.loss(params, X, y, name, 0.0) + lam * np.sum(params[0][0] ** 2)


@mistake("loss", "Your loss subtracts the lam term.")
def loss_with_negative_decay(params, X, y, name, lam):
    return ref.loss(params, X, y, name, -lam)


@mistake("loss", "Your loss lacks the minus sign before the logarithm.")
def loss_is_negative(params, X, y, name, lam):
    data, squares = parts_of_loss(params, X, y, name)
    return -data + lam * squares


@mistake("loss", "Your loss divides by n and by k: the mean goes over the examples only.")
def loss_divided_by_k(params, X, y, name, lam):
    data, squares = parts_of_loss(params, X, y, name)
    return data / len(params[-1][1]) + lam * squares


@mistake("loss", "Your loss is the mean of 1 - p: it is that of -log p.")
def loss_without_logarithm(params, X, y, name, lam):
    p = ref.forward(params, X, name)[np.arange(len(y)), y]
    return np.mean(1 - p) + lam * parts_of_loss(params, X, y, name)[1]


@mistake("loss", "Your loss is a squared error: it is the mean of -log p.")
def loss_of_squares(params, X, y, name, lam):
    P = ref.forward(params, X, name)
    error = np.sum((P - onehot(y, P.shape[1])) ** 2, axis=1).mean()
    return error + lam * parts_of_loss(params, X, y, name)[1]


@mistake("loss", "Your loss takes the likeliest class: take the probability of the label.")
def loss_of_the_likeliest(params, X, y, name, lam):
    P = ref.forward(params, X, name)
    return ref.loss(params, X, P.argmax(axis=1), name, lam)


@mistake("loss", "Your loss adds the terms of the other classes, -log(1 - p).")
def loss_of_all_classes(params, X, y, name, lam):
    P = ref.forward(params, X, name)
    Y = onehot(y, P.shape[1])
    terms = Y * np.log(P) + (1 - Y) * np.log(1 - P)
    return -terms.sum(axis=1).mean() + lam * parts_of_loss(params, X, y, name)[1]


@mistake("loss", "Your loss uses log2: natural logarithms are asked for.")
def loss_in_bits(params, X, y, name, lam):
    data, squares = parts_of_loss(params, X, y, name)
    return data / np.log(2) + lam * squares


@mistake("loss", "Your loss uses log10: natural logarithms are asked for.")
def loss_in_decimals(params, X, y, name, lam):
    data, squares = parts_of_loss(params, X, y, name)
    return data / np.log(10) + lam * squares


@alternative("loss", "adds 1e-12 inside the logarithm, one-hot labels, a 0-d array")
def loss_with_a_tiny_epsilon(params, X, y, name, lam):
    P = ref.forward(params, X, name)
    data = -(onehot(y, P.shape[1]) * np.log(P + 1e-12)).sum() / len(y)
    return np.asarray(data + lam * sum(np.linalg.norm(W) ** 2 for W, _ in params))


@alternative("loss", "the logarithm of a sum of exponentials")
def loss_from_scores(params, X, y, name, lam):
    Z = scores(params, X, name)
    data = np.mean(np.logaddexp.reduce(Z, axis=1) - np.take_along_axis(Z, y[:, None], 1)[:, 0])
    return data + lam * sum(float((W * W).sum()) for W, _ in params)


# backprop


@mistake("backprop", "Your backprop adds up the examples: divide by n, loss is a mean.")
def backprop_of_the_sum(params, X, y, name, lam):
    return gradient(params, X, y, name, lam, delta=lambda P, Y: (P - Y) * len(Y))


@mistake("backprop", "Your backprop divides by n twice.")
def backprop_divided_twice(params, X, y, name, lam):
    return gradient(params, X, y, name, lam, delta=lambda P, Y: (P - Y) / len(Y))


@mistake("backprop", "Your backprop divides the lam term by n as well.")
def backprop_divides_decay(params, X, y, name, lam):
    return gradient(params, X, y, name, lam, decay=2 / len(y))


@mistake("backprop", "Your backprop has no lam term: its gradient is 2 lam W.")
def backprop_without_decay(params, X, y, name, lam):
    return gradient(params, X, y, name, lam, decay=0.0)


@mistake("backprop", "Your backprop adds lam W: the gradient of lam ||W||^2 is 2 lam W.")
def backprop_with_half_decay(params, X, y, name, lam):
    return gradient(params, X, y, name, lam, decay=1.0)


@mistake("backprop", "Your backprop subtracts the lam term: the sign is plus.")
def backprop_with_negative_decay(params, X, y, name, lam):
    return gradient(params, X, y, name, lam, decay=-2.0)


@mistake("backprop", "Your backprop penalises biases: only weights are in the lam term.")
def backprop_with_decay_of_biases(params, X, y, name, lam):
    return gradient(params, X, y, name, lam, bias_decay=2.0)


@mistake("backprop", "Your backprop has the lam term in the last layer only: all weights count.")
def backprop_with_decay_of_the_last_layer(params, X, y, name, lam):
    plain = gradient(params, X, y, name, 0.0)
    return [*plain[:-1], ref.backprop(params, X, y, name, lam)[-1]]


@mistake("backprop", "Your backprop has the opposite sign.")
def backprop_with_the_wrong_sign(params, X, y, name, lam):
    return each(ref.backprop(params, X, y, name, lam), np.negative, np.negative)


@mistake("backprop", "Your backprop has Y - P at the output: the loss has the gradient P - Y.")
def backprop_of_the_likelihood(params, X, y, name, lam):
    return gradient(params, X, y, name, lam, delta=lambda P, Y: Y - P)


@mistake("backprop", "Your backprop lacks the activation's slope g'(a) in hidden layers.")
def backprop_without_slope(params, X, y, name, lam):
    return gradient(params, X, y, name, lam, slope=lambda name, a: np.ones_like(a))


@mistake("backprop", "Your backprop takes g' at h = g(a): it is g'(a), at the pre-activation.")
def backprop_slope_at_the_value(params, X, y, name, lam):
    return gradient(
        params, X, y, name, lam,
        slope=lambda name, a: ref.activation_gradient(name, ref.activation(name, a)),
    )  # fmt: skip


@mistake("backprop", "Your backprop multiplies by g(a) where its slope g'(a) belongs.")
def backprop_value_for_slope(params, X, y, name, lam):
    return gradient(params, X, y, name, lam, slope=ref.activation)


@mistake("backprop", "Your backprop multiplies by the activation's slope twice.")
def backprop_slope_twice(params, X, y, name, lam):
    return gradient(
        params, X, y, name, lam, slope=lambda name, a: ref.activation_gradient(name, a) ** 2
    )


@mistake("backprop", "Your backprop uses the sigmoid's slope where `name` asks for another one.")
def backprop_always_sigmoid_slope(params, X, y, name, lam):
    return gradient(
        params, X, y, name, lam, slope=lambda name, a: ref.activation_gradient("sigmoid", a)
    )


@mistake("backprop", "Your backprop uses the slope of tanh where `name` asks for another one.")
def backprop_always_tanh_slope(params, X, y, name, lam):
    return gradient(
        params, X, y, name, lam, slope=lambda name, a: ref.activation_gradient("tanh", a)
    )


@mistake("backprop", "Your backprop lacks the label: the output's gradient is P - Y.")
def backprop_without_labels(params, X, y, name, lam):
    return gradient(params, X, y, name, lam, delta=lambda P, Y: P)


@mistake("backprop", "Your backprop keeps only the label's class: the output's gradient is P - Y.")
def backprop_of_the_labels_class(params, X, y, name, lam):
    return gradient(params, X, y, name, lam, delta=lambda P, Y: Y * (P - Y))


@mistake("backprop", "Your backprop multiplies the output by P (1 - P): P - Y has it already.")
def backprop_with_slope_at_the_output(params, X, y, name, lam):
    return gradient(params, X, y, name, lam, delta=lambda P, Y: (P - Y) * P * (1 - P))


@mistake("backprop", "Your backprop starts from -1/p_y: softmax has to be differentiated too.")
def backprop_without_softmax(params, X, y, name, lam):
    return gradient(params, X, y, name, lam, delta=lambda P, Y: -Y / P)


@mistake("backprop", "Your backprop is that of a squared error of the probabilities.")
def backprop_of_squares(params, X, y, name, lam):
    def delta(P, Y):
        R = 2 * (P - Y) * P
        return R - P * R.sum(axis=1, keepdims=True)

    return gradient(params, X, y, name, lam, delta=delta)


@mistake("backprop", "Your backprop divides by k as well: the mean goes over the examples only.")
def backprop_divided_by_k(params, X, y, name, lam):
    return gradient(params, X, y, name, lam, delta=lambda P, Y: (P - Y) / P.shape[1])


@mistake("backprop", "Your db is a mean over the examples of what is divided by n already.")
def backprop_with_mean_biases(params, X, y, name, lam):
    return each(ref.backprop(params, X, y, name, lam), np.copy, lambda db: db / len(y))


@mistake("backprop", "Your db is not divided by n: loss is a mean over the examples.")
def backprop_with_summed_biases(params, X, y, name, lam):
    return each(ref.backprop(params, X, y, name, lam), np.copy, lambda db: db * len(y))


@mistake("backprop", "Your db is zero: biases have a gradient.")
def backprop_without_biases(params, X, y, name, lam):
    return each(ref.backprop(params, X, y, name, lam), np.copy, np.zeros_like)


@mistake("backprop", "Your db of hidden layers lacks the slope g'(a).")
def backprop_with_early_biases(params, X, y, name, lam):
    return gradient(params, X, y, name, lam, hidden_bias_early=True)


@mistake("backprop", "Your dW takes pre-activations as the layer's input: it is h = g(a).")
def backprop_with_preactivations(params, X, y, name, lam):
    return gradient(params, X, y, name, lam, inputs=lambda H, A: [H[0], *A[:-1]])


@mistake("backprop", "Your layers come last first: the order is that of params.")
def backprop_last_layer_first(params, X, y, name, lam):
    return ref.backprop(params, X, y, name, lam)[::-1]


@mistake("backprop", "Your dW is transposed: it has the shape of W, (out, in).")
def backprop_transposed(params, X, y, name, lam):
    return each(ref.backprop(params, X, y, name, lam), np.transpose, np.copy)


@mistake("backprop", "Your backprop stops at the output layer: hidden layers have a gradient.")
def backprop_of_the_last_layer(params, X, y, name, lam):
    grads = ref.backprop(params, X, y, name, lam)
    return [*each(grads[:-1], np.zeros_like, np.zeros_like), grads[-1]]


@alternative("backprop", "one example at a time, lists")
def backprop_by_examples(params, X, y, name, lam):
    total = [[2 * lam * W, np.zeros_like(b)] for W, b in params]
    for x, label in zip(X, y, strict=True):
        H, A = ref._propagate(params, x[None], name)
        d = softmax(A[-1])[0]
        d[label] -= 1
        for k in range(len(params) - 1, -1, -1):
            total[k][0] = total[k][0] + np.outer(d, H[k][0]) / len(y)
            total[k][1] = total[k][1] + d / len(y)
            if k:
                d = params[k][0].T @ d * ref.activation_gradient(name, A[k - 1][0])
    return total


@alternative("backprop", "central differences of loss")
def backprop_by_differences(params, X, y, name, lam):
    _, n = differences(params, (X, y, name, lam), 1e-5)
    grads, place = [], 0
    for W, b in params:
        dW = n[place : place + W.size].reshape(W.shape)
        place += W.size
        grads.append((dW, n[place : place + b.size]))
        place += b.size
    return grads


@alternative("backprop", "float32")
def backprop_in_float32(params, X, y, name, lam):
    narrow = [(np.float32(W), np.float32(b)) for W, b in params]
    grads = gradient(narrow, np.float32(X), y, name, np.float32(lam))
    return each(grads, np.float32, np.float32)


# gradient_error


@mistake("gradient_error", "Your difference is one-sided: take loss at +eps and at -eps.")
def error_of_one_sided_differences(params, X, y, name, lam, eps):
    return float(relative(*differences(params, (X, y, name, lam), eps, one_sided=True)).max())


@mistake("gradient_error", "Your difference is divided by eps: the two points are 2 eps apart.")
def error_without_two(params, X, y, name, lam, eps):
    return float(relative(*differences(params, (X, y, name, lam), eps, factor=2.0)).max())


@mistake("gradient_error", "Your gradient_error is a mean: the largest one is asked for.")
def error_is_a_mean(params, X, y, name, lam, eps):
    return float(relative(*differences(params, (X, y, name, lam), eps)).mean())


@mistake("gradient_error", "Your gradient_error is a sum: the largest one is asked for.")
def error_is_a_sum(params, X, y, name, lam, eps):
    return float(relative(*differences(params, (X, y, name, lam), eps)).sum())


@mistake("gradient_error", "Your gradient_error is absolute: divide by |a| + |n|.")
def error_is_absolute(params, X, y, name, lam, eps):
    a, n = differences(params, (X, y, name, lam), eps)
    return float(np.abs(a - n).max())


@mistake("gradient_error", "Your gradient_error divides norms: it is taken entry by entry.")
def error_of_norms(params, X, y, name, lam, eps):
    a, n = differences(params, (X, y, name, lam), eps)
    return float(np.linalg.norm(a - n) / (np.linalg.norm(a) + np.linalg.norm(n)))


@mistake("gradient_error", "Your gradient_error lacks the absolute value of a - n.")
def error_with_its_sign(params, X, y, name, lam, eps):
    a, n = differences(params, (X, y, name, lam), eps)
    return float(((a - n) / np.maximum(np.abs(a) + np.abs(n), 1e-8)).max())


@mistake("gradient_error", "Your gradient_error leaves out the biases.")
def error_without_biases(params, X, y, name, lam, eps):
    return _error_of(params, (X, y, name, lam), eps, biases=False)


@mistake("gradient_error", "Your gradient_error leaves out the weights.")
def error_without_weights(params, X, y, name, lam, eps):
    return _error_of(params, (X, y, name, lam), eps, weights=False)


@mistake("gradient_error", "Your gradient_error looks at the last layer only.")
def error_of_the_last_layer(params, X, y, name, lam, eps):
    return _error_of(params, (X, y, name, lam), eps, first=len(params) - 1)


@mistake("gradient_error", "Your gradient_error looks at the first layer only.")
def error_of_the_first_layer(params, X, y, name, lam, eps):
    return _error_of(params, (X, y, name, lam), eps, last=1)


def _error_of(params, rest, eps, *, weights=True, biases=True, first=0, last=None):
    errors, place, kept = relative(*differences(params, rest, eps)), 0, []
    chosen = range(len(params))[first:last]
    for k, (W, b) in enumerate(params):
        for size, wanted in ((W.size, weights), (b.size, biases)):
            if wanted and k in chosen:
                kept.append(errors[place : place + size].max())
            place += size
    return float(max(kept))


@mistake("gradient_error", "Your gradient_error takes a step of its own: use eps.")
def error_with_its_own_step(params, X, y, name, lam, eps):
    return ref.gradient_error(params, X, y, name, lam, 1e-5)


@mistake("gradient_error", "Your gradient_error is always 0.")
def error_of_nothing(params, X, y, name, lam, eps):
    return 0.0


@mistake(
    "gradient_error",
    "Your gradient_error is 1, as if n had the opposite sign: it is (above - below) / (2 eps).",
)
def error_with_the_wrong_sign(params, X, y, name, lam, eps):
    return float(relative(*differences(params, (X, y, name, lam), eps, factor=-1.0)).max())


@alternative("gradient_error", "the larger of the two as the denominator")
def error_by_the_larger(params, X, y, name, lam, eps):
    a, n = differences(params, (X, y, name, lam), eps)
    return np.max(np.abs(a - n) / np.maximum(np.maximum(np.abs(a), np.abs(n)), 1e-8))


@alternative("gradient_error", "twice the definition")
def error_by_the_mean_size(params, X, y, name, lam, eps):
    a, n = differences(params, (X, y, name, lam), eps)
    return np.max(2 * np.abs(a - n) / np.maximum(np.abs(a) + np.abs(n), 1e-8))


# train


@mistake("train", "Your train climbs: subtract the gradient.")
def train_climbs(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    path = descend(params, X, y, name, lam, -step_size, epochs, batch_size, seed)
    return path[-1], losses(path, X, y, name, lam)


@mistake("train", "Your train adds up over the batch: each step takes the mean.")
def train_of_sums(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    def summed(params, X, y, name, lam):
        return gradient(params, X, y, name, lam, delta=lambda P, Y: (P - Y) * len(Y))

    path = descend(params, X, y, name, lam, step_size, epochs, batch_size, seed, gradient=summed)
    return path[-1], losses(path, X, y, name, lam)


@mistake("train", "Your train divides the step by the batch's size: backprop is a mean already.")
def train_divides_again(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    path = descend(
        params, X, y, name, lam, step_size, epochs, batch_size, seed,
        factor=lambda m, n, size, epoch: 1 / m,
    )  # fmt: skip
    return path[-1], losses(path, X, y, name, lam)


@mistake("train", "Your train leaves examples out: every batch counts, a short last one too.")
def train_drops_the_short_batch(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    path = descend(
        params, X, y, name, lam, step_size, epochs, batch_size, seed,
        keep=lambda batches, size: [batch for batch in batches if len(batch) == size],
    )  # fmt: skip
    return path[-1], losses(path, X, y, name, lam)


@mistake(
    "train",
    "Your train divides the short batch by batch_size: take the mean over its own examples.",
)
def train_divides_by_batch_size(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    def scaled(params, X, y, name, lam):
        m = len(y)
        share = m / min(batch_size, total)
        return gradient(params, X, y, name, lam, delta=lambda P, Y: (P - Y) * share)

    total = len(y)
    path = descend(params, X, y, name, lam, step_size, epochs, batch_size, seed, gradient=scaled)
    return path[-1], losses(path, X, y, name, lam)


@mistake("train", "Your train divides by n in every batch: take the mean over the batch.")
def train_divides_by_n(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    def scaled(params, X, y, name, lam):
        share = len(y) / total
        return gradient(params, X, y, name, lam, delta=lambda P, Y: (P - Y) * share)

    total = len(y)
    path = descend(params, X, y, name, lam, step_size, epochs, batch_size, seed, gradient=scaled)
    return path[-1], losses(path, X, y, name, lam)


@mistake(
    "train", "Your train shares lam among the batches: every step descends the whole lam term."
)
def train_shares_decay(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    def shared(params, X, y, name, lam):
        return ref.backprop(params, X, y, name, lam * len(y) / total)

    total = len(y)
    path = descend(params, X, y, name, lam, step_size, epochs, batch_size, seed, gradient=shared)
    return path[-1], losses(path, X, y, name, lam)


@mistake("train", "Your train ignores batch_size: each step takes one batch of examples.")
def train_with_full_batches(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    path = descend(params, X, y, name, lam, step_size, epochs, len(y), seed)
    return path[-1], losses(path, X, y, name, lam)


@mistake("train", "Your train takes one example per step: a step takes batch_size of them.")
def train_one_example_per_step(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    path = descend(params, X, y, name, lam, step_size, epochs, 1, seed)
    return path[-1], losses(path, X, y, name, lam)


@mistake("train", "Your train takes the same batches in every epoch: shuffle anew in each.")
def train_without_shuffle(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    path = descend(
        params, X, y, name, lam, step_size, epochs, batch_size, seed,
        order=lambda rng, n, epoch: np.arange(n),
    )  # fmt: skip
    return path[-1], losses(path, X, y, name, lam)


@mistake("train", "Your train shuffles X without y.")
def train_shuffles_only_x(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    rng, path = np.random.default_rng(seed), [params]
    for _ in range(epochs):
        order, here = rng.permutation(len(y)), path[-1]
        for i in range(0, len(y), batch_size):
            grads = ref.backprop(
                here, X[order[i : i + batch_size]], y[i : i + batch_size], name, lam
            )
            here = moved(here, grads, step_size)
        path.append(here)
    return path[-1], losses(path, X, y, name, lam)


@mistake("train", "Your train has no lam term in its steps.")
def train_without_decay(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    path = descend(
        params, X, y, name, lam, step_size, epochs, batch_size, seed,
        gradient=lambda params, X, y, name, lam: ref.backprop(params, X, y, name, 0.0),
    )  # fmt: skip
    return path[-1], losses(path, X, y, name, lam)


@mistake("train", "Your train never changes the biases.")
def train_without_biases(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    path = descend(
        params, X, y, name, lam, step_size, epochs, batch_size, seed,
        gradient=lambda *args: each(ref.backprop(*args), np.copy, np.zeros_like),
    )  # fmt: skip
    return path[-1], losses(path, X, y, name, lam)


@mistake("train", "Your train changes the last layer only.")
def train_of_the_last_layer(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    def last(*args):
        grads = ref.backprop(*args)
        return [*each(grads[:-1], np.zeros_like, np.zeros_like), grads[-1]]

    path = descend(params, X, y, name, lam, step_size, epochs, batch_size, seed, gradient=last)
    return path[-1], losses(path, X, y, name, lam)


@mistake("train", "Your step size shrinks from epoch to epoch: it should stay constant.")
def train_with_a_shrinking_step(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    path = descend(
        params, X, y, name, lam, step_size, epochs, batch_size, seed,
        factor=lambda m, n, size, epoch: 1 / (epoch + 1),
    )  # fmt: skip
    return path[-1], losses(path, X, y, name, lam)


@mistake("train", "Your train takes one epoch too many.")
def train_one_epoch_more(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    path = descend(params, X, y, name, lam, step_size, epochs + 1, batch_size, seed)
    return path[-1], losses(path, X, y, name, lam)


@mistake("train", "Your train takes one epoch too few.")
def train_one_epoch_less(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    path = descend(params, X, y, name, lam, step_size, max(epochs - 1, 0), batch_size, seed)
    return path[-1], losses(path, X, y, name, lam)


@mistake("train", "Your train returns the params it was given: return the trained ones.")
def train_returns_the_start(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    path = descend(params, X, y, name, lam, step_size, epochs, batch_size, seed)
    return params, losses(path, X, y, name, lam)


@mistake("train", "Your train returns the best params of all epochs: return the last ones.")
def train_returns_the_best(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    path = descend(params, X, y, name, lam, step_size, epochs, batch_size, seed)
    values = losses(path, X, y, name, lam)
    return path[int(values.argmin())], values


@mistake("train", "Your history lacks the start: it has epochs + 1 entries.")
def train_history_without_the_start(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    path = descend(params, X, y, name, lam, step_size, epochs, batch_size, seed)
    return path[-1], losses(path[1:], X, y, name, lam)


@mistake("train", "Your history lacks the loss after the last epoch: it has epochs + 1 entries.")
def train_history_without_the_end(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    path = descend(params, X, y, name, lam, step_size, epochs, batch_size, seed)
    return path[-1], losses(path[:-1], X, y, name, lam)


@mistake("train", "Your history holds losses from before the steps: take them after each epoch.")
def train_history_one_epoch_behind(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    path = descend(params, X, y, name, lam, step_size, epochs, batch_size, seed)
    return path[-1], losses([path[0], *path[:-1]], X, y, name, lam)


@mistake("train", "Your history lacks the lam term: it holds the whole loss.")
def train_history_without_decay(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    path = descend(params, X, y, name, lam, step_size, epochs, batch_size, seed)
    return path[-1], losses(path, X, y, name, 0.0)


@mistake("train", "Your history holds sums over the examples: loss is a mean.")
def train_history_of_sums(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    path = descend(params, X, y, name, lam, step_size, epochs, batch_size, seed)
    return path[-1], losses(path, X, y, name, lam) * len(y)


@mistake("train", "Your train updates layer by layer: take all gradients at the same point.")
def train_layer_by_layer(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    rng, path = np.random.default_rng(seed), [params]
    for _ in range(epochs):
        order, here = rng.permutation(len(y)), list(path[-1])
        for i in range(0, len(y), batch_size):
            batch = order[i : i + batch_size]
            for k in range(len(here)):
                grads = ref.backprop(here, X[batch], y[batch], name, lam)
                here[k] = moved([here[k]], [grads[k]], step_size)[0]
        path.append(here)
    return path[-1], losses(path, X, y, name, lam)


@mistake("train", "Your train starts from new random params: start from those given.")
def train_from_new_params(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    sizes = [params[0][0].shape[1], *(len(b) for _, b in params)]
    start = ref.init_params(sizes, seed)
    path = descend(start, X, y, name, lam, step_size, epochs, batch_size, seed)
    return path[-1], losses(path, X, y, name, lam)


@alternative("train", "the old generator, in place on copies, a list for the history")
def train_by_the_old_generator(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    np.random.seed(seed)
    params = [[W.copy(), b.copy()] for W, b in params]
    places, history = np.arange(len(X)), [ref.loss(params, X, y, name, lam)]
    for _ in range(epochs):
        np.random.shuffle(places)
        for batch in np.split(places, range(batch_size, len(X), batch_size)):
            grads = ref.backprop(params, X[batch], y[batch], name, lam)
            for layer, layer_grads in zip(params, grads, strict=True):
                layer[0] -= step_size * layer_grads[0]
                layer[1] -= step_size * layer_grads[1]
        history.append(float(ref.loss(params, X, y, name, lam)))
    return [params, history]


@alternative("train", "float32, shuffles the data themselves")
def train_in_float32(params, X, y, name, lam, step_size, epochs, batch_size, seed):
    rng, n = np.random.default_rng(seed), len(y)
    X, y = np.float32(X), y.copy()
    params = [(np.float32(W), np.float32(b)) for W, b in params]
    history = [np.float32(ref.loss(params, X, y, name, lam))]
    for _ in range(epochs):
        order = rng.permutation(n)
        X, y = X[order], y[order]
        for i in range(0, n, batch_size):
            rows = slice(i, min(i + batch_size, n))
            grads = each(
                gradient(params, X[rows], y[rows], name, np.float32(lam)), np.float32, np.float32
            )
            params = moved(params, grads, np.float32(step_size))
        history.append(np.float32(ref.loss(params, X, y, name, lam)))
    return params, np.array(history)


# plot_training


@alternative("plot_training", "pyplot, epochs from 1, a logarithmic axis, returns None")
def plot_with_pyplot(history):
    plt.figure()
    plt.semilogy(range(1, len(history) + 1), history, "o-")
    plt.xlabel("epoch")
    plt.ylabel("loss")


@alternative("plot_training", "points, returns figure and axes")
def plot_points(history):
    figure, axes = plt.subplots()
    axes.scatter(np.arange(len(history)), history, marker=".")
    axes.set(xlabel="Epoche", ylabel=r"$L(\theta)$", title="Training")
    return figure, axes
