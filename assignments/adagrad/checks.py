"""Public checks: worked numbers, properties, and the figure.

Run them with `python -m grader check`, or with pytest.
"""

from contextlib import contextmanager

import numpy as np
import pytest

from grader.checks import (
    array,
    assert_close,
    assert_in_either_form,
    assert_own_gradient,
    assert_path,
    integer,
    number,
    passes,
    require,
)
from grader.checks.figure import (
    contours_drawn,
    curve_drawn,
    legend_names,
    log_scale,
    mark_names,
    named,
    path_drawn,
    point_marked,
)
from grader.errors import CheckFailed, GraderFault, StudentFault

START = "Row 0 is x0 itself, then one row after each step."


def two_dimensions():
    """f(x) = 1/2 (x_1^2 + 7 x_2^2) - x_1 - 2 x_2, whose gradient is (x_1 - 1, 7 x_2 - 2)."""
    return np.diag([1.0, 7.0]), np.array([1.0, 2.0])


def coupled():
    """A matrix with entries off the diagonal, and a vector b."""
    return np.array([[2.0, 1.0], [1.0, 3.0]]), np.array([1.0, -2.0])


@pytest.mark.points(3)
@pytest.mark.hint("1/2 stands before x'Ax only, and b'x is subtracted.")
@pytest.mark.hint("`x @ A @ x` is x'Ax.")
@pytest.mark.see("quadratic")
def test_quadratic_example(student):
    """quadratic of three points"""
    A, b = coupled()
    points = [np.array([1.0, 2.0]), np.array([-2.0, 1.0]), np.array([1.0, -1.0])]
    # x'Ax is 18, 7 and 3; b'x is -3, -4 and 3.
    for x, value, expected in zip(
        points, student.quadratic.map([(x, A, b) for x in points]), (12.0, 7.5, -1.5), strict=True
    ):
        assert_close(value, expected, f"quadratic at x = {x.tolist()}")


@pytest.mark.points(3)
@pytest.mark.hint("A is symmetric: what is the derivative of 1/2 x'Ax?")
@pytest.mark.hint("The derivative of x'Ax with respect to x is 2Ax for a symmetric A.")
@pytest.mark.see("quadratic_gradient")
def test_gradient_example(student):
    """quadratic_gradient of three points, the minimiser among them"""
    A, b = coupled()
    points = [np.array([1.0, 2.0]), np.array([-2.0, 1.0]), np.array([1.0, -1.0])]
    expected = np.array([[3.0, 9.0], [-4.0, 3.0], [0.0, 0.0]])
    values = student.quadratic_gradient.map([(x, A, b) for x in points])
    for x, value, right in zip(points, values, expected, strict=True):
        # The scale is that of Ax and b: at the minimiser they cancel.
        name = f"quadratic_gradient at x = {x.tolist()}"
        assert_close(value, right, name, scale=np.full(2, 5.0))


@pytest.mark.points(3)
@pytest.mark.hint(
    "Change one entry of x by 1e-6: quadratic should change by 1e-6 times that of the gradient."
)
@pytest.mark.hint(
    "Try the README's example with d = 2: which of the two, value or gradient, differs there?"
)
@pytest.mark.see("quadratic_gradient")
def test_gradient_is_the_slope_of_quadratic(student, rng):
    """quadratic_gradient agrees with the slope of your own quadratic"""
    M = rng.normal(size=(4, 4))
    A, b, x = M @ M.T + np.eye(4), rng.normal(size=4), rng.normal(size=4)
    answer = student.quadratic_gradient(x, A, b)
    try:
        assert_own_gradient(
            student.quadratic,
            answer,
            (x,),
            lambda x: (x, A, b),
            names=("quadratic_gradient",),
            loss_name="quadratic",
            rng=rng,
        )
    except StudentFault:
        # A wrong quadratic costs its own points, not those of a right gradient.
        f, slope = value(x[None], A, b)[0], x @ A - b
        size = np.abs(x) @ np.abs(A) + np.abs(b)
        if passes(judge_value, student, x, A, b, f) or not passes(
            assert_close, answer, slope, scale=size
        ):
            raise


