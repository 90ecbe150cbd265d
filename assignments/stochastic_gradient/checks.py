"""Public checks: worked numbers, properties, and the figure.

Run them with `python -m grader check`, or with pytest.
"""

from contextlib import contextmanager, suppress

import numpy as np
import pytest

from grader.checks import (
    array,
    assert_close,
    assert_in_either_form,
    assert_path,
    number,
    pair,
    passes,
    require,
)
from grader.checks.figure import (
    axes_labelled,
    curve_drawn,
    curves_drawn,
    labels_in_place,
    log_scale,
    told_apart,
)
from grader.errors import CheckFailed, GraderFault, StudentFault


def three_examples():
    """w, X, y whose examples have the gradients (2, 1), (0, 2) and (1, -1)."""
    X = np.array([[2.0, 1.0], [0.0, 1.0], [1.0, -1.0]])
    return np.array([1.0, -1.0]), X, np.array([0.0, -3.0, 1.0])


@contextmanager
def told(words, only=lambda failure: True):
    """Names the mistake behind a failure inside, where it is `only` that one."""
    try:
        yield
    except CheckFailed as failure:
        if only(failure):
            failure.diagnosis = words
        raise


def judge(compare, right, own):
    """A mistake in a gradient costs its own points, not those of a function that rests on it.

    compare(value): raises CheckFailed unless the answer agrees. own(): what it should be with the
    student's own gradients.
    """
    try:
        compare(right)
    except CheckFailed as failure:
        try:
            compare(own())
        except StudentFault:
            raise failure from None


def moving(value, shape):
    """What a gradient of the student's gave; zeros show no rule."""
    read = array(value, shape=shape)
    require(read.any(), "the gradient is 0")
    return read


@pytest.mark.points(3)
@pytest.mark.hint("The gradient of 1/2 (w.x - y)^2 with respect to w is (w.x - y) x.")
@pytest.mark.hint("The residuals are 1, 2 and 1 here. F is the mean of the f_i, not their sum.")
@pytest.mark.see("full_gradient")
def test_full_gradient_example(student):
    """full_gradient of three examples"""
    assert_close(student.full_gradient(*three_examples()), [1.0, 2 / 3], "full_gradient(w, X, y)")


@pytest.mark.points(4)
@pytest.mark.hint("An index that stands there twice counts twice, in the sum and in the number.")
@pytest.mark.hint("X[indices] repeats a row as often as its index; a set of indices would not.")
@pytest.mark.see("batch_gradient")
def test_batch_gradient_example(student):
    """batch_gradient of one example, of two, and with an example twice"""
    w, X, y = three_examples()
    batches = [[1], [2, 0], [0, 0, 2], [2, 2, 1, 2, 2]]
    expected = [[0.0, 2.0], [1.5, 0.0], [5 / 3, 1 / 3], [0.8, -0.4]]
    answers = student.batch_gradient.map([(w, X, y, np.array(batch)) for batch in batches])
    for batch, answer, right in zip(batches, answers, expected, strict=True):
        name = f"batch_gradient with indices {batch}"
        judge(
            lambda value, answer=answer, name=name: assert_close(
                answer, value, name, scale=np.full(2, 2.0)
            ),
            right,
            lambda batch=batch: moving(student.full_gradient(w, X[batch], y[batch]), (2,)),
        )


@pytest.mark.points(4)
@pytest.mark.hint("t counts from 1: the first step size of the power schedule is alpha.")
@pytest.mark.hint('np.arange(1, steps + 1) holds all the t; "constant" gives an array, too.')
@pytest.mark.see("step_sizes")
@pytest.mark.parametrize(
    ("schedule", "delta", "expected"),
    [
        ("constant", 0.5, [0.6, 0.6, 0.6, 0.6]),
        ("inverse", 0.5, [0.4, 0.3, 0.24, 0.2]),
        ("power", 1.0, [0.6, 0.3, 0.2, 0.15]),
        ("power", 0.5, [0.6, 0.6 / 2**0.5, 0.6 / 3**0.5, 0.3]),
    ],
)
def test_step_sizes_example(student, schedule, delta, expected):
    """step_sizes gives four steps of each schedule"""
    got = student.step_sizes(schedule, 0.6, delta, 4)
    assert_close(got, expected, f"step_sizes({schedule!r}, 0.6, {delta}, 4)")


