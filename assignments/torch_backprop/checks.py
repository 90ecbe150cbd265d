"""Public checks: worked numbers, shapes and properties. They need no reference.

Tensors go to the submission and come back as arrays. What rests on another function
of the student's is right where it does the right thing with that one.
"""

import numpy as np
import pytest

from grader.checks import (
    array,
    assert_close,
    assert_labels,
    passes,
    require,
    requires_grad,
    sequence,
)
from grader.checks.autograd import TorchModule, derivative_of
from grader.checks.figure import (
    axes_labelled,
    curves_drawn,
    labels_in_place,
    told_apart,
)
from grader.errors import CheckFailed, StudentFault

LOG2, LOG3 = np.log(2.0), np.log(3.0)

# The handout's network, its data, and what comes of them.
SIZES, SHAPES = [2, 2, 3], [(2, 2), (2,), (3, 2), (3,)]
BLOCKS = [
    np.array([[1.0, -1.0], [0.5, 0.5]]),
    np.array([0.0, -0.5]),
    np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.5]]),
    np.array([0.0, 0.0, 0.2]),
]
X = np.array([[1.0, 2.0], [0.0, -1.0], [2.0, 0.5]])
Y = np.array([1, 0, 2])
SQUARES = 5.75
GRADIENT_NAMES = ("dW1", "db1", "dW2", "db2")


def scores_of(blocks):
    W1, b1, W2, b2 = blocks
    return np.tanh(X @ W1.T + b1) @ W2.T + b2


def probabilities(Z):
    """Of each class c: 1 / sum_j exp(z_j - z_c)."""
    with np.errstate(over="ignore"):
        return 1 / np.exp(Z[:, None, :] - Z[:, :, None]).sum(axis=2)


def gradient_at(blocks, lam):
    """The pass back through the network of the example, by hand."""
    W1, b1, W2, _ = blocks
    H = np.tanh(X @ W1.T + b1)
    D2 = (probabilities(scores_of(blocks)) - np.eye(3)[Y]) / 3
    D1 = D2 @ W2 * (1 - H**2)
    return [D1.T @ X + 2 * lam * W1, D1.sum(axis=0), D2.T @ H + 2 * lam * W2, D2.sum(axis=0)]


def after_steps(count, slopes_at):
    """Where steps of size 1/8 lead from the example's parameters."""
    blocks = BLOCKS
    for _ in range(count):
        blocks = [b - 0.125 * g for b, g in zip(blocks, slopes_at(blocks), strict=True)]
    return blocks


def network(student, *more):
    """The student's network with the parameters of the example, in evaluation mode.

    One with further parameters loses the points of the check about them, and no others.
    """
    return TorchModule.built(
        student,
        lambda s: s.Network(SIZES, "tanh", 0, *more),
        SHAPES,
        "Network([2, 2, 3], name, seed)",
        BLOCKS,
        let_be=X,
    )


def own_scores(module):
    return array(module.model(module.given(X)), "the scores of your network", shape=(3, 3))


def own_cross_entropy(student, Z):
    """What the student's own function gives for these scores; nan where it gives no number."""
    try:
        value = derivative_of(student, "SoftmaxCrossEntropy", Z, np.array(1.0), Y).value
        return float(array(value, shape=()))
    except StudentFault:
        return np.nan


def cross_entropy(Z):
    return float(-np.log(probabilities(Z)[np.arange(3), Y]).mean())


@pytest.mark.points(3)
@pytest.mark.hint("At a = 0 it is log 2.")
@pytest.mark.hint("torch.exp and torch.log take a tensor of any shape.")
@pytest.mark.see("Softplus")
def test_softplus_example(student):
    """Softplus.apply of 0, log 3, -log 3 and log 7 is log 2, log 4, log 4/3 and log 8"""
    a = np.array([[0.0, LOG3], [-LOG3, np.log(7.0)]])
    expected = np.log([[2.0, 4.0], [4 / 3, 8.0]])
    assert_close(derivative_of(student, "Softplus", a, np.ones((2, 2))).value, expected, "g(a)")


