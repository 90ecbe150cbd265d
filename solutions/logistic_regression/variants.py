"""Logistic regression done wrong in one function, and done differently and rightly."""

import logistic_regression as ref
import matplotlib.pyplot as plt
import numpy as np

from grader.checks.variants import alternative, mistake


def naive(t):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-t))


def clipped_likelihood(beta0, beta, X, y, eps):
    p = np.clip(ref.sigmoid(beta0 + X @ beta), eps, 1 - eps)
    return float(np.sum(y * np.log(p) + (1 - y) * np.log(1 - p)))


def with_ones(X):
    return np.column_stack([np.ones(len(X)), X])


def losses(path, X, y):
    return np.array([ref.cross_entropy(float(theta[0]), theta[1:], X, y) for theta in path])


def descend(X, y, steps, step_size, *, step=None, start=None):
    """All iterates (beta0, *beta) of a descent. step(theta, t): where the next one is."""

    def plain(theta, t):
        return theta + step_size * np.append(*ref.gradient(theta[0], theta[1:], X, y)) / len(y)

    path = [np.zeros(X.shape[1] + 1) if start is None else start]
    for t in range(1, steps + 1):
        path.append((step or plain)(path[-1], t))
    return path


def newton_path(X, y, steps, *, size=1.0, factor=1.0, ridge=0.0, start=None, hessian=ref.hessian):
    """All iterates of Newton's method. ridge: of 1/2 |beta|^2 times it, added to the mean."""
    path = [np.zeros(X.shape[1] + 1) if start is None else start]
    pull = ridge * np.append(0.0, np.ones(X.shape[1]))
    for _ in range(steps):
        theta = path[-1]
        up = factor * np.append(*ref.gradient(theta[0], theta[1:], X, y)) / len(y) - pull * theta
        H = hessian(theta[0], theta[1:], X) + np.diag(pull)
        path.append(theta + size * np.linalg.lstsq(H, up, rcond=None)[0])
    return path


def returned(path, X, y, which=-1):
    return float(path[which][0]), path[which][1:], losses(path, X, y)


# sigmoid


@mistake("sigmoid", "Your sigmoid overflows: e^t / (1 + e^t) is inf / inf for large t.")
def sigmoid_overflows(t):
    with np.errstate(all="ignore"):
        return np.exp(t) / (1 + np.exp(t))


@mistake("sigmoid", "Your sigmoid has the opposite sign: it rises with t.")
def sigmoid_falls(t):
    return ref.sigmoid(-t)


@mistake("sigmoid", "Your sigmoid clips t, which is wrong far out.")
def sigmoid_clips(t):
    return ref.sigmoid(np.clip(t, -500, 500))


@mistake(
    "sigmoid",
    "Your sigmoid is never below 9.4e-14: keep neither t nor the value away from where it is tiny.",
)
def sigmoid_clips_early(t):
    return ref.sigmoid(np.clip(t, -30, 30))


@mistake(
    "sigmoid",
    "Your sigmoid is 0 where the right value is tiny but not 0: rounding, tanh and differences "
    "from 1 do that. Use exp.",
)
def sigmoid_by_tanh(t):
    return 0.5 * (1 + np.tanh(t / 2))


@mistake("sigmoid", "Your sigmoid is tanh: its values lie between 0 and 1.")
def sigmoid_is_tanh(t):
    return np.tanh(t)


@mistake("sigmoid", "Your sigmoid takes powers of 2 instead of exp.")
def sigmoid_in_base_2(t):
    return ref.sigmoid(t * np.log(2))


@mistake(
    "sigmoid",
    "The denominator of your sigmoid is too large by 1e-08: it is 1 + e^-t, without a small "
    "constant.",
)
def sigmoid_with_an_epsilon(t):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-t) + 1e-8)


@mistake(
    "sigmoid",
    "Your sigmoid is never below 1e-07, which is Keras's epsilon: keep neither t nor the value "
    "away from where it is tiny.",
)
def sigmoid_clips_probabilities(t):
    return np.clip(ref.sigmoid(t), 1e-7, 1 - 1e-7)


@mistake("sigmoid", "Your sigmoid divides by the sum of all entries: that is softmax.")
def sigmoid_is_softmax(t):
    E = np.exp(t - t.max())
    return E / E.sum()


@mistake("sigmoid", "Your sigmoid is the hard sigmoid, pieces of straight lines.")
def sigmoid_is_hard(t):
    return np.clip(t / 6 + 0.5, 0.0, 1.0)


@mistake("sigmoid", "Your sigmoid returns its derivative, p (1 - p).")
def sigmoid_is_its_slope(t):
    p = ref.sigmoid(t)
    return p * (1 - p)


@alternative("sigmoid", "1 / (1 + exp(-t)), which overflows to the right value")
def sigmoid_as_it_stands(t):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-t))


@alternative("sigmoid", "through logaddexp")
def sigmoid_by_logaddexp(t):
    return np.exp(-np.logaddexp(0, -t))


