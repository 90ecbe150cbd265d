"""Surrogate losses done wrong in one function, and done differently and rightly."""

import itertools

import matplotlib.pyplot as plt
import numpy as np
import surrogate_losses as ref

from grader.checks.variants import alternative, mistake


def mixed(name, other, t, wrong):
    """The right loss, or `wrong(t)` where the name is `other`."""
    right = ref.loss(name, t)  # a ValueError for an unknown name
    return wrong(np.asarray(t, float)) if name == other else right


def mixed_slope(name, other, t, wrong):
    right = ref.derivative(name, t)
    return wrong(np.asarray(t, float)) if name == other else right


def pulled(slopes, X):
    """The gradient of a mean in which example i counts slopes[i] times."""
    return X.T @ slopes / len(slopes), np.mean(slopes)


def slopes_at(name, w, b, X, y):
    return ref.derivative(name, y * (X @ w + b))


def gaps(name, pairs):
    u, v = (np.array(each) for each in zip(*pairs, strict=True)) if pairs else (np.zeros(0),) * 2
    return ref.midpoint_gap(name, u, v)


# loss


@mistake(
    "loss",
    "Your modified Huber loss is scikit-learn's: (1 - t)^2 down to t = -1, and -4t below. "
    "Here it is 1 - 2t for t <= 0.",
)
def loss_scikit_learns_huber(name, t):
    return mixed(
        name, "modified_huber", t, lambda t: np.where(t >= -1, np.maximum(0, 1 - t) ** 2, -4 * t)
    )


@mistake(
    "loss",
    "Your logistic loss takes the natural logarithm, as libraries do: here it is log2.",
)
def loss_natural_logarithm(name, t):
    return mixed(name, "logistic", t, lambda t: np.logaddexp(0, -t))


@mistake("loss", "Your logistic loss takes the logarithm of base 10: it is log2.")
def loss_common_logarithm(name, t):
    return mixed(name, "logistic", t, lambda t: np.logaddexp(0, -t) / np.log(10))


@mistake(
    "loss",
    "Your logistic loss overflows for t far below 0: form no e^-t there; see np.logaddexp.",
)
def loss_logistic_overflows(name, t):
    return mixed(name, "logistic", t, lambda t: np.log2(1 + np.exp(-t)))


@mistake("loss", "Your logistic loss has the sign of t wrong: it is log2(1 + e^-t).")
def loss_logistic_turned_round(name, t):
    return mixed(name, "logistic", t, lambda t: np.logaddexp(0, t) / np.log(2))


@mistake("loss", "Your logistic loss clips the margin at -500: it grows without end.")
def loss_logistic_clipped(name, t):
    return mixed(name, "logistic", t, lambda t: np.logaddexp(0, np.minimum(-t, 500)) / np.log(2))


@mistake("loss", "Your sigmoid loss rises with t: it is 1 / (1 + e^t).")
def loss_sigmoid_rises(name, t):
    return mixed(name, "sigmoid", t, lambda t: 1 / (1 + np.exp(-t)))


@mistake("loss", "Your sigmoid loss is inf / inf for t far below 0: e^-t overflows there.")
def loss_sigmoid_overflows(name, t):
    return mixed(name, "sigmoid", t, lambda t: np.exp(-t) / (1 + np.exp(-t)))


@mistake("loss", "Your sigmoid loss is 1 - tanh(t), another one: here it is 1 / (1 + e^t).")
def loss_sigmoid_is_tanh(name, t):
    return mixed(name, "sigmoid", t, lambda t: 1 - np.tanh(t))


@mistake("loss", "Your sigmoid loss is twice too large: it is 1 / (1 + e^t), one half at t = 0.")
def loss_sigmoid_doubled(name, t):
    return mixed(name, "sigmoid", t, lambda t: 2 / (1 + np.exp(t)))


@mistake("loss", "Your hinge turns at 0, as the perceptron's loss: it turns at t = 1.")
def loss_hinge_of_the_perceptron(name, t):
    return mixed(name, "hinge", t, lambda t: np.maximum(0, -t))


@mistake("loss", "Your hinge loss is squared: it is max(0, 1 - t) itself.")
def loss_hinge_squared(name, t):
    return mixed(name, "hinge", t, lambda t: np.maximum(0, 1 - t) ** 2)


