"""Hidden checks: each function and class against the reference, on inputs that tell mistakes apart.

What a check does is a function of a solution: the same steps are taken with the student's classes,
the reference's and those of each known mistake. n, d, k and the hidden sizes differ, so that a
transposed product or a mean over the wrong axis shows. A student's network may compute in float32:
all data are numbers that float32 holds, and pre-activations of relu stay away from 0.
"""

import itertools
from dataclasses import dataclass

import numpy as np
import pytest

from grader.checks import (
    Uniform,
    array,
    assert_close,
    assert_drawn_from,
    assert_labels,
    dtype_name,
    passes,
    require,
    requires_grad,
    sequence,
)
from grader.checks.autograd import TorchModule, derivative_of, numbers
from grader.checks.figure import curves_drawn
from grader.checks.network import block_names
from grader.errors import CheckFailed, StudentFault

NAMES = ("sigmoid", "tanh", "relu", "softplus")

# A path of float32 steps drifts from the float64 path; a wrong path is off by far more than this.
PATH_LOW = 2e-4


@dataclass(frozen=True)
class Net:
    """sizes, activation, dropout, and the blocks W1, b1, ... that are put in."""

    sizes: tuple[int, ...]
    name: str
    blocks: tuple[np.ndarray, ...]
    dropout: float = 0.0

    @property
    def shapes(self):
        """Of the blocks."""
        return shapes_of(self.sizes)


def shapes_of(sizes):
    pairs = itertools.pairwise(sizes)
    return [shape for fan_in, fan_out in pairs for shape in ((fan_out, fan_in), (fan_out,))]


def single(values):
    """The nearest numbers that float32 holds."""
    return np.asarray(values, dtype=np.float32).astype(float)


def problem(rng, n, sizes, name, dropout=0.0):
    """A Net, X with uneven features, and y; no relu near its kink."""
    for _ in range(50):
        scale = rng.uniform(0.3, 2.0, size=sizes[0])
        X = single(rng.normal(size=(n, sizes[0])) * scale + rng.normal(size=sizes[0]))
        h, blocks, kinks = X, [], []
        for fan_in, fan_out in itertools.pairwise(sizes):
            W, b = rng.normal(size=(fan_out, fan_in)), rng.normal(size=fan_out)
            factor = 1.5 / np.abs(h @ W.T + b).max()
            blocks += [single(W * factor), single(b * factor)]
            a = h @ blocks[-2].T + blocks[-1]
            kinks.append(a)
            h = np.maximum(a, 0) if name == "relu" else np.tanh(a)
        hidden = kinks[:-1]
        if name != "relu" or all(np.abs(a).min() > 1e-3 and (a > 0).any() for a in hidden):
            break
    return Net(tuple(sizes), name, tuple(blocks), dropout), X, rng.integers(0, sizes[-1], size=n)


def general(rng, name):
    """One hidden layer, all sizes different; all sizes equal; two hidden layers; none."""
    return [
        problem(rng, 7, [3, 5, 4], name),
        problem(rng, 6, [4, 4, 4], name),
        problem(rng, 9, [2, 6, 3, 5], name),
        problem(rng, 5, [3, 4], name),
        problem(rng, 1, [2, 3, 2], name),
    ]


def network(solution, net):
    """A solution's network with the blocks of a Net, in evaluation mode."""
    sizes, more = list(net.sizes), (net.dropout,) if net.dropout else ()
    return TorchModule.built(
        solution,
        lambda s: s.Network(sizes, net.name, 0, *more),
        net.shapes,
        f"Network({sizes}, ...)",
        net.blocks,
        let_be=np.ones((1, sizes[0])),  # further parameters cost the points of the check of them
    )


def scores(solution, net, X):
    module = network(solution, net)
    return numbers(module.model(module.given(X)))


def loss_value(solution, net, X, y, lam):
    return numbers(solution.loss(*as_tensors(solution, net, X, y), lam))


def as_tensors(solution, net, X, y):
    return arguments(network(solution, net), X, y)


def arguments(module, X, y):
    return module.model, module.given(X), module.given(y)


def loss_slopes(solution, net, X, y, lam):
    """What torch makes of a solution's loss."""
    return network(solution, net).gradient(own_loss, X, y, lam)


def loss_and_slopes(solution, *probe):
    return [loss_value(solution, *probe), *loss_slopes(solution, *probe)]


def own_loss(solution, model, *rest):
    return solution.loss(model, *rest)


def gradient(solution, net, X, y, lam):
    module = network(solution, net)
    args = arguments(module, X, y)
    solution.gradients(*args, lam + 1)  # what it leaves behind is of no importance
    return module.without_surplus(numbers(solution.gradients(*args, lam)))


