"""Public checks: worked numbers, properties, and slopes of your own functions.

Run them with `python -m grader check`, or with pytest.
"""

import numpy as np
import pytest

from grader.checks import (
    array,
    assert_close,
    assert_names,
    assert_own_gradient,
    follows_own_slope,
    pair,
    passes,
    require,
)
from grader.checks.figure import (
    axes_labelled,
    functions_drawn,
    functions_named,
    labels_in_place,
)
from grader.errors import CheckFailed, StudentFault

T = np.array([-1.5, -0.5, 0.25, 0.75, 2.0])
LOSSES = {
    "zero_one": [1.0, 1.0, 0.0, 0.0, 0.0],
    "hinge": [2.5, 1.5, 0.75, 0.25, 0.0],
    "logistic": [2.4546204986, 1.4052960345, 0.8309049449, 0.558136882, 0.1831184121],
    "modified_huber": [4.0, 2.0, 0.5625, 0.0625, 0.0],
    "exponential": [4.4816890703, 1.6487212707, 0.7788007831, 0.4723665527, 0.1353352832],
    "sigmoid": [0.8175744762, 0.6224593312, 0.4378234991, 0.3208213008, 0.119202922],
}
DERIVATIVES = {
    "exponential": [-4.4816890703, -1.6487212707, -0.7788007831, -0.4723665527, -0.1353352832],
    "hinge": [-1.0, -1.0, -1.0, -1.0, 0.0],
    "logistic": [-1.17951064, -0.89801899, -0.63164579, -0.4628473, -0.17197346],
    "modified_huber": [-2.0, -2.0, -1.5, -0.5, 0.0],
    "sigmoid": [-0.14914645, -0.23500371, -0.24613408, -0.21789499, -0.10499359],
}