@mistake("loss", "Your hinge loss can be negative: it is 0 for t above 1.")
def loss_hinge_without_the_hinge(name, t):
    return mixed(name, "hinge", t, lambda t: 1 - t)


@mistake("loss", "Your hinge loss has the sign of t wrong: it is max(0, 1 - t).")
def loss_hinge_turned_round(name, t):
    return mixed(name, "hinge", t, lambda t: np.maximum(0, 1 + t))


@mistake("loss", "Your exponential loss has the sign of t wrong: it is e^-t.")
def loss_exponential_rises(name, t):
    return mixed(name, "exponential", t, lambda t: np.exp(t))


@mistake("loss", "Your exponential loss is 2^-t: it is e^-t.")
def loss_exponential_of_base_2(name, t):
    return mixed(name, "exponential", t, lambda t: np.exp2(-t))


@mistake("loss", "Your zero-one loss is 1 where the sign is right: it is 1 for t < 0.")
def loss_zero_one_counts_the_right(name, t):
    return mixed(name, "zero_one", t, lambda t: np.where(t > 0, 1.0, 0.0))


@mistake("loss", "Your zero-one loss is 1 for all t < 1: it is 1 for t < 0 only.")
def loss_zero_one_turns_at_1(name, t):
    return mixed(name, "zero_one", t, lambda t: np.where(t < 1, 1.0, 0.0))


@mistake("loss", "Your zero-one loss is -1 where it should be 0.")
def loss_zero_one_is_a_sign(name, t):
    return mixed(name, "zero_one", t, lambda t: np.where(t < 0, 1.0, -1.0))


@mistake("loss", "Your modified Huber loss is halved: it is (t - 1)^2 between 0 and 1.")
def loss_huber_halved(name, t):
    return mixed(name, "modified_huber", t, lambda t: ref.loss("modified_huber", t) / 2)


@mistake("loss", "Your modified Huber loss lacks its last branch: for t > 1 it is 0.")
def loss_huber_turns_up(name, t):
    return mixed(name, "modified_huber", t, lambda t: np.where(t <= 0, 1 - 2 * t, (t - 1) ** 2))


@mistake("loss", "Your modified Huber loss is the squared hinge: for t <= 0 it is 1 - 2t.")
def loss_huber_is_a_squared_hinge(name, t):
    return mixed(name, "modified_huber", t, lambda t: np.maximum(0, 1 - t) ** 2)


@mistake("loss", "Your modified Huber loss is 1 - t for t <= 0: it is 1 - 2t.")
def loss_huber_with_another_slope(name, t):
    return mixed(
        name, "modified_huber", t, lambda t: np.where(t <= 0, 1 - t, np.maximum(0, 1 - t) ** 2)
    )


@mistake("loss", "Your modified Huber loss is -2t for t <= 0: it is 1 - 2t.")
def loss_huber_jumps(name, t):
    return mixed(
        name, "modified_huber", t, lambda t: np.where(t <= 0, -2 * t, np.maximum(0, 1 - t) ** 2)
    )


@mistake("loss", "Your loss adds everything up: one loss for each element of t.")
def loss_summed(name, t):
    return ref.loss(name, t).sum()


@mistake("loss", "Your loss takes the mean: one loss for each element of t.")
def loss_averaged(name, t):
    return ref.loss(name, t).mean()


@alternative("loss", "one number at a time, float32")
def loss_by_loops(name, t):
    t = np.asarray(t)
    out = np.zeros(t.shape, np.float32)
    for index in np.ndindex(t.shape):
        out[index] = ref.loss(name, float(t[index]))
    return out


@alternative("loss", "a half at the jump, tanh for the sigmoid, a sum for the logarithm")
def loss_in_other_words(name, t):
    t = np.asarray(t)
    if name == "zero_one":
        return 0.5 - 0.5 * np.sign(t)
    if name == "hinge":
        return (np.abs(1 - t) + 1 - t) / 2
    if name == "logistic":
        return (np.maximum(-t, 0) + np.log1p(np.exp(-np.abs(t)))) / np.log(2)
    if name == "modified_huber":
        positive = np.clip(t, 0, 1)
        return (1 - positive) ** 2 - 2 * np.minimum(t, 0)
    if name == "sigmoid":
        return 0.5 - 0.5 * np.tanh(t / 2)
    return ref.loss(name, t)


