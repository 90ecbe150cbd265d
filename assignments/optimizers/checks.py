"""Public checks: worked numbers, properties, and the figure.

Run them with `python -m grader check`, or with pytest.
"""

from contextlib import contextmanager

import numpy as np
import pytest

from grader.checks import (
    array,
    assert_close,
    assert_own_gradient,
    assert_path,
    passes,
    require,
)
from grader.checks.figure import (
    contours_drawn,
    curves_drawn,
    log_scale,
    mark_names,
    path_drawn,
    point_marked,
    told_apart,
)
from grader.errors import CheckFailed, GraderFault, StudentFault, StudentRaised


def identity(*x0):
    """A, b and x0 for f(x) = 1/2 |x|^2, whose gradient is x itself."""
    return np.eye(len(x0)), np.zeros(len(x0)), np.array(x0, dtype=float)


@pytest.mark.points(3)
@pytest.mark.hint("The first step is plain gradient descent: nothing has moved before it.")
@pytest.mark.hint("x_{k+1} = x_k - step_size g_k + beta (x_k - x_{k-1}): two iterates are needed.")
@pytest.mark.see("heavy_ball")
def test_heavy_ball_example(student):
    """heavy_ball takes three steps that can be worked out by hand"""
    A, b, x0 = np.diag([2.0, 4.0]), np.array([2.0, 4.0]), np.array([5.0, 3.0])
    # The gradients are (8, 8), (4, 0) and (0, -4).
    expected = [[5.0, 3.0], [3.0, 1.0], [1.0, 0.0], [0.0, 0.5]]
    assert_path(student.heavy_ball(A, b, x0, 0.25, 0.5, 3), expected)


@pytest.mark.points(4)
@pytest.mark.hint("v is 0 before the first step; the current gradient counts with 1 - beta.")
@pytest.mark.hint("sqrt(v + eps), not sqrt(v) + eps")
@pytest.mark.hint("At the start v is 16 and eps is 9 here: the root is 5.")
@pytest.mark.see("rmsprop")
def test_rmsprop_example(student):
    """rmsprop takes two steps, with eps inside the root"""
    A, b, x0 = identity(8.0, -8.0, 0.0)
    second = 6.4 - 6.4 / np.sqrt(0.75 * 16 + 0.25 * 6.4**2 + 9)
    expected = [x0, [6.4, -6.4, 0.0], [second, -second, 0.0]]
    assert_path(student.rmsprop(A, b, x0, 1.0, 0.75, 9.0, 2), expected)


@pytest.mark.points(4)
@pytest.mark.hint("After the first step the corrected means are g and g^2, whatever the betas.")
@pytest.mark.hint("eps is added to the corrected mean of the squares, under the root.")
@pytest.mark.hint("1 - beta^t with t = 1 in the first step, 2 in the second.")
@pytest.mark.see("adam")
def test_adam_example(student):
    """adam takes two steps, with eps inside the root"""
    A, b, x0 = identity(4.0, -4.0, 0.0)
    # m is 2 and 2.6, divided by 1/2 and 3/4; v is 4 and 5.56, divided by 1/4 and 7/16.
    second = 3.2 - (2.6 / 0.75) / np.sqrt(5.56 / 0.4375 + 9)
    expected = [x0, [3.2, -3.2, 0.0], [second, -second, 0.0]]
    assert_path(student.adam(A, b, x0, 1.0, 0.5, 0.75, 9.0, 2), expected)


@pytest.mark.points(3)
@pytest.mark.hint("m and v as they are: nothing is divided by 1 - beta^t.")
@pytest.mark.hint("m is 2 and v is 4 after the first gradient here, and eps is 5.")
@pytest.mark.see("adam_uncorrected")
def test_adam_uncorrected_example(student):
    """adam_uncorrected takes two steps, with eps inside the root"""
    A, b, x0 = identity(4.0, -4.0, 0.0)
    second = 10 / 3 - 8 / np.sqrt(97)  # m is 8/3, v is 52/9
    expected = [x0, [10 / 3, -10 / 3, 0.0], [second, -second, 0.0]]
    assert_path(student.adam_uncorrected(A, b, x0, 1.0, 0.5, 0.75, 5.0, 2), expected)


