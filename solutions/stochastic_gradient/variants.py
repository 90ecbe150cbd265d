"""Stochastic gradient descent done wrong in one function, and done differently and rightly."""

import random

import matplotlib.pyplot as plt
import numpy as np
import stochastic_gradient as ref

from grader.checks.variants import alternative, mistake


def follow(w0, steps, step):
    """The path w_{t+1} = w_t - step(t, w_t), t from 0."""
    path = [np.array(w0, dtype=float)]
    for t in range(steps):
        path.append(path[-1] - step(t, path[-1]))
    return np.array(path)


def curves(histories, change=lambda history: history, scale="log", names=None):
    """The figure of `plot_runs` with something done to each history."""
    figure, axes = plt.subplots()
    for name, history in zip(names or histories, histories.values(), strict=True):
        axes.plot(change(history), label=name)
    axes.set(xlabel="step", ylabel="F - min F", yscale=scale)
    axes.legend()
    return figure


# full_gradient


@mistake("full_gradient", "Your full_gradient is a sum: F is the mean of the f_i.")
def full_is_a_sum(w, X, y):
    return X.T @ (X @ w - y)


@mistake("full_gradient", "Your full_gradient is doubled: the factor 1/2 cancels the 2.")
def full_is_doubled(w, X, y):
    return 2 * ref.full_gradient(w, X, y)


@mistake("full_gradient", "Your full_gradient is halved: the factor 1/2 cancels the 2.")
def full_is_halved(w, X, y):
    return ref.full_gradient(w, X, y) / 2


@mistake("full_gradient", "Your full_gradient has the opposite sign.")
def full_is_negative(w, X, y):
    return -ref.full_gradient(w, X, y)


@mistake("full_gradient", "Your full_gradient adds y: the residual is w.x - y.")
def full_adds_y(w, X, y):
    return ref.full_gradient(w, X, -y)


@mistake("full_gradient", "Your full_gradient lacks y: the residual is w.x - y.")
def full_without_y(w, X, y):
    return ref.full_gradient(w, X, 0 * y)


@mistake("full_gradient", "Your full_gradient lacks the factor x_i: it is the mean residual.")
def full_is_a_residual(w, X, y):
    return np.full(len(w), np.mean(X @ w - y))


@mistake("full_gradient", "Your full_gradient is divided by d: the mean is over the n examples.")
def full_by_d(w, X, y):
    return X.T @ (X @ w - y) / len(w)


@mistake("full_gradient", "Your full_gradient is divided by its length.")
def full_of_length_one(w, X, y):
    g = ref.full_gradient(w, X, y)
    return g / np.linalg.norm(g)


@mistake(
    "full_gradient", "Your full_gradient has the signs of the residuals: that is |w.x - y|'s slope."
)
def full_of_absolute_values(w, X, y):
    return X.T @ np.sign(X @ w - y) / len(y)


@alternative("full_gradient", "a loop over the examples")
def full_by_loops(w, X, y):
    total = [0.0] * len(w)
    for x, target in zip(X, y, strict=True):
        residual = sum(a * b for a, b in zip(w, x, strict=True)) - target
        for j in range(len(w)):
            total[j] += residual * x[j] / len(y)
    return np.array(total)


@alternative("full_gradient", "through the matrix X'X, in float32")
def full_in_float32(w, X, y):
    w, X, y = (np.asarray(a, dtype=np.float32) for a in (w, X, y))
    return np.mean((X @ w - y)[:, None] * X, axis=0)


# batch_gradient


@mistake("batch_gradient", "Your batch_gradient is a sum: the mean over the batch is asked for.")
def batch_is_a_sum(w, X, y, indices):
    return len(indices) * ref.batch_gradient(w, X, y, indices)


@mistake(
    "batch_gradient",
    "Your batch_gradient is divided by n: the mean is over the examples of the batch.",
)
def batch_by_n(w, X, y, indices):
    return len(indices) / len(y) * ref.batch_gradient(w, X, y, indices)


