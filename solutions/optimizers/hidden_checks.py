"""Hidden checks: every function against the reference on inputs that tell mistakes apart.

Problems are built backwards, from the first gradient: its entries are neither near 0, where
a tiny eps would amplify rounding, nor alike. A has entries off the diagonal, and steps are large
enough that every wrong rule shows. The place of eps shows where eps is of the size of v.
"""

import numpy as np
import pytest

from grader.checks import (
    answered,
    array,
    assert_close,
    assert_follows,
    assert_gradient,
    assert_path,
    computes_in_float32,
    sensitivity,
)
from grader.checks.library_paths import Descent
from grader.checks.library_rules import adam_rules, momentum_rules, name_rule, rmsprop_rules
from grader.errors import CheckFailed

TINY = 1e-8


def problem(rng, d, low=0.5, high=5.0):
    """Arguments (A, b, x0); the entries of the gradient at x0 are between 1 and 4."""
    Q, _ = np.linalg.qr(rng.normal(size=(d, d)))
    A = Q @ np.diag(np.linspace(low, high, d)) @ Q.T
    A = (A + A.T) / 2
    b = rng.uniform(1.0, 3.0, size=d) * rng.choice([-1, 1], size=d)
    g = rng.uniform(1.0, 4.0, size=d) * rng.choice([-1, 1], size=d)
    return A, b, np.linalg.solve(A, g + b)


# Numbers that float32 holds: paths of float64 are compared with all their digits.
EXACT = (np.array([[2.0, 0.5], [0.5, 1.0]]), np.array([1.0, -2.0]), np.array([3.0, -1.5]))
# Its minimiser, where exact numbers keep every gradient at 0: all the steps are taken there, too.
STILL = (np.diag([2.0, 4.0, 2.0]), np.array([1.0, 2.0, -3.0]), np.array([0.5, 0.5, -1.5]))
# The same, on which every path is TINY_PART as large: no small step is the last one.
TINY_PART = 2.0**-45
SMALL = (EXACT[0], TINY_PART * EXACT[1], TINY_PART * EXACT[2])


def judge_paths(
    student, reference, diagnose, function, probes, rng, *, hints=None, name=None, low=1e-5
):
    """Compare the path of each probe; the first step that departs is told.

    name: gives words for a failure that no known mistake explains, from probes and paths.
    """
    rule = getattr(reference, function)
    answers = getattr(student, function).map(probes)
    with diagnose(function, probes, answers):
        try:
            for probe, answer in zip(probes, answers, strict=True):
                assert_path(
                    answer,
                    rule(*probe),
                    drift=lambda probe=probe: sensitivity(rule, probe, rng),
                    hints=hints,
                    low=low,
                    given=probe,
                )
        except CheckFailed as failure:
            known = diagnose.name_mistake(function, probes, answers)
            if known is None and name is not None:
                failure.diagnosis = name(probes, answers)
            raise


def read_paths(probes, answers):
    """The paths as arrays, or None where one has another shape."""
    try:
        return [
            array(answer, shape=(None, len(probe[2])))
            for probe, answer in zip(probes, answers, strict=True)
        ]
    except CheckFailed:
        return None


def explained(paths, others):
    """Whether these are the paths, to rounding."""
    return paths is not None and all(
        path.shape == other.shape and np.allclose(path, other, rtol=0, atol=1e-6 * size(other))
        for path, other in zip(paths, others, strict=True)
    )


def size(path):
    finite = np.abs(path[np.isfinite(path)])
    return finite.max(initial=1e-300)


# What libraries take where nothing else is given.
DEFAULTS = {
    "beta1": {0.9: "the default of torch, keras and optax"},
    "beta2": {0.999: "the default of torch, keras and optax"},
    "eps": {1e-8: "a tiny one, as the defaults of libraries are"},
}


