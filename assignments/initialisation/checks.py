"""Public checks: worked numbers, properties, and activation_gradient against your own activation.

Run them with `python -m grader check`, or with pytest.
"""

import numpy as np
import pytest

from grader.checks import (
    answered,
    array,
    assert_close,
    assert_eigenvectors,
    assert_up_to_sign,
    passes,
    require,
    sequence,
)
from grader.checks.figure import (
    axes_labelled,
    curves_drawn,
    curves_named,
    labels_in_place,
)
from grader.errors import CheckFailed, StudentFault

NAMES = ("leaky_relu", "elu", "tanh", "relu")


@pytest.mark.points(3)
@pytest.mark.hint("Element by element, by the table of the handout.")
@pytest.mark.hint("The leak is 0.1; below 0 the elu is exp(a) - 1.")
@pytest.mark.see("activation")
def test_activation_example(student):
    """activation of five numbers, for each of the four names"""
    a = np.array([-3.0, -1.0, 0.0, 0.5, 2.0])
    expected = {
        "leaky_relu": [-0.3, -0.1, 0.0, 0.5, 2.0],
        "elu": [np.exp(-3) - 1, np.exp(-1) - 1, 0.0, 0.5, 2.0],
        "tanh": [np.tanh(v) for v in a],
        "relu": [0.0, 0.0, 0.0, 0.5, 2.0],
    }
    for name, answer in zip(NAMES, student.activation.map([(n, a) for n in NAMES]), strict=True):
        assert_close(answer, np.array(expected[name]), f"activation({name!r}, a)")


@pytest.mark.points(1)
@pytest.mark.hint("Which branch does an unknown name take in your code?")
@pytest.mark.hint("After the four that are known comes one more case: `raise ValueError(...)`.")
@pytest.mark.see("activation")
def test_activation_refuses_an_unknown_name(student):
    """activation raises ValueError for an unknown name"""
    student.activation("tanh", np.array([0.5]))  # one that raises for whatever reason is not meant
    with pytest.raises(ValueError):
        student.activation("nonsense", np.array([0.5]))


PLACES = np.array([-3.0, -1.3, -0.4, 0.3, 0.9, 2.5])
# The slopes there, to six places.
SLOPES = {
    "leaky_relu": [0.1, 0.1, 0.1, 1.0, 1.0, 1.0],
    "elu": [0.049787, 0.272532, 0.67032, 1.0, 1.0, 1.0],
    "tanh": [0.009866, 0.257433, 0.855639, 0.915137, 0.486917, 0.026592],
    "relu": [0.0, 0.0, 0.0, 1.0, 1.0, 1.0],
}


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


@pytest.mark.points(4)
@pytest.mark.hint("Change a by 1e-6: activation should change by 1e-6 times the gradient.")
@pytest.mark.hint("The argument is a, not g(a): the slope of tanh is 1 - tanh(a)^2.")
@pytest.mark.see("activation_gradient")
def test_activation_gradient_is_the_slope_of_activation(student):
    """activation_gradient agrees with the slope of your own activation, away from 0"""
    a, h = PLACES, 1e-2
    slopes = student.activation_gradient.map([(name, a) for name in NAMES])
    # Fourth-order differences: their error is about h^4, and float32 adds 1e-7 / h.
    moved = [(name, a + step * h) for name in NAMES for step in (-2, -1, 1, 2)]
    values = [array(v, "activation(name, a)", shape=a.shape) for v in student.activation.map(moved)]
    for name, slope in zip(NAMES, slopes, strict=True):
        far_left, left, right, far_right = values[:4]
        values = values[4:]
        measured = (far_left - 8 * left + 8 * right - far_right) / (12 * h)
        read = array(slope, f"activation_gradient({name!r}, a)", shape=a.shape)
        off = np.abs(read - measured)
        worst = int(off.argmax())
        own = by_own_value(student, name, a)
        if any(np.abs(read - s).max() <= 1e-5 for s in (SLOPES[name], own) if s is not None):
            continue  # a wrong activation costs its own points, not those of a right slope
        require(
            bool(off[worst] <= 2e-4),
            f"activation_gradient({name!r}, a) is not the slope of your activation",
            expected=f"about {measured[worst]:.6g}, measured at a = {a[worst]:g}",
            got=f"{read[worst]:.6g}",
        )


