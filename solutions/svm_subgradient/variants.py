"""A linear SVM done wrong in one function, and done differently and rightly."""

import matplotlib.pyplot as plt
import numpy as np
import svm_subgradient as ref

from grader.checks.variants import alternative, mistake


def pushed(weights, w, X, y, C):
    """The subgradient in which example i counts weights[i] times."""
    return w - C * (weights * y) @ X, -C * np.sum(weights * y)


def margins(w, b, X, y):
    return y * (X @ w + b)


def size_of(schedule, k):
    return {"constant": 1.0, "1/k": 1 / k, "1/sqrt(k)": 1 / np.sqrt(k)}[schedule]


def walk(X, y, C, sizes, start=None, direction=ref.subgradient):
    """All iterates of subgradient descent with steps of these sizes, the start included."""
    path = [start or (np.zeros(X.shape[1]), 0.0)]
    for size in sizes:
        w, b = path[-1]
        gw, gb = direction(w, b, X, y, C)
        path.append((w - size * gw, b - size * gb))
    return path


def sizes_of(steps, step_size, schedule):
    if schedule not in ("constant", "1/k", "1/sqrt(k)"):
        raise ValueError(schedule)
    return [step_size * size_of(schedule, k) for k in range(1, steps + 1)]


def values_of(path, X, y, C):
    return np.array([ref.objective(w, b, X, y, C) for w, b in path])


def best_of(path, X, y, C):
    """What `fit` returns for the iterates of `path`."""
    values = values_of(path, X, y, C)
    return *path[int(values.argmin())], values


# hinge_loss


@mistake("hinge_loss", "Your hinge_loss turns at 0: the hinge is at t = 1.")
def hinge_loss_of_the_perceptron(t):
    return np.maximum(0.0, -t)


@mistake("hinge_loss", "Your hinge_loss has the sign of t wrong: it is max(0, 1 - t).")
def hinge_loss_turned_round(t):
    return np.maximum(0.0, 1.0 + t)


@mistake("hinge_loss", "Your hinge_loss is squared: it is max(0, 1 - t) itself.")
def hinge_loss_squared(t):
    return np.maximum(0.0, 1.0 - t) ** 2


@mistake("hinge_loss", "Your hinge_loss can be negative: it is 0 for t above 1.")
def hinge_loss_without_the_hinge(t):
    return 1.0 - t


@mistake("hinge_loss", "Your hinge_loss takes the minimum with 0: it is the maximum.")
def hinge_loss_with_minimum(t):
    return np.minimum(0.0, 1.0 - t)


@mistake("hinge_loss", "Your hinge_loss adds everything up: one loss for each element of t.")
def hinge_loss_summed(t):
    return np.maximum(0.0, 1.0 - t).sum()


@mistake("hinge_loss", "Your hinge_loss counts the elements below 1: it says by how much.")
def hinge_loss_counts(t):
    return (t < 1).astype(float)


@mistake("hinge_loss", "Your hinge_loss is the logistic loss, log(1 + exp(-t)).")
def hinge_loss_is_logistic(t):
    return np.log1p(np.exp(-t))


@mistake("hinge_loss", "Your hinge_loss is halved.")
def hinge_loss_halved(t):
    return 0.5 * np.maximum(0.0, 1.0 - t)


@mistake("hinge_loss", "Your hinge_loss is |1 - t|: beyond 1 it should be 0.")
def hinge_loss_absolute(t):
    return np.abs(1.0 - t)


@mistake("hinge_loss", "Your hinge_loss is at most 1: it grows without end below 0.")
def hinge_loss_clipped(t):
    return np.clip(1 - t, 0, 1)


@mistake("hinge_loss", "Your hinge_loss is max(0, t): it is max(0, 1 - t).")
def hinge_loss_rectifies(t):
    return np.maximum(0, t)


@alternative("hinge_loss", "a mask instead of the maximum, nested lists")
def hinge_loss_with_a_mask(t):
    return ((1.0 - t) * (t < 1)).tolist()


@alternative("hinge_loss", "one number at a time, float32")
def hinge_loss_by_loops(t):
    out = np.zeros(t.shape, np.float32)
    for index in np.ndindex(t.shape):
        out[index] = max(0.0, 1.0 - float(t[index]))
    return out


# objective


@mistake("objective", "Your objective lacks the factor 1/2 of ||w||^2.")
def objective_without_the_half(w, b, X, y, C):
    return ref.objective(w, b, X, y, C) + 0.5 * w @ w


@mistake("objective", "Your objective takes the mean of the hinge losses: it is their sum.")
def objective_with_a_mean(w, b, X, y, C):
    return ref.objective(w, b, X, y, C / len(y))


@mistake("objective", "Your objective multiplies ||w||^2 by C: C belongs to the hinge losses.")
def objective_with_c_at_the_norm(w, b, X, y, C):
    return C * ref.objective(w, b, X, y, 1 / C)


@mistake("objective", "Your objective multiplies ||w||^2 by C as well as the hinge losses.")
def objective_with_c_everywhere(w, b, X, y, C):
    return C * ref.objective(w, b, X, y, 1.0)


@mistake("objective", "Your objective ignores C.")
def objective_without_c(w, b, X, y, C):
    return ref.objective(w, b, X, y, 1.0)


@mistake("objective", "Your objective divides the hinge losses by C: multiply.")
def objective_divided_by_c(w, b, X, y, C):
    return ref.objective(w, b, X, y, 1 / C)


@mistake("objective", "Your objective lacks 1/2 ||w||^2.")
def objective_without_the_norm(w, b, X, y, C):
    return ref.objective(w, b, X, y, C) - 0.5 * w @ w


@mistake("objective", "Your objective holds ||w||: its square is meant.")
def objective_without_the_square(w, b, X, y, C):
    return ref.objective(w, b, X, y, C) - 0.5 * w @ w + 0.5 * np.linalg.norm(w)


