"""Linear regression done wrong in one function, and done differently and rightly."""

import linear_regression as ref
import matplotlib.pyplot as plt
import numpy as np

from grader.checks.variants import alternative, mistake


def penalty_of(w, lam, penalty):
    """P(w), as it should be."""
    if penalty == "l1":
        return lam / len(w) * np.sum(np.abs(w))
    return lam / len(w) * np.sum(w**2) if penalty == "l2" else 0.0


def slope_of(w, lam, penalty):
    """dP/dw, as it should be."""
    if penalty == "l1":
        return lam / len(w) * np.sign(w)
    return 2 * lam / len(w) * w if penalty == "l2" else 0.0 * w


def scaled_gradient(*, errors=1.0, part=1.0, on_b=0.0):
    """A gradient with factors before the part of the errors and that of the penalty.

    on_b: a factor before a penalty's slope in db, where none belongs.
    """

    def gradient(w, b, X, y, lam, penalty):
        r = X @ w + b - y
        dw, db = 2 * errors * X.T @ r / len(y), 2 * errors * np.mean(r)
        more = {"l1": np.sign(b), "l2": 2 * b}.get(penalty, 0.0) * lam / len(w)
        return dw + part * slope_of(w, lam, penalty), db + on_b * more

    return gradient


def descend(X, y, lam, penalty, steps, step_size, *, gradient=ref.gradient, start=None):
    """All iterates (w, b) of a descent, the start included."""
    path = [start or (np.zeros(X.shape[1]), 0.0)]
    for _ in range(steps):
        w, b = path[-1]
        dw, db = gradient(w, b, X, y, lam, penalty)
        path.append((w - step_size * dw, b - step_size * db))
    return path


def losses(path, X, y, lam, penalty):
    return np.array([ref.loss(w, b, X, y, lam, penalty) for w, b in path])


def ridge(X, y, alpha, *, errors=1.0):
    """The minimiser of errors * sum of the squared errors + alpha |w|^2, with b free."""
    Xc, yc = X - X.mean(axis=0), y - y.mean()
    w = np.linalg.pinv(errors * Xc.T @ Xc + alpha * np.eye(X.shape[1])) @ (errors * Xc.T @ yc)
    return w, float(y.mean() - w @ X.mean(axis=0))


def augmented(X, y, weights):
    """The minimiser of the mean squared error + weights[j] w_j^2, the last of them for b."""
    A = np.column_stack([X, np.ones(len(X))])
    both = np.linalg.pinv(A.T @ A / len(X) + np.diag(weights)) @ A.T @ y / len(X)
    return both[:-1], float(both[-1])


def without_b(X, y, lam):
    """The minimiser w of the loss with "l2" where b is 0."""
    n, k = X.shape
    return np.linalg.pinv(X.T @ X / n + lam / k * np.eye(k)) @ X.T @ y / n


def following(gradient):
    """A fit that descends along something else than the gradient."""

    def fit(X, y, lam, penalty, steps, step_size):
        path = descend(X, y, lam, penalty, steps, step_size, gradient=gradient)
        return *path[-1], losses(path, X, y, lam, penalty)

    return fit


# predict


@mistake("predict", "Your predict lacks b: f(x) = w.x + b.")
def predict_without_b(w, b, X):
    return X @ w


@mistake("predict", "Your predict subtracts b: f(x) = w.x + b.")
def predict_minus_b(w, b, X):
    return X @ w - b


@mistake("predict", "Your predict adds b to each product: it is added once to each sum.")
def predict_with_b_in_every_product(w, b, X):
    return (X * w + b).sum(axis=1)


@mistake("predict", "Your predict divides w.x by the number of features.")
def predict_of_means(w, b, X):
    return (X * w).mean(axis=1) + b


@mistake("predict", "Your predict has shape (n, 1): (n,) is asked for.")
def predict_as_a_column(w, b, X):
    return X @ w[:, None] + b


@mistake("predict", "Your predict has the opposite sign.")
def predict_with_the_sign_turned(w, b, X):
    return -(X @ w + b)


@alternative("predict", "one example at a time, a list")
def predict_by_loops(w, b, X):
    return [sum(float(x[j]) * float(w[j]) for j in range(len(w))) + b for x in X]


@alternative("predict", "float32, with b as one more weight")
def predict_in_float32(w, b, X):
    A = np.column_stack([X, np.ones(len(X))]).astype(np.float32)
    return A @ np.append(w, b).astype(np.float32)


# loss


@mistake("loss", "Your loss is a sum over the examples: it is their mean.")
def loss_is_a_sum(w, b, X, y, lam, penalty):
    return np.sum((X @ w + b - y) ** 2) + penalty_of(w, lam, penalty)


@mistake(
    "loss",
    "Your loss adds up the squared errors and does not divide lam by k, as scikit-learn's Ridge "
    "does: the mean over the n examples and lam / k are asked for.",
)
def loss_of_sums(w, b, X, y, lam, penalty):
    return np.sum((X @ w + b - y) ** 2) + len(w) * penalty_of(w, lam, penalty)


@mistake("loss", "Your loss has 1/(2n) in place of 1/n.")
def loss_with_half_the_error(w, b, X, y, lam, penalty):
    return np.mean((X @ w + b - y) ** 2) / 2 + penalty_of(w, lam, penalty)


@mistake(
    "loss",
    "Your loss has 1/(2n) in place of 1/n, and lam is not divided by k, as in "
    "scikit-learn's Lasso.",
)
def loss_of_lasso(w, b, X, y, lam, penalty):
    if penalty == "l2":  # the Lasso has no such penalty
        return ref.loss(w, b, X, y, lam, penalty)
    return np.mean((X @ w + b - y) ** 2) / 2 + len(w) * penalty_of(w, lam, penalty)


