"""Initialisation done wrong in one function, and done differently and rightly."""

import initialisation as ref
import matplotlib.pyplot as plt
import numpy as np

from grader.checks.variants import alternative, mistake


def signed(V):
    """Every column with a positive largest entry: the checks compare mistakes in this form."""
    if V.ndim != 2 or not V.size:
        return V
    first = np.abs(V).argmax(axis=0)
    return V * np.where(V[first, np.arange(V.shape[1])] < 0, -1.0, 1.0)


# activation


@mistake("activation", "Your leaky_relu leaks 0.01, as torch's and jax's: 0.1 here.")
def activation_leaks_little(name, a):
    if name == "leaky_relu":
        return np.maximum(0.01 * a, a)
    return ref.activation(name, a)


@mistake("activation", "Your leaky_relu leaks 0.3, as keras's old one: 0.1 here.")
def activation_leaks_much(name, a):
    if name == "leaky_relu":
        return np.maximum(0.3 * a, a)
    return ref.activation(name, a)


@mistake("activation", "Your leaky_relu takes the minimum: it is the larger of both.")
def activation_leaks_upwards(name, a):
    if name == "leaky_relu":
        return np.minimum(0.1 * a, a)
    return ref.activation(name, a)


@mistake("activation", "Your leaky_relu does not leak.")
def activation_without_a_leak(name, a):
    return ref.activation("relu" if name == "leaky_relu" else name, a)


@mistake("activation", "Your elu lacks the - 1 below 0.")
def activation_elu_without_the_one(name, a):
    if name == "elu":
        return np.where(a > 0, a, np.exp(np.minimum(a, 0)))
    return ref.activation(name, a)


@mistake("activation", "Your elu is the scaled one, selu.")
def activation_is_selu(name, a):
    if name == "elu":
        return 1.0507009873554805 * np.where(
            a > 0, a, 1.6732632423543772 * np.expm1(np.minimum(a, 0))
        )
    return ref.activation(name, a)


@mistake("activation", "Your elu has the sign of the exponent wrong: exp(a) - 1 below 0.")
def activation_elu_turned_round(name, a):
    if name == "elu":
        return np.where(a > 0, a, np.exp(np.minimum(-a, 50.0)) - 1)
    return ref.activation(name, a)


@mistake("activation", "Your elu is the softplus, log(1 + exp(a)).")
def activation_is_softplus(name, a):
    return np.logaddexp(0, a) if name == "elu" else ref.activation(name, a)


@mistake("activation", "Your tanh is the sigmoid.")
def activation_is_the_sigmoid(name, a):
    return 0.5 * (1 + np.tanh(a / 2)) if name == "tanh" else ref.activation(name, a)


@mistake("activation", "Your relu is |a|: below 0 it is 0.")
def activation_is_absolute(name, a):
    return np.abs(a) if name == "relu" else ref.activation(name, a)


@alternative("activation", "masks, one name at a time")
def activation_by_masks(name, a):
    if name == "tanh":
        e = np.exp(-2 * np.abs(a))
        return np.sign(a) * (1 - e) / (1 + e)
    below = {"leaky_relu": 0.1 * a, "elu": np.exp(a) - 1, "relu": 0 * a}
    if name not in below:
        raise ValueError(name)
    return np.where(a > 0, a, below[name])


@alternative("activation", "one number at a time, float32")
def activation_by_loops(name, a):
    out = np.empty(a.shape, np.float32)
    for index in np.ndindex(a.shape):
        out[index] = ref.activation(name, np.array([a[index]]))[0]
    return out


# activation_gradient


@mistake("activation_gradient", "Your slope of tanh takes a for its value: 1 - tanh(a)^2.")
def gradient_of_the_value(name, a):
    return 1 - a**2 if name == "tanh" else ref.activation_gradient(name, a)


@mistake("activation_gradient", "Your slope of tanh lacks the square: 1 - tanh(a)^2.")
def gradient_without_the_square(name, a):
    return 1 - np.tanh(a) if name == "tanh" else ref.activation_gradient(name, a)


@mistake("activation_gradient", "Your slope of leaky_relu is 0.01 below 0: 0.1.")
def gradient_leaks_little(name, a):
    return np.where(a > 0, 1.0, 0.01) if name == "leaky_relu" else ref.activation_gradient(name, a)


@mistake("activation_gradient", "Your slope of leaky_relu is 0 below 0: 0.1.")
def gradient_without_a_leak(name, a):
    return ref.activation_gradient("relu" if name == "leaky_relu" else name, a)