@mistake("objective", "Your objective punishes b: only w belongs in the norm.")
def objective_with_b_in_the_norm(w, b, X, y, C):
    return ref.objective(w, b, X, y, C) + 0.5 * b**2


@mistake("objective", "Your objective ignores b in the margins: they are y (w.x + b).")
def objective_without_b(w, b, X, y, C):
    return ref.objective(w, 0.0, X, y, C)


@mistake("objective", "Your objective subtracts b in the margins: they are y (w.x + b).")
def objective_with_b_subtracted(w, b, X, y, C):
    return ref.objective(w, -b, X, y, C)


@mistake("objective", "Your objective ignores the labels: the margins are y (w.x + b).")
def objective_without_labels(w, b, X, y, C):
    return ref.objective(w, b, X, np.ones_like(y), C)


@mistake("objective", "Your objective multiplies only w.x by the label: b belongs inside too.")
def objective_with_b_outside(w, b, X, y, C):
    return 0.5 * w @ w + C * ref.hinge_loss(y * (X @ w) + b).sum()


@mistake("objective", "Your objective squares the hinge losses.")
def objective_with_squares(w, b, X, y, C):
    return 0.5 * w @ w + C * (ref.hinge_loss(margins(w, b, X, y)) ** 2).sum()


@mistake("objective", "Your objective adds up 1 - m without the hinge: no margin above 1 may help.")
def objective_without_the_hinge(w, b, X, y, C):
    return 0.5 * w @ w + C * (1 - margins(w, b, X, y)).sum()


@mistake("objective", "Your objective takes the largest hinge loss: it is their sum.")
def objective_with_a_maximum(w, b, X, y, C):
    return 0.5 * w @ w + C * ref.hinge_loss(margins(w, b, X, y)).max()


@mistake("objective", "Your objective counts the violated margins: it adds up by how much.")
def objective_counts(w, b, X, y, C):
    return 0.5 * w @ w + C * np.sum(margins(w, b, X, y) < 1)


@mistake("objective", "Your objective is divided by n as a whole.")
def objective_as_a_mean(w, b, X, y, C):
    return ref.objective(w, b, X, y, C) / len(y)


@mistake("objective", "Your objective holds the sum of |w|: half of ||w||^2 is meant.")
def objective_with_absolute_values(w, b, X, y, C):
    return np.abs(w).sum() + C * ref.hinge_loss(margins(w, b, X, y)).sum()


@mistake("objective", "Your objective subtracts the hinge losses: it adds them.")
def objective_with_losses_subtracted(w, b, X, y, C):
    return 0.5 * w @ w - C * ref.hinge_loss(margins(w, b, X, y)).sum()


@alternative("objective", "plain loops")
def objective_by_loops(w, b, X, y, C):
    total = sum(v * v for v in w) / 2
    for x, label in zip(X, y, strict=True):
        m = label * (sum(v * u for v, u in zip(w, x, strict=True)) + b)
        if m < 1:
            total += C * (1 - m)
    return total


@alternative("objective", "float32, a 0-d array")
def objective_in_float32(w, b, X, y, C):
    w, X, y = (np.asarray(a, np.float32) for a in (w, X, y))
    loss = np.maximum(np.float32(0), 1 - y * (X @ w + np.float32(b))).sum()
    return np.asarray(np.linalg.norm(w) ** 2 / 2 + np.float32(C) * loss)


# subgradient


@mistake("subgradient", "Your subgradient joins gw and gb in one array: return the two of them.")
def subgradient_in_one_array(w, b, X, y, C):
    return np.append(*ref.subgradient(w, b, X, y, C))


@mistake("subgradient", "Your subgradient takes the mean over the examples: it is a sum.")
def subgradient_with_a_mean(w, b, X, y, C):
    return ref.subgradient(w, b, X, y, C / len(y))


@mistake("subgradient", "Your subgradient ignores C.")
def subgradient_without_c(w, b, X, y, C):
    return ref.subgradient(w, b, X, y, 1.0)


@mistake("subgradient", "Your gw lacks w, the gradient of 1/2 ||w||^2.")
def subgradient_without_w(w, b, X, y, C):
    gw, gb = ref.subgradient(w, b, X, y, C)
    return gw - w, gb


@mistake("subgradient", "Your gw holds 2w: the gradient of 1/2 ||w||^2 is w.")
def subgradient_with_twice_w(w, b, X, y, C):
    gw, gb = ref.subgradient(w, b, X, y, C)
    return gw + w, gb


@mistake("subgradient", "Your gw holds w/2: the gradient of 1/2 ||w||^2 is w.")
def subgradient_with_half_of_w(w, b, X, y, C):
    gw, gb = ref.subgradient(w, b, X, y, C)
    return gw - w / 2, gb


@mistake("subgradient", "Your gw holds C w: C belongs to the sum over the examples.")
def subgradient_with_c_at_w(w, b, X, y, C):
    gw, gb = ref.subgradient(w, b, X, y, 1.0)
    return gw - w + C * w, gb


@mistake("subgradient", "Your gw holds w / ||w||: the gradient of 1/2 ||w||^2 is w.")
def subgradient_with_a_unit_vector(w, b, X, y, C):
    gw, gb = ref.subgradient(w, b, X, y, C)
    return gw - w + w / np.linalg.norm(w), gb


@mistake("subgradient", "Your gb holds b: only w is in the norm.")
def subgradient_with_b(w, b, X, y, C):
    gw, gb = ref.subgradient(w, b, X, y, C)
    return gw, gb + b


@mistake("subgradient", "Your gb is zero: b enters every margin.")
def subgradient_without_gb(w, b, X, y, C):
    return ref.subgradient(w, b, X, y, C)[0], 0.0


@mistake("subgradient", "Your gb ignores C.")
def subgradient_without_c_in_gb(w, b, X, y, C):
    gw, gb = ref.subgradient(w, b, X, y, C)
    return gw, gb / C