@pytest.mark.points(2)
@pytest.mark.hint("Which branch does a schedule take that is none of the three?")
@pytest.mark.hint("After the three comes one more case: raise ValueError(...).")
@pytest.mark.see("step_sizes")
def test_step_sizes_refuses_another_schedule(student):
    """step_sizes raises a ValueError for a schedule that does not exist"""
    student.step_sizes("constant", 0.5, 1.0, 3)  # one that raises for every schedule is not meant
    with pytest.raises(ValueError):
        student.step_sizes("nonsense", 0.5, 1.0, 3)
        raise CheckFailed(
            "step_sizes with the schedule 'nonsense' raises nothing",
            expected="a ValueError",
            diagnosis="Your step_sizes accepts a schedule that does not exist.",
        )


SHAPE = {
    (4, 9): "Your draw_batches has a column for each step: a row is asked for.",
    (36,): "Your draw_batches returns one long row: a row for each step is asked for.",
}


@pytest.mark.points(2)
@pytest.mark.hint("One row for each step, one column for each example of a batch.")
@pytest.mark.hint("Indices count from 0, and batch_size may be more than n.")
@pytest.mark.see("draw_batches")
def test_draw_batches_has_its_shape(student):
    """draw_batches returns a row of indices for each step, and batches may exceed the data"""
    for n, steps, size in ((50, 9, 4), (3, 2, 8), (5, 1, 1)):
        name = f"draw_batches({n}, {steps}, {size}, seed)"
        drawn = array(student.draw_batches(n, steps, size, 3), name, kind="int")
        with told(SHAPE.get(drawn.shape)):
            array(drawn, name, shape=(steps, size))
        require(
            bool((drawn >= 0).all() and (drawn < n).all()),
            f"{name}: an index that does not exist",
            expected=f"from 0 to {n - 1}",
            got=f"from {drawn.min()} to {drawn.max()}",
        )


@pytest.mark.points(3)
@pytest.mark.hint("Make a generator from the seed inside the function.")
@pytest.mark.hint("np.random.default_rng(seed) starts anew at each call.")
@pytest.mark.see("draw_batches")
def test_draw_batches_repeats_itself(student):
    """draw_batches gives the same for the same seed, and something else for another"""
    calls = [(1000, 6, 5, seed) for seed in (4, 9, 4, 12, 5, 14, 104)]
    drawn = [array(got, kind="int") for got in student.draw_batches.map(calls)]
    with told("Your draw_batches ignores its seed: other batches come at each call."):
        assert_close(drawn[2], drawn[0], "draw_batches with the same seed again")
    with told("Your draw_batches ignores its seed: all seeds give the same batches."):
        for seed, other in ((9, drawn[1]), (12, drawn[3])):
            require(
                not np.array_equal(other, drawn[0]),
                f"draw_batches gives the same batches for the seeds 4 and {seed}",
            )
    for seed, other in (
        (5, drawn[4]),
        (14, drawn[5]),
        (104, drawn[6]),
    ):  # a part of a seed will not do
        require(
            not np.array_equal(other, drawn[0]),
            f"draw_batches gives the same batches for the seeds 4 and {seed}",
        )


def two_examples():
    """X and y with the gradients (w_1 - 2, 0) and (0, 4 w_2 - 4)."""
    return np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([2.0, 2.0])