@mistake("loss", "Your loss has 1/(2n) in place of 1/n, and lam is not divided by k.")
def loss_with_half_the_error_and_all_of_lam(w, b, X, y, lam, penalty):
    if penalty != "l2":
        return ref.loss(w, b, X, y, lam, penalty)
    return np.mean((X @ w + b - y) ** 2) / 2 + len(w) * penalty_of(w, lam, penalty)


@mistake(
    "loss",
    "Your loss has 1/(2n) in place of 1/n and lam / 2 in place of lam / k, as in scikit-learn's "
    "ElasticNet without an L1 part.",
)
def loss_of_elastic_net(w, b, X, y, lam, penalty):
    if penalty != "l2":
        return ref.loss(w, b, X, y, lam, penalty)
    return np.mean((X @ w + b - y) ** 2) / 2 + len(w) / 2 * penalty_of(w, lam, penalty)


@mistake("loss", "Your loss is halved as a whole, the penalty too: 1/n and lam / k are asked for.")
def loss_halved(w, b, X, y, lam, penalty):
    return ref.loss(w, b, X, y, lam, penalty) / 2


@mistake("loss", "Your penalty is not divided by k, the number of features.")
def loss_with_lam_not_divided(w, b, X, y, lam, penalty):
    return np.mean((X @ w + b - y) ** 2) + len(w) * penalty_of(w, lam, penalty)


@mistake("loss", "Your penalty is divided by n: it is divided by k, the number of features.")
def loss_with_lam_over_n(w, b, X, y, lam, penalty):
    return np.mean((X @ w + b - y) ** 2) + len(w) / len(y) * penalty_of(w, lam, penalty)


@mistake("loss", "Your penalty has lam / 2 in place of lam / k.")
def loss_with_half_of_lam(w, b, X, y, lam, penalty):
    return np.mean((X @ w + b - y) ** 2) + len(w) / 2 * penalty_of(w, lam, penalty)


@mistake("loss", "Your penalty is lam / (2k): it is lam / k.")
def loss_with_half_of_the_penalty(w, b, X, y, lam, penalty):
    return np.mean((X @ w + b - y) ** 2) + penalty_of(w, lam, penalty) / 2


@mistake("loss", "Your loss penalises b: the penalty holds w only.")
def loss_that_penalises_b(w, b, X, y, lam, penalty):
    more = {"l1": abs(b), "l2": b**2}.get(penalty, 0.0)
    return ref.loss(w, b, X, y, lam, penalty) + lam / len(w) * more


@mistake("loss", "Your loss penalises b and divides lam by k + 1: the penalty holds w only.")
def loss_that_counts_b_as_a_weight(w, b, X, y, lam, penalty):
    both = np.append(w, b)
    return ref.loss(w, b, X, y, 0.0, penalty) + penalty_of(both, lam, penalty)


@mistake("loss", "Your L2 penalty is the norm of w: its square is asked for.")
def loss_with_the_norm(w, b, X, y, lam, penalty):
    if penalty != "l2":
        return ref.loss(w, b, X, y, lam, penalty)
    return ref.loss(w, b, X, y, 0.0, "none") + lam / len(w) * np.linalg.norm(w)


@mistake("loss", "Your loss has the two penalties exchanged: l1 takes |w_j|, l2 takes w_j^2.")
def loss_with_the_penalties_exchanged(w, b, X, y, lam, penalty):
    other = {"l1": "l2", "l2": "l1"}.get(penalty, penalty)
    return ref.loss(w, b, X, y, lam, other)


@mistake("loss", "Your L1 penalty adds up the weights themselves: take their absolute values.")
def loss_without_absolute_values(w, b, X, y, lam, penalty):
    if penalty != "l1":
        return ref.loss(w, b, X, y, lam, penalty)
    return ref.loss(w, b, X, y, 0.0, "none") + lam / len(w) * np.sum(w)


@mistake("loss", "Your loss has no penalty.")
def loss_without_penalty(w, b, X, y, lam, penalty):
    return ref.loss(w, b, X, y, 0.0, penalty)


@mistake("loss", 'Your loss has a penalty with "none" as well: lam is ignored there.')
def loss_with_a_penalty_always(w, b, X, y, lam, penalty):
    return ref.loss(w, b, X, y, lam, "l2" if penalty == "none" else penalty)


@mistake("loss", "Your loss subtracts the penalty: it is added.")
def loss_less_the_penalty(w, b, X, y, lam, penalty):
    return ref.loss(w, b, X, y, -lam, penalty)


@mistake("loss", "Your loss is the root of the mean squared error: no root is asked for.")
def loss_with_a_root(w, b, X, y, lam, penalty):
    return np.sqrt(np.mean((X @ w + b - y) ** 2)) + penalty_of(w, lam, penalty)


@mistake("loss", "Your loss takes absolute errors: they are to be squared.")
def loss_of_absolute_errors(w, b, X, y, lam, penalty):
    return np.mean(np.abs(X @ w + b - y)) + penalty_of(w, lam, penalty)


@mistake("loss", "Your loss ignores b: f(x) = w.x + b.")
def loss_without_b(w, b, X, y, lam, penalty):
    return ref.loss(w, 0.0, X, y, lam, penalty)


@mistake("loss", "Your loss divides the errors by n - 1: it is their mean, divided by n.")
def loss_over_n_less_one(w, b, X, y, lam, penalty):
    with np.errstate(all="ignore"):
        return np.sum((X @ w + b - y) ** 2) / np.float64(len(y) - 1) + penalty_of(w, lam, penalty)


@mistake("loss", "Your loss accepts an unknown penalty: raise ValueError.")
def loss_accepts_anything(w, b, X, y, lam, penalty):
    return ref.loss(w, b, X, y, lam, penalty if penalty in ("l1", "l2") else "none")