@mistake("activation_gradient", "Your slope of elu is exp(a) everywhere: 1 above 0.")
def gradient_of_elu_everywhere(name, a):
    return np.exp(a) if name == "elu" else ref.activation_gradient(name, a)


@mistake("activation_gradient", "Your slope of elu is exp(a) - 1 below 0: exp(a).")
def gradient_of_elu_is_its_value(name, a):
    if name == "elu":
        return np.where(a > 0, 1.0, np.expm1(np.minimum(a, 0)))
    return ref.activation_gradient(name, a)


@mistake("activation_gradient", "Your slope of relu is the relu itself: 1 above 0, 0 below.")
def gradient_is_the_relu(name, a):
    return np.maximum(a, 0) if name == "relu" else ref.activation_gradient(name, a)


@mistake("activation_gradient", "Your slope of relu is -1 below 0, that of |a|: 0.")
def gradient_of_the_absolute(name, a):
    return np.sign(a) if name == "relu" else ref.activation_gradient(name, a)


@mistake("activation_gradient", "Your activation_gradient returns the activation.")
def gradient_is_the_activation(name, a):
    return ref.activation(name, a)


@alternative("activation_gradient", "a half at the corners")
def gradient_of_a_half(name, a):
    if name == "relu":
        return np.heaviside(a, 0.5)
    if name == "leaky_relu":
        return 0.1 + 0.9 * np.heaviside(a, 0.5)
    return ref.activation_gradient(name, a)


@alternative("activation_gradient", "the right side at the corners; 1/cosh^2; float32")
def gradient_of_the_right_side(name, a):
    if name == "tanh":
        return (1 / np.cosh(a) ** 2).astype(np.float32)
    if name == "elu":
        return np.exp(-np.maximum(-a, 0)).astype(np.float32)
    return np.where(a >= 0, 1.0, {"relu": 0.0, "leaky_relu": 0.1}[name]).astype(np.float32)


# maxout


@mistake("maxout", "Your maxout takes the smaller piece: the larger one.")
def maxout_takes_the_smaller(x, W1, b1, W2, b2):
    return np.minimum(W1.T @ x + b1, W2.T @ x + b2)


@mistake("maxout", "Your maxout adds the pieces up: the larger one.")
def maxout_adds(x, W1, b1, W2, b2):
    return W1.T @ x + b1 + W2.T @ x + b2


@mistake("maxout", "Your maxout leaves the biases out.")
def maxout_without_biases(x, W1, b1, W2, b2):
    return np.maximum(W1.T @ x, W2.T @ x)


@mistake("maxout", "Your maxout adds one bias to both pieces: each has its own.")
def maxout_with_one_bias(x, W1, b1, W2, b2):
    return np.maximum(W1.T @ x, W2.T @ x) + b1


@mistake("maxout", "Your maxout takes the larger of the two for the whole layer: unit by unit.")
def maxout_of_the_whole_layer(x, W1, b1, W2, b2):
    one, two = W1.T @ x + b1, W2.T @ x + b2
    return one if one.max() >= two.max() else two


@mistake("maxout", "Your maxout takes the larger weights and biases: the larger results.")
def maxout_of_the_weights(x, W1, b1, W2, b2):
    return np.maximum(W1, W2).T @ x + np.maximum(b1, b2)


@mistake("maxout", "Your maxout is cut off at 0, as a relu: it may be negative.")
def maxout_rectified(x, W1, b1, W2, b2):
    return np.maximum(0, ref.maxout(x, W1, b1, W2, b2))


@alternative("maxout", "stacked pieces")
def maxout_stacked(x, W1, b1, W2, b2):
    return np.stack([x @ W1 + b1, x @ W2 + b2]).max(axis=0)


# maxout_backward


def shared(dy, x, W1, W2, share):
    db1, db2 = share * dy, (1 - share) * dy
    return W1 @ db1 + W2 @ db2, np.outer(x, db1), db1, np.outer(x, db2), db2


def won(x, W1, b1, W2, b2):
    return np.where(W1.T @ x + b1 >= W2.T @ x + b2, 1.0, 0.0)


@mistake(
    "maxout_backward", "Your maxout_backward gives the gradient to both pieces: to the larger."
)
def backward_to_both(dy, x, W1, b1, W2, b2):
    return W1 @ dy + W2 @ dy, np.outer(x, dy), dy, np.outer(x, dy), dy


