"""Public checks: worked numbers, properties, and backprop against your own loss.

Run them with `python -m grader check`, or with pytest.
"""

import builtins
import functools
import itertools
import re

import numpy as np
import pytest

from grader.checks import (
    array,
    assert_close,
    assert_in_either_form,
    assert_own_gradient,
    number,
    passes,
    require,
    sequence,
)
from grader.checks.figure import (
    axes_labelled,
    curve_drawn,
    labels_in_place,
)
from grader.checks.network import block_names, blocks_of, own_gradient_error, read_network
from grader.errors import CheckFailed, StudentFault, StudentRaised

LOG2, LOG3 = np.log(2.0), np.log(3.0)


def relu_network():
    """Two features, two hidden units, three classes; with "relu" probabilities are fractions.

    The hidden units are (1, 0), (0, 2), (1, 1), and the rows of softmax are (2, 1, 2)/5,
    (1, 9, 2)/12, (2, 3, 2)/7. Some scores are negative: a relu after the last layer shows.
    """
    X = np.array([[1.0, 1.0], [0.0, 3.0], [2.0, 2.0]])
    W1, b1 = np.array([[1.0, -1.0], [0.0, 1.0]]), np.array([1.0, -1.0])
    W2, b2 = np.array([[LOG2, 0.0], [0.0, LOG3], [0.0, 0.0]]), np.array([-LOG3, -LOG3, LOG2 - LOG3])
    return [(W1, b1), (W2, b2)], X


V = 5 / 6 * LOG3


def tanh_network():
    """One hidden tanh unit, two examples, two classes.

    The unit is tanh(log 2) = 3/5 and -3/5, its slope 16/25; the rows of softmax are (3, 1)/4 and
    (1, 3)/4; both labels are 1.
    """
    params = [(np.array([[1.0]]), np.zeros(1)), (np.array([[V], [-V]]), np.zeros(2))]
    return params, np.array([[LOG2], [-LOG2]]), np.array([1, 1])


def tanh_gradient(lam):
    """The gradient there: dW of layer 1, db of layer 1, dW of layer 2, db of layer 2."""
    dW1 = np.array([[8 / 25 * V * LOG2 + 2 * lam]])
    db1 = np.array([16 / 25 * V])
    dW2 = np.array([[3 / 20 + 2 * lam * V], [-3 / 20 - 2 * lam * V]])
    return dW1, db1, dW2, np.array([0.5, -0.5])


def small_network(rng, sizes):
    return [
        (rng.normal(size=(fan_out, fan_in)) / np.sqrt(fan_in), 0.3 * rng.normal(size=fan_out))
        for fan_in, fan_out in itertools.pairwise(sizes)
    ]


@pytest.mark.points(2)
@pytest.mark.hint("Call q = x + y; then f = q z. What is df/dq, what df/dz?")
@pytest.mark.hint("The derivative with respect to z is x + y.")
@pytest.mark.see("product_circuit")
def test_product_circuit_example(student):
    """product_circuit at x = -2, y = 5, z = -4"""
    f, grad = sequence(student.product_circuit(-2.0, 5.0, -4.0), 2, "(f, (df/dx, df/dy, df/dz))")
    assert_close(f, -12.0, "f")
    assert_close(grad, np.array([-4.0, -4.0, 3.0]), "(df/dx, df/dy, df/dz)")


@pytest.mark.points(2)
@pytest.mark.hint("There are two gates: the sum a of three terms, then the sigmoid of a.")
@pytest.mark.hint("The slope of the sigmoid is f (1 - f).")
@pytest.mark.hint("w_2 stands alone in the sum: what is the derivative of a with respect to it?")
@pytest.mark.see("sigmoid_neuron")
def test_sigmoid_neuron_example(student):
    """sigmoid_neuron where f = 3/4"""
    w, x = np.array([2.0, -3.0, LOG3 - 4.0]), np.array([-1.0, -2.0])
    f, dw, dx = sequence(student.sigmoid_neuron(w, x), 3, "(f, dw, dx)")
    assert_close(f, 0.75, "f")
    assert_close(dw, np.array([-3.0, -6.0, 3.0]) / 16, "dw")
    assert_close(dx, np.array([6.0, -9.0]) / 16, "dx")


