"""Hidden checks: every function against the reference on inputs that tell mistakes apart.

n, d, k and the hidden sizes differ, so that a mean over the wrong axis or a transposed product
shows; one network has equal sizes everywhere, where a transposed matrix has the right shape.
Scores stay moderate, because log(p + 1e-12) and float32 are right there, and pre-activations of
relu stay away from 0, where its derivative may be anything from 0 to 1.
"""

import functools
import itertools
from contextlib import contextmanager, suppress

import numpy as np
import pytest

from grader.checks import (
    answered,
    array,
    assert_close,
    assert_follows,
    assert_gradient,
    assert_in_either_form,
    number,
    require,
    sequence,
    with_own,
)
from grader.checks.diagnose import name_terms
from grader.checks.network import (
    block_names,
    blocks_of,
    follow_epochs,
    gradient_contributions,
    own_gradient_error,
    read_network,
    slope_used,
)
from grader.errors import CheckFailed, StudentFault

NAMES = ("linear", "sigmoid", "tanh", "relu")
GRADIENT = ("dW", "db")

# A path of float32 steps drifts from the float64 path; a wrong path is off by far more than this.
PATH_LOW = 2e-4


def network(rng, sizes, X, name, reference, *, reach=1.5):
    """Random layers with biases whose pre-activations of X reach about +-`reach`."""
    params, h = [], X
    for fan_in, fan_out in itertools.pairwise(sizes):
        W, b = rng.normal(size=(fan_out, fan_in)), rng.normal(size=fan_out)
        factor = reach / np.abs(h @ W.T + b).max()
        params.append((W * factor, b * factor))
        h = reference.activation(name, h @ params[-1][0].T + params[-1][1])
    return params


def problem(rng, reference, n, sizes, name, lam):
    """Arguments (params, X, y, name, lam) with uneven features; no relu near its kink."""
    d, k = sizes[0], sizes[-1]
    for _ in range(50):
        X = rng.normal(size=(n, d)) * rng.uniform(0.3, 3.0, size=d) + rng.normal(size=d)
        params = network(rng, sizes, X, name, reference)
        hidden = reference._propagate(params, X, name)[1][:-1]
        if name != "relu" or all(np.abs(a).min() > 1e-3 and (a > 0).any() for a in hidden):
            break
    return params, X, rng.integers(0, k, size=n), name, lam


def general(rng, reference, name):
    """One hidden layer, all sizes different; all sizes equal; two hidden layers, alike; none."""
    return [
        problem(rng, reference, 7, [3, 5, 4], name, 0.4),
        problem(rng, reference, 6, [4, 4, 4], name, 0.7),
        problem(rng, reference, 9, [2, 5, 5, 3], name, 0.3),
        problem(rng, reference, 5, [3, 4], name, 0.9),
    ]


def shapes_of(params):
    return [W.shape for W, _ in params]


@contextmanager
def resting_on(student, reference, calls):
    """No name for a mistake in a function while one that it calls is wrong itself.

    calls: name and arguments of what it rests on.
    """
    try:
        yield
    except CheckFailed as failure:
        for function, args in calls:
            if not is_right(student, reference, function, args):
                failure.diagnosis = None
                failure.hint = f"Your {function} is wrong on the same data: mend it first."
                break
        raise


def is_right(student, reference, function, args):
    try:
        agree(getattr(student, function)(*args), getattr(reference, function)(*args))
    except StudentFault:
        return False
    return True


def agree(got, expected):
    if isinstance(expected, list | tuple):
        for item, wanted in zip(sequence(got, len(expected)), expected, strict=True):
            agree(item, wanted)
    elif np.ndim(expected) and not isinstance(got, list) and np.ndim(got) == 0:
        assert_close(got, expected.flat[0], low=1e-4)  # the number 1 as the slope of linear
    else:
        assert_close(got, expected, low=1e-4)


def judge_value(answer, name, function, probe, follows, *, low=1e-5):
    """The answer is right, or follows from the student's own version of what `function` calls."""
    assert_follows(
        lambda expected: assert_close(answer, expected, name, low=low),
        function,
        probe,
        **follows,
        zeros_tell=True,
    )


# Circuits