@mistake("subgradient", "Your gw ignores C.")
def subgradient_without_c_in_gw(w, b, X, y, C):
    return ref.subgradient(w, b, X, y, 1.0)[0], ref.subgradient(w, b, X, y, C)[1]


@mistake("subgradient", "Your gb is a mean over the examples: it is a sum, as gw is.")
def subgradient_with_a_mean_in_gb(w, b, X, y, C):
    gw, gb = ref.subgradient(w, b, X, y, C)
    return gw, gb / len(y)


@mistake("subgradient", "Your gw is right and your gb has the opposite sign.")
def subgradient_with_gb_turned_round(w, b, X, y, C):
    gw, gb = ref.subgradient(w, b, X, y, C)
    return gw, -gb


@mistake("subgradient", "Your sum over the examples has the opposite sign: they push with -C y x.")
def subgradient_with_the_sum_turned_round(w, b, X, y, C):
    return pushed(-1.0 * (margins(w, b, X, y) < 1), w, X, y, C)


@mistake("subgradient", "Your subgradient has the opposite sign: it is the direction of descent.")
def subgradient_downwards(w, b, X, y, C):
    gw, gb = ref.subgradient(w, b, X, y, C)
    return -gw, -gb


@mistake("subgradient", "All examples push in your subgradient: only those with m < 1 do.")
def subgradient_of_all(w, b, X, y, C):
    return pushed(np.ones(len(y)), w, X, y, C)


@mistake("subgradient", "Only misclassified examples push in yours: all with m < 1 do.")
def subgradient_of_the_perceptron(w, b, X, y, C):
    return pushed(1.0 * (margins(w, b, X, y) < 0), w, X, y, C)


@mistake("subgradient", "Examples with m > 1 push in yours: those with m < 1 do.")
def subgradient_of_the_others(w, b, X, y, C):
    return pushed(1.0 * (margins(w, b, X, y) > 1), w, X, y, C)


@mistake("subgradient", "Only margins between 0 and 1 push in yours: those below 0 do too.")
def subgradient_between_0_and_1(w, b, X, y, C):
    m = margins(w, b, X, y)
    return pushed(1.0 * ((m > 0) & (m < 1)), w, X, y, C)


@mistake("subgradient", "Yours is the gradient of squared hinge losses.")
def subgradient_of_squares(w, b, X, y, C):
    return pushed(2 * ref.hinge_loss(margins(w, b, X, y)), w, X, y, C)


@mistake(
    "subgradient", "Each push in yours is multiplied by the hinge loss: the slope is constant."
)
def subgradient_with_losses(w, b, X, y, C):
    return pushed(ref.hinge_loss(margins(w, b, X, y)), w, X, y, C)


@mistake("subgradient", "Your subgradient takes the mean over the examples that push: it is a sum.")
def subgradient_with_a_mean_of_pushes(w, b, X, y, C):
    pushing = margins(w, b, X, y) < 1
    return pushed(pushing / max(pushing.sum(), 1), w, X, y, C)


@mistake(
    "subgradient", "Your gw lacks the label: it is w less C times the sum of the y x that push."
)
def subgradient_without_labels_in_gw(w, b, X, y, C):
    pushing = margins(w, b, X, y) < 1
    return w - C * X[pushing].sum(axis=0), ref.subgradient(w, b, X, y, C)[1]


@mistake("subgradient", "Examples with m below 2 push in yours: those with m < 1 do.")
def subgradient_with_a_wide_margin(w, b, X, y, C):
    return pushed(margins(w, b, X, y) < 2, w, X, y, C)


@mistake("subgradient", "The pushes in yours lack the label: they are -C y x and -C y.")
def subgradient_without_labels(w, b, X, y, C):
    return pushed(y * (margins(w, b, X, y) < 1), w, X, y, C)


@mistake("subgradient", "Your gb lacks the label: it is -C times the sum of the y that push.")
def subgradient_without_labels_in_gb(w, b, X, y, C):
    return ref.subgradient(w, b, X, y, C)[0], -C * np.sum(margins(w, b, X, y) < 1)


@mistake("subgradient", "Your margins lack b: they are y (w.x + b).")
def subgradient_with_margins_without_b(w, b, X, y, C):
    return ref.subgradient(w, 0.0, X, y, C)


@mistake("subgradient", "Your margins subtract b: they are y (w.x + b).")
def subgradient_with_b_subtracted(w, b, X, y, C):
    return ref.subgradient(w, -b, X, y, C)


@mistake("subgradient", "You compare the scores w.x + b with 1: multiply by the label first.")
def subgradient_by_scores(w, b, X, y, C):
    return pushed(1.0 * (X @ w + b < 1), w, X, y, C)


@mistake("subgradient", "Only the worst example pushes in yours: all with m < 1 do.")
def subgradient_of_the_worst(w, b, X, y, C):
    m = margins(w, b, X, y)
    return pushed(1.0 * ((m == m.min()) & (m < 1)), w, X, y, C)


@mistake("subgradient", "Your gw adds w once for each example: it counts once in all.")
def subgradient_with_w_for_each(w, b, X, y, C):
    gw, gb = ref.subgradient(w, b, X, y, C)
    return gw + (len(y) - 1) * w, gb


@mistake("subgradient", "Your gw adds w once for each example that pushes: it counts once in all.")
def subgradient_with_w_for_each_push(w, b, X, y, C):
    gw, gb = ref.subgradient(w, b, X, y, C)
    return gw + (np.sum(margins(w, b, X, y) < 1) - 1) * w, gb


@mistake(
    "subgradient",
    "At a kink your gw and your gb disagree: one counts the example, the other does not.",
)
def subgradient_split_at_the_kink(w, b, X, y, C):
    gw, _ = pushed(1.0 * (margins(w, b, X, y) < 1), w, X, y, C)
    _, gb = pushed(1.0 * (margins(w, b, X, y) <= 1), w, X, y, C)
    return gw, gb