@pytest.mark.points(2)
@pytest.mark.hint("x reaches f on three ways: the derivatives along them add up.")
@pytest.mark.hint("Name every intermediate value, then go through them backwards.")
@pytest.mark.see("ratio_circuit")
def test_ratio_circuit_example(student):
    """ratio_circuit at x = log 3, y = 0"""
    # sigmoid(x) = 3/4 with slope 3/16, sigmoid(y) = 1/2 with slope 1/4, x + y = log 3.
    top, bottom = LOG3 + 1 / 2, 3 / 4 + LOG3**2
    dx = 1 / bottom - top / bottom**2 * (3 / 16 + 2 * LOG3)
    dy = 1 / 4 / bottom - top / bottom**2 * 2 * LOG3
    f, grad = sequence(student.ratio_circuit(LOG3, 0.0), 2, "(f, (df/dx, df/dy))")
    assert_close(f, top / bottom, "f")
    assert_close(grad, np.array([dx, dy]), "(df/dx, df/dy)")


@pytest.mark.points(2)
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("linear", [[-LOG2, 0.0], [LOG3, 2.0]]),
        ("sigmoid", [[1 / 3, 1 / 2], [3 / 4, 1 / (1 + np.exp(-2.0))]]),
        ("tanh", [[-3 / 5, 0.0], [4 / 5, np.tanh(2.0)]]),
        ("relu", [[0.0, 0.0], [LOG3, 2.0]]),
    ],
    ids=["linear", "sigmoid", "tanh", "relu"],
)
@pytest.mark.hint("Each entry by itself, and all four names: see the table.")
@pytest.mark.hint("Try one entry by hand: with a = 0 they give 0, 1/2, 0 and 0.")
@pytest.mark.see("activation")
def test_activation_example(student, name, expected):
    """activation of four numbers"""
    a = np.array([[-LOG2, 0.0], [LOG3, 2.0]])
    assert_close(student.activation(name, a), np.array(expected), f'activation("{name}", a)')


@pytest.mark.points(2)
@pytest.mark.hint("exp(10000) is not a number that a computer can hold, and inf / inf is NaN.")
@pytest.mark.hint(
    "1 / (1 + exp(-a)) is right for a >= 0; for a < 0 there is another way to write it."
)
@pytest.mark.see("activation")
def test_activation_of_huge_numbers(student):
    """activation stays finite for 10000 and -10000"""
    a = np.array([[1e4, -1e4], [0.0, 1e4]])
    expected = {
        "linear": a,
        "sigmoid": np.array([[1.0, 0.0], [0.5, 1.0]]),
        "tanh": np.array([[1.0, -1.0], [0.0, 1.0]]),
        "relu": np.array([[1e4, 0.0], [0.0, 1e4]]),
    }
    answers = student.activation.map([(name, a) for name in expected])
    for name, answer in zip(expected, answers, strict=True):
        assert_close(answer, expected[name], f'activation("{name}", a)')


@pytest.mark.points(2)
@pytest.mark.hint("What does your function do for a name that is in none of its branches?")
@pytest.mark.hint("raise ValueError(...) where the name is none of the four.")
@pytest.mark.see("activation")
def test_activation_refuses_unknown_names(student):
    """activation raises ValueError for an unknown name"""
    a = np.array([[-1.0, 2.0]])
    # Who raises at every name refuses none.
    array(student.activation("linear", a), 'activation("linear", a)', shape=a.shape)
    for name in ("cosine", "Sigmoidal"):
        try:
            answer = student.activation(name, a)
        except StudentRaised as exc:
            if _is_value_error(exc):
                continue
            raise CheckFailed(
                f'activation("{name}", a) raises another error than ValueError',
                expected="ValueError",
                got=str(exc).splitlines()[0],
            ) from exc
        raise CheckFailed(
            f'activation("{name}", a) returned instead of raising ValueError',
            expected="ValueError",
            got="nothing" if answer is None else "a value",
        )


def _is_value_error(exc):
    """The message starts with the exception's type. A type of the student's own may well be a
    kind of ValueError: it counts."""
    kind = re.match(r"([A-Za-z_]\w*)(:|\n|$)", str(exc))
    if kind is None:
        return False
    known = getattr(builtins, kind[1], None)
    return known is None or (isinstance(known, type) and issubclass(known, ValueError))


