"""AdaGrad against gradient descent done wrong in one function, and done differently and rightly."""

import adagrad as ref
import matplotlib.pyplot as plt
import numpy as np

from grader.checks.variants import alternative, mistake


def follow(A, b, x0, steps, step):
    """The path x_{k+1} = x_k - step(k, x_k, g_k)."""
    path = [np.array(x0, dtype=float)]
    for k in range(steps):
        path.append(path[-1] - step(k, path[-1], A @ path[-1] - b))
    return np.array(path)


def scaled(A, b, x0, step_size, steps, update, divide):
    """AdaGrad with v from `update(k, v, g)` and the step step_size * g / divide(v)."""
    v = np.zeros(len(x0))

    def step(k, x, g):
        nonlocal v
        v = update(k, v, g)
        return step_size * g / divide(v)

    with np.errstate(all="ignore"):
        return follow(A, b, x0, steps, step)


def add_square(k, v, g):
    return v + g**2


# quadratic


@mistake("quadratic", "Your quadratic lacks the factor 1/2 before x'Ax.")
def quadratic_without_the_half(x, A, b):
    return float(x @ A @ x - b @ x)


@mistake("quadratic", "Your quadratic adds b'x: it is subtracted.")
def quadratic_adds_b(x, A, b):
    return float(0.5 * x @ A @ x + b @ x)


@mistake("quadratic", "Your quadratic lacks the term b'x.")
def quadratic_without_b(x, A, b):
    return float(0.5 * x @ A @ x)


@mistake("quadratic", "Your quadratic halves b'x as well: 1/2 stands before x'Ax only.")
def quadratic_halves_everything(x, A, b):
    return float(0.5 * (x @ A @ x - b @ x))


@mistake("quadratic", "Your quadratic uses only the diagonal of A.")
def quadratic_of_the_diagonal(x, A, b):
    return float(0.5 * np.sum(np.diag(A) * x**2) - b @ x)


@mistake("quadratic", "Your quadratic has the opposite sign.")
def quadratic_is_negative(x, A, b):
    return -ref.quadratic(x, A, b)


@mistake("quadratic", "Your quadratic is |Ax - b|^2 / 2, another function with the same minimiser.")
def quadratic_is_a_residual(x, A, b):
    return float(0.5 * np.sum((A @ x - b) ** 2))


@mistake("quadratic", "Your quadratic subtracts the minimum: f itself is asked for.")
def quadratic_above_the_minimum(x, A, b):
    return ref.quadratic(x, A, b) - ref.quadratic(np.linalg.solve(A, b), A, b)


@mistake("quadratic", "Your quadratic ignores A: the first term is 1/2 x'Ax.")
def quadratic_without_a(x, A, b):
    return float(0.5 * x @ x - b @ x)


@alternative("quadratic", "plain loops")
def quadratic_by_loops(x, A, b):
    total = 0.0
    for i in range(len(x)):
        total -= b[i] * x[i]
        for j in range(len(x)):
            total += A[i, j] * x[i] * x[j] / 2
    return total


@alternative("quadratic", "through einsum, a 0-d array in float32")
def quadratic_in_float32(x, A, b):
    x, A, b = (np.asarray(a, dtype=np.float32) for a in (x, A, b))
    return np.asarray(np.einsum("i,ij,j", x, A, x) / 2 - np.dot(b, x))


# quadratic_gradient


@mistake("quadratic_gradient", "Your quadratic_gradient adds b: it is subtracted.")
def gradient_adds_b(x, A, b):
    return A @ x + b


@mistake("quadratic_gradient", "Your quadratic_gradient lacks b.")
def gradient_without_b(x, A, b):
    return A @ x


@mistake("quadratic_gradient", "Your quadratic_gradient doubles Ax: the factor 1/2 cancels the 2.")
def gradient_doubles_ax(x, A, b):
    return 2 * A @ x - b


@mistake("quadratic_gradient", "Your quadratic_gradient halves Ax: the factor 1/2 cancels the 2.")
def gradient_halves_ax(x, A, b):
    return 0.5 * A @ x - b


@mistake("quadratic_gradient", "Your quadratic_gradient has the opposite sign.")
def gradient_is_negative(x, A, b):
    return b - A @ x


@mistake("quadratic_gradient", "Your quadratic_gradient uses only the diagonal of A.")
def gradient_of_the_diagonal(x, A, b):
    return np.diag(A) * x - b


@mistake("quadratic_gradient", "Your quadratic_gradient is divided by its length.")
def gradient_of_length_one(x, A, b):
    g = A @ x - b
    return g / np.linalg.norm(g)


@mistake(
    "quadratic_gradient",
    "Your quadratic_gradient is that of |Ax - b|^2 / 2, which has one more factor A.",
)
def gradient_of_a_residual(x, A, b):
    return A @ (A @ x - b)


