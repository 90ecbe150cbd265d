"""Optimizers done wrong in one function, and done differently and rightly.

What torch 2, keras 3 and optax do by their own rules is named with the library.
"""

import matplotlib.pyplot as plt
import numpy as np
import optimizers as ref

from grader.checks.variants import alternative, mistake


def walk(A, b, x0, steps, step):
    """The path x_{k+1} = x_k - step(k, x_k, g_k)."""
    path = [np.array(x0, dtype=float)]
    with np.errstate(all="ignore"):
        for k in range(steps):
            path.append(path[-1] - step(k, path[-1], A @ path[-1] - b))
    return np.array(path)


def moments(A, b, x0, beta1, beta2, steps, rule, first=0.0):
    """Adam with the step `rule(t, m, v, g)`, t from 1."""
    m, v = np.zeros(len(x0)), np.full(len(x0), first)

    def step(k, x, g):
        nonlocal m, v
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        return rule(k + 1, m, v, g)

    return walk(A, b, x0, steps, step)


def scaled(A, b, x0, beta, steps, rule, first=0.0):
    """RMSProp with the step `rule(v, g)`."""
    v = np.full(len(x0), first)

    def step(k, x, g):
        nonlocal v
        v = beta * v + (1 - beta) * g**2
        return rule(v, g)

    return walk(A, b, x0, steps, step)


def velocity(A, b, x0, step_size, steps, rule):
    """Momentum with the velocity `rule(k, velocity, g)`; the step is step_size times it."""
    v = np.zeros(len(x0))

    def step(k, x, g):
        nonlocal v
        v = rule(k, v, g)
        return step_size * v

    return walk(A, b, x0, steps, step)


def products(A, b, x0, step_size, steps, direction, first=0.0, late=False):
    """Full AdaGrad with the direction `direction(G, g)`. late: without the current gradient."""
    G = first * np.eye(len(x0))

    def step(k, x, g):
        nonlocal G
        before, G = G, G + np.outer(g, g)
        return step_size * direction(before if late else G, g)

    return walk(A, b, x0, steps, step)


def root(M, power=-0.5):
    """The symmetric power of a positive definite matrix."""
    s, Q = np.linalg.eigh(M)
    return Q @ np.diag(s**power) @ Q.T


# heavy_ball


@mistake("heavy_ball", "Your heavy_ball climbs: subtract the gradient.")
def ball_climbs(A, b, x0, step_size, beta, steps):
    return ref.heavy_ball(A, b, x0, -step_size, beta, steps)


@mistake("heavy_ball", "Your heavy_ball has no momentum: the part of the last move is missing.")
def ball_without_momentum(A, b, x0, step_size, beta, steps):
    return ref.heavy_ball(A, b, x0, step_size, 0.0, steps)


@mistake("heavy_ball", "Your heavy_ball subtracts the part of the last move: it is added.")
def ball_brakes(A, b, x0, step_size, beta, steps):
    return ref.heavy_ball(A, b, x0, step_size, -beta, steps)


@mistake(
    "heavy_ball",
    "Your heavy_ball weighs the gradient with 1 - beta, as Adam's mean does: it counts in full.",
)
def ball_of_means(A, b, x0, step_size, beta, steps):
    return velocity(A, b, x0, step_size, steps, lambda k, v, g: beta * v + (1 - beta) * g)


@mistake(
    "heavy_ball",
    "Your heavy_ball is Nesterov's method: the gradient is taken at x_k, not ahead of it.",
)
def ball_of_nesterov(A, b, x0, step_size, beta, steps):
    last = np.array(x0, dtype=float)

    def step(k, x, g):
        nonlocal last
        ahead = x + beta * (x - last)
        last = x.copy()
        return x - ahead + step_size * (A @ ahead - b)

    return walk(A, b, x0, steps, step)


@mistake(
    "heavy_ball",
    "Your heavy_ball adds the velocity a second time, as torch and keras do with nesterov=True.",
)
def ball_with_nesterov_of_torch(A, b, x0, step_size, beta, steps):
    v = np.zeros(len(x0))

    def step(k, x, g):
        nonlocal v
        v = beta * v + g
        return step_size * (g + beta * v)

    return walk(A, b, x0, steps, step)


@mistake("heavy_ball", "Your heavy_ball multiplies the part of the last move by the step size.")
def ball_with_small_momentum(A, b, x0, step_size, beta, steps):
    return ref.heavy_ball(A, b, x0, step_size, step_size * beta, steps)


@mistake("heavy_ball", "Your heavy_ball leaves out the start: row 0 is x0.")
def ball_without_the_start(A, b, x0, step_size, beta, steps):
    return ref.heavy_ball(A, b, x0, step_size, beta, steps)[1:]