@mistake(
    "subgradient",
    "At a kink your gb and your gw disagree: one counts the example, the other does not.",
)
def subgradient_split_the_other_way(w, b, X, y, C):
    gw, _ = pushed(1.0 * (margins(w, b, X, y) <= 1), w, X, y, C)
    _, gb = pushed(1.0 * (margins(w, b, X, y) < 1), w, X, y, C)
    return gw, gb


@mistake("subgradient", "An example at its kink counts twice in yours: its weight is at most 1.")
def subgradient_doubled_at_the_kink(w, b, X, y, C):
    m = margins(w, b, X, y)
    return pushed(1.0 * (m < 1) + 2.0 * (m == 1), w, X, y, C)


@mistake("subgradient", "At a kink yours pulls the wrong way: its weight is between 0 and 1.")
def subgradient_pulls_at_the_kink(w, b, X, y, C):
    m = margins(w, b, X, y)
    return pushed(1.0 * (m < 1) - 1.0 * (m == 1), w, X, y, C)


def half_pushed(gw_weight, gb_weight, w, b, X, y, C):
    """Examples at a kink count with one weight in gw and with another in gb."""
    m = margins(w, b, X, y)
    gw, _ = pushed(1.0 * (m < 1) + gw_weight * (m == 1), w, X, y, C)
    return gw, pushed(1.0 * (m < 1) + gb_weight * (m == 1), w, X, y, C)[1]


@mistake("subgradient", "At a kink your gw counts half of the example and your gb none of it.")
def subgradient_half_at_the_kink_in_gw(w, b, X, y, C):
    return half_pushed(0.5, 0.0, w, b, X, y, C)


@mistake("subgradient", "At a kink your gb counts half of the example and your gw none of it.")
def subgradient_half_at_the_kink_in_gb(w, b, X, y, C):
    return half_pushed(0.0, 0.5, w, b, X, y, C)


@mistake("subgradient", "At a kink your gw counts half of the example and your gb all of it.")
def subgradient_all_at_the_kink_in_gb(w, b, X, y, C):
    return half_pushed(0.5, 1.0, w, b, X, y, C)


@mistake("subgradient", "At a kink your gb counts half of the example and your gw all of it.")
def subgradient_all_at_the_kink_in_gw(w, b, X, y, C):
    return half_pushed(1.0, 0.5, w, b, X, y, C)


@mistake(
    "subgradient",
    "Your gw is nan at w = 0, where fit starts: it divides by ||w||. The term is w itself.",
)
def subgradient_divides_by_the_norm(w, b, X, y, C):
    gw, gb = ref.subgradient(w, b, X, y, C)
    with np.errstate(invalid="ignore"):
        n = np.linalg.norm(w)
        return gw - w + n * (w / n), gb


@mistake("subgradient", "At a kink yours is 0 / 0: any weight between 0 and 1 is right there.")
def subgradient_divides_by_zero(w, b, X, y, C):
    room = 1 - margins(w, b, X, y)
    with np.errstate(invalid="ignore"):
        return pushed(np.maximum(room, 0) / room, w, X, y, C)


@alternative("subgradient", "counts an example at its kink")
def subgradient_with_kinks(w, b, X, y, C):
    return pushed(1.0 * (margins(w, b, X, y) <= 1), w, X, y, C)


@alternative("subgradient", "counts half of an example at its kink")
def subgradient_with_half_kinks(w, b, X, y, C):
    return pushed(np.heaviside(1 - margins(w, b, X, y), 0.5), w, X, y, C)


@alternative("subgradient", "any weight at a kink, at random")
def subgradient_at_random(w, b, X, y, C):
    m = margins(w, b, X, y)
    return pushed(np.where(m == 1, np.random.default_rng().random(len(m)), m < 1), w, X, y, C)


@alternative("subgradient", "one example at a time")
def subgradient_by_loops(w, b, X, y, C):
    gw, gb = [float(v) for v in w], 0.0
    for x, label in zip(X, y, strict=True):
        if label * (sum(v * u for v, u in zip(w, x, strict=True)) + b) < 1:
            gw = [g - C * label * u for g, u in zip(gw, x, strict=True)]
            gb -= C * label
    return np.array(gw), gb


@alternative("subgradient", "float32")
def subgradient_in_float32(w, b, X, y, C):
    w, X, y = (np.asarray(a, np.float32) for a in (w, X, y))
    push = np.where(y * (X @ w + np.float32(b)) < 1, -np.float32(C) * y, np.float32(0))
    return w + X.T @ push, push.sum()


@alternative("subgradient", "central differences of objective")
def subgradient_by_differences(w, b, X, y, C):
    def slope(j, h=1e-5):
        up, down = np.append(w, b), np.append(w, b)
        up[j] += h
        down[j] -= h
        rise = ref.objective(up[:-1], up[-1], X, y, C) - ref.objective(down[:-1], down[-1], X, y, C)
        return rise / (2 * h)

    slopes = np.array([slope(j) for j in range(len(w) + 1)])
    return slopes[:-1], slopes[-1]


# fit


@mistake(
    "fit", "Your fit returns the last iterate: the one with the lowest objective is asked for."
)
def fit_returns_the_last(X, y, C, steps, step_size, schedule):
    path = walk(X, y, C, sizes_of(steps, step_size, schedule))
    return *path[-1], values_of(path, X, y, C)


@mistake("fit", "Your fit returns the best iterate after the start: the start itself counts too.")
def fit_forgets_the_start(X, y, C, steps, step_size, schedule):
    path = walk(X, y, C, sizes_of(steps, step_size, schedule))
    values = values_of(path, X, y, C)
    return *path[1 + int(values[1:].argmin())], values


@mistake(
    "fit", "Your fit returns the worst iterate: the one with the lowest objective is asked for."
)
def fit_returns_the_worst(X, y, C, steps, step_size, schedule):
    path = walk(X, y, C, sizes_of(steps, step_size, schedule))
    values = values_of(path, X, y, C)
    return *path[int(values.argmax())], values


