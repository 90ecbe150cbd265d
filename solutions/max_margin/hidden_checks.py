"""Hidden checks: each function against the reference, on inputs that tell mistakes apart.

A function that calls another one of the student's is right where it follows from the right one or
from the student's own: wrong preference pairs cost the points of preference_pairs. Two rivals are
nearly as strong, or exactly, only in the checks that are about ties, whose numbers are exact in
any order of adding up.
"""

import numpy as np
import pytest

from grader.checks import (
    array,
    assert_close,
    assert_follows,
    assert_gradient,
    assert_subgradient,
    calls,
    integer,
    passes,
    require,
    sequence,
    show,
)
from grader.errors import CheckFailed, StudentFault

CLEAR = 0.02  # how much stronger than the next the strongest rival is where there is no tie


def lead(reference, W, X, y):
    """How much stronger than the next the strongest rival of each example is, at the least."""
    ordered = np.sort(reference._augmented(X @ W, y), axis=1)
    return float((ordered[:, -1] - ordered[:, -2]).min())


def scored(rng, n, k):
    """(S, y): scores with margins on both sides of 0 and 1, labels of which one may be missing."""
    return rng.normal(scale=1.5, size=(n, k)), rng.integers(0, max(k - 1, 2), size=n)


def tables(rng):
    """Scores of many shapes, and two tables that float32 holds exactly, one far below 0."""
    probes = [scored(rng, n, k) for n, k in [(11, 3), (6, 5), (4, 4), (9, 2), (1, 3), (9, 2)]]
    labels = rng.integers(0, 3, size=7)
    quarters = rng.integers(-9, 10, size=(7, 3)) / 4
    # One example, and both rivals pull.
    single = (np.array([[0.75, 0.25, 0.5]]), np.array([1]))
    return [*probes, single, (quarters, labels), (quarters[:, ::-1] - 20_000.0, labels)]


def problem(reference, rng, n, d, k, C):
    """(W, X, y, C) with uneven features, an offset, and no rivals that are nearly as strong."""
    while True:
        sizes = rng.uniform(0.4, 2.0, size=d)
        W = rng.normal(size=(d, k)) / sizes[:, None] / np.sqrt(d)
        X = sizes * (rng.normal(size=(n, d)) + 0.5 * rng.normal(size=d))
        y = rng.integers(0, max(k - 1, 2), size=n)
        violated = reference.multiclass_hinge(X @ W, y) > 0
        if lead(reference, W, X, y) > CLEAR and violated.any() and (n < 4 or not violated.all()):
            return W, X, y, C


def problems(reference, rng):
    """Probes with n, d and k different, one with d = k, C from 0.3 to 3."""
    sizes = [(8, 3, 4, 0.5), (5, 6, 3, 2.3), (6, 4, 4, 0.7), (7, 3, 2, 1.7), (1, 2, 3, 0.4)]
    sizes.append((7, 3, 2, 1.7))  # once more: no answer may be kept
    return [problem(reference, rng, *each) for each in sizes] + [whole(reference, rng)]


def whole(reference, rng):
    """(W, X, y, C) with whole numbers in X, and no rivals that are nearly as strong."""
    while True:
        W, X = rng.normal(size=(3, 4)), rng.integers(-3, 4, size=(6, 3))
        y = rng.integers(0, 4, size=6)
        if lead(reference, W, X, y) > CLEAR:
            return W, X, y, 0.6