@pytest.mark.points(3)
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("linear", [[1.0, 1.0], [1.0, 1.0]]),
        ("sigmoid", [[2 / 9, 1 / 4], [3 / 16, 2 / 9]]),
        ("tanh", [[16 / 25, 1.0], [9 / 25, 16 / 25]]),
        ("relu", [[0.0, None], [1.0, 1.0]]),
    ],
    ids=["linear", "sigmoid", "tanh", "relu"],
)
@pytest.mark.hint("Its argument is the pre-activation a, not g(a).")
@pytest.mark.hint("Two of the four slopes are written with g(a): compute that first.")
@pytest.mark.hint("At a = 0 they are 1, 1/4, 1 and, for relu, anything from 0 to 1.")
@pytest.mark.see("activation_gradient")
def test_activation_gradient_example(student, name, expected):
    """activation_gradient of four numbers"""
    a = np.array([[-LOG2, 0.0], [LOG3, LOG2]])
    called = f'activation_gradient("{name}", a)'
    answer = student.activation_gradient(name, a)
    if name == "linear" and not isinstance(answer, list) and np.ndim(answer) == 0:
        assert_close(answer, 1.0, called)  # the number 1 broadcasts
        return
    slope = array(answer, called, shape=(2, 2))
    if name == "relu":
        require(0 <= slope[0, 1] <= 1, f"{called}: at a = 0 it should lie between 0 and 1")
        expected = [[0.0, slope[0, 1]], [1.0, 1.0]]
    assert_close(answer, np.array(expected), called)


@pytest.mark.points(2)
@pytest.mark.hint("How many layers do four sizes make? Neighbours in sizes belong to one layer.")
@pytest.mark.hint("W has one row per output, and s depends on both sizes of the layer.")
@pytest.mark.hint("A generator's `uniform` draws evenly between two bounds.")
@pytest.mark.see("init_params")
def test_init_params_shapes_and_bounds(student):
    """init_params gives W (out, in) within [-s, s] and zero biases"""
    sizes = [3, 5, 4, 2]
    shapes = [(5, 3), (4, 5), (2, 4)]
    layers = read_network(student.init_params(sizes, 7), shapes, "init_params(sizes, seed)")
    for k, (W, b) in enumerate(layers, start=1):
        s = np.sqrt(6 / sum(W.shape))
        worst = float(np.abs(W).max())
        require(
            worst <= s * (1 + 1e-6),
            f"W of layer {k} has entries outside [-s, s]",
            expected=f"at most s = {s:.6g}",
            got=f"{worst:.6g}",
        )
        require(len(np.unique(W)) > 1, f"the weights of layer {k} are all alike")
        require(not b.any(), f"b of layer {k} is not zero")


@pytest.mark.points(2)
@pytest.mark.hint("A generator that was made outside goes on where it stopped.")
@pytest.mark.hint("Make a generator from the seed inside the function.")
@pytest.mark.see("init_params")
def test_init_params_repeats_itself(student):
    """init_params gives the same weights for the same seed"""
    calls = [([4, 3, 2], 5), ([4, 3, 2], 11), ([4, 3, 2], 5)]
    first, _, again = (
        read_network(answer, [(3, 4), (2, 3)], "init_params(sizes, seed)")
        for answer in student.init_params.map(calls)
    )
    for k, ((W, _), (V, _)) in enumerate(zip(first, again, strict=True), start=1):
        assert_close(V, W, f"W of layer {k}, for the same seed again")


@pytest.mark.points(3)
@pytest.mark.hint("The hidden layer is g(X W' + b); the output is softmax, row by row.")
@pytest.mark.hint("No activation after the last layer but softmax.")
@pytest.mark.see("forward")
def test_forward_example(student):
    """forward of a network whose probabilities are fractions"""
    params, X = relu_network()
    expected = np.array([[2 / 5, 1 / 5, 2 / 5], [1 / 12, 9 / 12, 2 / 12], [2 / 7, 3 / 7, 2 / 7]])
    try:
        assert_close(student.forward(params, X, "relu"), expected, 'forward(params, X, "relu")')
    except CheckFailed:
        # A wrong relu costs the points of activation: "linear" does the same with positive numbers.
        a = np.array([[1.0, 0.0], [-2.0, 2.0]])
        if passes(judge_activation, student, "relu", a, np.maximum(a, 0)):
            raise
        assert_close(student.forward(params, X[[0, 2]], "linear"), expected[[0, 2]], "forward")


