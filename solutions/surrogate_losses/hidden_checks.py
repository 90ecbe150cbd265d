"""Hidden checks: each function against the reference, on inputs that tell mistakes apart.

A function that calls another one of the student's is right where it follows from the right one or
from the student's own: a wrong loss costs the points of loss. No margin is near a corner or a jump
except in the checks that are about them.
"""

import numpy as np
import pytest

from grader.checks import (
    array,
    assert_close,
    assert_follows,
    assert_gradient,
    assert_hinge_subgradient,
    assert_names,
    digits_of,
    follows_own_slope,
    pair,
    require,
)
from grader.errors import CheckFailed

NAMES = ["exponential", "hinge", "logistic", "modified_huber", "sigmoid", "zero_one"]
SMOOTH = NAMES[:-1]
FAR = 1e-9  # how well the losses far out are known

# What follows from a loss of one's own, other than its slope by differences.
SLOPES = {
    "exponential": [lambda own: -own("exponential")],
    "logistic": [
        lambda own: -own("sigmoid") / np.log(2.0),
        lambda own: (2.0 ** -own("logistic") - 1) / np.log(2.0),
    ],
    "sigmoid": [lambda own: -own("sigmoid") * (1 - own("sigmoid"))],
}


def off_corners(rng, size, spread=2.0):
    """Margins at least 0.05 away from 0, 1 and -1, where some losses and mistakes have corners."""
    t = rng.normal(scale=spread, size=size)
    for corner in (-1.0, 0.0, 1.0):
        near = np.abs(t - corner) < 0.05
        t = np.where(near, corner + np.where(t >= corner, 0.1, -0.1), t)
    return t


def margins(rng):
    """Arrays of margins of several shapes, on all sides of the corners."""
    some = np.array([-2.6, -1.4, -0.6, -0.2, 0.3, 0.6, 1.3, 2.4])
    first = rng.permutation(some) + rng.uniform(-0.05, 0.05, size=8)
    return [first, off_corners(rng, (4, 3)), off_corners(rng, (2, 3, 2)), off_corners(rng, (1, 5))]


def far_out(rng):
    return rng.uniform(12.0, 30.0, size=6) * np.array([1, -1, 1, -1, 1, -1])


def sizes(values):
    """What errors of losses are measured against: small ones absolutely, large ones relatively."""
    return np.maximum(np.abs(values), 1.0)