@pytest.mark.points(4)
@pytest.mark.hint("Step t uses the gradient at the iterate before it, and subtracts it.")
@pytest.mark.hint("Row t - 1 of batches and entry t - 1 of alphas belong to step t; row 0 is w0.")
@pytest.mark.see("sgd")
@pytest.mark.parametrize(
    ("batches", "alphas", "expected"),
    [
        ([[0], [1], [0]], [0.25, 0.25, 0.5], [[0, 0], [0.5, 0], [0.5, 1], [1.25, 1]]),
        ([[0, 1], [0, 0]], [0.5, 0.25], [[0, 0], [0.5, 1], [0.875, 1]]),
    ],
    ids=["one-example-a-step", "two-examples-a-step"],
)
def test_sgd_example(student, batches, alphas, expected):
    """sgd takes steps that can be worked out by hand"""
    X, y = two_examples()

    def own():
        path = [np.zeros(2)]
        for batch, alpha in zip(batches, alphas, strict=True):
            gradient = student.batch_gradient(path[-1], X, y, np.array(batch))
            path.append(path[-1] - alpha * moving(gradient, (2,)))
        return path

    def judge_answer():
        answer = student.sgd(X, y, np.zeros(2), np.array(batches), np.array(alphas))
        judge(lambda path: assert_path(answer, path), expected, own)

    # A gradient of another shape costs its own points, and not those of sgd.
    assert_in_either_form(
        judge_answer,
        student,
        lambda: judge_forms_of_gradients(student),
        full_gradient=1,
        batch_gradient=1,
    )


def judge_forms_of_gradients(student):
    w, X, y = three_examples()
    array(student.full_gradient(w, X, y), shape=(2,))
    array(student.batch_gradient(w, X, y, np.array([2, 0])), shape=(2,))


@pytest.mark.points(3)
@pytest.mark.hint("alpha_t belongs to w_{t-1}, the iterate from which step t was taken.")
@pytest.mark.hint("The last row of path has no weight.")
@pytest.mark.see("weighted_average")
def test_weighted_average_example(student):
    """weighted_average of three iterates with two steps"""
    path = np.array([[0.0, 4.0], [2.0, 8.0], [9.0, 9.0]])
    got = student.weighted_average(path, np.array([0.75, 0.25]))
    assert_close(got, [0.5, 5.0], "weighted_average(path, alphas)")
    got = student.weighted_average(path, np.array([3.0, 1.0]))
    assert_close(got, [0.5, 5.0], "weighted_average with four times the steps")


@pytest.mark.points(3)
@pytest.mark.hint("R2 and G2 are squares already.")
@pytest.mark.hint("The squares of the alphas are added up, not the alphas squared in sum.")
@pytest.mark.see("bound")
def test_bound_example(student):
    """bound for two steps, and for one"""
    got = student.bound(9.0, 4.0, np.array([2.0, 1.0]))
    assert_close(got, 29 / 6, "bound(9, 4, (2, 1))")  # (9 + 4 * 5) / (2 * 3)
    assert_close(student.bound(9.0, 4.0, np.array([0.5])), 10.0, "bound(9, 4, (0.5,))")


@pytest.mark.points(3)
@pytest.mark.hint("Write the bound for a constant step h and look for the zero of its derivative.")
@pytest.mark.hint("With T steps the bound is R2 / (2 T h) + G2 h / 2.")
@pytest.mark.see("best_constant_step")
def test_best_constant_step_example(student):
    """best_constant_step gives the smallest value of bound for three numbers of steps"""
    probes = [(9.0, 4.0, 9), (0.5, 8.0, 1), (36.0, 0.25, 16)]
    answers = student.best_constant_step.map(probes)
    for probe, answer, right in zip(probes, answers, (0.5, 0.25, 3.0), strict=True):
        try:
            # Whoever searches for the smallest value finds half of the digits.
            assert_close(answer, right, f"best_constant_step{probe}", low=1e-4)
        except CheckFailed:
            # A wrong bound costs its own points, not those of the step that is best for it.
            if passes(test_bound_example, student) or not is_best(student, probe, number(answer)):
                raise