@mistake("fit", "Your fit returns the mean of the iterates: the best one is asked for.")
def fit_returns_the_mean(X, y, C, steps, step_size, schedule):
    path = walk(X, y, C, sizes_of(steps, step_size, schedule))
    w, b = np.mean([w for w, _ in path], axis=0), np.mean([b for _, b in path])
    return w, b, values_of(path, X, y, C)


@mistake("fit", "Your fit returns the iterate before the best one.")
def fit_returns_the_one_before(X, y, C, steps, step_size, schedule):
    path = walk(X, y, C, sizes_of(steps, step_size, schedule))
    values = values_of(path, X, y, C)
    return *path[max(int(values.argmin()) - 1, 0)], values


@mistake("fit", "Your fit returns the iterate after the best one.")
def fit_returns_the_one_after(X, y, C, steps, step_size, schedule):
    path = walk(X, y, C, sizes_of(steps, step_size, schedule))
    values = values_of(path, X, y, C)
    return *path[min(int(values.argmin()) + 1, steps)], values


@mistake(
    "fit",
    "Your fit returns the best b with the last w: `w -= ...` changes the array that you kept.",
)
def fit_overwrites_the_best(X, y, C, steps, step_size, schedule):
    path = walk(X, y, C, sizes_of(steps, step_size, schedule))
    values = values_of(path, X, y, C)
    return path[-1][0], path[int(values.argmin())][1], values


@mistake("fit", "Your fit climbs: look at the sign of the step and of the subgradient.")
def fit_climbs(X, y, C, steps, step_size, schedule):
    return best_of(walk(X, y, C, sizes_of(steps, -step_size, schedule)), X, y, C)


@mistake("fit", "Your fit does not start from zeros.")
def fit_starts_from_ones(X, y, C, steps, step_size, schedule):
    start = np.ones(X.shape[1]), 0.0
    return best_of(walk(X, y, C, sizes_of(steps, step_size, schedule), start), X, y, C)


@mistake("fit", "Your history lacks the start: it has steps + 1 entries.")
def fit_history_without_the_start(X, y, C, steps, step_size, schedule):
    w, b, values = ref.fit(X, y, C, steps, step_size, schedule)
    return w, b, values[1:]


@mistake("fit", "Your history lacks the objective after the last step: it has steps + 1 entries.")
def fit_history_without_the_end(X, y, C, steps, step_size, schedule):
    path = walk(X, y, C, sizes_of(steps, step_size, schedule))[:-1]
    return best_of(path, X, y, C)


@mistake("fit", "Your history lacks the last entry: it has steps + 1 entries.")
def fit_history_cut_off(X, y, C, steps, step_size, schedule):
    w, b, values = ref.fit(X, y, C, steps, step_size, schedule)
    return w, b, values[:-1]


@mistake("fit", "Your history is one step behind: it holds the start twice and lacks the end.")
def fit_history_one_step_behind(X, y, C, steps, step_size, schedule):
    w, b, values = ref.fit(X, y, C, steps, step_size, schedule)
    return w, b, np.concatenate([values[:1], values[:-1]])


@mistake(
    "fit", "Your history holds the lowest objective so far: that of each iterate is asked for."
)
def fit_history_of_the_best(X, y, C, steps, step_size, schedule):
    w, b, values = ref.fit(X, y, C, steps, step_size, schedule)
    return w, b, np.minimum.accumulate(values)


@mistake("fit", "Your history holds the hinge losses alone: the objective has 1/2 ||w||^2 too.")
def fit_history_of_losses(X, y, C, steps, step_size, schedule):
    path = walk(X, y, C, sizes_of(steps, step_size, schedule))
    w, b, _ = best_of(path, X, y, C)
    return w, b, np.array([C * ref.hinge_loss(margins(v, c, X, y)).sum() for v, c in path])


@mistake("fit", "Your schedules count k from 2: the first step has the whole step_size.")
def fit_counts_from_two(X, y, C, steps, step_size, schedule):
    sizes_of(1, 1.0, schedule)
    sizes = [step_size * size_of(schedule, k + 1) for k in range(1, steps + 1)]
    return best_of(walk(X, y, C, sizes), X, y, C)


@mistake("fit", "Your fit ignores the schedule: every step has the whole step_size.")
def fit_ignores_the_schedule(X, y, C, steps, step_size, schedule):
    sizes_of(1, 1.0, schedule)
    return best_of(walk(X, y, C, [step_size] * steps), X, y, C)


@mistake("fit", "Your schedules divide the last step's size again: step k has step_size / k.")
def fit_divides_again(X, y, C, steps, step_size, schedule):
    sizes_of(1, 1.0, schedule)
    sizes, size = [], step_size
    for k in range(1, steps + 1):
        size *= size_of(schedule, k)
        sizes.append(size)
    return best_of(walk(X, y, C, sizes), X, y, C)


@mistake("fit", 'Your schedules "1/k" and "1/sqrt(k)" are swapped.')
def fit_swaps_the_schedules(X, y, C, steps, step_size, schedule):
    other = {"1/k": "1/sqrt(k)", "1/sqrt(k)": "1/k"}.get(schedule, schedule)
    return best_of(walk(X, y, C, sizes_of(steps, step_size, other)), X, y, C)


@mistake("fit", 'Your schedule "1/sqrt(k)" shrinks as 1/k.')
def fit_without_the_root(X, y, C, steps, step_size, schedule):
    other = "1/k" if schedule == "1/sqrt(k)" else schedule
    return best_of(walk(X, y, C, sizes_of(steps, step_size, other)), X, y, C)


@mistake("fit", "Your schedules run backwards: the first step is the largest.")
def fit_counts_backwards(X, y, C, steps, step_size, schedule):
    return best_of(walk(X, y, C, sizes_of(steps, step_size, schedule)[::-1]), X, y, C)