@pytest.mark.points(9)
@pytest.mark.parametrize("name", NAMES)
def test_loss(student, reference, rng, diagnose, name):
    """loss of arrays of many shapes"""
    probes = [(name, t) for t in margins(rng)]
    if name in ("zero_one", "hinge", "modified_huber"):  # the others far out have another check
        probes.append((name, far_out(rng)))
    if name == "modified_huber":
        probes.append((name, np.array([0.0, 1.0])))
    if name == "hinge":
        probes.append((name, np.array([1.0, 0.0])))
    if name == "zero_one":
        probes.append((name, np.array([-(2.0**-20), 2.0**-20])))
    answers = student.loss.map(probes)
    with diagnose("loss", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            expected = reference.loss(*probe)
            assert_close(answer, expected, f"loss({name!r}, t)", scale=sizes(expected))
    if name == "zero_one":
        (at,) = array(student.loss(name, np.zeros(1)), "loss('zero_one', t)", shape=(1,))
        require(at in (0.0, 0.5, 1.0), "loss('zero_one', t) at t = 0 is not 0, 1/2 or 1")


def judged_far_out(got, expected, name):
    """As exact as float64 can be; as float32 can be where every value is one of float32."""
    read = array(got, name, shape=expected.shape)
    low = digits_of(read, single=1e-5, double=FAR, units=(1.0, 1 / np.log(2)))
    assert_close(read, expected, name, scale=sizes(expected), low=low)


@pytest.mark.points(3)
@pytest.mark.parametrize("name", ["exponential", "logistic", "sigmoid"])
def test_loss_far_out(student, reference, rng, diagnose, name):
    """loss of large margins: no overflow, no precision lost"""
    t = rng.uniform(15.0, 30.0, size=6) * np.array([1, -1, 1, -1, 1, -1])
    if name != "exponential":
        far = rng.uniform([40.0, 300.0, 720.0, 5e3], [80.0, 600.0, 900.0, 1e4])
        t = np.concatenate([t, far, -far])
    probes = [(name, t)]
    answers = student.loss.map(probes)
    with diagnose("loss", probes, answers):
        judged_far_out(answers[0], reference.loss(name, t), f"loss({name!r}, t)")


@pytest.mark.points(10)
@pytest.mark.parametrize("name", SMOOTH)
def test_derivative(student, reference, rng, diagnose, name):
    """derivative at arrays of margins of many shapes, near and far"""
    probes = [(name, t) for t in (*margins(rng), far_out(rng))]
    if name == "modified_huber":
        probes.append((name, np.array([0.0, 1.0])))
    answers = student.derivative.map(probes)
    with diagnose("derivative", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            expected = reference.derivative(*probe)
            try:
                assert_close(answer, expected, f"derivative({name!r}, t)", scale=sizes(expected))
            except CheckFailed:
                if not follows_own_loss(student, answer, *probe):
                    raise


def follows_own_loss(student, answer, name, t):
    """Whether a derivative that calls loss is right with what that gives, which costs its own."""
    return follows_own_slope(
        answer,
        (name, t),
        student=student,
        function="derivative",
        of="loss",
        rules=SLOPES.get(name, ()),
    )


@pytest.mark.points(2)
def test_derivative_at_the_corner(student):
    """derivative of the hinge at t = 1: any number from -1 to 0 is right"""
    t = np.array([0.5, 1.0, 1.5, 1.0, 1 - 1 / 512, 1 + 1 / 512])
    slopes = array(student.derivative("hinge", t), "derivative('hinge', t)", shape=t.shape)
    sure = t != 1
    expected = np.array([-1.0, 0.0, -1.0, 0.0])
    assert_close(slopes[sure], expected, "derivative('hinge', t) away from 1")
    low, high = slopes[~sure].min(), slopes[~sure].max()
    require(
        low >= -1 - 1e-9 and high <= 1e-9,
        "derivative('hinge', t) at t = 1 is no subgradient",
        expected="a number from -1 to 0",
        got=f"{low if low < -1 else high:g}",
    )


def problem(rng, n, d, share=0.4):
    """(w, b, X, y) with the margins of `off_corners`, uneven features and labels, an offset.

    share: of the examples of class +1.
    """
    scales = rng.uniform(0.4, 2.5, size=d)
    w, b = rng.choice([-1.0, 1.0], size=d) * rng.uniform(0.3, 2.0, size=d) / scales, rng.normal()
    X = scales * (rng.normal(size=(n, d)) + rng.normal(size=d))
    y = np.where(rng.permutation(n) < share * n, 1.0, -1.0)
    m = off_corners(rng, n, spread=1.5)
    # On both sides of the corners, however few there are.
    m[:4] = rng.permutation([-1.5, -0.4, 0.5, 1.6]) if n >= 4 else [-0.4, 1.6]
    X += np.outer(y * m - b - X @ w, scales**2 * w / np.sum((scales * w) ** 2))
    return w, b, X, y


def problems(rng):
    """Probes with n and d different, one with n = d, one with two examples, two with d = 1, and
    one example alone. Of two with the same sizes no answer may be kept.
    """
    some = [problem(rng, n, d) for n, d in [(11, 3), (6, 7), (5, 5), (10, 2), (2, 3), (9, 1)]]
    some.append(problem(rng, 9, 1, rng.choice([0.0, 1.0])))  # one class
    w, b, X, y = problem(rng, 2, 3)
    wrong = y * (X @ w + b) < 0  # no loss is 0 there
    return [*some, (w, b, X[wrong], y[wrong])]


@pytest.mark.points(6)
@pytest.mark.parametrize("name", NAMES)
def test_empirical_risk(student, reference, rng, diagnose, name):
    """empirical_risk on data of many shapes"""
    probes = [(name, *each) for each in problems(rng)]
    if name == "zero_one":
        probes.pop()  # a wrong loss of the student's that is 0 for one example shows no rule
    answers = student.empirical_risk.map(probes)
    with diagnose("empirical_risk", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            assert_follows(
                lambda expected, answer=answer: assert_close(
                    answer, expected, f"empirical_risk({name!r}, w, b, X, y)", scale=sizes(expected)
                ),
                "empirical_risk",
                probe,
                student=student,
                reference=reference,
                rests=["loss"],
            )


def contributions(reference, name, w, b, X, y):
    """The means of the absolute values of what each entry of (gw, gb) is the mean of."""
    pulls = np.abs(reference.derivative(name, y * (X @ w + b)))
    return (np.maximum(pulls, 1e-3) @ np.abs(X) / len(y), np.maximum(pulls, 1e-3).mean())


@pytest.mark.points(8)
@pytest.mark.parametrize("name", SMOOTH)
def test_risk_gradient(student, reference, rng, diagnose, name):
    """risk_gradient on data of many shapes, away from the corners"""
    probes = [(name, *each) for each in problems(rng)]
    answers = student.risk_gradient.map(probes)
    right = [reference.risk_gradient(*probe) for probe in probes]
    terms = [{"gw": {"gw": gw}, "gb": {"gb": gb}} for gw, gb in right]
    of = [{"n": len(y)} for *_, y in probes]
    with diagnose("risk_gradient", probes, answers, terms=terms, sizes=of):
        for probe, answer in zip(probes, answers, strict=True):
            judge_gradient(student, reference, probe, answer)


def judge_gradient(student, reference, probe, answer, **told):
    scales = contributions(reference, *probe)
    assert_follows(
        lambda expected: assert_gradient(answer, expected, scales, ("gw", "gb")),
        "risk_gradient",
        probe,
        student=student,
        reference=reference,
        rests=["derivative"],
        **told,
    )


def at_corners(rng, n, d, corners):
    """(w, b, X, y) of small binary fractions, n a power of two; `corners` margins are 1."""
    w = rng.choice([-2.0, -1.0, -0.5, 0.5, 1.0, 2.0], size=d)
    b, y = float(rng.integers(-6, 7)) / 4, rng.choice([-1.0, 1.0], size=n)
    X = rng.integers(-8, 9, size=(n, d)) / 4
    # Close to a corner there is only one slope: a threshold of 1.01 shows.
    others = rng.permutation([-0.5, 0.25, 1 - 1 / 512, 1 + 1 / 512, 1.75, 2.5])
    m = np.concatenate([np.ones(corners), np.resize(others, n - corners)])
    X[:, -1] = (y * m - b - X[:, :-1] @ w[:-1]) / w[-1]
    return w, b, X, y


@pytest.mark.points(3)
def test_risk_gradient_at_corners(student, reference, rng):
    """risk_gradient of the hinge where margins are exactly 1: any subgradient is right"""
    for n, d, corners in [(8, 3, 2), (4, 6, 3), (8, 2, 8)]:
        w, b, X, y = at_corners(rng, n, d, corners)
        answer = student.risk_gradient("hinge", w, b, X, y)
        gw, gb = pair(answer, ("gw", "gb"))
        gw = array(gw, "gw", shape=w.shape)
        try:
            # The objective of a support vector machine with C = 1/n has w in its gradient too.
            assert_hinge_subgradient((gw + w, gb), w, b, X, y, 1 / n)
        except CheckFailed as failure:
            try:
                probe = ("hinge", w, b, X, y)
                judge_gradient(student, reference, probe, answer, zeros_tell=True)
            except CheckFailed:
                raise failure from None


@pytest.mark.points(4)
def test_midpoint_gap(student, reference, rng, diagnose):
    """midpoint_gap of arrays of many shapes, for all six losses"""
    probes = []
    for name in NAMES:
        for shape in [(9,), (3, 4)]:
            # Ends and middles are off the corners, the middles as well as the ends.
            middle, half = off_corners(rng, shape), rng.uniform(0.3, 2.0, size=shape)
            u, v = middle - half, middle + half
            for end in (u, v):
                end[np.abs(end) < 0.02] += 0.05
            swap = rng.random(shape) < 0.5
            probes.append((name, np.where(swap, v, u), np.where(swap, u, v)))
    answers = student.midpoint_gap.map(probes)
    with diagnose("midpoint_gap", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            name, u, v = probe
            size = sum(np.abs(reference.loss(name, t)) for t in (u, v, (u + v) / 2))
            scale = np.maximum(size, 1.0)

            def compare(expected, answer=answer, name=name, scale=scale):
                # A loss that flattens its argument makes a flat array of the gaps.
                scale = scale if np.shape(expected) == scale.shape else scale.max()
                assert_close(answer, expected, f"midpoint_gap({name!r}, u, v)", scale=scale)

            assert_follows(
                compare,
                "midpoint_gap",
                probe,
                student=student,
                reference=reference,
                rests=["loss"],
            )


def grids(rng):
    """Grids of multiples of 1/8, exact in float32, that show what is convex in different ways."""
    both = np.array([-5.0, -2.5, -0.75, 0.5, 1.25, 3.0]) + rng.integers(-1, 2, size=6) / 8
    return [
        rng.permutation(both),
        rng.permutation(np.array([0.25, 1.5, 2.75, 4.5])),  # nothing is seen
        rng.permutation(np.array([-4.0, -2.5, -0.5])),
        # Only the outer two of three show it, whichever are neighbours.
        np.array([-10.0, -9.75, 9.875]),
        np.array([-9.75, -10.0, 9.875]),
        np.array([-3.0, 5.0, -2.0]),
        np.array([0.75, -1.5, 2.0]),  # what lies on one side of 0 stands at neither end
        np.array([1.0, 0.5]),
        np.array([1.0, -2.0]),
        # A gap of 6e-6 is one, a gap of 9e-8 is none.
        np.array([-10.0, -9.0]),
        np.array([-1 / 32, -1 / 64]),
    ]


def judge_lists(student, reference, diagnose, function, rests, probes):
    answers = getattr(student, function).map(probes)
    with diagnose(function, probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            assert_follows(
                lambda expected, answer=answer: assert_names(answer, expected, f"{function}(grid)"),
                function,
                probe,
                student=student,
                reference=reference,
                rests=rests,
            )


@pytest.mark.points(4)
def test_nonconvex_losses(student, reference, rng, diagnose):
    """nonconvex_losses on grids that show it in different ways, or not at all"""
    probes = [(grid,) for grid in grids(rng)]
    rests = ["midpoint_gap", "loss"]
    judge_lists(student, reference, diagnose, "nonconvex_losses", rests, probes)


@pytest.mark.points(3)
def test_upper_bounds(student, reference, rng, diagnose):
    """upper_bounds on grids on both sides of 0 and on one"""
    probes = [(grid,) for grid in grids(rng)]
    judge_lists(student, reference, diagnose, "upper_bounds", ["loss"], probes)