def name_ignored(function, rule, at):
    """Words for an argument that is not used: a library's default stands in its place.

    at: argument -> its place.
    """

    def name(probes, answers):
        # Beside gradients as small as those of SMALL it shows how tiny an eps is: any one is named.
        usual = [k for k, probe in enumerate(probes) if np.abs(probe[2]).max() > 1e-3]
        probes, answers = [probes[k] for k in usual], [answers[k] for k in usual]
        paths = read_paths(probes, answers)
        for argument, place in at.items():
            for number, origin in DEFAULTS[argument].items():
                others = [rule(*p[:place], number, *p[place + 1 :]) for p in probes]
                if explained(paths, others):
                    uses = origin if argument == "eps" else f"{number:g}, {origin}"
                    return f"Your {function} ignores {argument}: it uses {uses}."
        return None

    return name


def name_library(function, rules, at):
    """Words for the rule of a library, where it gives every path.

    at: the places of the arguments beta, beta2 and eps, by name.
    """

    def name(probes, answers):
        runs = [
            Descent(
                lambda t, x, A=probe[0], b=probe[1]: x @ A - b,
                probe[2],
                np.full(probe[-1], probe[3]),
                **{argument: probe[place] for argument, place in at.items()},
            )
            for probe in probes
        ]
        return name_rule(runs, answers, rules)

    return name


def first_of(*names):
    """The words of the first that has some."""
    return lambda probes, answers: next(
        (words for name in names if (words := name(probes, answers)) is not None), None
    )


name_heavy_ball = name_library("heavy_ball", momentum_rules("heavy_ball"), {"beta": 4})


def name_rmsprop(reference):
    return first_of(
        name_library("rmsprop", rmsprop_rules("rmsprop"), {"beta": 4, "eps": 5}),
        name_ignored("rmsprop", reference.rmsprop, {"eps": 5}),
    )


def name_adam(reference, function):
    rules = adam_rules(function, corrected=function == "adam")
    return first_of(
        name_library(function, rules, {"beta": 4, "beta2": 5, "eps": 6}),
        name_ignored(function, getattr(reference, function), ADAM),
    )


MOST_START = 10.0  # beyond, other mistakes look alike


def name_full_adagrad(probes, answers):
    """Where the sum starts, read off the first step: it is along g_0, which G_0 stretches."""
    paths = read_paths(probes, answers)
    if paths is None or len(paths[0]) < 3:
        return None
    A, b, x0, step_size, _, eps = probes[0]
    g = A @ x0 - b
    with np.errstate(all="ignore"):
        root = step_size * np.linalg.norm(g) / np.linalg.norm(paths[0][0] - paths[0][1])
        start = float(root**2 - g @ g - eps)
        if 1e-6 < start < MOST_START and explained(paths, [summed(*p, start) for p in probes]):
            known = ", as in keras and optax" if abs(start - 0.1) < 1e-6 else ""
            return f"Your G starts at {start:.4g} I{known}: it starts at 0."
    return None


def summed(A, b, x0, step_size, steps, eps, start):
    path, G = [np.array(x0, dtype=float)], start * np.eye(len(x0))
    for _ in range(steps):
        g = A @ path[-1] - b
        G = G + np.outer(g, g)
        s, Q = np.linalg.eigh(G + eps * np.eye(len(g)))
        path.append(path[-1] - step_size * Q @ (Q.T @ g / np.sqrt(s)))
    return np.array(path)


@pytest.mark.points(5)
def test_heavy_ball(student, reference, rng, diagnose):
    """heavy_ball follows its rule in several dimensions"""
    sizes = [(3, 0.2, 0.5, 12), (2, 0.12, 0.9, 25), (1, 0.15, 0.3, 7), (4, 0.3, 0.7, 1)]
    probes = [(*problem(rng, d), size, beta, steps) for d, size, beta, steps in sizes]
    probes += [(*case, 0.25, 0.5, n) for case, n in ((STILL, 6), (EXACT, 20), (SMALL, 20))]
    hints = {
        1: "x_{-1} = x_0: the first step is one of gradient descent.",
        2: "The first step is right: look at the part of the last move.",
    }
    judge_paths(
        student, reference, diagnose, "heavy_ball", probes, rng, hints=hints, name=name_heavy_ball
    )