def training(solution, net, X, y, *rest):
    """The history, and the parameters behind it."""
    module = network(solution, net)
    history = solution.train(module.model, module.given(X), module.given(y), *rest)
    return [module.as_computed(numbers(history)), *module.parameters()]


def predicted(solution, net, X):
    module = network(solution, net)
    module.set_training(True)
    return numbers(solution.predict(module.model, module.given(X)))


def softplus(solution, a, G):
    return parts_of(derivative_of(solution, "Softplus", a, G))


def cross_entropy(solution, Z, y, G):
    return parts_of(derivative_of(solution, "SoftmaxCrossEntropy", Z, G, y))


def parts_of(derivative):
    return [derivative.value, derivative.gradient, derivative.again]


# Derivatives by hand


@pytest.mark.points(3)
def test_softplus(student, reference, rng, diagnose):
    """Softplus of many shapes: value, derivative, and a second pass back"""
    sizes = [(1, (3, 4)), (3, (5,)), (1, (2, 1, 3)), (10, (6,)), (1, ())]
    probes = [
        (np.array(size * rng.normal(size=shape)), np.array(rng.normal(size=shape)))
        for size, shape in sizes
    ]
    probes.append((np.array([1e4, -1e4, 50.0, -3.0, 800.0]), np.array([2.0, 3.0, -1.0, 4.0, 0.5])))
    judge_derivatives(student, reference, diagnose, softplus, probes, "Softplus.apply(a)", "a")


@pytest.mark.points(3)
def test_cross_entropy(student, reference, rng, diagnose):
    """SoftmaxCrossEntropy of many shapes: value, derivative, and a second pass back"""
    probes = [
        (2 * rng.normal(size=(n, k)), rng.integers(0, k, size=n), rng.normal())
        for n, k in [(5, 3), (4, 4), (1, 3), (6, 2), (3, 7)]
    ]
    probes.append((np.array([[1e4, -1e4, 0.0], [0.0, 1e4, 1e4]]), np.array([1, 1]), np.array(0.5)))
    judge_derivatives(
        student, reference, diagnose, cross_entropy, probes, "SoftmaxCrossEntropy.apply(Z, y)", "Z"
    )


def judge_derivatives(student, reference, diagnose, use, probes, called, argument):
    answers = [use(student, *probe) for probe in probes]
    with diagnose(use, probes, answers):
        for probe, (value, slope, again) in zip(probes, answers, strict=True):
            right, right_slope, _ = use(reference, *probe)
            what = f"the derivative with respect to {argument}"
            try:
                assert_close(value, right, called)
                require(slope is not None, f"{called} has no graph: it requires no gradient")
                assert_close(slope, right_slope, what)
            except CheckFailed as failure:
                failure.diagnosis = (
                    name_overflow(use, value, slope) if probe is probes[-1] else None
                )
                raise
            twice = array(again, what, shape=np.shape(right_slope))
            assert_close(
                twice - array(slope),
                right_slope,
                f"{what}, when it is asked for again",
                hint="backward may not change what forward has saved.",
            )


def name_overflow(use, value, slope):
    """What is no number for large arguments, where the others are right."""
    words = {
        softplus: (
            "Your Softplus overflows: e^a is infinite for large a.",
            "Your slope of Softplus overflows: e^a / (1 + e^a) is inf / inf for large a.",
        ),
        cross_entropy: (
            "Your softmax overflows: subtract each row's maximum, or use torch.logsumexp.",
        )
        * 2,
    }
    for part, told in zip((value, slope), words[use], strict=True):
        if isinstance(part, np.ndarray) and not np.isfinite(part).all():
            return told
    return None


@pytest.mark.points(2)
@pytest.mark.parametrize("name", ["softplus", "cross_entropy"])
def test_by_hand(student, name):
    """Both derivatives are written by hand, in a torch.autograd.Function"""
    kind, args = {
        "softplus": ("Softplus", (np.ones(2), np.ones(2))),
        "cross_entropy": ("SoftmaxCrossEntropy", (np.ones((1, 2)), np.array(1.0), np.array([0]))),
    }[name]
    try:
        node = derivative_of(student, kind, *args).node
    except CheckFailed:
        node = ""
    # torch's own derivatives are called SoftplusBackward0 and the like.
    require(
        node.endswith("Backward"),
        f"{kind}.apply has no derivative of its own",
        got=node or "no graph",
        hint="Derive the class from torch.autograd.Function and write `backward`.",
    )
    student.source(kind).forbid(
        "torch.autograd.grad",
        "torch.autograd.backward",
        "torch.autograd.functional",
        "torch.enable_grad",
        "torch.func",
        hint="backward is asked for as a formula.",
    )


# The network