@mistake("fit", "Your fit takes one step too many.")
def fit_takes_one_step_more(X, y, C, steps, step_size, schedule):
    return best_of(walk(X, y, C, sizes_of(steps + 1, step_size, schedule)), X, y, C)


@mistake("fit", "Your fit never changes b.")
def fit_without_b(X, y, C, steps, step_size, schedule):
    def direction(w, b, X, y, C):
        return ref.subgradient(w, b, X, y, C)[0], 0.0

    sizes = sizes_of(steps, step_size, schedule)
    return best_of(walk(X, y, C, sizes, direction=direction), X, y, C)


@mistake("fit", "Your fit updates w first and takes gb at the new w: update both at once.")
def fit_updates_in_turn(X, y, C, steps, step_size, schedule):
    path = [(np.zeros(X.shape[1]), 0.0)]
    for size in sizes_of(steps, step_size, schedule):
        w, b = path[-1]
        w = w - size * ref.subgradient(w, b, X, y, C)[0]
        path.append((w, b - size * ref.subgradient(w, b, X, y, C)[1]))
    return best_of(path, X, y, C)


@mistake("fit", "Your fit descends with the mean over the examples: the objective has their sum.")
def fit_descends_the_mean(X, y, C, steps, step_size, schedule):
    def direction(w, b, X, y, C):
        return ref.subgradient(w, b, X, y, C / len(y))

    sizes = sizes_of(steps, step_size, schedule)
    return best_of(walk(X, y, C, sizes, direction=direction), X, y, C)


@mistake("fit", "Your fit divides the whole subgradient by n: the objective is no mean.")
def fit_divides_by_n(X, y, C, steps, step_size, schedule):
    return best_of(walk(X, y, C, sizes_of(steps, step_size / len(y), schedule)), X, y, C)


@mistake("fit", "Your fit divides the subgradient by its length.")
def fit_with_unit_steps(X, y, C, steps, step_size, schedule):
    def direction(w, b, X, y, C):
        gw, gb = ref.subgradient(w, b, X, y, C)
        length = np.hypot(np.linalg.norm(gw), gb)
        return gw / length, gb / length

    sizes = sizes_of(steps, step_size, schedule)
    return best_of(walk(X, y, C, sizes, direction=direction), X, y, C)


@mistake("fit", "Your fit uses one example per step: each step is over all of them.")
def fit_one_example_at_a_time(X, y, C, steps, step_size, schedule):
    path = [(np.zeros(X.shape[1]), 0.0)]
    for step, size in enumerate(sizes_of(steps, step_size, schedule)):
        w, b = path[-1]
        i = slice(step % len(y), step % len(y) + 1)
        gw, gb = ref.subgradient(w, b, X[i], y[i], C)
        path.append((w - size * gw, b - size * gb))
    return best_of(path, X, y, C)


@mistake("fit", "Your fit stops where the objective rises: it takes all the steps.")
def fit_stops_early(X, y, C, steps, step_size, schedule):
    path = walk(X, y, C, sizes_of(steps, step_size, schedule))
    values = values_of(path, X, y, C)
    rises = np.flatnonzero(np.diff(values) > 0)
    return best_of(path[: int(rises[0]) + 2] if rises.size else path, X, y, C)


@mistake("fit", "Your fit stops where the objective hardly changes: it takes all the steps.")
def fit_stops_when_still(X, y, C, steps, step_size, schedule):
    path = walk(X, y, C, sizes_of(steps, step_size, schedule))
    still = np.flatnonzero(np.abs(np.diff(values_of(path, X, y, C))) < 1e-6)
    return best_of(path[: int(still[0]) + 2] if still.size else path, X, y, C)


@mistake("fit", "Your fit goes back where the objective rises: it follows the subgradient anyway.")
def fit_refuses_to_rise(X, y, C, steps, step_size, schedule):
    path = [(np.zeros(X.shape[1]), 0.0)]
    for size in sizes_of(steps, step_size, schedule):
        new = walk(X, y, C, [size], path[-1])[-1]
        before, after = values_of([path[-1], new], X, y, C)
        path.append(new if after < before else path[-1])
    return best_of(path, X, y, C)


@mistake("fit", "Your fit accepts an unknown schedule: raise ValueError.")
def fit_accepts_any_schedule(X, y, C, steps, step_size, schedule):
    known = schedule in ("constant", "1/k", "1/sqrt(k)")
    return ref.fit(X, y, C, steps, step_size, schedule if known else "constant")


@mistake("fit", "Your fit raises another error than ValueError for an unknown schedule.")
def fit_raises_a_key_error(X, y, C, steps, step_size, schedule):
    {"constant": 0, "1/k": 1, "1/sqrt(k)": 2}[schedule]
    return ref.fit(X, y, C, steps, step_size, schedule)


@alternative("fit", "keeps every iterate, takes the last of equally good ones, lists")
def fit_with_a_path(X, y, C, steps, step_size, schedule):
    power = {"constant": 0.0, "1/k": 1.0, "1/sqrt(k)": 0.5}
    if schedule not in power:
        raise ValueError
    ones = np.column_stack([X, np.ones(len(X))])
    v, path, values = np.zeros(ones.shape[1]), [], []
    for k in range(1, steps + 2):
        m = y * (ones @ v)
        path.append(v.copy())
        values.append(v[:-1] @ v[:-1] / 2 + C * np.clip(1 - m, 0, None).sum())
        g = -C * ones.T @ (y * (m < 1))
        g[:-1] += v[:-1]
        v -= step_size / k ** power[schedule] * g
    best = max(range(steps + 1), key=lambda k: (-values[k], k))
    return [path[best][:-1].tolist(), path[best][-1], values]