@mistake("batch_gradient", "Your batch_gradient counts an example once that comes twice.")
def batch_without_repeats(w, X, y, indices):
    return ref.batch_gradient(w, X, y, np.unique(indices))


@mistake(
    "batch_gradient",
    "Your batch_gradient adds an example once that comes twice, and divides by the batch's size.",
)
def batch_adds_once(w, X, y, indices):
    g = np.zeros((len(y), len(w)))
    g[indices] += (X[indices] @ w - y[indices])[:, None] * X[indices]
    return g.sum(axis=0) / len(indices)


@mistake("batch_gradient", "Your batch_gradient is the full gradient: only the batch counts.")
def batch_is_everything(w, X, y, indices):
    return ref.full_gradient(w, X, y)


@mistake("batch_gradient", "Your batch_gradient uses the first example of the batch only.")
def batch_of_the_first(w, X, y, indices):
    return ref.batch_gradient(w, X, y, indices[:1])


@mistake("batch_gradient", "Your batch_gradient counts the examples from 1.")
def batch_from_one(w, X, y, indices):
    return ref.batch_gradient(w, X, y, indices - 1)


@mistake("batch_gradient", "Your batch_gradient uses the first examples, as many as the batch has.")
def batch_of_the_first_ones(w, X, y, indices):
    return ref.batch_gradient(w, X, y, np.arange(len(indices)) % len(y))


@mistake("batch_gradient", "Your batch_gradient has the opposite sign.")
def batch_is_negative(w, X, y, indices):
    return -ref.batch_gradient(w, X, y, indices)


@mistake("batch_gradient", "Your batch_gradient is doubled: the factor 1/2 cancels the 2.")
def batch_is_doubled(w, X, y, indices):
    return 2 * ref.batch_gradient(w, X, y, indices)


@alternative("batch_gradient", "with counts as weights")
def batch_by_counts(w, X, y, indices):
    counts = np.bincount(indices, minlength=len(y))
    return (counts * (X @ w - y)) @ X / counts.sum()


@alternative("batch_gradient", "a loop over the indices")
def batch_by_loops(w, X, y, indices):
    mean = np.zeros(len(w))
    for i in indices:
        mean = mean + X[i] * (np.dot(w, X[i]) - y[i]) / len(indices)
    return mean


# step_sizes


@mistake("step_sizes", "Your step_sizes counts t from 0: the first step has t = 1.")
def steps_from_zero(schedule, alpha, delta, steps):
    with np.errstate(divide="ignore"):
        if schedule == "power":
            return alpha / np.arange(steps, dtype=float) ** delta
    if schedule == "inverse":
        return alpha / (1 + delta * np.arange(steps))
    return ref.step_sizes(schedule, alpha, delta, steps)


@mistake("step_sizes", "Your inverse schedule lacks the 1: it is alpha / (1 + delta t).")
def steps_without_the_one(schedule, alpha, delta, steps):
    if schedule == "inverse":
        return alpha / (delta * np.arange(1, steps + 1))
    return ref.step_sizes(schedule, alpha, delta, steps)


@mistake("step_sizes", "Your inverse schedule lacks delta: it is alpha / (1 + delta t).")
def steps_without_delta(schedule, alpha, delta, steps):
    return ref.step_sizes(schedule, alpha, 1.0 if schedule == "inverse" else delta, steps)


@mistake("step_sizes", "Your inverse schedule is exponential: it is alpha / (1 + delta t).")
def steps_fall_exponentially(schedule, alpha, delta, steps):
    if schedule == "inverse":
        return alpha * np.exp(-delta * np.arange(1, steps + 1))
    return ref.step_sizes(schedule, alpha, delta, steps)


@mistake("step_sizes", "Your power schedule has 1 + t in place of t.")
def steps_of_one_more(schedule, alpha, delta, steps):
    if schedule == "power":
        return alpha / (1.0 + np.arange(1, steps + 1)) ** delta
    return ref.step_sizes(schedule, alpha, delta, steps)