@pytest.mark.points(3)
@pytest.mark.hint("The slope at a = 0 is 1/2.")
@pytest.mark.hint("G is what arrives from behind: the chain rule multiplies by it.")
@pytest.mark.hint("The slope of log(1 + e^a) is e^a / (1 + e^a).")
@pytest.mark.see("Softplus")
def test_softplus_gradient_example(student):
    """Softplus passes back G times the slope 1 / (1 + e^-a)"""
    a = np.array([[0.0, LOG3], [-LOG3, np.log(7.0)]])
    G = np.array([[1.0, 2.0], [-4.0, 8.0]])
    found = gradient_of(derivative_of(student, "Softplus", a, G), "Softplus.apply(a)")
    assert_close(found, G * [[1 / 2, 3 / 4], [1 / 4, 7 / 8]], "the derivative with respect to a")


def gradient_of(derivative, name):
    require(
        derivative.node != "",
        f"{name} has no graph: it requires no gradient",
        hint="A class derived from torch.autograd.Function gives its `apply` a graph.",
    )
    return derivative.gradient


@pytest.mark.points(2)
@pytest.mark.hint("e^a overflows for a = 10000, and log(1 + e^a) is then a.")
@pytest.mark.hint("log(1 + e^a) = max(a, 0) + log(1 + e^-|a|).")
@pytest.mark.hint("torch.sigmoid does not overflow.")
@pytest.mark.see("Softplus")
def test_softplus_of_large_numbers(student):
    """Softplus and its derivative are right at 10000 and -10000"""
    a, G = np.array([1e4, -1e4]), np.array([1.0, 1.0])
    found = derivative_of(student, "Softplus", a, G)
    assert_close(found.value, np.array([1e4, 0.0]), "g(a)")
    slope = gradient_of(found, "Softplus.apply(a)")
    assert_close(slope, np.array([1.0, 0.0]), "the derivative with respect to a")


@pytest.mark.points(3)
@pytest.mark.hint("softmax goes over the classes of one row, dim=1.")
@pytest.mark.hint("Of each row only the logarithm at its label counts; then take the mean.")
@pytest.mark.hint("log P = Z - torch.logsumexp(Z, dim=1, keepdim=True) does not overflow.")
@pytest.mark.see("SoftmaxCrossEntropy")
def test_cross_entropy_example(student):
    """SoftmaxCrossEntropy.apply of rows with the probabilities 3/4, 1/2 and 1/8 of their labels"""
    Z = np.log([[1.0, 3.0, 0.0625], [2.0, 1.0, 1.0], [1.0, 4.0, 3.0]])
    Z[0, 2] = -1e4
    y = np.array([1, 0, 0])
    found = derivative_of(student, "SoftmaxCrossEntropy", Z, np.array(1.0), y).value
    assert_close(found, -np.log([3 / 4, 1 / 2, 1 / 8]).mean(), "H")
    large = 1e4 * np.array([[1.0, -1.0], [1.0, -1.0]])
    y = np.array([0, 1])
    found = derivative_of(student, "SoftmaxCrossEntropy", large, np.array(1.0), y).value
    assert_close(found, 1e4, "H of scores of 10000 and -10000")


@pytest.mark.points(3)
@pytest.mark.hint("At the scores it is (P - Y) / n, and the chain rule multiplies by G.")
@pytest.mark.hint("backward returns one gradient for each argument of forward; y has none.")
@pytest.mark.hint("P has the shape (n, k) of Z: each row minus 1 at its label, all over n.")
@pytest.mark.see("SoftmaxCrossEntropy")
def test_cross_entropy_gradient_example(student):
    """SoftmaxCrossEntropy passes back G (P - Y) / n"""
    Z = np.log([[1.0, 3.0], [2.0, 2.0], [1.0, 7.0]])
    y = np.array([1, 0, 0])
    found = derivative_of(student, "SoftmaxCrossEntropy", Z, np.array(6.0), y)
    found = gradient_of(found, "SoftmaxCrossEntropy.apply(Z, y)")
    expected = 2 * np.array([[1 / 4, -1 / 4], [-1 / 2, 1 / 2], [-7 / 8, 7 / 8]])
    assert_close(found, expected, "the derivative with respect to Z, where G is 6")


