"""Multiclass logistic regression done wrong in one function, and done differently and rightly."""

import matplotlib.pyplot as plt
import multiclass_lr as ref
import numpy as np

from grader.checks.variants import alternative, mistake


def onehot(y, k):
    return np.eye(k)[y]


def descend(X, y, k, steps, step_size, start=None):
    """All iterates of gradient descent, the start included, from (W, b) = start."""
    n, d = X.shape
    path = [start or (np.zeros((d, k)), np.zeros(k))]
    for _ in range(steps):
        W, b = path[-1]
        dW, db = ref.gradient(W, b, X, y)
        path.append((W + step_size * dW / n, b + step_size * db / n))
    return path


def objectives(path, X, y):
    return np.array([ref.objective(W, b, X, y) for W, b in path])


# softmax


@mistake("softmax", "Your softmax overflows: subtract each row's largest score before exp.")
def softmax_overflows(Z):
    E = np.exp(Z)
    return E / E.sum(axis=1, keepdims=True)


@mistake("softmax", "Your softmax normalises columns: the sum goes over the classes, axis 1.")
def softmax_of_columns(Z):
    return ref.softmax(Z.T).T


@mistake("softmax", "Your softmax divides by the sums of columns: sum over the classes, axis 1.")
def softmax_divided_by_columns(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=0, keepdims=True)


@mistake("softmax", "Your softmax divides by the sum of all entries: each row has its own sum.")
def softmax_of_everything(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum()


@mistake(
    "softmax",
    "Your softmax subtracts the largest score of the whole array, so that rows far below it "
    "become 0 / 0: subtract each row's own.",
)
def softmax_shifts_by_the_global_maximum(Z):
    E = np.exp(Z - Z.max())
    return E / E.sum(axis=1, keepdims=True)


@mistake("softmax", "Your softmax does not divide by the sum of the row.")
def softmax_without_the_sum(Z):
    return np.exp(Z - Z.max(axis=1, keepdims=True))


@mistake("softmax", "Your softmax has the opposite sign: large scores should be likely.")
def softmin(Z):
    return ref.softmax(-Z)


@mistake("softmax", "Your softmax applies the sigmoid to each score: the classes must compete.")
def softmax_by_sigmoids(Z):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-Z))


@mistake("softmax", "Your softmax clips large scores: subtract the largest one instead.")
def softmax_clips_scores(Z):
    return ref.softmax(np.clip(Z, -500, 500))