@alternative("loss", "a loop over the examples, a 0-d array")
def loss_by_loops(w, b, X, y, lam, penalty):
    if penalty not in ("none", "l1", "l2"):
        raise ValueError(penalty)
    total = np.zeros(())
    for x, target in zip(X, y, strict=True):
        total += (sum(x * w) + b - target) ** 2
    powers = {"none": [0.0], "l1": [abs(v) for v in w], "l2": [v * v for v in w]}
    return total / len(y) + lam * sum(powers[penalty]) / len(w)


@alternative("loss", "norms, and an exception class of its own")
def loss_by_norms(w, b, X, y, lam, penalty):
    class UnknownPenalty(ValueError):
        pass

    error = np.linalg.norm(X @ w + b - y) ** 2 / len(y)
    if penalty == "none":
        return error
    if penalty not in ("l1", "l2"):
        raise UnknownPenalty(f"no penalty is called {penalty}")
    order = int(penalty[1])
    return error + lam * np.linalg.norm(w, order) ** order / len(w)


# gradient


@mistake("gradient", "Your gradient lacks the factor 2 of the squared errors.")
def gradient_without_the_two(w, b, X, y, lam, penalty):
    return scaled_gradient(errors=0.5)(w, b, X, y, lam, penalty)


@mistake(
    "gradient",
    "Your gradient is that of scikit-learn's SGDRegressor: half the squared errors, and lam times "
    "the penalty, not divided by k.",
)
def gradient_of_sgd_regressor(w, b, X, y, lam, penalty):
    if penalty == "none":
        return ref.gradient(w, b, X, y, lam, penalty)
    part = len(w) / (2 if penalty == "l2" else 1)
    return scaled_gradient(errors=0.5, part=part)(w, b, X, y, lam, penalty)


@mistake("gradient", "Your gradient is half of what it should be, the penalty's part too.")
def gradient_halved(w, b, X, y, lam, penalty):
    dw, db = ref.gradient(w, b, X, y, lam, penalty)
    return dw / 2, db / 2


@mistake("gradient", "Your gradient adds up the examples: loss is a mean.")
def gradient_of_the_sum(w, b, X, y, lam, penalty):
    return scaled_gradient(errors=len(y))(w, b, X, y, lam, penalty)


@mistake("gradient", "Your gradient has the opposite sign.")
def gradient_turned_round(w, b, X, y, lam, penalty):
    dw, db = ref.gradient(w, b, X, y, lam, penalty)
    return -dw, -db


@mistake("gradient", "Your gradient takes y - f(x) for the error, so its part has the wrong sign.")
def gradient_with_errors_turned_round(w, b, X, y, lam, penalty):
    dw, db = ref.gradient(w, b, X, y, lam, "none")
    return -dw + slope_of(w, lam, penalty), -db


@mistake("gradient", "Your db adds up the errors: it is a mean, as dw is.")
def gradient_with_a_sum_for_db(w, b, X, y, lam, penalty):
    dw, db = ref.gradient(w, b, X, y, lam, penalty)
    return dw, db * len(y)


@mistake("gradient", "Your db is zero: b moves every prediction.")
def gradient_without_db(w, b, X, y, lam, penalty):
    return ref.gradient(w, b, X, y, lam, penalty)[0], 0.0


@mistake("gradient", "Your db holds a penalty: b is not penalised.")
def gradient_that_penalises_b(w, b, X, y, lam, penalty):
    return scaled_gradient(on_b=1.0)(w, b, X, y, lam, penalty)


@mistake("gradient", "Your gradient has no part of the penalty.")
def gradient_without_penalty(w, b, X, y, lam, penalty):
    return ref.gradient(w, b, X, y, lam, "none")


@mistake("gradient", 'Your gradient has a penalty with "none" as well: lam is ignored there.')
def gradient_with_a_penalty_always(w, b, X, y, lam, penalty):
    return ref.gradient(w, b, X, y, lam, "l2" if penalty == "none" else penalty)


@mistake("gradient", "Your gradient lacks the factor 2 of the L2 penalty.")
def gradient_with_half_the_penalty(w, b, X, y, lam, penalty):
    return ref.gradient(w, b, X, y, lam / 2 if penalty == "l2" else lam, penalty)


@mistake("gradient", "The penalty's part of your dw is not divided by k, the number of features.")
def gradient_with_lam_not_divided(w, b, X, y, lam, penalty):
    return ref.gradient(w, b, X, y, lam * len(w), penalty)


@mistake("gradient", "The penalty's part of your dw is divided by n: it is divided by k.")
def gradient_with_lam_over_n(w, b, X, y, lam, penalty):
    return ref.gradient(w, b, X, y, lam * len(w) / len(y), penalty)


@mistake("gradient", "Your L1 penalty has the slope w: that of |w_j| is the sign of w_j.")
def gradient_of_l1_with_the_weights(w, b, X, y, lam, penalty):
    dw, db = ref.gradient(w, b, X, y, lam, "none")
    return dw + (lam / len(w) * w if penalty == "l1" else slope_of(w, lam, penalty)), db


@mistake("gradient", "Your L1 penalty has the slope |w|: that of |w_j| is the sign of w_j.")
def gradient_of_l1_with_absolute_values(w, b, X, y, lam, penalty):
    dw, db = ref.gradient(w, b, X, y, lam, "none")
    return dw + (lam / len(w) * np.abs(w) if penalty == "l1" else slope_of(w, lam, penalty)), db


@mistake("gradient", "Your L1 penalty has the slope 1 everywhere: where w_j < 0 it is -1.")
def gradient_of_l1_with_ones(w, b, X, y, lam, penalty):
    dw, db = ref.gradient(w, b, X, y, lam, "none")
    return dw + (lam / len(w) if penalty == "l1" else slope_of(w, lam, penalty)), db