@alternative("fit", "float32")
def fit_in_float32(X, y, C, steps, step_size, schedule):
    sizes = np.array(sizes_of(steps, step_size, schedule), np.float32)
    X, y = X.astype(np.float32), y.astype(np.float32)
    w, b, C = np.zeros(X.shape[1], np.float32), np.float32(0), np.float32(C)
    best, history = (np.float32(np.inf), w, b), []
    for k in range(steps + 1):
        m = y * (X @ w + b)
        history.append(w @ w / 2 + C * np.maximum(1 - m, 0).sum())
        if history[-1] < best[0]:
            best = history[-1], w, b
        if k < steps:
            push = np.where(m < 1, -C * y, np.float32(0))
            w, b = w - sizes[k] * (w + X.T @ push), b - sizes[k] * push.sum()
    return best[1], best[2], np.array(history)


@alternative("fit", "an exception of its own that is a ValueError, raised in the middle")
def fit_with_its_own_exception(X, y, C, steps, step_size, schedule):
    class UnknownSchedule(ValueError):
        pass

    if schedule not in ("constant", "1/k", "1/sqrt(k)"):
        raise UnknownSchedule(f"{schedule} is not known")
    return ref.fit(X, y, C, steps, step_size, schedule)


# margin


@mistake("margin", "Your margin is 1 / ||w||, the distance of one hyperplane from the boundary.")
def margin_of_one_side(w):
    return 1 / np.linalg.norm(w)


@mistake("margin", "Your margin is 2 / ||w||^2: the norm is not squared.")
def margin_squared(w):
    return 2 / (w @ w)


@mistake("margin", "Your margin is ||w||: it is 2 divided by it.")
def margin_is_the_norm(w):
    return np.linalg.norm(w)


@mistake("margin", "Your margin is ||w|| / 2: it is the other way round.")
def margin_upside_down(w):
    return np.linalg.norm(w) / 2


@mistake("margin", "Your margin is 2 ||w||: divide by the norm.")
def margin_multiplied(w):
    return 2 * np.linalg.norm(w)


@mistake("margin", "Your margin uses the sum of absolute values: the root of squares is meant.")
def margin_by_absolute_values(w):
    return 2 / np.abs(w).sum()


@mistake("margin", "Your margin divides by the sum of the weights: their norm is meant.")
def margin_by_the_sum(w):
    return 2 / w.sum()


@mistake("margin", "Your margin uses the largest weight: the root of the sum of squares is meant.")
def margin_by_the_largest(w):
    return 2 / np.abs(w).max()


@mistake("margin", "Your margin is one number for each weight: it is a single one.")
def margin_of_each_weight(w):
    return 2 / np.abs(w)


@mistake("margin", "Your margin is negative: it is a width.")
def margin_negative(w):
    return -ref.margin(w)


@alternative("margin", "the root by hand, a 0-d array")
def margin_by_hand(w):
    return np.array(2.0 / sum(float(v) ** 2 for v in w) ** 0.5)


# support_vectors


@mistake("support_vectors", "Your support_vectors is a mask: the indices are asked for.")
def support_vectors_as_a_mask(w, b, X, y, tol):
    return margins(w, b, X, y) <= 1 + tol


@mistake("support_vectors", "Your support_vectors leaves out margins of exactly 1 + tol: use <=.")
def support_vectors_strictly(w, b, X, y, tol):
    return np.flatnonzero(margins(w, b, X, y) < 1 + tol)


@mistake("support_vectors", "Yours are the examples outside the margin: m <= 1 + tol is asked for.")
def support_vectors_outside(w, b, X, y, tol):
    return np.flatnonzero(margins(w, b, X, y) >= 1 + tol)


@mistake(
    "support_vectors",
    "Yours are only those on the margin: those inside it, m < 1, are support vectors too.",
)
def support_vectors_on_the_margin(w, b, X, y, tol):
    return np.flatnonzero(np.abs(margins(w, b, X, y) - 1) <= tol)


@mistake("support_vectors", "Your support_vectors ignores tol.")
def support_vectors_without_tol(w, b, X, y, tol):
    return np.flatnonzero(margins(w, b, X, y) <= 1)


@mistake("support_vectors", "Your support_vectors subtracts tol: m <= 1 + tol is asked for.")
def support_vectors_minus_tol(w, b, X, y, tol):
    return np.flatnonzero(margins(w, b, X, y) <= 1 - tol)


@mistake("support_vectors", "Your support_vectors compares with tol: the margins are near 1.")
def support_vectors_near_zero(w, b, X, y, tol):
    return np.flatnonzero(margins(w, b, X, y) <= tol)


@mistake("support_vectors", "Your support_vectors ignores the labels: m = y (w.x + b).")
def support_vectors_without_labels(w, b, X, y, tol):
    return np.flatnonzero(X @ w + b <= 1 + tol)


@mistake("support_vectors", "Your support_vectors takes |w.x + b|: m = y (w.x + b).")
def support_vectors_by_distance(w, b, X, y, tol):
    return np.flatnonzero(np.abs(X @ w + b) <= 1 + tol)


@mistake("support_vectors", "Your support_vectors ignores b: m = y (w.x + b).")
def support_vectors_without_b(w, b, X, y, tol):
    return np.flatnonzero(y * (X @ w) <= 1 + tol)


@mistake("support_vectors", "Your support_vectors subtracts b: m = y (w.x + b).")
def support_vectors_with_b_subtracted(w, b, X, y, tol):
    return np.flatnonzero(margins(w, -b, X, y) <= 1 + tol)


@mistake("support_vectors", "Your support_vectors divides m by ||w||: m = y (w.x + b) is meant.")
def support_vectors_by_geometric_margin(w, b, X, y, tol):
    return np.flatnonzero(margins(w, b, X, y) / np.linalg.norm(w) <= 1 + tol)


@mistake("support_vectors", "Your support_vectors leaves out what is misclassified, m < 0.")
def support_vectors_rightly_classified(w, b, X, y, tol):
    m = margins(w, b, X, y)
    return np.flatnonzero((m > 0) & (m <= 1 + tol))


@mistake("support_vectors", "Yours are the misclassified examples: m <= 1 + tol is asked for.")
def support_vectors_misclassified(w, b, X, y, tol):
    return np.flatnonzero(margins(w, b, X, y) <= 0)


