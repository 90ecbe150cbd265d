"""Public checks: worked numbers, properties, and the subgradient against your own objective.

Run them with `python -m grader check`, or with pytest.
"""

import builtins
import re

import numpy as np
import pytest

from grader.checks import (
    array,
    assert_close,
    assert_hinge_subgradient,
    assert_in_either_form,
    assert_indices,
    assert_own_gradient,
    describe,
    number,
    pair,
    passes,
    require,
    sequence,
    show,
)
from grader.checks.figure import (
    axes_labelled,
    boundary_drawn,
    classes_distinguishable,
    classes_named_rightly,
    halves_coloured_rightly,
    labels_in_place,
    legend_shown,
    lines_named_rightly,
    margins_drawn,
    support_vectors_marked,
)
from grader.errors import CheckFailed, GraderFault, NotAttempted, StudentRaised


def small_example():
    """(w, b, X, y, C): five examples with the margins -0.5, 2.5, -0.5, 3.5 and 0.5.

    The first and the last count, so that one that is left out shows.
    """
    X = np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 2.0], [-2.0, 0.0], [-1.0, -2.0]])
    y = np.array([1.0, 1.0, -1.0, -1.0, 1.0])
    return np.array([2.0, -1.0]), 0.5, X, y, 0.5


def picture():
    """(w, b, X, y): 34 points in the plane, nine of them support vectors, four on the wrong side.

    One of the four lies beyond the other class's margin, outside the strip between the two.

    ||w|| is 1.3. No usual mistake in the distance of the margins looks like another one, or right.
    Two of the margins are 1 but for rounding, the next ones 1.4: none is just above 1, where a
    point is marked or not as one chooses the tolerance.
    """
    w, b = np.array([1.25, -0.42]), -2.2
    inner = [0.9, -0.5, -0.6, 1.0, 0.2, -1.6, -0.4, 1.0, 0.7]
    margins = np.concatenate([np.linspace(1.4, 3.8, 25), inner])
    order = np.random.default_rng(5).permutation(34)
    y = np.where(np.arange(34) % 5 < 2, 1.0, -1.0)
    along = np.linspace(-3.0, 3.0, 34)[np.random.default_rng(8).permutation(34)]
    # The point of the line w.x + b = y m that is nearest to the origin, then along the line.
    foot = (y * margins - b)[:, None] / (w @ w) * w
    X = foot + along[:, None] * np.array([0.42, 1.25]) / np.linalg.norm(w)
    return w, b, X[order], y[order]


@pytest.mark.points(2)
@pytest.mark.hint("Which values of t cost nothing?")
@pytest.mark.hint("np.maximum works entry by entry, np.max takes the largest of all.")
@pytest.mark.see("hinge_loss")
def test_hinge_loss_example(student):
    """hinge_loss of seven numbers"""
    t = np.array([-2.0, -0.5, 0.0, 0.25, 1.0, 1.5, 3.0])
    expected = np.array([3.0, 1.5, 1.0, 0.75, 0.0, 0.0, 0.0])
    assert_close(student.hinge_loss(t), expected, "hinge_loss(t)")


@pytest.mark.points(2)
@pytest.mark.hint("It works on each number of t by itself and keeps the shape of t.")
@pytest.mark.hint(
    "No sum, no loop over rows: the same formula for an array with any number of axes."
)
@pytest.mark.see("hinge_loss")
def test_hinge_loss_keeps_the_shape(student):
    """hinge_loss of arrays with two and three axes"""
    flat = np.array([-1.0, 0.5, 2.0, 1.0, 0.0, 4.0, -3.0, 0.75])
    expected = np.array([2.0, 0.5, 0.0, 0.0, 1.0, 0.0, 4.0, 0.25])
    shapes = [(2, 4), (4, 2), (2, 2, 2), (8, 1)]
    answers = student.hinge_loss.map([(flat.reshape(shape),) for shape in shapes])
    for shape, answer in zip(shapes, answers, strict=True):
        assert_close(answer, expected.reshape(shape), f"hinge_loss(t) for t of shape {shape}")


@pytest.mark.points(3)
@pytest.mark.hint("Half of the squared norm of w, without b, plus C times a sum over the examples.")
@pytest.mark.hint("`w @ w` is the squared norm.")
@pytest.mark.see("objective")
def test_objective_example(student):
    """objective of five examples is 5/2 + 1/2 (3/2 + 3/2 + 1/2)"""
    answer = student.objective(*small_example())
    try:
        assert_close(answer, 4.25, "objective(w, b, X, y, C)")
    except CheckFailed:
        # A wrong hinge_loss costs its own points, not those of a sum of its losses.
        if not passes(assert_sum_of_own_losses, student, answer):
            raise