@pytest.mark.points(8)
@pytest.mark.parametrize("name", NAMES)
def test_network(student, reference, rng, diagnose, name):
    """Network gives the scores of networks with none, one and two hidden layers"""
    probes = [(net, X) for net, X, _ in general(rng, name)]
    probes.append(problem(rng, 4, [1, 1, 3], name)[:2])
    answers = [scores(student, *probe) for probe in probes]
    with diagnose(scores, probes, answers, among=("Network", "Network.forward")):
        for (net, X), answer in zip(probes, answers, strict=True):
            try:
                assert_close(answer, scores(reference, net, X), f"scores of {list(net.sizes)}")
            except CheckFailed:
                if name != "softplus" or not follows_own_softplus(student, answer, net, X):
                    raise
    judge_graph(student, *probes[2])


def judge_graph(student, net, X):
    """Every parameter has a gradient: no layer is cut off."""
    slopes = network(student, net).gradient(lambda _, model, X: model(X).square().sum(), X)
    cut_off = [name for name, slope in zip(names_of(net), slopes, strict=True) if not np.any(slope)]
    try:
        require(
            not cut_off,
            f"the scores lead torch to no gradient for {', '.join(cut_off)}",
            hint="`.detach()`, `.data`, `.numpy()` and torch.no_grad() cut the graph.",
        )
    except CheckFailed as failure:
        failure.diagnosis = "Your network cuts the graph between its layers."
        raise


def follows_own_softplus(student, answer, net, X):
    """Whether scores are right with the student's own Softplus."""
    try:
        h = X
        for W, b in zip(net.blocks[:-2:2], net.blocks[1:-2:2], strict=True):
            a = h @ W.T + b
            h = array(derivative_of(student, "Softplus", a, np.ones(a.shape)).value, "g(a)")
            require(h.shape == a.shape, "Softplus has another shape")
        return passes(assert_close, answer, h @ net.blocks[-2].T + net.blocks[-1])
    except StudentFault:
        return False


@pytest.mark.points(2)
def test_network_in_float64(student, reference, rng):
    """Network computes in float64 after model.double()"""
    net, X, _ = problem(rng, 5, [3, 4, 2], "tanh")
    module = TorchModule.built(
        student,
        lambda s: s.Network([3, 4, 2], "tanh", 0).double(),
        net.shapes,
        "Network([3, 4, 2], ...)",
        net.blocks,
        let_be=np.ones((1, 3)),
    )
    require(module.dtype == "float64", "the parameters stay in " + module.dtype)
    answer = module.model(module.given(X))
    found = dtype_name(answer).removeprefix("torch.")
    require(
        found == "float64",
        "the scores are not in float64",
        expected="float64",
        got=found or "no tensor",
        hint="Leave the dtype to the parameters and to X: no .float() in forward.",
    )
    right = scores(reference, net, X)
    if not passes(assert_close, answer, right):  # another check asks for the values
        return
    assert_close(answer, right, "the scores", low=1e-9)


@pytest.mark.points(3)
def test_network_starts_uniform(student, rng):
    """Network spreads weights evenly over [-s, s]"""
    sizes = (60, 45, 20, 70)
    seed = int(rng.integers(1, 10_000))
    held = TorchModule.built(
        student,
        lambda s: s.Network(list(sizes), "relu", seed),
        shapes_of(sizes),
        "Network(...)",
        let_be=np.ones((1, sizes[0])),
    ).parameters()
    try:
        for layer, (W, b) in enumerate(zip(held[::2], held[1::2], strict=True), start=1):
            require(not array(b, "b").any(), f"b of layer {layer} is not zero")
            s = np.sqrt(6 / sum(np.shape(W)))
            assert_drawn_from(W, Uniform(-s, s), f"W of layer {layer}")
    except CheckFailed as failure:
        failure.diagnosis = name_start([array(W) for W in held[::2]], held[1::2])
        raise
    judge_independence([array(W) for W in held[::2]])


def judge_independence(weights):
    """In parts of s the draws of one generator in the state of the seed are the same everywhere."""
    parts = [W.ravel()[:100] / np.sqrt(6 / sum(W.shape)) for W in weights]
    for (one, first), (other, second) in itertools.combinations(enumerate(parts, start=1), 2):
        if np.abs(first - second).max() < 1e-5:
            raise CheckFailed(
                f"the layers {one} and {other} begin with the same draws",
                expected="weights that are drawn independently of each other",
                hint="Seed once, before the first layer, and draw all layers after it.",
                diagnosis="Your Network takes the seed anew for each layer.",
            )