@mistake("softmax", "Your softmax adds a constant to its denominator that changes the result.")
def softmax_with_a_large_epsilon(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / (E.sum(axis=1, keepdims=True) + 1e-3)


@mistake("softmax", "Your softmax takes powers of 2 instead of exp.")
def softmax_in_base_2(Z):
    return ref.softmax(Z * np.log(2))


@mistake("softmax", "Your softmax returns logarithms of probabilities.")
def softmax_is_a_logarithm(Z):
    return Z - np.logaddexp.reduce(Z, axis=1, keepdims=True)


@mistake("softmax", "Your softmax subtracts each row's mean: subtract its largest score.")
def softmax_shifts_by_the_mean(Z):
    E = np.exp(Z - Z.mean(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


@mistake("softmax", "Your softmax subtracts each row's smallest score: subtract its largest.")
def softmax_shifts_by_the_minimum(Z):
    E = np.exp(Z - Z.min(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


@mistake("softmax", "Your softmax divides sigmoids by their sum: it is exp that is divided.")
def softmax_of_sigmoids(Z):
    P = 1 / (1 + np.exp(-Z))
    return P / P.sum(axis=1, keepdims=True)


@alternative("softmax", "loops over the rows")
def softmax_row_by_row(Z):
    rows = []
    for z in Z:
        e = [float(np.exp(v - max(z))) for v in z]
        rows.append([v / sum(e) for v in e])
    return np.array(rows)


@alternative("softmax", "through the logarithm of the sum")
def softmax_by_logaddexp(Z):
    return np.exp(Z - np.logaddexp.reduce(Z, axis=1)[:, None])


@alternative("softmax", "float32")
def softmax_in_float32(Z):
    return ref.softmax(np.asarray(Z, dtype=np.float32))


# log_likelihood


@mistake("log_likelihood", "Your log_likelihood is a mean: it is the sum over the examples.")
def log_likelihood_is_a_mean(W, b, X, y):
    return ref.log_likelihood(W, b, X, y) / len(y)


@mistake("log_likelihood", "Your log_likelihood has the opposite sign: logs of probabilities add.")
def log_likelihood_is_negative(W, b, X, y):
    return -ref.log_likelihood(W, b, X, y)


@mistake("log_likelihood", "Your log_likelihood uses log2: natural logarithms are asked for.")
def log_likelihood_in_bits(W, b, X, y):
    return ref.log_likelihood(W, b, X, y) / np.log(2)


@mistake("log_likelihood", "Your log_likelihood ignores b: the scores are x W + b.")
def log_likelihood_without_b(W, b, X, y):
    return ref.log_likelihood(W, np.zeros_like(b), X, y)


@mistake("log_likelihood", "Your log_likelihood is -inf or NaN for huge scores: log 0 is taken.")
def log_likelihood_of_rounded_zeros(W, b, X, y):
    with np.errstate(divide="ignore"):
        return np.log(ref.softmax(X @ W + b)[np.arange(len(y)), y]).sum()


@mistake("log_likelihood", "Your log_likelihood overflows: exp is taken of the scores as they are.")
def log_likelihood_overflows(W, b, X, y):
    Z = X @ W + b
    with np.errstate(over="ignore"):
        return (Z[np.arange(len(y)), y] - np.log(np.exp(Z).sum(axis=1))).sum()


@mistake("log_likelihood", "Your log_likelihood sums over all classes: only the label's counts.")
def log_likelihood_of_every_class(W, b, X, y):
    Z = X @ W + b
    return (Z - np.logaddexp.reduce(Z, axis=1)[:, None]).sum()


@mistake("log_likelihood", "Your log_likelihood adds probabilities: take their logarithms.")
def log_likelihood_without_log(W, b, X, y):
    return ref.softmax(X @ W + b)[np.arange(len(y)), y].sum()


@mistake(
    "log_likelihood",
    "Your log_likelihood counts every class against the label, as k separate yes-or-no questions: "
    "only log Pr(Y = y_i) counts.",
)
def log_likelihood_is_binary(W, b, X, y):
    P, Y = ref.softmax(X @ W + b), onehot(y, len(b))
    return np.sum(Y * np.log(P + 1e-300) + (1 - Y) * np.log(1 - P + 1e-16))


@mistake("log_likelihood", "Your log_likelihood adds too large a constant inside the logarithm.")
def log_likelihood_with_a_large_epsilon(W, b, X, y):
    return np.log(ref.softmax(X @ W + b)[np.arange(len(y)), y] + 1e-3).sum()


@mistake("log_likelihood", "Your log_likelihood uses log10: natural logarithms are asked for.")
def log_likelihood_in_base_10(W, b, X, y):
    return ref.log_likelihood(W, b, X, y) / np.log(10)


@mistake("log_likelihood", "Your log_likelihood counts labels from 1: they are numbered from 0.")
def log_likelihood_with_labels_from_1(W, b, X, y):
    return ref.log_likelihood(W, b, X, y - 1)


@mistake(
    "log_likelihood", "Your log_likelihood does not add back the largest score that it took off."
)
def log_likelihood_without_the_largest_score(W, b, X, y):
    Z = X @ W + b
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return np.sum(Z[np.arange(len(y)), y] - np.log(E.sum(axis=1)))


@alternative("log_likelihood", "adds 1e-12 inside the logarithm")
def log_likelihood_with_a_tiny_epsilon(W, b, X, y):
    return np.log(ref.softmax(X @ W + b)[np.arange(len(y)), y] + 1e-12).sum()


@alternative("log_likelihood", "logaddexp, one example at a time")
def log_likelihood_by_loops(W, b, X, y):
    total = np.zeros(())
    for x, label in zip(X, y, strict=True):
        z = x @ W + b
        total += z[label] - np.logaddexp.reduce(z)
    return total


# gradient


@mistake("gradient", "Your gradient joins dW and db in one array: return the two of them.")
def gradient_in_one_array(W, b, X, y):
    return np.vstack(ref.gradient(W, b, X, y))


@mistake("gradient", "Your gradient is divided by n: log_likelihood is a sum, not a mean.")
def gradient_is_a_mean(W, b, X, y):
    dW, db = ref.gradient(W, b, X, y)
    return dW / len(y), db / len(y)


@mistake(
    "gradient",
    "Your gradient has the opposite sign: it is that of the loss, -log_likelihood.",
)
def gradient_of_the_loss(W, b, X, y):
    dW, db = ref.gradient(W, b, X, y)
    return -dW, -db


@mistake("gradient", "Your gradient is that of objective, not of log_likelihood: -1/n times it.")
def gradient_of_the_objective(W, b, X, y):
    dW, db = ref.gradient(W, b, X, y)
    return -dW / len(y), -db / len(y)


@mistake("gradient", "Your db is zero: b enters every score.")
def gradient_without_db(W, b, X, y):
    dW, db = ref.gradient(W, b, X, y)
    return dW, np.zeros_like(db)


@mistake("gradient", "Your db is a mean over the examples: it is a sum, as dW is.")
def gradient_with_a_mean_db(W, b, X, y):
    dW, db = ref.gradient(W, b, X, y)
    return dW, db / len(y)


@mistake("gradient", "Your dW is a mean over the examples: it is a sum, as db is.")
def gradient_with_a_mean_dW(W, b, X, y):
    dW, db = ref.gradient(W, b, X, y)
    return dW / len(y), db


@mistake("gradient", "Your dW is right and your db has the opposite sign.")
def gradient_with_db_turned_round(W, b, X, y):
    dW, db = ref.gradient(W, b, X, y)
    return dW, -db


@mistake("gradient", "Your dW is transposed: it has the shape of W, (d, k).")
def gradient_transposed(W, b, X, y):
    dW, db = ref.gradient(W, b, X, y)
    return dW.T, db


@mistake("gradient", "Your gradient ignores b in the scores: they are x W + b.")
def gradient_without_b_in_the_scores(W, b, X, y):
    return ref.gradient(W, np.zeros_like(b), X, y)


@mistake("gradient", "Your gradient lacks the softmax term: it is one-hot minus probabilities.")
def gradient_of_the_score_alone(W, b, X, y):
    Y = onehot(y, len(b))
    return X.T @ Y, Y.sum(axis=0)


@mistake("gradient", "Your gradient subtracts the label itself: it has to be one-hot.")
def gradient_with_labels_as_numbers(W, b, X, y):
    R = y[:, None] - ref.softmax(X @ W + b)
    return X.T @ R, R.sum(axis=0)


@mistake("gradient", "Your gradient moves only the label's class: the others are pushed down too.")
def gradient_of_the_true_class_alone(W, b, X, y):
    Y = onehot(y, len(b))
    R = Y * (1 - ref.softmax(X @ W + b))
    return X.T @ R, R.sum(axis=0)


@mistake(
    "gradient",
    "Your gradient holds softmax's derivative p(1 - p) as a factor more: it has cancelled.",
)
def gradient_with_one_factor_more(W, b, X, y):
    P = ref.softmax(X @ W + b)
    R = (onehot(y, len(b)) - P) * P * (1 - P)
    return X.T @ R, R.sum(axis=0)


@mistake("gradient", "Your gradient uses sigmoids where softmax is meant.")
def gradient_by_sigmoids(W, b, X, y):
    with np.errstate(over="ignore"):
        R = onehot(y, len(b)) - 1 / (1 + np.exp(-(X @ W + b)))
    return X.T @ R, R.sum(axis=0)


@mistake("gradient", "Your gradient uses the scores where their softmax is meant.")
def gradient_of_squares(W, b, X, y):
    R = onehot(y, len(b)) - (X @ W + b)
    return X.T @ R, R.sum(axis=0)


@mistake(
    "gradient",
    "Your gradient counts classes by the labels that occur: there are k columns, seen or not.",
)
def gradient_of_the_classes_seen(W, b, X, y):
    seen, y = np.unique(y, return_inverse=True)
    return ref.gradient(W[:, seen], b[seen], X, y)


@mistake("gradient", "Your gradient returns db first: it is (dW, db).")
def gradient_the_other_way_round(W, b, X, y):
    return ref.gradient(W, b, X, y)[::-1]


@mistake("gradient", "Your db adds everything up: it has an entry for each class.")
def gradient_with_one_number_for_db(W, b, X, y):
    dW, db = ref.gradient(W, b, X, y)
    return dW, db.sum()


@mistake("gradient", "Your db sums over the classes: sum over the examples, axis 0.")
def gradient_with_db_over_the_wrong_axis(W, b, X, y):
    R = onehot(y, len(b)) - ref.softmax(X @ W + b)
    return X.T @ R, R.sum(axis=1)


@mistake("gradient", "Your db has shape (1, k): (k,) is asked for.")
def gradient_with_a_row_for_db(W, b, X, y):
    dW, db = ref.gradient(W, b, X, y)
    return dW, db[None]


@mistake("gradient", "Your gradient is that of the sum of probabilities: take that of their logs.")
def gradient_of_probabilities(W, b, X, y):
    P = ref.softmax(X @ W + b)
    R = (onehot(y, len(b)) - P) * P[np.arange(len(y)), y][:, None]
    return X.T @ R, R.sum(axis=0)


@mistake(
    "gradient", "Your gradient takes the likeliest class for its probability: softmax is meant."
)
def gradient_of_predictions(W, b, X, y):
    Z = X @ W + b
    R = onehot(y, len(b)) - onehot(Z.argmax(axis=1), len(b))
    return X.T @ R, R.sum(axis=0)


@alternative("gradient", "adds up one example at a time")
def gradient_by_loops(W, b, X, y):
    dW, db = [[0.0] * len(b) for _ in range(len(W))], [0.0] * len(b)
    for x, label in zip(X, y, strict=True):
        p = ref.softmax((x @ W + b)[None])[0]
        for c in range(len(b)):
            r = float(label == c) - p[c]
            db[c] += r
            for j in range(len(x)):
                dW[j][c] += x[j] * r
    return [np.array(dW), np.array(db)]


@alternative("gradient", "b as one more row of W")
def gradient_with_a_column_of_ones(W, b, X, y):
    ones = np.column_stack([X, np.ones(len(X))])
    R = onehot(y, len(b)) - ref.softmax(ones @ np.vstack([W, b]))
    joined = np.einsum("ni,nc->ic", ones, R)
    return joined[:-1], joined[-1]


@alternative("gradient", "float32")
def gradient_in_float32(W, b, X, y):
    X, W, b = (np.asarray(a, dtype=np.float32) for a in (X, W, b))
    R = onehot(y, len(b)).astype(np.float32) - ref.softmax(X @ W + b)
    return X.T @ R, R.sum(axis=0)


@alternative("gradient", "central differences of log_likelihood")
def gradient_by_differences(W, b, X, y):
    def slope(i, j, h=1e-5):
        V = np.vstack([W, b])
        V[i, j] += h
        above = ref.log_likelihood(V[:-1], V[-1], X, y)
        V[i, j] -= 2 * h
        return (above - ref.log_likelihood(V[:-1], V[-1], X, y)) / (2 * h)

    joined = np.array([[slope(i, j) for j in range(len(b))] for i in range(len(W) + 1)])
    return joined[:-1], joined[-1]


# cross_entropy


@mistake("cross_entropy", "Your cross_entropy has its arguments swapped: H(p, q) takes log q.")
def cross_entropy_swapped(P, Q):
    return ref.cross_entropy(Q, P + 1e-300)


@mistake("cross_entropy", "Your cross_entropy has the opposite sign: it is never negative.")
def cross_entropy_is_negative(P, Q):
    return -ref.cross_entropy(P, Q)


@mistake("cross_entropy", "Your cross_entropy uses log2: natural logarithms are asked for.")
def cross_entropy_in_bits(P, Q):
    return ref.cross_entropy(P, Q) / np.log(2)


@mistake("cross_entropy", "Your cross_entropy is a mean over the classes: it is a sum over them.")
def cross_entropy_is_a_mean_over_classes(P, Q):
    return ref.cross_entropy(P, Q) / P.shape[1]


@mistake("cross_entropy", "Your cross_entropy returns one number: one for each row is asked for.")
def cross_entropy_of_all_rows(P, Q):
    return ref.cross_entropy(P, Q).mean()


@mistake("cross_entropy", "Your cross_entropy sums over the rows: one number for each row.")
def cross_entropy_over_the_wrong_axis(P, Q):
    return -(P * np.log(np.where(P > 0, Q, 1.0))).sum(axis=0)


@mistake("cross_entropy", "Your cross_entropy gives NaN for 0 log 0, which counts as 0.")
def cross_entropy_with_nan(P, Q):
    with np.errstate(divide="ignore", invalid="ignore"):
        return -(P * np.log(Q)).sum(axis=1)


@mistake("cross_entropy", "Your cross_entropy is the divergence KL(p, q): it lacks the entropy.")
def cross_entropy_is_a_divergence(P, Q):
    return ref.cross_entropy(P, Q) - ref.cross_entropy(P, P)


@mistake("cross_entropy", "Your cross_entropy takes only the likeliest class: all of them count.")
def cross_entropy_of_the_likeliest(P, Q):
    return -np.log(Q[np.arange(len(P)), P.argmax(axis=1)])


@mistake("cross_entropy", "Your cross_entropy adds too large a constant inside the logarithm.")
def cross_entropy_with_a_large_epsilon(P, Q):
    return -(P * np.log(Q + 1e-3)).sum(axis=1)


@mistake("cross_entropy", "Your cross_entropy uses log10: natural logarithms are asked for.")
def cross_entropy_in_base_10(P, Q):
    return ref.cross_entropy(P, Q) / np.log(10)


@mistake("cross_entropy", "Your cross_entropy is the entropy of p alone: take log q.")
def cross_entropy_of_p_alone(P, Q):
    return ref.cross_entropy(P, P)


@mistake(
    "cross_entropy", "Your cross_entropy lacks the factor p_c: it is a mean of -log q_c under p."
)
def cross_entropy_without_p(P, Q):
    return -np.sum(np.log(np.where(P > 0, Q, 1.0)), axis=1)


@mistake("cross_entropy", "Your cross_entropy has shape (n, 1): (n,) is asked for.")
def cross_entropy_as_a_column(P, Q):
    return ref.cross_entropy(P, Q)[:, None]


@alternative("cross_entropy", "adds 1e-12 inside the logarithm")
def cross_entropy_with_a_tiny_epsilon(P, Q):
    return -(P * np.log(Q + 1e-12)).sum(axis=1)


@alternative("cross_entropy", "plain loops, returns a list")
def cross_entropy_by_loops(P, Q):
    return [
        float(-sum(p * np.log(q) for p, q in zip(row, other, strict=True) if p > 0))
        for row, other in zip(P, Q, strict=True)
    ]


# objective


@mistake("objective", "Your objective is a sum over the examples: it is their mean.")
def objective_is_a_sum(W, b, X, y):
    return -ref.log_likelihood(W, b, X, y)


@mistake("objective", "Your objective is the mean log-likelihood: the cross entropy is minus that.")
def objective_is_negative(W, b, X, y):
    return -ref.objective(W, b, X, y)


@mistake("objective", "Your objective divides by n and by k: the mean goes over the examples only.")
def objective_divided_by_k(W, b, X, y):
    return ref.objective(W, b, X, y) / len(b)


@mistake("objective", "Your objective ignores b: the scores are x W + b.")
def objective_without_b(W, b, X, y):
    return ref.objective(W, np.zeros_like(b), X, y)


@mistake("objective", "Your objective adds the size of W: no regulariser is asked for.")
def objective_with_a_regulariser(W, b, X, y):
    return ref.objective(W, b, X, y) + 0.01 * np.sum(W**2)


@mistake("objective", "Your objective is log_likelihood itself: -1/n times it is asked for.")
def objective_is_the_log_likelihood(W, b, X, y):
    return ref.log_likelihood(W, b, X, y)


@mistake(
    "objective", "Your objective divides by the number of features: divide by that of examples."
)
def objective_divided_by_d(W, b, X, y):
    return -ref.log_likelihood(W, b, X, y) / X.shape[1]


@alternative("objective", "through cross_entropy of one-hot rows, a 0-d array")
def objective_by_cross_entropy(W, b, X, y):
    return np.asarray(ref.cross_entropy(onehot(y, len(b)), ref.softmax(X @ W + b)).mean())


# fit


@mistake("fit", "Your fit steps along the gradient of the sum: divide it by n.")
def fit_descends_the_sum(X, y, k, steps, step_size):
    path = descend(X, y, k, steps, step_size * len(y))
    return *path[-1], objectives(path, X, y)


@mistake("fit", "Your fit climbs: to minimise objective, go up in log_likelihood.")
def fit_climbs(X, y, k, steps, step_size):
    path = descend(X, y, k, steps, -step_size)
    return *path[-1], objectives(path, X, y)


@mistake("fit", "Your fit does not start from zeros.")
def fit_starts_elsewhere(X, y, k, steps, step_size):
    rng = np.random.default_rng(0)
    start = 0.01 * rng.normal(size=(X.shape[1], k)), np.zeros(k)
    path = descend(X, y, k, steps, step_size, start)
    return *path[-1], objectives(path, X, y)


@mistake("fit", "Your history lacks the start: it has steps + 1 entries.")
def fit_history_without_the_start(X, y, k, steps, step_size):
    path = descend(X, y, k, steps, step_size)
    return *path[-1], objectives(path[1:], X, y)


@mistake("fit", "Your history lacks the objective after the last step: it has steps + 1 entries.")
def fit_history_without_the_end(X, y, k, steps, step_size):
    path = descend(X, y, k, steps, step_size)
    return *path[-1], objectives(path[:-1], X, y)


@mistake("fit", "Your history is one step behind: its last entry belongs to the returned W and b.")
def fit_history_one_step_behind(X, y, k, steps, step_size):
    path = descend(X, y, k, steps, step_size)
    return *path[-1], objectives([path[0], *path[:-1]], X, y)


@mistake("fit", "Your fit takes one step too many.")
def fit_takes_one_step_more(X, y, k, steps, step_size):
    path = descend(X, y, k, steps + 1, step_size)
    return *path[-1], objectives(path, X, y)


@mistake("fit", "Your fit takes one step too few.")
def fit_takes_one_step_less(X, y, k, steps, step_size):
    path = descend(X, y, k, max(steps - 1, 0), step_size)
    return *path[-1], objectives(path, X, y)


@mistake("fit", "Your fit returns the iterate before the last step.")
def fit_returns_the_iterate_before(X, y, k, steps, step_size):
    path = descend(X, y, k, steps, step_size)
    return *path[max(steps - 1, 0)], objectives(path, X, y)


@mistake("fit", "Your fit never changes b.")
def fit_without_b(X, y, k, steps, step_size):
    n, d = X.shape
    path = [(np.zeros((d, k)), np.zeros(k))]
    for _ in range(steps):
        W, b = path[-1]
        path.append((W + step_size * ref.gradient(W, b, X, y)[0] / n, b))
    return *path[-1], objectives(path, X, y)


@mistake("fit", "Your step size shrinks: it should stay constant.")
def fit_with_a_shrinking_step(X, y, k, steps, step_size):
    n, d = X.shape
    path = [(np.zeros((d, k)), np.zeros(k))]
    for step in range(1, steps + 1):
        W, b = path[-1]
        dW, db = ref.gradient(W, b, X, y)
        path.append((W + step_size / step * dW / n, b + step_size / step * db / n))
    return *path[-1], objectives(path, X, y)


@mistake("fit", "Your fit updates W first and takes db at the new W: update both at once.")
def fit_updates_in_turn(X, y, k, steps, step_size):
    n, d = X.shape
    path = [(np.zeros((d, k)), np.zeros(k))]
    for _ in range(steps):
        W, b = path[-1]
        W = W + step_size * ref.gradient(W, b, X, y)[0] / n
        path.append((W, b + step_size * ref.gradient(W, b, X, y)[1] / n))
    return *path[-1], objectives(path, X, y)


@mistake("fit", "Your history holds log_likelihood: the objective is -1/n times it.")
def fit_history_of_log_likelihood(X, y, k, steps, step_size):
    path = descend(X, y, k, steps, step_size)
    return *path[-1], np.array([ref.log_likelihood(W, b, X, y) for W, b in path])


@mistake("fit", "Your fit uses one example per step: each step is over all of them.")
def fit_one_example_at_a_time(X, y, k, steps, step_size):
    path = [(np.zeros((X.shape[1], k)), np.zeros(k))]
    for step in range(steps):
        W, b = path[-1]
        i = slice(step % len(y), step % len(y) + 1)
        dW, db = ref.gradient(W, b, X[i], y[i])
        path.append((W + step_size * dW, b + step_size * db))
    return *path[-1], objectives(path, X, y)


@mistake("fit", "Your fit takes the number of classes from y: k is given, a class may be missing.")
def fit_counts_the_classes(X, y, k, steps, step_size):
    path = descend(X, y, int(y.max()) + 1, steps, step_size)
    return *path[-1], objectives(path, X, y)


@mistake("fit", "Your fit stops early: it takes all the steps, and history has steps + 1 entries.")
def fit_stops_early(X, y, k, steps, step_size):
    path = descend(X, y, k, steps, step_size)
    values = objectives(path, X, y)
    still = np.flatnonzero(np.abs(np.diff(values)) < 1e-9)
    end = int(still[0]) + 1 if still.size else steps
    return *path[end], values[: end + 1]


@mistake("fit", "Your fit returns the best iterate: the last one is asked for.")
def fit_returns_the_best(X, y, k, steps, step_size):
    path = descend(X, y, k, steps, step_size)
    values = objectives(path, X, y)
    return *path[int(values.argmin())], values


@mistake("fit", "Your fit returns b before W.")
def fit_returns_b_first(X, y, k, steps, step_size):
    W, b, history = ref.fit(X, y, k, steps, step_size)
    return b, W, history


def clipped(X, y, k, steps, step_size, clip):
    """A descent along what `clip` makes of the two slopes of the objective."""
    n, d = X.shape
    path = [(np.zeros((d, k)), np.zeros(k))]
    for _ in range(steps):
        slopes = clip(*(-slope / n for slope in ref.gradient(*path[-1], X, y)))
        path.append(tuple(p - step_size * g for p, g in zip(path[-1], slopes, strict=True)))
    return *path[-1], objectives(path, X, y)


@mistake(
    "fit",
    "Your fit shortens gradients to the length 1, as torch's clip_grad_norm_ does: take them as "
    "they are.",
)
def fit_clips_the_norm(X, y, k, steps, step_size):
    def clip(dW, db):
        length = np.sqrt((dW**2).sum() + (db**2).sum())
        return dW / max(length, 1.0), db / max(length, 1.0)

    return clipped(X, y, k, steps, step_size, clip)


@mistake(
    "fit",
    "Your fit shortens the gradients of W and of b to the length 1, as Keras's clipnorm does: "
    "take them as they are.",
)
def fit_clips_each_norm(X, y, k, steps, step_size):
    def clip(*slopes):
        return [slope / max(np.linalg.norm(slope), 1.0) for slope in slopes]

    return clipped(X, y, k, steps, step_size, clip)


@mistake("fit", "Your fit divides the step of W by n and not that of b.")
def fit_with_a_sum_for_b(X, y, k, steps, step_size):
    W, b = np.zeros((X.shape[1], k)), np.zeros(k)
    path = [(W, b)]
    for _ in range(steps):
        dW, db = ref.gradient(W, b, X, y)
        W, b = W + step_size * dW / len(y), b + step_size * db
        path.append((W, b))
    return W, b, objectives(path, X, y)


@alternative("fit", "a list for the history, W and b joined inside, results in a list")
def fit_with_joined_parameters(X, y, k, steps, step_size):
    ones = np.hstack([X, np.ones((len(X), 1))])
    V, Y = np.zeros((ones.shape[1], k)), onehot(y, k)
    history = []
    for step in range(steps + 1):
        P = ref.softmax(ones @ V)
        history.append(-np.mean(np.log((P * Y).sum(axis=1))))
        if step < steps:
            V -= step_size * ones.T @ (P - Y) / len(X)
    return [V[:-1], V[-1], history]


@alternative("fit", "float32")
def fit_in_float32(X, y, k, steps, step_size):
    X = X.astype(np.float32)
    W, b = np.zeros((X.shape[1], k), np.float32), np.zeros(k, np.float32)
    history = [np.float32(ref.objective(W, b, X, y))]
    for _ in range(steps):
        dW, db = ref.gradient(W, b, X, y)
        W += np.float32(step_size / len(y)) * dW
        b += np.float32(step_size / len(y)) * db
        history.append(np.float32(ref.objective(W, b, X, y)))
    return W, b, np.array(history)


# predict


@mistake("predict", "Your predict takes the least likely class.")
def predict_the_least_likely(W, b, X):
    return np.argmin(X @ W + b, axis=1)


@mistake("predict", "Your predict counts classes from 1: they are numbered from 0.")
def predict_from_one(W, b, X):
    return np.argmax(X @ W + b, axis=1) + 1


@mistake("predict", "Your predict ignores b: the scores are x W + b.")
def predict_without_b(W, b, X):
    return np.argmax(X @ W, axis=1)


@mistake("predict", "Your predict returns probabilities: the class is asked for.")
def predict_probabilities(W, b, X):
    return ref.softmax(X @ W + b)


@mistake("predict", "Your predict looks for the best example of each class: use axis 1.")
def predict_over_the_wrong_axis(W, b, X):
    return np.argmax(X @ W + b, axis=0)


@mistake("predict", "Your predict takes the largest absolute score: signs matter.")
def predict_by_absolute_scores(W, b, X):
    return np.argmax(np.abs(X @ W + b), axis=1)


@mistake("predict", "Your predict knows two classes only: take the largest of k probabilities.")
def predict_two_classes(W, b, X):
    return (ref.softmax(X @ W + b)[:, 1] > 0.5).astype(int)


@mistake("predict", "Your predict returns the largest score: its class is asked for.")
def predict_the_score(W, b, X):
    return (X @ W + b).max(axis=1)


@mistake("predict", "Your predict returns one number for all examples: use axis 1.")
def predict_for_all_at_once(W, b, X):
    return np.argmax(X @ W + b)


@mistake("predict", "Your predict returns one-hot rows: the number of the class is asked for.")
def predict_one_hot(W, b, X):
    return onehot(ref.predict(W, b, X), len(b))


@mistake("predict", "Your predict has shape (n, 1): (n,) is asked for.")
def predict_as_a_column(W, b, X):
    return ref.predict(W, b, X)[:, None]


@alternative("predict", "from probabilities, the last of tied classes, as floats")
def predict_from_probabilities(W, b, X):
    P = ref.softmax(X @ W + b)
    return (P.shape[1] - 1 - np.argmax(P[:, ::-1], axis=1)).astype(float)


@alternative("predict", "a list, one example at a time")
def predict_by_loops(W, b, X):
    return [int(max(range(len(b)), key=lambda c, x=x: x @ W[:, c] + b[c])) for x in X]


# plot_history


@mistake("plot_history", "Your figure has no axis labels.")
def plot_without_labels(history):
    figure, axes = plt.subplots()
    axes.plot(history)
    return figure


@mistake("plot_history", "Your figure labels only one axis.")
def plot_with_one_label(history):
    figure, axes = plt.subplots()
    axes.plot(history)
    axes.set_ylabel("objective")
    return figure


@mistake("plot_history", "Your figure shows something else than the history.")
def plot_of_differences(history):
    figure, axes = plt.subplots()
    axes.plot(np.diff(history))
    axes.set(xlabel="iteration", ylabel="objective")
    return figure


@mistake("plot_history", "Your axes are swapped: the iteration goes along x.")
def plot_turned_round(history):
    figure, axes = plt.subplots()
    axes.plot(history, np.arange(len(history)))
    axes.set(xlabel="objective", ylabel="iteration")
    return figure


@mistake("plot_history", "Your axes are empty.")
def plot_of_nothing(history):
    figure, axes = plt.subplots()
    axes.set(xlabel="iteration", ylabel="objective")
    return figure


@alternative("plot_history", "pyplot, iterations from 1, a logarithmic axis, returns None")
def plot_with_pyplot(history):
    plt.figure()
    plt.semilogy(range(1, len(history) + 1), history, "o-")
    plt.xlabel("iteration")
    plt.ylabel("objective")


@alternative("plot_history", "points, returns figure and axes")
def plot_points(history):
    figure, axes = plt.subplots()
    axes.scatter(np.arange(len(history)), history, marker=".")
    axes.set(xlabel="Schritt", ylabel=r"$L(W, b)$", title="Verlauf")
    return figure, axes
