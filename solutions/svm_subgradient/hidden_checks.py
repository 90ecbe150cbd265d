"""Hidden checks: every function against the reference on inputs that tell mistakes apart.

n and d differ from each other, but for one case. Margins are chosen, not met: far below 0, between
0 and 1, above 1, so that each rule for who pushes gives another answer, and never near 1, where a
float32 margin or a central difference may fall on the other side. C is never 1, and along a
path never 1/2, where a missing C looks like a factor of 2.

A function is right where it does the right thing with what the student's own functions give: a
wrong hinge_loss costs the points of hinge_loss. The kinks have
checks of their own, with numbers that are exact in any order of adding up.
"""

import numpy as np
import pytest

from grader.checks import (
    answered,
    array,
    assert_close,
    assert_follows,
    assert_gradient,
    assert_hinge_subgradient,
    assert_in_either_form,
    assert_indices,
    number,
    passes,
    sequence,
)
from grader.errors import CheckFailed, StudentFault

MARGINS = np.array([-2.0, -0.7, -0.2, 0.3, 0.7, 1.3, 1.6, 2.5])


def problem(rng, n, d, C, *, scales=None):
    """Arguments (w, b, X, y, C) with margins near those of MARGINS, uneven features, an offset.

    scales: of the features; the weights even them out.
    """
    sizes = rng.uniform(0.4, 2.5, size=d) if scales is None else scales
    w, b = rng.choice([-1.0, 1.0], size=d) * rng.uniform(0.3, 2.0, size=d) / sizes, rng.normal()
    X = sizes * (rng.normal(size=(n, d)) + rng.normal(size=d))
    y = rng.choice([-1.0, 1.0], size=n)
    # The first ones always hold examples on both sides of 1.
    m = np.resize(rng.permutation(MARGINS[[0, 5, 3, 7, 1, 6, 2, 4]][:n]), n)
    m += rng.uniform(-0.1, 0.1, size=n)
    towards = sizes**2 * w / np.sum((sizes * w) ** 2)  # w . towards = 1
    X += np.outer(y * m - b - X @ w, towards)
    return w, b, X, y, C


def general(rng):
    """Probes with n and d different, one with n = d, C from 0.3 to 3."""
    sizes = [(11, 3), (6, 7), (9, 4), (5, 5), (10, 2)]
    spans = [(0.3, 0.8), (1.5, 3.0), (0.3, 0.8), (1.5, 3.0), (0.3, 0.8)]
    return [
        problem(rng, n, d, float(rng.uniform(*span)))
        for (n, d), span in zip(sizes, spans, strict=True)
    ]


def edge_cases(rng):
    """One example, one feature, one class, features of sizes 20 and 1/50 side by side."""
    w, b, X, _, C = problem(rng, 8, 3, 0.6)
    return [
        problem(rng, 1, 3, 1.7),
        problem(rng, 7, 1, 0.4),
        (w, b, X, -np.ones(8), C),
        problem(rng, 9, 3, 0.5, scales=np.array([20.0, 1.0, 0.02])),
    ]


def outside(rng):
    """Every margin is above 1: w is all that is left."""
    w, b, X, y, C = problem(rng, 6, 3, 0.8)
    shift = rng.uniform(1.3, 2.5, size=6) - y * (X @ w + b)
    return w, b, X + np.outer(y * shift, w / (w @ w)), y, C


def contributions(w, b, X, y, C):
    """The sums of the absolute values of what each entry of (gw, gb) is the sum of."""
    pushing = y * (X @ w + b) < 1
    return np.abs(w) + C * np.abs(X[pushing]).sum(axis=0), C * max(pushing.sum(), 1)