def name_start(weights, biases):
    """The wrong start that all layers show, where there is one."""
    bounds = {
        "Your weights start as those of nn.Linear do, on [-1 / sqrt(in), 1 / sqrt(in)]: "
        "s is sqrt(6 / (in + out)).": lambda i, o: i**-0.5,
        "Your s is sqrt(6 / in), as of kaiming_uniform_: it is sqrt(6 / (in + out)).": (
            lambda i, o: (6 / i) ** 0.5
        ),
        "Your s is 6 / (in + out): take the square root.": lambda i, o: 6 / (i + o),
        "Your s is sqrt(3 / (in + out)): it is sqrt(6 / (in + out)).": (
            lambda i, o: (3 / (i + o)) ** 0.5
        ),
    }
    if all(2.6 < np.mean((W - W.mean()) ** 4) / max(W.var() ** 2, 1e-300) < 3.4 for W in weights):
        return "Your weights are normal, as of xavier_normal_: uniform ones are asked for."
    fitting = [
        words
        for words, bound in bounds.items()
        if all(0.97 < np.abs(W).max() / bound(*W.shape[::-1]) <= 1 + 1e-6 for W in weights)
    ]
    if len(fitting) == 1:
        return fitting[0]
    right = {"s": lambda i, o: (6 / (i + o)) ** 0.5}["s"]
    if all(np.abs(W).max() <= right(*W.shape[::-1]) * (1 + 1e-6) for W in weights) and any(
        np.any(b) for b in biases
    ):
        return "Your biases keep the random start of nn.Linear: they are zero."
    return None


@pytest.mark.points(4)
def test_network_drops_hidden_values(student, rng):
    """Network drops each hidden value with the probability `dropout` in training mode"""
    d, h, p, n = 4, 30, 0.3, 50
    # The last layer shows the hidden values as they are, which are far from 0 for sigmoid: what it
    # is given is no larger than 1 + 4, so that they are 0.006 and more.
    blocks = (single(rng.uniform(-0.5, 0.5, (h, d))), single(rng.uniform(-1, 1, h)), np.eye(h))
    net = Net((d, h, h), "sigmoid", (*blocks, np.zeros(h)), p)
    X = single(rng.uniform(-2, 2, (n, d)))
    module = network(student, net)
    whole, read = hidden_values(module, net, X)
    require(bool((np.abs(whole) > 1e-3).all()), "the hidden values of sigmoid are not positive")
    module.set_training(True)
    both = [read() for _ in range(2)]
    ratio = both[0] / whole
    kept = np.abs(ratio) > 1e-6
    share = 1 - kept.mean()
    # What comes is drawn at random: messages hold none of it.
    try:
        require(not np.array_equal(*both), "two passes in training mode drop the same values")
        require(
            abs(share - p) < 0.1,  # 8 standard deviations
            "the share of hidden values that are dropped is not `dropout`",
        )
        require(
            bool(np.abs(ratio[kept] * (1 - p) - 1).max() < 1e-4),
            "what is kept is not the value in evaluation mode over 1 - dropout",
        )
        alike = np.all(kept == kept[0]) or np.all(kept == kept[:, :1])
        require(not alike, "all rows, or all units, are dropped together")
    except CheckFailed as failure:
        failure.diagnosis = name_dropout(both[0], whole, p)
        raise
    judge_every_layer(student, rng, net, X)


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def from_zero(Z):
    """The lowest score of each row is 0, as it is where a hidden value is dropped in each."""
    return Z - Z.min(axis=1, keepdims=True)


# What some put behind the last layer, and how it is taken away again.
BEHIND = (
    (sigmoid, lambda P: np.log(P / (1 - P))),
    (softmax, lambda P: from_zero(np.log(P))),
    (lambda Z: np.log(softmax(Z)), from_zero),
)


def hidden_values(module, net, X):
    """(whole, read): the last hidden values, (n, h), and a function that gives them anew.

    They are the scores, because the last layer changes nothing. A network that has sigmoid,
    softmax or its logarithm behind that layer, or drops values in evaluation mode too, loses the
    points of other checks: here it is read as if it did not. module: in evaluation mode.
    """
    right = X
    for W, b in zip(net.blocks[:-2:2], net.blocks[1:-2:2], strict=True):
        right = sigmoid(right @ W.T + b)

    def scores_now():
        return array(module.model(module.given(X)), "the scores", shape=right.shape)

    whole, again = scores_now(), scores_now()
    if not np.array_equal(whole, again):
        return right, scores_now
    for behind, undo in BEHIND:
        if passes(assert_close, whole, behind(right)) and not passes(assert_close, whole, right):

            def undone(undo=undo):
                with np.errstate(all="ignore"):
                    return array(undo(scores_now()), "the scores")

            return right, undone
    return whole, scores_now