@pytest.mark.points(2)
@pytest.mark.hint("Which slopes has the function just left of 0, and just right of it?")
@pytest.mark.hint("elu and tanh have no corner: their slope at 0 is 1.")
@pytest.mark.see("activation_gradient")
def test_activation_gradient_at_0(student):
    """activation_gradient at 0 lies between the slopes of the two sides"""
    sides = {"leaky_relu": (0.1, 1.0), "elu": (1.0, 1.0), "tanh": (1.0, 1.0), "relu": (0.0, 1.0)}
    answers = student.activation_gradient.map([(name, np.array([0.0])) for name in NAMES])
    for name, answer in zip(NAMES, answers, strict=True):
        slope = float(array(answer, f"activation_gradient({name!r}, [0])", shape=(1,))[0])
        low, high = sides[name]
        own = by_own_value(student, name, np.array([0.0]))
        require(
            low - 1e-6 <= slope <= high + 1e-6
            or (own is not None and bool(np.abs(slope - own) <= 1e-5)),
            f"activation_gradient({name!r}, a) is wrong at a = 0",
            expected=f"{low:g}" if low == high else f"a number from {low:g} to {high:g}",
            got=f"{slope:.6g}",
        )


def units():
    """(dy, x, W1, b1, W2, b2): three units with the pieces (1, -2, 4) and (0, 3, -1)."""
    x = np.array([2.0, -1.0])
    W1, b1 = np.array([[1.0, 0.0, 1.0], [0.5, 1.0, -1.0]]), np.array([-0.5, -1.0, 1.0])
    W2, b2 = np.array([[0.0, 1.0, -0.5], [1.0, 0.5, 1.0]]), np.array([1.0, 1.5, 1.0])
    return np.array([2.0, -1.0, 0.5]), x, W1, b1, W2, b2


@pytest.mark.points(3)
@pytest.mark.hint(
    "Two linear pieces, each with its weights and its bias; the larger one, per unit."
)
@pytest.mark.hint("W has shape (d, h): W.T @ x.")
@pytest.mark.see("maxout")
def test_maxout_example(student):
    """maxout of three units is (1, 3, 4)"""
    assert_close(student.maxout(*units()[1:]), np.array([1.0, 3.0, 4.0]), "maxout(...)")


@pytest.mark.points(3)
@pytest.mark.hint("Only the piece that was larger gets anything, unit by unit.")
@pytest.mark.hint("The slope of w.x + b in w is x, in b it is 1, in x it is w.")
@pytest.mark.hint("dx adds up over all units.")
@pytest.mark.see("maxout_backward")
def test_maxout_backward_example(student):
    """maxout_backward of three units, the first and the third by the first piece"""
    answer = student.maxout_backward(*units())
    dx, dW1, db1, dW2, db2 = sequence(answer, 5, "(dx, dW1, db1, dW2, db2)")
    assert_close(db1, np.array([2.0, 0.0, 0.5]), "db1")
    assert_close(db2, np.array([0.0, -1.0, 0.0]), "db2")
    assert_close(dW1, np.array([[4.0, 0.0, 1.0], [-2.0, 0.0, -0.5]]), "dW1")
    assert_close(dW2, np.array([[0.0, -2.0, 0.0], [0.0, 1.0, 0.0]]), "dW2")
    assert_close(dx, np.array([1.5, 0.0]), "dx", scale=2.0)


@pytest.mark.points(2)
@pytest.mark.hint(
    "Where both pieces are equal, any share may go to the first, the rest to the other."
)
@pytest.mark.hint("db1 + db2 is dy, whoever gets it; dW1 is x times db1.")
@pytest.mark.see("maxout_backward")
def test_maxout_backward_at_a_tie(student):
    """maxout_backward where the pieces are equal hands everything on, by one share"""
    x, W, b = np.array([1.0, 2.0]), np.array([[1.0, 0.5], [-1.0, 0.0]]), np.array([0.5, 0.0])
    dy, V, c = np.array([3.0, -2.0]), np.array([[0.0, 0.5], [0.0, -1.0]]), np.array([-0.5, 2.0])
    answer = student.maxout_backward(dy, x, W, b, V, c)
    dx, dW1, db1, dW2, db2 = sequence(answer, 5, "(dx, dW1, db1, dW2, db2)")
    first, second = array(db1, "db1", shape=(2,)), array(db2, "db2", shape=(2,))
    assert_close(first + second, dy, "db1 + db2")
    share = first / dy
    require(
        bool(((share >= -1e-6) & (share <= 1 + 1e-6)).all()),
        "db1 is no share of dy",
        expected="from 0 to 1 of dy in each unit",
        got=f"{share[0]:.4g} and {share[1]:.4g} of it",
    )
    assert_close(dW1, np.outer(x, first), "dW1 (x times your db1)", scale=6.0)
    assert_close(dW2, np.outer(x, second), "dW2 (x times your db2)", scale=6.0)
    assert_close(dx, W @ first + V @ second, "dx (from your db1 and db2)", scale=6.0)