@alternative("sigmoid", "float32")
def sigmoid_in_float32(t):
    return np.asarray(ref.sigmoid(np.asarray(t, dtype=np.float32)), dtype=np.float32)


# log_odds


@mistake("log_odds", "Your log_odds has the opposite sign: p stands above, 1 - p below.")
def log_odds_turned_round(p):
    return -ref.log_odds(p)


@mistake("log_odds", "Your log_odds lacks the logarithm: those are the odds.")
def log_odds_without_log(p):
    return p / (1 - p)


@mistake("log_odds", "Your log_odds uses log2: natural logarithms are asked for.")
def log_odds_in_bits(p):
    return ref.log_odds(p) / np.log(2)


@mistake("log_odds", "Your log_odds uses log10: natural logarithms are asked for.")
def log_odds_in_base_10(p):
    return ref.log_odds(p) / np.log(10)


@mistake("log_odds", "Your log_odds clips p at 1e-7, which is wrong for smaller ones.")
def log_odds_clips(p):
    return ref.log_odds(np.clip(p, 1e-7, 1 - 1e-7))


@mistake("log_odds", "Your log_odds adds a small constant to p, which is wrong for small ones.")
def log_odds_with_an_epsilon(p):
    return np.log(p + 1e-8) - np.log(1 - p + 1e-8)


@mistake("log_odds", "Your log_odds is log p: subtract log(1 - p).")
def log_odds_is_the_logarithm(p):
    return np.log(p)


@mistake("log_odds", "Your log_odds adds log(1 - p): subtract it.")
def log_odds_of_the_product(p):
    return np.log(p) + np.log(1 - p)


@alternative("log_odds", "the logarithm of the odds")
def log_odds_of_the_quotient(p):
    return np.log(p / (1 - p))


@alternative("log_odds", "float32")
def log_odds_in_float32(p):
    with np.errstate(divide="ignore"):
        return np.asarray(ref.log_odds(np.asarray(p, dtype=np.float32)), dtype=np.float32)


# log_likelihood


@mistake("log_likelihood", "Your log_likelihood is a mean: it is the sum over the examples.")
def log_likelihood_is_a_mean(beta0, beta, X, y):
    return ref.log_likelihood(beta0, beta, X, y) / len(y)


@mistake("log_likelihood", "Your log_likelihood has the opposite sign: logs of probabilities add.")
def log_likelihood_is_negative(beta0, beta, X, y):
    return -ref.log_likelihood(beta0, beta, X, y)


@mistake("log_likelihood", "Your log_likelihood uses log2: natural logarithms are asked for.")
def log_likelihood_in_bits(beta0, beta, X, y):
    return ref.log_likelihood(beta0, beta, X, y) / np.log(2)


@mistake("log_likelihood", "Your log_likelihood clips probabilities, which is wrong far out.")
def log_likelihood_clips(beta0, beta, X, y):
    return clipped_likelihood(beta0, beta, X, y, 1e-15)


@mistake(
    "log_likelihood",
    "Your log_likelihood clips probabilities at 1e-7, as Keras does, which is wrong far out.",
)
def log_likelihood_clips_at_1e_7(beta0, beta, X, y):
    return clipped_likelihood(beta0, beta, X, y, 1e-7)


@mistake(
    "log_likelihood",
    "Your log_likelihood clips probabilities at 2.2e-16, as scikit-learn's log_loss does, which is "
    "wrong far out.",
)
def log_likelihood_clips_as_scikit_learn(beta0, beta, X, y):
    return clipped_likelihood(beta0, beta, X, y, np.finfo(float).eps)


@mistake(
    "log_likelihood",
    "Your log_likelihood takes no logarithm for less than -100, as torch's BCELoss does, which is "
    "wrong far out.",
)
def log_likelihood_of_torch(beta0, beta, X, y):
    p = ref.sigmoid(beta0 + X @ beta)
    with np.errstate(divide="ignore"):
        log_p, log_q = np.maximum(np.log(p), -100), np.maximum(np.log(1 - p), -100)
    return float(np.sum(y * log_p + (1 - y) * log_q))


@mistake("log_likelihood", "Your log_likelihood adds 1e-12 inside the logarithm: wrong far out.")
def log_likelihood_with_an_epsilon(beta0, beta, X, y):
    p = ref.sigmoid(beta0 + X @ beta)
    return float(np.sum(y * np.log(p + 1e-12) + (1 - y) * np.log(1 - p + 1e-12)))


@mistake("log_likelihood", "Your log_likelihood takes log 0 for huge scores: use the scores.")
def log_likelihood_of_rounded_zeros(beta0, beta, X, y):
    with np.errstate(all="ignore"):
        p = ref.sigmoid(beta0 + X @ beta)
        return float(np.sum(y * np.log(p) + (1 - y) * np.log(1 - p)))