def judge_every_layer(student, rng, net, X):
    """With one more hidden layer, values of both are dropped."""
    h, p = net.sizes[-1], net.dropout
    more = (single(rng.normal(size=(h, h)) / 2), np.zeros(h))
    deeper = Net((*net.sizes, h), net.name, (*net.blocks[:2], *more, *net.blocks[2:]), p)
    module = network(student, deeper)
    whole, read = hidden_values(module, deeper, X)
    module.set_training(True)
    found = read()
    kept = np.abs(found) > 1e-6
    require(
        abs(1 - kept.mean() - p) < 0.1,
        "the share of values of the second hidden layer that are dropped is not `dropout`",
    )
    require(
        bool(np.abs(found[kept] * (1 - p) - whole[kept]).max() > 1e-2),
        "with two hidden layers, no values of the first one are dropped",
    )


def name_dropout(dropped, whole, p):
    """dropped, whole: the hidden values of sigmoid in training and in evaluation mode."""
    ratio = dropped / whole
    kept = np.abs(ratio) > 1e-6
    share, factors = 1 - kept.mean(), np.unique(ratio[kept].round(4))
    if kept.all() and np.array_equal(factors, [1.0]):
        return "Your dropout does nothing in training mode."
    if abs(share - (1 - p)) < 0.1:
        return "Your dropout keeps values with the probability `dropout`: it drops them with it."
    if abs(share - p) < 0.1 and np.array_equal(factors, [1.0]):
        return "Your dropout does not divide what is kept by 1 - dropout."
    if abs(share - p) < 0.1 and np.array_equal(factors, [round(1 - p, 4)]):
        return "Your dropout multiplies what is kept by 1 - dropout: it is divided by it."
    if whole.min() > 0 and whole.max() < 1:
        before = np.log(whole / (1 - whole))
        early = 1 / (1 + np.exp(-before / (1 - p)))
        if np.all((np.abs(dropped - 0.5) < 1e-4) | (np.abs(dropped - early) < 1e-4)):
            return "Your dropout stands before the activation: hidden values are dropped behind it."
    return None


@pytest.mark.points(2)
def test_network_drops_nothing_in_evaluation(student, reference, rng):
    """Network drops nothing in evaluation mode, and no score or input in training mode"""
    net, X, _ = problem(rng, 6, [3, 5, 4], "tanh", dropout=0.5)
    module = network(student, net)
    first, again = (array(module.model(module.given(X)), "the scores") for _ in range(2))
    try:
        require(np.array_equal(first, again), "two passes in evaluation mode give different scores")
    except CheckFailed as failure:
        failure.diagnosis = (
            "Your dropout is on in evaluation mode as well: functional.dropout has to be told "
            "`training=self.training`."
        )
        raise
    right = scores(student, Net(net.sizes, net.name, net.blocks), X)
    assert_close(first, array(right, "the scores"), "the scores with dropout and without it")
    # Without a hidden layer there is nothing to drop.
    one_layer, X, _ = problem(rng, 6, [3, 4], "tanh", dropout=0.5)
    module = network(student, one_layer)
    right = array(module.model(module.given(X)), "the scores")
    module.set_training(True)
    try:
        require(
            passes(assert_close, module.model(module.given(X)), right),
            "a network of one layer gives other scores in training mode",
        )
    except CheckFailed as failure:
        failure.diagnosis = "Your dropout acts on the input or on the scores: hidden values alone."
        raise


# Loss and gradient


def loss_probes(rng):
    lams = (0.4, 0.7, 0.3, 0.9, 0.5)
    found = [(*made, lam) for made, lam in zip(general(rng, "tanh"), lams, strict=True)]
    found += [(*problem(rng, 6, [3, 4, 2], name), 0.25) for name in ("sigmoid", "relu")]
    return [*found, (*problem(rng, 8, [3, 5, 3], "tanh"), 0.0)]


@pytest.mark.points(4)
def test_loss(student, reference, rng, diagnose):
    """loss of networks of many shapes"""
    probes = loss_probes(rng)
    answers = [loss_value(student, *probe) for probe in probes]
    with diagnose(loss_value, probes, answers, among=("loss",)):
        for probe, answer in zip(probes, answers, strict=True):
            try:
                assert_close(answer, loss_value(reference, *probe), "loss(model, X, y, lam)")
            except CheckFailed:
                if not follows_own_scores(student, answer, probe):
                    raise
    module = network(student, probes[0][0])
    for mode, other in ((True, "evaluation"), (False, "training")):
        module.set_training(mode)
        student.loss(module.model, *map(module.given, probes[0][1:3]), 0.5)
        require(
            module.model.training == mode,
            f"loss puts the model into {other} mode",
            hint="train and predict choose the mode; loss leaves the model in the one it is in.",
        )


def follows_own_scores(student, answer, probe):
    """Whether a loss is right with the student's own network, or own SoftmaxCrossEntropy."""
    net, X, y, lam = probe
    penalty = lam * sum(float((W**2).sum()) for W in net.blocks[::2])
    try:
        Z = array(scores(student, net, X), "the scores", shape=(len(y), net.sizes[-1]))
        own = array(cross_entropy(student, Z, y, np.array(1.0))[0], "H", shape=())
    except StudentFault:
        return False
    top = Z.max(axis=1)
    norms = top + np.log(np.exp(Z - top[:, None]).sum(axis=1))
    data = float((norms - Z[np.arange(len(y)), y]).mean())
    return any(passes(assert_close, answer, each + penalty) for each in (data, own))