def follows(answer, own, compare=assert_close):
    """Whether the answer is what `own` makes of values of the student's other functions.

    A mistake in one of those costs its own points, and not those of a function that calls it.
    """
    try:
        with np.errstate(all="ignore"):
            expected = own()
        return bool(expected.any()) and passes(compare, answer, expected)
    except (StudentFault, ValueError):
        return False  # values of another form, which do not even fit together


KINDS = ("zeros", "small", "scaled", "glorot")


@pytest.mark.points(2)
@pytest.mark.hint("A row for every unit of this layer, a column for every input.")
@pytest.mark.hint("The shape is (fan_out, fan_in).")
@pytest.mark.see("init_weights")
def test_init_weights_has_the_shape_of_a_layer(student):
    """init_weights gives (fan_out, fan_in) for every name, and zeros for "zeros\""""
    for kind, answer in zip(
        KINDS, student.init_weights.map([(kind, 5, 3, 1) for kind in KINDS]), strict=True
    ):
        W = array(answer, f"init_weights({kind!r}, 5, 3, 1)", shape=(3, 5))
        require(
            bool(W.any()) == (kind != "zeros"),
            f"init_weights({kind!r}, 5, 3, 1) is {'not ' if kind == 'zeros' else ''}all zeros",
        )


@pytest.mark.points(2)
@pytest.mark.hint("Where does your generator come from, and which seed has it?")
@pytest.mark.hint("`rng = np.random.default_rng(seed)` inside the function.")
@pytest.mark.see("init_weights")
def test_init_weights_depends_on_the_seed(student):
    """init_weights gives the same weights for the same seed, and others for another seed"""
    for kind in KINDS[1:]:
        calls = [(kind, 6, 4, seed) for seed in (3, 3, 4)]
        first, again, other = (
            array(answer, f"init_weights({kind!r}, 6, 4, seed)", shape=(4, 6))
            for answer in student.init_weights.map(calls)
        )
        if not np.array_equal(first, again):
            raise CheckFailed(
                f"init_weights({kind!r}, ...) gives two results for the seed 3",
                hint="Draw everything from a generator made of the seed.",
                diagnosis="Your init_weights does not use the seed alone: the same one gives "
                "different weights.",
            )
        if np.array_equal(first, other):
            raise CheckFailed(
                f"init_weights({kind!r}, ...) gives the same weights for the seeds 3 and 4",
                hint="Draw everything from a generator made of the seed.",
                diagnosis="Your init_weights gives the same weights for every seed.",
            )


@pytest.mark.points(3)
@pytest.mark.hint("The output of a layer is the input of the next; X itself is not in the list.")
@pytest.mark.hint("All entries of a layer's output together: one number per layer.")
@pytest.mark.see("layer_spread")
def test_layer_spread_example(student):
    """layer_spread of two layers, worked by hand"""
    X = np.array([[2.0, -1.0], [0.0, 1.0]])
    weights = [np.array([[1.0, 0.0], [1.0, 1.0], [0.0, 2.0]]), np.array([[1.0, 1.0, 0.0]])]
    # relu gives (2, 1, 0) and (0, 1, 2), then 3 and 1.
    answer = sequence(student.layer_spread(X, weights, "relu"), 2, "layer_spread(X, weights, name)")

    def own():
        first = array(student.activation("relu", X @ weights[0].T), shape=(2, 3))
        second = array(student.activation("relu", first @ weights[1].T), shape=(2, 1))
        return np.array([first.std(), second.std()])

    try:
        assert_close(answer, np.array([np.sqrt(2 / 3), 1.0]), "layer_spread(X, weights, 'relu')")
    except CheckFailed:
        if not follows(answer, own):
            raise