@pytest.mark.points(4)
def test_multiclass_hinge(student, reference, rng, diagnose):
    """multiclass_hinge of scores of many shapes"""
    probes = tables(rng)
    answers = student.multiclass_hinge.map(probes)
    with diagnose("multiclass_hinge", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            assert_close(answer, reference.multiclass_hinge(*probe), "multiclass_hinge(S, y)")


@pytest.mark.points(4)
def test_summed_hinge(student, reference, rng, diagnose):
    """summed_hinge of scores of many shapes"""
    probes = tables(rng)
    answers = student.summed_hinge.map(probes)
    with diagnose("summed_hinge", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            assert_close(answer, reference.summed_hinge(*probe), "summed_hinge(S, y)")


@pytest.mark.points(4)
def test_objective(student, reference, rng, diagnose):
    """objective on data of many shapes"""
    probes = problems(reference, rng)
    answers = student.objective.map(probes)
    with diagnose("objective", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            assert_follows(
                lambda expected, answer=answer: assert_close(
                    answer, expected, "objective(W, X, y, C)"
                ),
                "objective",
                probe,
                student=student,
                reference=reference,
                rests=["multiclass_hinge"],
                zeros_tell=True,
            )


@pytest.mark.points(5)
def test_subgradient(student, reference, rng, diagnose):
    """subgradient on data of many shapes, without ties"""
    probes = problems(reference, rng)
    answers = student.subgradient.map(probes)
    right = [reference.subgradient(*probe) for probe in probes]
    terms = [
        {"the subgradient": {"W": probe[0], "sum over the examples": G - probe[0]}}
        for probe, G in zip(probes, right, strict=True)
    ]
    sizes = [{"n": len(X), "C": C, "k": W.shape[1]} for W, X, _, C in probes]
    with diagnose("subgradient", probes, answers, terms=terms, sizes=sizes):
        for (W, X, y, C), answer, G in zip(probes, answers, right, strict=True):
            scale = np.abs(W) + C * np.abs(X).sum(axis=0)[:, None]
            try:
                assert_gradient(answer, (G,), (scale,), ("subgradient(W, X, y, C)",))
            except CheckFailed:
                if not follows_own_hinge(student, reference, answer, W, X, y, C):
                    raise


def calls_hinge(student):
    """Whether subgradient asks multiclass_hinge which examples pull.

    With one class alone a loss for each example has as many numbers as the scores, whose form it
    can take.
    """
    W, X, y = np.zeros((2, 1)), np.ones((3, 2)), np.zeros(3, int)

    def judge_form():
        array(student.subgradient(W, X, y, 1.0), shape=W.shape)

    return calls(student, "multiclass_hinge", judge_form, count=1)


def follows_own_hinge(student, reference, answer, W, X, y, C):
    """Whether the examples pull of which the student's own hinge says so, which costs its own."""
    if not calls_hinge(student):
        return False
    try:
        own = array(student.multiclass_hinge(X @ W, y), shape=y.shape)
    except StudentFault:
        return False
    smooth, found = choices_of_pulling(reference, W, X, y, C, own > 0)
    scale = np.abs(W) + C * np.abs(X).sum(axis=0)[:, None]
    return passes(assert_subgradient, answer, (smooth,), found, (scale,), ("subgradient",))


def tied(rng, n, d, k):
    """(W, X, y) of small binary fractions, with rivals that are equally strong, and 0 among them.

    A score s_y - 1 of a rival ties with no violation at all.
    """
    W = rng.integers(-4, 5, size=(d, k)) / 4
    W[:, 1] = W[:, 0]  # these two are equally strong for every example
    X = rng.integers(-8, 9, size=(n, d)) / 4
    y = rng.integers(0, k, size=n)
    y[0] = k - 1
    # The first example keeps its margin exactly: the last feature is its own.
    W[-1] = 0.0
    W[-1, -1] = 0.5
    others = (X[0, :-1] @ W[:-1])[:-1].max()
    X[0, -1] = (1 + others - X[0, :-1] @ W[:-1, -1]) / 0.5
    return W, X, y


def choices(reference, W, X, y, C):
    """The smooth part of the subdifferential, and for each example with ties its alternatives."""
    gains = reference._augmented(X @ W, y)
    return choices_among(W, X, y, C, gains == gains.max(axis=1, keepdims=True))


def choices_of_pulling(reference, W, X, y, C, pulling):
    """The same where only the examples `pulling` (n,) pull, each one its strongest rivals."""
    gains = reference._augmented(X @ W, y)
    gains[np.arange(len(y)), y] = -np.inf
    strongest = gains == gains.max(axis=1, keepdims=True)
    return choices_among(W, X[pulling], y[pulling], C, strongest[pulling])


def choices_among(W, X, y, C, rivals):
    """rivals: (n, k), which columns each example may push down."""
    smooth, found = W.copy(), []
    for x, label, chosen in zip(X, y, rivals, strict=True):
        pulls = []
        for rival in np.flatnonzero(chosen):
            pull = np.zeros(W.shape)
            pull[:, rival] += C * x
            pull[:, label] -= C * x
            pulls.append(pull)
        if len(pulls) == 1:
            smooth += pulls[0]
        else:
            found.append((np.array(pulls),))
    return smooth, found


@pytest.mark.points(4)
def test_subgradient_at_ties(student, reference, rng, diagnose):
    """subgradient where rivals are equally strong: any convex combination is right"""
    X, y = rng.integers(-8, 9, size=(5, 2)) / 4, np.array([0, 1, 2, 3, 1])
    probes = [(*tied(rng, n, d, k), C) for n, d, k, C in [(7, 3, 4, 0.5), (4, 5, 3, 2.0)]]
    probes.append((np.zeros((2, 4)), X, y, 0.25))
    answers = student.subgradient.map(probes)
    with diagnose("subgradient", probes, answers):
        for (W, X, y, C), answer in zip(probes, answers, strict=True):
            smooth, found = choices(reference, W, X, y, C)
            scale = np.abs(W) + C * np.abs(X).sum(axis=0)[:, None]
            name = "subgradient(W, X, y, C)"
            try:
                assert_subgradient(answer, (smooth,), found, (scale,), (name,))
            except CheckFailed:
                if not follows_own_hinge(student, reference, answer, W, X, y, C):
                    raise


# A path of float32 steps drifts from the float64 path; a wrong path is off by far more than this.
PATH_LOW = 2e-4
OFF_TIES = 2e-3
CLEARLY = 2e-3


def descend(reference, X, y, W0, C, steps, step_size):
    """Every iterate of subgradient descent, and how near a tie came on the way."""
    path, nearest = [W0], np.inf
    for t in range(1, steps + 1):
        nearest = min(nearest, lead(reference, path[-1], X, y))
        step = step_size / np.sqrt(t) * reference.subgradient(path[-1], X, y, C)
        path.append(path[-1] - step)
    return path, nearest


def fitting(reference, rng, n, d, k, *arguments, wanted):
    """Arguments of `fit` whose path is unique, with one iterate clearly the best.

    arguments: C, steps, step_size. wanted: whether the number of the best iterate is.
    """
    for _ in range(2000):
        y = rng.permutation(np.arange(n) % k)
        X = rng.normal(size=(k, d))[y] + 0.7 * rng.normal(size=(n, d))
        W0 = 0.3 * rng.normal(size=(d, k))
        path, nearest = descend(reference, X, y, W0, *arguments)
        values = np.array([reference.objective(W, X, y, arguments[0]) for W in path])
        lowest, second = np.partition(values, 1)[:2]
        clear = nearest > OFF_TIES and second - lowest > CLEARLY * lowest
        if clear and wanted(int(values.argmin())):
            return X, y, W0, *arguments
    raise RuntimeError(f"no data of {n} examples suits {arguments}")


def paths(reference, rng):
    """Paths whose best iterate is in the middle, late, and the start."""
    return [
        fitting(reference, rng, 9, 3, 4, 0.6, 9, 0.3, wanted=lambda best: 2 <= best <= 7),
        fitting(reference, rng, 7, 4, 3, 0.4, 7, 0.15, wanted=lambda best: best >= 4),
        fitting(reference, rng, 6, 2, 3, 0.7, 5, 9.0, wanted=lambda best: best == 0),
        shrunk(*fitting(reference, rng, 7, 4, 3, 0.4, 7, 0.15, wanted=lambda best: best >= 4)),
    ]


def shrunk(X, y, W0, C, steps, step_size):
    """The same path with weights that are 2^10 times as small: the objective hardly changes."""
    part = 2.0**-10
    return X / part, y, part * W0, part**2 * C, steps, step_size


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


def judge_fit(student, reference, diagnose, probes, which, name):
    """Compare one of (W, history) with what `fit` should give for each probe."""
    answers = student.fit.map(probes)
    with diagnose("fit", probes, answers):
        for answer, probe in zip(answers, probes, strict=True):
            given = sequence(answer, 2, "(W, history)")
            assert_follows(
                lambda expected, given=given: assert_close(
                    given[which], expected[which], name, low=PATH_LOW
                ),
                "fit",
                probe,
                student=student,
                reference=reference,
                rests=["subgradient", "objective"],
            )


@pytest.mark.points(3)
def test_fit_records_every_objective(student, reference, rng, once, diagnose):
    """fit's history holds the objective at every iterate, that of W0 first"""
    judge_fit(student, reference, diagnose, once(paths, reference, rng), 1, "history")


@pytest.mark.points(4)
def test_fit_follows_subgradient_descent(student, reference, rng, once, diagnose):
    """fit returns the iterate of subgradient descent with the lowest objective"""
    judge_fit(student, reference, diagnose, once(paths, reference, rng), 0, "W")


def read_pairs(value, n):
    """(m, 2) integers below n, perhaps none."""
    pairs = array(value, "preference_pairs(q, r)", kind="int")
    if not pairs.size:
        return np.empty((0, 2), int)
    pairs = array(value, "preference_pairs(q, r)", kind="int", shape=(None, 2))
    require(
        pairs.min() >= 0 and pairs.max() < n,
        "preference_pairs(q, r) holds what is no document",
        expected=f"integers from 0 to {n - 1}",
        got=f"integers from {pairs.min()} to {pairs.max()}",
    )
    return pairs


def ordered(pairs):
    return sorted(map(tuple, np.asarray(pairs).tolist()))


def graded(rng, n, queries, grades):
    """(q, r): queries' numbers in no order and with gaps, integer grades."""
    numbers = rng.choice(40, size=queries, replace=False)
    return numbers[rng.integers(0, queries, size=n)], rng.integers(0, grades, size=n)


@pytest.mark.points(3)
def test_preference_pairs(student, reference, rng, diagnose):
    """preference_pairs of several queries, with equal grades and single documents"""
    probes = [graded(rng, n, m, g) for n, m, g in [(9, 3, 3), (7, 1, 4), (6, 5, 3), (8, 2, 2)]]
    q, r = graded(rng, 8, 2, 4)
    probes += [(q, r - 2 + rng.uniform(-0.4, 0.4, size=8)), (np.arange(4), np.array([3, 1, 2, 0]))]
    answers = student.preference_pairs.map(probes)
    # Any order is right: what is compared with the known mistakes is in one order.
    with diagnose("preference_pairs", probes, answers):
        read = [
            np.array(ordered(read_pairs(answer, len(q))), float).reshape(-1, 2)
            for answer, (q, _) in zip(answers, probes, strict=True)
        ]
    with diagnose("preference_pairs", probes, read):
        for probe, pairs in zip(probes, read, strict=True):
            expected = ordered(reference.preference_pairs(*probe))
            require(
                ordered(pairs) == expected,
                "preference_pairs(q, r): wrong pairs",
                expected=f"{len(expected)} pairs: {expected[:10]}",
                got=f"{len(pairs)} pairs: {ordered(pairs.astype(int))[:10]}",
            )


def ranked(reference, rng, n, d, C):
    """(w, Phi, q, r, C): no pair's difference is near 1, and some are on both sides."""
    while True:
        q, r = graded(rng, n, 2 if n > 3 else 1, 3 if n > 3 else 6)
        Phi, w = rng.normal(size=(n, d)) + rng.normal(size=d), rng.normal(size=d)
        gaps = reference._differences(Phi, q, r) @ w
        clear = len(gaps) > 0 and np.abs(gaps - 1).min() > CLEAR and np.abs(gaps).min() > CLEAR
        if clear and (gaps < 1).any() and (n < 5 or ((gaps > 1).any() and (gaps < 0).any())):
            return w, Phi, q, r, C


def rankings(reference, rng):
    """Rankings of many shapes; in the last one Phi holds whole numbers."""
    # One size twice: no answer may be kept.
    sizes = [(9, 3, 0.5), (6, 7, 2.0), (8, 2, 0.3), (3, 4, 1.4), (3, 4, 1.4)]
    probes = [ranked(reference, rng, *each) for each in sizes]
    while True:
        w, (q, r) = rng.normal(size=3), graded(rng, 7, 2, 3)
        Phi = rng.integers(-3, 4, size=(7, 3))
        gaps = reference._differences(Phi, q, r) @ w
        if len(gaps) and np.abs(gaps - 1).min() > CLEAR and np.abs(gaps).min() > CLEAR:
            break
    return [*probes, (w, Phi, q, r, 0.7)]


def without_pairs(rng):
    """A ranking in which all documents of a query have one grade."""
    q, r = np.array([5, 8, 5, 8]), np.array([2, 1, 2, 1])
    return rng.normal(size=2), rng.normal(size=(4, 2)), q, r, 0.7


# Pairs of neighbours and of others, the better document first and second, query 0 among them.
TELLING = np.array([2, 0, 2, 0, 1, 1]), np.array([1, 3, 0, 2, 0, 1])


def judge_with_pairs(student, compare, expected, probe, from_pairs):
    """Right where it is what it should be, or follows from the student's own preference pairs.

    from_pairs(D): what it should be where D (m, d) holds the differences of the pairs.
    """
    try:
        compare(expected)
    except CheckFailed as failure:
        _, Phi, q, r, _ = probe
        try:
            telling, own = student.preference_pairs.map([TELLING, (q, r)])
            require(len(read_pairs(telling, 6)) > 0, "one that finds no pairs shows no rule")
            i, j = read_pairs(own, len(q)).T
            compare(from_pairs(Phi[i] - Phi[j]))
        except StudentFault:
            raise failure from None


def judge_without_pairs(student, function, probe, rule):
    """Where no document is preferred only the norm is left, rule(w, C, D) with D (0, d)."""
    w, Phi, q, r, C = probe
    try:
        answer = getattr(student, function)(*probe)
    except StudentFault:
        # Breaking on a wrong answer of preference_pairs costs the points of that one.
        if passes(lambda: read_pairs(student.preference_pairs(q, r), len(q))):
            raise
        return
    judge_with_pairs(
        student,
        lambda expected: assert_close(answer, expected, f"{function} where there is no pair"),
        rule(w, C, Phi[:0]),
        probe,
        lambda D: rule(w, C, D),
    )


@pytest.mark.points(3)
def test_ranking_objective(student, reference, rng, diagnose):
    """ranking_objective on data of many shapes"""
    probes = rankings(reference, rng)
    answers = student.ranking_objective.map(probes)
    with diagnose("ranking_objective", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            w, *_, C = probe
            judge_with_pairs(
                student,
                lambda expected, answer=answer: assert_close(
                    answer, expected, "ranking_objective(w, Phi, q, r, C)"
                ),
                reference.ranking_objective(*probe),
                probe,
                lambda D, w=w, C=C: 0.5 * w @ w + C * np.maximum(0, 1 - D @ w).sum(),
            )
    judge_without_pairs(
        student,
        "ranking_objective",
        without_pairs(rng),
        lambda w, C, D: 0.5 * w @ w + C * np.maximum(0, 1 - D @ w).sum(),
    )


@pytest.mark.points(3)
def test_ranking_subgradient(student, reference, rng, diagnose):
    """ranking_subgradient on data of many shapes, with no pair at its corner"""
    probes = rankings(reference, rng)
    answers = student.ranking_subgradient.map(probes)
    right = [reference.ranking_subgradient(*probe) for probe in probes]
    terms = [
        {"the subgradient": {"w": probe[0], "sum over the pairs": g - probe[0]}}
        for probe, g in zip(probes, right, strict=True)
    ]
    pairs = [len(reference.preference_pairs(q, r)) for _, _, q, r, _ in probes]
    sizes = [{"n": len(p[1]), "C": p[-1], "m": m} for p, m in zip(probes, pairs, strict=True)]
    with diagnose("ranking_subgradient", probes, answers, terms=terms, sizes=sizes):
        for probe, answer, g in zip(probes, answers, right, strict=True):
            judge_ranking(student, reference, probe, answer, g)
    judge_without_pairs(
        student,
        "ranking_subgradient",
        without_pairs(rng),
        lambda w, C, D: w - C * D[D @ w < 1].sum(axis=0),
    )


def judge_ranking(student, reference, probe, answer, g):
    w, Phi, q, r, C = probe
    scale = np.abs(w) + C * np.abs(reference._differences(Phi, q, r)).sum(axis=0)
    name = "ranking_subgradient(w, Phi, q, r, C)"
    judge_with_pairs(
        student,
        lambda expected: assert_gradient(answer, (expected,), (scale,), (name,)),
        g,
        probe,
        lambda D: w - C * D[D @ w < 1].sum(axis=0),
    )


@pytest.mark.points(2)
def test_ranking_subgradient_at_corners(student, reference, rng):
    """ranking_subgradient where pairs are exactly 1 apart: any subgradient is right"""
    for n, d, C in [(6, 3, 0.5), (5, 2, 2.0)]:
        w = rng.choice([-2.0, -1.0, -0.5, 0.5, 1.0, 2.0], size=d)
        Phi = rng.integers(-6, 7, size=(n, d)) / 4
        # Scores that are 1, 1/2, 3/2 and 1 +- 1/512 apart.
        scores = np.array([0.0, 1.0, 2.0, 2.5, 1 + 1 / 512, 3 - 1 / 512])[:n]
        Phi[:, -1] = (rng.permutation(scores) - Phi[:, :-1] @ w[:-1]) / w[-1]
        q, r = np.full(n, 4), (2 * (Phi @ w)).astype(int)
        D = reference._differences(Phi, q, r)
        at = D @ w == 1
        smooth = w - C * D[D @ w < 1].sum(axis=0)
        corners = [(np.array([np.zeros(d), -C * each]),) for each in D[at]]
        scale = np.abs(w) + C * np.abs(D).sum(axis=0)
        answer = student.ranking_subgradient(w, Phi, q, r, C)
        try:
            name = "ranking_subgradient(w, Phi, q, r, C)"
            assert_subgradient(answer, (smooth,), corners, (scale,), (name,))
        except CheckFailed as failure:
            try:
                judge_ranking(student, reference, (w, Phi, q, r, C), answer, smooth)
            except CheckFailed:
                raise failure from None


@pytest.mark.points(2)
def test_swapped_pairs(student, reference, rng, diagnose):
    """swapped_pairs with ties and several queries"""
    probes = []
    for n, m, g in [(9, 2, 3), (7, 1, 4), (10, 3, 3), (3, 3, 2)]:
        q, r = graded(rng, n, m, g)
        probes.append((rng.integers(0, 5, size=n) / 4, q, r))
    # Scores that are nearly equal, no more than float32 tells apart, and whole ones.
    q, r = graded(rng, 8, 2, 4)
    probes.append((0.25 + rng.permutation(8) / 2**20, q, r))
    probes.append((rng.integers(-2, 3, size=8), q, r))
    answers = student.swapped_pairs.map(probes)
    with diagnose("swapped_pairs", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            given = integer(answer, "swapped_pairs(scores, q, r)")
            expected = reference.swapped_pairs(*probe)
            if given == expected:
                continue
            scores, q, r = probe
            try:
                i, j = read_pairs(student.preference_pairs(q, r), len(q)).T
                own = int(np.sum(scores[i] <= scores[j]))
            except StudentFault:
                own = expected
            if given != own:
                require(
                    False, "swapped_pairs: wrong number", expected=str(expected), got=str(given)
                )


@pytest.mark.points(1)
def test_joint_feature(student, reference, rng, diagnose):
    """joint_feature of inputs and labels of several lengths"""
    probes = [
        (rng.normal(size=dx), rng.choice([-1.0, 1.0], size=dy))
        for dx, dy in [(3, 2), (2, 5), (4, 4), (1, 3), (3, 1)]
    ]
    probes.append((rng.integers(-4, 5, size=3), rng.choice([-1.0, 1.0], size=2)))
    answers = student.joint_feature.map(probes)
    with diagnose("joint_feature", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            assert_close(answer, reference.joint_feature(*probe), "joint_feature(x, y)")


def labelled(rng, n, dx, dy, *, whole=False):
    """(w, X, Y): no place is near a tie, and some are to be changed and some are not.

    whole: whether X holds integers.
    """
    while True:
        w = rng.normal(scale=0.6, size=dx * dy)
        X = rng.integers(-3, 4, size=(n, dx)) if whole else rng.normal(size=(n, dx))
        Y = rng.choice([-1.0, 1.0], size=(n, dy))
        gains = 1 - 2 * Y * (X @ w.reshape(dx, dy))
        mixed = (gains > 0).any() and (gains < 0).any()
        if np.abs(gains).min() > CLEAR / (1 + gains.size) and (mixed or gains.size < 6):
            return w, X, Y


def gain(w, x, y, other):
    """hamming(y, other) + w.psi(x, other)"""
    return float(np.sum(y != other) + other @ (w.reshape(len(x), len(y)).T @ x))


@pytest.mark.points(3)
def test_loss_augmented(student, reference, rng, diagnose):
    """loss_augmented with several numbers of places, 40 among them, and at a tie"""
    probes = []
    for dx, dy in [(3, 2), (2, 5), (4, 4), (1, 3), (3, 40)]:
        w, X, Y = labelled(rng, 1, dx, dy)
        probes.append((w, X[0], Y[0]))
    w, X, Y = labelled(rng, 1, 3, 2, whole=True)
    probes.append((w, X[0], Y[0]))
    y = rng.choice([-1.0, 1.0], size=4)
    # v_b y_b is 1/2 at every second place: keeping the label gives as much as changing it.
    tie = (np.concatenate([np.array([0.5, 1.0, 0.5, -1.0]) * y, np.zeros(4)]), np.array([1.0, 2.0]))
    *answers, at_tie = student.loss_augmented.map([*probes, (*tie, y)])
    with diagnose("loss_augmented", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            judge_labelling(reference, *probe, answer)
    judge_labelling(reference, *tie, y, at_tie)


def judge_labelling(reference, w, x, y, answer):
    chosen = array(answer, "loss_augmented(w, x, y)", shape=y.shape)
    signs = bool((np.abs(chosen) == 1).all())
    require(signs, "loss_augmented(w, x, y) holds something else than -1 and 1", got=show(chosen))
    best = reference.loss_augmented(w, x, y)
    most, came = gain(w, x, y, best), gain(w, x, y, chosen)
    require(
        came >= most - 1e-5 * (len(y) + np.abs(w) @ np.abs(np.outer(x, y).ravel())),
        "loss_augmented(w, x, y) is not the best labelling",
        expected=f"{show(best)}, which gives {most:.6g}",
        got=f"{show(chosen)}, which gives {came:.6g}",
    )


def structures(rng):
    """Probes (w, X, Y, lam) with n, dx and dy different, one with 40 places, one example alone."""
    sizes = [(4, 3, 2, 0.4), (3, 2, 5, 1.7), (5, 4, 4, 0.6), (2, 1, 3, 2.2), (3, 2, 40, 0.5)]
    sizes += [(1, 3, 2, 0.9), (3, 2, 5, 2.0**-6)]
    probes = [(*labelled(rng, n, dx, dy), lam) for n, dx, dy, lam in sizes]
    # With the sizes and the lam of the first: no answer may be kept.
    return [*probes, (*labelled(rng, 4, 3, 2, whole=True), 0.4)]


def judge_structured(student, reference, function, probe, compare):
    assert_follows(
        compare,
        function,
        probe,
        student=student,
        reference=reference,
        rests=["loss_augmented", "joint_feature"],
        zeros_tell=True,
    )


@pytest.mark.points(3)
def test_structured_objective(student, reference, rng, diagnose):
    """structured_objective on data of many shapes, with 40 places too"""
    probes = structures(rng)
    answers = student.structured_objective.map(probes)
    with diagnose("structured_objective", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            judge_structured(
                student,
                reference,
                "structured_objective",
                probe,
                lambda expected, answer=answer: assert_close(
                    answer, expected, "structured_objective(w, X, Y, lam)"
                ),
            )


@pytest.mark.points(2)
def test_structured_subgradient(student, reference, rng, diagnose):
    """structured_subgradient on data of many shapes, with 40 places too"""
    probes = structures(rng)
    answers = student.structured_subgradient.map(probes)
    right = [reference.structured_subgradient(*probe) for probe in probes]
    terms = [
        {"the subgradient": {"lam w": lam * w, "mean over the examples": g - lam * w}}
        for (w, _, _, lam), g in zip(probes, right, strict=True)
    ]
    sizes = [{"n": len(X), "lam": lam, "dy": Y.shape[1]} for _, X, Y, lam in probes]
    with diagnose("structured_subgradient", probes, answers, terms=terms, sizes=sizes):
        for probe, answer in zip(probes, answers, strict=True):
            judge_pulls(student, reference, probe, answer)


def judge_pulls(student, reference, probe, answer):
    w, X, Y, lam = probe
    scale = lam * np.abs(w) + 2 * np.repeat(np.abs(X).mean(axis=0), Y.shape[1])
    name = "structured_subgradient(w, X, Y, lam)"
    judge_structured(
        student,
        reference,
        "structured_subgradient",
        probe,
        lambda expected: assert_gradient(answer, (expected,), (scale,), (name,)),
    )


@pytest.mark.points(1)
def test_structured_subgradient_at_ties(student, reference, rng):
    """structured_subgradient where labellings are equally good: any subgradient is right"""
    X, Y = rng.integers(-4, 5, size=(2, 2)) / 2, rng.choice([-1.0, 1.0], size=(2, 4))
    X[0, 1] = rng.choice([-1.0, 1.0, 2.0])
    w = rng.integers(-4, 5, size=(2, 4)) / 4
    # The first input gives v_b y_b = 1/2 at the first two places: either label is as good.
    w[1, :2] = (0.5 * Y[0, :2] - X[0, 0] * w[0, :2]) / X[0, 1]
    lam, smooth, ties = 0.5, 0.5 * w, []
    for x, y in zip(X, Y, strict=True):
        gains = 1 - 2 * y * (x @ w)
        for place in range(4):
            pull = np.zeros((2, 4))
            pull[:, place] = -2 * y[place] * x / len(X)
            if gains[place] == 0:
                ties.append((np.array([np.zeros(8), pull.ravel()]),))
            elif gains[place] > 0:
                smooth = smooth + pull
    probe = w.ravel(), X, Y, lam
    answer = student.structured_subgradient(*probe)
    scale = lam * np.abs(w.ravel()) + 2 * np.repeat(np.abs(X).mean(axis=0), 4)
    name = "structured_subgradient(w, X, Y, lam)"
    try:
        assert_subgradient(answer, (smooth.ravel(),), ties, (scale,), (name,))
    except CheckFailed as failure:
        try:
            judge_pulls(student, reference, probe, answer)
        except CheckFailed:
            raise failure from None