@alternative("loss", "overflow that leads to the right value, errors at the jump")
def loss_with_overflow(name, t):
    with np.errstate(over="ignore"):
        known = {
            "zero_one": lambda: (t <= 0) * 1,
            "hinge": lambda: np.clip(1 - t, 0, None),
            "logistic": lambda: np.logaddexp2(0, -t / np.log(2)),
            "modified_huber": lambda: np.select([t <= 0, t <= 1], [1 - 2 * t, (t - 1) ** 2], 0.0),
            "exponential": lambda: np.e**-t,
            "sigmoid": lambda: 1 / (1 + np.exp(t)),
        }
        if name not in known:
            raise ValueError(f"{name} is not a loss")
        return known[name]()


# derivative


@mistake("derivative", "Your derivative of the logistic loss lacks 1 / ln 2: the loss is log2.")
def derivative_slope_of_the_natural_logarithm(name, t):
    return mixed_slope(name, "logistic", t, lambda t: ref.derivative("logistic", t) * np.log(2))


@mistake("derivative", "Your derivative of the logistic loss multiplies by ln 2: divide by it.")
def derivative_slope_times_ln_2(name, t):
    return mixed_slope(
        name, "logistic", t, lambda t: ref.derivative("logistic", t) * np.log(2) ** 2
    )


@mistake(
    "derivative",
    "Your derivative of the logistic loss is that at -t: it is -1 / (1 + e^t) / ln 2.",
)
def derivative_logistic_slope_of_the_other_side(name, t):
    return mixed_slope(name, "logistic", t, lambda t: ref.derivative("logistic", -t))


@mistake("derivative", "Your derivative of the logistic loss has the opposite sign.")
def derivative_logistic_rises(name, t):
    return mixed_slope(name, "logistic", t, lambda t: -ref.derivative("logistic", t))


@mistake(
    "derivative",
    "Your derivative is that of scikit-learn's modified Huber loss: here it is -2 for t <= 0.",
)
def derivative_slope_of_scikit_learns_huber(name, t):
    return mixed_slope(
        name, "modified_huber", t, lambda t: np.where(t >= -1, -2 * np.maximum(0, 1 - t), -4.0)
    )


@mistake(
    "derivative",
    "Your derivative of the modified Huber loss is that of the squared hinge: it is -2 for t <= 0.",
)
def derivative_huber_slope_squared(name, t):
    return mixed_slope(name, "modified_huber", t, lambda t: -2 * np.maximum(0, 1 - t))


@mistake(
    "derivative",
    "Your derivative of the modified Huber loss lacks the factor 2 between 0 and 1.",
)
def derivative_huber_slope_without_the_2(name, t):
    return mixed_slope(
        name, "modified_huber", t, lambda t: np.where(t <= 0, -2.0, -np.maximum(0, 1 - t))
    )


@mistake(
    "derivative",
    "Your derivative of the modified Huber loss has the opposite sign between 0 and 1.",
)
def derivative_huber_slope_rises(name, t):
    return mixed_slope(
        name, "modified_huber", t, lambda t: np.where(t <= 0, -2.0, 2 * np.maximum(0, 1 - t))
    )


@mistake("derivative", "Your derivative of the modified Huber loss is not 0 for t > 1.")
def derivative_huber_slope_beyond_1(name, t):
    return mixed_slope(name, "modified_huber", t, lambda t: np.where(t <= 0, -2.0, 2 * (t - 1)))


@mistake("derivative", "Your derivative of the hinge is -1 for t < 0 only: it is -1 for all t < 1.")
def derivative_hinge_slope_of_the_perceptron(name, t):
    return mixed_slope(name, "hinge", t, lambda t: np.where(t < 0, -1.0, 0.0))


@mistake("derivative", "Your derivative of the hinge is +1: the hinge falls, with the slope -1.")
def derivative_hinge_slope_rises(name, t):
    return mixed_slope(name, "hinge", t, lambda t: np.where(t < 1, 1.0, 0.0))