@pytest.mark.points(4)
def test_rmsprop(student, reference, rng, diagnose):
    """rmsprop follows its rule in several dimensions"""
    sizes = [(3, 0.3, 0.8, 12), (2, 0.1, 0.95, 25), (5, 0.2, 0.6, 7), (4, 0.5, 0.7, 1)]
    probes = [(*problem(rng, d), size, beta, TINY, steps) for d, size, beta, steps in sizes]
    judge_paths(student, reference, diagnose, "rmsprop", probes, rng, name=name_rmsprop(reference))


@pytest.mark.points(2)
@pytest.mark.hint("eps is added to v, under the root, in every step.")
def test_rmsprop_with_a_large_eps(student, reference, rng, diagnose):
    """rmsprop adds eps inside the root"""
    sizes = [(3, 0.5, 0.7, 0.6, 8), (1, 0.8, 0.9, 2.5, 10), (4, 0.4, 0.5, 0.3, 1)]
    probes = [(*problem(rng, d), step, beta, eps, n) for d, step, beta, eps, n in sizes]
    probes += [(*STILL, 0.5, 0.75, 0.25, 5), (*EXACT, 0.125, 0.75, 0.25, 6)]
    probes.append((*SMALL, 0.125 * TINY_PART, 0.75, 0.25 * TINY_PART**2, 6))
    judge_paths(student, reference, diagnose, "rmsprop", probes, rng, name=name_rmsprop(reference))


ADAM = {"beta1": 4, "beta2": 5, "eps": 6}
LONG = [
    (3, 0.4, 0.7, 0.9, 12),
    (2, 0.2, 0.9, 0.99, 25),
    (5, 0.3, 0.5, 0.8, 7),
    (4, 0.6, 0.8, 0.95, 1),
    (3, 0.2, 0.9, 0.6, 5),  # nothing says that beta1 is the smaller one
]
LARGE = [(3, 0.8, 0.6, 0.9, 0.7, 8), (1, 0.5, 0.8, 0.95, 2.5, 10), (4, 0.9, 0.7, 0.8, 0.3, 2)]


@pytest.mark.points(5)
def test_adam(student, reference, rng, diagnose):
    """adam follows its rule in several dimensions"""
    probes = [(*problem(rng, d), step, b1, b2, TINY, n) for d, step, b1, b2, n in LONG]
    name = name_adam(reference, "adam")
    judge_paths(student, reference, diagnose, "adam", probes, rng, name=name)


@pytest.mark.points(3)
@pytest.mark.hint("eps is added to the corrected mean of the squares, under the root.")
def test_adam_with_a_large_eps(student, reference, rng, diagnose):
    """adam adds eps inside the root, beside the corrected mean"""
    probes = [(*problem(rng, d), step, b1, b2, eps, n) for d, step, b1, b2, eps, n in LARGE]
    probes += [(*STILL, 0.5, 0.5, 0.75, 0.25, 5), (*EXACT, 0.125, 0.5, 0.75, 0.25, 6)]
    probes.append((*SMALL, 0.125 * TINY_PART, 0.5, 0.75, 0.25 * TINY_PART**2, 6))
    name = name_adam(reference, "adam")
    judge_paths(student, reference, diagnose, "adam", probes, rng, name=name)


@pytest.mark.points(5)
@pytest.mark.hint("m and v as they are, and eps under the root.")
@pytest.mark.parametrize("eps", ["tiny", "large"])
def test_adam_uncorrected(student, reference, rng, diagnose, eps):
    """adam_uncorrected follows its rule in several dimensions"""
    sizes = [(d, 0.3 * step, b1, b2, TINY, n) for d, step, b1, b2, n in LONG]
    probes = [
        (*problem(rng, d), step, b1, b2, eps, n)
        for d, step, b1, b2, eps, n in (sizes if eps == "tiny" else LARGE)
    ]
    if eps == "large":
        probes += [(*STILL, 0.5, 0.5, 0.75, 0.25, 5), (*EXACT, 0.125, 0.5, 0.75, 0.25, 6)]
        probes.append((*SMALL, 0.125 * TINY_PART, 0.5, 0.75, 0.25 * TINY_PART**2, 6))
    name = name_adam(reference, "adam_uncorrected")
    judge_paths(student, reference, diagnose, "adam_uncorrected", probes, rng, name=name)