@pytest.mark.points(4)
@pytest.mark.hint("G_0 = g_0 g_0' has the eigenvalues |g_0|^2, in the direction of g_0, and 0.")
@pytest.mark.hint("np.linalg.eigh gives eigenvalues s and vectors Q: M = Q diag(s) Q'.")
@pytest.mark.hint("steps stands before eps in the arguments.")
@pytest.mark.see("full_adagrad")
def test_full_adagrad_example(student):
    """full_adagrad takes two steps along the gradient, where f is the same in all directions"""
    A, b, x0 = identity(3.0, 4.0)
    # The eigenvalue in the direction of the gradient is 25 + 11, then 25 + (25/36) 25 + 11.
    expected = np.outer([1.0, 5 / 6, 5 / 6 * (1 - 6 / np.sqrt(1921))], x0)
    assert_path(student.full_adagrad(A, b, x0, 1.0, 2, 11.0), expected)


@pytest.mark.points(3)
@pytest.mark.hint("A point inside the ball is its own nearest point of the ball.")
@pytest.mark.hint("A point outside is shortened to the length radius; its direction stays.")
@pytest.mark.see("projected_descent")
def test_projected_descent_example(student):
    """projected_descent keeps to the ball after each step, and leaves what is inside alone"""
    A, b = np.eye(2), np.array([6.0, 8.0])
    probes = [((0.0, 0.0), 5.0), ((9.0, 12.0), 5.0), ((0.0, 0.0), 7.5)]
    expected = [
        [[0.0, 0.0], [3.0, 4.0], [3.0, 4.0]],
        [[9.0, 12.0], [3.0, 4.0], [3.0, 4.0]],
        [[0.0, 0.0], [3.0, 4.0], [4.5, 6.0]],
    ]
    calls = [(A, b, np.array(x0), 0.5, 2, radius) for x0, radius in probes]
    for got, right in zip(student.projected_descent.map(calls), expected, strict=True):
        assert_path(got, right)


@pytest.mark.points(2)
@pytest.mark.hint("The minimum is 0, at (1, 1).")
@pytest.mark.hint("x_1 - x_0^2 is squared, and then multiplied by 100.")
@pytest.mark.see("rosenbrock")
def test_rosenbrock_example(student):
    """rosenbrock of four points, the minimiser among them"""
    points = [(1.0, 1.0), (0.0, 0.0), (-1.0, 2.0), (2.0, 3.0)]
    answers = student.rosenbrock.map([(np.array(point),) for point in points])
    for point, answer, right in zip(points, answers, (0.0, 1.0, 104.0, 101.0), strict=True):
        assert_close(answer, right, f"rosenbrock at {point}", scale=max(right, 1.0))


@pytest.mark.points(3)
@pytest.mark.hint("x_0 stands in both terms; the chain rule gives the inner derivative -2 x_0.")
@pytest.mark.hint("Change one entry of x by 1e-6: rosenbrock changes by 1e-6 times the slope.")
@pytest.mark.see("rosenbrock_gradient")
def test_rosenbrock_gradient_is_a_slope(student, rng):
    """rosenbrock_gradient agrees with the slope of your own rosenbrock"""
    x = np.array([-1.0, 2.0])
    got = student.rosenbrock_gradient(x)
    try:
        names = ("rosenbrock_gradient",)
        assert_own_gradient(
            student.rosenbrock,
            got,
            (x,),
            lambda x: (x,),
            names=names,
            loss_name="rosenbrock",
            rng=rng,
        )
    except StudentFault:
        # A wrong rosenbrock costs its own points, not those of a right gradient.
        if passes(test_rosenbrock_example, student):
            raise
        assert_close(got, [396.0, 200.0], "rosenbrock_gradient at (-1, 2)")


@pytest.mark.points(2)
@pytest.mark.hint("Differentiate each entry of the gradient with respect to both coordinates.")
@pytest.mark.hint("The matrix is symmetric, and its last entry is 200 everywhere.")
@pytest.mark.see("rosenbrock_hessian")
def test_rosenbrock_hessian_example(student):
    """rosenbrock_hessian of two points"""
    points = [(0.0, 0.0), (-1.0, 2.0)]
    expected = [[[2.0, 0.0], [0.0, 200.0]], [[402.0, 400.0], [400.0, 200.0]]]
    answers = student.rosenbrock_hessian.map([(np.array(point),) for point in points])
    for point, answer, right in zip(points, answers, expected, strict=True):
        assert_close(answer, right, f"rosenbrock_hessian at {point}")