@pytest.mark.points(3)
def test_hinge_loss(student, reference, rng, diagnose):
    """hinge_loss of arrays of many shapes"""
    probes = [(rng.normal(scale=2.0, size=shape),) for shape in [(12,), (4, 3), (2, 3, 4), (1, 9)]]
    probes.append((np.array([-1e4, 60.0, -35.5, 1e4]),))  # no loss is cut off
    answers = student.hinge_loss.map(probes)
    with diagnose("hinge_loss", probes, answers):
        for (t,), answer in zip(probes, answers, strict=True):
            assert_close(answer, reference.hinge_loss(t), "hinge_loss(t)")


@pytest.mark.points(6)
def test_objective(student, reference, rng, diagnose):
    """objective on data of many shapes and scales"""
    probes = [*general(rng), *edge_cases(rng)]
    answers = student.objective.map(probes)
    with diagnose("objective", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            assert_follows(
                lambda expected, answer=answer: assert_close(
                    answer, expected, "objective(w, b, X, y, C)"
                ),
                "objective",
                probe,
                student=student,
                reference=reference,
                rests=["hinge_loss"],
                zeros_tell=True,
            )


@pytest.mark.points(12)
def test_subgradient(student, reference, rng, diagnose):
    """subgradient on data of many shapes and scales, away from the kinks"""
    probes = general(rng)
    more = [*edge_cases(rng), outside(rng)]
    answers = student.subgradient.map([*probes, *more])
    right = [reference.subgradient(*probe) for probe in [*probes, *more]]
    # What the two sums are made of: a wrong factor of one of them is told by its name.
    terms = [
        {"gw": {"w": w, "sum over the examples": gw - w}, "gb": {"gb": gb}}
        for (w, *_), (gw, gb) in zip(probes, right, strict=False)
    ]
    sizes = [{"n": len(X), "C": C} for _, _, X, _, C in probes]
    shown = answers[: len(probes)]
    with diagnose("subgradient", probes, shown, terms=terms, sizes=sizes):
        for probe, answer, expected in zip([*probes, *more], answers, right, strict=True):
            assert_gradient(answer, expected, contributions(*probe), ("gw", "gb"))


def dyadic(rng, n, d, kinks, others=(-0.5, 0.25, 1.75, 2.5)):
    """Arguments (w, b, X, y) of small binary fractions; `kinks` margins are 1.

    others: the margins of the other examples, each of them where there is room.
    """
    w = rng.choice([-2.0, -1.0, -0.5, 0.5, 1.0, 2.0], size=d)
    b, y = float(rng.integers(-6, 7)) / 4, rng.choice([-1.0, 1.0], size=n)
    X = rng.integers(-8, 9, size=(n, d)) / 4
    m = np.concatenate([np.ones(kinks), np.resize(rng.permutation(others), n - kinks)])
    X[:, -1] = (y * m - b - X[:, :-1] @ w[:-1]) / w[-1]
    order = rng.permutation(n)
    return w, b, X[order], y[order]


@pytest.mark.points(6)
def test_subgradient_at_kinks(student, rng, diagnose):
    """subgradient where several margins are exactly 1: any subgradient is right"""
    X, y = rng.integers(-8, 9, size=(6, 2)) / 4, np.array([1.0, -1.0, 1.0, 1.0, -1.0, 1.0])
    # Near a kink there is only one: thresholds of 1.001 and 0.999 show, and no central difference
    # does.
    near = (1 - 1 / 2048, 1 + 1 / 4096)
    probes = [
        (*dyadic(rng, 8, 3, 2, others=(-0.5, 0.25, 1.75, 2.5, *near)), 2.0),
        (*dyadic(rng, 5, 6, 3), 0.25),
        (*dyadic(rng, 6, 2, 6), 4.0),
        (np.zeros(2), 1.0, X, y, 0.5),
    ]
    answers = student.subgradient.map(probes)
    with diagnose("subgradient", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            assert_hinge_subgradient(answer, *probe)


# A path of float32 steps drifts from the float64 path; a wrong path is off by far more than this.
PATH_LOW = 2e-4
OFF_KINK = 1e-3
CLEARLY = 2e-3
SIZES = {"constant": lambda k: 1.0, "1/k": lambda k: 1 / k, "1/sqrt(k)": lambda k: k**-0.5}


def descend(reference, X, y, C, steps, step_size, schedule):
    """Every iterate (w, b) of subgradient descent, and how near to 1 a margin came on the way."""
    path, nearest = [(np.zeros(X.shape[1]), 0.0)], np.inf
    for k in range(1, steps + 1):
        w, b = path[-1]
        nearest = min(nearest, np.abs(y * (X @ w + b) - 1).min())
        gw, gb = reference.subgradient(w, b, X, y, C)
        size = step_size * SIZES[schedule](k)
        path.append((w - size * gw, b - size * gb))
    return path, nearest


def clouds(rng, n, d):
    """Two clouds of examples that overlap, of unequal sizes, in no order, away from the origin."""
    y = np.where(rng.permutation(n) < 0.4 * n, 1.0, -1.0)
    return np.outer(y, rng.uniform(0.2, 0.9, size=d)) + rng.normal(size=(n, d)) + 0.5, y


def fitting(reference, rng, n, d, *arguments, wanted=lambda values: True, spread=1.0):
    """Arguments of `fit` whose path is unique.

    No margin on the path is near 1, where the subgradient is not unique, and no other iterate is
    nearly as good as the best one. arguments: C, steps, step_size, schedule. wanted: whether the
    objectives along a path are. spread: how far the features spread.
    """
    for _ in range(500):
        X, y = clouds(rng, n, d)
        X = spread * X
        path, nearest = descend(reference, X, y, *arguments)
        values = np.array([reference.objective(w, b, X, y, arguments[0]) for w, b in path])
        lowest, second = np.partition(values, 1)[:2]
        if nearest > OFF_KINK and second - lowest > CLEARLY * lowest and wanted(values):
            return X, y, *arguments
    raise RuntimeError(f"no data of {n} examples suits {arguments}")


def recovers(values):
    """Whether the objective rises clearly on the way to its lowest value."""
    down = values[: int(values.argmin()) + 1]
    return len(down) > 2 and np.diff(down).max() > 0.02 * down[-1]


def ends_higher(values):
    """Whether the best is neither early nor late, and neither the last nor the last that fell."""
    falls = np.flatnonzero(np.diff(values) < 0) + 1
    return 3 <= values.argmin() <= 10 and values.argmin() < falls[-1] < len(values) - 1


def paths(reference, rng):
    """One path for each schedule."""
    return [
        fitting(reference, rng, 13, 3, 0.4, 12, 0.2, "constant", wanted=ends_higher),
        fitting(reference, rng, 10, 4, 0.6, 9, 0.45, "1/k", wanted=recovers),
        fitting(reference, rng, 12, 2, 0.3, 11, 0.15, "1/sqrt(k)"),
    ]  # fmt: skip


def small_gains(reference, rng):
    """A path with large features and a small C, on which the objective hardly changes."""
    return fitting(reference, rng, 10, 3, 0.3 * 2.0**-20, 8, 0.1, "constant", spread=2.0**10,
                   wanted=lambda values: values.argmin() >= 5)  # fmt: skip


def shrunk(X, y, C, *rest):
    """The same problem, on which w, the subgradient and every gain are next to nothing."""
    return 2.0**40 * X, y, 2.0**-80 * C, *rest


def shows(student, reference, X, y, C, *_):
    """Whether the student's own subgradient is right there; of differences nothing is left."""
    start = np.zeros(X.shape[1]), 0.0, X, y, C
    return passes(
        lambda: assert_close(
            sequence(student.subgradient(*start), 2)[0], reference.subgradient(*start)[0], low=1e-3
        )
    )


def large_steps(reference, rng):
    """Paths whose best iterate is in the middle, or the start."""
    return [
        fitting(reference, rng, 11, 3, 0.55, 10, 0.23, "constant",
                wanted=lambda values: 2 <= values.argmin() <= 8),
        fitting(reference, rng, 9, 2, 0.7, 14, 8.0, "1/sqrt(k)",
                wanted=lambda values: values.argmin() == 0),
    ]  # fmt: skip


def standing_still():
    """A path without anything to learn: the subgradient is 0 from the start."""
    return np.zeros((6, 2)), np.resize([1.0, -1.0], 6), 0.45, 5, 0.3, "constant"


@pytest.fixture(scope="session")
def once():
    """once(make, reference, rng): the paths that `make` finds with this rng.

    All submissions of a run meet the same ones, and looking for them takes longer than judging.
    """
    known = {}

    def remember(make, reference, rng):
        key = make.__name__, str(rng.bit_generator.state)
        if key not in known:
            known[key] = make(reference, rng)
        return known[key]

    return remember


def judge_form_of_subgradient(student):
    X, y = np.eye(3, 2), np.array([1.0, -1.0, 1.0])
    gw, gb = sequence(student.subgradient(np.zeros(2), 0.0, X, y, 0.4), 2, "(gw, gb)")
    array(gw, "gw", shape=(2,))
    number(gb, "gb")


def judge_fit(student, reference, diagnose, probes, compare):
    """compare(given, expected): of (w, b, history), what one call of `fit` gives and should."""

    def judge():
        pairs = answered(student.fit, probes, lambda: judge_form_of_subgradient(student))
        with diagnose("fit", *zip(*pairs, strict=True)):
            for probe, answer in pairs:
                given = sequence(answer, 3, "(w, b, history)")
                assert_follows(
                    lambda expected, given=given: compare(given, expected),
                    "fit",
                    probe,
                    student=student,
                    reference=reference,
                    rests=["subgradient", "objective"],
                    # Where all features are 0 a wrong objective may be 0 as well.
                    zeros_tell=not probe[0].any(),
                )

    try:
        # Parts in another order or shape cost the points of subgradient, and not those of fit.
        assert_in_either_form(
            judge, student, lambda: judge_form_of_subgradient(student), subgradient=2
        )
    except CheckFailed as failure:
        failure.diagnosis = failure.diagnosis or name_rule(student, reference)
        raise


def name_rule(student, reference):
    """What the start and the second step tell of a rule whose constants are not known, or None.

    Every example is within its margin here, and the objective falls: each step is the best so far.
    From 0 the first step is -step g0. With momentum the second one holds that much of it again,
    with weight decay it is pulled back by some of it, whatever the constants are.
    """
    X = np.array([[1.0, 0.5], [-0.5, 2.0], [0.25, -1.0]])
    probes = [(X, np.array([1.0, 1.0, -1.0]), 0.5, k, 0.125, "constant") for k in (0, 1, 2)]

    def places(answers):
        found = [sequence(answer, 3, "(w, b, history)")[:2] for answer in answers]
        return [np.append(array(w, "w", shape=(2,)), number(b, "b")) for w, b in found]

    try:
        start, one, two = places(student.fit.map(probes))
    except StudentFault:
        return None
    _, first, second = places(reference.fit(*probe) for probe in probes)
    if np.abs(start).max() > 1e-9:
        if any(passes(assert_close, start, later) for later in (first, second)):
            return None  # it counts its steps otherwise
        return "Your fit does not start from w = 0 and b = 0."
    if not passes(assert_close, one, first, low=3e-7):
        return None
    more, size = two - second, np.abs(first).max()
    factor = more @ first / (first @ first)
    if factor > 1e-4 and passes(assert_close, more, factor * first, scale=size):
        return "Your fit adds momentum: each step is its size times the subgradient alone."
    pulled = more[:2] @ first[:2] / (first[:2] @ first[:2])
    for part in (np.array([1.0, 1.0, 0.0]), np.ones(3)):
        if pulled < -1e-6 and passes(assert_close, more, pulled * first * part, scale=size):
            return "Your fit decays the weights once more: the subgradient holds w already."
    return None


def compare_best(given, expected):
    (w, b), (best_w, best_b) = given[:2], expected[:2]
    assert_close(w, best_w, "w", low=PATH_LOW)
    # b may be near 0 where w is not, and both drift alike.
    scale = max(np.abs(best_b).max(), np.abs(best_w).max(), 0.1)
    assert_close(b, best_b, "b", low=PATH_LOW, scale=scale)


def compare_history(given, expected):
    assert_close(given[2], expected[2], "history", low=PATH_LOW)


@pytest.mark.points(6)
def test_fit_records_every_objective(student, reference, rng, once, diagnose):
    """fit's history holds the objective at every iterate, the start included"""
    # Far from the start too, where weights that are kept within a ball show.
    far = once(large_steps, reference, rng)[1]
    probes = [*once(paths, reference, rng), far, standing_still()]
    judge_fit(student, reference, diagnose, probes, compare_history)


@pytest.mark.points(6)
def test_fit_follows_subgradient_descent(student, reference, rng, once, diagnose):
    """fit returns the iterate of subgradient descent with the lowest objective"""
    small = once(small_gains, reference, rng)
    probes = [*once(paths, reference, rng), small]
    if shows(student, reference, *shrunk(*small)):
        probes.append(shrunk(*small))
    judge_fit(student, reference, diagnose, probes, compare_best)


@pytest.mark.points(4)
def test_fit_with_too_large_a_step(student, reference, rng, once, diagnose):
    """fit returns an early iterate, or the start, where the later ones are worse"""
    judge_fit(student, reference, diagnose, once(large_steps, reference, rng), compare_best)


@pytest.mark.points(3)
def test_margin(student, reference, rng, diagnose):
    """margin of vectors of many lengths"""
    # The last is so short that a margin with a limit, or a number added to the length, shows.
    lengths = [(2, 1.0), (5, 3.0), (3, 0.2), (1, 2.0), (4, 1e-3)]
    probes = [(rng.normal(size=d) * size,) for d, size in lengths]
    answers = student.margin.map(probes)
    with diagnose("margin", probes, answers):
        for (w,), answer in zip(probes, answers, strict=True):
            assert_close(answer, reference.margin(w), "margin(w)")


@pytest.mark.points(5)
def test_support_vectors(student, reference, rng, diagnose):
    """support_vectors on data of many shapes, with margins of exactly 1 + tol"""
    probes = []
    for n, d, tol in [(12, 3, 0.0), (9, 4, 0.5), (10, 2, 1e-3), (1, 2, 1.75)]:
        w, b, X, y, _ = problem(rng, n, d, 1.0)
        y[0] = 1.0
        X[0] += (-1.5 - X[0] @ w - b) * w / (w @ w)  # at least one is a support vector
        far = np.abs(y * (X @ w + b) - 1 - tol) > 1e-3  # float32 cannot tell closer ones
        probes.append((w, b, X[far], y[far], tol))
    for tol in (0.0, 0.75, 1.5):
        # On the bound, just below it and just above it, as exact in float32 as in float64.
        near = 1 + tol + np.array([-1, 0, 1]) / 2048
        probes.append((*dyadic(rng, 10, 3, 2, others=(-0.5, 0.25, 1.75, 2.5, *near)), tol))
    # One millionth beyond, which both hold as well.
    beyond = np.array([[1 + 2.0**-20], [1.0], [3.0]])
    probes.append((np.ones(1), 0.0, rng.permutation(beyond), np.ones(3), 0.0))
    answers = student.support_vectors.map(probes)
    with diagnose("support_vectors", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            name = f"support_vectors(w, b, X, y, {probe[-1]:g})"
            assert_indices(answer, reference.support_vectors(*probe), name)