@mistake("gradient", "Your L1 penalty divides w_j by |w_j|, which is 0 / 0 where a weight is 0.")
def gradient_of_l1_by_division(w, b, X, y, lam, penalty):
    if penalty != "l1":
        return ref.gradient(w, b, X, y, lam, penalty)
    dw, db = ref.gradient(w, b, X, y, lam, "none")
    with np.errstate(invalid="ignore"):
        return dw + lam / len(w) * w / np.abs(w), db


@mistake("gradient", "Your L1 penalty has the slope of the L2 penalty.")
def gradient_of_l1_as_l2(w, b, X, y, lam, penalty):
    return ref.gradient(w, b, X, y, lam, "l2" if penalty == "l1" else penalty)


@mistake("gradient", "Your L2 penalty has the slope of the L1 penalty.")
def gradient_of_l2_as_l1(w, b, X, y, lam, penalty):
    return ref.gradient(w, b, X, y, lam, "l1" if penalty == "l2" else penalty)


@mistake("gradient", "Your gradient ignores b in the errors: f(x) = w.x + b.")
def gradient_without_b(w, b, X, y, lam, penalty):
    return ref.gradient(w, 0.0, X, y, lam, penalty)


@mistake("gradient", "Your gradient uses the predictions where the errors f(x) - y are meant.")
def gradient_of_predictions(w, b, X, y, lam, penalty):
    return ref.gradient(w, b, X, 0 * y, lam, penalty)


@mistake("gradient", "Your gradient returns db first: it is (dw, db).")
def gradient_the_other_way_round(w, b, X, y, lam, penalty):
    return ref.gradient(w, b, X, y, lam, penalty)[::-1]


@mistake("gradient", "Your gradient joins dw and db in one array: return the two of them.")
def gradient_in_one_array(w, b, X, y, lam, penalty):
    return np.append(*ref.gradient(w, b, X, y, lam, penalty))


@alternative("gradient", "one example at a time, a list of two")
def gradient_by_loops(w, b, X, y, lam, penalty):
    dw, db = [0.0] * len(w), 0.0
    for x, target in zip(X, y, strict=True):
        r = sum(x * w) + b - target
        db += 2 * r / len(y)
        for j in range(len(w)):
            dw[j] += 2 * r * x[j] / len(y)
    return [np.array(dw) + slope_of(w, lam, penalty), db]


@alternative("gradient", "b is one more weight")
def gradient_with_a_column_of_ones(w, b, X, y, lam, penalty):
    A = np.column_stack([X, np.ones(len(X))])
    both = 2 * A.T @ (A @ np.append(w, b) - y) / len(y)
    return both[:-1] + slope_of(w, lam, penalty), both[-1]


@alternative("gradient", "central differences of loss, and any slope where |w_j| has a kink")
def gradient_by_differences(w, b, X, y, lam, penalty):
    def slope(j, h=1e-4):
        both = np.append(w, b)
        step = h * np.eye(len(both))[j]
        above, below = both + step, both - step
        return (
            ref.loss(above[:-1], above[-1], X, y, lam, penalty)
            - ref.loss(below[:-1], below[-1], X, y, lam, penalty)
        ) / (2 * h)

    both = np.array([slope(j) for j in range(len(w) + 1)])
    return both[:-1], both[-1]


@alternative("gradient", "float32")
def gradient_in_float32(w, b, X, y, lam, penalty):
    narrow = [np.asarray(a, dtype=np.float32) for a in (w, b, X, y)]
    dw, db = ref.gradient(*narrow, np.float32(lam), penalty)
    return np.asarray(dw, dtype=np.float32), np.float32(db)


# solve


@mistake("solve", "Your solve penalises b as well: only w is penalised.")
def solve_that_penalises_b(X, y, lam):
    return augmented(X, y, np.full(X.shape[1] + 1, lam / X.shape[1]))


@mistake(
    "solve",
    "Your solve penalises b as well, as scikit-learn's LinearSVC does, and divides lam by k + 1: "
    "only w is penalised.",
)
def solve_that_counts_b_as_a_weight(X, y, lam):
    return augmented(X, y, np.full(X.shape[1] + 1, lam / (X.shape[1] + 1)))


@mistake("solve", "Your lam is not divided by k, the number of features.")
def solve_with_lam_not_divided(X, y, lam):
    return ridge(X, y, lam * len(y))


@mistake(
    "solve",
    "Your lam is divided by n where k is meant. That is scikit-learn's Ridge, which minimises the "
    "sum of the squared errors plus lam times |w|^2.",
)
def solve_as_ridge_does(X, y, lam):
    return ridge(X, y, lam)


@mistake(
    "solve",
    "Your solve adds up the squared errors, or divides lam by n as well as by k: it is the mean of "
    "the squared errors, and lam / k.",
)
def solve_of_the_sum(X, y, lam):
    return ridge(X, y, lam / X.shape[1])


@mistake(
    "solve",
    "In your solve the penalty counts twice as much as it should. 1/(2n) in place of 1/n does "
    "that.",
)
def solve_with_half_the_error(X, y, lam):
    return ridge(X, y, 2 * lam * len(y) / X.shape[1])


@mistake(
    "solve",
    "In your solve the penalty counts half as much as it should. Its derivative is 2 lam / k "
    "times w.",
)
def solve_with_half_the_penalty(X, y, lam):
    return ridge(X, y, lam * len(y) / X.shape[1] / 2)


@mistake("solve", "Your solve ignores lam.")
def solve_without_penalty(X, y, lam):
    return ridge(X, y, 0.0)


@mistake("solve", "Your solve fits no b: f(x) = w.x + b.")
def solve_without_b(X, y, lam):
    return without_b(X, y, lam), 0.0


@mistake("solve", "Your b is the mean of y: subtract w times the means of the features.")
def solve_with_the_mean_for_b(X, y, lam):
    return ref.solve(X, y, lam)[0], float(y.mean())


