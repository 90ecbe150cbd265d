"""Regularisation done wrong in one function, and done differently and rightly."""

import matplotlib.pyplot as plt
import numpy as np
import regularisation as ref

from grader.checks.variants import alternative, mistake

# decay_step


@mistake("decay_step", "Your decay_step does not decay w.")
def decay_step_without_decay(w, b, X, y, step_size, lam):
    return ref.decay_step(w, b, X, y, step_size, 0.0)


@mistake("decay_step", "Your decay_step decays b as well: only w decays.")
def decay_step_with_b(w, b, X, y, step_size, lam):
    new_w, new_b = ref.decay_step(w, b, X, y, step_size, lam)
    return new_w, new_b - step_size * lam * b


@mistake("decay_step", "Your decay_step decays by 2 lam: the penalty is lam / 2 ||w||^2.")
def decay_step_by_twice_lam(w, b, X, y, step_size, lam):
    return ref.decay_step(w, b, X, y, step_size, 2 * lam)


@mistake("decay_step", "Your decay_step divides the decay by n.")
def decay_step_divided_by_n(w, b, X, y, step_size, lam):
    return ref.decay_step(w, b, X, y, step_size, lam / len(y))


@mistake("decay_step", "Your decay_step leaves step_size out of the decay: 1 - step_size lam.")
def decay_step_without_the_step(w, b, X, y, step_size, lam):
    return ref.decay_step(w, b, X, y, step_size, lam / step_size)


@mistake("decay_step", "Your decay_step takes the sum over the examples: it is divided by n.")
def decay_step_with_a_sum(w, b, X, y, step_size, lam):
    n = len(y)
    return ref.decay_step(w, b, X, y, step_size * n, lam / n)


@mistake("decay_step", "Your decay_step has the gradient of the whole square: that of its half.")
def decay_step_with_the_factor_2(w, b, X, y, step_size, lam):
    return ref.decay_step(w, b, X, y, 2 * step_size, lam / 2)


@mistake("decay_step", "Your decay_step adds the decay: w shrinks.")
def decay_step_grows(w, b, X, y, step_size, lam):
    return ref.decay_step(w, b, X, y, step_size, -lam)


@mistake("decay_step", "Your decay_step goes uphill: subtract the gradient.")
def decay_step_uphill(w, b, X, y, step_size, lam):
    return ref.decay_step(w, b, X, y, -step_size, -lam)


@mistake("decay_step", "Your decay_step takes the gradient at the decayed w: at the old one.")
def decay_step_after_the_decay(w, b, X, y, step_size, lam):
    return ref.decay_step((1 - step_size * lam) * w, b, X, y, step_size, 0.0)


@mistake("decay_step", "Your decay_step decays after the step: the gradient's part must not decay.")
def decay_step_decays_everything(w, b, X, y, step_size, lam):
    new_w, new_b = ref.decay_step(w, b, X, y, step_size, 0.0)
    return (1 - step_size * lam) * new_w, new_b


@mistake("decay_step", "Your decay_step moves b by the new w: both use the old one.")
def decay_step_b_by_the_new_w(w, b, X, y, step_size, lam):
    new_w, _ = ref.decay_step(w, b, X, y, step_size, lam)
    return new_w, ref.decay_step(new_w, b, X, y, step_size, lam)[1]


@mistake("decay_step", "Your decay_step does not move b.")
def decay_step_without_b(w, b, X, y, step_size, lam):
    return ref.decay_step(w, b, X, y, step_size, lam)[0], b


@mistake("decay_step", "Your decay_step ignores b in the predictions.")
def decay_step_ignores_b(w, b, X, y, step_size, lam):
    new_w, new_b = ref.decay_step(w, 0.0, X, y, step_size, lam)
    return new_w, new_b + b