def assert_sum_of_own_losses(student, answer):
    w, b, X, y, C = small_example()
    losses = array(student.hinge_loss(y * (X @ w + b)), "hinge_loss(t)", shape=y.shape)
    require(bool(losses.any()), "losses that are all 0 show no rule")
    assert_close(answer, w @ w / 2 + C * losses.sum(), "objective(w, b, X, y, C)")


@pytest.mark.points(4)
@pytest.mark.hint("Only the examples with a margin below 1 push: here the first, third and fifth.")
@pytest.mark.hint(
    "Each of them adds a multiple of y_i x_i to gw, and of y_i to gb; the norm adds w."
)
@pytest.mark.see("subgradient")
def test_subgradient_example(student):
    """subgradient of five examples, none of them at the kink"""
    # w - C (x_1 - x_3 + x_5) and -C (1 - 1 + 1)
    judge_slopes(student.subgradient(*small_example()), [3.0, 0.5], -0.5)


@pytest.mark.points(4)
@pytest.mark.hint(
    "Change one entry of w by 1e-6: objective should change by 1e-6 times that of gw."
)
@pytest.mark.hint("The norm's part is w, and b has none.")
@pytest.mark.see("subgradient")
def test_subgradient_is_the_slope_of_the_objective(student, rng):
    """subgradient agrees with the slope of your own objective"""
    X = np.array([[0.5, 1.0], [-1.0, 0.5], [0.25, -0.75], [1.0, 0.25], [-0.5, -1.0], [0.75, 0.5]])
    # The margins stay on their sides of 1 while w and b are moved to measure the slope.
    w, b, C = np.array([1.5, -2.0]), -0.75, 0.4
    y = np.array([-1.0, 1.0, -1.0, -1.0, -1.0, 1.0])
    answer = student.subgradient(w, b, X, y, C)
    try:
        assert_own_gradient(
            student.objective,
            answer,
            (w, b),
            lambda w, b: (w, b, X, y, C),
            names=("gw", "gb"),
            loss_name="objective",
            rng=rng,
        )
    except CheckFailed:
        # A wrong objective costs its own points, not those of a subgradient that is right.
        own = student.objective(w, b, X, y, C)
        if passes(assert_close, own, 7.425) or not passes(judge_slopes, answer, [1.9, -3], 0.4):
            raise


def judge_slopes(answer, gw, gb):
    got_w, got_b = sequence(answer, 2, "(gw, gb)")
    assert_close(got_w, np.array(gw), "gw")
    assert_close(got_b, gb, "gb")


@pytest.mark.points(3)
@pytest.mark.hint("An example whose margin is 1 counts with any weight from 0 to 1, one for both.")
@pytest.mark.hint("Counting it wholly or not at all are both right.")
@pytest.mark.see("subgradient")
def test_subgradient_at_a_kink(student):
    """subgradient where one margin is exactly 1: any subgradient is right"""
    w, b, C = np.array([2.0, -1.0]), 0.5, 0.5
    X = np.array([[0.5, 0.5], [0.0, 1.0], [-2.0, 0.0]])
    y = np.array([1.0, 1.0, -1.0])
    assert_hinge_subgradient(student.subgradient(w, b, X, y, C), w, b, X, y, C)


@pytest.mark.points(3)
@pytest.mark.hint("At w = 0 and b = 0 every margin is 0, so every example pushes.")
@pytest.mark.hint("The history holds the objective before the step as well.")
@pytest.mark.see("fit")
def test_fit_takes_one_step(student):
    """fit with 1 step returns what one step from zeros gives"""
    X, y = np.array([[1.0, 2.0], [2.0, -1.0], [-1.0, 0.0]]), np.array([1.0, 1.0, -1.0])
    # The first subgradient is -C (sum of y_i x_i, sum of y_i) = -(2, 0.5), -0.5. At the new w
    # two of the examples no longer push: a gb taken there would differ.
    iterates = [(np.zeros(2), 0.0), (np.array([0.8, 0.2]), 0.2)]
    schedule = (0.4, "constant")
    assert_descent(student, (X, y, 0.5), schedule, [0.4], iterates, np.array([1.5, 0.54]))