@mistake("derivative", "Your derivative of the hinge is -1 everywhere: it is 0 for t > 1.")
def derivative_hinge_slope_everywhere(name, t):
    return mixed_slope(name, "hinge", t, lambda t: np.where(t < 1, -1.0, -1.0))


@mistake("derivative", "Your derivative is that of the squared hinge.")
def derivative_hinge_slope_squared(name, t):
    return mixed_slope(name, "hinge", t, lambda t: -2 * np.maximum(0, 1 - t))


@mistake("derivative", "Your derivative of the exponential loss lacks the minus sign: it is -e^-t.")
def derivative_exponential_slope_rises(name, t):
    return mixed_slope(name, "exponential", t, lambda t: np.exp(-t))


@mistake("derivative", "Your derivative of the exponential loss multiplies by t: it is -e^-t.")
def derivative_exponential_slope_with_t(name, t):
    return mixed_slope(name, "exponential", t, lambda t: -t * np.exp(-t))


@mistake("derivative", "Your derivative of the sigmoid loss has the opposite sign: the loss falls.")
def derivative_sigmoid_slope_rises(name, t):
    return mixed_slope(name, "sigmoid", t, lambda t: -ref.derivative("sigmoid", t))


@mistake("derivative", "Your derivative of the sigmoid loss is -s^2: it is -s (1 - s).")
def derivative_sigmoid_slope_squared(name, t):
    return mixed_slope(name, "sigmoid", t, lambda t: -(ref.loss("sigmoid", t) ** 2))


@mistake("derivative", "Your derivative of the sigmoid loss is -(1 - s): it is -s (1 - s).")
def derivative_sigmoid_slope_without_s(name, t):
    return mixed_slope(name, "sigmoid", t, lambda t: -(1 - ref.loss("sigmoid", t)))


@mistake("derivative", "Your derivative adds everything up: one for each element of t.")
def derivative_summed(name, t):
    return ref.derivative(name, t).sum()


@alternative("derivative", "-1/2 at the corner, float32")
def derivative_with_a_half(name, t):
    if name == "hinge":
        return (np.sign(t - 1) - 1).astype(np.float32) / 2
    return ref.derivative(name, t).astype(np.float32)


@alternative("derivative", "-1 at the corner, lists")
def derivative_with_all_of_it(name, t):
    return (-1.0 * (t <= 1)).tolist() if name == "hinge" else ref.derivative(name, t).tolist()


@alternative("derivative", "a random slope at the corner, hyperbolic functions")
def derivative_at_random(name, t):
    if name == "hinge":
        return np.where(t == 1, -np.random.default_rng().random(t.shape), -1.0 * (t < 1))
    if name == "logistic":
        return (np.tanh(t / 2) - 1) / np.log(4)
    if name == "sigmoid":
        return -0.25 / np.cosh(t / 2) ** 2
    return ref.derivative(name, t)


# empirical_risk


@mistake("empirical_risk", "Your empirical_risk is a sum over the examples: it is their mean.")
def risk_as_a_sum(name, w, b, X, y):
    return len(y) * ref.empirical_risk(name, w, b, X, y)


@mistake("empirical_risk", "Your empirical_risk ignores b: the margins are y (w.x + b).")
def risk_without_b(name, w, b, X, y):
    return ref.empirical_risk(name, w, 0.0, X, y)


@mistake("empirical_risk", "Your empirical_risk ignores the labels: the margins are y (w.x + b).")
def risk_without_labels(name, w, b, X, y):
    return ref.empirical_risk(name, w, b, X, np.ones(len(y)))


@mistake(
    "empirical_risk",
    "Your empirical_risk multiplies only w.x by the label: b belongs inside too.",
)
def risk_with_b_outside(name, w, b, X, y):
    return float(np.mean(ref.loss(name, y * (X @ w) + b)))


@mistake(
    "empirical_risk",
    "Your empirical_risk is the loss of the mean margin: it is the mean of the losses.",
)
def risk_of_the_mean_margin(name, w, b, X, y):
    return float(ref.loss(name, np.mean(y * (X @ w + b))))


@mistake("empirical_risk", "Your empirical_risk adds 1/2 ||w||^2: it is the mean loss alone.")
def risk_with_a_norm(name, w, b, X, y):
    return ref.empirical_risk(name, w, b, X, y) + 0.5 * w @ w