def judge_value(student, x, A, b, f):
    size = np.abs(x) @ np.abs(A) @ np.abs(x) + np.abs(b) @ np.abs(x)
    assert_close(student.quadratic(x, A, b), f, "quadratic(x, A, b)", scale=size)


def assert_steps(student, method, arguments, expected, rule):
    """method(*arguments) is the path that is expected, or one with its rule and a wrong gradient.

    A wrong quadratic_gradient costs its own points, not those of a path that goes by it.
    rule(moves, gradients): raises CheckFailed where these moves do not follow from the gradients.
    """
    assert_in_either_form(
        lambda: judge_steps(student, method(*arguments), expected, *arguments[:2], rule),
        student,
        lambda: array(student.quadratic_gradient(np.ones(2), np.eye(2), np.ones(2)), shape=(2,)),
        quadratic_gradient=1,
    )


def judge_steps(student, answer, expected, A, b, rule):
    expected = np.array(expected)
    try:
        assert_path(answer, expected)
    except CheckFailed as failure:
        try:
            path = array(answer, shape=expected.shape)
            assert_close(path[0], expected[0])
            own = map(array, student.quadratic_gradient.map([(x, A, b) for x in path[:-1]]))
            # One number broadcasts.
            gradients = np.array([array(np.ones(len(b)) * g, shape=b.shape) for g in own])
            require(gradients.any(), "a gradient of zeros shows no rule")
            # With a right gradient the path is to be the one that is expected.
            require(
                not passes(assert_close, gradients, path[:-1] @ A - b),
                "quadratic_gradient is right along the path",
            )
            rule(path[:-1] - path[1:], gradients)
        except (StudentFault, ValueError):  # of arrays that do not broadcast
            raise failure from None


def descends(step_size):
    return lambda moves, gradients: assert_close(moves, step_size * gradients)


def adapts(step_size, eps):
    """From one step to the next, what divides the gradient grows by its square, under the root."""

    def rule(moves, gradients):
        moved = gradients != 0
        require(not moves[~moved].any(), "a coordinate moves without a gradient")
        roots = np.divide(step_size * gradients, moves, out=np.zeros_like(moves), where=moves != 0)
        sums = np.where(moved, roots**2, eps)
        assert_close(np.diff(sums, axis=0, prepend=np.full_like(sums[:1], eps)), gradients**2)

    return rule


@pytest.mark.points(2)
@pytest.mark.hint(START)
@pytest.mark.hint("With 0 steps no gradient is taken: the path has one row.")
@pytest.mark.see("gradient_descent")
def test_descent_starts_at_x0(student):
    """gradient_descent with 0 steps returns the start alone, shape (1, d)"""
    A, b = coupled()
    x0 = np.array([3.0, -1.0])
    assert_path(student.gradient_descent(A, b, x0, 0.1, 0), x0[None])


@pytest.mark.points(5)
@pytest.mark.hint("x_{k+1} = x_k - step_size * gradient at x_k")
@pytest.mark.hint("Store a copy of x in each row, not x itself.")
@pytest.mark.see("gradient_descent")
def test_descent_example(student):
    """gradient_descent takes three steps that can be worked out by hand"""
    A, b = two_dimensions()
    # The gradients are (4, 12), (3, -9) and (9/4, 27/4).
    expected = [[5.0, 2.0], [4.0, -1.0], [3.25, 1.25], [2.6875, -0.4375]]
    arguments = (A, b, np.array([5.0, 2.0]), 0.25, 3)
    assert_steps(student, student.gradient_descent, arguments, expected, descends(0.25))


@pytest.mark.points(2)
@pytest.mark.hint(START)
@pytest.mark.hint("With 0 steps no gradient is taken: the path has one row.")
@pytest.mark.see("adagrad")
def test_adagrad_starts_at_x0(student):
    """adagrad with 0 steps returns the start alone, shape (1, d)"""
    A, b = coupled()
    x0 = np.array([3.0, -1.0])
    assert_path(student.adagrad(A, b, x0, 0.1, 0, 1e-8), x0[None])


