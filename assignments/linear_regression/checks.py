"""Public checks: worked numbers, properties, and the gradient against your own loss.

Run them with `python -m grader check`, or with pytest.
"""

import functools

import numpy as np
import pytest

from grader.checks import (
    array,
    assert_close,
    assert_in_either_form,
    assert_own_gradient,
    number,
    pair,
    passes,
    require,
    sequence,
    show,
)
from grader.checks.figure import (
    axes_labelled,
    curves_drawn,
    labels_in_place,
    log_scale,
)
from grader.errors import CheckFailed, StudentFault

PENALTIES = ["none", "l1", "l2"]


def small_example():
    """(w, b, X, y): three examples with the predictions 1, 3, -4 and the errors 2, -1, -3."""
    X = np.array([[1.0, 2.0], [2.0, 1.0], [-1.0, 4.0]])
    return np.array([2.0, -1.0]), 1.0, X, np.array([-1.0, 5.0, -2.0])


def judge_form_of_predict(student):
    array(student.predict(np.ones(2), 0.5, np.eye(3, 2)), "predict(w, b, X)", shape=(3,))


def with_predict_in_form(check):
    """A column in place of a row costs the points of predict, and not those of this check."""

    @functools.wraps(check)
    def either(student, *args, **fixtures):
        assert_in_either_form(
            lambda: check(student, *args, **fixtures),
            student,
            lambda: judge_form_of_predict(student),
            predict=0,
        )

    return either


@pytest.mark.points(3)
@pytest.mark.hint("One number for each row of X.")
@pytest.mark.hint("Row i times w, summed up, plus b: `X @ w` does all rows at once.")
@pytest.mark.see("predict")
def test_predict_example(student):
    """predict of three examples is 1, 4, -5"""
    w, b, X, _ = small_example()
    assert_close(student.predict(w, b, X), np.array([1.0, 4.0, -5.0]), "predict(w, b, X)")
    # Fractions are numbers too.
    answer = student.predict(w / 8, b, X)
    assert_close(answer, np.array([1.0, 1.375, 0.25]), "predict(w / 8, b, X)")


@pytest.mark.points(3)
@pytest.mark.parametrize(
    ("penalty", "expected"),
    [("none", 14 / 3), ("l1", 14 / 3 + 0.9), ("l2", 14 / 3 + 1.5)],
    ids=PENALTIES,
)
@pytest.mark.hint("A mean over the examples, and a penalty that is divided by k, both without b.")
@pytest.mark.hint("The squared errors are 4, 1 and 9; the penalty is 0.3 times 3 or 5, or nothing.")
@pytest.mark.see("loss")
def test_loss_example(student, penalty, expected):
    """loss of three examples with lam = 0.6"""
    w, b, X, y = small_example()
    answer = student.loss(w, b, X, y, 0.6, penalty)
    # With one more feature that plays no part, lam / k is the same where lam is 0.9.
    wider = student.loss(np.append(w, 0.0), b, np.column_stack([X, 0 * y]), y, 0.9, penalty)
    try:
        assert_close(answer, expected, f'loss(w, b, X, y, 0.6, "{penalty}")')
        assert_close(wider, expected, f'loss(w, b, X, y, 0.9, "{penalty}") with k = 3')
    except CheckFailed:
        # A wrong predict costs its own points: the loss of your own predictions is right too.
        errors = own_predictions(student) - y  # a column gives an error for every pair
        own = expected - 14 / 3 + np.mean(errors**2)
        if passes(test_predict_example, student) or not passes(assert_close, answer, own):
            raise
        assert_close(wider, own, f'loss(w, b, X, y, 0.9, "{penalty}") with k = 3')


def own_predictions(student):
    """What predict gives for the example, right or wrong; zeros where it cannot be read."""
    w, b, X, _ = small_example()
    try:
        return array(student.predict(w, b, X), "predict(w, b, X)")
    except (CheckFailed, StudentFault):
        return np.zeros(3)


@pytest.mark.points(2)
@pytest.mark.hint("Which branch does an unknown penalty take in your code?")
@pytest.mark.hint("After the three that are known comes one more case: `raise ValueError(...)`.")
@pytest.mark.see("loss")
def test_loss_refuses_an_unknown_penalty(student):
    """loss raises ValueError for an unknown penalty"""
    student.loss(*small_example(), 0.6, "l2")  # a loss that raises for whatever reason is not meant
    try:
        with pytest.raises(ValueError):
            student.loss(*small_example(), 0.6, "nonsense")
    except pytest.fail.Exception:
        raise CheckFailed(
            'loss with the penalty "nonsense" raises nothing',
            expected="a ValueError",
            diagnosis="Your loss accepts an unknown penalty: raise ValueError.",
        ) from None