@mistake("log_likelihood", "Your log_likelihood overflows: log(1 + e^z) without care.")
def log_likelihood_overflows(beta0, beta, X, y):
    z = beta0 + X @ beta
    with np.errstate(all="ignore"):
        return float(np.sum(y * z - np.log(1 + np.exp(z))))


@mistake("log_likelihood", "Your log_likelihood counts the examples of label 1 only.")
def log_likelihood_of_ones(beta0, beta, X, y):
    z = beta0 + X @ beta
    return float(-np.sum(y * np.logaddexp(0, -z)))


@mistake("log_likelihood", "Your log_likelihood has the two labels exchanged.")
def log_likelihood_of_other_labels(beta0, beta, X, y):
    return ref.log_likelihood(beta0, beta, X, 1 - y)


@mistake("log_likelihood", "Your log_likelihood ignores beta0.")
def log_likelihood_without_beta0(beta0, beta, X, y):
    return ref.log_likelihood(0.0, beta, X, y)


@mistake("log_likelihood", "Your log_likelihood subtracts beta0: the score is beta0 + x.beta.")
def log_likelihood_minus_beta0(beta0, beta, X, y):
    return ref.log_likelihood(-beta0, beta, X, y)


@mistake("log_likelihood", "Your log_likelihood subtracts a penalty: none is asked for.")
def log_likelihood_with_a_penalty(beta0, beta, X, y):
    return ref.log_likelihood(beta0, beta, X, y) - 0.5 * float(beta @ beta)


@mistake("log_likelihood", "Your log_likelihood is a squared distance: take log-probabilities.")
def log_likelihood_of_squares(beta0, beta, X, y):
    return -float(np.sum((ref.sigmoid(beta0 + X @ beta) - y) ** 2))


@alternative("log_likelihood", "one example at a time, a 0-d array")
def log_likelihood_by_loops(beta0, beta, X, y):
    total = np.zeros(())
    for x, label in zip(X, y, strict=True):
        z = float(beta0 + x @ beta)
        t = z if label else -z
        total -= max(-t, 0.0) + np.log1p(np.exp(-abs(t)))
    return total


@alternative("log_likelihood", "float32")
def log_likelihood_in_float32(beta0, beta, X, y):
    z = np.float32(beta0) + X.astype(np.float32) @ beta.astype(np.float32)
    return np.sum(y.astype(np.float32) * z - np.logaddexp(np.float32(0), z))


# gradient


@mistake("gradient", "Your gradient joins d_beta0 and d_beta in one array: return the two.")
def gradient_in_one_array(beta0, beta, X, y):
    return np.append(*ref.gradient(beta0, beta, X, y))


@mistake("gradient", "Your gradient is divided by n: log_likelihood is a sum, not a mean.")
def gradient_is_a_mean(beta0, beta, X, y):
    d_beta0, d_beta = ref.gradient(beta0, beta, X, y)
    return d_beta0 / len(y), d_beta / len(y)


@mistake("gradient", "Your gradient has the opposite sign: it is that of -log_likelihood.")
def gradient_of_the_loss(beta0, beta, X, y):
    d_beta0, d_beta = ref.gradient(beta0, beta, X, y)
    return -d_beta0, -d_beta


@mistake("gradient", "Your gradient is that of cross_entropy: -1/n times that of log_likelihood.")
def gradient_of_cross_entropy(beta0, beta, X, y):
    d_beta0, d_beta = ref.gradient(beta0, beta, X, y)
    return -d_beta0 / len(y), -d_beta / len(y)


@mistake("gradient", "Your gradient returns d_beta first: it is (d_beta0, d_beta).")
def gradient_the_other_way_round(beta0, beta, X, y):
    return ref.gradient(beta0, beta, X, y)[::-1]


@mistake("gradient", "Your d_beta0 is zero: beta0 enters every score.")
def gradient_without_beta0(beta0, beta, X, y):
    return 0.0, ref.gradient(beta0, beta, X, y)[1]


@mistake("gradient", "Your d_beta0 is a mean: it is a sum, as d_beta is.")
def gradient_with_a_mean_d_beta0(beta0, beta, X, y):
    d_beta0, d_beta = ref.gradient(beta0, beta, X, y)
    return d_beta0 / len(y), d_beta


@mistake("gradient", "Your gradient ignores beta0 in the scores.")
def gradient_with_scores_without_beta0(beta0, beta, X, y):
    return ref.gradient(0.0, beta, X, y)


@mistake("gradient", "Your gradient holds p (1 - p) as a factor more: it has cancelled.")
def gradient_of_squares(beta0, beta, X, y):
    p = ref.sigmoid(beta0 + X @ beta)
    r = (y - p) * p * (1 - p)
    return float(r.sum()), X.T @ r


@mistake("gradient", "Your gradient uses scores where their sigmoid is meant.")
def gradient_of_scores(beta0, beta, X, y):
    r = y - (beta0 + X @ beta)
    return float(r.sum()), X.T @ r