@pytest.mark.points(3)
@pytest.mark.hint("Which gradients does the sum v hold when the first step is taken?")
@pytest.mark.hint("v_0 is the square of the current gradient. What is g / sqrt(g^2)?")
@pytest.mark.see("adagrad")
def test_first_step_has_the_step_size(student):
    """adagrad's first step moves every coordinate by step_size, however steep f is there"""
    A, b = np.diag([0.5, 3.0, 200.0]), np.zeros(3)
    x0 = np.array([2.0, -1.0, 4.0])
    expected = [x0, [1.75, -0.75, 3.75]]
    arguments = (A, b, x0, 0.25, 1, 1e-8)
    assert_steps(student, student.adagrad, arguments, expected, adapts(0.25, 1e-8))


@pytest.mark.points(5)
@pytest.mark.hint("v adds up the squares of the gradients of all steps so far, this one included.")
@pytest.mark.hint("v has one entry per coordinate and starts at 0; the division is entry by entry.")
@pytest.mark.see("adagrad")
def test_adagrad_example(student):
    """adagrad takes two steps that can be worked out by hand"""
    A, b = two_dimensions()
    # The gradients are (4, 12) and (3, 5), the roots of v are (4, 12) and (5, 13).
    expected = [[5.0, 2.0], [4.0, 1.0], [4 - 3 / 5, 1 - 5 / 13]]
    arguments = (A, b, np.array([5.0, 2.0]), 1.0, 2, 1e-10)
    assert_steps(student, student.adagrad, arguments, expected, adapts(1.0, 1e-10))


@pytest.mark.points(3)
@pytest.mark.hint("With a large eps it matters where eps stands. Look at the formula again.")
@pytest.mark.hint("sqrt(v + eps), not sqrt(v) + eps")
@pytest.mark.hint("At the start g = 4 and eps = 9 here: the root is 5, not 4 + 9 and not 4 + 3.")
@pytest.mark.see("adagrad")
def test_eps_stands_inside_the_root(student):
    """adagrad adds eps inside the root"""
    x0 = np.array([4.0, -4.0, 0.0])
    # sqrt(16 + 9) = 5
    A, b = np.eye(3), np.zeros(3)
    expected = [x0, [3.2, -3.2, 0.0]]
    assert_steps(student, student.adagrad, (A, b, x0, 1.0, 1, 9.0), expected, adapts(1.0, 9.0))


@pytest.mark.points(4)
@pytest.mark.hint("The answer is an index of path, counted from 0; f - min f is not f.")
@pytest.mark.hint("min f is f at the solution of A x = b: np.linalg.solve.")
@pytest.mark.see("steps_to_reach")
def test_steps_to_reach_example(student):
    """steps_to_reach finds the first iterate that is near enough to the minimum"""
    A, b = coupled()
    # The minimiser is (1, -1). Along the first axis f - min f is the square of the distance.
    path = np.array([[4.0, -1.0], [3.0, -1.0], [1.5, -1.0], [2.0, -1.0], [1.125, -1.0]])
    gaps = [10.0, 5.0, 2.0, 0.5, 0.1]
    answers = student.steps_to_reach.map([(path, A, b, gap) for gap in gaps])
    for gap, answer, expected in zip(gaps, answers, (0, 1, 2, 2, 4), strict=True):
        k = integer(answer, f"steps_to_reach(path, A, b, {gap})")
        require(
            k == expected or is_first_by_own(student, k, path, A, b, gap),
            f"steps_to_reach(path, A, b, {gap}): wrong index",
            expected=f"{expected}: f - min f is 9, 4, 0.25, 1 and 0.015625 along the path",
            got=str(k),
        )


def is_first_by_own(student, k, path, A, b, gap):
    """Whether k is right by the student's own quadratic, which then is wrong."""
    own = own_gaps(student, path, A, b, np.array([1.0, -1.0]))
    if own is None:
        return False
    near = own <= gap
    return not near.any() if k == -1 else 0 <= k < len(near) and near[k] and not near[:k].any()


def own_gaps(student, path, A, b, minimiser):
    """f - min f along a path by the student's own quadratic where that is wrong, or None.

    A wrong quadratic costs its own points, not those of a function that is right with it.
    """
    try:
        answers = student.quadratic.map([(x, A, b) for x in (*path, minimiser)])
        *values, smallest = [number(answer, "quadratic(x, A, b)") for answer in answers]
    except StudentFault:
        return None
    # One that is the same everywhere tells no iterate from another.
    gaps = np.array(values) - smallest
    return gaps if np.isfinite(gaps).all() and np.ptp(gaps) > 0 else None