def is_best(student, probe, h):
    """Whether your own bound grows to both sides of the step h."""
    R2, G2, steps = probe
    calls = [(R2, G2, np.full(steps, h * part)) for part in (0.9, 0.99, 1.0, 1.01, 1.1)]
    try:
        values = [number(got, "bound") for got in student.bound.map(calls)]
    except StudentFault:
        return False
    return h > 0 and values[0] > values[1] > values[2] < values[3] < values[4]


def truths(value, name):
    """Two answers as bools: bools of any type, or 0 and 1."""
    found = [number(item, name) for item in pair(value, ("diverges", "is finite"))]
    for item in found:
        require(item in (0.0, 1.0), f"{name}: neither True nor False", got=f"{item:g}")
    return tuple(item == 1.0 for item in found)


@pytest.mark.points(2)
@pytest.mark.hint("The sum of t^-p over all t is finite for p > 1 and for no other p.")
@pytest.mark.hint("alpha_t^2 of the power schedule falls like t^(-2 delta).")
@pytest.mark.see("meets_conditions")
def test_meets_conditions_example(student):
    """meets_conditions of the three schedules"""
    expected = {
        ("constant", 0.75): (True, False),
        ("inverse", 0.75): (True, True),
        ("power", 0.75): (True, True),
        ("power", 3.0): (False, True),
    }
    answers = student.meets_conditions.map(list(expected))
    for (call, right), answer in zip(expected.items(), answers, strict=True):
        name = f"meets_conditions{call}"
        got = truths(answer, name)
        require(got == right, f"{name} is wrong", expected=str(right), got=str(got))


@pytest.mark.points(4)
@pytest.mark.hint("How far is each example's gradient from their mean? Square, and take the mean.")
@pytest.mark.hint("A batch is the mean of batch_size independent draws. What is its variance?")
@pytest.mark.hint("Divide by n, not by n - 1: the n examples are all there is to draw from.")
@pytest.mark.see("gradient_variance")
def test_gradient_variance_example(student):
    """gradient_variance of one example, of four, and of more than there are"""
    # The squared lengths of the gradients are 5, 4 and 2; that of their mean is 13/9.
    sizes = (1, 4, 10)
    answers = student.gradient_variance.map([(*three_examples(), size) for size in sizes])
    for size, answer in zip(sizes, answers, strict=True):
        name = f"gradient_variance(w, X, y, {size})"
        try:
            assert_close(answer, 20 / 9 / size, name)
        except CheckFailed:
            own = own_variances(student, *three_examples())
            if not any(passes(assert_close, answer, value / size) for value in own):
                raise


def own_variances(student, w, X, y):
    """The variances of one draw by the student's own gradients of the examples and of them all."""
    singles = [
        lambda i: student.batch_gradient(w, X, y, np.array([i])),
        lambda i: student.full_gradient(w, X[[i]], y[[i]]),
    ]
    for single in singles:
        with suppress(StudentFault):
            G = moving([array(single(i), shape=(2,)) for i in range(3)], (3, 2))
            yield G.var(axis=0).sum()
            mean = array(student.full_gradient(w, X, y), shape=(2,))
            yield ((G - mean) ** 2).sum() / 3


# The figure. All checks draw it from the same runs.


def runs():
    """Three runs of different lengths, ragged as those of sgd; a name stands in another one.

    The names are in no order: sorted ones would show.
    """
    wave = np.cos(1.7 * np.arange(60) ** 1.3)
    t = np.arange(60)
    return {
        "shrinking": np.append(5 * 0.93 ** t[:34] * np.exp(0.3 * wave[:34]), 0.0),
        "constant": (0.4 + 3 * 0.6 ** t[:41]) * np.exp(0.5 * wave[:41]),
        "constant, large batch": (0.01 + 2 * 0.8 ** t[:53]) * np.exp(0.2 * wave[:53]),
    }