@pytest.mark.points(3)
@pytest.mark.parametrize("schedule", ["constant", "1/k", "1/sqrt(k)"])
@pytest.mark.hint("The first step is step 1: it has the whole step_size under every schedule.")
@pytest.mark.hint("Steps are counted from 1, a loop with range from 0.")
@pytest.mark.see("fit")
def test_fit_follows_the_schedule(student, schedule):
    """fit takes three steps of the sizes that the schedule says"""
    X, y = np.array([[1.0, 2.0], [2.0, -1.0], [-1.0, 0.0]]), np.array([1.0, 1.0, -1.0])
    C, step_size = 0.1, 0.5
    k = np.arange(1, 4)
    sizes = step_size / {"constant": np.ones(3), "1/k": k, "1/sqrt(k)": np.sqrt(k)}[schedule]
    # C is so small that every margin stays below 1. Then w goes to C s, s = sum of y_i x_i, and
    # each step leaves the part 1 - size of what is missing; b rises by size C each time.
    s = np.array([4.0, 1.0])
    done = np.concatenate([[0.0], 1 - np.cumprod(1 - sizes)])
    b = np.concatenate([[0.0], C * np.cumsum(sizes)])
    values = 0.5 * (done * C) ** 2 * (s @ s) + C * (3 - done * C * (s @ s) - b)
    iterates = list(zip(np.outer(done, C * s), b, strict=True))
    assert_descent(student, (X, y, C), (step_size, schedule), sizes, iterates, values)


@pytest.mark.points(4)
@pytest.mark.hint("A step may lead upwards: remember the w and b of the lowest objective so far.")
@pytest.mark.hint("Keep a copy of w: an array changed in place changes what you remembered too.")
@pytest.mark.see("fit")
def test_fit_returns_the_best_iterate(student):
    """fit returns the iterate with the lowest objective, here the one before the last"""
    X, y = np.array([[2.0], [-2.0]]), np.array([1.0, -1.0])
    # The next step, when both margins exceed 1, makes w 0.4096.
    iterates = [(np.array([w]), 0.0) for w in (0.0, 0.8, 0.64, 0.512, 0.4096)]
    values = np.array([2.0, 0.32, 0.2048, 0.131072, 0.44548608])
    assert_descent(student, (X, y, 1.0), (0.2, "constant"), [0.2] * 4, iterates, values)


def assert_descent(student, data, schedule, sizes, iterates, values):
    """fit returns the best of the iterates, and the objective at each of them.

    data: (X, y, C). schedule: the step size and its name. sizes: of the steps. iterates: a (w, b)
    for each of `values`, the objective there.
    """

    def judge():
        answer = student.fit(*data, len(sizes), *schedule)
        try:
            assert_best(answer, iterates, values)
        except CheckFailed:
            # What is wrong in objective or subgradient costs its own points, not those of fit.
            if passes(assert_best_by_own_objective, student, answer, data, iterates):
                return
            if not passes(assert_best_by_own_steps, student, answer, data, sizes):
                raise

    judge_in_either_form(judge, student)


def judge_in_either_form(judge, student):
    """Parts in another order or shape cost the points of subgradient, and not those of fit."""
    assert_in_either_form(judge, student, lambda: judge_form_of_subgradient(student), subgradient=2)


def judge_form_of_subgradient(student):
    gw, gb = sequence(student.subgradient(*small_example()), 2, "(gw, gb)")
    array(gw, "gw", shape=(2,))
    number(gb, "gb")


def assert_best_by_own_steps(student, answer, data, sizes):
    path = [(np.zeros(data[0].shape[1]), 0.0)]
    for size in sizes:
        w, b = path[-1]
        gw, gb = pair(student.subgradient(w, b, *data), ("gw", "gb"))
        path.append((w - size * array(gw, "gw", shape=w.shape), b - size * number(gb, "gb")))
    assert_best_by_own_objective(student, answer, data, path)


def assert_best(answer, iterates, values):
    """Any iterate of the lowest value is the best one."""
    best = np.flatnonzero(values == values.min())
    history = sequence(answer, 3, "(w, b, history)")[2]
    for last in (False,) * (len(best) - 1) + (True,):
        w, b = iterates[best[0]]
        try:
            assert_close(answer[0], w, "w")
            assert_close(answer[1], b, "b")
            break
        except CheckFailed:
            if last:
                raise
            best = best[1:]
    assert_close(history, values, "history")


def assert_best_by_own_objective(student, answer, data, iterates):
    answers = student.objective.map([(w, b, *data) for w, b in iterates])
    own = np.array([number(value, "objective(w, b, X, y, C)") for value in answers])
    # An objective that is the same everywhere says nothing about the iterates.
    require(bool(np.ptp(own) > 0), "objective is the same at all iterates")
    assert_best(answer, iterates, own)