@pytest.mark.points(3)
def test_loss_has_its_graph(student, reference, rng, diagnose):
    """loss leads torch to the gradient of every parameter"""
    probes = loss_probes(rng)[:4]
    value = loss_value(student, *probes[0])
    try:
        require(
            requires_grad(value),
            "loss(model, X, y, lam) has no graph: it requires no gradient",
            hint="`.item()`, `float(...)`, `.detach()` and torch.no_grad() cut the graph.",
        )
    except CheckFailed as failure:
        if requires_grad(scores(student, *probes[0][:2])):
            failure.diagnosis = "Your loss has no graph: return the tensor itself."
        raise
    answers = [loss_and_slopes(student, *probe) for probe in probes]
    with diagnose(loss_and_slopes, probes, answers, among=("loss",)):
        for probe, answer in zip(probes, answers, strict=True):
            judge_slopes(answer, student, reference, probe)


def judge_slopes(answer, student, reference, probe):
    """The gradient of the loss; what it rests on may be wrong, but no layer may be cut off."""
    net, X, y, _ = probe
    value, *answer = answer
    right = passes(assert_close, value, loss_value(reference, *probe))
    if right and entropy_is_right(student, reference, scores(reference, net, X), y):
        expected = loss_slopes(reference, *probe)
        for block, slope, name in zip(answer, expected, names_of(net), strict=True):
            assert_close(block, slope, f"{name}, by the graph of your loss")
        return
    for block, name in zip(answer, names_of(net), strict=True):
        require(
            bool(np.any(array(block, name, finite=False))),
            f"the gradient of your loss with respect to {name} is zero",
            hint="`.detach()`, `.data` or torch.no_grad() on the way cut the graph.",
        )


def entropy_is_right(student, reference, Z, y):
    """Whether the student's own SoftmaxCrossEntropy is right for these scores."""
    probe = (np.asarray(Z), y, np.array(1.0))
    try:
        judge_blocks(
            cross_entropy(student, *probe)[:2], cross_entropy(reference, *probe)[:2], ("H", "dZ")
        )
    except StudentFault:
        return False
    return True