@mistake("quadratic_gradient", "Your quadratic_gradient returns its length: a vector is asked for.")
def gradient_is_a_length(x, A, b):
    return float(np.linalg.norm(A @ x - b))


@alternative("quadratic_gradient", "for any A, with its transpose")
def gradient_with_the_transpose(x, A, b):
    return (A + A.T) @ x / 2 - b


@alternative("quadratic_gradient", "in loops")
def gradient_by_loops(x, A, b):
    return np.array([sum(A[i, j] * x[j] for j in range(len(x))) - b[i] for i in range(len(b))])


@alternative("quadratic_gradient", "central differences of quadratic")
def gradient_by_differences(x, A, b):
    moves = 1e-4 * np.eye(len(x))
    return np.array(
        [(ref.quadratic(x + m, A, b) - ref.quadratic(x - m, A, b)) / 2e-4 for m in moves]
    )


# gradient_descent


@mistake("gradient_descent", "Your gradient_descent climbs: subtract the gradient.")
def descent_climbs(A, b, x0, step_size, steps):
    return ref.gradient_descent(A, b, x0, -step_size, steps)


@mistake("gradient_descent", "Your gradient_descent leaves out the start: row 0 is x0.")
def descent_without_the_start(A, b, x0, step_size, steps):
    return ref.gradient_descent(A, b, x0, step_size, steps)[1:]


@mistake("gradient_descent", "Your gradient_descent leaves out the last iterate: steps + 1 rows.")
def descent_without_the_end(A, b, x0, step_size, steps):
    return ref.gradient_descent(A, b, x0, step_size, steps)[:-1]


@mistake("gradient_descent", "Your gradient_descent takes one step too many.")
def descent_with_one_step_more(A, b, x0, step_size, steps):
    return ref.gradient_descent(A, b, x0, step_size, steps + 1)


@mistake(
    "gradient_descent", "Your gradient_descent returns only the last iterate: all are asked for."
)
def descent_returns_the_end(A, b, x0, step_size, steps):
    return ref.gradient_descent(A, b, x0, step_size, steps)[-1]


@mistake(
    "gradient_descent",
    "All rows of your gradient_descent are one array, changed in place: keep copies.",
)
def descent_keeps_no_copies(A, b, x0, step_size, steps):
    path = ref.gradient_descent(A, b, x0, step_size, steps)
    return np.tile(path[-1], (steps + 1, 1))


@mistake("gradient_descent", "Your gradient_descent starts at 0: it starts at x0.")
def descent_from_zero(A, b, x0, step_size, steps):
    return ref.gradient_descent(A, b, np.zeros(len(x0)), step_size, steps)


@mistake("gradient_descent", "Your step size shrinks like 1/k: it should stay constant.")
def descent_with_a_shrinking_step(A, b, x0, step_size, steps):
    return follow(A, b, x0, steps, lambda k, x, g: step_size / (k + 1) * g)


@mistake("gradient_descent", "Your step size shrinks like 1/sqrt(k): it should stay constant.")
def descent_with_a_slowly_shrinking_step(A, b, x0, step_size, steps):
    return follow(A, b, x0, steps, lambda k, x, g: step_size / np.sqrt(k + 1) * g)


@mistake("gradient_descent", "Your gradient_descent divides the gradient by its length.")
def descent_by_steps_of_one_length(A, b, x0, step_size, steps):
    def step(k, x, g):
        length = np.linalg.norm(g)
        return step_size * g / length if length > 0 else 0 * g

    return follow(A, b, x0, steps, step)


@mistake("gradient_descent", "Your gradient_descent uses only the sign of the gradient.")
def descent_by_signs(A, b, x0, step_size, steps):
    return follow(A, b, x0, steps, lambda k, x, g: step_size * np.sign(g))


@mistake("gradient_descent", "Your gradient_descent divides the step by d.")
def descent_divided_by_d(A, b, x0, step_size, steps):
    return ref.gradient_descent(A, b, x0, step_size / len(x0), steps)


@mistake("gradient_descent", "Your gradient_descent has momentum: no iterate before x_k counts.")
def descent_with_momentum(A, b, x0, step_size, steps):
    velocity = np.zeros(len(x0))

    def step(k, x, g):
        nonlocal velocity
        velocity = 0.9 * velocity + step_size * g
        return velocity

    return follow(A, b, x0, steps, step)


@mistake("gradient_descent", "Your gradient_descent takes the gradient at x0 in every step.")
def descent_with_the_first_gradient(A, b, x0, step_size, steps):
    first = A @ x0 - b
    return follow(A, b, x0, steps, lambda k, x, g: step_size * first)


@mistake(
    "gradient_descent",
    "Your gradient_descent updates one coordinate after the other: update all at once.",
)
def descent_in_turn(A, b, x0, step_size, steps):
    path = [np.array(x0, dtype=float)]
    for _ in range(steps):
        x = path[-1].copy()
        for i in range(len(x)):
            x[i] -= step_size * (A[i] @ x - b[i])
        path.append(x)
    return np.array(path)