@pytest.mark.points(3)
@pytest.mark.parametrize(
    ("penalty", "slopes"),
    [("none", [0.0, 0.0]), ("l1", [0.3, -0.3]), ("l2", [1.2, -0.6])],
    ids=PENALTIES,
)
@pytest.mark.hint("Work out the derivative for one example first, then take the mean.")
@pytest.mark.hint("The derivative of a square brings a factor of 2.")
@pytest.mark.hint("With each penalty only the part of dw changes, and db never does.")
@pytest.mark.see("gradient")
@with_predict_in_form
def test_gradient_example(student, penalty, slopes):
    """gradient of three examples with lam = 0.6"""
    dw, db = pair(student.gradient(*small_example(), 0.6, penalty), ("dw", "db"))
    try:
        assert_close(dw, np.array([2.0, -6.0]) + np.array(slopes), "dw")
        assert_close(db, -4 / 3, "db")
    except CheckFailed:
        if passes(test_predict_example, student) or not only_predict_is_wrong(student, penalty):
            raise


def only_predict_is_wrong(student, penalty):
    """Whether a gradient moves as it should with y, and with lam.

    With a predict that is wrong no more than this is judged here. The checks that run when the work
    is graded judge what follows from it.
    """
    w, b, X, y = small_example()
    move = np.array([1.0, -2.0, 3.0])
    try:
        pairs = [
            pair(student.gradient(*each), ("dw", "db"))
            for each in (
                (w, b, X, y, 0.6, penalty),
                (w, b, X, y + move, 0.6, penalty),
                (w, b, X, y, 2.6, penalty),
            )
        ]
        dw = np.array([array(each, "dw", shape=(2,)) for each, _ in pairs])
        db = np.array([number(each, "db") for _, each in pairs])
    except (CheckFailed, StudentFault):
        return False
    with_lam = {"none": [0.0, 0.0], "l1": [1.0, -1.0], "l2": [4.0, -2.0]}[penalty]
    return (
        passes(assert_close, dw[1] - dw[0], np.array([4.0, -8.0]))
        and passes(assert_close, db[1] - db[0], -4 / 3)
        and passes(assert_close, dw[2] - dw[0], np.array(with_lam), scale=4.0)
        and passes(assert_close, db[2] - db[0], 0.0)
    )


@pytest.mark.points(3)
@pytest.mark.parametrize("penalty", PENALTIES)
@pytest.mark.hint("Change one entry of w by 1e-6: loss should change by 1e-6 times that of dw.")
@pytest.mark.hint("Is it the gradient of the mean, with the penalty's derivative added to dw only?")
@pytest.mark.see("gradient")
@with_predict_in_form
def test_gradient_is_the_slope_of_loss(student, rng, penalty):
    """gradient agrees with the slope of your own loss"""
    X, y = rng.normal(size=(7, 3)), rng.normal(size=7)
    w = np.array([1.2, -0.8, 0.9]) + rng.uniform(-0.2, 0.2, size=3)  # off the kinks of |w_j|
    b, lam = 0.7, 1.4
    try:
        assert_own_gradient(
            student.loss,
            student.gradient(w, b, X, y, lam, penalty),
            (w, b),
            lambda w, b: (w, b, X, y, lam, penalty),
            names=("dw", "db"),
            loss_name="loss",
            rng=rng,
        )
    except CheckFailed:
        # A wrong loss or predict costs its own points, not those of a gradient that is right.
        expected = dict(zip(PENALTIES, ([0.0, 0.0], [0.3, -0.3], [1.2, -0.6]), strict=True))
        loss = dict(zip(PENALTIES, (14 / 3, 14 / 3 + 0.9, 14 / 3 + 1.5), strict=True))
        loss_is_right = passes(test_predict_example, student) and passes(
            test_loss_example, student, penalty, loss[penalty]
        )
        if loss_is_right or not passes(test_gradient_example, student, penalty, expected[penalty]):
            raise