@mistake("decay_step", "Your decay_step pulls with the sign of w, as an L1 penalty does.")
def decay_step_of_l1(w, b, X, y, step_size, lam):
    new_w, new_b = ref.decay_step(w, b, X, y, step_size, 0.0)
    return new_w - step_size * lam * np.sign(w), new_b


@alternative("decay_step", "loops over the examples, a list")
def decay_step_by_loops(w, b, X, y, step_size, lam):
    gw, gb = np.zeros(len(w)), 0.0
    for x, target in zip(X, y, strict=True):
        residual = sum(u * v for u, v in zip(w, x, strict=True)) + b - target
        gw, gb = gw + residual * x, gb + residual
    n = len(y)
    return [w - step_size * (gw / n + lam * w), b - step_size * gb / n]


@alternative("decay_step", "one augmented vector, float32")
def decay_step_augmented(w, b, X, y, step_size, lam):
    Z = np.column_stack([X, np.ones(len(y))]).astype(np.float32)
    v = np.append(w, b).astype(np.float32)
    g = Z.T @ (Z @ v - y.astype(np.float32)) / len(y)
    v = v - step_size * g - step_size * lam * np.append(w, 0.0)
    return v[:-1].astype(np.float32), np.float32(v[-1])


# dropout


@mistake("dropout", "Your dropout divides by 1 - p, as torch and keras do: nothing is scaled here.")
def dropout_inverted(A, p, U):
    with np.errstate(all="ignore"):
        return np.nan_to_num(np.where(p <= U, A, 0.0) / (1 - p))


@mistake("dropout", "Your dropout keeps the units with U < p: keep those with U >= p.")
def dropout_turned_round(A, p, U):
    return np.where(p > U, A, 0.0)


@mistake("dropout", "Your dropout drops a unit whose draw equals p: U >= p keeps it.")
def dropout_with_a_strict_bound(A, p, U):
    return np.where(p < U, A, 0.0)


@mistake("dropout", "Your dropout takes p for the probability to keep: it is that to drop.")
def dropout_keeps_with_p(A, p, U):
    return np.where(1 - p <= U, A, 0.0)


@mistake("dropout", "Your dropout returns the mask: it is A times the mask.")
def dropout_returns_the_mask(A, p, U):
    return (p <= U).astype(float)


@mistake("dropout", "Your dropout multiplies by 1 - p as well.")
def dropout_scaled(A, p, U):
    return (1 - p) * ref.dropout(A, p, U)


@mistake("dropout", "Your dropout puts the mean in place of what it drops: put 0.")
def dropout_with_the_mean(A, p, U):
    return np.where(p <= U, A, A.mean())


@alternative("dropout", "a mask multiplied, float32")
def dropout_by_a_mask(A, p, U):
    return A.astype(np.float32) * ~(p > U)


@alternative("dropout", "entry by entry")
def dropout_by_loops(A, p, U):
    out = np.zeros(A.shape)
    for index in np.ndindex(A.shape):
        if U[index] >= p:
            out[index] = A[index]
    return out


# dropout_inference


@mistake("dropout_inference", "Your dropout_inference multiplies by p: by 1 - p.")
def dropout_inference_by_p(A, p):
    return p * A


@mistake("dropout_inference", "Your dropout_inference divides by 1 - p: it multiplies.")
def dropout_inference_divides(A, p):
    with np.errstate(all="ignore"):
        return A / (1 - p)


@mistake(
    "dropout_inference", "Your dropout_inference returns A: that is right for the inverted form."
)
def dropout_inference_of_the_inverted_form(A, p):
    return A


@alternative("dropout_inference", "a difference")
def dropout_inference_by_a_difference(A, p):
    return A - p * A


# inverted_dropout


@mistake("inverted_dropout", "Your inverted_dropout is not divided by 1 - p.")
def inverted_dropout_undivided(A, p, U):
    return ref.dropout(A, p, U)