@mistake("step_sizes", "Your power schedule is delta^t: it is t^delta.")
def steps_of_delta_to_the_t(schedule, alpha, delta, steps):
    if schedule == "power":
        return alpha * delta ** np.arange(1.0, steps + 1)
    return ref.step_sizes(schedule, alpha, delta, steps)


@mistake("step_sizes", "Your power schedule grows: it is alpha / t^delta.")
def steps_grow(schedule, alpha, delta, steps):
    if schedule == "power":
        return alpha * np.arange(1.0, steps + 1) ** delta
    return ref.step_sizes(schedule, alpha, delta, steps)


@mistake("step_sizes", "Your power schedule divides by delta t: it is alpha / t^delta.")
def steps_by_a_product(schedule, alpha, delta, steps):
    if schedule == "power":
        return alpha / (delta * np.arange(1, steps + 1))
    return ref.step_sizes(schedule, alpha, delta, steps)


@mistake("step_sizes", "Your step_sizes has the schedules inverse and power exchanged.")
def steps_exchanged(schedule, alpha, delta, steps):
    other = {"inverse": "power", "power": "inverse"}.get(schedule, schedule)
    return ref.step_sizes(other, alpha, delta, steps)


@mistake("step_sizes", "Your step_sizes gives one step too many.")
def steps_too_many(schedule, alpha, delta, steps):
    return ref.step_sizes(schedule, alpha, delta, steps + 1)


@mistake("step_sizes", "Your step_sizes accepts a schedule that does not exist.")
def steps_of_any_schedule(schedule, alpha, delta, steps):
    known = schedule in ("constant", "inverse", "power")
    return ref.step_sizes(schedule if known else "constant", alpha, delta, steps)


@mistake("step_sizes", "Your constant schedule is one number: an array of all steps is asked for.")
def steps_as_a_number(schedule, alpha, delta, steps):
    return alpha if schedule == "constant" else ref.step_sizes(schedule, alpha, delta, steps)


@alternative("step_sizes", "a list from a dict of functions")
def steps_by_functions(schedule, alpha, delta, steps):
    rules = {
        "constant": lambda t: alpha,
        "inverse": lambda t: alpha / (1 + delta * t),
        "power": lambda t: alpha * t**-delta,
    }
    if schedule not in rules:
        raise ValueError(schedule)
    return [rules[schedule](t + 1) for t in range(steps)]


@alternative("step_sizes", "through logarithms, in float32")
def steps_by_logarithms(schedule, alpha, delta, steps):
    t = np.arange(1, steps + 1)
    logs = {"constant": 0 * t, "inverse": np.log1p(delta * t), "power": delta * np.log(t)}
    try:
        return np.exp(np.log(alpha) - logs[schedule]).astype(np.float32)
    except KeyError as error:
        raise ValueError(f"no schedule {schedule}") from error


# draw_batches


