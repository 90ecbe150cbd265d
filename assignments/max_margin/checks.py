"""Public checks: worked numbers, properties, and slopes of your own objectives.

Run them with `python -m grader check`, or with pytest.
"""

import itertools

import numpy as np
import pytest

from grader.checks import (
    array,
    assert_close,
    assert_own_gradient,
    assert_subgradient,
    calls,
    integer,
    number,
    passes,
    require,
    sequence,
    show,
)
from grader.checks.figure import (
    axes_labelled,
    classes_distinguishable,
    classes_named_rightly,
    labels_in_place,
    regions_drawn,
)
from grader.errors import CheckFailed, GraderFault, StudentFault

# The fourth example scores below 0 everywhere: a class left out is not one with the score 0.
SCORES = np.array(
    [[2.0, 1.0, -1.0], [0.5, 1.0, 0.0], [-1.0, 0.0, 1.5], [-1.0, -0.75, -1.0], [1.5, -2.0, 0.75]]
)
LABELS = np.array([0, 0, 2, 1, 2])


def wide_classes():
    """(W, X, y, C): five examples, three violate their margins, no two rivals nearly as strong."""
    W = np.array([[-0.75, 0.0, 0.75], [-0.75, -0.5, 1.0]])
    X = np.array([[1.0, 1.5], [0.25, 1.5], [1.5, 1.5], [0.0, 1.25], [0.75, 1.5]])
    return W, X, LABELS, 0.4


def two_queries():
    """(w, Phi, q, r, C): the preference pairs have 1/16, -11/8, -5/8 and 19/8."""
    Phi = np.array([
        [0.0, 0.5, 1.25], [-0.75, 0.5, -1.0], [-1.25, 1.5, 1.25],
        [0.75, 1.5, -1.25], [-1.5, 0.25, 0.5], [1.5, -1.0, -0.75],
    ])  # fmt: skip
    q, r = np.array([7, 3, 7, 3, 7, 3]), np.array([1, 2, 3, 0, 1, 2])
    return np.array([0.5, -0.75, 0.25]), Phi, q, r, 0.4


PAIRS = [(1, 3), (2, 0), (2, 4), (5, 3)]


def two_labellings():
    """(w, X, Y, lam): two inputs of three numbers with two places each."""
    w = np.array([0.25, -0.25, -0.75, -1.0, 1.0, 1.0])
    X = np.array([[0.75, -1.5, 1.5], [0.25, -1.0, 1.5]])
    return w, X, np.array([[1.0, -1.0], [-1.0, -1.0]]), 0.6


def picture():
    """(W, X, y): three classes in the plane, most of them in their regions."""
    W = np.array([[1.3, -1.1, 0.2], [0.6, 0.9, -1.4], [0.5, -0.4, 0.6]])
    rng = np.random.default_rng(4)
    X = np.column_stack([rng.uniform(-3, 3, size=(60, 2)) * [1.0, 1.6], np.ones(60)])
    y = np.argmax(X @ W + rng.normal(scale=0.3, size=(60, 3)), axis=1)
    return W, X, y


def own_pairs(student, q, r):
    """The student's own preference pairs as two index arrays.

    None if they cannot be read, or if none are found even where two queries have two documents.
    """
    try:
        plain = student.preference_pairs(np.array([1, 1, 1, 0, 0]), np.array([2.0, 0, 1, 1, 3]))
        some = read_pairs(plain, 5).size > 0
        return read_pairs(student.preference_pairs(q, r), len(q)).T if some else None
    except StudentFault:
        return None


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


@pytest.mark.points(3)
@pytest.mark.hint("Take the right class out before you look for the largest of the others.")
@pytest.mark.hint("Only the strongest rival counts, and the loss is never negative.")
@pytest.mark.see("multiclass_hinge")
def test_multiclass_hinge_example(student):
    """multiclass_hinge of five examples"""
    answer = student.multiclass_hinge(SCORES, LABELS)
    assert_close(answer, [0.0, 1.5, 0.0, 0.75, 1.75], "multiclass_hinge(S, y)")