@mistake(
    "support_vectors", "Your support_vectors returns the examples: their indices are asked for."
)
def support_vectors_as_rows(w, b, X, y, tol):
    return X[margins(w, b, X, y) <= 1 + tol]


@mistake("support_vectors", "Your support_vectors counts from 1: the first example has index 0.")
def support_vectors_from_one(w, b, X, y, tol):
    return ref.support_vectors(w, b, X, y, tol) + 1


@mistake("support_vectors", "Your indices are right but not in increasing order.")
def support_vectors_sorted_by_margin(w, b, X, y, tol):
    found = ref.support_vectors(w, b, X, y, tol)
    return found[np.argsort(margins(w, b, X, y)[found], kind="stable")]


@mistake("support_vectors", "Your support_vectors is a table: return one axis of indices.")
def support_vectors_as_a_column(w, b, X, y, tol):
    return np.argwhere(margins(w, b, X, y) <= 1 + tol)


@mistake(
    "support_vectors", "Your support_vectors returns what np.where does, a tuple: take its [0]."
)
def support_vectors_in_a_tuple(w, b, X, y, tol):
    return np.where(margins(w, b, X, y) <= 1 + tol)


@alternative("support_vectors", "a list, one example at a time")
def support_vectors_by_loops(w, b, X, y, tol):
    return [i for i in range(len(y)) if 1 - y[i] * (X[i] @ w + b) >= -tol]


# plot_decision_boundary


def scene(w, b, X, y, *, levels=(0, 1, -1), shift=0.0, scale=1.0, rings=True, alike=False):
    """A picture in which some of what is asked for may be left out or moved."""
    figure, axes = plt.subplots()
    for label in (1, -1):
        colour = "tab:blue" if alike or label > 0 else "tab:orange"
        axes.scatter(*X[y == label].T, color=colour, label=f"y = {label}")
    if rings:
        on = X[margins(w, b, X, y) <= 1]
        axes.scatter(*on.T, s=150, facecolors="none", edgecolors="red", label="support vectors")
    axes.set(xlim=axes.get_xlim(), ylim=axes.get_ylim())
    for level in levels:
        ends = np.array(axes.get_xlim())
        axes.plot(ends, (scale * level - b - shift - w[0] * ends) / w[1], "k", label=f"f = {level}")
    axes.set(xlabel="x1", ylabel="x2")
    axes.legend()
    return figure


@mistake("plot_decision_boundary", "Your figure lacks the boundary w.x + b = 0.")
def plot_without_the_boundary(w, b, X, y):
    return scene(w, b, X, y, levels=(1, -1))


@mistake("plot_decision_boundary", "Your boundary has the sign of b wrong.")
def plot_with_b_turned_round(w, b, X, y):
    return scene(w, b, X, y, shift=-2 * b)


@mistake("plot_decision_boundary", "Your figure lacks the margins w.x + b = 1 and w.x + b = -1.")
def plot_without_the_margins(w, b, X, y):
    return scene(w, b, X, y, levels=(0,))


@mistake("plot_decision_boundary", "Your margins are 1 away from the boundary: 1 / ||w|| is right.")
def plot_with_margins_at_distance_1(w, b, X, y):
    return scene(w, b, X, y, scale=np.linalg.norm(w))


@mistake("plot_decision_boundary", "Your figure does not mark the support vectors.")
def plot_without_support_vectors(w, b, X, y):
    return scene(w, b, X, y, rings=False)


@mistake("plot_decision_boundary", "Both classes look alike in your figure.")
def plot_with_classes_alike(w, b, X, y):
    return scene(w, b, X, y, alike=True)


@mistake("plot_decision_boundary", "Your figure has no axis labels.")
def plot_without_labels(w, b, X, y):
    figure = scene(w, b, X, y)
    figure.axes[0].set(xlabel="", ylabel="")
    return figure


@mistake("plot_decision_boundary", "Your figure has no legend.")
def plot_without_a_legend(w, b, X, y):
    figure = scene(w, b, X, y)
    figure.axes[0].get_legend().remove()
    return figure


@alternative("plot_decision_boundary", "pyplot, contours, returns None")
def plot_with_contours(w, b, X, y):
    plt.figure()
    low, high = X.min(axis=0) - 0.5, X.max(axis=0) + 0.5
    x1, x2 = np.meshgrid(np.linspace(low[0], high[0], 60), np.linspace(low[1], high[1], 60))
    plt.contour(x1, x2, w[0] * x1 + w[1] * x2 + b, levels=[-1, 0, 1], colors="k")
    plt.scatter(*X.T, c=y, cmap="bwr")
    on = y * (X @ w + b) <= 1
    plt.plot(*X[on].T, "gs", mfc="none", ms=12, label="Stützvektoren")
    plt.xlabel("$x_1$")
    plt.ylabel("$x_2$")
    plt.legend()


@alternative("plot_decision_boundary", "coloured half planes, a marker for each kind of example")
def plot_with_regions(w, b, X, y):
    figure, axes = plt.subplots()
    low, high = X.min(axis=0) - 0.5, X.max(axis=0) + 0.5
    x1, x2 = np.meshgrid(np.linspace(low[0], high[0], 200), np.linspace(low[1], high[1], 200))
    levels = [-1e3, -1, 0, 1, 1e3]
    axes.contourf(x1, x2, w[0] * x1 + w[1] * x2 + b, levels=levels, cmap="RdBu", alpha=0.4)
    on = y * (X @ w + b) <= 1
    for label, colour in ((1, "navy"), (-1, "darkred")):
        axes.scatter(*X[(y == label) & ~on].T, color=colour, marker="o", label=str(label))
        axes.scatter(*X[(y == label) & on].T, color=colour, marker="*", label=f"{label}, on")
    axes.set(xlabel="x", ylabel="y")
    figure.legend()
    return figure, axes