def judge_activation(student, name, a, expected):
    assert_close(student.activation(name, a), expected, f'activation("{name}", a)')


@pytest.mark.points(2)
@pytest.mark.hint("Adding one number to a row of scores does not change its softmax.")
@pytest.mark.hint("Subtract each row's maximum.")
@pytest.mark.see("forward")
def test_forward_of_huge_scores(student):
    """forward stays finite for scores of 10000 and -10000"""
    params = [(np.eye(2), np.zeros(2)), (np.array([[1e4, 0.0], [0.0, 1e4]]), np.zeros(2))]
    X = np.array([[1.0, 0.0], [-1.0, 0.0], [1.0, 1.0]])
    expected = np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]])
    try:
        assert_close(student.forward(params, X, "linear"), expected, 'forward(params, X, "linear")')
    except CheckFailed:
        if passes(judge_activation, student, "linear", X, X):
            raise
        assert_close(student.forward(params, X[[0, 2]], "relu"), expected[[0, 2]], "forward")


@pytest.mark.points(3)
@pytest.mark.hint("A mean over the examples; then lam times the squares of all weights, no biases.")
@pytest.mark.hint("`P[np.arange(n), y]` takes from each row the probability of its label.")
@pytest.mark.see("loss")
def test_loss_example(student):
    """loss is -(log 2/5 + log 3/4 + log 2/7) / 3 plus lam times the squared weights"""
    params, X = relu_network()
    y = np.array([0, 1, 2])
    right = np.array([2 / 5, 3 / 4, 2 / 7])
    answers = student.loss.map([(params, X, y, "relu", 0.0), (params, X, y, "relu", 0.25)])
    try:
        assert_losses(answers, right)
    except CheckFailed:
        # A wrong forward costs its own points, not those of a loss that is right with it.
        if not passes(assert_losses_of_own_forward, student, answers):
            raise


def assert_losses(answers, probabilities):
    """The losses of relu_network for lam = 0 and 1/4, from the probabilities of the labels."""
    data, squares = -np.log(probabilities).mean(), 3 + LOG2**2 + LOG3**2
    assert_close(answers[0], data, "loss(params, X, y, name, 0)")
    assert_close(answers[1], data + squares / 4, "loss(params, X, y, name, 1/4)")


def assert_losses_of_own_forward(student, answers):
    P = array(student.forward(*relu_network(), "relu"), "forward(params, X, name)", shape=(3, 3))
    own = P.diagonal()  # the labels are 0, 1 and 2
    require(bool((own > 0).all()) and len(np.unique(own)) > 1, "no different probabilities")
    assert_losses(answers, own)


@pytest.mark.points(4)
@pytest.mark.hint("Start at the output: the derivative with respect to its scores is (P - Y) / n.")
@pytest.mark.hint("Keep every a and h of the forward pass.")
@pytest.mark.hint(
    "dW is delta' h, with h what came into the layer; before the next layer down multiply by g'(a)."
)
@pytest.mark.see("backprop")
def test_backprop_example(student):
    """backprop of a network with one hidden unit"""
    params, X, y = tanh_network()
    answer = student.backprop(params, X, y, "tanh", 0.25)
    try:
        judge_blocks(answer, tanh_gradient(0.25))
    except CheckFailed:
        # A wrong forward, activation or slope costs its own points, not those of backprop.
        if not any(passes(judge_blocks, answer, own) for own in own_gradients(student, 0.25)):
            raise


def judge_blocks(answer, gradient):
    parts = ("dW", "db")
    blocks = blocks_of(answer, 2, "backprop(...)", parts)
    for block, expected, name in zip(blocks, gradient, block_names(2, parts), strict=True):
        assert_close(block, expected, name)