@pytest.mark.points(3)
@pytest.mark.hint("The right class itself is left out of the sum: it would add 1.")
@pytest.mark.hint("Each rival has a hinge of its own; add up after the maximum with 0.")
@pytest.mark.see("summed_hinge")
def test_summed_hinge_example(student):
    """summed_hinge of five examples"""
    answer = student.summed_hinge(SCORES, LABELS)
    assert_close(answer, [0.0, 2.0, 0.0, 1.5, 1.75], "summed_hinge(S, y)")


@pytest.mark.points(3)
@pytest.mark.hint("Half of the sum of all squares in W, plus C times the sum of the losses.")
@pytest.mark.hint("The scores are X @ W. The loss is multiclass_hinge, not summed_hinge.")
@pytest.mark.see("objective")
def test_objective_example(student):
    """objective of five examples is 2.9375 / 2 + 0.4 * 12"""
    W, X, y, C = wide_classes()
    answer = student.objective(W, X, y, C)
    try:
        assert_close(answer, 6.26875, "objective(W, X, y, C)")
    except CheckFailed:
        # A wrong multiclass_hinge costs its own points.
        try:
            losses = array(student.multiclass_hinge(X @ W, y), shape=(5,))
        except StudentFault:
            losses = np.zeros(5)
        if not losses.any() or not passes(assert_close, answer, 1.46875 + 0.4 * losses.sum()):
            raise


@pytest.mark.points(2)
@pytest.mark.hint("An example that violates its margin adds to two columns, with opposite signs.")
@pytest.mark.hint("The columns are those of its strongest rival and of its own class.")
@pytest.mark.see("subgradient")
def test_subgradient_example(student):
    """subgradient of five examples, each with one strongest rival"""
    answer = student.subgradient(*wide_classes())
    assert_close(answer, [[-1.25, 0.0, 1.25], [-1.95, -1.0, 2.7]], "subgradient(W, X, y, C)")


@pytest.mark.points(3)
@pytest.mark.hint(
    "Change one entry of W by 1e-6: objective should change by 1e-6 times that entry."
)
@pytest.mark.hint("The norm's part is W itself.")
@pytest.mark.see("subgradient")
def test_subgradient_is_the_slope_of_the_objective(student, rng):
    """subgradient agrees with the slope of your own objective"""
    W, X, y, C = wide_classes()
    judge_slope(
        student.objective, student.subgradient(W, X, y, C), W, (X, y, C), rng,
        names=("subgradient(W, X, y, C)", "objective"),
        excuse=lambda: not passes(assert_close, student.objective(W, X, y, C), 6.26875)
        and passes(test_subgradient_example, student),
    )  # fmt: skip


def judge_slope(objective, got, w, others, rng, *, names, excuse):
    """A wrong objective costs its own points, not those of a subgradient that is right."""
    try:
        assert_own_gradient(
            objective, got, (w,), lambda w: (w, *others),
            names=names[:1], loss_name=names[1], rng=rng,
        )  # fmt: skip
    except CheckFailed:
        if not excuse():
            raise