@mistake("gradient_descent", "Your gradient_descent chooses its own step: step_size is given.")
def descent_with_a_line_search(A, b, x0, step_size, steps):
    def step(k, x, g):
        curvature = g @ A @ g
        return (g @ g) / curvature * g if curvature > 0 else 0 * g

    return follow(A, b, x0, steps, step)


@mistake("gradient_descent", "Your gradient_descent is Newton's method: A is not inverted.")
def descent_by_newton(A, b, x0, step_size, steps):
    return follow(A, b, x0, steps, lambda k, x, g: step_size * np.linalg.solve(A, g))


@mistake("gradient_descent", "Your gradient_descent stops early: all the steps are to be taken.")
def descent_stops_early(A, b, x0, step_size, steps):
    path = ref.gradient_descent(A, b, x0, step_size, steps)
    still = [k for k, x in enumerate(path) if np.linalg.norm(A @ x - b) < 1e-6]
    return path[: still[0] + 1] if still else path


@mistake("gradient_descent", "Your gradient_descent refuses steps that do not lower f.")
def descent_only_downhill(A, b, x0, step_size, steps):
    def step(k, x, g):
        s = step_size * g
        return s if ref.quadratic(x - s, A, b) <= ref.quadratic(x, A, b) + 1e-12 else 0 * g

    return follow(A, b, x0, steps, step)


@mistake("gradient_descent", "Your path is transposed: one iterate per row.")
def descent_transposed(A, b, x0, step_size, steps):
    return ref.gradient_descent(A, b, x0, step_size, steps).T


@alternative("gradient_descent", "a list of lists, plain loops")
def descent_by_loops(A, b, x0, step_size, steps):
    path = [[float(t) for t in x0]]
    for _ in range(steps):
        x = path[-1]
        path.append(
            [
                x[i] - step_size * (sum(A[i][j] * x[j] for j in range(len(x))) - b[i])
                for i in range(len(x))
            ]
        )
    return path


@alternative("gradient_descent", "in closed form, from the eigenvectors of A")
def descent_in_closed_form(A, b, x0, step_size, steps):
    values, vectors = np.linalg.eigh(A)
    best = np.linalg.solve(A, b)
    powers = (1 - step_size * values) ** np.arange(steps + 1)[:, None]
    return best + powers * (vectors.T @ (x0 - best)) @ vectors.T


@alternative("gradient_descent", "float32")
def descent_in_float32(A, b, x0, step_size, steps):
    A, b, x0 = (np.asarray(a, dtype=np.float32) for a in (A, b, x0))
    path = [x0]
    for _ in range(steps):
        path.append(path[-1] - np.float32(step_size) * (A @ path[-1] - b))
    return np.array(path)


# adagrad


@mistake("adagrad", "Your adagrad adds eps outside the root: sqrt(v + eps) is asked for.")
def adagrad_with_eps_outside(A, b, x0, step_size, steps, eps):
    return scaled(A, b, x0, step_size, steps, add_square, lambda v: np.sqrt(v) + eps)


@mistake("adagrad", "Your adagrad squares eps: sqrt(v + eps) is asked for.")
def adagrad_with_eps_squared(A, b, x0, step_size, steps, eps):
    return scaled(A, b, x0, step_size, steps, add_square, lambda v: np.sqrt(v + eps**2))


@mistake("adagrad", "Your adagrad ignores eps.")
def adagrad_without_eps(A, b, x0, step_size, steps, eps):
    return scaled(
        A, b, x0, step_size, steps, add_square, lambda v: np.where(v > 0, np.sqrt(v), 1.0)
    )


@mistake("adagrad", "Your adagrad has an eps of its own: use the one that is given.")
def adagrad_with_its_own_eps(A, b, x0, step_size, steps, eps):
    return scaled(A, b, x0, step_size, steps, add_square, lambda v: np.sqrt(v + 1e-8))


@mistake("adagrad", "Your adagrad adds eps to v in every step: it is added once, under the root.")
def adagrad_adds_eps_every_time(A, b, x0, step_size, steps, eps):
    return scaled(A, b, x0, step_size, steps, lambda k, v, g: v + g**2 + eps, np.sqrt)


@mistake("adagrad", "Your adagrad takes the larger of sqrt(v) and eps: sqrt(v + eps) is asked for.")
def adagrad_with_the_larger_of_two(A, b, x0, step_size, steps, eps):
    return scaled(A, b, x0, step_size, steps, add_square, lambda v: np.maximum(np.sqrt(v), eps))