@mistake("inverted_dropout", "Your inverted_dropout divides by p: by 1 - p.")
def inverted_dropout_divided_by_p(A, p, U):
    with np.errstate(all="ignore"):
        return ref.dropout(A, p, U) / p


@mistake("inverted_dropout", "Your inverted_dropout multiplies by 1 - p: it divides.")
def inverted_dropout_multiplied(A, p, U):
    return ref.dropout(A, p, U) * (1 - p)


@mistake("inverted_dropout", "Your inverted_dropout divides by the share that was kept: by 1 - p.")
def inverted_dropout_by_the_share(A, p, U):
    with np.errstate(all="ignore"):
        return ref.dropout(A, p, U) / np.mean(p <= U)


@mistake("inverted_dropout", "Your inverted_dropout drops a unit whose draw equals p.")
def inverted_dropout_with_a_strict_bound(A, p, U):
    return np.where(p < U, A, 0.0) / (1 - p)


@alternative("inverted_dropout", "a scaled mask")
def inverted_dropout_by_a_mask(A, p, U):
    return A * ((p <= U) / (1.0 - p))


# dropout_backward


@mistake("dropout_backward", "Your dropout_backward divides by 1 - p: dropout does not scale.")
def dropout_backward_divided(dY, p, U):
    with np.errstate(all="ignore"):
        return np.nan_to_num(np.where(p <= U, dY, 0.0) / (1 - p))


@mistake("dropout_backward", "Your dropout_backward passes everything on: dropped units get 0.")
def dropout_backward_without_a_mask(dY, p, U):
    return dY


@mistake("dropout_backward", "Your dropout_backward multiplies by 1 - p: that is the expectation.")
def dropout_backward_of_the_expectation(dY, p, U):
    return (1 - p) * dY


@mistake("dropout_backward", "Your dropout_backward passes on what was dropped.")
def dropout_backward_turned_round(dY, p, U):
    return np.where(p > U, dY, 0.0)


@mistake("dropout_backward", "Your dropout_backward drops a unit whose draw equals p.")
def dropout_backward_with_a_strict_bound(dY, p, U):
    return np.where(p < U, dY, 0.0)


@alternative("dropout_backward", "a mask multiplied")
def dropout_backward_by_a_mask(dY, p, U):
    return dY * np.heaviside(U - p, 1.0)


# batchnorm


def normalised(X, eps, *, axis=0, ddof=0):
    mean = X.mean(axis=axis, keepdims=True)
    squares = ((X - mean) ** 2).sum(axis=axis, keepdims=True)
    count = X.size if axis is None else X.shape[axis]
    with np.errstate(all="ignore"):
        return X - mean, squares / (count - ddof)


@mistake("batchnorm", "Your batchnorm divides the variance by n - 1: by n.")
def batchnorm_unbiased(X, gamma, beta, eps):
    centred, var = normalised(X, eps, ddof=1)
    with np.errstate(all="ignore"):
        return gamma * centred / np.sqrt(var + eps) + beta


@mistake(
    "batchnorm", "Your batchnorm adds eps to the root: it belongs inside, beside the variance."
)
def batchnorm_eps_outside(X, gamma, beta, eps):
    centred, var = normalised(X, eps)
    return gamma * centred / (np.sqrt(var) + eps) + beta


@mistake("batchnorm", "Your batchnorm leaves eps out.")
def batchnorm_without_eps(X, gamma, beta, eps):
    centred, var = normalised(X, eps)
    with np.errstate(all="ignore"):
        return gamma * centred / np.sqrt(var) + beta


@mistake("batchnorm", "Your batchnorm normalises rows, as layer normalisation does: columns.")
def batchnorm_of_rows(X, gamma, beta, eps):
    centred, var = normalised(X, eps, axis=1)
    return gamma * centred / np.sqrt(var + eps) + beta


@mistake("batchnorm", "Your batchnorm takes one mean and variance of everything: of each column.")
def batchnorm_of_everything(X, gamma, beta, eps):
    centred, var = normalised(X, eps, axis=None)
    return gamma * centred / np.sqrt(var + eps) + beta