@mistake("heavy_ball", "Your heavy_ball moves by beta times the last gradient, not the last move.")
def ball_of_the_last_gradient(A, b, x0, step_size, beta, steps):
    last = np.zeros(len(x0))

    def step(k, x, g):
        nonlocal last
        move, last = g + beta * last, g
        return step_size * move

    return walk(A, b, x0, steps, step)


@alternative("heavy_ball", "with a velocity, as torch, keras and optax write it")
def ball_with_velocity(A, b, x0, step_size, beta, steps):
    return velocity(A, b, x0, step_size, steps, lambda k, v, g: beta * v + g)


@alternative("heavy_ball", "a list of rows, two of which are looked at, in float32")
def ball_by_rows(A, b, x0, step_size, beta, steps):
    A, b = A.astype(np.float32), b.astype(np.float32)
    rows = [x0.astype(np.float32)] * 2
    for _ in range(steps):
        rows.append(
            rows[-1]
            - np.float32(step_size) * (A @ rows[-1] - b)
            + np.float32(beta) * (rows[-1] - rows[-2])
        )
    return np.array(rows[1:])


# rmsprop


@mistake("rmsprop", "Your rmsprop adds eps outside the root, as torch does: sqrt(v + eps).")
def rmsprop_of_torch(A, b, x0, step_size, beta, eps, steps):
    return scaled(A, b, x0, beta, steps, lambda v, g: step_size * g / (np.sqrt(v) + eps))


@mistake("rmsprop", "Your rmsprop has no eps.")
def rmsprop_without_eps(A, b, x0, step_size, beta, eps, steps):
    return ref.rmsprop(A, b, x0, step_size, beta, 0.0, steps)


@mistake("rmsprop", "Your rmsprop has the two weights exchanged: beta weighs the old v.")
def rmsprop_exchanged(A, b, x0, step_size, beta, eps, steps):
    return ref.rmsprop(A, b, x0, step_size, 1 - beta, eps, steps)


@mistake("rmsprop", "Your rmsprop lacks the root: divide by sqrt(v + eps).")
def rmsprop_without_the_root(A, b, x0, step_size, beta, eps, steps):
    return scaled(A, b, x0, beta, steps, lambda v, g: step_size * g / (v + eps))


@mistake("rmsprop", "Your rmsprop is AdaGrad: v is a sum of all squares.")
def rmsprop_is_adagrad(A, b, x0, step_size, beta, eps, steps):
    total = np.zeros(len(x0))

    def step(k, x, g):
        nonlocal total
        total = total + g**2
        return step_size * g / np.sqrt(total + eps)

    return walk(A, b, x0, steps, step)


@mistake("rmsprop", "Your rmsprop adds g^2 in full: it counts with 1 - beta.")
def rmsprop_of_sums(A, b, x0, step_size, beta, eps, steps):
    v = np.zeros(len(x0))

    def step(k, x, g):
        nonlocal v
        v = beta * v + g**2
        return step_size * g / np.sqrt(v + eps)

    return walk(A, b, x0, steps, step)


@mistake("rmsprop", "Your rmsprop divides v by 1 - beta^t, as Adam does: v as it is.")
def rmsprop_corrected(A, b, x0, step_size, beta, eps, steps):
    return ref.adam(A, b, x0, step_size, 0.0, beta, eps, steps)


@mistake(
    "rmsprop", "Your rmsprop subtracts the square of the mean gradient: that is centered=True."
)
def rmsprop_centered(A, b, x0, step_size, beta, eps, steps):
    return moments(
        A, b, x0, beta, beta, steps, lambda t, m, v, g: step_size * g / np.sqrt(v - m**2 + eps)
    )


@mistake("rmsprop", "Your rmsprop divides by the v before this gradient: the current one counts.")
def rmsprop_one_behind(A, b, x0, step_size, beta, eps, steps):
    v = np.zeros(len(x0))

    def step(k, x, g):
        nonlocal v
        before, v = v, beta * v + (1 - beta) * g**2
        return step_size * g / np.sqrt(before + eps)

    return walk(A, b, x0, steps, step)


@mistake("rmsprop", "Your v starts at 1, as in TensorFlow 1: it starts at 0.")
def rmsprop_from_one(A, b, x0, step_size, beta, eps, steps):
    return scaled(A, b, x0, beta, steps, lambda v, g: step_size * g / np.sqrt(v + eps), first=1.0)


@mistake("rmsprop", "Your rmsprop has one v for all coordinates: the squared length.")
def rmsprop_of_the_length(A, b, x0, step_size, beta, eps, steps):
    v = 0.0

    def step(k, x, g):
        nonlocal v
        v = beta * v + (1 - beta) * (g @ g)
        return step_size * g / np.sqrt(v + eps)

    return walk(A, b, x0, steps, step)


@alternative("rmsprop", "v summed up afresh in every step")
def rmsprop_summed(A, b, x0, step_size, beta, eps, steps):
    gradients = []

    def step(k, x, g):
        gradients.append(g)
        weights = (1 - beta) * beta ** np.arange(k, -1, -1.0)
        return step_size * g * (weights @ np.square(gradients) + eps) ** -0.5

    return walk(A, b, x0, steps, step)