@mistake("adagrad", "Your v lacks the current gradient: v_k sums g_j^2 over all j <= k.")
def adagrad_one_gradient_behind(A, b, x0, step_size, steps, eps):
    total = np.zeros(len(x0))

    def step(k, x, g):
        nonlocal total
        before = total
        total = total + g**2
        return step_size * g / np.sqrt(before + eps)

    with np.errstate(all="ignore"):
        return follow(A, b, x0, steps, step)


@mistake(
    "adagrad",
    "Your v is k + 1 times the square of the current gradient: every g_j counts in its own step.",
)
def adagrad_sums_the_current_gradient(A, b, x0, step_size, steps, eps):
    return scaled(
        A, b, x0, step_size, steps, lambda k, v, g: (k + 1) * g**2, lambda v: np.sqrt(v + eps)
    )


@mistake("adagrad", "Your v forgets: it is the square of the current gradient only, not a sum.")
def adagrad_forgets(A, b, x0, step_size, steps, eps):
    return scaled(A, b, x0, step_size, steps, lambda k, v, g: g**2, lambda v: np.sqrt(v + eps))


@mistake("adagrad", "Your adagrad lacks the root: divide by sqrt(v + eps).")
def adagrad_without_the_root(A, b, x0, step_size, steps, eps):
    return scaled(A, b, x0, step_size, steps, add_square, lambda v: v + eps)


@mistake("adagrad", "Your v sums the gradients: it sums their squares.")
def adagrad_without_the_square(A, b, x0, step_size, steps, eps):
    return scaled(
        A, b, x0, step_size, steps, lambda k, v, g: v + g, lambda v: np.sqrt(np.abs(v) + eps)
    )


@mistake("adagrad", "Your v sums the absolute values of the gradients: it sums their squares.")
def adagrad_with_absolute_values(A, b, x0, step_size, steps, eps):
    return scaled(
        A, b, x0, step_size, steps, lambda k, v, g: v + np.abs(g), lambda v: np.sqrt(v + eps)
    )


@mistake("adagrad", "Your adagrad divides by the sum of |g|: it is the root of the sum of squares.")
def adagrad_by_sums_of_sizes(A, b, x0, step_size, steps, eps):
    return scaled(A, b, x0, step_size, steps, lambda k, v, g: v + np.abs(g), lambda v: v + eps)


@mistake("adagrad", "Your v is the square of the sum of the gradients: square each one first.")
def adagrad_with_the_square_of_the_sum(A, b, x0, step_size, steps, eps):
    return scaled(A, b, x0, step_size, steps, lambda k, v, g: v + g, lambda v: np.sqrt(v**2 + eps))


@mistake("adagrad", "Your v is one number for all coordinates: each has its own.")
def adagrad_with_one_number(A, b, x0, step_size, steps, eps):
    return scaled(A, b, x0, step_size, steps, lambda k, v, g: v + g @ g, lambda v: np.sqrt(v + eps))


@mistake("adagrad", "Your v is the mean of the squares: it is their sum.")
def adagrad_with_a_mean(A, b, x0, step_size, steps, eps):
    return scaled(
        A, b, x0, step_size, steps,
        lambda k, v, g: (k * v + g**2) / (k + 1), lambda v: np.sqrt(v + eps),
    )  # fmt: skip


@mistake("adagrad", "Your adagrad is RMSProp: v is the sum of the squares and does not fade.")
def adagrad_is_rmsprop(A, b, x0, step_size, steps, eps):
    return scaled(
        A, b, x0, step_size, steps,
        lambda k, v, g: 0.9 * v + 0.1 * g**2, lambda v: np.sqrt(v + eps),
    )  # fmt: skip


@mistake("adagrad", "Your adagrad is gradient descent: the step is divided by sqrt(v + eps).")
def adagrad_is_descent(A, b, x0, step_size, steps, eps):
    return ref.gradient_descent(A, b, x0, step_size, steps)


@mistake("adagrad", "Your adagrad climbs: subtract the step.")
def adagrad_climbs(A, b, x0, step_size, steps, eps):
    return ref.adagrad(A, b, x0, -step_size, steps, eps)


@mistake("adagrad", "Your adagrad shrinks step_size as well: v alone shrinks the step.")
def adagrad_with_a_shrinking_step(A, b, x0, step_size, steps, eps):
    v = np.zeros(len(x0))

    def step(k, x, g):
        nonlocal v
        v = v + g**2
        return step_size / np.sqrt(k + 1) * g / np.sqrt(v + eps)

    return follow(A, b, x0, steps, step)


@mistake("adagrad", "Your v starts at 1: it starts at 0.")
def adagrad_from_one(A, b, x0, step_size, steps, eps):
    v = np.ones(len(x0))

    def step(k, x, g):
        nonlocal v
        v = v + g**2
        return step_size * g / np.sqrt(v + eps)

    return follow(A, b, x0, steps, step)