@mistake("solve", "Your w is found without b, and b is fitted only afterwards: they go together.")
def solve_in_turn(X, y, lam):
    w = without_b(X, y, lam)
    return w, float(np.mean(y - X @ w))


@mistake(
    "solve",
    "Your b is 0, as it is for centred data: here it is mean(y) less w times the features' means.",
)
def solve_with_b_of_centred_data(X, y, lam):
    return ref.solve(X - X.mean(axis=0), y - y.mean(), lam)


@mistake("solve", "Your solve returns b first: it is (w, b).")
def solve_the_other_way_round(X, y, lam):
    return ref.solve(X, y, lam)[::-1]


@mistake("solve", "Your solve standardises the features: w belongs to the X that was given.")
def solve_of_standardised_features(X, y, lam):
    return ref.solve(ref.standardise(X)[0], y, lam)


@mistake("solve", "Your solve has lam with the wrong sign.")
def solve_with_lam_turned_round(X, y, lam):
    return ridge(X, y, -lam * len(y) / X.shape[1])


@alternative("solve", "a column of ones whose weight is not penalised")
def solve_with_a_column_of_ones(X, y, lam):
    k = X.shape[1]
    return augmented(X, y, np.append(np.full(k, lam / k), 0.0))


@alternative("solve", "least squares with rows for the penalty, lists")
def solve_by_stacking(X, y, lam):
    n, k = X.shape
    rows = np.sqrt(lam * n / k) * np.eye(k, k + 1)
    A = np.vstack([np.column_stack([X, np.ones(n)]), rows])
    both = np.linalg.lstsq(A, np.append(y, np.zeros(k)), rcond=None)[0].tolist()
    return [both[:-1], both[-1]]


@alternative("solve", "float32")
def solve_in_float32(X, y, lam):
    X, y = X.astype(np.float32), y.astype(np.float32)
    n, k = X.shape
    Xc, yc = X - X.mean(axis=0), y - y.mean()
    G = Xc.T @ Xc / np.float32(n) + np.float32(lam / k) * np.eye(k, dtype=np.float32)
    w = np.linalg.solve(G, Xc.T @ yc / np.float32(n))
    return w, y.mean() - w @ X.mean(axis=0)


@alternative("solve", "singular values of the centred features")
def solve_by_singular_values(X, y, lam):
    n, k = X.shape
    U, s, Vt = np.linalg.svd(X - X.mean(axis=0), full_matrices=False)
    factor = np.divide(s, s**2 + lam * n / k, out=np.zeros_like(s), where=s > 1e-12)
    w = Vt.T @ (factor * (U.T @ (y - y.mean())))
    return w, np.mean(y - X @ w)


# fit


@mistake("fit", "Your fit climbs: step against the gradient.")
def fit_climbs(X, y, lam, penalty, steps, step_size):
    return following(ref.gradient)(X, y, lam, penalty, steps, -step_size)


@mistake("fit", "Your fit steps along the gradient of a sum: loss is a mean over the examples.")
def fit_descends_the_sum(X, y, lam, penalty, steps, step_size):
    return following(scaled_gradient(errors=len(y)))(X, y, lam, penalty, steps, step_size)


@mistake("fit", "Your fit lacks the factor 2 in the slope of the squared errors.")
def fit_without_the_two(X, y, lam, penalty, steps, step_size):
    return following(scaled_gradient(errors=0.5))(X, y, lam, penalty, steps, step_size)


@mistake(
    "fit",
    "Your fit descends what scikit-learn's SGDRegressor does: half the squared errors, and lam "
    "times the penalty, not divided by k.",
)
def fit_of_sgd_regressor(X, y, lam, penalty, steps, step_size):
    part = {"none": 1.0, "l1": X.shape[1], "l2": X.shape[1] / 2}[penalty]
    errors = 1.0 if penalty == "none" else 0.5
    slope = scaled_gradient(errors=errors, part=part)
    return following(slope)(X, y, lam, penalty, steps, step_size)


@mistake("fit", "Your fit penalises b as well: only w is penalised.")
def fit_that_penalises_b(X, y, lam, penalty, steps, step_size):
    return following(scaled_gradient(on_b=1.0))(X, y, lam, penalty, steps, step_size)


@mistake("fit", "Your fit descends without the penalty.")
def fit_without_penalty(X, y, lam, penalty, steps, step_size):
    return following(scaled_gradient(part=0.0))(X, y, lam, penalty, steps, step_size)


@mistake("fit", "Your fit does not divide lam by k on its way down.")
def fit_with_lam_not_divided(X, y, lam, penalty, steps, step_size):
    return following(scaled_gradient(part=X.shape[1]))(X, y, lam, penalty, steps, step_size)


@mistake("fit", 'Your fit takes the slope 1 at w_j = 0 with "l1": sign(0) is 0.')
def fit_with_slope_1_at_0(X, y, lam, penalty, steps, step_size):
    def gradient(w, b, X, y, lam, penalty):
        dw, db = ref.gradient(w, b, X, y, lam, penalty)
        return dw + (lam / len(w) * (w == 0) if penalty == "l1" else 0.0), db

    return following(gradient)(X, y, lam, penalty, steps, step_size)


@mistake("fit", 'Your fit takes the slope -1 at w_j = 0 with "l1": sign(0) is 0.')
def fit_with_slope_minus_1_at_0(X, y, lam, penalty, steps, step_size):
    def gradient(w, b, X, y, lam, penalty):
        dw, db = ref.gradient(w, b, X, y, lam, penalty)
        return dw - (lam / len(w) * (w == 0) if penalty == "l1" else 0.0), db

    return following(gradient)(X, y, lam, penalty, steps, step_size)