@pytest.mark.points(2)
@pytest.mark.hint("The step solves H s = -g; np.linalg.solve does.")
@pytest.mark.hint("From the origin the first step goes to (1, 0), where r is much larger.")
@pytest.mark.see("newton")
def test_newton_example(student):
    """newton goes from the origin to the minimiser in two steps, and stays there"""
    expected = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [1.0, 1.0]]
    try:
        path = student.newton(np.zeros(2), 3)
    except StudentRaised:
        # A wrong Hessian may be singular where the right one is not.
        H = student.rosenbrock_hessian(np.zeros(2))
        start = [0.0, 1.0]
        if passes(assert_close, H, [[2.0, 0.0], [0.0, 200.0]]) or not uses_own(
            student, student.newton(np.array(start), 1), [start] * 2
        ):
            raise
        return
    try:
        assert_path(path, expected, low=1e-4)
    except CheckFailed:
        # A wrong gradient or Hessian costs its own points, not those of a step that uses it.
        if not uses_own(student, path, expected):
            raise


def uses_own(student, path, expected):
    """Whether each step solves H s = -g with the student's own H and g, one of them wrong."""
    try:
        iterates = array(path, shape=np.shape(expected))
        calls = [(x,) for x in iterates[:-1]]
        gradients = [array(g, shape=(2,)) for g in student.rosenbrock_gradient.map(calls)]
        hessians = [array(H, shape=(2, 2)) for H in student.rosenbrock_hessian.map(calls)]
    except StudentFault:
        return False
    moved = np.diff(iterates, axis=0)
    pairs = list(zip(hessians, gradients, moved, strict=True))
    solved = all(
        np.allclose(H @ step, -g, rtol=1e-4, atol=1e-6 * max(1.0, np.abs(H).max()))
        for H, g, step in pairs
    )
    return solved and bool(np.array_equal(iterates[0], expected[0])) and bool(moved.any())


@pytest.mark.points(2)
@pytest.mark.hint("The weights shrink by the factor 1 - step_size lam, and the step follows.")
@pytest.mark.hint("lam is multiplied by step_size; the gradient is not multiplied by lam.")
@pytest.mark.see("decayed_step")
def test_decayed_step_example(student):
    """decayed_step of two weights"""
    got = student.decayed_step(np.array([4.0, -2.0]), np.array([1.0, 2.0]), 0.5, 0.5)
    assert_close(got, [2.5, -2.5], "decayed_step(w, g, step_size, lam)")


# The figure. All checks draw it from the same arguments.

MINIMISER = np.array([0.4, -0.3])
FIRST = np.array([-1.8, 0.3])


def race():
    """A, b and three paths of different length towards the minimiser; a name stands in another.

    The paths are made, not computed by any method: each shrinks two directions at its own rates. A
    figure must show whatever paths it is given.
    """
    turn = 0.5
    R = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    A = R @ np.diag([1.5, 8.0]) @ R.T
    A = (A + A.T) / 2
    away = R.T @ (FIRST - MINIMISER)
    rates = {
        "momentum": ((0.85, -0.9), 17),
        "Adam": ((0.92, -0.7), 23),
        "Adam, uncorrected": ((0.9, 0.72), 21),
    }
    paths = {
        name: MINIMISER + np.array(rate) ** np.arange(count)[:, None] * away @ R.T
        for name, (rate, count) in rates.items()
    }
    return A, A @ MINIMISER, paths


def drawn(student):
    """The problem and the figure of it."""
    problem = race()
    return (*problem, student.plot_race.draw(*problem))


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


def paths_of(figure, paths):
    return {name: path_drawn(figure, path, name=f"the path of {name}")
            for name, path in paths.items()}  # fmt: skip


@pytest.mark.points(3)
@pytest.mark.hint("One path has the shape (steps + 1, 2): what are its x values, its y values?")
@pytest.mark.hint("The dict may hold any number of paths, and they may differ in length.")
@pytest.mark.see("plot_race")
def test_plot_shows_every_path(student):
    """plot_race draws all paths in the plane"""
    _, _, paths, figure = drawn(student)
    paths_of(figure, paths)


def exchanged(failure):
    return "another's name" in str(failure)


@pytest.mark.points(3)
@pytest.mark.hint("How does somebody who sees only the picture know which path is whose?")
@pytest.mark.hint("label=name in the call that draws, then axes.legend().")
@pytest.mark.see("plot_race")
def test_plot_names_every_path(student):
    """plot_race says which path is whose, and gives no curve another's name"""
    A, b, paths, figure = drawn(student)
    found = paths_of(figure, paths)
    nameless = told(
        "Your figure does not say which path is which.",
        lambda failure: str(failure).startswith("nothing says"),
    )
    with nameless, told("Your figure has the names of the paths exchanged.", exchanged):
        told_apart(figure, found)
    if holds(curves_drawn, figure, gaps(A, b, paths)):
        curves = curves_drawn(figure, gaps(A, b, paths))
        # Names are welcome there, and none is asked for.
        try:
            told_apart(figure, curves)
        except CheckFailed as failure:
            if exchanged(failure):
                failure.diagnosis = "Your figure has the names of the curves exchanged."
                raise