@mistake(
    "draw_batches",
    "Your draw_batches draws a batch without replacement: an example may come twice.",
)
def draws_without_replacement(n, steps, batch_size, seed):
    rng = np.random.default_rng(seed)
    pools = [np.tile(rng.permutation(n), -(-batch_size // n)) for _ in range(steps)]
    return np.array([pool[:batch_size] for pool in pools])


@mistake(
    "draw_batches", "Your draw_batches counts the examples from 1: the indices are 0 to n - 1."
)
def draws_from_one(n, steps, batch_size, seed):
    return ref.draw_batches(n, steps, batch_size, seed) + 1


@mistake("draw_batches", "Your draw_batches never draws the last example.")
def draws_without_the_last(n, steps, batch_size, seed):
    return np.random.default_rng(seed).integers(max(n - 1, 1), size=(steps, batch_size))


@mistake("draw_batches", "Your draw_batches has a column for each step: a row is asked for.")
def draws_transposed(n, steps, batch_size, seed):
    return ref.draw_batches(n, steps, batch_size, seed).T


@mistake("draw_batches", "Your draw_batches gives the same batch in every step.")
def draws_one_batch(n, steps, batch_size, seed):
    return np.tile(ref.draw_batches(n, 1, batch_size, seed), (steps, 1))


@mistake("draw_batches", "Your draw_batches fills each batch with one example.")
def draws_one_example(n, steps, batch_size, seed):
    return np.repeat(ref.draw_batches(n, steps, 1, seed), batch_size, axis=1)


@mistake("draw_batches", "Your draw_batches ignores its seed: other batches come at each call.")
def draws_anything(n, steps, batch_size, seed):
    return np.random.default_rng().integers(n, size=(steps, batch_size))


@mistake("draw_batches", "Your draw_batches ignores its seed: all seeds give the same batches.")
def draws_the_same(n, steps, batch_size, seed):
    return np.random.default_rng(0).integers(n, size=(steps, batch_size))


@mistake("draw_batches", "Your draw_batches goes through all examples before one comes again.")
def draws_passes(n, steps, batch_size, seed):
    rng = np.random.default_rng(seed)
    count = -(-steps * batch_size // n)
    flat = np.concatenate([rng.permutation(n) for _ in range(count)])
    return flat[: steps * batch_size].reshape(steps, batch_size)


@mistake("draw_batches", "Your draw_batches sorts each batch: its draws are not independent then.")
def draws_sorted(n, steps, batch_size, seed):
    return np.sort(ref.draw_batches(n, steps, batch_size, seed), axis=1)


@alternative("draw_batches", "with the generator of Python")
def draws_of_python(n, steps, batch_size, seed):
    generator = random.Random(seed)
    return [[generator.randrange(n) for _ in range(batch_size)] for _ in range(steps)]


@alternative("draw_batches", "with numpy's global generator, a column at a time")
def draws_globally(n, steps, batch_size, seed):
    np.random.seed(seed)
    columns = [np.random.randint(0, n, steps) for _ in range(batch_size)]
    return np.column_stack(columns).astype(np.int32)


@alternative("draw_batches", "by rounding uniform numbers down")
def draws_rounded_down(n, steps, batch_size, seed):
    return np.floor(n * np.random.default_rng(seed).random((steps, batch_size)))


# sgd


@mistake("sgd", "Your sgd climbs: subtract the gradient.")
def sgd_climbs(X, y, w0, batches, alphas):
    return ref.sgd(X, y, w0, batches, -alphas)


@mistake("sgd", "Your sgd uses all examples in every step: those of the batch are asked for.")
def sgd_of_everything(X, y, w0, batches, alphas):
    return follow(w0, len(alphas), lambda t, w: alphas[t] * ref.full_gradient(w, X, y))


@mistake("sgd", "Your sgd leaves out the start: row 0 is w0.")
def sgd_without_the_start(X, y, w0, batches, alphas):
    return ref.sgd(X, y, w0, batches, alphas)[1:]


@mistake("sgd", "Your sgd leaves out the last iterate: steps + 1 rows.")
def sgd_without_the_end(X, y, w0, batches, alphas):
    return ref.sgd(X, y, w0, batches, alphas)[:-1]


@mistake("sgd", "Your sgd returns only the last iterate: all are asked for.")
def sgd_returns_the_end(X, y, w0, batches, alphas):
    return ref.sgd(X, y, w0, batches, alphas)[-1]


@mistake("sgd", "Your sgd adds up the gradients of a batch: their mean is asked for.")
def sgd_of_sums(X, y, w0, batches, alphas):
    return ref.sgd(X, y, w0, batches, alphas * batches.shape[1])


@mistake("sgd", "Your sgd uses the first step size in every step.")
def sgd_with_one_step(X, y, w0, batches, alphas):
    return ref.sgd(X, y, w0, batches, np.full(len(alphas), alphas[0]))


@mistake("sgd", "Your sgd uses the first batch in every step.")
def sgd_with_one_batch(X, y, w0, batches, alphas):
    return ref.sgd(X, y, w0, np.tile(batches[:1], (len(alphas), 1)), alphas)


@mistake("sgd", "Your sgd uses the batches from the last to the first.")
def sgd_backwards(X, y, w0, batches, alphas):
    return ref.sgd(X, y, w0, batches[::-1], alphas)


@mistake("sgd", "Your sgd uses the step size of the step after: step t has alphas[t - 1].")
def sgd_one_step_ahead(X, y, w0, batches, alphas):
    return ref.sgd(X, y, w0, batches, np.append(alphas[1:], alphas[-1]))


@mistake("sgd", "Your sgd takes every gradient at w0: take it at the iterate of the step.")
def sgd_from_the_start_only(X, y, w0, batches, alphas):
    return follow(
        w0, len(alphas), lambda t, w: alphas[t] * ref.batch_gradient(w0, X, y, batches[t])
    )


@mistake(
    "sgd", "Your sgd takes a step for each example of a batch: one for their mean is asked for."
)
def sgd_example_by_example(X, y, w0, batches, alphas):
    def step(t, w):
        moved = np.array(w)
        for i in batches[t]:
            moved = moved - alphas[t] * ref.batch_gradient(moved, X, y, np.array([i]))
        return w - moved

    return follow(w0, len(alphas), step)


@mistake("sgd", "Your sgd divides the step size by t once more.")
def sgd_shrinks_again(X, y, w0, batches, alphas):
    return ref.sgd(X, y, w0, batches, alphas / np.arange(1, len(alphas) + 1))


@mistake("sgd", "Your sgd has momentum of 0.9, which is not asked for.")
def sgd_with_momentum(X, y, w0, batches, alphas):
    v = np.zeros(len(w0))

    def step(t, w):
        nonlocal v
        v = 0.9 * v + ref.batch_gradient(w, X, y, batches[t])
        return alphas[t] * v

    return follow(w0, len(alphas), step)


@mistake("sgd", "Your sgd stops at the first gradient of 0: all the steps are to be taken.")
def sgd_stops(X, y, w0, batches, alphas):
    path = [np.array(w0, dtype=float)]
    for batch, alpha in zip(batches, alphas, strict=True):
        g = ref.batch_gradient(path[-1], X, y, batch)
        if np.abs(g).max() < 1e-12:
            break
        path.append(path[-1] - alpha * g)
    return np.array(path)


@alternative("sgd", "a list of iterates, with the residuals written out")
def sgd_by_lists(X, y, w0, batches, alphas):
    path = [w0.copy()]
    for t in range(len(batches)):
        Z, z, w = X[batches[t]], y[batches[t]], path[-1].copy()
        w -= alphas[t] / len(z) * ((Z @ w - z) @ Z)
        path.append(w)
    return path


@alternative("sgd", "affine maps, in float32")
def sgd_by_maps(X, y, w0, batches, alphas):
    X, y, w = (np.asarray(a, dtype=np.float32) for a in (X, y, w0))
    path = [w]
    for batch, alpha in zip(batches, alphas, strict=True):
        Z, size = X[batch], np.float32(alpha / len(batch))
        w = (np.eye(len(w), dtype=np.float32) - size * Z.T @ Z) @ w + size * Z.T @ y[batch]
        path.append(w)
    return np.array(path)


# weighted_average


@mistake(
    "weighted_average",
    "Your weighted_average weighs the iterates after the steps: alpha_t belongs to w_{t-1}.",
)
def average_after_the_steps(path, alphas):
    return alphas @ path[1:] / alphas.sum()


@mistake("weighted_average", "Your weighted_average has no weights: alpha_t weighs w_{t-1}.")
def average_without_weights(path, alphas):
    return path[:-1].mean(axis=0)


@mistake("weighted_average", "Your weighted_average is the plain mean of all rows.")
def average_of_all(path, alphas):
    return path.mean(axis=0)


@mistake("weighted_average", "Your weighted_average is not divided by the sum of the alphas.")
def average_is_a_sum(path, alphas):
    return alphas @ path[:-1]


@mistake("weighted_average", "Your weighted_average is divided by the number of steps.")
def average_by_the_number(path, alphas):
    return alphas @ path[:-1] / len(alphas)


@mistake("weighted_average", "Your weighted_average squares the weights.")
def average_with_squares(path, alphas):
    return alphas**2 @ path[:-1] / np.sum(alphas**2)


@mistake("weighted_average", "Your weighted_average takes the weights from the last to the first.")
def average_backwards(path, alphas):
    return alphas[::-1] @ path[:-1] / alphas.sum()


@alternative("weighted_average", "np.average")
def average_of_numpy(path, alphas):
    return np.average(path[: len(alphas)], axis=0, weights=alphas)


@alternative("weighted_average", "a running mean")
def average_running(path, alphas):
    mean, total = np.zeros(path.shape[1]), 0.0
    for w, alpha in zip(path, alphas, strict=False):
        total += alpha
        mean += alpha / total * (w - mean)
    return mean.tolist()


# bound


@mistake("bound", "Your bound lacks the factor 2 under the fraction bar.")
def bound_without_the_two(R2, G2, alphas):
    return 2 * ref.bound(R2, G2, alphas)


@mistake("bound", "Your bound squares R2, which is a square already.")
def bound_squares_r(R2, G2, alphas):
    return ref.bound(R2**2, G2, alphas)


@mistake("bound", "Your bound squares G2, which is a square already.")
def bound_squares_g(R2, G2, alphas):
    return ref.bound(R2, G2**2, alphas)


@mistake("bound", "Your bound squares R2 and G2, which are squares already.")
def bound_squares_both(R2, G2, alphas):
    return ref.bound(R2**2, G2**2, alphas)


@mistake("bound", "Your bound squares the sum of the alphas: their squares are added up.")
def bound_of_a_squared_sum(R2, G2, alphas):
    return float((R2 + G2 * np.sum(alphas) ** 2) / (2 * np.sum(alphas)))


@mistake("bound", "Your bound adds up the alphas, not their squares, beside G2.")
def bound_without_squares(R2, G2, alphas):
    return float((R2 + G2 * np.sum(alphas)) / (2 * np.sum(alphas)))


@mistake("bound", "Your bound divides by the sum of the squares: the sum of the alphas is right.")
def bound_by_the_squares(R2, G2, alphas):
    return float((R2 + G2 * np.sum(alphas**2)) / (2 * np.sum(alphas**2)))


@mistake(
    "bound", "Your bound divides by twice the number of steps: the sum of the alphas is right."
)
def bound_by_the_number(R2, G2, alphas):
    return float((R2 + G2 * np.sum(alphas**2)) / (2 * len(alphas)))


@alternative("bound", "a loop, a 0-d array")
def bound_by_loops(R2, G2, alphas):
    first = second = 0.0
    for alpha in alphas:
        first, second = first + alpha, second + alpha * alpha
    return np.array(R2 / (2 * first) + G2 * second / (2 * first))


# best_constant_step


@mistake("best_constant_step", "Your best_constant_step takes R2 and G2 for R and G.")
def best_of_lengths(R2, G2, steps):
    return float(R2 / (G2 * np.sqrt(steps)))


@mistake("best_constant_step", "Your best_constant_step counts one term more than steps.")
def best_with_one_more(R2, G2, steps):
    return ref.best_constant_step(R2, G2, steps + 1)


@mistake("best_constant_step", "Your best_constant_step does not depend on the number of steps.")
def best_of_one_step(R2, G2, steps):
    return ref.best_constant_step(R2, G2, 1)


@mistake("best_constant_step", "Your best_constant_step lacks the root.")
def best_without_the_root(R2, G2, steps):
    return R2 / (G2 * steps)


@mistake("best_constant_step", "Your best_constant_step has the number of steps outside the root.")
def best_with_steps_outside(R2, G2, steps):
    return float(np.sqrt(R2 / G2) / steps)


@mistake("best_constant_step", "Your best_constant_step has R2 and G2 exchanged.")
def best_exchanged(R2, G2, steps):
    return ref.best_constant_step(G2, R2, steps)


@mistake(
    "best_constant_step",
    "Your best_constant_step returns the smallest bound: the step is asked for.",
)
def best_is_the_bound(R2, G2, steps):
    return float(np.sqrt(R2 * G2 / steps))


@alternative("best_constant_step", "a golden-section search over the bound")
def best_by_search(R2, G2, steps):
    low, high, ratio = -20.0, 20.0, (5**0.5 - 1) / 2

    def value(log_h):
        return ref.bound(R2, G2, np.full(steps, np.exp(log_h)))

    for _ in range(90):
        one, two = high - ratio * (high - low), low + ratio * (high - low)
        low, high = (low, two) if value(one) < value(two) else (one, high)
    return np.exp((low + high) / 2)


# meets_conditions


@mistake("meets_conditions", "Your meets_conditions has the two answers exchanged.")
def conditions_exchanged(schedule, delta):
    return ref.meets_conditions(schedule, delta)[::-1]


@mistake("meets_conditions", "Your meets_conditions says whether the first sum is finite.")
def conditions_of_a_finite_sum(schedule, delta):
    diverges, finite = ref.meets_conditions(schedule, delta)
    return not diverges, finite


@mistake("meets_conditions", "Your meets_conditions says whether the second sum diverges.")
def conditions_of_a_divergent_square(schedule, delta):
    diverges, finite = ref.meets_conditions(schedule, delta)
    return diverges, not finite


@mistake("meets_conditions", "Your meets_conditions is wrong at delta = 1: sum 1/t diverges.")
def conditions_without_one(schedule, delta):
    diverges, finite = ref.meets_conditions(schedule, delta)
    return diverges and not (schedule == "power" and delta == 1), finite


@mistake("meets_conditions", "Your meets_conditions is wrong at delta = 1/2: sum 1/t diverges.")
def conditions_with_a_half(schedule, delta):
    diverges, finite = ref.meets_conditions(schedule, delta)
    return diverges, finite or (schedule == "power" and delta == 0.5)


@mistake("meets_conditions", "Your meets_conditions takes the inverse schedule for the power one.")
def conditions_of_an_inverse_power(schedule, delta):
    return ref.meets_conditions("power" if schedule == "inverse" else schedule, delta)


@mistake("meets_conditions", "Your meets_conditions does not square the steps of the second sum.")
def conditions_without_squares(schedule, delta):
    diverges, _ = ref.meets_conditions(schedule, delta)
    return diverges, not diverges


@mistake("meets_conditions", "Your meets_conditions does not look at the exponent of power.")
def conditions_of_any_power(schedule, delta):
    return ref.meets_conditions(schedule, 0.75)


@alternative("meets_conditions", "a table, with bools of numpy")
def conditions_by_table(schedule, delta):
    table = {
        "constant": [True, False],
        "inverse": [True, True],
        "power": [np.less_equal(delta, 1), np.greater(delta, 0.5)],
    }
    return np.array(table[schedule])


# gradient_variance


@mistake("gradient_variance", "Your gradient_variance is not divided by the batch size.")
def variance_of_one(w, X, y, batch_size):
    return ref.gradient_variance(w, X, y, 1)


@mistake("gradient_variance", "Your gradient_variance divides by n - 1: all n examples are there.")
def variance_by_one_less(w, X, y, batch_size):
    n = len(y)
    return n / (n - 1) * ref.gradient_variance(w, X, y, batch_size) if n > 1 else float("nan")


@mistake(
    "gradient_variance",
    "Your gradient_variance is that of a batch without replacement: an example may come twice.",
)
def variance_without_replacement(w, X, y, batch_size):
    n = len(y)
    factor = (n - batch_size) / (n - 1) if n > 1 else 0.0
    return factor * ref.gradient_variance(w, X, y, batch_size)


@mistake("gradient_variance", "Your gradient_variance is divided by the square of the batch size.")
def variance_by_the_square(w, X, y, batch_size):
    return ref.gradient_variance(w, X, y, batch_size) / batch_size


@mistake(
    "gradient_variance",
    "Your gradient_variance is the mean squared length: grad F is to be subtracted first.",
)
def variance_of_the_length(w, X, y, batch_size):
    return float(np.mean((X @ w - y) ** 2 * np.sum(X**2, axis=1)) / batch_size)


@mistake("gradient_variance", "Your gradient_variance is a mean over the coordinates: they add up.")
def variance_of_a_coordinate(w, X, y, batch_size):
    return ref.gradient_variance(w, X, y, batch_size) / len(w)


@mistake("gradient_variance", "Your gradient_variance is a root: the variance itself is asked for.")
def variance_is_a_root(w, X, y, batch_size):
    return float(np.sqrt(ref.gradient_variance(w, X, y, batch_size)))


@mistake(
    "gradient_variance", "Your gradient_variance has an entry for each coordinate: they add up."
)
def variance_is_a_vector(w, X, y, batch_size):
    return np.var((X @ w - y)[:, None] * X, axis=0) / batch_size


@mistake("gradient_variance", "Your gradient_variance is a sum over the examples, not their mean.")
def variance_is_a_sum(w, X, y, batch_size):
    return len(y) * ref.gradient_variance(w, X, y, batch_size)


@alternative("gradient_variance", "np.var of all gradients at once")
def variance_of_numpy(w, X, y, batch_size):
    return np.var((X @ w - y)[:, None] * X, axis=0).sum() / batch_size


@alternative("gradient_variance", "half the mean squared distance of two draws, in loops")
def variance_of_pairs(w, X, y, batch_size):
    G = [(np.dot(x, w) - target) * x for x, target in zip(X, y, strict=True)]
    total = sum(np.sum((g - h) ** 2) for g in G for h in G)
    return [total / (2 * len(y) ** 2 * batch_size)][0]


# plot_runs


@mistake("plot_runs", "The y axis of your figure is not logarithmic.")
def plot_on_a_linear_axis(histories):
    return curves(histories, scale="linear")


@mistake("plot_runs", "The y axis of your figure is not logarithmic.")
def plot_of_logarithms(histories):
    def logarithm(history):
        return np.log10(np.where(history > 0, history, np.nan))

    return curves(histories, logarithm, scale="linear")


@mistake("plot_runs", "Your figure does not say which curve is which run.")
def plot_without_names(histories):
    figure = curves(histories)
    figure.axes[0].get_legend().remove()
    return figure


@mistake("plot_runs", "Your figure has the names of runs exchanged.")
def plot_with_exchanged_names(histories):
    return curves(histories, names=list(histories)[::-1])


@mistake("plot_runs", "Your figure cuts all runs to the length of the shortest.")
def plot_cut(histories):
    shortest = min(map(len, histories.values()))
    return curves(histories, lambda history: history[:shortest])


@mistake("plot_runs", "An axis of your figure has no label.")
def plot_without_labels(histories):
    figure = curves(histories)
    figure.axes[0].set(xlabel="", ylabel="")
    return figure


@alternative("plot_runs", "a panel for each run, with dots")
def plot_in_panels(histories):
    figure, panels = plt.subplots(len(histories), squeeze=False)
    for axes, (name, history) in zip(panels[:, 0], histories.items(), strict=True):
        axes.semilogy(range(1, len(history) + 1), history, "k.")
        axes.set(title=f"run: {name}", xlabel="t", ylabel="$F(w_t) - F^*$")
    return figure


@alternative("plot_runs", "names beside the curves, zeros left out")
def plot_with_names_beside(histories):
    plt.figure()
    for name, history in histories.items():
        t = np.flatnonzero(history > 0)
        (line,) = plt.plot(t, history[t])
        plt.text(t[-1], history[t[-1]], name, color=line.get_color())
    plt.yscale("log")
    plt.xlabel("t")
    plt.ylabel("gap")