@mistake(
    "fit",
    'With "l1" your fit shrinks the weights towards 0 after each step and stops there (soft '
    "thresholding, as proximal methods do): subgradient descent is asked for.",
)
def fit_with_soft_thresholds(X, y, lam, penalty, steps, step_size):
    if penalty != "l1":
        return ref.fit(X, y, lam, penalty, steps, step_size)
    path = [(np.zeros(X.shape[1]), 0.0)]
    for _ in range(steps):
        w, b = path[-1]
        dw, db = ref.gradient(w, b, X, y, lam, "none")
        w = w - step_size * dw
        w = np.sign(w) * np.maximum(np.abs(w) - step_size * lam / len(w), 0.0)
        path.append((w, b - step_size * db))
    return *path[-1], losses(path, X, y, lam, penalty)


@mistake("fit", "Your fit does not start from zeros.")
def fit_starts_elsewhere(X, y, lam, penalty, steps, step_size):
    start = 0.1 * np.random.default_rng(0).normal(size=X.shape[1]), 0.0
    path = descend(X, y, lam, penalty, steps, step_size, start=start)
    return *path[-1], losses(path, X, y, lam, penalty)


@mistake("fit", "Your b starts at the mean of y: it starts at 0.")
def fit_starts_at_the_mean(X, y, lam, penalty, steps, step_size):
    start = np.zeros(X.shape[1]), float(y.mean())
    path = descend(X, y, lam, penalty, steps, step_size, start=start)
    return *path[-1], losses(path, X, y, lam, penalty)


@mistake("fit", "Your history lacks the start: it has steps + 1 entries.")
def fit_history_without_the_start(X, y, lam, penalty, steps, step_size):
    w, b, history = ref.fit(X, y, lam, penalty, steps, step_size)
    return w, b, history[1:]


@mistake("fit", "Your history lacks the loss after the last step: it has steps + 1 entries.")
def fit_history_without_the_end(X, y, lam, penalty, steps, step_size):
    w, b, history = ref.fit(X, y, lam, penalty, steps, step_size)
    return w, b, history[:-1]


@mistake("fit", "Your history holds the errors alone: the penalty belongs to the loss.")
def fit_history_without_the_penalty(X, y, lam, penalty, steps, step_size):
    path = descend(X, y, lam, penalty, steps, step_size)
    return *path[-1], losses(path, X, y, lam, "none")


@mistake("fit", "Your history is one step behind: its last entry belongs to the returned w and b.")
def fit_history_one_step_behind(X, y, lam, penalty, steps, step_size):
    w, b, history = ref.fit(X, y, lam, penalty, steps, step_size)
    return w, b, np.append(history[:1], history[:-1])


@mistake("fit", "Your fit takes one step too few.")
def fit_takes_one_step_less(X, y, lam, penalty, steps, step_size):
    return ref.fit(X, y, lam, penalty, max(steps - 1, 0), step_size)


@mistake("fit", "Your fit takes one step too many.")
def fit_takes_one_step_more(X, y, lam, penalty, steps, step_size):
    return ref.fit(X, y, lam, penalty, steps + 1, step_size)


@mistake("fit", "Your fit returns the best iterate: the last one is asked for.")
def fit_returns_the_best(X, y, lam, penalty, steps, step_size):
    path = descend(X, y, lam, penalty, steps, step_size)
    values = losses(path, X, y, lam, penalty)
    return *path[int(values.argmin())], values


@mistake("fit", "Your fit returns the mean of the iterates: the last one is asked for.")
def fit_returns_the_mean(X, y, lam, penalty, steps, step_size):
    path = descend(X, y, lam, penalty, steps, step_size)
    w, b = (np.mean([point[i] for point in path], axis=0) for i in (0, 1))
    return w, b, losses(path, X, y, lam, penalty)


@mistake("fit", "Your fit never changes b.")
def fit_without_b(X, y, lam, penalty, steps, step_size):
    def gradient(w, b, X, y, lam, penalty):
        return ref.gradient(w, b, X, y, lam, penalty)[0], 0.0

    return following(gradient)(X, y, lam, penalty, steps, step_size)


@mistake("fit", "Your fit updates w first and takes db at the new w: update both at once.")
def fit_updates_in_turn(X, y, lam, penalty, steps, step_size):
    path = [(np.zeros(X.shape[1]), 0.0)]
    for _ in range(steps):
        w, b = path[-1]
        w = w - step_size * ref.gradient(w, b, X, y, lam, penalty)[0]
        path.append((w, b - step_size * ref.gradient(w, b, X, y, lam, penalty)[1]))
    return *path[-1], losses(path, X, y, lam, penalty)


@mistake("fit", "Your step size shrinks: it should stay constant.")
def fit_with_a_shrinking_step(X, y, lam, penalty, steps, step_size):
    path = [(np.zeros(X.shape[1]), 0.0)]
    for t in range(1, steps + 1):
        w, b = path[-1]
        dw, db = ref.gradient(w, b, X, y, lam, penalty)
        path.append((w - step_size / t * dw, b - step_size / t * db))
    return *path[-1], losses(path, X, y, lam, penalty)


@mistake("fit", "Your fit stops early: it takes all the steps, and history has steps + 1 entries.")
def fit_stops_early(X, y, lam, penalty, steps, step_size):
    path = descend(X, y, lam, penalty, steps, step_size)
    values = losses(path, X, y, lam, penalty)
    still = np.flatnonzero(np.diff(values) > -1e-9)
    end = int(still[0]) + 1 if still.size else steps
    return *path[end], values[: end + 1]


@mistake("fit", "Your fit uses one example for each step: every step is over all of them.")
def fit_one_example_at_a_time(X, y, lam, penalty, steps, step_size):
    path = [(np.zeros(X.shape[1]), 0.0)]
    for t in range(steps):
        i = slice(t % len(y), t % len(y) + 1)
        w, b = path[-1]
        dw, db = ref.gradient(w, b, X[i], y[i], lam, penalty)
        path.append((w - step_size * dw, b - step_size * db))
    return *path[-1], losses(path, X, y, lam, penalty)