def names_of(net, parts=("dW", "db")):
    return block_names(len(net.blocks) // 2, parts)


@pytest.mark.points(4)
def test_gradients(student, reference, rng, diagnose):
    """gradients of networks of many shapes"""
    probes = loss_probes(rng)
    answers = [gradient(student, *probe) for probe in probes]
    with diagnose(gradient, probes, answers, among=("gradients",)):
        for probe, answer in zip(probes, answers, strict=True):
            judge_gradient(answer, student, reference, probe)


def judge_gradient(answer, student, reference, probe):
    blocks = sequence(answer, len(probe[0].blocks), "gradients(model, X, y, lam)")
    try:
        judge_blocks(blocks, gradient(reference, *probe), names_of(probe[0]))
    except CheckFailed:
        # Right is also what torch makes of the student's own loss.
        if not passes_with_own(judge_blocks, blocks, lambda: own_slopes(student, probe), probe):
            raise


def own_slopes(student, probe):
    slopes = [array(slope, "the gradient of your loss") for slope in loss_slopes(student, *probe)]
    require(any(slope.any() for slope in slopes), "the gradient of your loss is zero")
    return slopes


def passes_with_own(judge, found, expected, probe):
    """Whether `judge` accepts what `expected` makes of the student's functions."""
    try:
        judge(found, expected(), names_of(probe[0]))
    except StudentFault:
        return False
    return True


def judge_blocks(blocks, expected, names, low=1e-5):
    for block, right, name in zip(blocks, expected, names, strict=True):
        assert_close(block, right, name, low=low)


# Training


def path_probes(rng):
    """Batches that fit, with one example left over, of one example, and one of all; lam shows.

    The last step size is so large that the loss rises at times.
    """
    rest = [(0.1, 0.5, 3, 3), (0.25, 0.25, 2, 3), (0.0625, 0.5, 2, 1), (0.125, 2.0, 4, 50)]
    shapes = [(6, [3, 5, 4]), (7, [2, 4, 3, 3]), (5, [3, 4]), (6, [4, 4, 4])]
    return [
        (*problem(rng, n, sizes, "tanh"), *each)
        for (n, sizes), each in zip(shapes, rest, strict=True)
    ]


@pytest.mark.points(6)
def test_train(student, reference, rng, diagnose):
    """train follows stochastic gradient descent, batch by batch"""
    probes = path_probes(rng)
    answers = [training(student, *probe) for probe in probes]
    with diagnose(training, probes, answers, among=("train",)):
        for probe, answer in zip(probes, answers, strict=True):
            try:
                judge_path(answer, training(reference, *probe), path_names(probe))
            except CheckFailed:
                if not follows_own_loss(student, answer, probe):
                    raise


def path_names(probe):
    return ["history", *names_of(probe[0], ("W", "b"))]


def judge_path(answer, expected, names):
    for got, right, name in zip(answer, expected, names, strict=True):
        assert_close(got, right, name if name == "history" else f"{name} at the end", low=PATH_LOW)


def follows_own_loss(student, answer, probe):
    """Whether a path is that of the student's own loss, by torch's gradient or by their own."""

    def by_torch(module, *rest):
        return module.gradient(own_loss, *rest)

    def by_gradients(module, X, y, lam):
        slopes = student.gradients(*arguments(module, X, y), lam)
        return sequence(module.without_surplus(slopes), len(module.names), "gradients(...)")

    for slopes_of in (by_torch, by_gradients):
        try:
            judge_path(answer, own_path(student, slopes_of, *probe), path_names(probe))
        except StudentFault:
            continue
        return True
    return False


def own_path(student, slopes_of, net, X, y, lam, step_size, epochs, batch_size):
    module = network(student, net)

    def value():
        given = (module.given(X), module.given(y), lam)
        return float(array(student.loss(module.model, *given), "loss", shape=()))

    history = [value()]
    for _ in range(epochs):
        for start in range(0, len(y), batch_size):
            rows = slice(start, start + batch_size)
            slopes = slopes_of(module, X[rows], y[rows], lam)
            slopes = [array(slope, "the gradient of your loss") for slope in slopes]
            require(any(slope.any() for slope in slopes), "the gradient of your loss is zero")
            held = [array(block) for block in module.parameters()]
            module.load([p - step_size * g for p, g in zip(held, slopes, strict=True)])
        history.append(value())
    return [np.array(history), *module.parameters()]


@pytest.mark.points(4)
def test_train_with_dropout(student, rng):
    """train steps in training mode and records losses in evaluation mode"""
    net, X, y = problem(rng, 12, [3, 40, 3], "tanh", dropout=0.5)
    probe = (X, y, 0.125, 0.25, 2, 12)
    names = names_of(net, ("W", "b"))
    plain = Net(net.sizes, net.name, net.blocks)
    without = training(student, plain, *probe)
    history, *trained = training(student, net, *probe)
    trained = [array(block, name) for block, name in zip(trained, names, strict=True)]
    recorded = records_own_losses(student, net, X, y, history, trained)
    sound = modes_that_drop(student, net, X) == [True]
    # What comes is drawn at random: messages hold none of it.
    try:
        # Where no loss comes twice, as of a network that always drops, nothing can be compared.
        require(
            recorded or not loss_repeats_itself(student, net, X, y),
            "history does not hold the losses in evaluation mode",
        )
    except CheckFailed as failure:
        # Without dropout there are no two modes: what is wrong there too has another reason.
        if sound and records_own_losses(student, plain, X, y, without[0], without[1:]):
            failure.diagnosis = (
                "Your history holds losses in training mode, with dropout: call model.eval() "
                "first, and model.train() before the next steps."
            )
        raise
    require(
        not passes(judge_blocks, trained, net.blocks, names),
        "train leaves the parameters of the model as they were",
    )
    if not loss_drops(student, net, X, y):
        return  # that is another check's
    # So many hidden values are not all kept by chance.
    same = passes(judge_blocks, trained, [array(block) for block in without[1:]], names)
    try:
        require(
            not same,
            "train gives the same with dropout and without it",
            hint="Steps are taken in training mode, where dropout is on.",
        )
    except CheckFailed as failure:
        if sound:
            failure.diagnosis = (
                "Your train takes its steps in evaluation mode: call model.train() first."
            )
        raise


def records_own_losses(student, net, X, y, history, trained):
    """Whether a history of three losses begins and ends with the student's own loss."""
    values = array(history, "history", shape=(3,))
    ends = ((values[0], net.blocks), (values[-1], tuple(map(array, trained))))
    return all(
        passes(
            assert_close,
            value,
            array(
                loss_value(student, Net(net.sizes, net.name, blocks, net.dropout), X, y, 0.125),
                "loss(model, X, y, lam)",
                shape=(),
            ),
            low=1e-4,
        )
        for value, blocks in ends
    )


def loss_repeats_itself(student, net, X, y):
    given = arguments(network(student, net), X, y)
    first, again = (array(numbers(student.loss(*given, 0.125))) for _ in range(2))
    return np.array_equal(first, again)


def modes_that_drop(student, net, X):
    """In which modes two passes of the student's network differ: True is training mode."""
    module = network(student, net)
    found = []
    for mode in (False, True):
        module.set_training(mode)
        passes_made = [array(module.model(module.given(X)), "the scores") for _ in range(2)]
        if not np.array_equal(*passes_made):
            found.append(mode)
    return found


def loss_drops(student, net, X, y):
    """Whether dropout changes the gradient of the student's own loss at all."""
    module = network(student, net)
    found = []
    for mode in (False, True):
        module.set_training(mode)
        slopes = module.gradient(own_loss, X, y, 0.125)
        found.append([array(slope) for slope in slopes])
    return not all(np.array_equal(a, b) for a, b in zip(*found, strict=True))


@pytest.fixture(scope="session")
def digits(data):
    """The first 64 images with pixels in [0, 1], and their digits."""
    table = np.loadtxt(data["digits.csv"], delimiter=",")[:64]
    return table[:, :64] / 16, table[:, 64].astype(int)


LEARNING = (2.0**-12, 0.25, 12, 16)


def judge_learning(history):
    losses = array(history, "history", shape=(13,))
    require(
        losses[-1] <= 1.2,
        "the loss after 12 epochs is too high",
        expected=f"at most 1.2, from {losses[0]:.4g} at the start",
        got=f"{losses[-1]:.4g}",
    )


def right_start():
    """A network for the digits with weights as Network should draw them."""
    draws, blocks, sizes = np.random.default_rng(1), [], (64, 16, 10)
    for fan_in, fan_out in itertools.pairwise(sizes):
        s = np.sqrt(6 / (fan_in + fan_out))
        blocks += [single(draws.uniform(-s, s, size=(fan_out, fan_in))), np.zeros(fan_out)]
    return Net(sizes, "softplus", tuple(blocks), 0.0)


@pytest.mark.points(2)
def test_train_learns_digits(student, reference, rng, digits):
    """train learns to read handwritten digits"""
    X, y = digits
    module = TorchModule.built(
        student,
        lambda s: s.Network([64, 16, 10], "softplus", 1),
        shapes_of((64, 16, 10)),
        "Network([64, 16, 10], ...)",
        let_be=X,
    )
    answer = student.train(module.model, module.given(X), module.given(y), *LEARNING)
    try:
        judge_learning(answer)
    except CheckFailed:
        # Weights that start elsewhere cost the points of Network.
        if passes(lambda: judge_learning(training(student, right_start(), X, y, *LEARNING)[0])):
            return
        # Along a wrong gradient it need not fall.
        if passes(judge_own_slopes, student, reference, rng) or not any(
            follows_own_loss(student, training(student, *probe), probe)
            for probe in path_probes(rng)
        ):
            raise


def judge_own_slopes(student, reference, rng):
    probe = (*problem(rng, 5, [3, 4, 3], "softplus"), 0.25)
    judge_blocks(loss_slopes(student, *probe), loss_slopes(reference, *probe), names_of(probe[0]))
    judge_blocks(gradient(student, *probe), gradient(reference, *probe), names_of(probe[0]))


# As many examples as classes in the last one, where the wrong axis gives as many numbers.
SIZES_OF_PREDICT = [(9, [3, 5, 4]), (40, [2, 6, 3]), (6, [2, 5, 6])]


@pytest.mark.points(3)
def test_predict(student, reference, rng, diagnose):
    """predict gives the most likely classes, in evaluation mode"""
    probes = [problem(rng, n, sizes, "tanh")[:2] for n, sizes in SIZES_OF_PREDICT]
    net, X, _ = problem(rng, 60, [3, 8, 5], "tanh", dropout=0.5)
    answers = [predicted(student, *probe) for probe in probes]
    with diagnose(predicted, probes, answers, among=("predict",)):
        for (each, Z), answer in zip(probes, answers, strict=True):
            assert_labels(answer, own_scores(student, each, Z), "predict(model, X)")
    given = predicted(student, net, X)
    right = passes(assert_labels, given, own_scores(student, net, X))
    modes = [] if right else modes_that_drop(student, net, X)
    if False in modes:
        return  # a network that drops in evaluation mode too loses the points of the check of that
    try:
        require(right, "predict(model, X) uses dropout, where the model is in training mode")
    except CheckFailed as failure:
        if modes == [True]:
            failure.diagnosis = "Your predict drops hidden values: call model.eval() first."
        raise


def own_scores(student, net, X):
    return array(scores(student, net, X), "the scores", shape=(len(X), net.sizes[-1]))


@pytest.mark.points(1)
def test_plot_of_one_history(student):
    """plot_histories draws a single history too"""
    losses = (1.5 * 0.9 ** np.arange(12.0)).tolist()
    curves_drawn(student.plot_histories.draw({"sigmoid": losses}), {"sigmoid": np.array(losses)})