@pytest.mark.points(2)
@pytest.mark.hint("Any one of several equally strong rivals will do, and so does a mixture.")
@pytest.mark.hint("np.argmax takes the first of them, which is right.")
@pytest.mark.see("subgradient")
def test_subgradient_at_a_tie(student):
    """subgradient where two rivals are equally strong: any subgradient is right"""
    X, y = np.array([[1.0, 2.0], [0.0, -1.0]]), np.array([0, 2])
    # What each example may contribute: two rivals are equally strong.
    ties = [
        (np.array([[[-0.5, 0.5, 0.0], [-1.0, 1.0, 0.0]], [[-0.5, 0.0, 0.5], [-1.0, 0.0, 1.0]]]),),
        (np.array([[[0.0, 0.0, 0.0], [-0.5, 0.0, 0.5]], [[0.0, 0.0, 0.0], [0.0, -0.5, 0.5]]]),),
    ]
    zeros = np.zeros((2, 3))
    answer = student.subgradient(zeros, X, y, 0.5)
    told = (np.ones((2, 3)),), ("subgradient(W, X, y, C)",)
    try:
        assert_subgradient(answer, (zeros,), ties, *told)
    except CheckFailed as failure:
        # Where a wrong multiclass_hinge, which costs its own points, says which examples pull.
        try:
            own = array(student.multiclass_hinge(X @ zeros, y), shape=(2,)) > 0
        except StudentFault:
            raise failure from None
        pulling = [tie for tie, pulls in zip(ties, own, strict=True) if pulls]
        followed = passes(assert_subgradient, answer, (zeros,), pulling, *told)
        if not followed or not calls_hinge(student):
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


@pytest.mark.points(3)
@pytest.mark.hint("The history begins with the objective at W0, before any step.")
@pytest.mark.hint("A step may lead upwards: remember the W of the lowest objective so far.")
@pytest.mark.see("fit")
def test_fit_returns_the_best_iterate(student):
    """fit returns every objective, and the iterate with the lowest"""
    W0, X, y, C = wide_classes()
    for steps, step_size in ((6, 0.3), (4, 25.0)):
        W, history = sequence(student.fit(X, y, W0, C, steps, step_size), 2, "(W, history)")
        history = array(history, "history", shape=(steps + 1,))
        W = array(W, "W", shape=W0.shape)
        first, lowest = (
            number(value, "objective(W, X, y, C)")
            for value in student.objective.map([(W0, X, y, C), (W, X, y, C)])
        )
        assert_close(history[0], first, "the first entry of history", low=1e-4)
        assert_close(lowest, history.min(), "the objective at the W that fit returns", low=1e-4)
        require(
            len(np.unique(history)) > 1,
            "history never changes",
            hint="Does fit take its steps? Each iterate has its objective in history, "
            "also where that is not the lowest so far.",
        )


@pytest.mark.points(3)
@pytest.mark.hint("Compare every two documents of one query, in both directions.")
@pytest.mark.hint("Documents of different queries, and those of equal grades, make no pair.")
@pytest.mark.see("preference_pairs")
def test_preference_pairs_example(student):
    """preference_pairs of two queries with three documents each, and of equal grades"""
    _, _, q, r, _ = two_queries()
    pairs = read_pairs(student.preference_pairs(q, r), len(q))
    found = sorted(map(tuple, pairs.tolist()))
    require(
        found == PAIRS,
        "preference_pairs(q, r): wrong pairs",
        expected=str([list(pair) for pair in PAIRS]),
        got=str([list(pair) for pair in found[:12]]),
    )
    none = student.preference_pairs(np.array([1, 1, 2]), np.array([0.5, 0.5, 3.0]))
    require(
        not len(read_pairs(none, 3)),
        "preference_pairs(q, r) finds some where all grades of a query are equal",
        expected="an empty array",
    )


@pytest.mark.points(3)
@pytest.mark.hint("Each pair costs max(0, 1 - w.(phi_i - phi_j)).")
@pytest.mark.hint("Here the pairs have 1/16, -11/8, -5/8 and 19/8.")
@pytest.mark.see("ranking_objective")
def test_ranking_objective_example(student):
    """ranking_objective of four pairs is 0.875 / 2 + 0.4 * 4.9375"""
    w, Phi, q, r, C = two_queries()
    answer = student.ranking_objective(w, Phi, q, r, C)
    if not passes(assert_close, answer, 2.4125):
        # Wrong preference pairs cost their own points.
        pairs = own_pairs(student, q, r)
        own = 2.4125 if pairs is None else 0.4375
        if pairs is not None:
            i, j = pairs
            own += C * np.maximum(0, 1 - (Phi[i] - Phi[j]) @ w).sum()
        if pairs is None or not passes(assert_close, answer, own):
            assert_close(answer, 2.4125, "ranking_objective(w, Phi, q, r, C)")