@mistake("fit", "Your fit solves for the minimum: gradient descent, step by step, is asked for.")
def fit_by_solving(X, y, lam, penalty, steps, step_size):
    w, b = ref.solve(X, y, lam if penalty == "l2" else 0.0)
    return w, b, losses([(w, b)] * (steps + 1), X, y, lam, penalty)


@alternative("fit", "in place, a list for the history, a 0-d array for b")
def fit_in_place(X, y, lam, penalty, steps, step_size):
    w, b = np.zeros(X.shape[1]), np.zeros(())
    history = []
    for t in range(steps + 1):
        r = X @ w + b - y
        history.append(np.mean(r**2) + penalty_of(w, lam, penalty))
        if t < steps:
            w -= step_size * (2 * X.T @ r / len(y) + slope_of(w, lam, penalty))
            b -= step_size * 2 * r.mean()
    return [w, b, history]


@alternative("fit", "float32")
def fit_in_float32(X, y, lam, penalty, steps, step_size):
    X, y = X.astype(np.float32), y.astype(np.float32)
    w, b = np.zeros(X.shape[1], dtype=np.float32), np.float32(0)
    path = [(w, b)]
    for _ in range(steps):
        dw, db = ref.gradient(w, b, X, y, np.float32(lam), penalty)
        w, b = np.float32(w - step_size * dw), np.float32(b - step_size * db)
        path.append((w, b))
    return w, b, losses(path, X, y, lam, penalty).astype(np.float32)


# standardise


def scaled(X, mean, std):
    with np.errstate(all="ignore"):
        return (X - mean) / std, mean, std


@mistake(
    "standardise",
    "Your std divides by n - 1 (ddof=1, as pandas and torch do): divide by n.",
)
def standardise_over_n_less_one(X):
    with np.errstate(all="ignore"):
        std = np.sqrt(((X - X.mean(axis=0)) ** 2).sum(axis=0) / np.float64(len(X) - 1))
    return scaled(X, X.mean(axis=0), np.where(std > 0, std, 1.0))


@mistake("standardise", "Your standardise divides a constant column by 0: take 1 for its std.")
def standardise_with_zero_by_zero(X):
    return scaled(X, X.mean(axis=0), X.std(axis=0))


@mistake("standardise", "Your std of a constant column is 0: it is given as 1.")
def standardise_with_std_0(X):
    Z, mean, _ = ref.standardise(X)
    return Z, mean, X.std(axis=0)


@mistake(
    "standardise",
    "Your standardise keeps std at a tiny number for a constant column: it is given as 1.",
)
def standardise_with_an_epsilon(X):
    return scaled(X, X.mean(axis=0), X.std(axis=0) + 1e-8)


@mistake("standardise", "Your standardise leaves a constant column as it is: it becomes zeros.")
def standardise_that_keeps_constants(X):
    Z, mean, std = ref.standardise(X)
    constant = X.std(axis=0) == 0
    return np.where(constant, X, Z), np.where(constant, 0.0, mean), std


@mistake("standardise", "Your standardise turns a constant column into ones: it becomes zeros.")
def standardise_with_ones(X):
    Z, mean, std = ref.standardise(X)
    return np.where(X.std(axis=0) == 0, 1.0, Z), mean, std


@mistake("standardise", "Your standardise drops constant columns: Z has the shape of X.")
def standardise_without_constants(X):
    kept = X[:, X.std(axis=0) > 0]
    return ref.standardise(kept)


@mistake("standardise", "Your standardise divides by the variance: divide by its root.")
def standardise_by_the_variance(X):
    variance = X.var(axis=0)
    return scaled(X, X.mean(axis=0), np.where(variance > 0, variance, 1.0))


@mistake("standardise", "Your standardise works on rows: each column has a mean and a std.")
def standardise_of_rows(X):
    Z, mean, std = ref.standardise(X.T)
    return Z.T, mean, std


@mistake(
    "standardise", "Your standardise uses one mean and one std for all: each column has its own."
)
def standardise_of_everything(X):
    k = X.shape[1]
    return scaled(X, np.full(k, X.mean()), np.full(k, X.std()))


@mistake("standardise", "Your standardise does not subtract the mean.")
def standardise_without_the_mean(X):
    _, mean, std = ref.standardise(X)
    return X / std, mean, std


@mistake("standardise", "Your standardise only centres: divide by the standard deviation.")
def standardise_that_only_centres(X):
    Z, mean, std = ref.standardise(X)
    return Z * std, mean, std


@mistake("standardise", "Your standardise maps each column to [0, 1]: mean 0 and variance 1.")
def standardise_to_unit_range(X):
    low, span = X.min(axis=0), np.ptp(X, axis=0)
    return scaled(X, low, np.where(span > 0, span, 1.0))


@mistake("standardise", "Your standardise takes medians: the mean is asked for.")
def standardise_by_medians(X):
    _, _, std = ref.standardise(X)
    return scaled(X, np.median(X, axis=0), std)


@mistake("standardise", "Your standardise returns Z alone: (Z, mean, std) is asked for.")
def standardise_without_the_rest(X):
    return ref.standardise(X)[0]


@mistake("standardise", "Your standardise gives the variance for std: take its root.")
def standardise_with_the_variance_for_std(X):
    Z, mean, std = ref.standardise(X)
    return Z, mean, std**2


@alternative("standardise", "one column at a time, lists")
def standardise_by_loops(X):
    columns, means, stds = [], [], []
    for column in X.T.tolist():
        mean = sum(column) / len(column)
        variance = sum((v - mean) ** 2 for v in column) / len(column)
        stds.append(variance**0.5 if variance > 0 else 1.0)
        means.append(mean)
        columns.append([(v - mean) / stds[-1] for v in column])
    return [np.array(columns).T.tolist(), means, tuple(stds)]