@mistake("adagrad", "Your v starts at 0.1, as in keras and optax: it starts at 0.")
def adagrad_from_a_tenth(A, b, x0, step_size, steps, eps):
    v = np.full(len(x0), 0.1)

    def step(k, x, g):
        nonlocal v
        v = v + g**2
        return step_size * g / np.sqrt(v + eps)

    return follow(A, b, x0, steps, step)


@mistake("adagrad", "Your adagrad multiplies by sqrt(v + eps): it divides by it.")
def adagrad_multiplies(A, b, x0, step_size, steps, eps):
    return scaled(A, b, x0, step_size, steps, add_square, lambda v: 1 / np.sqrt(v + eps))


@mistake("adagrad", "Your adagrad uses the cube root: it is the square root of v + eps.")
def adagrad_with_the_cube_root(A, b, x0, step_size, steps, eps):
    return scaled(A, b, x0, step_size, steps, add_square, lambda v: np.cbrt(v + eps))


@mistake("adagrad", "Your adagrad takes the gradient at x0 in every step.")
def adagrad_with_the_first_gradient(A, b, x0, step_size, steps, eps):
    g = A @ x0 - b
    v = g**2 * np.arange(1, steps + 1)[:, None]
    return np.vstack([x0, x0 - np.cumsum(step_size * g / np.sqrt(v + eps), axis=0)])


@mistake(
    "adagrad", "Your adagrad uses a full matrix: squares and root go coordinate by coordinate."
)
def adagrad_with_a_full_matrix(A, b, x0, step_size, steps, eps):
    G = np.zeros_like(A)

    def step(k, x, g):
        nonlocal G
        G = G + np.outer(g, g)
        values, vectors = np.linalg.eigh(G)
        return step_size * vectors @ (vectors.T @ g / np.sqrt(np.maximum(values, 0) + eps))

    return follow(A, b, x0, steps, step)


@mistake("adagrad", "Your adagrad leaves out the start: row 0 is x0.")
def adagrad_without_the_start(A, b, x0, step_size, steps, eps):
    return ref.adagrad(A, b, x0, step_size, steps, eps)[1:]


@mistake("adagrad", "Your adagrad leaves out the last iterate: steps + 1 rows.")
def adagrad_without_the_end(A, b, x0, step_size, steps, eps):
    return ref.adagrad(A, b, x0, step_size, steps, eps)[:-1]


@mistake("adagrad", "Your adagrad takes one step too many.")
def adagrad_with_one_step_more(A, b, x0, step_size, steps, eps):
    return ref.adagrad(A, b, x0, step_size, steps + 1, eps)


@mistake("adagrad", "Your adagrad returns only the last iterate: all are asked for.")
def adagrad_returns_the_end(A, b, x0, step_size, steps, eps):
    return ref.adagrad(A, b, x0, step_size, steps, eps)[-1]


@mistake("adagrad", "All rows of your adagrad are one array, changed in place: keep copies.")
def adagrad_keeps_no_copies(A, b, x0, step_size, steps, eps):
    path = ref.adagrad(A, b, x0, step_size, steps, eps)
    return np.tile(path[-1], (steps + 1, 1))


@mistake("adagrad", "Your adagrad stops early: all the steps are to be taken.")
def adagrad_stops_early(A, b, x0, step_size, steps, eps):
    path = ref.adagrad(A, b, x0, step_size, steps, eps)
    still = [k for k, x in enumerate(path) if np.linalg.norm(A @ x - b) < 1e-6]
    return path[: still[0] + 1] if still else path


@mistake("adagrad", "Your adagrad adds eps twice: sqrt(v + eps) is asked for.")
def adagrad_with_eps_twice(A, b, x0, step_size, steps, eps):
    return scaled(A, b, x0, step_size, steps, add_square, lambda v: np.sqrt(v + eps) + eps)


@mistake("adagrad", "Your adagrad adds two roots: sqrt(v + eps) is the root of a sum.")
def adagrad_with_two_roots(A, b, x0, step_size, steps, eps):
    return scaled(A, b, x0, step_size, steps, add_square, lambda v: np.sqrt(v) + np.sqrt(eps))


@mistake("adagrad", "Your v is the largest of the squares: it is their sum.")
def adagrad_with_the_largest_square(A, b, x0, step_size, steps, eps):
    return scaled(
        A, b, x0, step_size, steps,
        lambda k, v, g: np.maximum(v, g**2), lambda v: np.sqrt(v + eps),
    )  # fmt: skip


@mistake("adagrad", "Your adagrad takes the root twice: divide by sqrt(v + eps).")
def adagrad_with_the_fourth_root(A, b, x0, step_size, steps, eps):
    return scaled(A, b, x0, step_size, steps, add_square, lambda v: (v + eps) ** 0.25)