@mistake("gradient", "Your gradient uses predicted labels where probabilities are meant.")
def gradient_of_labels(beta0, beta, X, y):
    r = y - (beta0 + X @ beta > 0)
    return float(r.sum()), X.T @ r


@mistake("gradient", "Your gradient takes labels for -1 and +1: they are 0 and 1 here.")
def gradient_of_signs(beta0, beta, X, y):
    return ref.gradient(beta0, beta, X, 2 * y - 1)


@mistake("gradient", "Your d_beta holds a penalty: none is asked for.")
def gradient_with_a_penalty(beta0, beta, X, y):
    d_beta0, d_beta = ref.gradient(beta0, beta, X, y)
    return d_beta0, d_beta - beta


@alternative("gradient", "one example at a time, a list")
def gradient_by_loops(beta0, beta, X, y):
    total = np.zeros(len(beta) + 1)
    for a, label in zip(with_ones(X), y, strict=True):
        total += (label - naive(beta0 + a[1:] @ beta)) * a
    return [total[0], total[1:]]


@alternative("gradient", "float32")
def gradient_in_float32(beta0, beta, X, y):
    X, beta, y = (np.asarray(a, dtype=np.float32) for a in (X, beta, y))
    r = y - naive(np.float32(beta0) + X @ beta)
    return r.sum(), X.T @ r


# cross_entropy


@mistake("cross_entropy", "Your cross_entropy is a sum over the examples: it is their mean.")
def cross_entropy_is_a_sum(beta0, beta, X, y):
    return -ref.log_likelihood(beta0, beta, X, y)


@mistake("cross_entropy", "Your cross_entropy has the opposite sign: it is positive.")
def cross_entropy_is_negative(beta0, beta, X, y):
    return -ref.cross_entropy(beta0, beta, X, y)


@mistake("cross_entropy", "Your cross_entropy uses log2: natural logarithms are asked for.")
def cross_entropy_in_bits(beta0, beta, X, y):
    return ref.cross_entropy(beta0, beta, X, y) / np.log(2)


@mistake("cross_entropy", "Your cross_entropy clips probabilities at 1e-7, as Keras does.")
def cross_entropy_clips(beta0, beta, X, y):
    return -clipped_likelihood(beta0, beta, X, y, 1e-7) / len(y)


@mistake("cross_entropy", "Your cross_entropy adds 1e-8 inside the logarithm, which is too much.")
def cross_entropy_with_an_epsilon(beta0, beta, X, y):
    p = ref.sigmoid(beta0 + X @ beta)
    return -float(np.mean(y * np.log(p + 1e-8) + (1 - y) * np.log(1 - p + 1e-8)))


@mistake(
    "cross_entropy",
    "Your cross_entropy is scikit-learn's objective with C = 1, a sum plus half of |beta|^2: "
    "the mean is asked for, without a penalty.",
)
def cross_entropy_of_scikit_learn(beta0, beta, X, y):
    return 0.5 * float(beta @ beta) - ref.log_likelihood(beta0, beta, X, y)


@mistake(
    "cross_entropy",
    "Your cross_entropy holds |beta|^2 / (2n), as scikit-learn's LogisticRegression does with "
    "C = 1: no penalty is asked for.",
)
def cross_entropy_of_scikit_learn_as_a_mean(beta0, beta, X, y):
    return ref.cross_entropy(beta0, beta, X, y) + float(beta @ beta) / (2 * len(y))


@mistake("cross_entropy", "Your cross_entropy holds half of |beta|^2: no penalty is asked for.")
def cross_entropy_with_a_penalty(beta0, beta, X, y):
    return ref.cross_entropy(beta0, beta, X, y) + 0.5 * float(beta @ beta)


@mistake("cross_entropy", "Your cross_entropy is halved: 1/n is the only factor.")
def cross_entropy_halved(beta0, beta, X, y):
    return ref.cross_entropy(beta0, beta, X, y) / 2


@mistake("cross_entropy", "Your cross_entropy counts the examples of label 1 only.")
def cross_entropy_of_ones(beta0, beta, X, y):
    return float(np.mean(y * np.logaddexp(0, -(beta0 + X @ beta))))


@mistake("cross_entropy", "Your cross_entropy ignores beta0.")
def cross_entropy_without_beta0(beta0, beta, X, y):
    return ref.cross_entropy(0.0, beta, X, y)


@mistake("cross_entropy", "Your cross_entropy is the squared distance: take logarithms.")
def cross_entropy_of_squares(beta0, beta, X, y):
    return float(np.mean((ref.sigmoid(beta0 + X @ beta) - y) ** 2))


@alternative("cross_entropy", "through probabilities, 1e-15 inside the logarithm")
def cross_entropy_of_probabilities(beta0, beta, X, y):
    p = naive(beta0 + X @ beta)
    return -np.mean(y * np.log(p + 1e-15) + (1 - y) * np.log(1 - p + 1e-15))