@pytest.mark.points(2)
@pytest.mark.hint("Which branch does an unknown schedule take in your code?")
@pytest.mark.hint(
    "After the three that are known comes one more case: an error, `raise ValueError(...)`."
)
@pytest.mark.see("fit")
def test_fit_refuses_an_unknown_schedule(student):
    """fit raises ValueError for an unknown schedule"""
    X, y = np.array([[1.0]]), np.array([1.0])
    # A fit that raises for whatever reason is not meant.
    judge_in_either_form(lambda: student.fit(X, y, 0.1, 2, 0.1, "constant"), student)
    for schedule in ("linear", "1/k^2"):
        kind = raised(student.fit, X, y, 0.1, 2, 0.1, schedule)
        if kind is None:
            raise CheckFailed(
                f"fit with the schedule {schedule!r} raises nothing",
                expected="a ValueError",
                hint="Which branch does an unknown schedule take in your code?",
                diagnosis="Your fit accepts an unknown schedule: raise ValueError.",
            )
        # An exception class of the student's own may well be a ValueError.
        if not issubclass(getattr(builtins, kind, ValueError), ValueError):
            raise CheckFailed(
                f"fit with the schedule {schedule!r} raises {kind}",
                expected="a ValueError",
                got=kind,
                diagnosis="Your fit raises another error than ValueError for an unknown schedule.",
            )


def raised(function, *args):
    """The name of the exception that a call raises, None where it raises none."""
    try:
        function(*args)
    except StudentRaised as fault:
        found = re.match(r"(\w+)(: |$)", str(fault).splitlines()[0])
        if found is None:
            raise
        return found[1]
    except NotAttempted:
        return "NotImplementedError"
    return None


@pytest.mark.points(2)
@pytest.mark.hint("Not the margins of the examples: the width of the street between two lines.")
@pytest.mark.hint("The margin is 2 divided by the length of w, the root of the sum of squares.")
@pytest.mark.see("margin")
def test_margin_example(student):
    """margin of w = (3, 4) is 2/5, of w = (0.5) it is 4"""
    longer, shorter = student.margin.map([(np.array([3.0, 4.0]),), (np.array([0.5]),)])
    assert_close(longer, 0.4, "margin(w) for w = (3, 4)")
    assert_close(shorter, 4.0, "margin(w) for w = (0.5)")


@pytest.mark.points(3)
@pytest.mark.hint("Indices of rows, not the rows themselves, of all examples with m <= 1 + tol.")
@pytest.mark.hint("np.flatnonzero gives the indices where a condition holds.")
@pytest.mark.see("support_vectors")
def test_support_vectors_example(student):
    """support_vectors with margins below, at and above 1 + tol"""
    w, b = np.array([1.0, -0.5]), 0.25
    margins = np.array([2.0, 1.0, -0.5, 1.25, 0.5, 1.5, 1.0, 3.0])
    y = np.array([1.0, -1.0, 1.0, 1.0, -1.0, -1.0, 1.0, -1.0])
    x2 = np.array([0.0, 1.0, 2.0, -1.0, 0.5, 1.5, -2.0, 1.0])
    X = np.column_stack([y * margins - b + 0.5 * x2, x2])
    probes = [(w, b, X, y, 0.0), (w, b, X, y, 0.25)]
    answers = student.support_vectors.map(probes)
    for (*_, tol), answer in zip(probes, answers, strict=True):
        assert_indices(
            answer,
            np.flatnonzero(margins <= 1 + tol),
            f"support_vectors(w, b, X, y, {tol:g})",
            why=f"the margins are {show(margins)}",
        )


@pytest.mark.points(1)
@pytest.mark.hint("Nothing found is an array without entries, not None and not an error.")
@pytest.mark.hint("The condition is the same: here it holds for no example.")
@pytest.mark.see("support_vectors")
def test_support_vectors_may_be_none(student):
    """support_vectors is empty where all margins are larger than 1, and not where one is below"""
    w, X, y = np.array([1.0]), np.array([[3.0], [-2.0]]), np.array([1.0, -1.0])
    answer, some = student.support_vectors.map([(w, 0.5, X, y, 0.0), (w, 3.5, X, y, 0.0)])
    require(
        not is_empty(some),
        "support_vectors finds none where the margins are 6.5 and -1.5",
        expected="the index of the second example",
        got=describe(some),
    )
    require(
        is_empty(answer),
        "support_vectors finds some where the margins are 3.5 and 1.5",
        expected="an empty array",
        got=describe(answer),
    )