@pytest.mark.points(2)
@pytest.mark.hint("A pair pushes where w.(phi_i - phi_j) is below 1: three of the four here.")
@pytest.mark.hint("It is a linear SVM without b whose examples are the differences.")
@pytest.mark.see("ranking_subgradient")
def test_ranking_subgradient_example(student):
    """ranking_subgradient of four pairs, none of them at its corner"""
    w, Phi, q, r, C = two_queries()
    answer = student.ranking_subgradient(w, Phi, q, r, C)
    if not passes(assert_close, answer, [1.5, -1.25, -0.15]):
        pairs = own_pairs(student, q, r)
        if pairs is not None:
            i, j = pairs
            D = Phi[i] - Phi[j]
            if passes(assert_close, answer, w - C * D[D @ w < 1].sum(axis=0), scale=1.0):
                return
        assert_close(answer, [1.5, -1.25, -0.15], "ranking_subgradient(w, Phi, q, r, C)")


@pytest.mark.points(2)
@pytest.mark.hint("Change one entry of w by 1e-6 and see how ranking_objective changes.")
@pytest.mark.hint("Does the sum over the pairs have the same factor in both?")
@pytest.mark.see("ranking_subgradient")
def test_ranking_subgradient_is_the_slope_of_its_objective(student, rng):
    """ranking_subgradient agrees with the slope of your own ranking_objective"""
    w, *others = two_queries()
    judge_slope(
        student.ranking_objective, student.ranking_subgradient(w, *others), w, others, rng,
        names=("ranking_subgradient(w, Phi, q, r, C)", "ranking_objective"),
        excuse=lambda: not passes(assert_close, student.ranking_objective(w, *others), 2.4125)
        and passes(test_ranking_subgradient_example, student),
    )  # fmt: skip


@pytest.mark.points(2)
@pytest.mark.hint("Count the preference pairs (i, j) with scores[i] <= scores[j].")
@pytest.mark.hint("A tie of the scores counts as swapped.")
@pytest.mark.see("swapped_pairs")
def test_swapped_pairs_example(student):
    """swapped_pairs with a tie, a swapped pair and two right ones"""
    _, _, q, r, _ = two_queries()
    scores = np.array([0.5, -1.0, 0.5, -1.5, 0.25, -2.0])
    answer = integer(student.swapped_pairs(scores, q, r), "swapped_pairs(scores, q, r)")
    if answer != 2:
        pairs = own_pairs(student, q, r)
        if pairs is None or answer != np.sum(scores[pairs[0]] <= scores[pairs[1]]):
            require(False, "swapped_pairs: wrong number", expected="2", got=str(answer))


@pytest.mark.points(2)
@pytest.mark.hint("All products of an entry of x with an entry of y, those of x[0] first.")
@pytest.mark.hint("np.outer makes a table of them, ravel lays its rows one after the other.")
@pytest.mark.see("joint_feature")
def test_joint_feature_example(student):
    """joint_feature of three numbers and two places"""
    answer = student.joint_feature(np.array([2.0, -1.0, 0.5]), np.array([1.0, -1.0]))
    assert_close(answer, [2.0, -2.0, -1.0, 1.0, 0.5, -0.5], "joint_feature(x, y)")


def gain(w, x, y, other):
    """hamming(y, other) + w.psi(x, other)"""
    return np.sum(y != other) + other @ (w.reshape(len(x), len(y)).T @ x)