# log2_loss


@mistake("log2_loss", "Your log2_loss uses the natural logarithm: base 2 is asked for.")
def log2_loss_in_nats(t):
    return np.logaddexp(0, -t)


@mistake("log2_loss", "Your log2_loss uses log10: base 2 is asked for.")
def log2_loss_in_base_10(t):
    return np.logaddexp(0, -t) / np.log(10)


@mistake("log2_loss", "Your log2_loss overflows for t far below 0.")
def log2_loss_overflows(t):
    with np.errstate(over="ignore"):
        return np.log2(1 + np.exp(-t))


@mistake("log2_loss", "Your log2_loss has the opposite sign of t: it falls with t.")
def log2_loss_rises(t):
    return ref.log2_loss(-t)


@mistake("log2_loss", "Your log2_loss clips t, which is wrong far out.")
def log2_loss_clips(t):
    return ref.log2_loss(np.clip(t, -500, 500))


@mistake("log2_loss", "Your log2_loss takes 2 to the power of -t: it is exp(-t).")
def log2_loss_of_powers_of_2(t):
    return np.logaddexp2(0, -t)


@mistake("log2_loss", "Your log2_loss is a mean: one number for each entry is asked for.")
def log2_loss_is_a_mean(t):
    return np.mean(ref.log2_loss(t))


@mistake("log2_loss", "Your log2_loss is the hinge loss, max(0, 1 - t).")
def log2_loss_is_the_hinge(t):
    return np.maximum(0.0, 1 - t)


@mistake("log2_loss", "Your log2_loss multiplies by log 2: divide by it.")
def log2_loss_times_log_2(t):
    return np.logaddexp(0, -t) * np.log(2)


@alternative("log2_loss", "max and log1p")
def log2_loss_by_parts(t):
    return (np.maximum(-t, 0) + np.log1p(np.exp(-np.abs(t)))) / np.log(2)


@alternative("log2_loss", "logaddexp2, float32")
def log2_loss_in_float32(t):
    t = np.asarray(t, dtype=np.float32)
    return np.logaddexp2(np.float32(0), -t * np.float32(1 / np.log(2)))


# signed_loss


@mistake("signed_loss", "Your signed_loss is a sum over the examples: it is their mean.")
def signed_loss_is_a_sum(beta0, beta, X, s):
    return ref.signed_loss(beta0, beta, X, s) * len(s)


@mistake("signed_loss", "Your signed_loss uses the natural logarithm: base 2 is asked for.")
def signed_loss_in_nats(beta0, beta, X, s):
    return ref.signed_loss(beta0, beta, X, s) * np.log(2)


@mistake("signed_loss", "Your signed_loss has the labels' signs turned round.")
def signed_loss_of_other_labels(beta0, beta, X, s):
    return ref.signed_loss(beta0, beta, X, -s)


@mistake("signed_loss", "Your signed_loss takes labels for 0 and 1: they are -1 and +1 here.")
def signed_loss_of_zeros_and_ones(beta0, beta, X, s):
    return ref.signed_loss(beta0, beta, X, (1 + s) / 2)


@mistake("signed_loss", "Your signed_loss puts the probability in place of the score.")
def signed_loss_of_probabilities(beta0, beta, X, s):
    return float(np.mean(ref.log2_loss(s * ref.sigmoid(beta0 + X @ beta))))


@mistake("signed_loss", "Your signed_loss ignores beta0.")
def signed_loss_without_beta0(beta0, beta, X, s):
    return ref.signed_loss(0.0, beta, X, s)


@mistake("signed_loss", "Your signed_loss multiplies only x.beta by the label, not beta0.")
def signed_loss_with_beta0_outside(beta0, beta, X, s):
    return float(np.mean(ref.log2_loss(s * (X @ beta) + beta0)))


@alternative("signed_loss", "cross_entropy in bits")
def signed_loss_by_cross_entropy(beta0, beta, X, s):
    return np.float64(ref.cross_entropy(beta0, beta, X, (1 + s) / 2) / np.log(2))


# hessian


@mistake("hessian", "Your hessian is a sum over the examples: divide by n.")
def hessian_of_the_sum(beta0, beta, X):
    return ref.hessian(beta0, beta, X) * len(X)


@mistake("hessian", "Your hessian is that of log_likelihood: cross_entropy's is positive.")
def hessian_is_negative(beta0, beta, X):
    return -ref.hessian(beta0, beta, X)


@mistake("hessian", "Your hessian is that of log_likelihood, -n times what is asked for.")
def hessian_of_log_likelihood(beta0, beta, X):
    return -len(X) * ref.hessian(beta0, beta, X)


@mistake("hessian", "Your hessian has beta0 last: it comes first.")
def hessian_with_beta0_last(beta0, beta, X):
    return np.roll(ref.hessian(beta0, beta, X), -1, axis=(0, 1))