@pytest.mark.points(3)
@pytest.mark.hint("How many layers do four sizes make? Neighbours in sizes belong to one layer.")
@pytest.mark.hint("Layers in a plain list are not found: nn.ModuleList registers them.")
@pytest.mark.hint("W has one row per output; nn.Linear(in, out) holds it so.")
@pytest.mark.see("Network")
def test_network_parameters(student):
    """Network registers W (out, in) and b (out,) of each layer, in order, and zero biases"""
    shapes = [(5, 3), (5,), (4, 5), (4,), (2, 4), (2,)]
    module = TorchModule.built(
        student,
        lambda s: s.Network([3, 5, 4, 2], "relu", 7),
        shapes,
        "Network([3, 5, 4, 2], name, seed)",
    )
    for layer, (W, b) in enumerate(zip(*[iter(module.parameters())] * 2, strict=True), start=1):
        W, b = array(W, f"W of layer {layer}"), array(b, f"b of layer {layer}")
        s, worst = np.sqrt(6 / sum(W.shape)), float(np.abs(W).max())
        require(
            worst <= s * (1 + 1e-6),
            f"W of layer {layer} has entries outside [-s, s]",
            expected=f"at most s = {s:.6g}",
            got=f"{worst:.6g}",
        )
        require(len(np.unique(W)) > 1, f"the weights of layer {layer} are all alike")
        require(not b.any(), f"b of layer {layer} is not zero")


@pytest.mark.points(2)
@pytest.mark.hint("What in torch is random, and what decides how it turns out?")
@pytest.mark.hint("torch.manual_seed(seed), or a torch.Generator with that seed, in __init__.")
@pytest.mark.see("Network")
def test_network_repeats_itself(student):
    """Network gives the same weights for the same seed, and others for another"""
    shapes = [(3, 4), (3,), (2, 3), (2,)]
    first, other, again = (
        TorchModule.built(
            student,
            lambda s, seed=seed: s.Network([4, 3, 2], "tanh", seed),
            shapes,
            "Network(sizes, name, seed)",
            let_be=np.ones((1, 4)),
        ).parameters()[::2]
        for seed in (5, 11, 5)
    )
    for layer, (W, V, U) in enumerate(zip(first, other, again, strict=True), start=1):
        assert_close(U, W, f"W of layer {layer}, for the same seed again")
        require(not passes(assert_close, V, W), f"W of layer {layer} is the same for two seeds")


@pytest.mark.points(4)
@pytest.mark.hint("The hidden layer is g(X W' + b); nothing follows the last layer.")
@pytest.mark.hint("Scores are asked for, not probabilities: no softmax.")
@pytest.mark.see("Network")
def test_network_example(student):
    """Network returns the scores of the handout's example"""
    module = network(student)
    answer = module.model(module.given(X))
    assert_close(answer, scores_of(BLOCKS), "model(X)")
    require(requires_grad(answer), "model(X) has no graph: it requires no gradient")


@pytest.mark.points(1)
@pytest.mark.hint("A name that is not known is an error at once, in __init__.")
@pytest.mark.hint('raise ValueError(f"no activation is called {name}")')
@pytest.mark.see("Network")
def test_network_of_an_unknown_name(student):
    """Network raises ValueError for an activation of another name"""
    with pytest.raises(ValueError):
        student.Network([2, 3], "softmax", 0)


@pytest.mark.points(3)
@pytest.mark.hint("A mean over the examples; then lam times the squares of all weights, no biases.")
@pytest.mark.hint("torch.nn.functional.cross_entropy takes scores: softmax is in it.")
@pytest.mark.hint("Weights have two axes, biases one: p.ndim tells them apart.")
@pytest.mark.see("loss")
def test_loss_example(student):
    """loss of the handout's example, without and with the penalty"""
    module = network(student)
    scores = own_scores(module)
    for lam in (0.0, 0.25):
        answer = student.loss(module.model, module.given(X), module.given(Y), lam)
        right = cross_entropy(scores_of(BLOCKS)) + lam * SQUARES
        try:
            assert_close(answer, right, f"loss(model, X, y, {lam:g})")
        except CheckFailed:
            # What loss rests on costs its own points, not those of a loss that is right with it.
            own = (cross_entropy(scores), own_cross_entropy(student, scores))
            if not any(passes(assert_close, answer, data + lam * SQUARES) for data in own):
                raise
        require(
            requires_grad(answer),
            "loss(model, X, y, lam) has no graph: it requires no gradient",
            hint="`.item()`, `float(...)`, `.detach()` and torch.no_grad() cut the graph.",
        )