@pytest.mark.points(2)
@pytest.mark.hint("A contour joins the points where f has one value.")
@pytest.mark.hint("axes.contour wants the values of f on a grid: np.meshgrid.")
@pytest.mark.see("plot_race")
def test_plot_shows_contours(student):
    """plot_race draws contours of f behind the paths"""
    A, b, paths, figure = drawn(student)

    def f(points):
        return value(points, A, b)

    with told("Your figure has no contours.", lambda failure: failure.got == "no contours"):
        contours_drawn(figure, f)
    for name, path in paths.items():
        if not holds(path_drawn, figure, path):
            continue  # another check says so
        # A path may be drawn in several panels, and only one of them need have contours.
        found = path_drawn(figure, path)
        panels = [found.axes, *(other.axes for other in found.also)]
        require(
            any(holds(contours_drawn, figure, f, among=panel) for panel in panels),
            f"the path of {name} is not drawn over contours of f",
        )


START_NAMES = ("start", "init", "begin", "anfang", "inici", "début", "inizi", "x0", "x_0", "x_{0}")
MINIMISER_NAMES = ("min", "opt", "x*", "x^*", "x^{*}", r"\star", r"\ast")


def says(names, words):
    """Whether one of the names has one of the words in it."""
    return any(word in name.lower() for name in names for word in words)


@pytest.mark.points(3)
@pytest.mark.hint("Two points of their own: where the paths begin, and where f is smallest.")
@pytest.mark.hint("The minimiser is where the gradient is 0: A x = b. No path reaches it.")
@pytest.mark.see("plot_race")
def test_plot_marks_start_and_minimiser(student):
    """plot_race marks the start and the minimiser"""
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


def gaps(A, b, paths):
    """f - min f along each path."""
    low = value(MINIMISER[None], A, b)
    return {name: value(path, A, b) - low for name, path in paths.items()}


def gap_curves(figure, A, b, paths):
    """The curves of f - min f, with a failure's cause where another series is drawn.

    Their logarithms count as curves: that they are no logarithmic axis is another check's matter.
    """
    instead = {
        "Your curves show f itself: subtract min f.": lambda x: value(x, A, b),
        "Your curves show the distance to the minimiser, not f - min f.": lambda x: np.linalg.norm(
            x - MINIMISER, axis=1
        ),
        "Your curves show the length of the gradient, not f - min f.": lambda x: np.linalg.norm(
            x @ A - b, axis=1
        ),
        "Your curves are f minus the smallest f of the path, not minus min f.": lambda x: (
            value(x, A, b) - value(x, A, b).min()
        ),
    }
    wanted = gaps(A, b, paths)
    try:
        return curves_drawn(figure, wanted)
    except CheckFailed as failure:
        for logarithm in (np.log10, np.log):
            logs = {name: logarithm(gap) for name, gap in wanted.items()}
            if holds(curves_drawn, figure, logs):
                return curves_drawn(figure, logs)
        for words, series in instead.items():
            if holds(curves_drawn, figure, {name: series(path) for name, path in paths.items()}):
                failure.diagnosis = words
        if sum(axes.visible and bool(axes.artists) for axes in figure.axes) == 1:
            failure.diagnosis = "Your figure lacks the curves of f - min f."
        raise


@pytest.mark.points(4)
@pytest.mark.hint("A second axes: one curve for each path, one number for each of its rows.")
@pytest.mark.hint("f - min f against k, with min f the minimum of f, not of the path")
@pytest.mark.see("plot_race")
def test_plot_shows_every_curve(student):
    """plot_race draws f - min f against k for all paths"""
    *problem, figure = drawn(student)
    gap_curves(figure, *problem)


@pytest.mark.points(2)
@pytest.mark.hint("Equal factors are to be equal distances, upwards only.")
@pytest.mark.hint("axes.set_yscale, or semilogy. The values themselves stay as they are.")
@pytest.mark.see("plot_race")
def test_plot_has_a_logarithmic_axis(student):
    """plot_race draws the curves of f - min f with a logarithmic y axis"""
    *problem, figure = drawn(student)
    try:
        panels = [curve.axes for curve in gap_curves(figure, *problem).values()]
    except CheckFailed:
        # That other curves are drawn costs the points of another check.
        panels = [axes for axes in figure.axes if axes.artists and not axes.is_colorbar]
        if any(holds(log_scale, axes) for axes in panels):
            return
        raise
    for axes in panels:
        with told("The y axis of your curves is not logarithmic."):
            log_scale(axes)