# adam


@mistake("adam", "Your adam adds eps outside the root, as torch and optax do: sqrt(vhat + eps).")
def adam_of_torch(A, b, x0, step_size, beta1, beta2, eps, steps):
    def rule(t, m, v, g):
        return step_size * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)

    return moments(A, b, x0, beta1, beta2, steps, rule)


@mistake(
    "adam",
    "Your adam is the short form of the Adam paper, as in keras: eps stands beside the uncorrected "
    "root there.",
)
def adam_of_keras(A, b, x0, step_size, beta1, beta2, eps, steps):
    def rule(t, m, v, g):
        return step_size * np.sqrt(1 - beta2**t) / (1 - beta1**t) * m / (np.sqrt(v) + eps)

    return moments(A, b, x0, beta1, beta2, steps, rule)


@mistake("adam", "Your adam adds eps to v before the correction: it is added to vhat.")
def adam_with_eps_corrected(A, b, x0, step_size, beta1, beta2, eps, steps):
    def rule(t, m, v, g):
        return step_size * m / (1 - beta1**t) / np.sqrt((v + eps) / (1 - beta2**t))

    return moments(A, b, x0, beta1, beta2, steps, rule)


@mistake("adam", "Your adam has the two betas exchanged: beta1 weighs the mean of the gradients.")
def adam_exchanged(A, b, x0, step_size, beta1, beta2, eps, steps):
    return ref.adam(A, b, x0, step_size, beta2, beta1, eps, steps)


@mistake("adam", "Your adam has no bias corrections.")
def adam_without_corrections(A, b, x0, step_size, beta1, beta2, eps, steps):
    return ref.adam_uncorrected(A, b, x0, step_size, beta1, beta2, eps, steps)


@mistake("adam", "Your adam corrects m only: v is divided by 1 - beta2^t, too.")
def adam_corrects_m(A, b, x0, step_size, beta1, beta2, eps, steps):
    def rule(t, m, v, g):
        return step_size * m / (1 - beta1**t) / np.sqrt(v + eps)

    return moments(A, b, x0, beta1, beta2, steps, rule)


@mistake("adam", "Your adam corrects v only: m is divided by 1 - beta1^t, too.")
def adam_corrects_v(A, b, x0, step_size, beta1, beta2, eps, steps):
    def rule(t, m, v, g):
        return step_size * m / np.sqrt(v / (1 - beta2**t) + eps)

    return moments(A, b, x0, beta1, beta2, steps, rule)


@mistake("adam", "Your adam corrects by 1 - beta in every step: the power t is missing.")
def adam_without_the_power(A, b, x0, step_size, beta1, beta2, eps, steps):
    def rule(t, m, v, g):
        return step_size * m / (1 - beta1) / np.sqrt(v / (1 - beta2) + eps)

    return moments(A, b, x0, beta1, beta2, steps, rule)


@mistake("adam", "Your adam counts t from 2: it is 1 in the first step.")
def adam_from_two(A, b, x0, step_size, beta1, beta2, eps, steps):
    def rule(t, m, v, g):
        return step_size * m / (1 - beta1 ** (t + 1)) / np.sqrt(v / (1 - beta2 ** (t + 1)) + eps)

    return moments(A, b, x0, beta1, beta2, steps, rule)


@mistake("adam", "Your adam keeps the largest vhat so far, as optax.amsgrad does.")
def adam_is_amsgrad(A, b, x0, step_size, beta1, beta2, eps, steps):
    most = np.zeros(len(x0))

    def rule(t, m, v, g):
        nonlocal most
        most = np.maximum(most, v / (1 - beta2**t))
        return step_size * m / (1 - beta1**t) / np.sqrt(most + eps)

    return moments(A, b, x0, beta1, beta2, steps, rule)


@mistake("adam", "Your adam is Nadam, as in optax: the mean of the gradients is taken as it is.")
def adam_is_nadam(A, b, x0, step_size, beta1, beta2, eps, steps):
    def rule(t, m, v, g):
        ahead = beta1 * m / (1 - beta1 ** (t + 1)) + (1 - beta1) * g / (1 - beta1**t)
        return step_size * ahead / np.sqrt(v / (1 - beta2**t) + eps)

    return moments(A, b, x0, beta1, beta2, steps, rule)


@mistake("adam", "Your adam moves by the gradient, not by its mean.")
def adam_of_gradients(A, b, x0, step_size, beta1, beta2, eps, steps):
    return ref.adam(A, b, x0, step_size, 0.0, beta2, eps, steps)