def is_empty(value):
    if isinstance(value, np.ndarray):
        return value.size == 0
    return isinstance(value, list | tuple) and all(is_empty(item) for item in value)


@pytest.mark.points(3)
@pytest.mark.hint("Where does the prediction change its sign?")
@pytest.mark.hint("On the line x2 = -(w1 x1 + b) / w2; draw it across the whole picture.")
@pytest.mark.hint(
    "For a vertical line w2 is 0: `contour` of w.x + b at the level 0 draws any line."
)
@pytest.mark.see("plot_decision_boundary")
def test_plot_shows_the_boundary(student):
    """plot_decision_boundary draws the line w.x + b = 0"""
    w, b, X, y = picture()
    boundary_drawn(student.plot_decision_boundary.draw(w, b, X, y), w, b, X)


@pytest.mark.points(3)
@pytest.mark.hint(
    "Where is w.x + b equal to 1, and where to -1? Both are parallel to the boundary."
)
@pytest.mark.hint("The same line with b - 1 and with b + 1 in place of b.")
@pytest.mark.see("plot_decision_boundary")
def test_plot_shows_the_margins(student):
    """plot_decision_boundary draws the lines w.x + b = 1 and w.x + b = -1"""
    w, b, X, y = picture()
    margins_drawn(student.plot_decision_boundary.draw(w, b, X, y), w, b, X)


@pytest.mark.points(2)
@pytest.mark.hint("The examples of y = 1 and of y = -1 are to be told apart at a glance.")
@pytest.mark.hint(
    "Draw each class by itself, with a colour or marker of its own; or give scatter colours by y."
)
@pytest.mark.see("plot_decision_boundary")
def test_plot_shows_the_classes(student):
    """plot_decision_boundary draws the examples, and the two classes look different"""
    w, b, X, y = picture()
    figure = student.plot_decision_boundary.draw(w, b, X, y)
    classes_distinguishable(figure, X, y)
    halves_coloured_rightly(figure, w, b, X, y)


@pytest.mark.points(3)
@pytest.mark.hint(
    "Which examples does the handout ask to be marked? There is a function of yours for it."
)
@pytest.mark.hint(
    "support_vectors(w, b, X, y, tol) gives their indices: draw these again, differently."
)
@pytest.mark.hint('A ring round a point is a larger marker without a face: `facecolors="none"`.')
@pytest.mark.see("plot_decision_boundary")
def test_plot_marks_the_support_vectors(student):
    """plot_decision_boundary marks the support vectors"""
    w, b, X, y = picture()
    figure = student.plot_decision_boundary.draw(w, b, X, y)
    try:
        support_vectors_marked(figure, w, b, X, y)
    except CheckFailed:
        # Wrong support_vectors cost their own points, not those of a plot that marks what they say.
        if passes(test_support_vectors_example, student) or not marks_own(student, figure):
            raise


def marks_own(student, figure):
    """Whether what the student's own support_vectors returns is marked, for any usual tol."""
    answers = student.support_vectors.map([(*picture(), tol) for tol in (0.0, 1e-9, 1e-6, 1e-3)])
    return any(passes(assert_marked, figure, answer) for answer in answers)


def assert_marked(figure, indices):
    chosen = np.ravel(array(indices, "support_vectors(w, b, X, y, tol)"))
    support_vectors_marked(figure, *picture(), chosen=chosen)


@pytest.mark.points(1)
@pytest.mark.hint("What is drawn to the right and what upwards? The figure is to say so.")
@pytest.mark.hint("axes.set_xlabel and axes.set_ylabel.")
@pytest.mark.see("plot_decision_boundary")
def test_plot_labels_its_axes(student):
    """plot_decision_boundary labels both axes"""
    w, b, X, y = picture()
    figure = student.plot_decision_boundary.draw(w, b, X, y)
    axes_labelled(figure)
    try:
        axes = boundary_drawn(figure, w, b, X)
    except (CheckFailed, GraderFault):
        return  # a picture that is turned as a whole may have the labels that fit it
    labels_in_place(figure, axes)


@pytest.mark.points(1)
@pytest.mark.hint("What does each colour and line stand for? The figure is to say so.")
@pytest.mark.hint("`label=` in the calls that draw, then axes.legend().")
@pytest.mark.see("plot_decision_boundary")
def test_plot_has_a_legend(student):
    """plot_decision_boundary has a legend"""
    w, b, X, y = picture()
    figure = student.plot_decision_boundary.draw(w, b, X, y)
    legend_shown(figure)
    classes_named_rightly(figure, X, y)
    lines_named_rightly(figure, w, b, X)