@pytest.mark.points(2)
@pytest.mark.hint("The mean of every column, over the examples.")
@pytest.mark.hint("Both are returned: the centred X first, then the mean.")
@pytest.mark.see("centre")
def test_centre_example(student):
    """centre of three examples"""
    X = np.array([[1.0, 5.0], [3.0, -1.0], [2.0, 2.0]])
    Z, mean = sequence(student.centre(X), 2, "(Z, mean)")
    assert_close(mean, np.array([2.0, 2.0]), "mean")
    assert_close(Z, np.array([[-1.0, 3.0], [1.0, -3.0], [0.0, 0.0]]), "Z")


def cross():
    """(X, values, V, covariance): variance 8 along (3, 4)/5 and 2 across; the mean is (1, -2)."""
    V = np.array([[0.6, -0.8], [0.8, 0.6]])
    scores = np.array([[4.0, 0.0], [-4.0, 0.0], [0.0, 2.0], [0.0, -2.0]])
    return scores @ V.T + [1.0, -2.0], np.array([8.0, 2.0]), V, V * [8.0, 2.0] @ V.T


def own_centre(student, X):
    Z, mean = sequence(student.centre(X), 2, "(Z, mean)")
    return array(Z, "Z", shape=X.shape), array(mean, "mean")


def own_covariance(student, X):
    Z, _ = own_centre(student, X)
    return Z.T @ Z / len(Z)


def own_scores(student, X, k, centred):
    """(values, V, Z V) with the directions that the student's own function gives."""
    values, V = sequence(student.principal_directions(X, k), 2, "(values, V)")
    V = array(V, "V")
    require(V.ndim == 2 and len(V) == X.shape[1], "V does not have the directions in its columns")
    # All directions where k are asked for cost the points of principal_directions.
    return array(values, "values", shape=V.shape[1:]), V, centred @ V


@pytest.mark.points(3)
@pytest.mark.hint("Centre first; the covariance is divided by n.")
@pytest.mark.hint("np.linalg.eigh gives the eigenvalues in rising order, the vectors in columns.")
@pytest.mark.see("principal_directions")
def test_principal_directions_example(student):
    """principal_directions of a cross of four points: (3, 4)/5, then across"""
    X, values, _, covariance = cross()
    for k, answer in zip((1, 2), student.principal_directions.map([(X, 1), (X, 2)]), strict=True):
        try:
            judge_directions(answer, values[:k], covariance)
        except CheckFailed:
            if not follows((answer, k), lambda: own_covariance(student, X), judge_own_directions):
                raise


def judge_directions(answer, values, covariance):
    got_values, got_V = sequence(answer, 2, "(values, V)")
    assert_close(got_values, values, "values")
    assert_eigenvectors(got_V, values, covariance, "V")


def judge_own_directions(answer_and_k, covariance):
    answer, k = answer_and_k
    judge_directions(answer, np.linalg.eigvalsh(covariance)[::-1][:k], covariance)


def centrings(student, X):
    """Two ways to (Z, mean): by the mean of the cross, and by the student's own centre."""
    mean = np.array([1.0, -2.0])[: X.shape[1]]
    return [lambda: (X - mean, mean), lambda: own_centre(student, X)]


@pytest.mark.points(3)
@pytest.mark.hint("Centre, project, and add the mean again.")
@pytest.mark.hint("With the directions in the columns of V, a projection is Z V V'.")
@pytest.mark.see("reconstruct")
def test_reconstruct_example(student):
    """reconstruct of the cross from one direction, and from both"""
    X, _, V, _ = cross()
    first = np.outer([4.0, -4.0, 0.0, 0.0], V[:, 0]) + np.array([1.0, -2.0])
    # What centre and principal_directions give in another form costs their points: a mean of
    # another length can be added to one column, and rows of directions be used where all are taken.
    pairs = answered(
        student.reconstruct,
        [(X, 1), (X, 2)],
        lambda: judge_forms(student),
        spare=[(X[:, :1], 1)],
    )

    def own(X, k, Z, mean):
        _, own_V, scores = own_scores(student, X, k, Z)
        return scores @ own_V.T + mean

    for (data, k), answer in pairs:
        right = first if k < data.shape[1] else data
        try:
            assert_close(answer, right, f"reconstruct(X, {k})")
        except CheckFailed:
            if not any(
                follows(answer, lambda data=data, k=k, by=by: own(data, k, *by()))
                for by in centrings(student, data)
            ):
                raise