@mistake("adam", "Your adam squares the mean of the gradients: v is the mean of their squares.")
def adam_squares_the_mean(A, b, x0, step_size, beta1, beta2, eps, steps):
    m, v = np.zeros(len(x0)), np.zeros(len(x0))

    def step(k, x, g):
        nonlocal m, v
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * m**2
        t = k + 1
        return step_size * m / (1 - beta1**t) / np.sqrt(v / (1 - beta2**t) + eps)

    return walk(A, b, x0, steps, step)


@mistake("adam", "Your adam has no eps.")
def adam_without_eps(A, b, x0, step_size, beta1, beta2, eps, steps):
    return ref.adam(A, b, x0, step_size, beta1, beta2, 0.0, steps)


@alternative("adam", "one step size for both corrections, eps scaled with it")
def adam_by_one_factor(A, b, x0, step_size, beta1, beta2, eps, steps):
    def rule(t, m, v, g):
        c = 1 - beta2**t
        return step_size * np.sqrt(c) / (1 - beta1**t) * m / np.sqrt(v + c * eps)

    return moments(A, b, x0, beta1, beta2, steps, rule)


@alternative("adam", "both means as weighted averages of all gradients")
def adam_by_averages(A, b, x0, step_size, beta1, beta2, eps, steps):
    gradients = []

    def step(k, x, g):
        gradients.append(g)
        back = np.arange(k, -1, -1.0)
        m = np.average(gradients, axis=0, weights=beta1**back)
        return (
            step_size
            * m
            / np.sqrt(np.average(np.square(gradients), axis=0, weights=beta2**back) + eps)
        )

    return walk(A, b, x0, steps, step)


# adam_uncorrected


@mistake("adam_uncorrected", "Your adam_uncorrected is corrected: it is adam itself.")
def uncorrected_is_adam(A, b, x0, step_size, beta1, beta2, eps, steps):
    return ref.adam(A, b, x0, step_size, beta1, beta2, eps, steps)


@mistake("adam_uncorrected", "Your adam_uncorrected adds eps outside the root: sqrt(v + eps).")
def uncorrected_with_eps_outside(A, b, x0, step_size, beta1, beta2, eps, steps):
    return moments(
        A, b, x0, beta1, beta2, steps, lambda t, m, v, g: step_size * m / (np.sqrt(v) + eps)
    )


@mistake(
    "adam_uncorrected",
    "Your adam_uncorrected has the betas exchanged: beta1 weighs the mean of the gradients.",
)
def uncorrected_exchanged(A, b, x0, step_size, beta1, beta2, eps, steps):
    return ref.adam_uncorrected(A, b, x0, step_size, beta2, beta1, eps, steps)


@mistake("adam_uncorrected", "Your adam_uncorrected still corrects m.")
def uncorrected_with_m(A, b, x0, step_size, beta1, beta2, eps, steps):
    def rule(t, m, v, g):
        return step_size * m / (1 - beta1**t) / np.sqrt(v + eps)

    return moments(A, b, x0, beta1, beta2, steps, rule)


@mistake("adam_uncorrected", "Your adam_uncorrected still corrects v.")
def uncorrected_with_v(A, b, x0, step_size, beta1, beta2, eps, steps):
    def rule(t, m, v, g):
        return step_size * m / np.sqrt(v / (1 - beta2**t) + eps)

    return moments(A, b, x0, beta1, beta2, steps, rule)


@mistake("adam_uncorrected", "Your adam_uncorrected has no eps.")
def uncorrected_without_eps(A, b, x0, step_size, beta1, beta2, eps, steps):
    return ref.adam_uncorrected(A, b, x0, step_size, beta1, beta2, 0.0, steps)


@alternative("adam_uncorrected", "lists and loops over the coordinates")
def uncorrected_by_loops(A, b, x0, step_size, beta1, beta2, eps, steps):
    path = [[float(value) for value in x0]]
    m, v = [0.0] * len(b), [0.0] * len(b)
    for _ in range(steps):
        x, new = path[-1], []
        for i in range(len(b)):
            g = sum(A[i][j] * x[j] for j in range(len(b))) - b[i]
            m[i] += (1 - beta1) * (g - m[i])
            v[i] += (1 - beta2) * (g * g - v[i])
            new.append(x[i] - step_size * m[i] / (v[i] + eps) ** 0.5)
        path.append(new)
    return path


# full_adagrad


@mistake("full_adagrad", "Your full_adagrad uses the diagonal of G only: that is plain AdaGrad.")
def full_is_diagonal(A, b, x0, step_size, steps, eps):
    return products(A, b, x0, step_size, steps, lambda G, g: g / np.sqrt(np.diag(G) + eps))


@mistake(
    "full_adagrad", "Your full_adagrad takes a Cholesky factor: the symmetric root is asked for."
)
def full_by_cholesky(A, b, x0, step_size, steps, eps):
    return products(
        A, b, x0, step_size, steps,
        lambda G, g: np.linalg.solve(np.linalg.cholesky(G + eps * np.eye(len(g))), g),
    )  # fmt: skip