@pytest.mark.points(1)
def test_product_circuit(student, reference, rng, diagnose):
    """product_circuit of random numbers"""
    probes = [tuple(rng.uniform(-4, 4, size=3).tolist()) for _ in range(4)]
    answers = student.product_circuit.map(probes)
    with diagnose("product_circuit", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            f, grad = sequence(answer, 2, "(f, (df/dx, df/dy, df/dz))")
            expected, expected_grad = reference.product_circuit(*probe)
            x, y, z = probe  # x + y may nearly cancel, of which float32 keeps little: as below
            assert_close(f, expected, "f", scale=(abs(x) + abs(y)) * abs(z))
            assert_close(grad, np.array(expected_grad), "(df/dx, df/dy, df/dz)")


@pytest.mark.points(2)
def test_sigmoid_neuron(student, reference, rng, diagnose):
    """sigmoid_neuron of random weights and inputs"""
    probes = [(rng.uniform(-1.5, 1.5, size=3), rng.uniform(-1.5, 1.5, size=2)) for _ in range(4)]
    # Far out, where a sigmoid of clipped sums shows.
    for total in (-6.0, 3.5):
        w, x = rng.uniform(0.5, 1.5, size=3), rng.uniform(0.5, 1.5, size=2)
        probes.append((np.append(w[:2], total - w[:2] @ x), x))
    answers = student.sigmoid_neuron.map(probes)
    with diagnose("sigmoid_neuron", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            parts = sequence(answer, 3, "(f, dw, dx)")
            for got, expected, name in zip(
                parts, reference.sigmoid_neuron(*probe), ("f", "dw", "dx"), strict=True
            ):
                assert_close(got, expected, name)


@pytest.mark.points(2)
def test_ratio_circuit(student, reference, rng, diagnose):
    """ratio_circuit of random numbers"""
    probes = [(3.0, -4.0), *(tuple(rng.uniform(-2, 2, size=2).tolist()) for _ in range(4))]
    answers = student.ratio_circuit.map(probes)
    with diagnose("ratio_circuit", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            f, grad = sequence(answer, 2, "(f, (df/dx, df/dy))")
            expected, expected_grad = reference.ratio_circuit(*probe)
            x, y = probe
            sig_x, sig_y = reference.activation("sigmoid", np.array(probe))
            assert_close(f, expected, "f", scale=(abs(x) + sig_y) / (sig_x + (x + y) ** 2))
            # Derivatives may nearly cancel, and bottom may be small: judge by the terms.
            assert_close(grad, np.array(expected_grad), "(df/dx, df/dy)", low=1e-4)


# Activations


@pytest.mark.points(2)
def test_activation(student, reference, rng, diagnose):
    """activation of random arrays"""
    probes = [(name, 2 * rng.normal(size=shape)) for name in NAMES for shape in [(3, 4), (5, 2)]]
    probes += [(name, np.array([[1e4, -1e4, 2.0]])) for name in NAMES]
    answers = student.activation.map(probes)
    with diagnose("activation", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            expected = reference.activation(*probe)
            assert_close(answer, expected, f'activation("{probe[0]}", a)')


@pytest.mark.points(4)
@pytest.mark.parametrize("name", NAMES)
def test_activation_gradient(student, reference, rng, diagnose, name):
    """activation_gradient of random arrays"""
    probes = [(name, 2 * rng.normal(size=shape)) for shape in [(3, 4), (5, 2), (1, 6)]]
    probes.append((name, np.array([[float(rng.uniform(0.4, 0.8))]])))
    probes.append((name, np.array([[-0.03, 0.00002], [0.04, -0.00001]])))  # relu bends at 0 only
    answers = student.activation_gradient.map(probes)
    called = f'activation_gradient("{name}", a)'
    with diagnose("activation_gradient", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            expected = reference.activation_gradient(*probe)
            if name == "linear" and not isinstance(answer, list) and np.ndim(answer) == 0:
                expected = 1.0  # the number 1 broadcasts
            assert_close(answer, expected, called)


# Initialisation

DOUBT = 1e-11  # how often one test may reject right weights


@pytest.mark.points(3)
@pytest.mark.hint("Uniform on [-s, s], with s from both sizes of the layer.")
def test_init_params_is_uniform(student, rng, diagnose):
    """init_params spreads weights evenly over [-s, s]"""
    probe = ([60, 45, 20, 70], int(rng.integers(1, 10_000)))
    answer = student.init_params(*probe)
    shapes = [(fan_out, fan_in) for fan_in, fan_out in itertools.pairwise(probe[0])]
    with diagnose("init_params", [probe], [answer]):
        layers = read_network(answer, shapes, "init_params(...)")
        for k, (W, b) in enumerate(layers, start=1):
            require(not b.any(), f"b of layer {k} is not zero")
            try:
                judge_uniform(W, f"W of layer {k}")
            except CheckFailed as failure:
                failure.diagnosis = name_spread([W for W, _ in layers])
                raise
    # In parts of s the draws of one generator in the state of the seed are the same in each layer.
    parts = [W.ravel()[:100] / np.sqrt(6 / sum(W.shape)) for W, _ in layers]
    for one, other in itertools.combinations(range(len(parts)), 2):
        if np.abs(parts[one] - parts[other]).max() < 1e-5:
            raise CheckFailed(
                f"the layers {one + 1} and {other + 1} begin with the same draws",
                expected="weights that are drawn independently of each other",
                hint="Make one generator of the seed before the first layer, and draw all from it.",
                diagnosis="Your init_params makes a new generator of the seed for each layer.",
            )


def judge_uniform(W, name):
    """A largest entry of nearly s, hardly two alike, and Kolmogorov and Smirnov's test."""
    s, m, top = np.sqrt(6 / sum(W.shape)), W.size, float(np.abs(W).max())
    require(
        s * DOUBT ** (1 / m) <= top <= s * (1 + 1e-6),
        f"{name} does not fill [-s, s]",
        expected=f"a largest absolute value of nearly s = {s:.6g}",
        got=f"{top:.6g}",
    )
    require(len(np.unique(W)) > 0.9 * m, f"many entries of {name} are alike")
    place = (np.sort(W, axis=None) / s + 1) / 2
    rank = np.arange(1, m + 1) / m
    distance = max(float((rank - place).max()), float((place - rank).max()) + 1 / m)
    require(
        # The bound of Dvoretzky, Kiefer and Wolfowitz holds for every m.
        distance <= np.sqrt(np.log(2 / DOUBT) / (2 * m)),
        f"{name} is not uniform on [-s, s]",
        expected=f"mean 0, standard deviation s / sqrt 3 = {s / np.sqrt(3):.4g}",
        got=f"mean {W.mean():.4g}, standard deviation {W.std():.4g}",
    )


def name_spread(weights):
    """The wrong distribution or bound that all layers show, where there is one."""
    bounds = {
        "sqrt(6) / (in + out): the root goes over the sum as well.": lambda i, o: 6**0.5 / (i + o),
        "sqrt(6 / in): it is sqrt(6 / (in + out)).": lambda i, o: (6 / i) ** 0.5,
        "sqrt(6 / out): it is sqrt(6 / (in + out)).": lambda i, o: (6 / o) ** 0.5,
        "sqrt(1 / in): it is sqrt(6 / (in + out)).": lambda i, o: (1 / i) ** 0.5,
        "sqrt(2 / (in + out)): it is sqrt(6 / (in + out)).": lambda i, o: (2 / (i + o)) ** 0.5,
        "sqrt(3 / (in + out)): it is sqrt(6 / (in + out)).": lambda i, o: (3 / (i + o)) ** 0.5,
        "6 / (in + out): take the square root.": lambda i, o: 6 / (i + o),
    }
    tops = [np.abs(W).max() for W in weights]
    # 1.8 for uniform numbers, 3 for normal ones, give or take 0.15
    peaks = [float(np.mean((W - W.mean()) ** 4) / max(W.var() ** 2, 1e-300)) for W in weights]
    if all(2.6 < peak < 3.4 for peak in peaks):
        return "Your weights are normal: uniform ones on [-s, s] are asked for."
    if not all(1.6 < peak < 2.0 for peak in peaks):
        return None
    if all(W.min() >= 0 for W in weights):
        return "Your weights are uniform on [0, s]: negative ones are missing."
    fitting = [
        words
        for words, bound in bounds.items()
        if all(
            0.97 < top / bound(W.shape[1], W.shape[0]) <= 1 + 1e-6
            for top, W in zip(tops, weights, strict=True)
        )
    ]
    return f"Your s is {fitting[0]}" if len(fitting) == 1 else None


# The network


@pytest.mark.points(3)
@pytest.mark.parametrize("name", NAMES)
def test_forward(student, reference, rng, diagnose, name):
    """forward of networks with none, one and two hidden layers"""
    probes = [(params, X, name) for params, X, *_ in general(rng, reference, name)]
    params, X, _ = probes[0]
    # One example; one feature and one hidden unit.
    for n, sizes in ((1, [2, 3, 2]), (4, [1, 1, 3])):
        probes.append((*problem(rng, reference, n, sizes, name, 0.0)[:2], name))
    huge = np.array([[1e4, -1e4]])
    probes.append((params, 1e4 * X, name))  # saturated units, and for two names huge scores
    answers = student.forward.map(probes)
    rests = [("activation", (name, probes[0][1]))]
    follows = {"student": student, "reference": reference, "rests": ["activation"]}
    with resting_on(student, reference, rests), diagnose("forward", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            large = probe is probes[-1]
            if large and not is_right(student, reference, "activation", (name, huge)):
                continue  # that costs the points of activation
            called = "forward of large X" if large else "forward(params, X, name)"
            judge_value(answer, called, "forward", probe, follows, low=1e-3 if large else 1e-5)


def judge_forms_of_forward(student, probes):
    """Where forward raises or squeezes, what calls it is judged on the other networks."""
    for params, X, _, name, _ in probes:
        shape = (len(X), len(params[-1][1]))
        array(student.forward(params, X, name), "forward(params, X, name)", shape=shape)


@pytest.mark.points(4)
def test_loss(student, reference, rng, diagnose):
    """loss of networks with every activation"""
    probes = [probe for name in NAMES for probe in general(rng, reference, name)[:3]]
    probes.append(problem(rng, reference, 5, [3, 4], "tanh", 0.9))
    probes.append((*problem(rng, reference, 6, [3, 4, 2], "tanh", 0.0)[:4], 0.0))
    probes.append(problem(rng, reference, 1, [2, 3, 2], "sigmoid", 0.5))  # one example
    pairs = answered(student.loss, probes, lambda: judge_forms_of_forward(student, probes))
    rests = [("forward", (params, X, name)) for params, X, _, name, _ in probes[::3]]
    follows = {"student": student, "reference": reference, "rests": ["forward", "activation"]}
    with (
        resting_on(student, reference, rests),
        diagnose("loss", *zip(*pairs, strict=True)),
    ):
        for probe, answer in pairs:
            judge_value(answer, "loss(params, X, y, name, lam)", "loss", probe, follows)


@pytest.mark.points(12)
@pytest.mark.parametrize("name", NAMES)
def test_backprop(student, reference, rng, diagnose, name):
    """backprop of networks with none, one and two hidden layers"""
    probes = general(rng, reference, name)
    probes.append(problem(rng, reference, 1, [2, 3, 2], name, 0.5))
    # Fewer examples than features and hidden units: shows which slopes were used.
    probes.append(problem(rng, reference, 4, [6, 5, 3], name, 0.0))
    pairs = answered(student.backprop, probes, lambda: judge_forms_of_forward(student, probes))
    probes, answers = zip(*pairs, strict=True)
    X = probes[0][1]
    rests = [("activation", (name, X)), ("activation_gradient", (name, X))]
    rests += [("forward", (params, X, name)) for params, X, *_ in probes[:4]]
    with (
        sure_of_the_slope(student, name),
        resting_on(student, reference, rests),
        naming_terms(reference, probes, answers),
        diagnose("backprop", probes, answers),
    ):
        for probe, answer in zip(probes, answers, strict=True):
            judge_gradient(answer, student, reference, probe)


@contextmanager
def sure_of_the_slope(student, name):
    """Does not call relu's slope missing where it may as well be taken at h = g(a).

    h is never negative: with a slope of 1 at 0 that is 1 everywhere, as without a slope.
    """
    try:
        yield
    except CheckFailed as failure:
        if name == "relu" and "lacks the activation's slope" in (failure.diagnosis or ""):
            with suppress(StudentFault):
                at_zero = array(student.activation_gradient(name, np.zeros(1)), shape=(1,))
                if at_zero[0] == 1:
                    failure.diagnosis = (
                        "Your backprop has the slope 1 in all hidden units: g'(a) is missing, "
                        "or taken at h = g(a), which is never negative."
                    )
        raise


@contextmanager
def naming_terms(reference, probes, answers):
    """Names what the catalogue does not: coefficients of terms, another slope."""
    try:
        yield
    except CheckFailed as failure:
        if failure.diagnosis is None:
            with suppress(CheckFailed):  # an answer of another form has no terms
                failure.diagnosis = name_coefficients(answers[:2], reference, probes[:2])
        if failure.diagnosis is None:
            with suppress(CheckFailed):
                failure.diagnosis = name_slope(answers[-1], reference, probes[-1])
        raise


def judge_gradient(answer, student, reference, probe):
    params, X, y, name, lam = probe
    inputs, pre = reference._propagate(params, X, name)
    slopes = [reference.activation_gradient(name, a) for a in pre[:-1]]
    scales = gradient_contributions(params, inputs, slopes, reference._softmax(pre[-1]), y, lam)
    blocks = blocks_of(answer, len(params), "backprop(...)", GRADIENT)
    names = block_names(len(params), GRADIENT)

    def judge(expected):
        wanted = [block for layer in expected for block in layer]
        assert_gradient(blocks, wanted, scales, names)

    assert_follows(
        judge,
        "backprop",
        probe,
        student=student,
        reference=reference,
        rests=["activation_gradient", "activation", "forward"],
        zeros_tell=True,
    )


def name_coefficients(answers, reference, probes):
    """Which terms of the gradient of networks with one hidden layer have a wrong coefficient."""
    flat, terms, sizes = [], [], []
    for answer, (params, X, y, name, lam) in zip(answers, probes, strict=True):
        flat.append(blocks_of(answer, 2, "backprop(...)", GRADIENT))
        data = reference.backprop(params, X, y, name, 0.0)
        named = {}
        for k in (0, 1):
            dW, db = data[k]
            decay = 2 * lam * params[k][0]
            named[f"dW of layer {k + 1}"] = {"data term": dW, "weight decay": decay}
            named[f"db of layer {k + 1}"] = {"data term": db}
        terms.append(named)
        sizes.append({"n": len(y), "lam": lam})
    return name_terms(flat, terms, sizes)


def name_slope(answer, reference, probe):
    """Which derivative of the activation the student used, where it is a known wrong one."""
    params, X, _, name, _ = probe
    inputs, pre = reference._propagate(params, X, name)
    used = slope_used(blocks_of(answer, 2, "backprop(...)", GRADIENT), params, inputs)
    if used is None:
        return None
    a, h = pre[0], inputs[1]
    right = reference.activation_gradient(name, a)
    known = {f"g' of {other}": reference.activation_gradient(other, a) for other in NAMES}
    known |= {
        "g'(h) with h = g(a)": reference.activation_gradient(name, h),
        "g(a)": h,
        "g'(a) squared": right**2,
        "1 - g(a)": 1 - h,
        "1 + g(a)^2": 1 + h**2,
        "minus g'(a)": -right,
        "a": a,
    }
    if np.abs(used - right).max() < 1e-6:
        return None
    fitting = [word for word, slope in known.items() if np.abs(used - slope).max() < 1e-6]
    if len(fitting) != 1:
        return None
    return f"Your hidden layer multiplies by {fitting[0]} where g'(a) belongs, g being {name}."


# The gradient check


def judge_form_of_backprop(student):
    """No two sizes are alike: where two are, a transposed block has the right shape."""
    params = [(np.ones((3, 2)), np.ones(3)), (np.eye(4, 3), np.ones(4))]
    grads = student.backprop(params, np.eye(5, 2), np.array([0, 3, 2, 1, 0]), "tanh", 0.1)
    read_network(grads, shapes_of(params), "backprop(...)")


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


def error_probe(reference, sizes, seed, scale, reach):
    """A small network, and a step so large that the central difference is visibly off."""
    rng = np.random.default_rng(seed)
    X = scale * rng.normal(size=(4, 2))
    params = network(rng, sizes, X, "tanh", reference, reach=reach)
    return params, X, np.array([0, 1, 1, 0]), "tanh", 0.05, 0.3


# In each of them but the last one entry is off by at least 6 times as much as any other: a weight
# of the first layer, a bias of the first, a weight of the second; in three layers a weight and a
# bias of the one in the middle. Who leaves that entry out is below the right value even where
# their reading of "relative" doubles it. In the last all errors are alike. What is not the
# largest relative error of a central difference (a mean, a sum, an absolute or one-sided error)
# is off by more than 3 times in one of them at least.
ERROR_PROBES = [
    ([2, 2, 2], 8617, 1.0, 1.2),
    ([2, 2, 2], 8803, 0.7, 0.8),
    ([2, 2, 2], 12968, 0.7, 0.8),
    ([2, 2, 2, 2], 1540, 1.0, 1.2),
    ([2, 2, 2, 2], 1878, 0.7, 0.8),
    ([2, 2, 2], 468, 1.5, 1.2),
]


@pytest.mark.points(4)
@pytest.mark.hint("A central difference: step eps up, step eps down, divided by 2 eps.")
@in_either_form
def test_gradient_error(student, reference, diagnose):
    """gradient_error measures your own backprop against your own loss"""
    probes = [error_probe(reference, *numbers) for numbers in ERROR_PROBES]
    answers = student.gradient_error.map(probes)
    for probe, answer in zip(probes, answers, strict=True):
        error = number(answer, "gradient_error(...)")
        require(np.asarray(answer).dtype != bool, "gradient_error(...) is True or False")
        expected = reference.gradient_error(*probe)
        if 0.45 * expected <= error <= 2.25 * expected:
            continue
        # Where backprop or loss is wrong, another value is right.
        own = own_gradient_error(student, probe[0], probe[1:-1], probe[-1])
        if 0.45 * own.value <= error <= 1.12 * own.most + own.noise:
            continue
        failure = CheckFailed(
            "gradient_error does not fit your own backprop and loss",
            expected=f"{own.value:.6g}",
            got=f"{error:.6g}",
        )
        if abs(own.value - expected) < 1e-3 * expected:
            failure.diagnosis = diagnose.name_mistake("gradient_error", probes, answers)
        raise failure


@pytest.mark.points(1)
@pytest.mark.hint("Where both slopes are 0 the denominator is 1e-8, not 0.")
@in_either_form
def test_gradient_error_of_dead_units(student):
    """gradient_error is a finite number where a relu unit is dead"""
    first = (np.array([[1.0, 0.5], [0.5, -1.0]]), np.array([1.0, -9.0]))
    second = np.array([[1.0, -1.0], [-0.5, 1.0]])
    X, y = np.array([[0.5, 1.0], [1.0, -0.5], [0.8, 0.3]]), np.array([0, 1, 1])
    rest = (X, y, "relu", 0.0, 0.1)
    networks = [[first, (W, np.array([0.1, -0.2]))] for W in (second, 3 * second)]
    answers = student.gradient_error.map([(params, *rest) for params in networks])
    errors = [number(answer, "gradient_error(...)") for answer in answers]
    if errors[0] == errors[1]:  # a constant, or a backprop of which everything is as wrong
        for params, error in zip(networks, errors, strict=True):
            own = own_gradient_error(student, params, rest[:-1], rest[-1])
            require(
                0.45 * own.value <= error <= 1.12 * own.most + own.noise,
                "gradient_error is the same for two networks",
                expected=f"{own.value:.6g}",
                got=f"{error:.6g}",
            )


# Training


def training_probes(rng, reference):
    """One batch of all examples, where the order does not matter."""
    probes = [overshooting(rng, reference)]
    for n, sizes, name, lam, step_size, epochs, batch_size in [
        (9, [3, 4, 3], "tanh", 0.02, 0.4, 7, 9),
        (6, [2, 5, 2], "sigmoid", 0.05, 0.6, 5, 10),
    ]:
        params, X, y, *_ = problem(rng, reference, n, sizes, name, lam)
        probes.append((params, X, y, name, lam, step_size, epochs, batch_size, 4))
    # Slopes far above 1, which nothing cuts.
    (W, b), *rest = params
    probes.append(([(W / 20, b), *rest], 20 * X, y, name, lam, 2e-3, 5, batch_size, 4))
    return probes


def trained(student, probes):
    """Each probe and what `train` gives for it."""
    return answered(student.train, probes, lambda: judge_form_of_backprop(student))


def resting_training(probes):
    starts = [probe[:5] for probe in probes]
    return [("backprop", start) for start in starts] + [("loss", start) for start in starts]


def overshooting(rng, reference):
    """Steps so large that the last epoch is not the best."""
    params, X, y, *_ = problem(rng, reference, 8, [3, 4, 2], "tanh", 0.1)
    for step_size in (1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0):
        probe = (params, X, y, "tanh", 0.1, step_size, 3, 8, 4)
        history = reference.train(*probe)[1]
        if history[-1] > history.min() + 0.05:
            break
    return probe


@pytest.mark.points(3)
@in_either_form
def test_train_follows_gradient_descent(student, reference, rng, diagnose):
    """train with one batch of all examples follows gradient descent"""
    pairs = trained(student, training_probes(rng, reference))
    probes, answers = zip(*pairs, strict=True)
    rests = resting_training(probes)
    with resting_on(student, reference, rests), diagnose("train", probes, answers):
        for probe, answer in pairs:
            judge_trained(answer, student, reference, probe)
    still = hardly_moving(rng)
    if is_right(student, reference, "backprop", still[:5]):  # of differences nothing may be left
        hint = "All the epochs are to be run, however little the loss falls."
        with hinting(hint):
            judge_trained(student.train(*still), student, reference, still)


def hardly_moving(rng):
    """One layer of zeros and tiny features: a small gradient, which goes on in every epoch.

    There are as many examples of each class, so that the gradients of the biases are exactly 0.
    """
    X, y = 2.0**-45 * rng.normal(size=(8, 3)), np.arange(8) % 4
    return [(np.zeros((4, 3)), np.zeros(4))], X, y, "tanh", 0.0, 0.5, 6, 8, 4


@contextmanager
def hinting(hint):
    try:
        yield
    except CheckFailed as failure:
        failure.hint = hint
        raise


def judge_trained(answer, student, reference, probe):
    params, _ = sequence(answer, 2, "(params, history)")
    blocks = blocks_of(params, len(probe[0]), "params")

    def judge(expected):
        wanted = [block for layer in expected[0] for block in layer]
        for block, right, name in zip(blocks, wanted, block_names(len(probe[0])), strict=True):
            assert_close(block, right, name, low=PATH_LOW)

    rests = ["backprop"]
    assert_follows(judge, "train", probe, student=student, reference=reference, rests=rests)


@pytest.mark.points(3)
@in_either_form
def test_train_records_the_full_loss(student, reference, rng, diagnose):
    """train's history holds the loss on all examples before the first and after each epoch"""
    pairs = trained(student, training_probes(rng, reference))
    probes, answers = zip(*pairs, strict=True)
    rests = resting_training(probes)
    with resting_on(student, reference, rests), diagnose("train", probes, answers):
        for probe, answer in pairs:
            judge_history(answer, student, reference, probe)


def judge_history(answer, student, reference, probe):
    _, history = sequence(answer, 2, "(params, history)")
    assert_follows(
        lambda expected: assert_close(history, expected[1], "history", low=PATH_LOW),
        "train",
        probe,
        student=student,
        reference=reference,
        rests=["backprop", "loss"],
    )


EPOCHS = 20  # three equally likely splits each: all alike by chance in 3 ** -19 of all runs


@pytest.mark.points(4)
@in_either_form
def test_train_in_small_batches(student, reference, rng, diagnose):
    """train visits every example once per epoch, in batches, in a new order each time"""
    # The second run is for the diagnosis: of three examples many a mistake makes the same batches.
    probes = [small_batches(rng, reference), more_batches(rng, reference)]
    pairs = trained(student, probes)
    probes, answers = zip(*pairs, strict=True)
    probe = probes[0]
    rests = resting_training([probe])
    with resting_on(student, reference, rests), diagnose("train", probes, answers):
        try:
            judge_batches(answers[0], student, reference, probe)
        except CheckFailed:
            if not explains_a_few(student, reference, probe, answers[0]):
                raise


def judge_batches(answer, student, reference, probe):
    params, history = sequence(answer, 2, "(params, history)")
    layers = read_network(params, shapes_of(probe[0]), "params")
    values = array(history, "history", shape=(EPOCHS + 1,))
    found = explain(reference, probe, values) or explain_by_own(student, reference, probe, values)
    if not found:
        raise CheckFailed(
            "no order of the examples explains the losses of three examples in batches of two",
            expected="two steps per epoch: a batch of two, then a batch of one",
            hint="Is the short last batch kept? Is each step the mean over its own batch?",
            diagnosis=name_batches(reference, probe, values),
        )
    if all(len(set(run.choices)) == 1 for run in found):
        raise CheckFailed(
            f"the examples come in the same batches in all {EPOCHS} epochs",
            expected="a new random order in each epoch",
            diagnosis="Your train takes the same batches in every epoch: shuffle anew in each.",
        )
    # Where two orders give the same losses within rounding, the params tell which it was.
    end = min((run.end for run in found), key=lambda end: distance(layers, end))
    for (W, b), (right_W, right_b) in zip(layers, end, strict=True):
        assert_close(W, right_W, "W after the last epoch", low=1e-3)
        assert_close(b, right_b, "b after the last epoch", low=1e-3)


def small_batches(rng, reference):
    """Three examples in batches of two: which one is alone says all about an order."""
    X = rng.normal(size=(3, 2))
    params = network(rng, [2, 3, 3], X, "tanh", reference)
    return params, X, np.array([0, 1, 2]), "tanh", 0.03, 0.6, EPOCHS, 2, 6


def more_batches(rng, reference):
    """Five examples in batches of two, two epochs."""
    params, X, y, *_ = problem(rng, reference, 5, [2, 3, 3], "tanh", 0.03)
    return params, X, y, "tanh", 0.03, 0.6, 2, 2, 6


def explain_by_own(student, reference, probe, history):
    """As `explain`, by the student's own `backprop` and `loss` where they are wrong."""
    for own in with_own(reference, student, ["backprop", "loss"]):
        with suppress(StudentFault):
            found = explain(own, probe, history)
            if found and own.alive():
                return found
    return []


def explains_a_few(student, reference, probe, answer):
    """Along a wrong gradient many epochs may end in nan: there three are to follow it."""
    if is_finite(answer) or is_right(student, reference, "backprop", probe[:5]):
        return False
    few = (*probe[:6], 3, *probe[7:])
    with suppress(StudentFault):
        _, history = sequence(student.train(*few), 2, "(params, history)")
        return bool(explain_by_own(student, reference, few, array(history, shape=(4,))))
    return False


def is_finite(answer):
    if isinstance(answer, list | tuple):
        return all(map(is_finite, answer))
    return bool(np.isfinite(array(answer, finite=False)).all())


def explain(reference, probe, history, **changes):
    """The orders that give this history, each epoch's named by the example that is alone."""
    params, X, y, name, lam, *_ = probe
    return follow_epochs(
        history,
        params,
        lambda here: [one_epoch(reference, probe, here, i, **changes) for i in range(3)],
        lambda there: reference.loss(there, X, y, name, lam),
        low=1e-4,
    )


def one_epoch(
    reference, probe, params, alone, *, batches=2, data=lambda m: 1.0, decay=lambda m: 1.0
):
    """Two steps, example `alone` making up the last batch.

    batches: how many are used. data, decay: factors of the two terms for a batch of m.
    """
    _, X, y, name, lam, step_size, *_ = probe
    others = [i for i in range(3) if i != alone]
    for batch in [others, [alone]][:batches]:
        m = len(batch)
        grads = reference.backprop(params, X[batch], y[batch], name, lam)
        params = [
            (
                W - step_size * (data(m) * (dW - 2 * lam * W) + 2 * decay(m) * lam * W),
                b - step_size * data(m) * db,
            )
            for (W, b), (dW, db) in zip(params, grads, strict=True)
        ]
    return params


def distance(layers, others):
    return max(
        float(np.abs(got - other).max())
        for layer, other_layer in zip(layers, others, strict=True)
        for got, other in zip(layer, other_layer, strict=True)
    )


def name_batches(reference, probe, history):
    """What was done with the batches instead, where one way explains the history."""
    n, size = 3, 2
    shared = "Your train shares lam among the batches: every step descends the whole lam term."
    ways = [
        (
            "Your train leaves examples out: every batch counts, a short last one too.",
            {"batches": 1},
        ),
        ("Your train adds up over the batch: each step takes the mean.", {"data": lambda m: m}),
        (
            "Your train divides the short batch by batch_size: take the mean over its own "
            "examples.",
            {"data": lambda m: m / size},
        ),
        (
            "Your train divides by n in every batch: take the mean over the batch.",
            {"data": lambda m: m / n},
        ),
        (shared, {"decay": lambda m: m / n}),
        ("Your train has no lam term in its steps.", {"decay": lambda m: 0.0}),
    ]
    fitting = {words for words, changes in ways if explain(reference, probe, history, **changes)}
    return fitting.pop() if len(fitting) == 1 else None


@pytest.fixture(scope="session")
def half_moons(data):
    """The first 120 points and their moons."""
    table = np.loadtxt(data["half_moons.csv"], delimiter=",")[:120]
    return table[:, :2], table[:, 2].astype(int)


@pytest.fixture(scope="session")
def digits(data):
    """The first 64 images with pixels in [0, 1], and their digits."""
    table = np.loadtxt(data["digits.csv"], delimiter=",")[:64]
    return table[:, :64] / 16, table[:, 64].astype(int)


@pytest.mark.points(2)
@in_either_form
def test_train_learns_half_moons(student, reference, half_moons):
    """train learns to tell half-moons apart"""
    X, y = half_moons
    start = reference.init_params([2, 8, 2], 3)
    judge_learning(student, reference, (start, X, y, "tanh", 1e-4, 0.2, 12, 16, 2), 0.4)


@pytest.mark.points(2)
@in_either_form
def test_train_learns_digits(student, reference, digits):
    """train learns to read handwritten digits"""
    X, y = digits
    start = reference.init_params([64, 8, 10], 3)
    judge_learning(student, reference, (start, X, y, "tanh", 1e-4, 0.3, 5, 16, 2), 1.6)


def judge_learning(student, reference, probe, most):
    """The network has a loss of at most `most`, and history ends with its loss.

    Along a wrong gradient it need not learn: then one batch of all examples is to follow that.
    """
    answer = student.train(*probe)
    try:
        judge_learned(student, reference, probe, answer, most)
    except CheckFailed:
        if is_right(student, reference, "backprop", probe[:5]):
            raise
        whole = (*probe[:6], 3, len(probe[2]), 2)
        answer = student.train(*whole)
        judge_trained(answer, student, reference, whole)
        judge_history(answer, student, reference, whole)


def judge_learned(student, reference, probe, answer, most):
    params, X, y, name, lam, *_, epochs, _, _ = probe
    network, history = sequence(answer, 2, "(params, history)")
    layers = read_network(network, shapes_of(params), "params")
    values = array(history, "history", shape=(epochs + 1,))
    reached = reference.loss(layers, X, y, name, lam)
    require(
        reached <= most,
        f"the loss after {epochs} epochs is too high",
        expected=f"at most {most:g}, from {values[0]:.4g} at the start",
        got=f"{reached:.4g}",
    )
    try:
        assert_close(values[-1], reached, "the last entry of history", low=1e-3)
    except CheckFailed:  # loss has checks of its own
        own = number(student.loss(layers, X, y, name, lam), "loss(...)")
        assert_close(values[-1], own, "the last entry of history", low=1e-3)
