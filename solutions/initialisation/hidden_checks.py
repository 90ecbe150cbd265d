"""Hidden checks: every function against the reference, and what first weights must be drawn from.

n, d, h and k differ from each other, but for one square case. Corners and ties have checks of
their own, with numbers that are exact in any order of adding up. Eigenvalues lie apart, but for
the data made so that two are equal, where every turn is right.
"""

from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest

from grader.checks import (
    Normal,
    Uniform,
    answered,
    array,
    assert_close,
    assert_drawn_from,
    assert_eigenvectors,
    assert_follows,
    assert_gradient,
    assert_up_to_sign,
    passes,
    require,
    sequence,
    with_own,
)
from grader.errors import CheckFailed, StudentFault

NAMES = ("leaky_relu", "elu", "tanh", "relu")
SIDES = {"leaky_relu": (0.1, 1.0), "elu": (1.0, 1.0), "tanh": (1.0, 1.0), "relu": (0.0, 1.0)}


def pre_activations(rng):
    """Arguments (name, a): arrays of many shapes, from tiny to 50, none of them 0."""
    probes = []
    for name in NAMES:
        for shape, size in [((9,), 1.5), ((3, 4), 0.4), ((2, 2, 3), 4.0), ((3, 3), 1.5)]:
            probes.append(
                (name, rng.choice([-1, 1], size=shape) * size * rng.uniform(0.1, 1, shape))
            )
        probes.append((name, np.array([-50.0, -20.0, 30.0, 50.0, -1e-3, 1e-3])))
    return probes


@pytest.mark.points(5)
def test_activation(student, reference, rng, diagnose):
    """activation of arrays of many shapes and sizes"""
    probes = pre_activations(rng)
    answers = student.activation.map(probes)
    with diagnose("activation", probes, answers):
        for (name, a), answer in zip(probes, answers, strict=True):
            scale = np.maximum(np.abs(reference.activation(name, a)), 1e-3)
            assert_close(
                answer, reference.activation(name, a), f"activation({name!r}, a)", scale=scale
            )


@pytest.mark.points(5)
def test_activation_gradient(student, reference, rng, diagnose):
    """activation_gradient of arrays of many shapes and sizes, away from 0"""
    probes = pre_activations(rng)
    answers = student.activation_gradient.map(probes)
    with diagnose("activation_gradient", probes, answers):
        for (name, a), answer in zip(probes, answers, strict=True):
            expected = reference.activation_gradient(name, a)
            try:
                assert_close(answer, expected, f"activation_gradient({name!r}, a)", scale=1.0)
            except CheckFailed:
                own = by_own_value(student, name, a)
                if own is None or not passes(assert_close, answer, own, scale=1.0):
                    raise


def by_own_value(student, name, a):
    """The slope of elu or tanh as it follows from the value of the student's own activation.

    elu' = elu + 1 below 0 and tanh' = 1 - tanh^2, so a wrong value gives a wrong slope, which costs
    no points of its own. None for the others, and where the value shows no rule.
    """
    if name not in ("elu", "tanh"):
        return None
    value = array(student.activation(name, a), "activation(name, a)", shape=a.shape)
    if np.ptp(np.append(value, 0.0)) == 0:
        return None
    return np.where(a > 0, 1.0, value + 1) if name == "elu" else 1 - value**2


@pytest.mark.points(2)
def test_activation_gradient_at_corners(student):
    """activation_gradient at 0, among other numbers, lies between the slopes of the two sides"""
    a = np.array([[0.0, -1.5], [2.0, 0.0]])
    answers = student.activation_gradient.map([(name, a) for name in NAMES])
    for name, answer in zip(NAMES, answers, strict=True):
        slopes = array(answer, f"activation_gradient({name!r}, a)", shape=(2, 2))[a == 0]
        low, high = SIDES[name]
        own = by_own_value(student, name, a)
        require(
            bool(((slopes >= low - 1e-5) & (slopes <= high + 1e-5)).all())
            or (own is not None and bool((np.abs(slopes - own[a == 0]) <= 1e-5).all())),
            f"activation_gradient({name!r}, a) is wrong at a = 0",
            expected=f"{low:g}" if low == high else f"a number from {low:g} to {high:g}",
            got=f"{slopes[0]:.6g} and {slopes[1]:.6g}",
        )