def own_gradients(student, lam):
    """The gradient of tanh_network by your own forward, activation and activation_gradient."""
    params, X, _ = tanh_network()
    (W1, _), (W2, _) = params
    right = {
        "forward": ((params, X, "tanh"), np.array([[3 / 4, 1 / 4], [1 / 4, 3 / 4]])),
        "activation": (("tanh", X), np.array([[3 / 5], [-3 / 5]])),
        "activation_gradient": (("tanh", X), np.full((2, 1), 16 / 25)),
    }
    choices = []
    for name, (args, expected) in right.items():
        choices.append([expected])
        try:
            own = array(getattr(student, name)(*args), name)
            choices[-1].append(np.broadcast_to(own, expected.shape))
        except (StudentFault, ValueError):
            continue  # it raises, or has a shape that does not broadcast
    for P, h, slope in itertools.product(*choices):
        D2 = (P - np.array([0.0, 1.0])) / 2
        D1 = (D2 @ W2) * slope
        yield D1.T @ X + 2 * lam * W1, D1.sum(axis=0), D2.T @ h + 2 * lam * W2, D2.sum(axis=0)


@pytest.mark.points(3)
@pytest.mark.hint(
    "lam is 0 here. Which blocks are right? From the first wrong one backwards, look."
)
@pytest.mark.hint(
    "Change one entry of a W by 1e-6: loss should change by 1e-6 times that entry of dW."
)
@pytest.mark.hint(
    "Is the last layer right and the first wrong? What passes down is delta W, times g'(a)."
)
@pytest.mark.see("backprop")
def test_backprop_is_the_slope_of_loss(student, rng):
    """backprop agrees with the slope of your own loss"""
    params = small_network(rng, [3, 4, 2])
    X, y = rng.normal(size=(5, 3)), np.array([0, 1, 1, 0, 1])
    parts = ("dW", "db")
    # Without the lam term: a loss that adds a float64 to a float32 hides how rough it is.
    answer = student.backprop(params, X, y, "tanh", 0.0)
    try:
        assert_own_gradient(
            student.loss,
            blocks_of(answer, 2, "backprop(...)", parts),
            [block for layer in params for block in layer],
            lambda W1, b1, W2, b2: ([(W1, b1), (W2, b2)], X, y, "tanh", 0.0),
            names=block_names(2, parts),
            loss_name="loss",
            rng=rng,
            directions=1,
        )
    except StudentFault:
        # A wrong forward, loss, activation or slope costs its own points, not those of a right
        # backprop.
        if all(
            passes(judge, student, *args)
            for judge, *args in (
                (test_forward_example,),
                (test_forward_of_huge_scores,),
                (judge_loss, params, X, y),
                (judge_blocks_of_right_parts,),
            )
        ) or not passes(test_backprop_example, student):
            raise


def judge_loss(student, params, X, y):
    """Raise CheckFailed unless loss follows from your own forward."""
    P = array(student.forward(params, X, "tanh"), "forward(params, X, name)", shape=(len(y), 2))
    chances = P[np.arange(len(y)), y]
    require(bool((chances > 0).all()), "forward gives a probability of 0")
    assert_close(student.loss(params, X, y, "tanh", 0.0), -np.log(chances).mean(), "loss")


def judge_blocks_of_right_parts(student):
    """Raise CheckFailed unless backprop is right without a look at your other functions."""
    judge_blocks(student.backprop(*tanh_network(), "tanh", 0.25), tanh_gradient(0.25))


def judge_form_of_backprop(student):
    """No two sizes are alike: where two are, a transposed block has the right shape."""
    params = [(np.ones((3, 2)), np.ones(3)), (np.eye(4, 3), np.ones(4))]
    grads = student.backprop(params, np.eye(5, 2), np.array([0, 3, 2, 1, 0]), "tanh", 0.1)
    read_network(grads, [(3, 2), (4, 3)], "backprop(...)")


def in_either_form(check):
    """Blocks of backprop in another form cost its own points, and nothing in this check."""

    @functools.wraps(check)
    def either(student, *args, **fixtures):
        assert_in_either_form(
            lambda: check(student, *args, **fixtures),
            student,
            lambda: judge_form_of_backprop(student),
            backprop=1,
        )

    return either


COARSE_ERROR = 0.0071255541  # with eps = 0.3 and the right backprop and loss