@mistake("maxout_backward", "Your maxout_backward gives half of it to each piece: to the larger.")
def backward_in_halves(dy, x, W1, b1, W2, b2):
    return shared(dy, x, W1, W2, np.full(len(dy), 0.5))


@mistake("maxout_backward", "Your maxout_backward gives the gradient to the smaller piece.")
def backward_to_the_smaller(dy, x, W1, b1, W2, b2):
    return shared(dy, x, W1, W2, 1 - won(x, W1, b1, W2, b2))


@mistake("maxout_backward", "Your dx comes through the first piece only.")
def backward_dx_of_the_first(dy, x, W1, b1, W2, b2):
    _, *rest = ref.maxout_backward(dy, x, W1, b1, W2, b2)
    return W1 @ rest[1], *rest


@mistake("maxout_backward", "Your dx goes through the weights of both pieces, for every unit.")
def backward_dx_of_both(dy, x, W1, b1, W2, b2):
    _, *rest = ref.maxout_backward(dy, x, W1, b1, W2, b2)
    return (W1 + W2) @ dy, *rest


@mistake("maxout_backward", "Your maxout_backward leaves dy out.")
def backward_without_dy(dy, x, W1, b1, W2, b2):
    return ref.maxout_backward(np.ones_like(dy), x, W1, b1, W2, b2)


@mistake("maxout_backward", "Your dW1 and dW2 lack x.")
def backward_without_x(dy, x, W1, b1, W2, b2):
    return (
        ref.maxout_backward(dy, x, W1, b1, W2, b2)[0:1]
        + ref.maxout_backward(
            dy, np.ones_like(x), W1, b1 + W1.T @ (x - 1), W2, b2 + W2.T @ (x - 1)
        )[1:]
    )


@mistake("maxout_backward", "Your dW1 and dW2 are transposed: they have the shape of W1.")
def backward_transposed(dy, x, W1, b1, W2, b2):
    dx, dW1, db1, dW2, db2 = ref.maxout_backward(dy, x, W1, b1, W2, b2)
    return dx, dW1.T, db1, dW2.T, db2


@mistake("maxout_backward", "Your maxout_backward compares the pieces without their biases.")
def backward_without_biases(dy, x, W1, b1, W2, b2):
    return ref.maxout_backward(dy, x, W1, 0 * b1, W2, 0 * b2)


@mistake("maxout_backward", "Your db1 and db2 are the mask: they are dy times the mask.")
def backward_mask_for_db(dy, x, W1, b1, W2, b2):
    dx, dW1, _, dW2, _ = ref.maxout_backward(dy, x, W1, b1, W2, b2)
    first = won(x, W1, b1, W2, b2)
    return dx, dW1, first, dW2, 1 - first


@alternative("maxout_backward", "ties to the second piece; loops")
def backward_by_loops(dy, x, W1, b1, W2, b2):
    out = [np.zeros_like(v) for v in (x, W1, b1, W2, b2)]
    for j, g in enumerate(dy):
        first = x @ W1[:, j] + b1[j] > x @ W2[:, j] + b2[j]
        W, dW, db = (W1, out[1], out[2]) if first else (W2, out[3], out[4])
        out[0] += g * W[:, j]
        dW[:, j], db[j] = g * x, g
    return out


@alternative("maxout_backward", "ties in halves")
def backward_ties_in_halves(dy, x, W1, b1, W2, b2):
    return shared(dy, x, W1, W2, np.heaviside(W1.T @ x + b1 - W2.T @ x - b2, 0.5))


# init_weights


def drawn(name, draw, kind, fan_in, fan_out, seed):
    if kind != name:
        return ref.init_weights(kind, fan_in, fan_out, seed)
    return draw(np.random.default_rng(seed), (fan_out, fan_in))


@mistake(
    "init_weights", "Your small weights have the variance 0.01: 0.01 is their standard deviation."
)
def init_small_with_the_variance(name, fan_in, fan_out, seed):
    return drawn("small", lambda g, s: g.normal(0, 0.1, s), name, fan_in, fan_out, seed)


@mistake("init_weights", "Your small weights are uniform: they are normal.")
def init_small_uniform(name, fan_in, fan_out, seed):
    return drawn("small", lambda g, s: g.uniform(-0.01, 0.01, s), name, fan_in, fan_out, seed)