@pytest.mark.points(3)
@pytest.mark.hint("torch.autograd.grad(value, list(model.parameters())) gives all of them.")
@pytest.mark.hint("With backward(), they stand in p.grad for each p of model.parameters().")
@pytest.mark.see("gradients")
def test_gradients_example(student):
    """gradients of the handout's example"""
    module = network(student)
    blocks = their_gradients(student, module)
    try:
        judge_gradient(blocks, gradient_at(BLOCKS, 0.25))
    except CheckFailed:
        # Right is also what torch makes of a loss of your own that is wrong.
        if not passes(judge_by_own_loss, judge_gradient, blocks, lambda: own_gradient(module)):
            raise


def own_gradient(module):
    """What torch makes of the student's own loss, at the module's parameters."""
    slopes = module.gradient(lambda s, model, *rest: s.loss(model, *rest), X, Y, 0.25)
    found = [array(slope, "the gradient of your loss") for slope in slopes]
    require(any(slope.any() for slope in found), "the gradient of your loss is zero")
    return found


def judge_by_own_loss(judge, blocks, expected):
    """`judge` with what `expected` makes of the student's loss, which may raise what it likes."""
    try:
        right = expected()
    except StudentFault as fault:
        raise CheckFailed("loss has no gradient") from fault
    judge(blocks, right)


def judge_gradient(blocks, expected):
    for block, right, name in zip(blocks, expected, GRADIENT_NAMES, strict=True):
        assert_close(block, right, name)


@pytest.mark.points(3)
@pytest.mark.hint("backward() adds to what is in .grad already.")
@pytest.mark.hint("model.zero_grad() before backward(), or torch.autograd.grad.")
@pytest.mark.see("gradients")
def test_gradients_do_not_add_up(student):
    """gradients gives the same when it is called again, and leaves the parameters as they are"""
    module = network(student)
    first, _, again = (their_gradients(student, module, lam) for lam in (0.25, 1.0, 0.25))
    for before, after, name in zip(first, again, GRADIENT_NAMES, strict=True):
        assert_close(after, array(before, name), f"{name}, when gradients is called again")
    for held, block, name in zip(
        module.parameters(), BLOCKS, ("W1", "b1", "W2", "b2"), strict=True
    ):
        assert_close(held, block, f"{name} after gradients")


@pytest.mark.points(4)
@pytest.mark.hint("theta - step_size * gradient for every parameter, all gradients at one point.")
@pytest.mark.hint("zero_grad(), backward(), step(), in each step anew.")
@pytest.mark.hint("An update by hand stands in `with torch.no_grad():` and changes p in place.")
@pytest.mark.see("train")
def test_train_takes_two_steps(student):
    """train with two epochs of one batch takes two steps against the gradient"""
    module = network(student)
    student.train(module.model, module.given(X), module.given(Y), 0.25, 0.125, 2, 3)
    trained = module.parameters()
    try:
        judge_parameters(trained, after_steps(2, lambda blocks: gradient_at(blocks, 0.25)))
    except CheckFailed:
        # Right is also a path of the student's own loss, or of their own gradients.
        for slopes in (own_gradient, lambda module: their_slopes(student, module)):
            if passes(judge_by_own_loss, judge_parameters, trained, own_steps(module, 2, slopes)):
                return
        require(
            not passes(judge_parameters, trained, BLOCKS),
            "train leaves the parameters of the model as they were",
            hint="Change the given model, not a copy of it.",
        )
        once = own_steps(module, 1, own_gradient)
        require(
            not passes(judge_by_own_loss, judge_parameters, trained, once),
            "train took one step, where two were asked for: one for each epoch",
        )
        raise


def judge_own_slopes(student):
    module = network(student)
    for slopes in (own_gradient(module), their_slopes(student, module)):
        judge_gradient(slopes, gradient_at(BLOCKS, 0.25))


def their_gradients(student, module, lam=0.25):
    answer = student.gradients(module.model, module.given(X), module.given(Y), lam)
    return sequence(module.without_surplus(answer), 4, "gradients(model, X, y, lam)")


def their_slopes(student, module):
    return [array(block, "gradients") for block in their_gradients(student, module)]