@alternative("standardise", "float32")
def standardise_in_float32(X):
    return ref.standardise(X.astype(np.float32))


# coefficient_path


@mistake("coefficient_path", "Your path is in the order of rising lam: keep the order of lams.")
def path_in_order(X, y, lams):
    return ref.coefficient_path(X, y, np.sort(lams))


@mistake("coefficient_path", "Your path is in the order of falling lam: keep the order of lams.")
def path_in_falling_order(X, y, lams):
    return ref.coefficient_path(X, y, np.sort(lams)[::-1])


@mistake("coefficient_path", "Your path is in the reverse order of lams.")
def path_reversed(X, y, lams):
    return ref.coefficient_path(X, y, lams)[::-1]


@mistake("coefficient_path", "Your path is transposed: one row for each lam, (len(lams), k).")
def path_transposed(X, y, lams):
    return ref.coefficient_path(X, y, lams).T


@mistake("coefficient_path", "Your path holds b as well: it holds w only.")
def path_with_b(X, y, lams):
    return np.array([np.append(*ref.solve(X, y, lam)) for lam in lams])


@mistake("coefficient_path", "Your path is that of standardised features: use X as it is given.")
def path_of_standardised_features(X, y, lams):
    return ref.coefficient_path(ref.standardise(X)[0], y, lams)


@mistake("coefficient_path", "Your path fits no b: use solve, which does.")
def path_without_b(X, y, lams):
    return np.array([without_b(X, y, lam) for lam in lams])


@mistake("coefficient_path", "Your path uses the same lam in every row.")
def path_of_one_lam(X, y, lams):
    return ref.coefficient_path(X, y, np.full(len(lams), lams[0]))


@mistake("coefficient_path", "Your path does not divide lam by k.")
def path_with_lam_not_divided(X, y, lams):
    return ref.coefficient_path(X, y, np.asarray(lams) * X.shape[1])


@mistake(
    "coefficient_path",
    "Your path is that of scikit-learn's Ridge, which adds up the squared errors and lam |w|^2: "
    "use solve.",
)
def coefficient_path_of_scikit_learn(X, y, lams):
    return np.array([ridge(X, y, float(lam))[0] for lam in lams])


@mistake("coefficient_path", "Your path holds absolute values: keep the signs.")
def path_of_absolute_values(X, y, lams):
    return np.abs(ref.coefficient_path(X, y, lams))


@mistake("coefficient_path", "Your path takes lams for powers of ten.")
def path_of_powers(X, y, lams):
    with np.errstate(over="ignore"):
        return ref.coefficient_path(X, y, 10.0 ** np.minimum(lams, 300.0))


@alternative("coefficient_path", "a list of lists, from one decomposition")
def path_by_eigenvalues(X, y, lams):
    n, k = X.shape
    Xc, yc = X - X.mean(axis=0), y - y.mean()
    values, V = np.linalg.eigh(Xc.T @ Xc / n)
    c = V.T @ (Xc.T @ yc / n)
    return [(V @ (c / (values + lam / k))).tolist() for lam in lams]


# plot_path


def drawn(lams, path, *, log=True, labels=True):
    figure, axes = plt.subplots()
    axes.plot(lams, path)
    if log:
        axes.set_xscale("log")
    if labels:
        axes.set(xlabel="lam", ylabel="coefficient")
    return figure


@mistake("plot_path", "Your x axis is linear: it should be logarithmic.")
def plot_on_a_linear_axis(lams, path):
    return drawn(lams, path, log=False)


@mistake("plot_path", "Your figure has no axis labels.")
def plot_without_labels(lams, path):
    return drawn(lams, path, labels=False)


@mistake("plot_path", "Your figure draws the coefficients against their number: against lam.")
def plot_of_rows(lams, path):
    figure, axes = plt.subplots()
    axes.plot(path.T)
    axes.set(xlabel="coefficient", ylabel="value", xscale="log")
    return figure


@mistake("plot_path", "Your figure draws against the logarithm of lam: set the axis's scale.")
def plot_against_logarithms(lams, path):
    figure, axes = plt.subplots()
    axes.plot(np.log10(lams), path)
    axes.set(xlabel="log10 lam", ylabel="coefficient")
    return figure


@mistake("plot_path", "Your figure draws one coefficient only.")
def plot_of_one_coefficient(lams, path):
    return drawn(lams, path[:, 0])


@mistake("plot_path", "Your figure draws the norm of the coefficients: one curve for each.")
def plot_of_norms(lams, path):
    return drawn(lams, np.linalg.norm(path, axis=1))


@mistake("plot_path", "Your figure draws absolute values: keep the signs.")
def plot_of_absolute_values(lams, path):
    return drawn(lams, np.abs(path))


@mistake("plot_path", "Your axes are swapped: lam goes along x.")
def plot_turned_round(lams, path):
    figure, axes = plt.subplots()
    for column in path.T:
        axes.plot(column, lams)
    axes.set(xlabel="coefficient", ylabel="lam", xscale="symlog", yscale="log")
    return figure


@alternative("plot_path", "pyplot, one semilogx for each coefficient, returns None")
def plot_with_pyplot(lams, path):
    plt.figure()
    for j in range(path.shape[1]):
        plt.semilogx(lams, path[:, j], "o-", label=f"$w_{j}$")
    plt.xlabel(r"$\lambda$")
    plt.ylabel("Koeffizient")
    plt.legend()


@alternative("plot_path", "a panel for each coefficient, symlog, falling lam")
def plot_in_panels(lams, path):
    figure, panels = plt.subplots(path.shape[1], sharex=True)
    for j, axes in enumerate(panels):
        axes.scatter(lams, path[:, j])
        axes.set_xscale("symlog", linthresh=1e-3)
        axes.set_ylabel(f"w{j}")
    panels[-1].invert_xaxis()
    panels[-1].set_xlabel("lam")
    return figure, panels