@mistake("adagrad", "Your adagrad is Adam: AdaGrad has no momentum, and v is a plain sum.")
def adagrad_is_adam(A, b, x0, step_size, steps, eps):
    m, v = np.zeros(len(x0)), np.zeros(len(x0))

    def step(k, x, g):
        nonlocal m, v
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        mean, square = m / (1 - 0.9 ** (k + 1)), v / (1 - 0.999 ** (k + 1))
        return step_size * mean / (np.sqrt(square) + eps)

    return follow(A, b, x0, steps, step)


@alternative("adagrad", "eps as the first value of v")
def adagrad_starts_v_at_eps(A, b, x0, step_size, steps, eps):
    path, v = [x0], np.full(len(x0), eps)
    for _ in range(steps):
        g = A @ path[-1] - b
        v = v + g * g
        path.append(path[-1] - step_size * v**-0.5 * g)
    return path


@alternative("adagrad", "all gradients kept, summed again in every step")
def adagrad_keeps_all_gradients(A, b, x0, step_size, steps, eps):
    path, gradients = np.zeros((steps + 1, len(x0))), []
    path[0] = x0
    for k in range(steps):
        gradients.append(A @ path[k] - b)
        root = np.sqrt(np.sum(np.square(gradients), axis=0) + eps)
        path[k + 1] = path[k] - step_size / root * gradients[-1]
    return path


@alternative("adagrad", "float32, one coordinate at a time")
def adagrad_in_float32(A, b, x0, step_size, steps, eps):
    A, b, x = (np.array(a, dtype=np.float32) for a in (A, b, x0))
    v, path = np.zeros_like(x), [x.copy()]
    for _ in range(steps):
        g = A @ x - b
        for i in range(len(x)):
            v[i] += g[i] ** 2
            x[i] -= np.float32(step_size) * g[i] / np.sqrt(v[i] + np.float32(eps))
        path.append(x.copy())
    return np.stack(path)


# steps_to_reach


@mistake("steps_to_reach", "Your steps_to_reach uses <: an iterate exactly at the gap counts.")
def steps_with_less_than(path, A, b, gap):
    found = np.flatnonzero(ref.gaps(path, A, b) < gap)
    return int(found[0]) if found.size else -1


@mistake("steps_to_reach", "Your steps_to_reach does not subtract min f.")
def steps_to_a_value(path, A, b, gap):
    found = [k for k, x in enumerate(path) if ref.quadratic(x, A, b) <= gap]
    return found[0] if found else -1


@mistake("steps_to_reach", "Your min f is the smallest f of the path: the minimum of f is lower.")
def steps_to_the_best_of_the_path(path, A, b, gap):
    values = np.array([ref.quadratic(x, A, b) for x in path])
    return int(np.flatnonzero(values - values.min() <= gap)[0])


@mistake("steps_to_reach", "Your min f is the last f of the path: the minimum of f is lower.")
def steps_to_the_end_of_the_path(path, A, b, gap):
    values = np.array([ref.quadratic(x, A, b) for x in path])
    found = np.flatnonzero(values - values[-1] <= gap)
    return int(found[0]) if found.size else -1


@mistake("steps_to_reach", "Your steps_to_reach counts from 1: the start is number 0.")
def steps_from_one(path, A, b, gap):
    k = ref.steps_to_reach(path, A, b, gap)
    return k + 1 if k >= 0 else -1


@mistake(
    "steps_to_reach", "Your steps_to_reach gives the last such iterate: the first is asked for."
)
def steps_to_the_last(path, A, b, gap):
    found = np.flatnonzero(ref.gaps(path, A, b) <= gap)
    return int(found[-1]) if found.size else -1


@mistake(
    "steps_to_reach",
    "Your steps_to_reach gives 0 where no iterate is near enough: -1 is asked for.",
)
def steps_zero_for_never(path, A, b, gap):
    return int(np.argmax(ref.gaps(path, A, b) <= gap))


@mistake(
    "steps_to_reach",
    "Your steps_to_reach gives the length of the path where no iterate is near enough: "
    "-1 is asked for.",
)
def steps_length_for_never(path, A, b, gap):
    k = ref.steps_to_reach(path, A, b, gap)
    return k if k >= 0 else len(path)


@mistake(
    "steps_to_reach", "Your steps_to_reach leaves out the start: it may be near enough already."
)
def steps_without_the_start(path, A, b, gap):
    found = np.flatnonzero(ref.gaps(path, A, b)[1:] <= gap)
    return int(found[0]) + 1 if found.size else -1


@mistake("steps_to_reach", "Your steps_to_reach gives the lowest iterate: the first is asked for.")
def steps_to_the_lowest(path, A, b, gap):
    values = ref.gaps(path, A, b)
    return int(values.argmin()) if values.min() <= gap else -1


@mistake(
    "steps_to_reach",
    "Your steps_to_reach looks for where the path stays near: the first near iterate counts.",
)
def steps_until_it_stays(path, A, b, gap):
    far = np.flatnonzero(ref.gaps(path, A, b) > gap)
    k = int(far[-1]) + 1 if far.size else 0
    return k if k < len(path) else -1