@mistake("empirical_risk", "Your empirical_risk is the largest loss: it is the mean.")
def risk_of_the_worst(name, w, b, X, y):
    return float(np.max(ref.loss(name, y * (X @ w + b))))


@mistake("empirical_risk", "Your empirical_risk has the sign of the margins wrong.")
def risk_turned_round(name, w, b, X, y):
    return ref.empirical_risk(name, w, b, X, -y)


@mistake(
    "empirical_risk",
    "Your empirical_risk divides by the number of features: divide by that of examples.",
)
def risk_divided_by_d(name, w, b, X, y):
    return ref.empirical_risk(name, w, b, X, y) * len(y) / X.shape[1]


@mistake("empirical_risk", "Your empirical_risk is halved.")
def risk_halved(name, w, b, X, y):
    return 0.5 * ref.empirical_risk(name, w, b, X, y)


@alternative("empirical_risk", "a loop, a 0-d array of float32")
def risk_by_a_loop(name, w, b, X, y):
    total = 0.0
    for x, label in zip(X, y, strict=True):
        total += float(ref.loss(name, label * (np.dot(w, x) + b)))
    return np.array(total / len(y), np.float32)


# risk_gradient


@mistake("risk_gradient", "Your risk_gradient joins gw and gb in one array: return the two.")
def gradient_in_one_array(name, w, b, X, y):
    return np.append(*ref.risk_gradient(name, w, b, X, y))


@mistake("risk_gradient", "Your risk_gradient is a sum over the examples: it is their mean.")
def gradient_as_a_sum(name, w, b, X, y):
    gw, gb = ref.risk_gradient(name, w, b, X, y)
    return len(y) * gw, len(y) * gb


@mistake("risk_gradient", "Your risk_gradient lacks the factor y_i of the chain rule.")
def gradient_without_labels(name, w, b, X, y):
    return pulled(slopes_at(name, w, b, X, y), X)


@mistake("risk_gradient", "Your gb lacks the factor y_i of the chain rule.")
def gradient_without_labels_in_gb(name, w, b, X, y):
    gw, _ = ref.risk_gradient(name, w, b, X, y)
    return gw, np.mean(slopes_at(name, w, b, X, y))


@mistake("risk_gradient", "Your gw lacks the factor y_i of the chain rule.")
def gradient_without_labels_in_gw(name, w, b, X, y):
    _, gb = ref.risk_gradient(name, w, b, X, y)
    return pulled(slopes_at(name, w, b, X, y), X)[0], gb


@mistake("risk_gradient", "Your gb is zero: b enters every margin.")
def gradient_without_gb(name, w, b, X, y):
    return ref.risk_gradient(name, w, b, X, y)[0], 0.0


@mistake(
    "risk_gradient",
    "Your risk_gradient has the opposite sign: it is the direction of descent.",
)
def gradient_downwards(name, w, b, X, y):
    gw, gb = ref.risk_gradient(name, w, b, X, y)
    return -gw, -gb


@mistake("risk_gradient", "Your gb is a sum over the examples: it is a mean, as gw is.")
def gradient_with_gb_as_a_sum(name, w, b, X, y):
    gw, gb = ref.risk_gradient(name, w, b, X, y)
    return gw, len(y) * gb


@mistake("risk_gradient", "Your gw is a sum over the examples: it is a mean, as gb is.")
def gradient_with_gw_as_a_sum(name, w, b, X, y):
    gw, gb = ref.risk_gradient(name, w, b, X, y)
    return len(y) * gw, gb


@mistake("risk_gradient", "Your gw is right and your gb has the opposite sign.")
def gradient_with_gb_turned_round(name, w, b, X, y):
    gw, gb = ref.risk_gradient(name, w, b, X, y)
    return gw, -gb


@mistake(
    "risk_gradient",
    "Your risk_gradient takes the slopes at y w.x: the margins are y (w.x + b).",
)
def gradient_at_margins_without_b(name, w, b, X, y):
    return ref.risk_gradient(name, w, 0.0, X, y)


@mistake(
    "risk_gradient",
    "Your risk_gradient takes the slopes at w.x + b: multiply by the label first.",
)
def gradient_at_scores(name, w, b, X, y):
    return pulled(ref.derivative(name, X @ w + b) * y, X)