@mistake("batchnorm", "Your batchnorm divides by the variance: by its root.")
def batchnorm_without_the_root(X, gamma, beta, eps):
    centred, var = normalised(X, eps)
    return gamma * centred / (var + eps) + beta


@mistake("batchnorm", "Your batchnorm leaves gamma and beta out.")
def batchnorm_without_scale_and_shift(X, gamma, beta, eps):
    return ref.batchnorm(X, 1.0, 0.0, eps)


@mistake("batchnorm", "Your batchnorm scales beta too: gamma xhat + beta.")
def batchnorm_scales_beta(X, gamma, beta, eps):
    return gamma * (ref.batchnorm(X, 1.0, 0.0, eps) + beta)


@mistake("batchnorm", "Your batchnorm does not subtract the mean.")
def batchnorm_without_the_mean(X, gamma, beta, eps):
    return gamma * X / np.sqrt(X.var(axis=0) + eps) + beta


@mistake("batchnorm", "Your batchnorm takes the mean square for the variance.")
def batchnorm_of_the_mean_square(X, gamma, beta, eps):
    return gamma * (X - X.mean(axis=0)) / np.sqrt((X**2).mean(axis=0) + eps) + beta


@alternative("batchnorm", "loops over the columns, float32")
def batchnorm_by_loops(X, gamma, beta, eps):
    out = np.empty(X.shape, np.float32)
    for j, column in enumerate(X.T):
        mean = sum(column) / len(column)
        var = sum((value - mean) ** 2 for value in column) / len(column)
        out[:, j] = gamma[j] * (column - mean) * (var + eps) ** -0.5 + beta[j]
    return out


@alternative("batchnorm", "an affine map of X")
def batchnorm_as_an_affine_map(X, gamma, beta, eps):
    slope = gamma / np.sqrt(np.var(X, axis=0) + eps)
    return slope * X + (beta - slope * X.mean(axis=0))


# batchnorm_backward


def parts(dY, X, gamma, eps):
    root = np.sqrt(X.var(axis=0) + eps)
    return dY * gamma, (X - X.mean(axis=0)) / root, root


def with_dx(dX, dY, X, gamma, eps):
    return dX, *ref.batchnorm_backward(dY, X, gamma, eps)[1:]


@mistake("batchnorm_backward", "Your dX takes mean and variance for constants: they move with X.")
def backward_with_constants(dY, X, gamma, eps):
    g, _, root = parts(dY, X, gamma, eps)
    return with_dx(g / root, dY, X, gamma, eps)


@mistake("batchnorm_backward", "Your dX lacks the way through the variance.")
def backward_without_the_variance(dY, X, gamma, eps):
    g, _, root = parts(dY, X, gamma, eps)
    return with_dx((g - g.mean(axis=0)) / root, dY, X, gamma, eps)


@mistake("batchnorm_backward", "Your dX lacks the way through the mean.")
def backward_without_the_mean(dY, X, gamma, eps):
    g, xhat, root = parts(dY, X, gamma, eps)
    return with_dx((g - xhat * (g * xhat).mean(axis=0)) / root, dY, X, gamma, eps)


@mistake("batchnorm_backward", "Your dX lacks gamma.")
def backward_without_gamma(dY, X, gamma, eps):
    dX = ref.batchnorm_backward(dY, X, np.ones_like(gamma), eps)[0]
    return with_dx(dX, dY, X, gamma, eps)


@mistake("batchnorm_backward", "Your dX is not divided by the root of var + eps.")
def backward_without_the_root(dY, X, gamma, eps):
    dX = ref.batchnorm_backward(dY, X, gamma, eps)[0] * np.sqrt(X.var(axis=0) + eps)
    return with_dx(dX, dY, X, gamma, eps)