@mistake("full_adagrad", "Your full_adagrad takes the other Cholesky factor: the symmetric root.")
def full_by_the_other_cholesky(A, b, x0, step_size, steps, eps):
    return products(
        A, b, x0, step_size, steps,
        lambda G, g: np.linalg.solve(np.linalg.cholesky(G + eps * np.eye(len(g))).T, g),
    )  # fmt: skip


@mistake("full_adagrad", "Your full_adagrad lacks the root: that is (G + eps I)^(-1).")
def full_without_the_root(A, b, x0, step_size, steps, eps):
    return products(
        A, b, x0, step_size, steps, lambda G, g: np.linalg.solve(G + eps * np.eye(len(g)), g)
    )


@mistake("full_adagrad", "Your full_adagrad adds eps to the root of G: it is added to G.")
def full_with_eps_outside(A, b, x0, step_size, steps, eps):
    def direction(G, g):
        s, Q = np.linalg.eigh(G)
        return Q @ (Q.T @ g / (np.sqrt(np.maximum(s, 0)) + eps))

    return products(A, b, x0, step_size, steps, direction)


@mistake("full_adagrad", "Your G starts at 0.1 I, as in keras and optax: it starts at 0.")
def full_from_a_tenth(A, b, x0, step_size, steps, eps):
    return products(
        A, b, x0, step_size, steps, lambda G, g: root(G + eps * np.eye(len(g))) @ g, first=0.1
    )


@mistake("full_adagrad", "Your full_adagrad leaves the current gradient out of G.")
def full_one_behind(A, b, x0, step_size, steps, eps):
    return products(
        A, b, x0, step_size, steps, lambda G, g: root(G + eps * np.eye(len(g))) @ g, late=True
    )


@mistake("full_adagrad", "Your full_adagrad takes the roots of the entries: a matrix has its own.")
def full_of_entries(A, b, x0, step_size, steps, eps):
    def direction(G, g):
        M = G + eps * np.eye(len(g))
        return np.linalg.pinv(np.sign(M) * np.sqrt(np.abs(M))) @ g

    return products(A, b, x0, step_size, steps, direction)


@mistake(
    "full_adagrad", "Your full_adagrad forgets: G is the product of the current gradient alone."
)
def full_forgets(A, b, x0, step_size, steps, eps):
    return products(
        A, b, x0, step_size, steps,
        lambda G, g: root(np.outer(g, g) + eps * np.eye(len(g))) @ g,
    )  # fmt: skip


@mistake("full_adagrad", "Your full_adagrad averages the products: they are added up.")
def full_of_means(A, b, x0, step_size, steps, eps):
    G = np.zeros((len(x0), len(x0)))

    def step(k, x, g):
        nonlocal G
        G = G + np.outer(g, g)
        return step_size * root(G / (k + 1) + eps * np.eye(len(g))) @ g

    return walk(A, b, x0, steps, step)


@mistake("full_adagrad", "Your full_adagrad adds eps I once more in every step.")
def full_with_eps_again(A, b, x0, step_size, steps, eps):
    def step(k, x, g):
        nonlocal G
        G = G + np.outer(g, g) + eps * np.eye(len(g))
        return step_size * root(G) @ g

    G = np.zeros((len(x0), len(x0)))
    return walk(A, b, x0, steps, step)


@alternative("full_adagrad", "through a singular value decomposition")
def full_by_svd(A, b, x0, step_size, steps, eps):
    rows = []

    def step(k, x, g):
        rows.append(g)
        _, s, V = np.linalg.svd(np.vstack([np.array(rows), np.sqrt(eps) * np.eye(len(g))]))
        return step_size * V.T @ ((V @ g) / s)

    return walk(A, b, x0, steps, step)


@alternative("full_adagrad", "by the iteration of Denman and Beavers for the root")
def full_by_denman_beavers(A, b, x0, step_size, steps, eps):
    def direction(G, g):
        Y, Z = G + eps * np.eye(len(g)), np.eye(len(g))
        for _ in range(40):
            Y, Z = (Y + np.linalg.inv(Z)) / 2, (Z + np.linalg.inv(Y)) / 2
        return Z @ g

    return products(A, b, x0, step_size, steps, direction)


# projected_descent


@mistake("projected_descent", "Your projected_descent never projects.")
def projected_never(A, b, x0, step_size, steps, radius):
    return walk(A, b, x0, steps, lambda k, x, g: step_size * g)


@mistake(
    "projected_descent", "Your projected_descent always goes to the sphere: points inside stay."
)
def projected_onto_the_sphere(A, b, x0, step_size, steps, radius):
    def step(k, x, g):
        moved = x - step_size * g
        return x - radius * moved / np.linalg.norm(moved)

    return walk(A, b, x0, steps, step)


@mistake(
    "projected_descent", "Your projected_descent projects onto a cube: each coordinate is clipped."
)
def projected_onto_a_cube(A, b, x0, step_size, steps, radius):
    return walk(A, b, x0, steps, lambda k, x, g: x - np.clip(x - step_size * g, -radius, radius))