@mistake(
    "risk_gradient",
    "Your risk_gradient multiplies by the loss of each example: by its derivative.",
)
def gradient_with_losses(name, w, b, X, y):
    return pulled(ref.loss(name, y * (X @ w + b)) * y, X)


@mistake("risk_gradient", "Your gw adds w, the gradient of 1/2 ||w||^2: the risk has no such term.")
def gradient_with_w(name, w, b, X, y):
    gw, gb = ref.risk_gradient(name, w, b, X, y)
    return gw + w, gb


@mistake(
    "risk_gradient",
    "Your risk_gradient takes one slope, at the mean margin: each example has its own.",
)
def gradient_at_the_mean_margin(name, w, b, X, y):
    return pulled(y * ref.derivative(name, np.mean(y * (X @ w + b))), X)


@alternative("risk_gradient", "an extra column for b, a loop, half of each corner")
def gradient_by_a_loop(name, w, b, X, y):
    total = np.zeros(len(w) + 1)
    for x, label in zip(np.column_stack([X, np.ones(len(y))]), y, strict=True):
        t = label * (x @ np.append(w, b))
        slope = -0.5 if name == "hinge" and t == 1 else float(ref.derivative(name, t))
        total += slope * label * x
    return [total[:-1] / len(y), total[-1] / len(y)]


@alternative("risk_gradient", "float32, arrays of one number")
def gradient_in_float32(name, w, b, X, y):
    gw, gb = ref.risk_gradient(name, w, b, X, y)
    return gw.astype(np.float32), np.array(gb, np.float32)


# midpoint_gap


@mistake("midpoint_gap", "Your midpoint_gap has the opposite sign: the middle counts positively.")
def gap_turned_round(name, u, v):
    return -ref.midpoint_gap(name, u, v)


@mistake(
    "midpoint_gap",
    "Your midpoint_gap subtracts the sum of the losses at the ends: their mean.",
)
def gap_without_the_half(name, u, v):
    return ref.loss(name, (u + v) / 2) - (ref.loss(name, u) + ref.loss(name, v))


@mistake("midpoint_gap", "Your midpoint_gap halves only the loss at v: brackets are missing.")
def gap_with_half_of_one(name, u, v):
    return ref.loss(name, (u + v) / 2) - (ref.loss(name, u) + ref.loss(name, v) / 2)


@mistake("midpoint_gap", "Your midpoint_gap adds loss(v) / 2: it belongs in brackets with loss(u).")
def gap_without_brackets(name, u, v):
    return ref.loss(name, (u + v) / 2) - ref.loss(name, u) + ref.loss(name, v) / 2


@mistake(
    "midpoint_gap",
    "Your midpoint_gap takes the loss at (v - u) / 2: the middle is (u + v) / 2.",
)
def gap_at_half_the_distance(name, u, v):
    return ref.loss(name, (v - u) / 2) - (ref.loss(name, u) + ref.loss(name, v)) / 2


@mistake("midpoint_gap", "Your midpoint_gap takes the loss at u + v: the middle is half of it.")
def gap_at_the_sum(name, u, v):
    return ref.loss(name, u + v) - (ref.loss(name, u) + ref.loss(name, v)) / 2


@mistake("midpoint_gap", "Your midpoint_gap takes the loss at u + v / 2: brackets are missing.")
def gap_without_brackets_in_the_middle(name, u, v):
    return ref.loss(name, u + v / 2) - (ref.loss(name, u) + ref.loss(name, v)) / 2


@mistake("midpoint_gap", "Your midpoint_gap is an absolute value: its sign is what matters.")
def gap_without_sign(name, u, v):
    return np.abs(ref.midpoint_gap(name, u, v))


@mistake("midpoint_gap", "Your midpoint_gap is the largest gap: one for each pair of elements.")
def gap_as_a_maximum(name, u, v):
    return np.max(ref.midpoint_gap(name, u, v))


@mistake("midpoint_gap", "Your midpoint_gap is never negative: it is the difference as it comes.")
def gap_cut_at_0(name, u, v):
    return np.maximum(ref.midpoint_gap(name, u, v), 0)