@mistake("steps_to_reach", "Your min f has the wrong sign: it is -1/2 b'x at the minimiser.")
def steps_with_the_wrong_sign(path, A, b, gap):
    low = 0.5 * b @ ref.minimiser(A, b)
    found = [k for k, x in enumerate(path) if ref.quadratic(x, A, b) - low <= gap]
    return found[0] if found else -1


@mistake("steps_to_reach", "Your steps_to_reach leaves out the last iterate.")
def steps_without_the_end(path, A, b, gap):
    found = np.flatnonzero(ref.gaps(path, A, b)[:-1] <= gap)
    return int(found[0]) if found.size else -1


@mistake(
    "steps_to_reach", "Your steps_to_reach measures the distance to the minimiser, not f - min f."
)
def steps_by_distance(path, A, b, gap):
    found = np.flatnonzero(np.linalg.norm(path - ref.minimiser(A, b), axis=1) <= gap)
    return int(found[0]) if found.size else -1


@mistake("steps_to_reach", "Your steps_to_reach measures the gradient's length, not f - min f.")
def steps_by_gradient(path, A, b, gap):
    found = np.flatnonzero(np.linalg.norm(path @ A - b, axis=1) <= gap)
    return int(found[0]) if found.size else -1


@mistake("steps_to_reach", "Your steps_to_reach counts the iterates that are not near enough.")
def steps_by_counting(path, A, b, gap):
    far = int(np.sum(ref.gaps(path, A, b) > gap))
    return far if far < len(path) else -1


@mistake("steps_to_reach", "Your steps_to_reach divides f - min f by that of the start.")
def steps_by_parts(path, A, b, gap):
    values = ref.gaps(path, A, b)
    found = np.flatnonzero(values <= gap * values[0])
    return int(found[0]) if found.size else -1


@mistake("steps_to_reach", "Your steps_to_reach takes the minimiser to be 0: it solves Ax = b.")
def steps_to_zero(path, A, b, gap):
    found = np.flatnonzero(np.abs([ref.quadratic(x, A, b) for x in path]) <= gap)
    return int(found[0]) if found.size else -1


@mistake("steps_to_reach", "Your steps_to_reach compares how much f changes in a step.")
def steps_by_changes(path, A, b, gap):
    found = np.flatnonzero(np.abs(np.diff(ref.gaps(path, A, b))) <= gap)
    return int(found[0]) + 1 if found.size else -1


@mistake("steps_to_reach", "Your steps_to_reach returns true or false: the index is asked for.")
def steps_as_a_truth(path, A, b, gap):
    return bool((ref.gaps(path, A, b) <= gap).any())


@alternative("steps_to_reach", "1/2 (x - x*)'A(x - x*), a float")
def steps_by_squares(path, A, b, gap):
    for k, x in enumerate(np.asarray(path) - np.linalg.solve(A, b)):
        if x @ A @ x / 2 <= gap:
            return float(k)
    return -1.0


@alternative("steps_to_reach", "in float32, a 0-d array")
def steps_in_float32(path, A, b, gap):
    path, A, b = (np.asarray(a, dtype=np.float32) for a in (path, A, b))
    low = np.float32(-0.5) * b @ np.linalg.inv(A) @ b
    near = 0.5 * np.sum(path @ A * path, axis=1) - path @ b - low <= np.float32(gap)
    return np.array(near.argmax() if near.any() else -1)


# plot_comparison


def draw(A, b, gd_path, adagrad_path, without=()):
    """The reference's figure without some of its parts."""
    figure, (plane, curves) = plt.subplots(1, 2, figsize=(11, 4.5))
    best = np.linalg.solve(A, b)
    if "contours" not in without:
        ref.draw_contours(plane, A, b, np.vstack([gd_path, adagrad_path, best]))
    for path, name in ((gd_path, "GD"), (adagrad_path, "AdaGrad")):
        if name not in without:
            plane.plot(path[:, 0], path[:, 1], ".-", label=name)
            curves.plot(ref.gaps(path, A, b), label=name)
    if "start" not in without:
        plane.plot(*gd_path[0], "ks", label="start")
    if "minimiser" not in without:
        plane.plot(*best, "k*", label="minimiser")
    if "log" not in without:
        curves.set_yscale("log")
    if "legend" not in without:
        plane.legend()
        curves.legend()
    return figure


@mistake("plot_comparison", "Your figure has no contours.")
def plot_without_contours(A, b, gd_path, adagrad_path):
    return draw(A, b, gd_path, adagrad_path, ["contours"])


@mistake("plot_comparison", "Your figure does not say which path is which.")
def plot_without_a_legend(A, b, gd_path, adagrad_path):
    return draw(A, b, gd_path, adagrad_path, ["legend"])