@pytest.mark.points(2)
@pytest.mark.hint("At w_j = 0 the slope of |w_j| may be any number from -1 to 1.")
@pytest.mark.hint("np.sign gives 0 there, w / abs(w) gives nan.")
@pytest.mark.see("gradient")
@with_predict_in_form
def test_gradient_where_a_weight_is_zero(student):
    """gradient with "l1" where a weight is 0: any subgradient is right"""
    _, b, X, y = small_example()
    w, lam = np.array([0.0, -1.0]), 0.6
    dw, db = pair(student.gradient(w, b, X, y, lam, "l1"), ("dw", "db"))
    # The errors are 0, -5 and -1.
    slope, bound = 2 / 3 * np.array([-9.0, -9.0]), lam / 2
    read = array(dw, "dw", shape=(2,))
    kink = float(np.clip(read[0], slope[0] - bound, slope[0] + bound))
    try:
        assert_close(read, np.array([kink, slope[1] - bound]), "dw")
        assert_close(db, -4.0, "db")
    except CheckFailed:
        # With a predict that is wrong, what "l1" adds to the gradient is judged.
        smooth, free = pair(student.gradient(w, b, X, y, lam, "none"), ("dw", "db"))
        added = read - array(smooth, "dw", shape=(2,))
        kink = float(np.clip(added[0], -bound, bound))
        if (
            passes(test_predict_example, student)
            or not passes(assert_close, added, np.array([kink, -bound]))
            or not passes(assert_close, db, number(free, "db"))
        ):
            raise


@pytest.mark.points(4)
@pytest.mark.hint("Without a penalty these points lie on a plane exactly: which one?")
@pytest.mark.hint("At the minimum all derivatives are 0: that is a system of linear equations.")
@pytest.mark.hint("np.linalg.solve solves one. Does yours have an equation for b?")
@pytest.mark.see("solve")
def test_solve_of_points_on_a_plane(student):
    """solve with lam = 0 finds the plane that the points lie on"""
    X = np.array([[1.0, 0.0], [0.0, 1.0], [2.0, 1.0], [1.0, 3.0], [-1.0, 2.0]])
    w, b = pair(student.solve(X, 3 * X[:, 0] - 2 * X[:, 1] + 5, 0.0), ("w", "b"))
    assert_close(w, np.array([3.0, -2.0]), "w", scale=5.0)
    assert_close(b, 5.0, "b")


@pytest.mark.points(4)
@pytest.mark.hint("How large is b where the penalty is huge? It is not penalised itself.")
@pytest.mark.hint("The mean over the examples has the factor 1/n, the penalty 1/k.")
@pytest.mark.hint("With one feature the derivatives are two equations: solve them on paper.")
@pytest.mark.see("solve")
def test_solve_example(student):
    """solve with a penalty, worked out by hand"""
    X, y = np.array([[1.0], [2.0], [6.0]]), np.array([4.0, 1.0, 10.0])
    # The mean of (x - 3)^2 is 14/3 and that of (x - 3)(y - 5) is 7; b = 5 - 3 w.
    for lam, expected in ((0.0, 3 / 2), (7 / 3, 1.0), (28 / 3, 1 / 2)):
        w, b = pair(student.solve(X, y, lam), ("w", "b"))
        assert_close(w, np.array([expected]), f"w of solve(X, y, {lam:.6g})")
        assert_close(b, 5 - 3 * expected, f"b of solve(X, y, {lam:.6g})", scale=3.0)


def descended(student, X, y, lam, penalty, steps, step_size):
    """(w, b, history) of a descent with your own gradient and your own loss."""
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for step in range(steps + 1):
        history.append(number(student.loss(w, b, X, y, lam, penalty), "loss"))
        if step < steps:
            dw, db = slopes(student, w, b, X, y, lam, penalty)
            w, b = w - step_size * dw, b - step_size * db
    return w, b, np.array(history)


def slopes(student, w, b, X, y, lam, penalty):
    dw, db = pair(student.gradient(w, b, X, y, lam, penalty), ("dw", "db"))
    dw = array(dw, "dw", shape=w.shape)
    if penalty == "l1":
        # gradient may give |w_j| any slope from -1 to 1 at 0, fit is to take 0 there.
        smooth = pair(student.gradient(w, b, X, y, lam, "none"), ("dw", "db"))[0]
        smooth = array(smooth, "dw", shape=w.shape)
        free = (w == 0) & (np.abs(dw - smooth) <= 1.001 * lam / len(w))
        dw = np.where(free, smooth, dw)
    return dw, number(db, "db")


def judge_forms(student):
    judge_form_of_predict(student)
    X, y = np.eye(3, 2), np.arange(3.0)
    dw, db = pair(student.gradient(np.ones(2), 0.5, X, y, 0.3, "l2"), ("dw", "db"))
    array(dw, "dw", shape=(2,))
    number(db, "db")


def judge_fit(student, probe, expected):
    """Where gradient or loss is wrong, fit is right if it does the right thing with them."""

    def judge():
        answer = student.fit(*probe)
        if not passes(compare, answer, expected) and not follows_own(answer):
            compare(answer, expected)

    def compare(answer, wanted):
        for got, value, name in zip(
            sequence(answer, 3, "(w, b, history)"), wanted, ("w", "b", "history"), strict=True
        ):
            assert_close(got, value, name)

    def follows_own(answer):
        return passes(lambda: compare(answer, descended(student, *probe)))

    judge_in_either_form(judge, student)