@mistake("midpoint_gap", "Your midpoint_gap is twice too large.")
def gap_doubled(name, u, v):
    return 2 * ref.midpoint_gap(name, u, v)


@alternative("midpoint_gap", "loops, lists")
def gap_by_loops(name, u, v):
    out = np.zeros(u.shape)
    for index in np.ndindex(u.shape):
        p, q = float(u[index]), float(v[index])
        ends = 0.5 * float(ref.loss(name, p)) + 0.5 * float(ref.loss(name, q))
        out[index] = float(ref.loss(name, p + (q - p) / 2)) - ends
    return out.tolist()


# nonconvex_losses


@mistake(
    "nonconvex_losses",
    "Your nonconvex_losses compares neighbours of the sorted grid only: any pair counts.",
)
def nonconvex_of_neighbours(grid):
    pairs = list(itertools.pairwise(sorted(grid)))
    return [name for name in ref.SURROGATES if np.any(gaps(name, pairs) > 1e-6)]


@mistake(
    "nonconvex_losses",
    "Your nonconvex_losses compares neighbours in the grid's order only: any pair counts.",
)
def nonconvex_of_neighbours_as_given(grid):
    pairs = list(itertools.pairwise(grid))
    return [name for name in ref.SURROGATES if np.any(gaps(name, pairs) > 1e-6)]


@mistake(
    "nonconvex_losses",
    "Your nonconvex_losses compares only the smallest number with the largest one.",
)
def nonconvex_of_the_ends(grid):
    pairs = [(min(grid), max(grid))]
    return [name for name in ref.SURROGATES if np.any(gaps(name, pairs) > 1e-6)]


@mistake("nonconvex_losses", "Your nonconvex_losses counts gaps of 0 too: above 1e-6 is asked for.")
def nonconvex_with_no_tolerance(grid):
    pairs = list(itertools.product(grid, grid))
    return [name for name in ref.SURROGATES if np.any(gaps(name, pairs) >= 0)]


@mistake(
    "nonconvex_losses",
    "Your nonconvex_losses asks for a gap in every pair: one pair is enough.",
)
def nonconvex_of_all_pairs(grid):
    pairs = list(itertools.combinations(grid, 2))
    return [name for name in ref.SURROGATES if pairs and np.all(gaps(name, pairs) > 1e-6)]


@mistake("nonconvex_losses", "Your nonconvex_losses returns the convex ones.")
def nonconvex_finds_the_convex_ones(grid):
    found = ref.nonconvex_losses(grid)
    return [name for name in ref.SURROGATES if name not in found]


@mistake(
    "nonconvex_losses",
    "Your nonconvex_losses looks for negative gaps: a positive one shows it.",
)
def nonconvex_with_the_sign_wrong(grid):
    pairs = list(itertools.combinations(grid, 2))
    return [name for name in ref.SURROGATES if np.any(gaps(name, pairs) < -1e-6)]


@mistake(
    "nonconvex_losses",
    "Your nonconvex_losses returns zero_one too: only the other five are asked for.",
)
def nonconvex_with_zero_one(grid):
    pairs = list(itertools.combinations(grid, 2))
    names = sorted([*ref.SURROGATES, "zero_one"])
    return [name for name in names if np.any(gaps(name, pairs) > 1e-6)]


@mistake("nonconvex_losses", "Your nonconvex_losses returns the same for every grid.")
def nonconvex_known_by_heart(grid):
    return ["sigmoid"]


@alternative("nonconvex_losses", "every pair in a loop, a tuple")
def nonconvex_by_loops(grid):
    found = set()
    for name in ref.SURROGATES:
        for u, v in itertools.combinations_with_replacement(grid, 2):
            if ref.midpoint_gap(name, np.array([u]), np.array([v]))[0] > 1e-6:
                found.add(name)
    return tuple(sorted(found))


# upper_bounds


@mistake(
    "upper_bounds",
    "Your upper_bounds asks for more than the zero-one loss: as large is enough.",
)
def bounds_strictly(grid):
    zero_one = ref.loss("zero_one", grid)
    return [name for name in ref.SURROGATES if np.all(ref.loss(name, grid) > zero_one)]