@mistake("init_weights", "Your scaled weights are divided by the root of fan_out: of fan_in.")
def init_scaled_by_fan_out(name, fan_in, fan_out, seed):
    return drawn(
        "scaled", lambda g, s: g.normal(size=s) / fan_out**0.5, name, fan_in, fan_out, seed
    )


@mistake("init_weights", "Your scaled weights are divided by fan_in: by its root.")
def init_scaled_without_the_root(name, fan_in, fan_out, seed):
    return drawn("scaled", lambda g, s: g.normal(size=s) / fan_in, name, fan_in, fan_out, seed)


@mistake(
    "init_weights",
    "Your scaled weights have the variance 2 / fan_in, as He and torch's kaiming have it: "
    "1 / fan_in.",
)
def init_scaled_as_he(name, fan_in, fan_out, seed):
    return drawn(
        "scaled", lambda g, s: g.normal(size=s) * (2 / fan_in) ** 0.5, name, fan_in, fan_out, seed
    )


@mistake(
    "init_weights",
    "Your scaled weights are uniform between -1 and 1 over the root of fan_in, as torch's Linear "
    "draws them: they are normal.",
)
def init_scaled_as_torch(name, fan_in, fan_out, seed):
    return drawn(
        "scaled", lambda g, s: g.uniform(-1, 1, s) / fan_in**0.5, name, fan_in, fan_out, seed
    )


@mistake(
    "init_weights", "Your glorot weights are normal with the right variance: they are uniform."
)
def init_glorot_normal(name, fan_in, fan_out, seed):
    return drawn(
        "glorot",
        lambda g, s: g.normal(size=s) * (2 / (fan_in + fan_out)) ** 0.5,
        name,
        fan_in,
        fan_out,
        seed,
    )


@mistake("init_weights", "Your glorot weights are uniform from 0 on: from -bound.")
def init_glorot_from_zero(name, fan_in, fan_out, seed):
    return drawn(
        "glorot", lambda g, s: g.random(s) * (6 / sum(s)) ** 0.5, name, fan_in, fan_out, seed
    )


@mistake("init_weights", "Your glorot bound lacks the root.")
def init_glorot_without_the_root(name, fan_in, fan_out, seed):
    return drawn(
        "glorot", lambda g, s: g.uniform(-1, 1, s) * 6 / sum(s), name, fan_in, fan_out, seed
    )


@mistake(
    "init_weights",
    "Your glorot bound is the root of 2 / (fan_in + fan_out): that is the standard deviation.",
)
def init_glorot_with_the_deviation(name, fan_in, fan_out, seed):
    return drawn(
        "glorot",
        lambda g, s: g.uniform(-1, 1, s) * (2 / sum(s)) ** 0.5,
        name,
        fan_in,
        fan_out,
        seed,
    )


@mistake("init_weights", "Your init_weights gives the same weights for every seed.")
def init_with_a_seed_of_its_own(name, fan_in, fan_out, seed):
    return ref.init_weights(name, fan_in, fan_out, 0)


@mistake(
    "init_weights",
    "Your init_weights does not use the seed alone: the same one gives different weights.",
)
def init_without_the_seed(name, fan_in, fan_out, seed):
    return ref.init_weights(name, fan_in, fan_out, None)


@alternative("init_weights", "Python's own generator")
def init_by_the_standard_library(name, fan_in, fan_out, seed):
    import random

    r = random.Random(seed)
    bound = (6 / (fan_in + fan_out)) ** 0.5
    draw = {
        "zeros": lambda: 0.0,
        "small": lambda: r.gauss(0, 0.01),
        "scaled": lambda: r.gauss(0, 1) / fan_in**0.5,
        "glorot": lambda: r.uniform(-bound, bound),
    }[name]
    return [[draw() for _ in range(fan_in)] for _ in range(fan_out)]


@alternative("init_weights", "a legacy generator, drawn transposed, float32")
def init_transposed(name, fan_in, fan_out, seed):
    r = np.random.RandomState(seed)
    bound = np.sqrt(6.0) / np.sqrt(fan_in + fan_out)
    draws = {
        "zeros": lambda s: np.zeros(s),
        "small": lambda s: r.randn(*s) * 0.01,
        "scaled": lambda s: r.normal(scale=fan_in**-0.5, size=s),
        "glorot": lambda s: bound * (2 * r.rand(*s) - 1),
    }
    return draws[name]((fan_in, fan_out)).T.astype(np.float32)


# layer_spread