def drawn(student):
    """The runs and the figure of them."""
    return runs(), student.plot_runs.draw(runs())


def holds(claim, *args, **kwargs):
    """Whether a claim does not fail."""
    try:
        claim(*args, **kwargs)
    except (StudentFault, GraderFault):
        return False
    return True


def curves_of(figure, histories):
    """The curve of each run. Their logarithms count as curves: that is another check's matter."""
    try:
        return curves_drawn(figure, histories)
    except CheckFailed as failure:
        logs = {name: history[history > 0] for name, history in histories.items()}
        if all(holds(curve_drawn, figure, series) for series in logs.values()):
            found = {name: curve_drawn(figure, series) for name, series in logs.items()}
            if all(curve.measure in ("log", "log10") for curve in found.values()):
                return found
        shortest = min(map(len, histories.values()))
        if holds(curves_drawn, figure, {name: h[:shortest] for name, h in histories.items()}):
            failure.diagnosis = "Your figure cuts all runs to the length of the shortest."
        raise


@pytest.mark.points(5)
@pytest.mark.hint("One curve for each item of the dict: its values against 0, 1, 2, ...")
@pytest.mark.hint("The runs may differ in length, and their values are to be drawn unchanged.")
@pytest.mark.see("plot_runs")
def test_plot_shows_every_run(student):
    """plot_runs draws a curve for each run"""
    histories, figure = drawn(student)
    curves_of(figure, histories)


@pytest.mark.points(4)
@pytest.mark.hint("How does somebody who sees only the picture know which curve is which run?")
@pytest.mark.hint("label=name in the call that draws, then axes.legend().")
@pytest.mark.see("plot_runs")
def test_plot_names_every_run(student):
    """plot_runs says which curve is which run"""
    histories, figure = drawn(student)
    found = curves_of(figure, histories)
    nameless = told(
        "Your figure does not say which curve is which run.",
        lambda failure: str(failure).startswith("nothing says"),
    )
    exchanged = told(
        "Your figure has the names of runs exchanged.",
        lambda failure: "another's name" in str(failure),
    )
    with nameless, exchanged:
        told_apart(figure, found)


@pytest.mark.points(3)
@pytest.mark.hint("Equal factors are to be equal distances, upwards only.")
@pytest.mark.hint("axes.set_yscale, or semilogy. The values themselves stay as they are.")
@pytest.mark.see("plot_runs")
def test_plot_has_a_logarithmic_axis(student):
    """plot_runs draws the runs with a logarithmic y axis"""
    histories, figure = drawn(student)
    try:
        panels = [curve.axes for curve in curves_of(figure, histories).values()]
    except CheckFailed:
        # That other curves are drawn costs the points of another check.
        panels = [axes for axes in figure.axes if axes.artists and not axes.is_colorbar]
        if any(holds(log_scale, axes) for axes in panels):
            return
        raise
    for axes in panels:
        with told("The y axis of your figure is not logarithmic."):
            log_scale(axes)


@pytest.mark.points(2)
@pytest.mark.hint("What goes to the right, and what goes upwards?")
@pytest.mark.hint("axes.set_xlabel and axes.set_ylabel.")
@pytest.mark.see("plot_runs")
def test_plot_labels_its_axes(student):
    """plot_runs labels both axes"""
    histories, figure = drawn(student)
    panels = [None]
    if passes(curves_of, figure, histories):
        panels = [curve.axes for curve in curves_of(figure, histories).values()]
    # Of several panels, often only the outer ones are labelled.
    if not any(holds(axes_labelled, figure, axes) for axes in panels):
        with told("An axis of your figure has no label."):
            axes_labelled(figure, panels[0])
    labels_in_place(figure, y=("min f", "gap", "abstand", "f(w"))