@pytest.mark.points(3)
@pytest.mark.hint(
    "Where backprop is right and eps small, central differences agree with it closely."
)
@pytest.mark.hint("One entry at a time: up by eps, down by eps, and back to what it was.")
@pytest.mark.hint(
    "The losses differ by 2 eps times n. The larger of |a| + |n| and 1e-8 divides |a - n|."
)
@pytest.mark.see("gradient_error")
@in_either_form
def test_gradient_error_tells_whether_backprop_is_right(student):
    """gradient_error says how far your own backprop is from the slope of your own loss"""
    params, X, y = tanh_network()
    params[0][1][:] = 0.2
    rest = (X, y, "tanh", 0.25)
    # With a right backprop: 1e-7 for the small step, float32 up to 1e-3. The large one is so coarse
    # that the difference itself is off by 0.7 %: a gradient_error that is always 0 shows.
    steps = {1e-3: (0.0, 0.01), 0.3: (0.45 * COARSE_ERROR, 2.25 * COARSE_ERROR)}
    answers = student.gradient_error.map([(params, *rest, eps) for eps in steps])
    for answer, (eps, (least, most)) in zip(answers, steps.items(), strict=True):
        error = number(answer, "gradient_error(...)")
        if least <= error <= most:
            continue
        own = own_gradient_error(student, params, rest, eps)
        require(
            0.45 * own.value <= error <= 1.12 * own.most + own.noise,
            "gradient_error does not fit your own backprop and loss",
            expected=f"{own.value:.3g}",
            got=f"{error:.3g}",
            where=f"eps = {eps:g}",
        )


@pytest.mark.points(3)
@pytest.mark.hint("theta - step_size * gradient, for every W and b, all gradients at one point.")
@pytest.mark.hint("Update all layers only after backprop has given every gradient.")
@pytest.mark.see("train")
@in_either_form
def test_train_takes_one_step(student):
    """train with one epoch of one batch takes one step against the gradient"""
    params, X, y = tanh_network()
    rest = (X, y, "tanh", 0.25)
    answer = student.train(params, *rest, 0.1, 1, 2, 3)
    trained, history = sequence(answer, 2, "(params, history)")
    blocks = blocks_of(trained, 2, "params")
    start = [block for layer in params for block in layer]
    try:
        judge_step(blocks, start, tanh_gradient(0.25))
    except CheckFailed:
        # A step against a gradient of your own that is wrong is a right step.
        own = blocks_of(student.backprop(params, *rest), 2, "backprop(...)", ("dW", "db"))
        own = [array(g, "dW or db", shape=x.shape) for g, x in zip(own, start, strict=True)]
        if not any(g.any() for g in own):
            raise
        judge_step(blocks, start, own)
    first = array(history, "history", shape=(2,))[0]
    expected = -(np.log(1 / 4) + np.log(3 / 4)) / 2 + (1 + 2 * V**2) / 4
    try:
        assert_close(first, expected, "history[0], the loss before the first step")
    except CheckFailed:
        own = number(student.loss(params, *rest), "loss(...)")
        assert_close(first, own, "history[0], the loss before the first step")


def judge_run(student, probe, epochs):
    """Raise CheckFailed unless train with one batch follows your own backprop and loss."""
    params, *rest = probe
    trained, history = sequence(
        student.train(params, *rest, 0.1, epochs, len(rest[0]), 3), 2, "(params, history)"
    )
    values = [number(student.loss(params, *rest), "loss(...)")]
    for _ in range(epochs):
        blocks = [block for layer in params for block in layer]
        slopes = blocks_of(student.backprop(params, *rest), len(params), "backprop(...)")
        try:
            blocks = [x - 0.1 * array(g) for x, g in zip(blocks, slopes, strict=True)]
        except ValueError:
            raise CheckFailed("backprop's blocks do not fit those of params") from None
        params = list(zip(blocks[::2], blocks[1::2], strict=True))
        values.append(number(student.loss(params, *rest), "loss(...)"))
    require(np.ptp(values) > 0, "losses that are all alike show no rule")
    got = blocks_of(trained, len(params), "params")
    for block, right, name in zip(got, blocks, block_names(len(params)), strict=True):
        assert_close(block, right, name, low=1e-4)
    assert_close(history, np.array(values), "history", low=1e-4)