def judge_in_either_form(judge, student):
    """Answers of another form cost the points of predict or gradient, and not those of fit."""
    assert_in_either_form(judge, student, lambda: judge_forms(student), predict=0, gradient=2)


@pytest.mark.points(2)
@pytest.mark.hint("At w = 0 and b = 0 every prediction is 0, and so is every penalty.")
@pytest.mark.hint("history has one entry before any step is taken.")
@pytest.mark.see("fit")
def test_fit_starts_at_zeros(student):
    """fit with 0 steps returns zeros and the loss there, the mean of y^2"""
    X, y = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]]), np.array([1.0, -2.0, 4.0])
    judge_fit(student, (X, y, 0.5, "l2", 0, 0.1), (np.zeros(2), 0.0, np.array([7.0])))


@pytest.mark.points(3)
@pytest.mark.parametrize(
    ("penalty", "losses"),
    [
        ("none", [13.0, 6.05]),
        ("l1", [13.0, 6.05 + 0.48]),
        ("l2", [13.0, 6.05 + 0.416]),
    ],
    ids=PENALTIES,
)
@pytest.mark.hint("A penalty has no slope at w = 0: sign(0) is 0, and so is its square's.")
@pytest.mark.hint("Compute both derivatives before you change w or b.")
@pytest.mark.hint("history holds loss with its penalty, the last entry at the w and b returned.")
@pytest.mark.see("fit")
def test_fit_takes_one_step(student, penalty, losses):
    """fit with 1 step returns what one step from zeros gives"""
    X = np.array([[1.0, 2.0], [-1.0, 0.0], [0.0, -2.0], [2.0, 2.0]])
    y = np.array([4.0, 0.0, -6.0, 0.0])
    # The derivatives at zeros are (-2, -10) and 1. A penalty's slope is 0 there.
    expected = (np.array([0.2, 1.0]), -0.1, np.array(losses))
    judge_fit(student, (X, y, 0.8, penalty, 1, 0.1), expected)


@pytest.mark.points(2)
@pytest.mark.hint("The start counts: one entry before the first step, and one after each step.")
@pytest.mark.hint("A small step against the gradient makes the loss smaller: look at the sign.")
@pytest.mark.see("fit")
def test_fit_history_falls(student, rng):
    """fit records steps + 1 losses, each lower than the one before"""
    X = rng.normal(size=(20, 2)) + np.array([1.0, -0.5])
    y = X @ np.array([2.0, -1.0]) + 3 + 0.1 * rng.normal(size=20)
    judge_in_either_form(lambda: judge_falling(student, (X, y, 0.2, "l2", 15, 0.05)), student)


def judge_falling(student, probe):
    """Unless the history is that of the student's own functions, each value is a lower one."""
    _, _, history = sequence(student.fit(*probe), 3, "(w, b, history)")
    values = array(history, "history", shape=(16,))
    falls = np.diff(values) < 0
    first = int(np.argmin(falls))  # where it does not, if anywhere
    try:
        require(
            bool(falls.all()),
            f"history does not fall from iteration {first} to {first + 1}",
            expected=f"less than {values[first]:.10g}",
            got=f"{values[first + 1]:.10g}",
            where=f"[{first + 1}]",
        )
    except CheckFailed as failure:
        try:
            assert_close(values, descended(student, *probe)[2], "history")
        except (CheckFailed, StudentFault):
            raise failure from None
        # Constant values show no descent.
        if np.ptp(values) == 0:
            raise


@pytest.mark.points(4)
@pytest.mark.hint("Each column has a mean and a standard deviation of its own.")
@pytest.mark.hint("The mean square of each column of Z is 1: which number divides the variance?")
@pytest.mark.see("standardise")
def test_standardise_example(student):
    """standardise of two columns"""
    # The columns less their means: -3, -1, 1, 3, 0 and -8, 2, 2, 2, 2.
    X = np.array([[1.0, 2.0], [3.0, 12.0], [5.0, 12.0], [7.0, 12.0], [4.0, 12.0]])
    Z, mean, std = sequence(student.standardise(X), 3, "(Z, mean, std)")
    expected_mean, expected_std = np.array([4.0, 10.0]), np.array([2.0, 4.0])
    assert_close(mean, expected_mean, "mean")
    assert_close(std, expected_std, "std")
    assert_close(Z, (X - expected_mean) / expected_std, "Z")