@mistake("plot_comparison", "Your figure does not mark the start.")
def plot_without_the_start(A, b, gd_path, adagrad_path):
    return draw(A, b, gd_path, adagrad_path, ["start"])


@mistake("plot_comparison", "Your figure does not mark the minimiser.")
def plot_without_the_minimiser(A, b, gd_path, adagrad_path):
    return draw(A, b, gd_path, adagrad_path, ["minimiser"])


@mistake("plot_comparison", "The y axis of your curves is not logarithmic.")
def plot_without_a_logarithmic_axis(A, b, gd_path, adagrad_path):
    return draw(A, b, gd_path, adagrad_path, ["log"])


@mistake("plot_comparison", "Your figure lacks the path of AdaGrad.")
def plot_without_adagrad(A, b, gd_path, adagrad_path):
    return draw(A, b, gd_path, adagrad_path, ["AdaGrad"])


@mistake("plot_comparison", "Your figure has the names of the two paths exchanged.")
def plot_with_exchanged_names(A, b, gd_path, adagrad_path):
    figure = draw(A, b, gd_path, adagrad_path)
    for axes in figure.axes:
        lines = {line.get_label(): line for line in axes.lines}
        lines["GD"].set_label("AdaGrad")
        lines["AdaGrad"].set_label("GD")
        axes.legend()
    return figure


@mistake("plot_comparison", "Your figure lacks the curves of f - min f.")
def plot_without_curves(A, b, gd_path, adagrad_path):
    figure = draw(A, b, gd_path, adagrad_path)
    figure.axes[1].remove()
    return figure


@mistake("plot_comparison", "Your curves are f minus the smallest f of the path, not minus min f.")
def plot_with_the_best_of_the_path(A, b, gd_path, adagrad_path):
    figure = draw(A, b, gd_path, adagrad_path)
    for line in figure.axes[1].lines:
        line.set_ydata(line.get_ydata() - line.get_ydata().min())
    return figure


@mistake("plot_comparison", "Your curves show f itself: subtract min f.")
def plot_of_values(A, b, gd_path, adagrad_path):
    figure = draw(A, b, gd_path, adagrad_path)
    for line, path in zip(figure.axes[1].lines, (gd_path, adagrad_path), strict=True):
        line.set_ydata([ref.quadratic(x, A, b) for x in path])
    return figure


@mistake("plot_comparison", "Your curves show the distance to the minimiser, not f - min f.")
def plot_of_distances(A, b, gd_path, adagrad_path):
    figure = draw(A, b, gd_path, adagrad_path)
    for line, path in zip(figure.axes[1].lines, (gd_path, adagrad_path), strict=True):
        line.set_ydata(np.linalg.norm(path - np.linalg.solve(A, b), axis=1))
    return figure


@alternative("plot_comparison", "pyplot, filled contours, returns None")
def plot_with_pyplot(A, b, gd_path, adagrad_path):
    plt.figure(figsize=(6, 10))
    plt.subplot(211)
    X1, X2 = np.meshgrid(np.linspace(-2.5, 2.5, 80), np.linspace(-2.5, 2.5, 80))
    F = 0.5 * (A[0, 0] * X1**2 + 2 * A[0, 1] * X1 * X2 + A[1, 1] * X2**2) - b[0] * X1 - b[1] * X2
    plt.contourf(X1, X2, F, 30, cmap="Blues")
    plt.colorbar()
    plt.plot(gd_path[:, 0], gd_path[:, 1], "r-o", markersize=3, label="gradient descent")
    plt.plot(adagrad_path[:, 0], adagrad_path[:, 1], "g-^", markersize=3, label="AdaGrad")
    plt.scatter(*gd_path[0], c="k", s=80, marker="s", zorder=5)
    plt.scatter(*np.linalg.solve(A, b), c="gold", s=150, marker="*", zorder=5)
    plt.legend()
    plt.subplot(212)
    plt.semilogy(range(1, len(gd_path) + 1), ref.gaps(gd_path, A, b))
    plt.semilogy(range(1, len(adagrad_path) + 1), ref.gaps(adagrad_path, A, b))


@alternative(
    "plot_comparison", "one panel for each path, base-10 logarithms, returns figure and axes"
)
def plot_with_three_panels(A, b, gd_path, adagrad_path):
    figure, axes = plt.subplots(1, 3, figsize=(14, 4))
    best = np.linalg.solve(A, b)
    for panel, path, name in zip(axes, (gd_path, adagrad_path), ("GD", "AdaGrad"), strict=False):
        ref.draw_contours(panel, A, b, np.vstack([path, best]))
        panel.plot(path[:, 0], path[:, 1], "b.-")
        panel.plot(*path[0], "rs")
        panel.plot(*best, "r*")
        panel.set_title(name)
        axes[2].plot(np.log10(ref.gaps(path, A, b)), label=name)
    axes[2].legend()
    return figure, axes