@pytest.mark.points(3)
@pytest.mark.hint("With d_y = 3 there are eight labellings: try them all, and compare.")
@pytest.mark.hint("Each place adds its own part, so it can be decided by itself.")
@pytest.mark.hint("Place b gives v_b y'_b, and 1 more if y'_b differs from y_b. What is v_b?")
@pytest.mark.see("loss_augmented")
def test_loss_augmented_beats_every_labelling(student, rng):
    """loss_augmented finds the best of eight labellings"""
    probes = [
        (rng.normal(size=6) * size, rng.normal(size=2), rng.choice([-1.0, 1.0], size=3))
        for size in (0.3, 0.3, 0.5, 0.5, 1.0, 1.0)
    ]
    for (w, x, y), answer in zip(probes, student.loss_augmented.map(probes), strict=True):
        chosen = array(answer, "loss_augmented(w, x, y)", shape=(3,))
        require(
            bool((np.abs(chosen) == 1).all()),
            "loss_augmented(w, x, y) holds something else than -1 and 1",
            got=show(chosen),
        )
        every = [np.array(each) for each in itertools.product([-1.0, 1.0], repeat=3)]
        best = max(every, key=lambda other: gain(w, x, y, other))
        require(
            gain(w, x, y, chosen) >= gain(w, x, y, best) - 1e-5,
            "loss_augmented(w, x, y) is not the best labelling",
            expected=f"{show(best)}, which gives {gain(w, x, y, best):.6g}",
            got=f"{show(chosen)}, which gives {gain(w, x, y, chosen):.6g}",
        )


@pytest.mark.points(3)
@pytest.mark.hint("The norm has lam / 2, and the rest is a mean over the examples.")
@pytest.mark.hint("At the labelling that loss_augmented finds, what is the bracket?")
@pytest.mark.see("structured_objective")
def test_structured_objective_example(student):
    """structured_objective of two examples with two places"""
    w, X, Y, lam = two_labellings()
    answer = student.structured_objective(w, X, Y, lam)
    if not passes(assert_close, answer, 10.16875) and not _follows_own(student, answer, 0):
        assert_close(answer, 10.16875, "structured_objective(w, X, Y, lam)")


def _follows_own(student, answer, which):
    """Whether the student's own joint_feature and loss_augmented explain an answer.

    Those that are wrong cost their own points. which: 0 for the objective, 1 for the subgradient.
    """
    w, X, Y, lam = two_labellings()
    own = {
        "worst": lambda x, y: array(student.loss_augmented(w, x, y), shape=y.shape),
        "psi": lambda x, y: array(student.joint_feature(x, y), shape=w.shape),
    }
    right = {
        "worst": lambda x, y: max(
            map(np.array, itertools.product([-1.0, 1.0], repeat=2)),
            key=lambda other: gain(w, x, y, other),
        ),
        "psi": lambda x, y: np.outer(x, y).ravel(),
    }
    for names in (["worst"], ["psi"], ["worst", "psi"]):
        part = right | {name: own[name] for name in names}
        try:
            worst = [part["worst"](x, y) for x, y in zip(X, Y, strict=True)]
            pulls = [
                part["psi"](x, other) - part["psi"](x, y)
                for x, y, other in zip(X, Y, worst, strict=True)
            ]
        except StudentFault:
            continue
        losses = [(y != o).sum() + w @ p for y, o, p in zip(Y, worst, pulls, strict=True)]
        expected = (
            lam / 2 * w @ w + np.mean(losses),
            lam * w + np.mean(pulls, axis=0),
        )[which]
        if np.any(pulls) and passes(assert_close, answer, expected):
            return True
    return False


@pytest.mark.points(2)
@pytest.mark.hint("Each example adds psi at the labelling that wins, less psi at the right one.")
@pytest.mark.hint("The Hamming distance does not depend on w.")
@pytest.mark.see("structured_subgradient")
def test_structured_subgradient_example(student):
    """structured_subgradient of two examples with two places"""
    answer = student.structured_subgradient(*two_labellings())
    right = [0.4, 0.85, -1.45, -3.1, 2.1, 3.6]
    if not passes(assert_close, answer, right) and not _follows_own(student, answer, 1):
        assert_close(answer, right, "structured_subgradient(w, X, Y, lam)")