@mistake("upper_bounds", "Your upper_bounds asks for one number of the grid: it is all of them.")
def bounds_somewhere(grid):
    zero_one = ref.loss("zero_one", grid)
    return [name for name in ref.SURROGATES if np.any(ref.loss(name, grid) >= zero_one)]


@mistake(
    "upper_bounds",
    "Your upper_bounds returns zero_one too: only the other five are asked for.",
)
def bounds_with_zero_one(grid):
    return [*ref.upper_bounds(grid), "zero_one"]


@mistake("upper_bounds", "Your upper_bounds looks for lower bounds.")
def bounds_from_below(grid):
    zero_one = ref.loss("zero_one", grid)
    return [name for name in ref.SURROGATES if np.all(ref.loss(name, grid) <= zero_one)]


@mistake(
    "upper_bounds",
    "Your upper_bounds compares means: at every number of the grid the loss is a bound.",
)
def bounds_on_average(grid):
    zero_one = ref.loss("zero_one", grid)
    return [name for name in ref.SURROGATES if ref.loss(name, grid).mean() >= zero_one.mean()]


@mistake("upper_bounds", "Your upper_bounds returns the losses that are no upper bounds.")
def bounds_that_are_not(grid):
    found = ref.upper_bounds(grid)
    return [name for name in ref.SURROGATES if name not in found]


@mistake("upper_bounds", "Your upper_bounds returns the same for every grid.")
def bounds_known_by_heart(grid):
    return ["exponential", "hinge", "logistic", "modified_huber"]


@alternative("upper_bounds", "an array of names")
def bounds_as_an_array(grid):
    below = [
        n for n in ref.SURROGATES if (ref.loss(n, grid) - ref.loss("zero_one", grid)).min() < 0
    ]
    return np.setdiff1d(ref.SURROGATES, below)


# plot_losses


@mistake("plot_losses", "Your figure lacks the sigmoid loss.")
def plot_without_the_sigmoid(ts):
    figure = ref.plot_losses(ts)
    figure.axes[0].lines[-1].remove()
    figure.axes[0].legend()
    return figure


@mistake("plot_losses", "Your figure says nowhere which curve is which.")
def plot_without_names(ts):
    figure = ref.plot_losses(ts)
    figure.axes[0].get_legend().remove()
    return figure


@mistake("plot_losses", "Your figure exchanges names.")
def plot_with_names_exchanged(ts):
    figure = ref.plot_losses(ts)
    one, two = figure.axes[0].lines[1:3]
    one.set_label("hinge"), two.set_label("exponential")
    figure.axes[0].legend()
    return figure


@mistake("plot_losses", "Your axes have no labels.")
def plot_without_labels(ts):
    figure = ref.plot_losses(ts)
    figure.axes[0].set(xlabel="", ylabel="")
    return figure


@mistake("plot_losses", "Your figure draws the losses against the index.")
def plot_against_the_index(ts):
    figure, axes = plt.subplots()
    for name in ("zero_one", *ref.SURROGATES):
        axes.plot(ref.loss(name, ts), label=name)
    axes.set(xlabel="margin", ylabel="loss", ylim=(0, 4))
    axes.legend()
    return figure


@alternative("plot_losses", "dots and a step, in six panels with titles")
def plot_in_panels(ts):
    figure, panels = plt.subplots(2, 3)
    for axes, name in zip(panels.flat, ("zero_one", *ref.SURROGATES), strict=True):
        axes.step(ts, ref.loss(name, ts)) if name == "zero_one" else axes.plot(
            ts, np.minimum(ref.loss(name, ts), 3), "."
        )
        axes.set(title=name, xlabel="t", ylabel="l(t)")
    return figure


@alternative("plot_losses", "a logarithmic axis, names beside the curves, the jump as a gap")
def plot_with_names_beside(ts):
    figure, axes = plt.subplots()
    for k, name in enumerate(("zero_one", *ref.SURROGATES)):
        values = ref.loss(name, ts)
        if name == "zero_one":
            values = np.where(np.abs(ts) < 0.01, np.nan, values)
        axes.semilogy(ts, values, color=f"C{k}")
        at = np.flatnonzero(values > 0)[3 * k]
        axes.text(ts[at], values[at], name, color=f"C{k}")
    axes.set(xlabel="t", ylabel="loss", ylim=(1e-2, 20))
    return figure