@pytest.mark.points(8)
@pytest.mark.hint("The symmetric root: eigenvalues and eigenvectors of G + eps I.")
@pytest.mark.parametrize("eps", ["small", "large"])
def test_full_adagrad(student, reference, rng, diagnose, eps):
    """full_adagrad follows its rule in several dimensions"""
    small = [(3, 1.0, 10, 0.05), (2, 0.7, 20, 0.1), (5, 1.5, 7, 0.08), (4, 0.8, 1, 0.2)]
    large = [(3, 1.2, 8, 3.0), (1, 2.0, 6, 1.0), (4, 1.0, 2, 7.0)]
    probes = [
        (*problem(rng, d), step, steps, eps)
        for d, step, steps, eps in (small if eps == "small" else large)
    ]
    if eps == "large":
        probes += [(*STILL, 0.5, 5, 0.25), (*EXACT, 0.5, 12, 0.25)]
        # Iterations for the root keep no digits of matrices much smaller than this.
        part = 2.0**-30
        case = EXACT[0], part * EXACT[1], part * EXACT[2]
        probes.append((*case, 0.5 * part, 12, 0.25 * part**2))
    judge_paths(
        student, reference, diagnose, "full_adagrad", probes, rng, name=name_full_adagrad,
        low=3e-4,  # small eigenvalues of G + eps I keep few digits in float32
    )  # fmt: skip


@pytest.mark.points(6)
@pytest.mark.hint("Gradient descent takes its step first, then the new iterate goes to the ball.")
def test_projected_descent(student, reference, rng, diagnose):
    """projected_descent where the ball holds it back, where it does not, and from outside"""
    probes = []
    for d, step, steps, part, reach in (
        (3, 0.2, 12, 0.6, 0.5),
        (2, 0.3, 9, 0.8, 2.5),
        (5, 0.15, 8, 3.0, 0.4),
        (4, 0.25, 1, 0.5, 1.8),
        (1, 0.05, 15, 0.9, 0.2),
    ):
        A, b, x0 = problem(rng, d)
        radius = part * float(np.linalg.norm(np.linalg.solve(A, b)))
        start = reach * radius * x0 / np.linalg.norm(x0)
        probes.append((A, b, start, step, steps, radius))
    # The first step ends in 0, which lies in every ball; nothing moves after it.
    probes.append((2.0 * np.eye(2), np.zeros(2), np.array([3.0, -1.0]), 0.5, 4, 1.0))
    probes += [(*EXACT, 0.25, 20, 1.25), (*SMALL, 0.25, 20, 1.25 * TINY_PART)]
    judge_paths(student, reference, diagnose, "projected_descent", probes, rng)


def points(rng):
    """Points of the plane, both near the valley and far from it; no entry near 0."""
    signs = rng.choice([-1, 1], size=(5, 2))
    return [(x,) for x in rng.uniform(0.4, 2.5, size=(5, 2)) * signs] + [(np.array([0.8, 0.7]),)]


def parts(x):
    """The sizes of what is added up in r, for the scale of its rounding."""
    u = abs(x[1]) + x[0] ** 2
    return (1 + abs(x[0])) ** 2 + 100 * u**2, u


@pytest.mark.points(2)
def test_rosenbrock(student, reference, rng, diagnose):
    """rosenbrock of many points"""
    probes = points(rng)
    answers = student.rosenbrock.map(probes)
    with diagnose("rosenbrock", probes, answers):
        for (x,), answer in zip(probes, answers, strict=True):
            assert_close(answer, reference.rosenbrock(x), "rosenbrock(x)", scale=parts(x)[0])