@mistake("projected_descent", "Your projected_descent projects the start: it stays as it is given.")
def projected_from_the_start(A, b, x0, step_size, steps, radius):
    start = x0 * min(1.0, radius / np.linalg.norm(x0))
    return ref.projected_descent(A, b, start, step_size, steps, radius)


@mistake("projected_descent", "Your projected_descent shortens the gradient, not the iterate.")
def projected_gradients(A, b, x0, step_size, steps, radius):
    return walk(
        A, b, x0, steps, lambda k, x, g: step_size * g * min(1.0, radius / np.linalg.norm(g))
    )


@mistake("projected_descent", "Your projected_descent shows each iterate before its projection.")
def projected_too_late(A, b, x0, step_size, steps, radius):
    path = [np.array(x0, dtype=float)]
    inside = path[0]
    for _ in range(steps):
        path.append(inside - step_size * (A @ inside - b))
        inside = path[-1] * min(1.0, radius / np.linalg.norm(path[-1]))
    return np.array(path)


@mistake("projected_descent", "Your projected_descent projects the last iterate only.")
def projected_at_the_end(A, b, x0, step_size, steps, radius):
    path = walk(A, b, x0, steps, lambda k, x, g: step_size * g)
    path[-1] *= min(1.0, radius / np.linalg.norm(path[-1]))
    return path


@mistake("projected_descent", "Your projected_descent stays where a step would leave the ball.")
def projected_by_staying(A, b, x0, step_size, steps, radius):
    def step(k, x, g):
        return step_size * g * (np.linalg.norm(x - step_size * g) <= radius)

    return walk(A, b, x0, steps, step)


@alternative("projected_descent", "with an if, in place")
def projected_with_an_if(A, b, x0, step_size, steps, radius):
    path, x = [x0], x0.copy()
    for _ in range(steps):
        x = x - step_size * (A @ x - b)
        if x @ x > radius**2:
            x *= radius / np.sqrt(x @ x)
        path.append(x)
    return path


# rosenbrock


@mistake("rosenbrock", "Your rosenbrock lacks the factor 100.")
def rosenbrock_without_the_factor(x):
    return float((1 - x[0]) ** 2 + (x[1] - x[0] ** 2) ** 2)


@mistake("rosenbrock", "Your rosenbrock does not square x_0 inside the second term.")
def rosenbrock_without_the_square(x):
    return float((1 - x[0]) ** 2 + 100 * (x[1] - x[0]) ** 2)


@mistake("rosenbrock", "Your rosenbrock has the two coordinates exchanged.")
def rosenbrock_exchanged(x):
    return ref.rosenbrock(x[::-1])


@mistake("rosenbrock", "Your rosenbrock does not square 1 - x_0.")
def rosenbrock_without_the_first_square(x):
    return float((1 - x[0]) + 100 * (x[1] - x[0] ** 2) ** 2)


@alternative("rosenbrock", "as a sum of two squares, a 0-d array")
def rosenbrock_of_squares(x):
    return np.array(np.sum(np.square([1 - x[0], 10 * (x[1] - x[0] * x[0])])))


# rosenbrock_gradient


@mistake(
    "rosenbrock_gradient", "Your rosenbrock_gradient lacks the inner derivative of x_1 - x_0^2."
)
def slope_without_the_inner_one(x):
    u = x[1] - x[0] ** 2
    return np.array([-2 * (1 - x[0]) + 200 * u, 200 * u])


@mistake("rosenbrock_gradient", "Your rosenbrock_gradient has the wrong sign at 400 x_0.")
def slope_with_a_wrong_sign(x):
    u = x[1] - x[0] ** 2
    return np.array([-2 * (1 - x[0]) + 400 * x[0] * u, 200 * u])


@mistake("rosenbrock_gradient", "Your rosenbrock_gradient has the wrong sign at 2 (1 - x_0).")
def slope_with_another_wrong_sign(x):
    u = x[1] - x[0] ** 2
    return np.array([2 * (1 - x[0]) - 400 * x[0] * u, 200 * u])


@mistake("rosenbrock_gradient", "Your rosenbrock_gradient lacks the term of (1 - x_0)^2.")
def slope_without_the_first_term(x):
    u = x[1] - x[0] ** 2
    return np.array([-400 * x[0] * u, 200 * u])


@mistake("rosenbrock_gradient", "Your rosenbrock_gradient has the opposite sign.")
def slope_is_negative(x):
    return -ref.rosenbrock_gradient(x)


@alternative("rosenbrock_gradient", "central differences of rosenbrock")
def slope_by_differences(x):
    h = 1e-5
    moves = h * np.eye(2)
    return np.array([(ref.rosenbrock(x + m) - ref.rosenbrock(x - m)) / (2 * h) for m in moves])


# rosenbrock_hessian