@pytest.mark.points(2)
@pytest.mark.hint("Where no iterate is near enough the answer is -1.")
@pytest.mark.hint(
    "An argmax over conditions that are all False is 0: ask first whether any of them holds."
)
@pytest.mark.see("steps_to_reach")
def test_steps_to_reach_may_fail(student):
    """steps_to_reach returns -1 where no iterate is near enough"""
    A, b = coupled()
    path = np.array([[4.0, -1.0], [3.0, -1.0], [2.0, -1.0]])
    k = integer(student.steps_to_reach(path, A, b, 0.5), "steps_to_reach(path, A, b, 0.5)")
    require(
        k == -1 or is_first_by_own(student, k, path, A, b, 0.5),
        "steps_to_reach(path, A, b, 0.5): wrong index",
        expected="-1",
        got=str(k),
    )


# The figure. All checks draw it from the same arguments.

MINIMISER = np.array([0.4, -0.3])
FIRST = np.array([-1.8, 0.3])
# What the name of AdaGrad's path may hold, also in other scripts; the other must not say so.
ADAGRAD_NAMES = ("ada", "ада", "アダ", "自适应", "自適應", "適応", "아다", "에이다", "적응")
NOT_DESCENT = ("adag", "adap", "ada-g", "адаг", "адап", *ADAGRAD_NAMES[2:])


def drawn_problem():
    """A, b and two paths of different length towards the minimiser.

    The paths are made, not computed by either method: each shrinks two directions at its own
    rates, and along the first f rises on the way. A figure must show whatever paths it is given.
    """
    turn = 0.5
    R = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    A = R @ np.diag([1.5, 8.0]) @ R.T
    A = (A + A.T) / 2
    away = R.T @ (FIRST - MINIMISER)
    k = np.arange(23)[:, None]
    wave = 1 + 0.3 * np.sin(k / 2)
    zigzag = MINIMISER + wave * np.array([0.92, -0.7]) ** k * away @ R.T
    smooth = MINIMISER + np.array([0.9, 0.72]) ** np.arange(31)[:, None] * away @ R.T
    return A, A @ MINIMISER, zigzag, smooth


def drawn(student):
    """The problem and the figure of it."""
    problem = drawn_problem()
    return (*problem, student.plot_comparison.draw(*problem))


def value(points, A, b):
    """f of each row of (n, 2) points."""
    return 0.5 * np.einsum("ni,ij,nj->n", points, A, points) - points @ b


@contextmanager
def told(words, only=lambda failure: True):
    """Names the mistake behind a failure inside, where it is `only` that one."""
    try:
        yield
    except CheckFailed as failure:
        if only(failure):
            failure.diagnosis = words
        raise


def holds(claim, *args, **kwargs):
    """Whether a claim does not fail."""
    try:
        claim(*args, **kwargs)
    except (StudentFault, GraderFault):
        return False
    return True


@pytest.mark.points(3)
@pytest.mark.hint(
    "One path has the shape (steps + 1, 2): what are its x values, what its y values?"
)
@pytest.mark.hint("The two paths may differ in length.")
@pytest.mark.hint("Column 0 goes to the right and column 1 upwards, in the order of the rows.")
@pytest.mark.see("plot_comparison")
def test_plot_shows_both_paths(student):
    """plot_comparison draws both paths in the plane"""
    _, _, gd, ada, figure = drawn(student)
    path_drawn(figure, gd, name="gd_path")
    path_drawn(figure, ada, name="adagrad_path")