@mistake("batchnorm_backward", "Your dX takes sums where means over the batch are meant.")
def backward_with_sums(dY, X, gamma, eps):
    g, xhat, root = parts(dY, X, gamma, eps)
    dX = (g - g.sum(axis=0) - xhat * (g * xhat).sum(axis=0)) / root
    return with_dx(dX, dY, X, gamma, eps)


@mistake("batchnorm_backward", "Your dX adds what goes through the variance: it is subtracted.")
def backward_adds_the_variance(dY, X, gamma, eps):
    g, xhat, root = parts(dY, X, gamma, eps)
    dX = (g - g.mean(axis=0) + xhat * (g * xhat).mean(axis=0)) / root
    return with_dx(dX, dY, X, gamma, eps)


@mistake("batchnorm_backward", "Your batchnorm_backward divides the variance by n - 1.")
def backward_unbiased(dY, X, gamma, eps):
    n = len(X)
    root = np.sqrt(X.var(axis=0, ddof=1) + eps)
    centred = X - X.mean(axis=0)
    xhat, g = centred / root, dY * gamma
    dX = (g - g.mean(axis=0) - xhat * (g * xhat).sum(axis=0) / (n - 1)) / root
    return dX, (dY * xhat).sum(axis=0), dY.sum(axis=0)


@mistake("batchnorm_backward", "Your batchnorm_backward leaves eps out.")
def backward_without_eps(dY, X, gamma, eps):
    with np.errstate(all="ignore"):
        return ref.batchnorm_backward(dY, X, gamma, 0.0)


@mistake("batchnorm_backward", "Your dgamma weighs with X: it weighs with xhat.")
def backward_gamma_of_x(dY, X, gamma, eps):
    dX, _, dbeta = ref.batchnorm_backward(dY, X, gamma, eps)
    return dX, (dY * X).sum(axis=0), dbeta


@mistake("batchnorm_backward", "Your dgamma holds gamma: it is the sum of dY xhat.")
def backward_gamma_with_gamma(dY, X, gamma, eps):
    dX, dgamma, dbeta = ref.batchnorm_backward(dY, X, gamma, eps)
    return dX, gamma * dgamma, dbeta


@mistake("batchnorm_backward", "Your dbeta holds gamma: it is the sum of dY.")
def backward_beta_with_gamma(dY, X, gamma, eps):
    dX, dgamma, dbeta = ref.batchnorm_backward(dY, X, gamma, eps)
    return dX, dgamma, gamma * dbeta


@mistake("batchnorm_backward", "Your dgamma and dbeta are means over the batch: they are sums.")
def backward_with_mean_parameters(dY, X, gamma, eps):
    dX, dgamma, dbeta = ref.batchnorm_backward(dY, X, gamma, eps)
    return dX, dgamma / len(X), dbeta / len(X)


@mistake("batchnorm_backward", "Your dgamma and dbeta are exchanged.")
def backward_exchanged(dY, X, gamma, eps):
    dX, dgamma, dbeta = ref.batchnorm_backward(dY, X, gamma, eps)
    return dX, dbeta, dgamma


@mistake("batchnorm_backward", "Your batchnorm_backward sums over the columns: over the batch.")
def backward_over_columns(dY, X, gamma, eps):
    dX, dgamma, dbeta = ref.batchnorm_backward(dY.T, X.T, np.ones(len(X)), eps)
    return dX.T * gamma, dgamma, dbeta


@alternative("batchnorm_backward", "step by step through the graph")
def backward_step_by_step(dY, X, gamma, eps):
    n = len(X)
    mean = X.sum(axis=0) / n
    centred = X - mean
    var = (centred**2).sum(axis=0) / n
    root = np.sqrt(var + eps)
    dxhat = dY * gamma
    droot = (dxhat * centred).sum(axis=0) * -1 / root**2
    dvar = droot * 0.5 / root
    dcentred = dxhat / root + 2 * centred / n * dvar
    dmean = -dcentred.sum(axis=0)
    return dcentred + dmean / n, (dY * centred / root).sum(axis=0), dY.sum(axis=0)