def spread_by(measure, X, weights, name):
    h, out = X, []
    for W in weights:
        a = h @ W.T
        h = ref.activation(name, a)
        out.append(float(measure(h, a)))
    return out


@mistake("layer_spread", "Your layer_spread measures the pre-activations: the outputs.")
def spread_of_pre_activations(X, weights, name):
    return spread_by(lambda h, a: a.std(), X, weights, name)


@mistake("layer_spread", "Your layer_spread gives variances: standard deviations.")
def spread_as_a_variance(X, weights, name):
    return spread_by(lambda h, a: h.var(), X, weights, name)


@mistake("layer_spread", "Your layer_spread divides by the number of entries less 1.")
def spread_unbiased(X, weights, name):
    return spread_by(lambda h, a: h.std(ddof=1), X, weights, name)


@mistake("layer_spread", "Your layer_spread is the mean over the units: of all entries together.")
def spread_of_each_unit(X, weights, name):
    return spread_by(lambda h, a: h.std(axis=0).mean(), X, weights, name)


@mistake(
    "layer_spread", "Your layer_spread is the root of the mean square: the mean is subtracted."
)
def spread_around_zero(X, weights, name):
    return spread_by(lambda h, a: np.sqrt((h**2).mean()), X, weights, name)


@mistake("layer_spread", "Your layer_spread begins with X: the first is that of the first layer.")
def spread_with_the_inputs(X, weights, name):
    return [float(X.std()), *ref.layer_spread(X, weights, name)]


@mistake("layer_spread", "Your layer_spread hands the pre-activations on: the outputs.")
def spread_of_a_linear_network(X, weights, name):
    h, out = X, []
    for W in weights:
        h = h @ W.T
        out.append(float(ref.activation(name, h).std()))
    return out


@alternative("layer_spread", "transposed layers, an array")
def spread_transposed(X, weights, name):
    h, out = X.T, []
    for W in weights:
        h = ref.activation(name, np.dot(W, h))
        out.append(np.sqrt(np.mean(h**2) - np.mean(h) ** 2))
    return np.array(out)


# centre


@mistake("centre", "Your centre subtracts the mean of all entries: of each column.")
def centre_of_everything(X):
    return X - X.mean(), np.full(X.shape[1], X.mean())


@mistake("centre", "Your centre takes the mean of each row: take that of each column.")
def centre_of_rows(X):
    mean = X.mean(axis=1)
    return X - mean[:, None], mean


@mistake("centre", "Your centre takes the mean of each row (axis=1): take that of each column.")
def centre_of_rows_as_a_column(X):
    mean = X.mean(axis=1, keepdims=True)
    return X - mean, mean


@mistake("centre", "Your centre subtracts the mean of each row: subtract that of each column.")
def centre_subtracts_the_means_of_rows(X):
    return X - X.mean(axis=1, keepdims=True), X.mean(axis=0)


@mistake("centre", "Your centre divides by the standard deviation as well.")
def centre_and_scale(X):
    return (X - X.mean(axis=0)) / X.std(axis=0), X.mean(axis=0)


@mistake("centre", "Your centre subtracts the median.")
def centre_at_the_median(X):
    return X - np.median(X, axis=0), np.median(X, axis=0)


@mistake("centre", "Your centre adds the mean: subtract.")
def centre_adds(X):
    return X + X.mean(axis=0), X.mean(axis=0)


@alternative("centre", "a centring matrix, the mean as a list")
def centre_by_a_matrix(X):
    n = len(X)
    return (np.eye(n) - 1 / n) @ X, X.mean(axis=0).tolist()


# principal_directions


def directions(C, k, chosen=slice(None, None, -1)):
    values, V = np.linalg.eigh(C)
    return values[chosen][:k], signed(V[:, chosen][:, :k])


def covariance(X):
    Z = X - X.mean(axis=0)
    return Z.T @ Z / len(X)


@mistake("principal_directions", "Your covariance is divided by n - 1, as np.cov's: by n.")
def directions_unbiased(X, k):
    return directions(covariance(X) * len(X) / (len(X) - 1), k)


@mistake("principal_directions", "Your covariance is not divided by n.")
def directions_undivided(X, k):
    return directions(covariance(X) * len(X), k)


@mistake("principal_directions", "Your principal_directions does not centre X.")
def directions_uncentred(X, k):
    return directions(X.T @ X / len(X), k)