def judge_forms(student):
    """Of what reconstruct and whiten call."""
    X = np.eye(5, 3)
    array(sequence(student.centre(X), 2, "(Z, mean)")[1], "mean", shape=(3,))
    V = sequence(student.principal_directions(X, 2), 2, "(values, V)")[1]
    array(V, "V", shape=(3, 2))


@pytest.mark.points(3)
@pytest.mark.hint("The scores are Z V, one column per direction.")
@pytest.mark.hint("eps is added to the eigenvalue, then the root.")
@pytest.mark.see("whiten")
def test_whiten_example(student):
    """whiten of the cross, with eps = 1 and without"""
    X, _, _, _ = cross()
    plain, damped = student.whiten.map([(X, 2, 0.0), (X, 2, 1.0)])
    scores = np.array([[4.0, 0.0], [-4.0, 0.0], [0.0, 2.0], [0.0, -2.0]])

    def own(eps, Z, _):
        values, _, own = own_scores(student, X, 2, Z)
        return own / np.sqrt(values + eps)

    try:
        assert_up_to_sign(plain, scores / np.sqrt([8.0, 2.0]), "whiten(X, 2, 0)")
        assert_up_to_sign(damped, scores / np.sqrt([9.0, 3.0]), "whiten(X, 2, 1)")
    except CheckFailed:
        for answer, eps in ((plain, 0.0), (damped, 1.0)):
            if eps == 0 and passes(judge_no_variance, student, X):
                continue  # a wrong centre may leave a direction without any: 0 / 0 shows nothing
            if not any(follows(answer, lambda eps=eps, by=by: own(eps, *by()), assert_up_to_sign)
                       for by in centrings(student, X)):  # fmt: skip
                raise


def judge_no_variance(student, X):
    """Your own covariance has an eigenvalue of 0."""
    values, _, _ = own_scores(student, X, 2, own_centre(student, X)[0])
    assert_close(values[-1], 0.0, scale=1.0)
    assert_close(np.linalg.eigvalsh(own_covariance(student, X))[0], 0.0, scale=1.0)


def spreads():
    layers = np.arange(1, 8)
    return {
        "small": (0.31 * 0.6**layers).tolist(),
        "scaled": (0.9 - 0.04 * layers).tolist(),
        "scaled by 2": (0.95 + 0.01 * layers**1.5).tolist(),
    }


@pytest.mark.points(4)
@pytest.mark.hint("The values of the dict as they are, one after the other along the layers.")
@pytest.mark.hint("for name, values in spreads.items(): axes.plot(values, label=name)")
@pytest.mark.see("plot_spread")
def test_plot_shows_every_name(student):
    """plot_spread draws a curve or a set of bars for each name"""
    given = spreads()
    curves_drawn(student.plot_spread.draw(given), given, bars=True)


@pytest.mark.points(2)
@pytest.mark.hint("Which curve is which? The figure is to say so.")
@pytest.mark.hint("`label=name` in the call that draws, then axes.legend().")
@pytest.mark.see("plot_spread")
def test_plot_names_its_curves(student):
    """plot_spread gives each curve its name"""
    given = spreads()
    curves_named(student.plot_spread.draw(given), given, bars=True)


@pytest.mark.points(1)
@pytest.mark.hint("What is drawn to the right and what upwards? The figure is to say so.")
@pytest.mark.hint("axes.set_xlabel and axes.set_ylabel.")
@pytest.mark.see("plot_spread")
def test_plot_labels_its_axes(student):
    """plot_spread labels both axes"""
    figure = student.plot_spread.draw(spreads())
    axes_labelled(figure)
    try:
        curve = curves_drawn(figure, spreads(), bars=True)["small"]
    except CheckFailed:
        return  # another check asks for the curves
    # Of bars that lie, the axes that counts the layers is the upright one.
    words = ("spread", "deviation", "std", "streu", "écart", "desv")
    labels_in_place(figure, curve, x=("layer", "schicht", "couche", "capa"), y=words)