@mistake("hessian", "Your hessian lacks the row and the column of beta0.")
def hessian_without_beta0(beta0, beta, X):
    return ref.hessian(beta0, beta, X)[1:, 1:]


@mistake("hessian", "Your hessian lacks the weights p (1 - p).")
def hessian_without_weights(beta0, beta, X):
    A = with_ones(X)
    return A.T @ A / len(X)


@mistake("hessian", "Your hessian weighs the examples by p: the weight is p (1 - p).")
def hessian_weighed_by_p(beta0, beta, X):
    A = with_ones(X)
    return A.T @ (A * ref.sigmoid(beta0 + X @ beta)[:, None]) / len(X)


@mistake("hessian", "Your hessian has the square of p (1 - p) for a weight.")
def hessian_with_squared_weights(beta0, beta, X):
    A, p = with_ones(X), ref.sigmoid(beta0 + X @ beta)
    return A.T @ (A * ((p * (1 - p)) ** 2)[:, None]) / len(X)


@mistake("hessian", "Your hessian holds only its diagonal.")
def hessian_is_diagonal(beta0, beta, X):
    return np.diag(np.diag(ref.hessian(beta0, beta, X)))


@mistake("hessian", "Your hessian ignores beta0 in the scores.")
def hessian_of_scores_without_beta0(beta0, beta, X):
    return ref.hessian(0.0, beta, X)


@mistake("hessian", "Your hessian takes 1/4 for p (1 - p), which is its upper bound.")
def hessian_is_the_bound(beta0, beta, X):
    A = with_ones(X)
    return A.T @ A / (4 * len(X))


@mistake("hessian", "Your hessian adds the identity matrix: no penalty is asked for.")
def hessian_with_a_penalty(beta0, beta, X):
    return ref.hessian(beta0, beta, X) + np.eye(len(beta) + 1)


@alternative("hessian", "a sum of outer products, lists")
def hessian_by_loops(beta0, beta, X):
    total = np.zeros((len(beta) + 1,) * 2)
    for a in with_ones(X):
        p = naive(beta0 + a[1:] @ beta)
        total += p * (1 - p) * np.outer(a, a)
    return total / len(X)


@alternative("hessian", "the square of a matrix, float32")
def hessian_in_float32(beta0, beta, X):
    A = with_ones(X).astype(np.float32)
    p = naive(A @ np.append(beta0, beta).astype(np.float32))
    R = A * np.sqrt(p * (1 - p))[:, None]
    return R.T @ R / np.float32(len(X))


# gradient_descent


@mistake("gradient_descent", "Your gradient_descent follows the gradient of a sum: divide by n.")
def descent_of_the_sum(X, y, steps, step_size):
    return returned(descend(X, y, steps, step_size * len(y)), X, y)


@mistake("gradient_descent", "Your gradient_descent climbs: cross_entropy is to fall.")
def descent_climbs(X, y, steps, step_size):
    return returned(descend(X, y, steps, -step_size), X, y)


@mistake("gradient_descent", "Your history lacks the start: it has steps + 1 entries.")
def descent_without_the_start(X, y, steps, step_size):
    beta0, beta, history = ref.gradient_descent(X, y, steps, step_size)
    return beta0, beta, history[1:]


@mistake("gradient_descent", "Your history lacks the value after the last step.")
def descent_without_the_end(X, y, steps, step_size):
    beta0, beta, history = ref.gradient_descent(X, y, steps, step_size)
    return beta0, beta, history[:-1]


@mistake("gradient_descent", "Your history holds sums: cross_entropy is a mean.")
def descent_with_a_history_of_sums(X, y, steps, step_size):
    beta0, beta, history = ref.gradient_descent(X, y, steps, step_size)
    return beta0, beta, history * len(y)


@mistake("gradient_descent", "Your history holds log_likelihood: cross_entropy is asked for.")
def descent_with_a_history_of_likelihoods(X, y, steps, step_size):
    beta0, beta, history = ref.gradient_descent(X, y, steps, step_size)
    return beta0, beta, -history * len(y)


@mistake("gradient_descent", "Your gradient_descent takes one step too few.")
def descent_takes_one_step_less(X, y, steps, step_size):
    return ref.gradient_descent(X, y, max(steps - 1, 0), step_size)


@mistake("gradient_descent", "Your gradient_descent returns the best iterate: the last is asked.")
def descent_returns_the_best(X, y, steps, step_size):
    path = descend(X, y, steps, step_size)
    return returned(path, X, y, int(losses(path, X, y).argmin()))


@mistake("gradient_descent", "Your gradient_descent never changes beta0.")
def descent_without_beta0(X, y, steps, step_size):
    def step(theta, t):
        up = ref.gradient(theta[0], theta[1:], X, y)[1] / len(y)
        return theta + step_size * np.append(0.0, up)

    return returned(descend(X, y, steps, step_size, step=step), X, y)