@mistake("principal_directions", "Your principal_directions takes the smallest eigenvalues.")
def directions_smallest(X, k):
    return directions(covariance(X), k, chosen=slice(None))


@mistake("principal_directions", "Your eigenvalues rise: the largest comes first.")
def directions_rising(X, k):
    values, V = directions(covariance(X), k)
    return values[::-1], V[:, ::-1]


@mistake("principal_directions", "Your eigenvectors stand in rows: in the columns of V.")
def directions_in_rows(X, k):
    values, V = directions(covariance(X), k)
    return values, V.T


@mistake(
    "principal_directions",
    "Your V holds columns of the third result of np.linalg.svd: its rows are the directions.",
)
def directions_from_columns_of_vt(X, k):
    values, _ = directions(covariance(X), k)
    return values, signed(np.linalg.svd(X - X.mean(axis=0))[2][:, :k])


@mistake(
    "principal_directions",
    "Your values are singular values: the eigenvalues are their squares over n.",
)
def directions_with_singular_values(X, k):
    values, V = directions(covariance(X), k)
    return np.sqrt(len(X) * values), V


@mistake(
    "principal_directions",
    "Your values are in falling order and your eigenvectors are not: turn both round.",
)
def directions_with_vectors_in_rising_order(X, k):
    values, _ = directions(covariance(X), k)
    return values, signed(np.linalg.eigh(covariance(X))[1][:, :k])


@mistake("principal_directions", "Your values are square roots: the eigenvalues themselves.")
def directions_with_roots(X, k):
    values, V = directions(covariance(X), k)
    return np.sqrt(values), V


@mistake("principal_directions", "Your values are shares of the whole variance, not eigenvalues.")
def directions_with_shares(X, k):
    C = covariance(X)
    values, V = directions(C, k)
    return values / np.trace(C), V


@mistake("principal_directions", "Your eigenvectors are multiplied by the roots of their values.")
def directions_scaled(X, k):
    values, V = directions(covariance(X), k)
    return values, V * np.sqrt(values)


@mistake("principal_directions", "Your principal_directions divides the columns by their spread.")
def directions_of_the_correlation(X, k):
    return directions(covariance(X / X.std(axis=0)), k)


@alternative("principal_directions", "the singular values of the centred examples")
def directions_by_svd(X, k):
    _, s, Vt = np.linalg.svd(X - X.mean(axis=0), full_matrices=False)
    return s[:k] ** 2 / len(X), Vt[:k].T


@alternative("principal_directions", "np.linalg.eig, sorted; other signs")
def directions_by_eig(X, k):
    values, V = np.linalg.eig(np.cov(X.T, bias=True).reshape(X.shape[1], X.shape[1]))
    order = np.argsort(-values.real)[:k]
    return values.real[order], -np.linalg.qr(V.real[:, order])[0]


# reconstruct


@mistake("reconstruct", "Your reconstruct does not add the mean again.")
def reconstruct_without_the_mean(X, k):
    return ref.reconstruct(X, k) - X.mean(axis=0)


@mistake("reconstruct", "Your reconstruct projects X without centring it.")
def reconstruct_uncentred(X, k):
    V = ref.principal_directions(X, k)[1]
    return X @ V @ V.T


@mistake("reconstruct", "Your reconstruct projects X uncentred and adds the mean.")
def reconstruct_centred_once(X, k):
    V = ref.principal_directions(X, k)[1]
    return X @ V @ V.T + X.mean(axis=0)


@mistake("reconstruct", "Your reconstruct keeps one direction too few.")
def reconstruct_one_too_few(X, k):
    return ref.reconstruct(X, k - 1) if k > 1 else np.tile(X.mean(axis=0), (len(X), 1))


@mistake("reconstruct", "Your reconstruct returns the scores: project back.")
def reconstruct_returns_scores(X, k):
    return (X - X.mean(axis=0)) @ signed(ref.principal_directions(X, k)[1])


@mistake("reconstruct", "Your reconstruct removes the first directions: keep them.")
def reconstruct_the_rest(X, k):
    return X - ref.reconstruct(X, k) + X.mean(axis=0)


@alternative("reconstruct", "what is left taken away")
def reconstruct_by_the_rest(X, k):
    Z = X - X.mean(axis=0)
    U, s, Vt = np.linalg.svd(Z, full_matrices=False)
    return X - (U[:, k:] * s[k:]) @ Vt[k:]


# whiten