@mistake("rosenbrock_hessian", "Your rosenbrock_hessian has the factor 1 in place of 3 at x_0^2.")
def hessian_without_the_three(x):
    H = ref.rosenbrock_hessian(x)
    H[0, 0] = 2 - 400 * (x[1] - x[0] ** 2)
    return H


@mistake("rosenbrock_hessian", "Your rosenbrock_hessian lacks the 2 of (1 - x_0)^2.")
def hessian_without_the_two(x):
    H = ref.rosenbrock_hessian(x)
    H[0, 0] -= 2
    return H


@mistake("rosenbrock_hessian", "Your rosenbrock_hessian lacks the mixed derivatives.")
def hessian_of_the_diagonal(x):
    return np.diag(np.diag(ref.rosenbrock_hessian(x)))


@mistake(
    "rosenbrock_hessian", "Your rosenbrock_hessian has the wrong sign at the mixed derivatives."
)
def hessian_with_a_wrong_sign(x):
    H = ref.rosenbrock_hessian(x)
    return H * [[1, -1], [-1, 1]]


@mistake(
    "rosenbrock_hessian", "Your rosenbrock_hessian is J'J of Gauss and Newton: a term is missing."
)
def hessian_of_gauss_newton(x):
    J = np.array([[-1.0, 0.0], [-20 * x[0], 10.0]])
    return 2 * J.T @ J


@alternative("rosenbrock_hessian", "a list of lists")
def hessian_by_lists(x):
    a, c = float(x[0]), float(x[1])
    return np.array([[1200 * a * a - 400 * c + 2, -400 * a], [-400 * a, 200]])


# newton


@mistake("newton", "Your newton adds the step: x - H^(-1) g.")
def newton_adds(x0, steps):
    return ref.follow(
        x0, steps,
        lambda k, x: x + np.linalg.solve(ref.rosenbrock_hessian(x), ref.rosenbrock_gradient(x)),
    )  # fmt: skip


@mistake("newton", "Your newton multiplies by the Hessian: its inverse is asked for.")
def newton_multiplies(x0, steps):
    with np.errstate(all="ignore"):
        return ref.follow(
            x0, steps, lambda k, x: x - ref.rosenbrock_hessian(x) @ ref.rosenbrock_gradient(x)
        )


@mistake("newton", "Your newton keeps the Hessian of the start.")
def newton_with_one_hessian(x0, steps):
    H = ref.rosenbrock_hessian(x0)
    with np.errstate(all="ignore"):
        return ref.follow(
            x0, steps, lambda k, x: x - np.linalg.solve(H, ref.rosenbrock_gradient(x))
        )


@mistake("newton", "Your newton uses the diagonal of the Hessian only.")
def newton_of_the_diagonal(x0, steps):
    with np.errstate(all="ignore"):
        return ref.follow(
            x0, steps,
            lambda k, x: x - ref.rosenbrock_gradient(x) / np.diag(ref.rosenbrock_hessian(x)),
        )  # fmt: skip


@mistake("newton", "Your newton halves its step where r grows: full steps are asked for.")
def newton_with_a_line_search(x0, steps):
    def step(k, x):
        move = np.linalg.solve(ref.rosenbrock_hessian(x), ref.rosenbrock_gradient(x))
        while ref.rosenbrock(x - move) > ref.rosenbrock(x) and np.abs(move).max() > 1e-12:
            move = move / 2
        return x - move

    return ref.follow(x0, steps, step)


@mistake("newton", "Your newton stops at the minimiser: all the steps are to be taken.")
def newton_stops(x0, steps):
    path = [np.array(x0, dtype=float)]
    for _ in range(steps):
        g = ref.rosenbrock_gradient(path[-1])
        if np.abs(g).max() < 1e-6:
            break
        path.append(path[-1] - np.linalg.solve(ref.rosenbrock_hessian(path[-1]), g))
    return np.array(path)


@mistake("newton", "Your newton leaves out the start: row 0 is x0.")
def newton_without_the_start(x0, steps):
    return ref.newton(x0, steps)[1:]


@alternative("newton", "the inverse written out")
def newton_by_the_inverse(x0, steps):
    path = [x0]
    for _ in range(steps):
        (p, q), (_, r) = ref.rosenbrock_hessian(path[-1])
        inverse = np.array([[r, -q], [-q, p]]) / (p * r - q * q)
        path.append(path[-1] - inverse @ ref.rosenbrock_gradient(path[-1]))
    return path


# decayed_step


@mistake("decayed_step", "Your decayed_step lacks the step size at lam: (1 - step_size lam) w.")
def decayed_by_lam(w, g, step_size, lam):
    return (1 - lam) * w - step_size * g


@mistake("decayed_step", "Your decayed_step does not decay.")
def decayed_not_at_all(w, g, step_size, lam):
    return w - step_size * g