@pytest.mark.points(3)
@pytest.mark.hint("How does somebody who sees only the picture know which path is whose?")
@pytest.mark.hint("label= in the call that draws, then axes.legend().")
@pytest.mark.see("plot_comparison")
def test_plot_names_the_paths(student):
    """plot_comparison says which path is GD and which is AdaGrad"""
    A, b, gd, ada, figure = drawn(student)
    descent = path_drawn(figure, gd, name="gd_path")
    adaptive = path_drawn(figure, ada, name="adagrad_path")
    exchanged = holds(named, figure, descent, ADAGRAD_NAMES)
    exchanged = exchanged and not holds(named, figure, adaptive, ADAGRAD_NAMES)
    words = "Your figure does not say which path is which."
    if exchanged:
        words = "Your figure has the names of the two paths exchanged."
    with told(words, lambda failure: exchanged or str(failure.got).startswith("no legend")):
        named(figure, descent, [], NOT_DESCENT, title="the path of GD")
        named(figure, adaptive, ADAGRAD_NAMES, title="the path of AdaGrad")
    gaps = [value(path, A, b) - value(MINIMISER[None], A, b) for path in (gd, ada)]
    if all(holds(curve_drawn, figure, series) for series in gaps):
        of_gd, of_ada = (legend_names(figure, curve_drawn(figure, series)) for series in gaps)
        with told("Your figure has the names of the two curves exchanged."):
            require(
                not (of_ada and says(of_gd, NOT_DESCENT) and not says(of_ada, NOT_DESCENT)),
                "the curves of f - min f have each other's names",
            )


def says(names, words):
    """Whether one of the names has one of the words in it."""
    return any(word in name.lower() for name in names for word in words)


@pytest.mark.points(2)
@pytest.mark.hint("A contour joins the points where f has one value.")
@pytest.mark.hint("axes.contour wants the values of f on a grid: np.meshgrid.")
@pytest.mark.hint("f of a grid's points takes one value for each pair of a row and a column.")
@pytest.mark.see("plot_comparison")
def test_plot_shows_contours(student):
    """plot_comparison draws contours of f behind the paths"""
    A, b, gd, ada, figure = drawn(student)

    def f(points):
        return value(points, A, b)

    try:
        with told("Your figure has no contours.", lambda failure: failure.got == "no contours"):
            contours_drawn(figure, f)
    except CheckFailed:
        # A wrong quadratic costs its own points, not those of a figure that shows its contours.
        f = own_quadratic(student, A, b)
        if f is None or not holds(contours_drawn, figure, f):
            raise
    for path, name in ((gd, "gd_path"), (ada, "adagrad_path")):
        if not holds(path_drawn, figure, path):
            continue  # another check says so
        # A path may be drawn in several panels, and only one of them need have contours.
        found = path_drawn(figure, path)
        panels = [found.axes, *(other.axes for other in found.also)]
        require(
            any(holds(contours_drawn, figure, f, among=panel) for panel in panels),
            f"{name} is not drawn over contours of f",
        )


def own_quadratic(student, A, b):
    """The student's own quadratic for (n, 2) points, or None where it is no polynomial of degree 2.

    Contours have too many points to ask for the value at each.
    """
    sides = np.array([-2.0, -0.75, 0.5, 1.5])
    points = np.column_stack([np.repeat(sides, 4), np.tile(sides, 4)])
    try:
        answers = student.quadratic.map([(x, A, b) for x in points])
        values = np.array([number(answer, "quadratic(x, A, b)") for answer in answers])
    except StudentFault:
        return None
    coefficients = np.linalg.lstsq(powers(points), values)[0]
    off = np.abs(powers(points) @ coefficients - values).max()
    if not off <= 1e-5 * np.abs(values).max():
        return None
    return lambda points: powers(points) @ coefficients


def powers(points):
    """(n, 6): 1, x, y, x^2, x y and y^2 of (n, 2) points."""
    x, y = points.T
    return np.column_stack([np.ones_like(x), x, y, x * x, x * y, y * y])


START_NAMES = ("start", "init", "begin", "anfang", "inici", "début", "inizi", "x0", "x_0", "x_{0}")
MINIMISER_NAMES = ("min", "opt", "x*", "x^*", "x^{*}", r"\star")