@mistake("gradient_descent", "Your gradient_descent takes d_beta at the new beta0.")
def descent_in_turn(X, y, steps, step_size):
    def step(theta, t):
        beta0 = theta[0] + step_size * ref.gradient(theta[0], theta[1:], X, y)[0] / len(y)
        up = ref.gradient(beta0, theta[1:], X, y)[1] / len(y)
        return np.append(beta0, theta[1:] + step_size * up)

    return returned(descend(X, y, steps, step_size, step=step), X, y)


@mistake("gradient_descent", "Your gradient_descent adds a penalty of half of |beta|^2.")
def descent_with_a_penalty(X, y, steps, step_size):
    def step(theta, t):
        up = np.append(*ref.gradient(theta[0], theta[1:], X, y)) / len(y)
        return theta + step_size * (up - np.append(0.0, theta[1:]))

    return returned(descend(X, y, steps, step_size, step=step), X, y)


@mistake("gradient_descent", "Your step size shrinks: it should stay constant.")
def descent_with_a_shrinking_step(X, y, steps, step_size):
    def step(theta, t):
        return theta + step_size / t * np.append(*ref.gradient(theta[0], theta[1:], X, y)) / len(y)

    return returned(descend(X, y, steps, step_size, step=step), X, y)


@mistake("gradient_descent", "Your gradient_descent does not start from zeros.")
def descent_starts_elsewhere(X, y, steps, step_size):
    start = 0.1 * np.random.default_rng(0).normal(size=X.shape[1] + 1)
    return returned(descend(X, y, steps, step_size, start=start), X, y)


@alternative("gradient_descent", "one vector, a list for the history")
def descent_of_one_vector(X, y, steps, step_size):
    A, theta, history = with_ones(X), np.zeros(X.shape[1] + 1), []
    for t in range(steps + 1):
        z = A @ theta
        history.append(np.mean(np.logaddexp(0, z) - y * z))
        if t < steps:
            theta = theta - step_size * A.T @ (naive(z) - y) / len(y)
    return [theta[0], theta[1:], history]


# newton


@mistake("newton", "Your newton climbs: it adds the step that it should subtract.")
def newton_climbs(X, y, steps):
    return returned(newton_path(X, y, steps, size=-1.0), X, y)


@mistake("newton", "Your newton takes half steps: full ones are asked for.")
def newton_with_half_steps(X, y, steps):
    return returned(newton_path(X, y, steps, size=0.5), X, y)


@mistake("newton", "Your newton mixes the gradient of a sum with the Hessian of a mean.")
def newton_of_sum_and_mean(X, y, steps):
    return returned(newton_path(X, y, steps, factor=float(len(y))), X, y)


@mistake(
    "newton", "Your newton divides the gradient by n and the Hessian not, or n once too often."
)
def newton_with_n_twice(X, y, steps):
    return returned(newton_path(X, y, steps, factor=1 / len(y)), X, y)


@mistake("newton", "Your newton keeps the Hessian of the start: take it anew at each iterate.")
def newton_with_one_hessian(X, y, steps):
    def first(beta0, beta, X):
        return ref.hessian(0.0, 0 * beta, X)

    return returned(newton_path(X, y, steps, hessian=first), X, y)


@mistake("newton", "Your newton uses only the diagonal of the Hessian.")
def newton_with_the_diagonal(X, y, steps):
    def diagonal(beta0, beta, X):
        return np.diag(np.diag(ref.hessian(beta0, beta, X)))

    return returned(newton_path(X, y, steps, hessian=diagonal), X, y)


@mistake(
    "newton",
    "Your newton adds half of |beta|^2 to the sum, as scikit-learn does with C = 1: no penalty is "
    "asked for.",
)
def newton_of_scikit_learn(X, y, steps):
    return returned(newton_path(X, y, steps, ridge=1 / len(y)), X, y)


@mistake("newton", "Your newton adds the identity to the Hessian: take it as it is.")
def newton_with_damping(X, y, steps):
    def damped(beta0, beta, X):
        return ref.hessian(beta0, beta, X) + np.eye(X.shape[1] + 1)

    return returned(newton_path(X, y, steps, hessian=damped), X, y)


@mistake("newton", "Your newton stops once it has converged: history has steps + 1 entries.")
def newton_stops_early(X, y, steps):
    path = newton_path(X, y, steps)
    values = losses(path, X, y)
    still = np.flatnonzero(np.abs(np.diff(values)) < 1e-8)
    end = int(still[0]) + 1 if still.size else steps
    return returned(path[: end + 1], X, y)


@mistake("newton", "Your history lacks the start: it has steps + 1 entries.")
def newton_without_the_start(X, y, steps):
    beta0, beta, history = ref.newton(X, y, steps)
    return beta0, beta, history[1:]


@mistake("newton", "Your newton takes one step too few.")
def newton_takes_one_step_less(X, y, steps):
    return ref.newton(X, y, max(steps - 1, 0))