@pytest.mark.points(2)
def test_rosenbrock_gradient(student, reference, rng, diagnose):
    """rosenbrock_gradient of many points"""
    probes = points(rng)
    answers = student.rosenbrock_gradient.map(probes)
    with diagnose("rosenbrock_gradient", probes, answers):
        for (x,), answer in zip(probes, answers, strict=True):
            u = parts(x)[1]
            scale = np.array([2 * (1 + abs(x[0])) + 400 * abs(x[0]) * u, 200 * u])
            right = reference.rosenbrock_gradient(x)
            assert_gradient(answer, [right], [scale], ("rosenbrock_gradient(x)",))


@pytest.mark.points(3)
def test_rosenbrock_hessian(student, reference, rng, diagnose):
    """rosenbrock_hessian of many points"""
    probes = points(rng)
    answers = student.rosenbrock_hessian.map(probes)
    with diagnose("rosenbrock_hessian", probes, answers):
        for (x,), answer in zip(probes, answers, strict=True):
            right = reference.rosenbrock_hessian(x)
            assert_close(answer, right, "rosenbrock_hessian(x)")


@pytest.mark.points(4)
@pytest.mark.hint("Every step solves H s = -g with the Hessian at the iterate.")
def test_newton(student, reference, diagnose):
    """newton follows its rule from several starts"""
    starts = [((-1.2, 1.0), 6), ((2.0, -1.0), 5), ((-0.5, -2.0), 4), ((1.5, 2.0), 1)]
    # Above the valley the Hessian is indefinite: a full step goes there all the same.
    starts += [((0.5, 1.5), 4), ((-0.8, 1.2), 3), ((1.0, 1.0), 3)]
    probes = [(np.array(start), steps) for start, steps in starts]
    # A wrong Hessian may be singular somewhere: newton is judged where it is not.
    pairs = answered(student.newton, probes, lambda: judge_derivatives(student, reference))
    point = np.array([0.3, -0.7])
    narrow = computes_in_float32(
        lambda: [student.rosenbrock_hessian(point), student.rosenbrock_gradient(point)]
    )
    with diagnose("newton", *zip(*pairs, strict=True)):
        for probe, answer in pairs:
            given = None if narrow else probe
            # The Hessian's condition is about 2,500: float32 keeps three digits of a step.
            assert_follows(
                lambda right, got=answer, given=given: assert_path(
                    got, right, low=2e-3, given=given
                ),
                "newton",
                probe,
                student=student,
                reference=reference,
                rests=["rosenbrock_gradient", "rosenbrock_hessian"],
            )


def judge_derivatives(student, reference):
    for x in (np.array([1.0, 1.0]), np.array([-0.5, 2.0]), np.zeros(2)):
        assert_close(student.rosenbrock_gradient(x), reference.rosenbrock_gradient(x), scale=100.0)
        assert_close(student.rosenbrock_hessian(x), reference.rosenbrock_hessian(x))


@pytest.mark.points(2)
def test_decayed_step(student, reference, rng, diagnose):
    """decayed_step for weights, gradients and decays of many sizes"""
    probes = [
        (rng.normal(size=d) + 2, rng.normal(size=d) - 1, step, lam)
        for d, step, lam in (
            (3, 0.3, 0.7),
            (1, 0.1, 0.02),
            (6, 1.5, 0.4),
            (4, 0.2, 0.0),
            (2, 2.5, 0.7),
            (3, 0.2, 3.0),
        )
    ]
    answers = student.decayed_step.map(probes)
    with diagnose("decayed_step", probes, answers):
        for (w, g, step, lam), answer in zip(probes, answers, strict=True):
            scale = np.abs(w) + step * np.abs(g)
            right = reference.decayed_step(w, g, step, lam)
            assert_close(answer, right, "decayed_step(w, g, step_size, lam)", scale=scale)