@alternative("batchnorm_backward", "the Jacobian of each column, a list")
def backward_by_jacobians(dY, X, gamma, eps):
    n, d = X.shape
    dX = np.zeros((n, d))
    xhat = ref.batchnorm(X, np.ones(d), np.zeros(d), eps)
    for j in range(d):
        centring = np.eye(n) - 1 / n
        J = (centring - np.outer(xhat[:, j], xhat[:, j]) / n) / np.sqrt(X[:, j].var() + eps)
        dX[:, j] = J @ (dY[:, j] * gamma[j])
    return [dX, np.einsum("ij,ij->j", dY, xhat), np.ones(n) @ dY]


# running_statistics


def running(batches, momentum, *, ddof=0, start=(0.0, 1.0), spread=lambda var: var):
    mean, var = np.full(batches.shape[2], start[0]), np.full(batches.shape[2], start[1])
    with np.errstate(all="ignore"):
        for batch in batches:
            mean = momentum * mean + (1 - momentum) * batch.mean(axis=0)
            var = momentum * var + (1 - momentum) * spread(batch.var(axis=0, ddof=ddof))
    return mean, var


@mistake(
    "running_statistics",
    "Your running_statistics gives the new batch the weight momentum, as torch does: it has "
    "1 - momentum.",
)
def running_as_in_torch(batches, momentum):
    return running(batches, 1 - momentum)


@mistake("running_statistics", "Your running variance is divided by n - 1, as torch's: by n.")
def running_unbiased(batches, momentum):
    return running(batches, momentum, ddof=1)


@mistake("running_statistics", "Your running variance starts from 0: from 1.")
def running_from_zero(batches, momentum):
    return running(batches, momentum, start=(0.0, 0.0))


@mistake("running_statistics", "Your running mean starts from 1 as well: from 0.")
def running_from_one(batches, momentum):
    return running(batches, momentum, start=(1.0, 1.0))


@mistake("running_statistics", "Your running statistics start from the first batch: from 0 and 1.")
def running_from_the_first_batch(batches, momentum):
    mean, var = batches[0].mean(axis=0), batches[0].var(axis=0)
    for batch in batches[1:]:
        mean = momentum * mean + (1 - momentum) * batch.mean(axis=0)
        var = momentum * var + (1 - momentum) * batch.var(axis=0)
    return mean, var


@mistake("running_statistics", "Your running statistics are plain means over the batches.")
def running_plain_means(batches, momentum):
    return batches.mean(axis=(0, 1)), batches.var(axis=1).mean(axis=0)


@mistake("running_statistics", "Your running statistics are those of the last batch.")
def running_the_last(batches, momentum):
    return batches[-1].mean(axis=0), batches[-1].var(axis=0)


@mistake("running_statistics", "Your running variance averages standard deviations.")
def running_deviations(batches, momentum):
    return running(batches, momentum, spread=np.sqrt)


@mistake("running_statistics", "Your running_statistics goes through the batches backwards.")
def running_backwards(batches, momentum):
    return running(batches[::-1], momentum)


@mistake("running_statistics", "Your running statistics are divided by 1 - momentum^t, as Adam's.")
def running_corrected(batches, momentum):
    mean, var = running(batches, momentum, start=(0.0, 0.0))
    factor = 1 - momentum ** len(batches)
    return mean / factor, var / factor


@alternative("running_statistics", "in closed form")
def running_in_closed_form(batches, momentum):
    t = len(batches)
    weights = (1 - momentum) * momentum ** np.arange(t - 1, -1, -1.0)
    return weights @ batches.mean(axis=1), weights @ batches.var(axis=1) + momentum**t


# batchnorm_inference