def judge_step(blocks, start, gradient):
    """Each block is the start minus 0.1 times the gradient."""
    for block, before, slope, name in zip(blocks, start, gradient, block_names(2), strict=True):
        assert_close(block, before - 0.1 * slope, f"{name} after one step")


@pytest.mark.points(2)
@pytest.mark.hint("The start counts: one loss before the first epoch, and one after each.")
@pytest.mark.hint(
    "The loss is that of all examples, the penalty included, also where a step sees a batch."
)
@pytest.mark.see("train")
@in_either_form
def test_train_history_falls(student, rng):
    """train records epochs + 1 losses, which fall"""
    params = small_network(rng, [2, 4, 3])
    y = np.arange(30) % 3
    X = rng.normal(size=(30, 2)) + np.array([[2.0, 0.0], [-1.0, 2.0], [-1.0, -2.0]])[y]
    answer = student.train(params, X, y, "tanh", 1e-3, 0.1, 15, 30, 1)
    _, history = sequence(answer, 2, "(params, history)")
    values = array(history, "history", shape=(16,), finite=False)
    falls = np.diff(values) < 0
    # Along a wrong backprop, or of a wrong loss, they need not fall, and may soon be infinite.
    probe = (params, X, y, "tanh", 1e-3)
    if not falls.all() and any(passes(judge_run, student, probe, epochs) for epochs in (15, 4)):
        return
    array(history, "history", shape=(16,))
    first = int(np.argmin(falls))  # where it does not, if anywhere
    require(
        bool(falls.all()),
        f"history does not fall from epoch {first} to {first + 1}",
        expected=f"less than {values[first]:.10g}",
        got=f"{values[first + 1]:.10g}",
        where=f"[{first + 1}]",
        hint="A small step against the gradient makes it smaller: look at the sign.",
    )


@pytest.mark.points(2)
@pytest.mark.hint("What in `train` is random, and what decides how it turns out?")
@pytest.mark.hint("Shuffle with a generator made from the seed inside the function.")
@pytest.mark.see("train")
@in_either_form
def test_train_repeats_itself(student, rng):
    """train gives the same result for the same seed"""
    params = small_network(rng, [2, 3, 2])
    X, y = rng.normal(size=(12, 2)), np.arange(12) % 2
    calls = [(params, X, y, "tanh", 0.01, 0.3, 4, 3, seed) for seed in (5, 8, 5)]
    first, _, again = (
        sequence(answer, 2, "(params, history)") for answer in student.train.map(calls)
    )
    read_network(first[0], [(3, 2), (2, 3)], "params")
    one, other = (blocks_of(run[0], 2, "params") for run in (first, again))
    for x, z, name in zip(one, other, block_names(2), strict=True):
        assert_close(z, array(x, name), f"{name}, for the same seed again")
    histories = [array(run[1], "history", shape=(5,)) for run in (first, again)]
    assert_close(histories[1], histories[0], "history, for the same seed again")


def some_history():
    """It falls and rises again, so that sorting or smoothing it would show."""
    i = np.arange(61.0)
    return 1.5 * 0.95**i + 0.2 + 0.1 * np.sin(i / 3)


@pytest.mark.points(2)
@pytest.mark.hint("What do the numbers to the right and upwards mean? The figure is to say so.")
@pytest.mark.hint("axes.set_xlabel and axes.set_ylabel.")
@pytest.mark.see("plot_training")
def test_plot_labels_its_axes(student):
    """plot_training labels both axes"""
    history = some_history()
    figure = student.plot_training.draw(history)
    axes_labelled(figure)
    try:
        axes = curve_drawn(figure, history).axes
    except StudentFault:
        return  # another check asks for the curve
    labels_in_place(figure, axes)


@pytest.mark.points(2)
@pytest.mark.hint("One point for each entry of history, the first one included.")
@pytest.mark.hint("The whole history against 0, 1, 2, ..., on an axis that is not cut off.")
@pytest.mark.see("plot_training")
def test_plot_shows_the_history(student):
    """plot_training draws the loss against the epoch"""
    history = some_history()
    curve_drawn(student.plot_training.draw(history), history)