# What follows from a loss of one's own, other than its slope by differences.
SLOPES = {
    "exponential": [lambda own: -own("exponential")],
    "logistic": [
        lambda own: -own("sigmoid") / np.log(2.0),
        lambda own: (2.0 ** -own("logistic") - 1) / np.log(2.0),
    ],
    "sigmoid": [lambda own: -own("sigmoid") * (1 - own("sigmoid"))],
}
# For the figure: it may be cut off above 1.5, and TOP is a little less.
PLACES = np.array([-2.0, -1.5, -1.0, -0.5, -0.25, 0.25, 0.5, 0.75, 1.25, 1.75, 2.25, 2.75])
TOP = 1.45
HEIGHTS = {
    "zero_one": [1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    "hinge": [3.0, 2.5, 2.0, 1.5, 1.25, 0.75, 0.5, 0.25, 0.0, 0.0, 0.0, 0.0],
    "logistic": [3.06851, 2.45462, 1.89464, 1.4053, 1.19158, 0.8309, 0.68395, 0.55814,
                 0.36346, 0.23115, 0.14457, 0.0894],
    "modified_huber": [5.0, 4.0, 3.0, 2.0, 1.5, 0.5625, 0.25, 0.0625, 0.0, 0.0, 0.0, 0.0],
    "exponential": [7.38906, 4.48169, 2.71828, 1.64872, 1.28403, 0.7788, 0.60653, 0.47237,
                    0.2865, 0.17377, 0.1054, 0.06393],
    "sigmoid": [0.8808, 0.81757, 0.73106, 0.62246, 0.56218, 0.43782, 0.37754, 0.32082,
                0.2227, 0.14805, 0.09535, 0.06009],
}  # fmt: skip

# What says a loss in other words, or by its formula of any variable.
WORDS = {
    "zero_one": (r"(?<!smooth)(?<!smoothed)(?<!soft)0[-/]1(?!\d)", "zero-?(one|un|uno|um)",
                 "cero-?uno", "null-?eins", "零一", "ноль", "misclass", "indicat", "heaviside",
                 r"1[_(\[]+[a-z]+(<|le|≤)=?0"),
    "hinge": ("svm", "charniere", "bisagra", "scharnier", "cerniera", "dobradica", "шарнир",
              "合页", "铰链", r"max[(\[]?0,1-", r"max[(\[]?1-[^,]+,0",
              r"(\[1-[a-z]+\]|\(1-[a-z]+\))_?\+(?!\^)"),
    "logistic": ("log", r"\bln", r"ln\(", "softplus", "devian", "entrop", "лог", "逻辑", "对数"),
    "modified_huber": ("huber", "хубер", "хьюбер", "1-2[a-z]",
                       r"(\([a-z]+-1\)|\(1-[a-z]+\)|\[1-[a-z]+\])(_?\+)?\^2"),
    "exponential": ("expon", "espon", "exp(?=loss|verlust)", r"exp(?![a-z(]*\()(?![a-z])",
                    "экспон", "指数", "(?<!logit)boosting", "adaboost",
                    r"(?<![-+/(])(?<!frac)(e\^\(?|exp\()-[a-z]++\)?(?![)/+])"),
    "sigmoid": ("sigm", "сигм", "σ", r"(1/\(?|frac1)1\+(e\^\(?|exp\(?)[a-z]"),
}  # fmt: skip


def small_data():
    """(w, b, X, y): four examples with the margins -1.25, 1.5, -1.25 and 0.25."""
    X = np.array([[1.0, 2.0], [3.0, 0.25], [0.0, -1.0], [-1.0, 0.0]])
    return np.array([0.5, -1.0]), 0.25, X, np.array([1.0, 1.0, -1.0, -1.0])


def own(student, name, t):
    """The student's own losses of t, None where they cannot be read."""
    try:
        return array(student.loss(name, t), shape=np.shape(t))
    except StudentFault:
        return None


def is_right(student, name):
    """Whether the student's loss of this name gives the worked numbers."""
    losses = own(student, name, T)
    return losses is not None and passes(assert_close, losses, LOSSES[name])


@pytest.mark.points(6)
@pytest.mark.parametrize("name", sorted(LOSSES))
@pytest.mark.hint("Which formula of the table belongs to this name, and on which side of 0 or 1?")
@pytest.mark.hint("np.where(condition, this, that) chooses for each element by itself.")
@pytest.mark.see("loss")
def test_loss_example(student, name):
    """loss of five margins, for each name"""
    assert_close(student.loss(name, T), LOSSES[name], f"loss({name!r}, t)")


@pytest.mark.points(2)
@pytest.mark.hint("It works on each number of t by itself and keeps the shape of t.")
@pytest.mark.hint("A condition on a whole array belongs into np.where, not into an `if`.")
@pytest.mark.see("loss")
def test_loss_keeps_the_shape(student):
    """loss of arrays with no, two and three axes"""
    flat = np.array([-1.0, 0.5, 2.0, 1.5, -0.25, 4.0, -3.0, 0.75])
    shapes = [(8,), (2, 4), (2, 2, 2), (8, 1)]
    for name in LOSSES:
        calls = [(name, flat.reshape(shape)) for shape in shapes]
        first, *others = student.loss.map(calls)
        single = student.loss(name, np.array(0.5))
        losses = array(first, f"loss({name!r}, t)", shape=(8,))
        for shape, answer in zip(shapes[1:], others, strict=True):
            shown = f"loss({name!r}, t) for t of shape {shape}"
            assert_close(answer, losses.reshape(shape), shown)
        assert_close(single, losses[1], f"loss({name!r}, t) for t of shape ()")


@pytest.mark.points(2)
@pytest.mark.hint("Which branch does an unknown name take in your code?")
@pytest.mark.hint("After the six that are known comes one more case: `raise ValueError(...)`.")
@pytest.mark.see("loss")
def test_loss_refuses_an_unknown_name(student):
    """loss raises ValueError for an unknown name"""
    student.loss("hinge", T)  # a loss that raises for whatever reason is not meant
    with pytest.raises(ValueError):
        student.loss("nonsense", T)


@pytest.mark.points(2)
@pytest.mark.hint("exp of a large number overflows. For which t does your formula form one?")
@pytest.mark.hint("log(1 + e^a) is np.logaddexp(0, a), which forms no large number.")
@pytest.mark.hint("1 / (1 + e^t) is e^-t / (1 + e^-t): take the one whose exponent is negative.")
@pytest.mark.see("loss")
def test_loss_far_out(student):
    """the logistic and the sigmoid loss of margins of -1000 and 1000"""
    t = np.array([-1000.0, 1000.0])
    assert_close(student.loss("logistic", t), [1442.6950408890, 0.0], "loss('logistic', t)")
    assert_close(student.loss("sigmoid", t), [1.0, 0.0], "loss('sigmoid', t)")


@pytest.mark.points(5)
@pytest.mark.parametrize("name", sorted(DERIVATIVES))
@pytest.mark.hint("Differentiate each branch of the loss with respect to t.")
@pytest.mark.hint("All six losses fall or stay level: no slope is positive.")
@pytest.mark.see("derivative")
def test_derivative_example(student, name):
    """derivative at five margins, for each name"""
    answer = student.derivative(name, T)
    try:
        assert_close(answer, DERIVATIVES[name], f"derivative({name!r}, t)", exact=1e-7)
    except CheckFailed:
        if is_right(student, name) and is_right(student, "sigmoid"):
            raise
        if not follows_own_loss(student, name, answer):
            raise


def follows_own_loss(student, name, answer):
    """Whether a derivative that calls loss is right with what that gives, which costs its own."""
    return follows_own_slope(
        answer,
        (name, T),
        student=student,
        function="derivative",
        of="loss",
        rules=SLOPES.get(name, ()),
    )


class Summed:
    """The sum of the student's losses, as a function of all margins."""

    def __init__(self, student):
        self.loss = student.loss

    def map(self, calls):
        return [float(array(answer, "loss(name, t)").sum()) for answer in self.loss.map(calls)]


@pytest.mark.points(5)
@pytest.mark.parametrize("name", sorted(DERIVATIVES))
@pytest.mark.hint("Change t by 1e-6: the loss should change by 1e-6 times its derivative.")
@pytest.mark.hint("For the logistic loss, log2(a) is log(a) / log(2).")
@pytest.mark.see("derivative")
def test_derivative_is_the_slope_of_the_loss(student, rng, name):
    """derivative agrees with the slope of your own loss"""
    t = np.array([-2.0, -0.6, 0.5, 1.8, 3.0])  # away from the corners
    try:
        assert_own_gradient(
            Summed(student),
            student.derivative(name, t),
            (t,),
            lambda t: (name, t),
            names=(f"derivative({name!r}, t)",),
            loss_name=f"loss({name!r}, t)",
            rng=rng,
        )
    except CheckFailed:
        # A wrong loss costs its own points, not those of a derivative that is right or rests on it.
        if is_right(student, name) and is_right(student, "sigmoid"):
            raise
        if not passes(test_derivative_example, student, name):
            raise


@pytest.mark.points(4)
@pytest.mark.hint("The margins first: y_i (w.x_i + b), one for each example.")
@pytest.mark.hint("The risk is the mean of their losses, not the sum.")
@pytest.mark.see("empirical_risk")
def test_empirical_risk_example(student):
    """empirical_risk of four examples"""
    w, b, X, y = small_data()
    for name, expected in (("hinge", 1.3125), ("zero_one", 0.5), ("exponential", 1.9956542145)):
        answer = student.empirical_risk(name, w, b, X, y)
        shown = f"empirical_risk({name!r}, w, b, X, y)"
        if not passes(assert_close, answer, expected):
            # A wrong loss costs its own points: the mean of your own four losses is right too.
            losses = own(student, name, np.array([-1.25, 1.5, -1.25, 0.25]))
            if (
                losses is None
                or not losses.any()
                or not passes(assert_close, answer, losses.mean())
            ):
                assert_close(answer, expected, shown)


@pytest.mark.points(4)
@pytest.mark.hint("Each example contributes the derivative at its margin, times y_i, times x_i.")
@pytest.mark.hint("For gb the same without x_i; both are means over the examples.")
@pytest.mark.see("risk_gradient")
def test_risk_gradient_example(student):
    """risk_gradient of four examples"""
    w, b, X, y = small_data()
    examples = {
        "hinge": ([-0.5, -0.75], 0.25),
        "sigmoid": ([-0.2166695613, -0.1391502449], 0.0242469077),
    }
    for name, (gw, gb) in examples.items():
        answer = student.risk_gradient(name, w, b, X, y)
        got_gw, got_gb = pair(answer, ("gw", "gb"))
        try:
            assert_close(got_gw, gw, f"gw for {name!r}")
            assert_close(got_gb, gb, f"gb for {name!r}")
        except CheckFailed:
            if not _follows_own_derivative(student, name, got_gw, got_gb):
                raise


def _follows_own_derivative(student, name, gw, gb):
    """Whether a wrong derivative, which costs its own points, explains the gradient."""
    _, _, X, y = small_data()
    try:
        slopes = array(student.derivative(name, np.array([-1.25, 1.5, -1.25, 0.25])), shape=(4,))
    except StudentFault:
        return False
    pulls = slopes * y / 4
    right = passes(assert_close, gw, X.T @ pulls) and passes(assert_close, gb, pulls.sum())
    return bool(slopes.any()) and right


@pytest.mark.points(3)
@pytest.mark.hint("The loss at the middle, less the mean of the losses at both ends.")
@pytest.mark.hint("The middle is (u + v) / 2, element by element.")
@pytest.mark.see("midpoint_gap")
def test_midpoint_gap_example(student):
    """midpoint_gap of three pairs"""
    u, v = np.array([-2.0, -3.0, 0.5]), np.array([2.0, -0.5, 1.75])
    examples = {
        "hinge": [-0.5, 0.0, -0.25],
        "modified_huber": [-1.5, 0.0, -0.125],
        "sigmoid": [0.0, 0.064436073, -0.0177089203],
    }
    for name, expected in examples.items():
        answer = student.midpoint_gap(name, u, v)
        shown = f"midpoint_gap({name!r}, u, v)"
        if not passes(assert_close, answer, expected, exact=1e-9):
            ends = own(student, name, np.concatenate([u, v, [0.0, -1.75, 1.125]]))
            if ends is None or not ends.any():
                assert_close(answer, expected, shown)
            low, high, middle = ends.reshape(3, 3)
            if not passes(assert_close, answer, middle - (low + high) / 2, scale=1.0):
                assert_close(answer, expected, shown)


def assert_list(student, answer, expected, shown, *, trusted):
    """The answer is the list of names that is expected, where the functions below it are right.

    A wrong loss or midpoint_gap costs its own points. Then only the form is judged here; the checks
    that run when the work is graded judge what follows from it.
    trusted: whether what is called below is right, apart from the five losses.
    """
    try:
        assert_names(answer, expected, shown)
    except CheckFailed as failure:
        right = {name for name in DERIVATIVES if trusted and is_right(student, name)}
        names = isinstance(answer, list) and all(isinstance(name, str) for name in answer)
        if len(right) == len(DERIVATIVES) or not names:
            raise
        kept = [name for name in answer if name in right or name not in DERIVATIVES]
        if kept != [name for name in expected if name in right] or answer != sorted(set(answer)):
            raise failure from None


@pytest.mark.points(3)
@pytest.mark.hint("One pair whose midpoint lies above the chord is enough to refute convexity.")
@pytest.mark.hint("Compare every number of the grid with every other one, not with the next only.")
@pytest.mark.see("nonconvex_losses")
def test_nonconvex_losses_example(student):
    """nonconvex_losses finds one of the five, and none on a grid that shows none"""
    examples = [([-2.0, 0.5, -0.75, 3.0, 1.25], ["sigmoid"]), ([0.5, 2.0, 1.25], [])]
    for grid, expected in examples:
        answer = student.nonconvex_losses(np.array(grid))
        if passes(assert_names, answer, expected):
            continue
        trusted = passes(test_midpoint_gap_example, student)
        assert_list(student, answer, expected, f"nonconvex_losses({grid})", trusted=trusted)


@pytest.mark.points(3)
@pytest.mark.hint("At every number of the grid the loss is compared with the zero-one loss.")
@pytest.mark.hint("A loss of 0 where the zero-one loss is 0 is still a bound.")
@pytest.mark.see("upper_bounds")
def test_upper_bounds_example(student):
    """upper_bounds on a grid with positive and negative numbers, and on positive ones"""
    four = ["exponential", "hinge", "logistic", "modified_huber"]
    examples = [([-2.0, 0.5, -0.75, 3.0, 1.25], four), ([0.5, 2.0, 1.25], [*four, "sigmoid"])]
    for grid, expected in examples:
        answer = student.upper_bounds(np.array(grid))
        if passes(assert_names, answer, expected):
            continue
        trusted = is_right(student, "zero_one")
        assert_list(student, answer, expected, f"upper_bounds({grid})", trusted=trusted)


def drawn(student):
    """The figure and its six curves: of the right losses, or of the student's own."""
    ts = np.arange(-40, 49) / 16
    figure = student.plot_losses.draw(ts)
    heights = {name: np.array(values) for name, values in HEIGHTS.items()}
    try:
        return figure, functions_drawn(figure, PLACES, heights, top=TOP)
    except CheckFailed:
        # A picture of wrong losses is right where it shows what your loss gives.
        losses = {name: own(student, name, PLACES) for name in HEIGHTS}
        read = {name: h if h is not None else heights[name] for name, h in losses.items()}
        if len({tuple(h.round(6)) for h in read.values()}) < len(HEIGHTS):
            raise
        if not all((h <= TOP).any() for h in read.values()):
            raise
        try:
            return figure, functions_drawn(figure, PLACES, read, top=TOP)
        except CheckFailed:
            pass
        raise


@pytest.mark.points(5)
@pytest.mark.hint("Six curves over the same ts: what your own loss gives for each name.")
@pytest.mark.hint(
    "The exponential loss is huge on the left: cut the picture off, not the curves, with set_ylim."
)
@pytest.mark.see("plot_losses")
def test_plot_shows_every_loss(student):
    """plot_losses draws all six losses against the margin"""
    drawn(student)


@pytest.mark.points(3)
@pytest.mark.hint("A reader has to know which curve is which.")
@pytest.mark.hint("`label=name` in the call that draws each one, then axes.legend().")
@pytest.mark.see("plot_losses")
def test_plot_names_the_losses(student):
    """plot_losses gives each curve its own name"""
    functions_named(*drawn(student), words=WORDS)


@pytest.mark.points(1)
@pytest.mark.hint("What is drawn to the right and what upwards? The figure is to say so.")
@pytest.mark.hint("axes.set_xlabel and axes.set_ylabel.")
@pytest.mark.see("plot_losses")
def test_plot_labels_its_axes(student):
    """plot_losses labels both axes"""
    figure = student.plot_losses.draw(np.arange(-40, 49) / 16)
    require(figure.axes != (), "the figure is empty")
    axes_labelled(figure)
    labels_in_place(figure, x=("margin", "marge"))