@mistake("batchnorm_inference", "Your batchnorm_inference uses the batch: use mean and var.")
def inference_of_the_batch(X, gamma, beta, mean, var, eps):
    return ref.batchnorm(X, gamma, beta, eps)


@mistake("batchnorm_inference", "Your batchnorm_inference divides by var + eps: by its root.")
def inference_without_the_root(X, gamma, beta, mean, var, eps):
    return gamma * (X - mean) / (var + eps) + beta


@mistake("batchnorm_inference", "Your batchnorm_inference adds eps to the root: inside.")
def inference_eps_outside(X, gamma, beta, mean, var, eps):
    return gamma * (X - mean) / (np.sqrt(var) + eps) + beta


@mistake("batchnorm_inference", "Your batchnorm_inference leaves eps out.")
def inference_without_eps(X, gamma, beta, mean, var, eps):
    return gamma * (X - mean) / np.sqrt(var) + beta


@mistake("batchnorm_inference", "Your batchnorm_inference takes var for a standard deviation.")
def inference_var_as_deviation(X, gamma, beta, mean, var, eps):
    return gamma * (X - mean) / np.sqrt(var**2 + eps) + beta


@mistake("batchnorm_inference", "Your batchnorm_inference does not subtract the mean.")
def inference_without_the_mean(X, gamma, beta, mean, var, eps):
    return gamma * X / np.sqrt(var + eps) + beta


@alternative("batchnorm_inference", "a power")
def inference_by_a_power(X, gamma, beta, mean, var, eps):
    return (X - mean) * (var + eps) ** -0.5 * gamma + beta


# early_stopping


def scan(losses, patience, *, lower=lambda loss, best: loss < best):
    best = 0
    for epoch, loss in enumerate(losses):
        if epoch and lower(loss, losses[best]):
            best = epoch
        if epoch - best == patience:
            return best, epoch
    return best, len(losses) - 1


@mistake("early_stopping", "Your early_stopping takes an equal loss for a lower one.")
def early_stopping_with_equal_losses(valid_losses, patience):
    return scan(valid_losses, patience, lower=lambda loss, best: loss <= best)


@mistake("early_stopping", "Your early_stopping waits one epoch too long.")
def early_stopping_one_late(valid_losses, patience):
    return scan(valid_losses, patience + 1)


@mistake("early_stopping", "Your early_stopping stops one epoch early.")
def early_stopping_one_early(valid_losses, patience):
    best, stop = scan(valid_losses, patience)
    return best, max(stop - 1, best)


@mistake("early_stopping", "Your best is that of all epochs: only those up to stop are seen.")
def early_stopping_sees_the_future(valid_losses, patience):
    return int(np.argmin(valid_losses)), scan(valid_losses, patience)[1]


@mistake("early_stopping", "Your early_stopping counts rises from one epoch to the next.")
def early_stopping_counts_rises(valid_losses, patience):
    rises = 0
    for epoch in range(1, len(valid_losses)):
        rises = rises + 1 if valid_losses[epoch] >= valid_losses[epoch - 1] else 0
        if rises == patience:
            return int(np.argmin(valid_losses[: epoch + 1])), epoch
    return int(np.argmin(valid_losses)), len(valid_losses) - 1


@mistake("early_stopping", "Your early_stopping does not start its count anew at a lower loss.")
def early_stopping_never_resets(valid_losses, patience):
    best = waited = 0
    for epoch, loss in enumerate(valid_losses):
        if loss < valid_losses[best]:
            best = epoch
        elif epoch:
            waited += 1
        if waited == patience:
            return best, epoch
    return best, len(valid_losses) - 1


@mistake("early_stopping", "Your early_stopping returns losses: epochs are asked for.")
def early_stopping_returns_losses(valid_losses, patience):
    best, stop = scan(valid_losses, patience)
    return valid_losses[best], valid_losses[stop]