@mistake("newton", "Your newton takes one step too many.")
def newton_takes_one_step_more(X, y, steps):
    return ref.newton(X, y, steps + 1)


@mistake("newton", "Your history holds sums: cross_entropy is a mean.")
def newton_with_a_history_of_sums(X, y, steps):
    beta0, beta, history = ref.newton(X, y, steps)
    return beta0, beta, history * len(y)


@mistake("newton", "Your newton fits no beta0.")
def newton_without_beta0(X, y, steps):
    path = [np.zeros(X.shape[1] + 1)]
    for _ in range(steps):
        theta = path[-1]
        up = ref.gradient(0.0, theta[1:], X, y)[1] / len(y)
        move = np.linalg.solve(ref.hessian(0.0, theta[1:], X)[1:, 1:], up)
        path.append(theta + np.append(0.0, move))
    return returned(path, X, y)


@alternative("newton", "reweighted least squares, the inverse, lists")
def newton_by_weights(X, y, steps):
    A, theta, history = with_ones(X), np.zeros(X.shape[1] + 1), []
    for t in range(steps + 1):
        z = A @ theta
        history.append(float(np.mean(np.logaddexp(0, z) - y * z)))
        if t < steps:
            p = naive(z)
            w = p * (1 - p)
            theta = np.linalg.inv(A.T @ (A * w[:, None])) @ A.T @ (w * z + y - p)
    return [float(theta[0]), theta[1:].tolist(), history]


# predict


@mistake("predict", "Your predict returns probabilities: 0 or 1 is asked for.")
def predict_probabilities(beta0, beta, X):
    return ref.sigmoid(beta0 + X @ beta)


@mistake("predict", "Your predict returns -1 and +1: the labels are 0 and 1.")
def predict_signs(beta0, beta, X):
    return np.where(beta0 + X @ beta > 0, 1, -1)


@mistake("predict", "Your predict has the two labels exchanged.")
def predict_the_other_label(beta0, beta, X):
    return 1 - ref.predict(beta0, beta, X)


@mistake("predict", "Your predict compares the score with 1/2: it is p that is compared, or 0.")
def predict_scores_above_half(beta0, beta, X):
    return (beta0 + X @ beta > 0.5).astype(int)


@mistake("predict", "Your predict ignores beta0.")
def predict_without_beta0(beta0, beta, X):
    return ref.predict(0.0, beta, X)


@mistake("predict", "Your predict has shape (n, 1): (n,) is asked for.")
def predict_as_a_column(beta0, beta, X):
    return ref.predict(beta0, beta, X)[:, None]


@alternative("predict", "rounded probabilities, whole floats")
def predict_by_rounding(beta0, beta, X):
    return np.round(ref.sigmoid(beta0 + X @ beta))


@alternative("predict", "booleans, 1 at exactly 1/2")
def predict_booleans(beta0, beta, X):
    return beta0 + X @ beta >= 0


# plot_convergence


def drawn(first, second, names=("gradient descent", "Newton"), *, labels=True, legend=True):
    figure, axes = plt.subplots()
    axes.plot(first, label=names[0])
    axes.plot(second, label=names[1])
    if labels:
        axes.set(xlabel="iteration", ylabel="cross entropy")
    if legend:
        axes.legend()
    return figure


@mistake("plot_convergence", "Your figure has no axis labels.")
def plot_without_labels(gd_history, newton_history):
    return drawn(gd_history, newton_history, labels=False)


@mistake("plot_convergence", "Your figure has no legend.")
def plot_without_a_legend(gd_history, newton_history):
    return drawn(gd_history, newton_history, legend=False)


@mistake("plot_convergence", "Your figure has the names of the two curves exchanged.")
def plot_with_names_exchanged(gd_history, newton_history):
    return drawn(gd_history, newton_history, ("Newton", "gradient descent"))


@mistake("plot_convergence", "Your figure cuts the longer history off.")
def plot_of_the_shorter_part(gd_history, newton_history):
    return drawn(gd_history[: len(newton_history)], newton_history)


@mistake("plot_convergence", "Your figure draws one of the histories only.")
def plot_of_newton_alone(gd_history, newton_history):
    return drawn(newton_history, newton_history)


@mistake("plot_convergence", "Your figure draws differences: draw the histories as given.")
def plot_of_differences(gd_history, newton_history):
    return drawn(np.diff(gd_history), np.diff(newton_history))


@alternative("plot_convergence", "two panels with titles, logarithmic, returns None")
def plot_in_panels(gd_history, newton_history):
    _, panels = plt.subplots(1, 2, sharey=True)
    for axes, history, name in zip(
        panels, (gd_history, newton_history), ("Gradientenabstieg", "Newton-Verfahren"), strict=True
    ):
        axes.semilogy(range(1, len(history) + 1), history, "o-")
        axes.set(title=name, xlabel="Schritt", ylabel="Verlust")