def own_steps(module, count, slopes):
    """What finds where so many steps lead."""

    def slopes_at(blocks):
        module.load(blocks)
        return slopes(module)

    return lambda: after_steps(count, slopes_at)


def judge_parameters(trained, expected):
    for held, right, name in zip(trained, expected, ("W1", "b1", "W2", "b2"), strict=True):
        assert_close(held, right, f"{name} after two steps")


@pytest.mark.points(3)
@pytest.mark.hint("The start counts: one loss before the first epoch, and one after each.")
@pytest.mark.hint("The loss is that of all examples, also where a step sees a batch.")
@pytest.mark.see("train")
def test_train_history(student):
    """train returns epochs + 1 losses, of all examples, which fall"""
    module = network(student)
    rest = (module.given(X), module.given(Y), 0.125)
    first = array(student.loss(module.model, *rest), "loss(model, X, y, lam)", shape=())
    answer = student.train(module.model, *rest, 0.25, 4, 2)
    history = array(answer, "history", shape=(5,))
    assert_close(history[0], first, "history[0], the loss before the first epoch")
    last = array(student.loss(module.model, *rest), "loss(model, X, y, lam)", shape=())
    assert_close(history[-1], last, "the last entry of history, the loss after the last epoch")
    falls = np.diff(history) < 0
    if not falls.all() and not passes(judge_own_slopes, student):
        return  # along a wrong gradient, which costs its own points, it need not fall
    where = int(np.argmin(falls))
    require(
        bool(falls.all()),
        f"history does not fall from epoch {where} to {where + 1}",
        expected=f"less than {history[where]:.10g}",
        got=f"{history[where + 1]:.10g}",
        where=f"[{where + 1}]",
        hint="A small step against the gradient makes it smaller: look at the sign.",
    )


@pytest.mark.points(3)
@pytest.mark.hint("The class with the largest score in each row.")
@pytest.mark.hint("Dropout is on in training mode: model.eval() first.")
@pytest.mark.see("predict")
def test_predict_example(student):
    """predict gives the class with the largest score, without dropout"""
    module = network(student)
    answer = student.predict(module.model, module.given(X))
    module.set_training(False)
    assert_labels(answer, own_scores(module), "predict(model, X)")
    dropped = network(student, 0.5)
    many = np.tile(X, (20, 1))
    dropped.set_training(True)
    answer = student.predict(dropped.model, dropped.given(many))
    dropped.set_training(False)
    scores, again = (
        array(dropped.model(dropped.given(many)), "the scores of your network", shape=(60, 3))
        for _ in range(2)
    )
    # What was dropped is drawn at random, so the message says no more. Of a network that drops in
    # evaluation mode too, which is another check's, nobody can say what predict should give.
    require(
        passes(assert_labels, answer, scores) or not np.array_equal(scores, again),
        "predict(model, X) uses dropout, where the model is in training mode",
        hint="Call model.eval() before you use the model.",
    )


def some_histories():
    """They fall and rise again, so that sorting or smoothing them would show."""
    i, j = np.arange(31.0), np.arange(41.0)
    return {
        "tanh": (1.5 * 0.9**i + 0.2 + 0.1 * np.sin(i / 2)).tolist(),
        "relu": (1.8 * 0.95**j + 0.4 + 0.1 * np.cos(j / 3)).tolist(),
    }


@pytest.mark.points(1)
@pytest.mark.hint("What do the numbers to the right and upwards mean? The figure is to say so.")
@pytest.mark.hint("axes.set_xlabel and axes.set_ylabel.")
@pytest.mark.see("plot_histories")
def test_plot_labels_its_axes(student):
    """plot_histories labels both axes"""
    figure = student.plot_histories.draw(some_histories())
    axes_labelled(figure)
    labels_in_place(figure)


@pytest.mark.points(2)
@pytest.mark.hint("One curve for each entry of the dictionary, with all of its losses.")
@pytest.mark.hint("axes.plot(history, label=name), and axes.legend() behind the loop.")
@pytest.mark.see("plot_histories")
def test_plot_shows_each_history_with_its_name(student):
    """plot_histories draws each history and names its curve"""
    histories = some_histories()
    figure = student.plot_histories.draw(histories)
    curves = curves_drawn(figure, {name: np.array(losses) for name, losses in histories.items()})
    told_apart(figure, curves)