def scores(X, k):
    values, V = ref.principal_directions(X, k)
    return values, (X - X.mean(axis=0)) @ V


@mistake("whiten", "Your whiten adds eps to the root: inside, beside the value.")
def whiten_eps_outside(X, k, eps):
    values, S = scores(X, k)
    return signed(S / (np.sqrt(values) + eps))


@mistake("whiten", "Your whiten leaves eps out.")
def whiten_without_eps(X, k, eps):
    values, S = scores(X, k)
    return signed(S / np.sqrt(values))


@mistake(
    "whiten",
    "Your whiten leaves eps out and divides by n - 1, as scikit-learn's PCA: add eps, and n.",
)
def whiten_as_in_scikit_learn(X, k, eps):
    values, S = scores(X, k)
    return signed(S / np.sqrt(values * len(X) / (len(X) - 1)))


@mistake("whiten", "Your whiten divides by value + eps: by its root.")
def whiten_without_the_root(X, k, eps):
    values, S = scores(X, k)
    return signed(S / (values + eps))


@mistake("whiten", "Your whiten returns plain scores: divide each by sqrt(value + eps).")
def whiten_only_rotates(X, k, eps):
    return signed(scores(X, k)[1])


@mistake("whiten", "Your whiten multiplies by sqrt(value + eps): divide.")
def whiten_multiplies(X, k, eps):
    values, S = scores(X, k)
    return signed(S * np.sqrt(values + eps))


@mistake("whiten", "Your whiten does not centre X.")
def whiten_uncentred(X, k, eps):
    values, V = ref.principal_directions(X, k)
    return signed(X @ V / np.sqrt(values + eps))


@mistake("whiten", "Your whiten turns the scores back to the features: (n, k) scores are meant.")
def whiten_back_to_features(X, k, eps):
    values, V = ref.principal_directions(X, k)
    return signed((X - X.mean(axis=0)) @ V / np.sqrt(values + eps) @ V.T)


@mistake("whiten", "Your whiten divides by roots of n - 1 values, as scikit-learn's PCA: of n.")
def whiten_unbiased(X, k, eps):
    values, S = scores(X, k)
    return signed(S / np.sqrt(values * len(X) / (len(X) - 1) + eps))


@alternative("whiten", "the left singular vectors")
def whiten_by_svd(X, k, eps):
    Z = X - X.mean(axis=0)
    U, s, _ = np.linalg.svd(Z, full_matrices=False)
    return U[:, :k] * s[:k] / np.sqrt(s[:k] ** 2 / len(X) + eps)


# plot_spread


def plotted(spreads, named=True):
    figure, axes = plt.subplots()
    for name, values in spreads.items():
        axes.plot(values, label=name if named else None)
    axes.set(xlabel="layer", ylabel="spread", yscale="log")
    if named:
        axes.legend()
    return figure


@mistake("plot_spread", "Your figure names nothing.")
def plot_without_names(spreads):
    return plotted(spreads, named=False)


@mistake("plot_spread", "Your curves have each other's names.")
def plot_with_names_moved(spreads):
    names = list(spreads)
    return plotted(dict(zip(names[1:] + names[:1], spreads.values(), strict=True)))


@mistake("plot_spread", "Your figure lacks the last name.")
def plot_without_the_last(spreads):
    return plotted(dict(list(spreads.items())[:-1]))


@mistake("plot_spread", "Your curves lack the first layer.")
def plot_without_the_first_layer(spreads):
    return plotted({name: values[1:] for name, values in spreads.items()})


@mistake("plot_spread", "Your axes have no labels.")
def plot_without_labels(spreads):
    figure = plotted(spreads)
    figure.axes[0].set(xlabel="", ylabel="")
    return figure


@alternative("plot_spread", "bars side by side")
def plot_bars(spreads):
    figure, axes = plt.subplots()
    for k, (name, values) in enumerate(spreads.items()):
        axes.bar(np.arange(len(values)) + 0.25 * k, values, width=0.25, label=name)
    axes.set(xlabel="layer", ylabel="spread")
    axes.legend()
    return figure


@alternative("plot_spread", "a panel for each name, returns nothing")
def plot_panels(spreads):
    plt.figure()
    for k, (name, values) in enumerate(spreads.items()):
        plt.subplot(1, len(spreads), k + 1)
        plt.semilogy(range(1, len(values) + 1), values, "ko-")
        plt.title(name)
        plt.xlabel("layer")
        plt.ylabel("spread")