@pytest.mark.points(2)
@pytest.mark.hint("0 / 0 is nan. What should stand in place of a standard deviation of 0?")
@pytest.mark.hint("np.where(std > 0, std, 1.0)")
@pytest.mark.see("standardise")
def test_standardise_a_constant_column(student):
    """standardise turns a constant column into zeros, with a std of 1"""
    X = np.array([[2.0, 1.0], [2.0, 3.0], [2.0, 3.0], [2.0, 1.0]])
    Z, mean, std = sequence(student.standardise(X), 3, "(Z, mean, std)")
    assert_close(Z, np.array([[0.0, -1.0], [0.0, 1.0], [0.0, 1.0], [0.0, -1.0]]), "Z")
    assert_close(mean, np.array([2.0, 2.0]), "mean")
    assert_close(std, np.array([1.0, 1.0]), "std")


@pytest.mark.points(4)
@pytest.mark.hint("One row for each lam, in the order of lams; b is not part of it.")
@pytest.mark.hint("np.array of a list of rows, each the w of one call of solve.")
@pytest.mark.see("coefficient_path")
def test_coefficient_path_example(student):
    """coefficient_path of three lams that are in no order"""
    # The columns are centred and orthogonal: w_j = c_j / (v_j + lam/2) with the means
    # v = (1, 4) of x_j^2 and c = (3, -4) of x_j y.
    X = np.array([[1.0, 2.0], [1.0, -2.0], [-1.0, 2.0], [-1.0, -2.0]])
    y = np.array([3.0, 7.0, -3.0, 1.0])
    lams = np.array([4.0, 0.0, 2.0])
    expected = np.array([[1.0, -2 / 3], [3.0, -1.0], [3 / 2, -4 / 5]])
    answer = student.coefficient_path(X, y, lams)
    try:
        assert_close(answer, expected, "coefficient_path(X, y, lams)")
    except CheckFailed:
        # With a solve that is wrong, its own values are the right ones here.
        own = [pair(student.solve(X, y, lam), ("w", "b"))[0] for lam in lams.tolist()]
        rows = [array(w, "w", shape=(2,)) for w in own]
        if not np.any(rows) or not passes(assert_close, answer, np.array(rows)):
            raise


def path_example():
    """(lams, path): four coefficients that shrink at different rates, one of them with a detour
    beyond another: a sorted row would show."""
    lams = np.geomspace(0.01, 1000.0, 26)
    shrink = 1 / (1 + np.outer(lams, [0.05, 0.5, 3.0, 0.2]))
    path = np.array([3.0, -2.0, 1.5, -0.7]) * shrink
    path[:, 3] += 8 * lams / (1 + lams) ** 2
    return lams, path


@pytest.mark.points(3)
@pytest.mark.hint("Column j of path is the curve of coefficient j: how many curves are there?")
@pytest.mark.hint("ax.plot(lams, path) draws all columns, each against lams.")
@pytest.mark.see("plot_path")
def test_plot_shows_every_coefficient(student):
    """plot_path draws one curve for each coefficient against lam"""
    lams, path = path_example()
    for order in (slice(None), slice(None, None, -1)):  # rising and falling
        figure = student.plot_path.draw(lams[order], path[order])
        shown = {f"coefficient {j}": path[order, j] for j in range(4)}
        curves_drawn(figure, shown, x=lams[order])


@pytest.mark.points(2)
@pytest.mark.hint("The lams span five powers of ten. On which scale are they equally far apart?")
@pytest.mark.hint('ax.set_xscale("log")')
@pytest.mark.see("plot_path")
def test_plot_has_a_logarithmic_axis(student):
    """plot_path has a logarithmic x axis"""
    lams, path = path_example()
    figure = student.plot_path.draw(lams, path)
    scales = []
    for axes in figure.axes:
        if axes.visible and not axes.is_colorbar and axes.artists:
            if passes(log_scale, axes, "x"):
                return
            scales.append(axes.x.scale)
    raise CheckFailed(
        "the x axis is not logarithmic",
        expected="a logarithmic scale for lam",
        got=f"scale {show(scales[0])}" if scales else "an empty figure",
    )


@pytest.mark.points(2)
@pytest.mark.hint("What do the numbers to the right and upwards mean? The figure is to say so.")
@pytest.mark.hint("axes.set_xlabel and axes.set_ylabel.")
@pytest.mark.see("plot_path")
def test_plot_labels_its_axes(student):
    """plot_path labels both axes"""
    figure = student.plot_path.draw(*path_example())
    axes_labelled(figure)
    labels_in_place(
        figure, x=("lam", "λ", "penal", "straf"), y=("coef", "koeff", "weight", "gewicht")
    )