def two_pieces(rng, d, h):
    """Arguments (dy, x, W1, b1, W2, b2); in every unit one piece is clearly the larger."""
    x = rng.normal(size=d) + 0.3
    W1, b1 = rng.normal(size=(d, h)), rng.normal(size=h)
    W2, b2 = rng.normal(size=(d, h)), rng.normal(size=h)
    first = np.resize([True, False], h)[rng.permutation(h)]
    gap = np.where(first, 1.0, -1.0) * rng.uniform(0.5, 2.0, size=h)
    b1 = b1 + gap - (W1.T @ x + b1 - W2.T @ x - b2)
    return rng.choice([-1, 1], size=h) * rng.uniform(0.5, 2, size=h), x, W1, b1, W2, b2


# The first sizes come again at the end: what is remembered by shapes is not the answer.
PIECES = [(4, 6), (7, 3), (5, 5), (2, 4), (4, 6)]


@pytest.mark.points(3)
def test_maxout(student, reference, rng, diagnose):
    """maxout of many sizes"""
    probes = [two_pieces(rng, d, h)[1:] for d, h in PIECES]
    answers = student.maxout.map(probes)
    with diagnose("maxout", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            x, W1, b1, W2, b2 = map(np.abs, probe)
            scale = np.maximum(W1.T @ x + b1, W2.T @ x + b2)
            assert_close(answer, reference.maxout(*probe), "maxout(x, W1, b1, W2, b2)", scale=scale)


FIVE = ("dx", "dW1", "db1", "dW2", "db2")


@pytest.mark.points(6)
def test_maxout_backward(student, reference, rng, diagnose):
    """maxout_backward of many sizes, without ties"""
    probes = [two_pieces(rng, d, h) for d, h in PIECES]
    answers = student.maxout_backward.map(probes)
    with diagnose("maxout_backward", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            expected = reference.maxout_backward(*probe)
            size = np.abs(probe[0])
            scales = (
                np.abs(probe[2]) @ np.abs(expected[2]) + np.abs(probe[4]) @ np.abs(expected[4]),
                np.outer(np.abs(probe[1]), size),
                size,
                np.outer(np.abs(probe[1]), size),
                size,
            )
            assert_gradient(answer, expected, scales, FIVE)


def tied(rng, d, h):
    """Arguments in small binary fractions: in every second unit both pieces are equal."""
    dy, x, W1, b1, W2, b2 = (
        rng.integers(-8, 9, size=shape) / 4 for shape in [(h,), (d,), (d, h), (h,), (d, h), (h,)]
    )
    gap = np.where(np.arange(h) % 2 == 0, 0.0, rng.choice([-1.5, 1.5], size=h))
    b1 = W2.T @ x + b2 + gap - W1.T @ x
    return np.where(dy == 0, 1.25, dy), x, W1, b1, W2, b2


@pytest.mark.points(3)
def test_maxout_backward_at_ties(student, rng):
    """maxout_backward where pieces are equal: any share, the same in all five"""
    probes = [tied(rng, d, h) for d, h in [(3, 6), (5, 4), (1, 2)]]
    for probe, answer in zip(probes, student.maxout_backward.map(probes), strict=True):
        judge_shares(answer, *probe)


def judge_shares(answer, dy, x, W1, b1, W2, b2):
    dx, dW1, db1, dW2, db2 = sequence(answer, 5, "(dx, dW1, db1, dW2, db2)")
    first, second = (array(v, n, shape=dy.shape) for v, n in ((db1, "db1"), (db2, "db2")))
    assert_close(first + second, dy, "db1 + db2")
    gap = W1.T @ x + b1 - W2.T @ x - b2
    share = first / dy
    low, high = np.where(gap > 0, 1.0, 0.0), np.where(gap < 0, 0.0, 1.0)
    wrong = np.flatnonzero((share < low - 1e-5) | (share > high + 1e-5))
    if len(wrong):
        j = wrong[0]
        raise CheckFailed(
            f"unit {j} hands the share {share[j]:.4g} to its first piece",
            expected="from 0 to 1" if gap[j] == 0 else f"{low[j]:g}",
            where=f"W1'x + b1 less W2'x + b2 is {gap[j]:g} there",
        )
    size = np.abs(dy).max() * max(np.abs(x).max(), 1.0)
    assert_close(dW1, np.outer(x, first), "dW1 (x times your db1)", scale=size)
    assert_close(dW2, np.outer(x, second), "dW2 (x times your db2)", scale=size)
    scale = max(float(np.abs(W1).sum() + np.abs(W2).sum()), 1.0) * np.abs(dy).max()
    assert_close(dx, W1 @ first + W2 @ second, "dx (from your db1 and db2)", scale=scale)


# Fans so far apart that no law looks like another one.
FAN_IN, FAN_OUT = 40, 110
SQUARE = 60  # of as many inputs as units weights could be symmetric


def law_of(kind, fan_in, fan_out):
    bound = np.sqrt(6 / (fan_in + fan_out))
    return {
        "small": Normal(0, 0.01),
        "scaled": Normal(0, fan_in**-0.5),
        "glorot": Uniform(-bound, bound),
    }[kind]


def taken_for(kind):
    """Laws that are taken for the one of this kind, with what to say of them."""
    scaled, bound = FAN_IN**-0.5, np.sqrt(6 / (FAN_IN + FAN_OUT))
    return {
        "small": {
            "Your small weights have the variance 0.01: 0.01 is their standard deviation.": Normal(
                0, 0.1
            ),
            "Your small weights are uniform: they are normal.": Uniform(-0.01, 0.01),
            "Your small weights are not multiplied by 0.01.": Normal(0, 1),
        },
        "scaled": {
            "Your scaled weights are divided by the root of fan_out: of fan_in.": Normal(
                0, FAN_OUT**-0.5
            ),
            "Your scaled weights are divided by fan_in: by its root.": Normal(0, 1 / FAN_IN),
            "Your scaled weights have the variance 2 / fan_in, as He and torch's kaiming have it: "
            "1 / fan_in.": Normal(0, (2 / FAN_IN) ** 0.5),
            "Your scaled weights are uniform between -1 and 1 over the root of fan_in, as torch's "
            "Linear draws them: they are normal.": Uniform(-scaled, scaled),
            "Your scaled weights are not divided by the root of fan_in.": Normal(0, 1),
            "Your scaled weights are divided by the root of both fans: of fan_in.": Normal(
                0, (FAN_IN + FAN_OUT) ** -0.5
            ),
        },
        "glorot": {
            "Your glorot weights are normal with the right variance: they are uniform.": Normal(
                0, bound / 3**0.5
            ),
            "Your glorot weights are uniform from 0 on: from -bound.": Uniform(0, bound),
            "Your glorot bound lacks the root.": Uniform(-(bound**2), bound**2),
            "Your glorot bound is the root of 6 / fan_in: of 6 / (fan_in + fan_out).": Uniform(
                -((6 / FAN_IN) ** 0.5), (6 / FAN_IN) ** 0.5
            ),
            "Your glorot bound is the root of 2 / (fan_in + fan_out): that is the standard "
            "deviation.": Uniform(-bound / 3**0.5, bound / 3**0.5),
            "Your glorot weights are those of scaled.": Normal(0, scaled),
        },
    }[kind]


@pytest.mark.points(12)
@pytest.mark.parametrize("kind", ["small", "scaled", "glorot"])
def test_init_weights(student, rng, kind):
    """init_weights draws every weight independently from the law of its name"""
    fans = [(FAN_IN, FAN_OUT), (SQUARE, SQUARE)]
    seeds = rng.integers(10**6, size=len(fans))
    calls = [(kind, *pair, int(seed)) for pair, seed in zip(fans, seeds, strict=True)]
    answers = student.init_weights.map(calls)
    for (fan_in, fan_out), answer in zip(fans, answers, strict=True):
        name = f"init_weights({kind!r}, {fan_in}, {fan_out}, seed)"
        W = array(answer, name, shape=(fan_out, fan_in))
        try:
            assert_drawn_from(W, law_of(kind, fan_in, fan_out), name, lags=(1, fan_in))
        except CheckFailed as failure:
            fitting = [
                words
                for words, other in taken_for(kind).items()
                if fan_in == FAN_IN and passes(assert_drawn_from, W, other, name)
            ]
            if failure.diagnosis is None and len(fitting) == 1:
                failure.diagnosis = fitting[0]
            raise


@pytest.mark.points(5)
def test_layer_spread(student, reference, rng, diagnose):
    """layer_spread of one to four layers, for every activation"""
    probes = []
    for sizes, n, name in [((4, 7, 3), 6, "tanh"), ((5, 5, 5), 9, "relu"),
                           ((3, 6, 2, 8, 4), 5, "elu"), ((2, 9, 4), 7, "leaky_relu"),
                           ((4, 7, 3), 6, "tanh")]:  # fmt: skip
        weights = [0.7 * rng.normal(size=(b, a)) for a, b in pairwise(sizes)]
        probes.append((rng.normal(size=(n, sizes[0])) + 0.4, weights, name))
    answers = student.layer_spread.map(probes)
    with diagnose("layer_spread", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            require_layers(answer, probe)
            assert_follows(
                lambda expected, answer=answer: assert_close(
                    answer, np.array(expected), "layer_spread(X, weights, name)"
                ),
                "layer_spread",
                probe,
                student=student,
                reference=reference,
                rests=["activation"],
            )


def require_layers(answer, probe):
    """One number per layer."""
    X, weights, _ = probe
    try:
        sequence(answer, len(weights), "layer_spread(X, weights, name)")
    except CheckFailed as failure:
        if (
            (isinstance(answer, list) or (isinstance(answer, np.ndarray) and answer.ndim))
            and len(answer) == len(weights) + 1
            and passes(assert_close, answer[0], float(X.std()))
        ):
            failure.diagnosis = (
                "Your layer_spread begins with X: the first is that of the first layer."
            )
        raise


def examples(rng, n, d):
    """(n, d) examples off the origin, whose eigenvalues lie apart, along no axis."""
    scores = rng.normal(size=(n, d))
    scores -= scores.mean(axis=0)
    left = np.linalg.qr(scores)[0] * np.sqrt(n)
    sizes = np.sqrt(0.4 * 1.9 ** np.arange(d))[rng.permutation(d)]
    turn = np.linalg.qr(rng.normal(size=(d, d)))[0]
    return left * sizes @ turn.T + rng.normal(size=d) + 1.0


DATA = [(9, 4, 2), (12, 3, 3), (20, 6, 1), (7, 5, 3), (9, 4, 2)]


@pytest.mark.points(2)
def test_centre(student, reference, rng, diagnose):
    """centre of examples of many sizes"""
    probes = [(examples(rng, n, d),) for n, d, _ in [*DATA, (5, 5, 1)]]
    answers = student.centre.map(probes)
    with diagnose("centre", probes, answers):
        for (X,), answer in zip(probes, answers, strict=True):
            Z, mean = sequence(answer, 2, "(Z, mean)")
            right = reference.centre(X)
            assert_close(Z, right[0], "Z", scale=np.abs(X).max())
            assert_close(mean, right[1], "mean", scale=np.abs(X).max())


def equal_values(rng):
    """X (8, 4) with the eigenvalues 4, 4, 1, 1/4: the first two directions are free to turn.

    Every number is a small binary fraction, so that the covariance is exactly symmetric, however it
    is added up: of one that is not, `np.linalg.eig` makes complex pairs.
    """
    scores = np.kron(np.eye(4), [[1.0], [-1.0]]) * [4.0, 4.0, 2.0, 1.0]
    signs = np.array([[1, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]]) / 2
    turn = rng.choice([-1.0, 1.0], size=(4, 1)) * signs[rng.permutation(4)]
    return scores @ turn.T + rng.integers(-4, 5, size=4)


@pytest.mark.points(6)
def test_principal_directions(student, reference, rng, diagnose):
    """principal_directions of examples of many sizes, also with two equal eigenvalues"""
    usual = [(examples(rng, n, d), k) for n, d, k in DATA]
    probes = [*usual, *((equal_values(rng), k) for k in (1, 2, 3))]
    answers = student.principal_directions.map(probes)
    try:
        for (X, k), answer in zip(probes, answers, strict=True):
            try:
                judge_directions(answer, X, k, reference)
            except CheckFailed:
                # A wrong centre costs its own points, and its mean is not needed here.
                centred = SimpleNamespace(
                    centre=lambda X: (sequence(student.centre(X), 2)[0], X.mean(axis=0))
                )
                own = with_own(reference, centred, ["centre"])
                if not any(follows(answer, X, k, each) for each in own):
                    raise
    except CheckFailed:
        # The catalogue's signs are those of its own library: the values tell its mistakes.
        with diagnose("principal_directions", usual, aligned(answers, usual)):
            raise


def judge_directions(answer, X, k, right):
    """Compare with the directions of `right`, the reference or what rests on the student's own."""
    values, V = sequence(answer, 2, "(values, V)")
    expected, _ = right.principal_directions(X, k)
    assert_close(values, expected, "values")
    Z, _ = right.centre(X)
    assert_eigenvectors(V, expected, Z.T @ Z / len(X), "V")


def follows(answer, X, k, own):
    try:
        judge_directions(answer, X, k, own)
    except (StudentFault, ArithmeticError, ValueError):
        return False
    return bool(own.alive())


def aligned(answers, probes):
    """The answers with the signs of the reference's eigenvectors, where they have its form."""
    out = []
    for answer, (X, k) in zip(answers, probes, strict=False):
        try:
            values, V = sequence(answer, 2, "(values, V)")
            read = array(V, "V", shape=(None, None))
        except CheckFailed:
            out.append(answer)
            continue
        in_rows = read.shape == (k, X.shape[1]) and k != X.shape[1]
        out.append([values, with_signs(read.T).T if in_rows else with_signs(read)])
    return out


def with_signs(V):
    """Every column with a first large entry that is positive."""
    if not V.size:
        return V
    first = np.abs(V).argmax(axis=0)
    return V * np.where(V[first, np.arange(V.shape[1])] < 0, -1.0, 1.0)


@pytest.mark.points(4)
def test_reconstruct(student, reference, rng, diagnose):
    """reconstruct of examples of many sizes"""
    usual = [(examples(rng, n, d), k) for n, d, k in DATA]
    equal = (equal_values(rng), 2)
    # A mean of another length cannot be added to several columns, but to one; rows of directions
    # are as many as columns where all are taken.
    spare = [(examples(rng, 5, 1), 1), (examples(rng, 6, 3), 3)]
    pairs = answered(
        student.reconstruct, [*usual, equal], lambda: judge_forms(student), spare=spare
    )
    shown = [pair for pair in pairs if pair[0] is not equal]
    with diagnose("reconstruct", *zip(*shown, strict=True)):
        for probe, answer in pairs:
            require_no_scores(answer, probe, reference)
            assert_follows(
                lambda expected, answer=answer, probe=probe: assert_close(
                    answer, expected, "reconstruct(X, k)", scale=np.abs(probe[0]).max()
                ),
                "reconstruct",
                probe,
                student=student,
                reference=reference,
                rests=["centre", "principal_directions"],
            )


def judge_forms(student):
    """Of what reconstruct and whiten call."""
    X = np.eye(5, 3)
    array(sequence(student.centre(X), 2, "(Z, mean)")[1], "mean", shape=(3,))
    values, V = sequence(student.principal_directions(X, 2), 2, "(values, V)")
    array(values, "values", shape=(2,))
    array(V, "V", shape=(3, 2))


def require_no_scores(answer, probe, reference):
    X, k = probe
    Z, _ = reference.centre(X)
    scores = Z @ reference.principal_directions(X, k)[1]
    if k != X.shape[1] and passes(assert_up_to_sign, answer, scores):
        raise CheckFailed(
            "reconstruct(X, k) gives the scores on the principal directions",
            expected=f"shape {X.shape}",
            got=f"shape {scores.shape}",
            diagnosis="Your reconstruct returns the scores: project back.",
        )


@pytest.mark.points(4)
def test_whiten(student, reference, rng, diagnose):
    """whiten of examples of many sizes; signs are free, and turns within equal eigenvalues"""
    probes = [(examples(rng, n, d), k, eps) for (n, d, k), eps in
              zip(DATA, [0.3, 0.05, 1.2, 0.6, 0.3], strict=True)]  # fmt: skip
    equal = (equal_values(rng), 3, 0.4)
    spare = [(examples(rng, 6, 3), 3, 0.7)]
    pairs = answered(student.whiten, [*probes, equal], lambda: judge_forms(student), spare=spare)
    try:
        for probe, answer in pairs:
            values, _ = reference.principal_directions(probe[0], probe[1])
            assert_follows(
                lambda expected, answer=answer, values=values: assert_up_to_sign(
                    answer, expected, "whiten(X, k, eps)", values=values
                ),
                "whiten",
                probe,
                student=student,
                reference=reference,
                rests=["centre", "principal_directions"],
            )
    except CheckFailed:
        usual = [(probe, signed(answer)) for probe, answer in pairs if probe is not equal]
        with diagnose("whiten", *zip(*usual, strict=True)):
            raise


def signed(answer):
    try:
        return with_signs(array(answer, "whiten(X, k, eps)", shape=(None, None)))
    except CheckFailed:
        return answer