@mistake("decayed_step", "Your decayed_step decays twice as much: that of lam |w|^2.")
def decayed_twice(w, g, step_size, lam):
    return (1 - 2 * step_size * lam) * w - step_size * g


@mistake(
    "decayed_step", "Your decayed_step decays after the step: the step itself does not shrink."
)
def decayed_after_the_step(w, g, step_size, lam):
    return (1 - step_size * lam) * (w - step_size * g)


@mistake("decayed_step", "Your decayed_step grows the weights: it is 1 - step_size lam.")
def decayed_upwards(w, g, step_size, lam):
    return (1 + step_size * lam) * w - step_size * g


@mistake("decayed_step", "Your decayed_step adds the gradient: subtract it.")
def decayed_climbs(w, g, step_size, lam):
    return (1 - step_size * lam) * w + step_size * g


@mistake("decayed_step", "Your decayed_step decays by the signs of the weights, as an L1 penalty.")
def decayed_by_signs(w, g, step_size, lam):
    return w - step_size * (g + lam * np.sign(w))


@alternative("decayed_step", "the decay inside the gradient, as in torch's SGD")
def decayed_inside(w, g, step_size, lam):
    return (w - step_size * (g + lam * w)).tolist()


# plot_race


def race(A, b, paths, *, names=None, heights=ref.gaps, scale="log", marks=(True, True), levels=9):
    """The figure of `plot_race` with something left out or exchanged."""
    figure, (plane, curves) = plt.subplots(1, 2)
    best, start = np.linalg.solve(A, b), next(iter(paths.values()))[0]
    if levels:
        ref.draw_contours(plane, A, b, np.vstack([*paths.values(), best]))
    for name, path in zip(names or paths, paths.values(), strict=True):
        plane.plot(path[:, 0], path[:, 1], ".-", label=name)
        curves.plot(heights(path, A, b), label=name)
    for point, mark in zip((start, best), marks, strict=True):
        if mark:
            plane.plot(*point, "k*", markersize=12)
    plane.set(xlabel="x0", ylabel="x1")
    curves.set(xlabel="k", ylabel="f - min f", yscale=scale)
    plane.legend()
    curves.legend()
    return figure


@mistake("plot_race", "The y axis of your curves is not logarithmic.")
def plot_on_a_linear_axis(A, b, paths):
    return race(A, b, paths, scale="linear")


@mistake("plot_race", "The y axis of your curves is not logarithmic.")
def plot_of_logarithms(A, b, paths):
    return race(
        A, b, paths, heights=lambda path, A, b: np.log10(ref.gaps(path, A, b)), scale="linear"
    )


@mistake("plot_race", "Your figure has the names of the paths exchanged.")
def plot_with_exchanged_names(A, b, paths):
    return race(A, b, paths, names=list(paths)[::-1])


@mistake("plot_race", "Your figure does not say which path is which.")
def plot_without_names(A, b, paths):
    figure = race(A, b, paths)
    for axes in figure.axes:
        axes.get_legend().remove()
    return figure


@mistake("plot_race", "Your figure has no contours.")
def plot_without_contours(A, b, paths):
    return race(A, b, paths, levels=0)


@mistake("plot_race", "Your figure does not mark the start.")
def plot_without_the_start(A, b, paths):
    return race(A, b, paths, marks=(False, True))


@mistake("plot_race", "Your figure does not mark the minimiser.")
def plot_without_the_minimiser(A, b, paths):
    return race(A, b, paths, marks=(True, False))


@mistake("plot_race", "Your curves show f itself: subtract min f.")
def plot_of_values(A, b, paths):
    def heights(path, A, b):
        return 0.5 * np.sum(path @ A * path, axis=1) - path @ b

    return race(A, b, paths, heights=heights)


@mistake("plot_race", "Your curves show the distance to the minimiser, not f - min f.")
def plot_of_distances(A, b, paths):
    return race(
        A, b, paths,
        heights=lambda path, A, b: np.linalg.norm(path - np.linalg.solve(A, b), axis=1),
    )  # fmt: skip


@mistake("plot_race", "Your figure lacks the curves of f - min f.")
def plot_without_curves(A, b, paths):
    figure = race(A, b, paths)
    figure.axes[1].remove()
    return figure


@alternative("plot_race", "two rows, names beside the paths, none at the curves")
def plot_in_rows(A, b, paths):
    plt.figure(figsize=(6, 9))
    plane = plt.subplot(2, 1, 1)
    best = np.linalg.inv(A) @ b
    ref.draw_contours(plane, A, b, np.vstack([*paths.values(), best]))
    for name, path in paths.items():
        (line,) = plt.plot(*path.T, "o-", ms=3)
        plt.text(*path[2], name, color=line.get_color())
    plt.plot(*best, "r*", ms=14)
    plt.plot(*path[0], "ks", ms=9)
    plt.subplot(2, 1, 2)
    for path in paths.values():
        plt.semilogy(range(1, len(path) + 1), ref.gaps(path, A, b))