@pytest.mark.points(2)
@pytest.mark.hint("Change one entry of w by 1e-6 and see how structured_objective changes.")
@pytest.mark.hint("Is the mean a mean in both, and lam where it belongs?")
@pytest.mark.see("structured_subgradient")
def test_structured_subgradient_is_the_slope_of_its_objective(student, rng):
    """structured_subgradient agrees with the slope of your own structured_objective"""
    w, *others = two_labellings()
    judge_slope(
        student.structured_objective, student.structured_subgradient(w, *others), w, others, rng,
        names=("structured_subgradient(w, X, Y, lam)", "structured_objective"),
        excuse=lambda: not passes(
            assert_close, student.structured_objective(w, *others), 10.16875
        )
        and passes(test_structured_subgradient_example, student),
    )  # fmt: skip


@pytest.mark.points(2)
@pytest.mark.hint(
    "If it takes too long: 2^40 labellings take years. Can each place be decided by itself? "
    "If the value is wrong: at w = 0 only the Hamming distances are left."
)
@pytest.mark.hint("Both terms are sums over the places, and so is their maximum.")
@pytest.mark.see("structured_subgradient")
def test_structured_with_forty_places(student, rng):
    """structured_objective with 40 places is done in time, and 40 at w = 0"""
    X, Y = rng.normal(size=(2, 2)), rng.choice([-1.0, 1.0], size=(2, 40))
    zeros = np.zeros(80)
    # With w = 0 every other label is a gain: all 40 places differ from the right ones.
    answer = student.structured_objective(zeros, X, Y, 0.5)
    if not passes(assert_close, answer, 40.0):
        # A wrong loss_augmented costs its own points.
        own = [
            array(student.loss_augmented(zeros, x, y), shape=(40,))
            for x, y in zip(X, Y, strict=True)
        ]
        differ = np.mean([(worst != y).sum() for worst, y in zip(own, Y, strict=True)])
        if not passes(assert_close, answer, differ) or not (
            differ or passes(test_structured_objective_example, student)
        ):
            assert_close(answer, 40.0, "structured_objective(0, X, Y, lam) with 40 places")


@pytest.mark.points(2)
@pytest.mark.hint("Which class has the largest score at a point of the picture?")
@pytest.mark.hint("Predict at every point of a fine grid, and draw the classes with contourf.")
@pytest.mark.see("plot_regions")
def test_plot_shows_the_regions(student):
    """plot_regions draws where each class is predicted"""
    W, X, y = picture()
    regions_drawn(student.plot_regions.draw(W, X, y), W, X[:, :2], y)


@pytest.mark.points(1)
@pytest.mark.hint("The examples of the three classes are to be told apart at a glance.")
@pytest.mark.hint("Draw each class by itself, with a colour or marker of its own.")
@pytest.mark.see("plot_regions")
def test_plot_shows_the_classes(student):
    """plot_regions draws the examples, and the three classes look different"""
    W, X, y = picture()
    figure = student.plot_regions.draw(W, X, y)
    classes_distinguishable(figure, X[:, :2], y)
    classes_named_rightly(figure, X[:, :2], y)


@pytest.mark.points(1)
@pytest.mark.hint("What is drawn to the right and what upwards? The figure is to say so.")
@pytest.mark.hint("axes.set_xlabel and axes.set_ylabel.")
@pytest.mark.see("plot_regions")
def test_plot_labels_its_axes(student):
    """plot_regions labels both axes"""
    W, X, y = picture()
    figure = student.plot_regions.draw(W, X, y)
    axes_labelled(figure)
    try:
        axes = regions_drawn(figure, W, X[:, :2])
    except (CheckFailed, GraderFault):
        return  # a picture that is turned as a whole may have the labels that fit it
    labels_in_place(figure, axes)