@mistake("early_stopping", "Your epochs are counted from 1: counting starts at 0.")
def early_stopping_counts_from_1(valid_losses, patience):
    best, stop = scan(valid_losses, patience)
    return best + 1, stop + 1


@mistake("early_stopping", "Your early_stopping returns (stop, best): best comes first.")
def early_stopping_exchanged(valid_losses, patience):
    return scan(valid_losses, patience)[::-1]


@mistake("early_stopping", "Your stop is the number of epochs where nothing stops: the last epoch.")
def early_stopping_past_the_end(valid_losses, patience):
    best, stop = scan(valid_losses, patience)
    return best, len(valid_losses) if stop - best != patience else stop


@mistake("early_stopping", "Your best is the last of equal losses: the first.")
def early_stopping_the_last_of_equal(valid_losses, patience):
    stop = scan(valid_losses, patience)[1]
    seen = valid_losses[: stop + 1]
    return int(np.flatnonzero(seen == seen.min())[-1]), stop


@alternative("early_stopping", "running minima")
def early_stopping_by_minima(valid_losses, patience):
    for stop in range(len(valid_losses)):
        best = int(np.argmin(valid_losses[: stop + 1]))
        if stop - best >= patience:
            break
    return np.array([best, stop])


# plot_overfitting


def plotted(train, valid, best, names=("training", "validation")):
    figure, axes = plt.subplots()
    axes.plot(train, label=names[0])
    axes.plot(valid, label=names[1])
    axes.axvline(best, color="grey")
    axes.set(xlabel="epoch", ylabel="loss")
    axes.legend()
    return figure


@mistake("plot_overfitting", "Your figure marks no epoch.")
def plot_without_a_mark(train, valid, best):
    figure = plotted(train, valid, best)
    figure.axes[0].lines[-1].remove()
    return figure


@mistake("plot_overfitting", "Your mark stands at the last epoch.")
def plot_marks_the_end(train, valid, best):
    return plotted(train, valid, len(valid) - 1)


@mistake("plot_overfitting", "Your mark stands beside the best epoch.")
def plot_marks_beside(train, valid, best):
    return plotted(train, valid, best + 1)


@mistake("plot_overfitting", "Your curves have each other's names.")
def plot_with_names_exchanged(train, valid, best):
    return plotted(train, valid, best, ("validation", "training"))


@mistake("plot_overfitting", "Your figure stops at the best epoch.")
def plot_stops_at_the_best(train, valid, best):
    return plotted(train[: best + 1], valid[: best + 1], best)


@mistake("plot_overfitting", "Your axes have no labels.")
def plot_without_labels(train, valid, best):
    figure = plotted(train, valid, best)
    figure.axes[0].set(xlabel="", ylabel="")
    return figure


@mistake("plot_overfitting", "Your figure names nothing.")
def plot_without_names(train, valid, best):
    figure = plotted(train, valid, best)
    figure.axes[0].get_legend().remove()
    return figure


@alternative("plot_overfitting", "pyplot, epochs from 1, a star at the minimum, returns nothing")
def plot_by_pyplot(train, valid, best):
    epochs = np.arange(1, len(train) + 1)
    plt.figure()
    plt.plot(epochs, train, "b-", epochs, valid, "g--")
    plt.plot(epochs[best], valid[best], "r*", markersize=14)
    plt.legend(["train", "val", "best"])
    plt.xlabel("epoch")
    plt.ylabel("loss")


@alternative("plot_overfitting", "a logarithmic axis, markevery, names beside the curves")
def plot_with_markevery(train, valid, best):
    axes = plt.subplots()[1]
    axes.semilogy(train, color="black")
    axes.semilogy(valid, color="red", marker="D", markevery=[best])
    axes.text(len(train) - 1, train[-1], "train")
    axes.text(len(valid) - 1, valid[-1], "valid", color="red")
    axes.set(xlabel="epoch", ylabel="loss")
    return axes