@pytest.mark.points(3)
@pytest.mark.hint("Two points of their own: where a path begins, and where f is smallest.")
@pytest.mark.hint("The minimiser is where the gradient is 0: A x = b.")
@pytest.mark.hint("The last row of a path is not the minimiser: no method reaches it.")
@pytest.mark.see("plot_comparison")
def test_plot_marks_start_and_minimiser(student):
    """plot_comparison marks the start and the minimiser"""
    *_, figure = drawn(student)
    with told("Your figure does not mark the start."):
        point_marked(figure, FIRST, name="the start")
    with told("Your figure does not mark the minimiser."):
        point_marked(figure, MINIMISER, name="the minimiser")
    first, last = mark_names(figure, FIRST), mark_names(figure, MINIMISER)
    with told("Your figure has the names of the start and the minimiser exchanged."):
        # One wrong name is enough, unless the same mark or the other bears the right one.
        require(
            not (says(last, START_NAMES) or says(first, MINIMISER_NAMES))
            or says(first, START_NAMES)
            or says(last, MINIMISER_NAMES),
            "the start and the minimiser have each other's names",
        )


def somehow_drawn(figure, series):
    """Whether a curve of the figure shows the series, seen or not: log f has gaps where f < 0."""
    try:
        curve_drawn(figure, series)
    except (CheckFailed, GraderFault) as failure:
        return "cannot be seen" in str(failure)
    return True


def gap_curves(figure, A, b, gd, ada):
    """Both curves of f - min f, with a failure's cause where another series is drawn."""
    paths = {"GD": gd, "AdaGrad": ada}
    instead = {
        "Your curves show f itself: subtract min f.": lambda x: value(x, A, b),
        "Your curves show the distance to the minimiser, not f - min f.": lambda x: np.linalg.norm(
            x - MINIMISER, axis=1
        ),
        "Your curves show the length of the gradient, not f - min f.": lambda x: np.linalg.norm(
            x @ A - b, axis=1
        ),
    }
    try:
        return [
            curve_drawn(
                figure,
                value(path, A, b) - value(MINIMISER[None], A, b),
                name=f"f - min f for {name}",
            )
            for name, path in paths.items()
        ]
    except CheckFailed as failure:
        for words, series in instead.items():
            if all(somehow_drawn(figure, series(path)) for path in paths.values()):
                failure.diagnosis = words
        if sum(axes.visible and bool(axes.artists) for axes in figure.axes) == 1:
            failure.diagnosis = "Your figure lacks the curves of f - min f."
        raise


def own_curves(student, figure, A, b, gd, ada):
    """Both curves of f - min f by the student's own quadratic."""
    for path in (gd, ada):
        gaps = own_gaps(student, path, A, b, MINIMISER)
        require(gaps is not None, "quadratic gives no values to draw")
        require(somehow_drawn(figure, gaps), "the curves are not those of quadratic")


@pytest.mark.points(4)
@pytest.mark.hint("A second axes: one curve for each path, one number for each of its rows.")
@pytest.mark.hint("f - min f against k, with min f the minimum of f, not of the path")
@pytest.mark.hint("What is steps_to_reach comparing with gap? Those are the numbers.")
@pytest.mark.see("plot_comparison")
def test_plot_shows_both_curves(student):
    """plot_comparison draws f - min f against k for both paths"""
    *problem, figure = drawn(student)
    try:
        curves = gap_curves(figure, *problem)
    except CheckFailed:
        if not passes(own_curves, student, figure, *problem):
            raise
        return
    require(
        curves[0].axes.index != curves[1].axes.index or curves[0].offset == curves[1].offset,
        "the curves are moved by one against each other",
        expected="k = 0 at the same place for both",
    )
    for curve in curves:
        with told("Your curves are f minus the smallest f of the path, not minus min f."):
            require(
                "gap" not in curve.measure,
                "a curve of the figure shows f minus the smallest f of the path",
                expected="f minus the minimum of f, which no iterate has reached",
            )


@pytest.mark.points(2)
@pytest.mark.hint("Equal factors are to be equal distances, upwards only.")
@pytest.mark.hint("axes.set_yscale, or semilogy.")
@pytest.mark.see("plot_comparison")
def test_plot_has_a_logarithmic_axis(student):
    """plot_comparison draws the curves of f - min f with a logarithmic y axis"""
    *problem, figure = drawn(student)
    try:
        curves = gap_curves(figure, *problem)
    except CheckFailed:
        # That other curves are drawn costs the points of another check.
        panels = [axes for axes in figure.axes if axes.artists and not axes.is_colorbar]
        if any(holds(log_scale, axes) for axes in panels):
            return
        raise
    for curve in curves:
        with told("The y axis of your curves is not logarithmic."):
            log_scale(curve)
