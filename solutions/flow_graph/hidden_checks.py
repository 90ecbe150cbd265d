"""Hidden checks: each box alone, then the functions on graphs that tell mistakes apart.

What a check does is a function of a solution: the same steps are taken with the student's boxes,
the reference's and those of each known mistake. `together` takes them in one message. Where a
box is wrong, a function is right that does the right thing with it: see grader.checks.graphs.
"""

from contextlib import contextmanager

import numpy as np
import pytest

from grader.checks import (
    array,
    assert_close,
    digits_of,
    number,
    passes,
    require,
    sequence,
    together,
)
from grader.checks.diagnose import name_terms
from grader.checks.graphs import (
    BoxProbe,
    assert_follows_rules,
    assert_order,
    assert_parameters,
    box_answers,
    box_gradients,
    box_value,
    boxes_in,
    boxes_raise,
    judge_gradients,
    judge_value,
    run_backward,
    run_forward,
)
from grader.checks.objects import instance, same
from grader.errors import CheckFailed, StudentFault, StudentRaised

ELEMENTWISE = ("Add", "Subtract", "Multiply", "Divide")
SMOOTH = ("Exp", "Log", "Sigmoid", "Tanh", "ReLU")
BOXES = (*ELEMENTWISE, "MatMul", "Sum", *SMOOTH, "Power", "SoftmaxCrossEntropy")
# Pairs of shapes to broadcast: as they are, rows, columns, both ways, a scalar, an added axis.
PAIRS = [
    ((3, 4), (3, 4)), ((3, 4), (4,)), ((3, 1), (3, 4)), ((3, 1), (1, 4)), ((), (2, 3)),
    ((2, 3), ()), ((), ()), ((4,), (5, 1)), ((2, 1, 3), (4, 3)), ((1,), (2, 3)), ((1, 1), (3,)),
]  # fmt: skip


def away_from_zero(rng, shape):
    """Entries of either sign and of size 0.4 to 2; a float where the shape is ()."""
    drawn = rng.uniform(0.4, 2.0, size=shape) * rng.choice([-1.0, 1.0], size=shape)
    return drawn if shape else float(drawn)


def probes_of(name, rng, reference):
    """Leaves of many shapes for one box, with a grad for it and with grads for them."""
    made = []
    if name in ELEMENTWISE:
        for shapes in PAIRS:
            made.append((tuple(away_from_zero(rng, shape) for shape in shapes), (), False))
        # A slope may not be found by dividing by what is 0.
        made.append(((np.array([0.0, -1.5, 0.0]), away_from_zero(rng, (3,))), (), False))
        made += [((away_from_zero(rng, shape),), (), True) for shape in [(2, 3), ()]]
    elif name == "MatMul":
        for n, m, k in [(3, 4, 2), (1, 3, 5), (4, 1, 1), (3, 3, 3), (1, 1, 4)]:
            made.append(((rng.normal(size=(n, m)), rng.normal(size=(m, k))), (), False))
        made.append(((rng.normal(size=(3, 3)),), (), True))
    elif name == "Power":
        for shape, n in [
            ((3, 2), 2.5),
            ((4,), -1.5),
            ((2, 2), 0.5),
            ((), -2),
            ((3,), 1.0),
            ((2,), 0),
        ]:
            made.append(((np.abs(away_from_zero(rng, shape))[()],), (n,), False))
        for n in (1, 2, 3, 4.0):
            made.append(((away_from_zero(rng, (2, 3)),), (n,), False))
            made.append(((np.array([0.0, -1.5, 1.5]),), (n,), False))
    elif name == "SoftmaxCrossEntropy":
        for n, k, size in [
            (5, 3, 1.0),
            (4, 4, 2.0),
            (1, 3, 1.0),
            (6, 2, 1.0),
            (3, 4, 2e4),
        ]:
            scores = size * rng.uniform(-0.5, 0.5, size=(n, k))
            made.append(((scores,), (rng.integers(0, k, size=n),), False))
        made.append(((np.array([[1e4, -1e4, 0.0], [-1e4, 1e4, 1e4]]),), (np.array([1, 1]),), False))
    else:
        for shape in [(3, 4), (5,), (), (2, 1, 3), (1, 1)]:
            value = away_from_zero(rng, shape)
            made.append(((np.abs(value)[()] if name == "Log" else value,), (), False))
    probes = []
    for values, extra, twice in made:
        shape = np.shape(box_value(reference, BoxProbe(name, values, extra, twice))[0])
        held = tuple(np.array(rng.normal(size=np.shape(value))) for value in values)
        upstream = np.array(rng.normal(size=shape))
        probes.append(BoxProbe(name, values, extra, twice, upstream, held))
    return probes


def scale_of(probe, value):
    """How large the parts are of which the value is a sum or a difference."""
    own = float(np.abs(value).max())
    if probe.name == "Sum":
        return float(np.abs(probe.values[0]).sum())
    if probe.name in ("Add", "Subtract"):
        return sum(float(np.abs(part).max()) for part in probe.values)
    return max(own, 1.0) if probe.name in ("Log", "SoftmaxCrossEntropy") else own


def place_of(probe):
    shapes = " and ".join(str(np.shape(value)) for value in probe.values)
    more = f", n = {probe.extra[0]}" if probe.name == "Power" else ""
    return f"{probe.name} of {shapes}{' twice' if probe.twice else ''}{more}"


@pytest.mark.points(13)
@pytest.mark.parametrize("name", BOXES)
def test_value(student, reference, rng, diagnose, name):
    """fprop of one box, for values of many shapes"""
    probes = probes_of(name, rng, reference)
    answers = box_answers(student, box_value, probes)
    with diagnose(box_value, [(p,) for p in probes], answers, among=(name, f"{name}.fprop")):
        for probe, answer in zip(probes, answers, strict=True):
            right = box_value(reference, probe)[0]
            judge_value(answer, right, probe, place_of(probe), scale=scale_of(probe, right))


@pytest.mark.points(13)
@pytest.mark.parametrize("name", BOXES)
def test_gradient(student, reference, rng, diagnose, name):
    """bprop of one box, for values of many shapes"""
    probes = probes_of(name, rng, reference)
    answers = box_answers(student, box_gradients, probes)
    received = [received_by(reference, probe) for probe in probes]
    with naming_parts(probes, answers, received), diagnose(
        box_gradients, [(probe,) for probe in probes], answers,
        among=(name, f"{name}.bprop"),
    ):  # fmt: skip
        judge_by_either_value(student, reference, probes, answers, received)
        judge_again(student, probes[0])
    if name == "ReLU":
        judge_slopes_at_zero(student)


def judge_by_either_value(student, reference, probes, answers, received):
    """A value that is wrong costs its own points: bprop may go by it, or by the right one."""
    try:
        judge_all(probes, answers, received)
    except CheckFailed as failure:
        try:
            judge_all(probes, with_right_values(student, reference, probes), received)
        except StudentFault:
            pass
        else:
            return
        if changes_leaves(student, probes):
            failure.diagnosis = "Your fprop changes the values of the children."
        raise


def judge_again(student, probe):
    """A second backward follows without another forward: bprop gives then what it gave before.

    And from grads of 0 it gives twice as much when it runs twice: a child whose grad is the array
    of the box's own, or of the other child, would change that with its own.
    """

    def parts(s):
        _, given, box = probe.built(s)
        return given, box.children

    def steps(s):
        leaves, _, box = probe.built(s)
        for leaf, new in zip(leaves, probe.values, strict=True):
            leaf.value = new
        box.fprop()
        found = []
        for _ in range(2):
            for leaf, held in zip(leaves, probe.held, strict=True):
                leaf.grad = held
            box.grad = probe.upstream
            box.bprop()
            found.append([leaf.grad for leaf in leaves])
        for leaf, held in zip(leaves, probe.held, strict=True):
            leaf.grad = np.zeros(held.shape)
        box.grad = probe.upstream
        box.bprop()
        box.bprop()
        return [*found, [leaf.grad for leaf in leaves]]

    given, children = together(student, parts)
    if len(children) != len(given) or not all(map(same, children, given)):
        return  # it is made of several boxes, and bprop of the last is not all that runs
    first, second, doubled = together(student, steps)
    for child, held, before, after, twice in zip(
        "ab", probe.held, first, second, doubled, strict=False
    ):
        wanted = array(before, f"grad of {child}")
        what = f"grad of {child}, after bprop of {place_of(probe)} ran once more"
        assert_close(after, wanted, what, hint="bprop may not change what fprop computed.")
        assert_close(
            twice,
            2 * (wanted - held),
            f"grad of {child}, from 0, after bprop of {place_of(probe)} ran twice",
            scale=np.abs(wanted).max() + np.abs(held).max(),
            hint="A child's grad may not be the same array as another box's: it needs its own.",
        )


def judge_slopes_at_zero(student):
    """Any slope from 0 to 1 is right there."""
    upstream, held = np.array([3.0, 1.0, -2.0]), np.ones(3)
    probe = BoxProbe("ReLU", (np.array([0.0, 1.5, 0.0]),), upstream=upstream, held=(held,))
    grads = sequence(box_answers(student, box_gradients, [probe])[0], 2)
    slopes = (array(grads[0], "grad of a, after bprop of ReLU of 0", shape=(3,)) - held) / upstream
    require(
        bool(((slopes > -1e-5) & (slopes < 1 + 1e-5)).all()),
        "the slope of ReLU at a = 0 is not between 0 and 1",
        expected="a slope from 0 to 1",
        got=f"{slopes[0]:.6g}",
    )


def changes_leaves(student, probes):
    return any(
        not passes(assert_close, after, np.asarray(before))
        for probe, answer in zip(probes, box_answers(student, box_value, probes), strict=True)
        for after, before in zip(answer[1:], probe.values, strict=True)
    )


def received_by(reference, probe):
    """What bprop adds to each leaf's grad."""
    pairs = zip(box_gradients(reference, probe), probe.held, strict=False)
    return [after - before for after, before in pairs]


def judge_all(probes, answers, received):
    for probe, answer, parts in zip(probes, answers, received, strict=True):
        judge_gradients(answer, parts, probe, place_of(probe))


def with_right_values(student, reference, probes):
    values = [box_value(reference, probe)[0] for probe in probes]

    def steps(s):
        pairs = zip(probes, values, strict=True)
        return [box_gradients(s, probe, value) for probe, value in pairs]

    return together(student, steps)


@contextmanager
def naming_parts(probes, answers, received):
    """Names what the catalogue does not: the old grad or what is added, with a wrong factor."""
    try:
        yield
    except CheckFailed as failure:
        if failure.diagnosis is None:
            # With fewer entries two coefficients cannot be told from each other.
            telling = [
                (answer[:-1], terms_of(probe, parts), sizes_of(probe))
                for probe, answer, parts in zip(probes, answers, received, strict=True)
                if min(map(np.size, probe.values)) > 2 and not probe.twice
            ]
            found, terms, sizes = map(list, zip(*telling, strict=True))
            failure.diagnosis = name_terms(found, terms, sizes)
            if passes(judge_set, found, terms):
                name = probes[0].name
                failure.diagnosis = f"Your {name} sets the grad of a child: it has to add to it."
        raise


def judge_set(answers, terms):
    """Each grad is what the child receives, without what was there."""
    for answer, blocks in zip(answers, terms, strict=True):
        for got, parts in zip(sequence(answer, len(blocks)), blocks.values(), strict=True):
            assert_close(got, parts["part that is added"])


def terms_of(probe, received):
    names = ("the grad of a", "the grad of b")
    return {
        name: {"part that was there before": held, "part that is added": part}
        for name, held, part in zip(names, probe.held, received, strict=False)
    }


def sizes_of(probe):
    if probe.name == "SoftmaxCrossEntropy":
        return {"n": len(probe.values[0])}
    return {"n": probe.extra[0]} if probe.name == "Power" and probe.extra[0] else {}


# The functions


def network(solution, X, labels, sizes, rng, *, twice=False):
    """The loss of a network with weights from rng, boxes by name. Parameters: W0, b0, W1, ...

    twice: whether the first product is built twice, so that W0 is a child of two boxes.
    """
    boxes = {"X": solution.Input(X)}
    top = boxes["X"]
    for number_, (fan_in, fan_out) in enumerate(sizes):
        W = boxes[f"W{number_}"] = solution.Parameter(rng.normal(size=(fan_in, fan_out)) / fan_in)
        b = boxes[f"b{number_}"] = solution.Parameter(0.3 * rng.normal(size=fan_out))
        product = solution.MatMul(top, W)
        if twice and number_ == 0:
            product = solution.Add(product, solution.MatMul(top, W))
        top = solution.Add(product, b)
        if number_ + 1 < len(sizes):
            top = solution.Tanh(top)
    return boxes, solution.SoftmaxCrossEntropy(top, labels)


def tangle(solution, values, leaf="Input"):
    """A graph in which boxes are used on ways of different length. Returns boxes by name."""
    a, b, c = values
    made = getattr(solution, leaf)
    boxes = {"a": made(a), "b": solution.Input(b), "c": made(c)}
    boxes["exp"] = solution.Exp(boxes["a"])
    boxes["ab"] = solution.Multiply(boxes["a"], boxes["b"])
    boxes["deep"] = solution.Sigmoid(solution.Tanh(boxes["ab"]))
    boxes["mixed"] = solution.Divide(boxes["deep"], boxes["exp"])
    boxes["again"] = solution.Subtract(boxes["mixed"], boxes["ab"])
    boxes["square"] = solution.Multiply(boxes["again"], boxes["again"])
    boxes["top"] = solution.Multiply(solution.Add(boxes["square"], boxes["exp"]), boxes["c"])
    return boxes


EDGES = [
    ("a", "exp"), ("a", "ab"), ("b", "ab"), ("ab", "deep"), ("deep", "mixed"), ("exp", "mixed"),
    ("mixed", "again"), ("ab", "again"), ("again", "square"), ("square", "top"), ("c", "top"),
    ("exp", "top"),
]  # fmt: skip


def twins(solution):
    """Boxes with one value, or the same children: they are different boxes all the same."""
    x, y, w = solution.Input(1.5), solution.Input(1.5), solution.Parameter(1.5)
    boxes = {"x": x, "y": y, "w": w}
    boxes["sum"], boxes["same"] = solution.Add(x, w), solution.Add(x, w)
    boxes["sums"] = solution.Add(boxes["sum"], boxes["same"])
    boxes["top"] = solution.Multiply(boxes["sums"], y)
    return boxes


def squared(solution):
    """A leaf that a box has twice among its children, and nothing else."""
    x = solution.Input(1.5)
    return {"x": x, "top": solution.Multiply(x, x)}


def tangle_values(rng, rows=3):
    return rng.normal(size=(rows, 2)), rng.normal(size=2), float(rng.uniform(0.5, 1.5))


@pytest.mark.points(4)
def test_order(student, rng):
    """order of graphs whose boxes are used several times, and of parts of them"""
    values = tangle_values(rng)

    def steps(s):
        boxes = tangle(s, values)
        s.Tanh(boxes["top"])
        part = {name: boxes[name] for name in ("a", "b", "exp", "ab", "deep", "mixed")}
        leaf = {"c": boxes["c"]}
        tops = [(boxes, "top"), (part, "mixed"), (leaf, "c"), (boxes, "top"), (twins(s), "top")]
        tops.append((squared(s), "top"))
        return [(known, known[top], s.order(known[top])) for known, top in tops]

    for known, top, got in together(student, steps):
        edges = [pair for pair in EDGES if known.keys() >= {*pair}]
        try:
            assert_order(student, got, top, known, edges)
        except CheckFailed as failure:
            if isinstance(got, list) and passes(
                assert_order, student, got[::-1], top, known, edges
            ):
                failure.diagnosis = "Your order has parents before their children."
            raise


DEPTH = 5000


def chain(solution):
    """A leaf, to which a Parameter is added 5,000 times: both, some of the boxes, the last one."""
    leaf, step = solution.Input(1.0), solution.Parameter(0.001)
    boxes = [leaf]
    for _ in range(DEPTH):
        boxes.append(solution.Add(boxes[-1], step))
    return leaf, step, boxes[1 : DEPTH : DEPTH // 8], boxes[-1]


def slopes_of_chain(solution, top, leaf, step):
    solution.backward(top)
    return leaf.grad, step.grad


@pytest.mark.points(3)
@pytest.mark.limit(call_s=20)
def test_order_of_a_deep_chain(student):
    """order, forward, backward, parameters and train work for a chain of 5,000 boxes"""
    leaf, step, some, top = together(student, chain)
    got = student.order(top)
    require(isinstance(got, list), "order(output) of the chain is not a list")
    for box in got:
        instance(box, "an entry of order(output)")
    place = {box: number_ for number_, box in enumerate(got)}
    require(len(place) == len(got), "order(output) of the chain has a box more than once")
    require(len(got) >= DEPTH + 2, f"order(output) has {len(got)} of {DEPTH + 2} boxes")
    for box in (leaf, step, *some, top):
        require(box in place, "order(output) of the chain lacks boxes")
    upwards = [max(place[leaf], place[step]), *(place[box] for box in (*some, top))]
    require(upwards == sorted(upwards), "order(output) of the chain has a parent before its child")

    value = student.forward(top)
    grads = together(student, slopes_of_chain, top, leaf, step)
    found = student.parameters(top)
    require(step in boxes_in(found), "parameters(output) lacks the Parameter")
    array(student.train(top, 1, 1e-7), "history of the chain")
    try:
        judge_chain(value, grads, 6.0, [1.0, DEPTH])
    except CheckFailed:
        step.value = 0.001
        inner = [box for box in got if box not in (leaf, step)]
        own = number(together(student, run_forward, inner, top))
        together(student, run_backward, got, [np.zeros(())] * len(got), inner, top, np.ones(()))
        slopes = [number(leaf.grad), number(step.grad)]
        if not any(slopes):
            raise
        judge_chain(value, grads, own, slopes)


def judge_chain(value, grads, right, slopes):
    assert_close(value, right, "forward(output) of the chain", low=1e-3)
    assert_close(grads[0], slopes[0], "grad of the leaf of the chain", scale=1.0, low=1e-3)
    assert_close(grads[1], slopes[1], "grad of the Parameter", scale=DEPTH, low=1e-3)


RUNGS = 40


def ladder(solution, rungs=RUNGS):
    def steps(s):
        leaf = box = s.Parameter(0.5)
        for _ in range(rungs):
            box = s.Add(box, box)
        value = s.forward(box)
        s.backward(box)
        return [value, leaf.grad, leaf.value]

    return together(solution, steps)


@pytest.mark.points(2)
@pytest.mark.limit(call_s=3)
def test_backward_of_a_ladder(student):
    """forward and backward visit each box of a ladder of 40 doublings once"""
    answer = ladder(student)

    def judge(expected):
        for got, wanted, name in zip(
            answer,
            expected,
            ["forward(output)", "grad of the leaf", "value of the leaf"],
            strict=True,
        ):
            assert_close(got, number(wanted), f"{name} of the ladder")

    assert_follows_rules(
        judge, [2.0**39, 2.0**40, 0.5], ladder, (), student=student, rests=["order"]
    )


def forward_values(solution, first, second):
    """A tangle's values for some leaves, then for others with other rows; two boxes' values."""

    def steps(s):
        boxes = tangle(s, first)
        found = [s.forward(boxes["top"])]
        boxes["a"].value, boxes["b"].value, boxes["c"].value = second
        found += [s.forward(boxes["mixed"]), boxes["deep"].value]
        found += [s.forward(boxes["top"]), boxes["square"].value, boxes["exp"].value]
        return [*found, s.forward(boxes["c"])]

    return together(solution, steps)


FORWARD = (
    "forward(output)", "forward of a box inside", "value of a box below that",
    "forward(output) for other leaves", "value of a box inside", "value of another box inside",
    "forward of a leaf",
)  # fmt: skip


@pytest.mark.points(3)
def test_forward(student, reference, rng, diagnose):
    """forward of a tangled graph, for leaves that change"""
    probe = (tangle_values(rng), tangle_values(rng, 5))
    answer = forward_values(student, *probe)

    def judge(expected):
        for got, wanted, name in zip(answer, expected, FORWARD, strict=True):
            assert_close(got, array(wanted), name)

    with diagnose(forward_values, [probe], [answer], among=["forward"]):
        assert_follows_rules(
            judge, forward_values(reference, *probe), forward_values, probe,
            student=student, rests=["order"],
        )  # fmt: skip


def backward_grads(solution, first, second):
    """All grads of a tangle; of a part of it afterwards; and again after its leaves changed."""

    def steps(s):
        boxes = tangle(s, first)
        s.forward(boxes["top"])
        s.backward(boxes["top"])
        found = [box.grad for box in boxes.values()]
        s.backward(boxes["mixed"])  # its leaves have grads of another output
        found += [boxes[name].grad for name in ("a", "b", "exp", "ab", "deep", "mixed")]
        boxes["a"].value, boxes["b"].value, boxes["c"].value = second
        s.forward(boxes["top"])
        s.backward(boxes["top"])
        s.backward(boxes["top"])
        return found + [box.grad for box in boxes.values()]

    return together(solution, steps)


@pytest.mark.points(5)
def test_backward(student, reference, rng, diagnose):
    """backward of tangled graphs, again and for other outputs and other leaves"""
    probe = (tangle_values(rng), tangle_values(rng))
    answer = backward_grads(student, *probe)
    right = backward_grads(reference, *probe)

    def judge(expected):
        for number_, (got, wanted) in enumerate(zip(answer, expected, strict=True)):
            assert_close(got, array(wanted), name_of_grad(number_))

    with diagnose(backward_grads, [probe], [answer], among=["backward"]):
        assert_follows_rules(
            judge, right, backward_grads, probe, student=student, rests=["order", "forward"]
        )


def name_of_grad(number_):
    names = ["a", "b", "c", "exp", "ab", "deep", "mixed", "again", "square", "top"]
    if number_ < len(names):
        return f"grad of the box {names[number_]}"
    if number_ < len(names) + 6:
        part = ("a", "b", "exp", "ab", "deep", "mixed")[number_ - len(names)]
        return f"grad of the box {part}, after backward of a box inside"
    return (
        f"grad of the box {names[number_ - len(names) - 6]}, for other leaves, after two backwards"
    )


@pytest.mark.points(2)
def test_parameters(student, rng):
    """parameters of graphs that share boxes"""
    draws = rng.normal(size=6).tolist()

    def steps(s):
        u, v, w = (s.Parameter(value) for value in (*draws[:2], draws[1]))  # two have one value
        x, y = s.Input(draws[3]), s.Input(draws[4])
        low = s.Add(s.Multiply(v, x), s.Multiply(u, v))
        high = s.Multiply(s.Add(low, w), s.Add(low, s.Multiply(y, u)))
        s.Add(high, s.Parameter(draws[5]))
        found = [([u, v, w], high), ([u, v], low), ([w], w), ([], s.Add(x, y)), ([u, v, w], high)]
        return [(wanted, output, s.parameters(output)) for wanted, output in found]

    for wanted, output, got in together(student, steps):
        assert_parameters(student, got, output, wanted)


def trained(solution, X, labels, sizes, seed, steps_, step_size, twice):
    """History, parameters and the Input after training a network."""

    def steps(s):
        draws = np.random.default_rng(seed)
        boxes, loss = network(s, X, labels, sizes, draws, twice=twice)
        history = s.train(loss, steps_, step_size)
        names = [f"{letter}{k}" for k in range(len(sizes)) for letter in "Wb"]
        return [history, *(boxes[name].value for name in names), boxes["X"].value]

    return together(solution, steps)


@pytest.mark.points(4)
def test_train(student, reference, rng, diagnose):
    """train follows gradient descent on networks, also from where it stopped"""
    probes = []
    for n, sizes, steps, size, twice in [
        (6, [(3, 4), (4, 2)], 4, 0.3, True),
        (5, [(2, 3)], 6, 0.2, False),
        (4, [(2, 2)], 0, 0.2, False),
    ]:
        X = rng.normal(size=(n, sizes[0][0]))
        labels = rng.integers(0, sizes[-1][1], size=n)
        probes.append((X, labels, sizes, int(rng.integers(1000)), steps, size, twice))
    try:
        answers = [trained(student, *probe) for probe in probes]
    except StudentRaised:
        # A box that raises costs its own points: train is judged where that box is not used.
        if not boxes_raise(trained, probes[0], student=student):
            raise
        probes, answers = [], []
    rests = ["order", "forward", "backward", "parameters"]
    with diagnose(trained, probes, answers, among=["train"]):
        for probe, answer in zip(probes, answers, strict=True):

            def judge(expected, answer=answer, probe=probe):
                count = probe[4]
                names = [f"{letter}{k}" for k in range(len(probe[2])) for letter in "Wb"]
                assert_close(answer[0], array(expected[0]), "history", low=1e-4)
                titles = [f"value of {name} after {count} steps" for name in names]
                titles.append("value of the Input after training")
                for got, wanted, title in zip(answer[1:], expected[1:], titles, strict=True):
                    assert_close(got, array(wanted), title, low=1e-4)

            assert_follows_rules(
                judge, trained(reference, *probe), trained, probe, student=student, rests=rests
            )
        judge_every_step(student, reference, rng.normal(size=3) + 2.0, rests)


def squares(solution, start, count, step_size):
    """History and parameter of a descent on the sum of its squares."""

    def steps(s):
        w = s.Parameter(start)
        return [s.train(s.Sum(s.Multiply(w, w)), count, step_size), w.value]

    return together(solution, steps)


def judge_every_step(student, reference, start, rests):
    for size, step_size, shown in [
        (1.0, 1.1, "steps that go too far"),
        (2.0**-30, 0.2, "steps between numbers near 0"),
    ]:
        probe = (size * start, 3, step_size)
        answer = squares(student, *probe)

        def judge(expected, answer=answer, shown=shown):
            assert_close(answer[0], array(expected[0]), f"history of {shown}")
            assert_close(answer[1], array(expected[1]), f"the parameter after {shown}")

        assert_follows_rules(
            judge, squares(reference, *probe), squares, probe, student=student, rests=rests
        )


def numerical(solution, values, labels, eps):
    """Numerical gradients of a loss on top of a tangle, with what is left of the parameters."""

    def steps(s):
        boxes = tangle(s, values, "Parameter")
        output = s.SoftmaxCrossEntropy(boxes["top"], labels)
        a, c = boxes["a"], boxes["c"]
        found = [s.numerical_gradient(output, a, eps), s.numerical_gradient(output, c, eps)]
        return [*found, a.value, c.value]

    return together(solution, steps)


NUMERICAL = (
    "numerical_gradient of an array", "numerical_gradient of a number",
    "the parameter afterwards", "the number afterwards",
)  # fmt: skip


@pytest.mark.points(3)
def test_numerical_gradient(student, reference, rng, diagnose):
    """numerical_gradient takes central differences, with small steps and large ones"""
    probes = [
        (tangle_values(rng), np.array([1, 0, 0]), 0.3),
        (tangle_values(rng, 1), np.array([1]), 0.02),
    ]
    answers = [numerical(student, *probe) for probe in probes]
    with diagnose(numerical, probes, answers, among=["numerical_gradient"]):
        for probe, answer in zip(probes, answers, strict=True):

            def judge(expected, answer=answer, probe=probe):
                slopes, low = (
                    [array(part) for part in expected[:2]],
                    1e-4 if probe[2] > 0.1 else 1e-3,
                )
                scale = max(0.05, *(float(np.abs(part).max()) for part in slopes))
                for got, wanted, name in zip(answer[:2], slopes, NUMERICAL, strict=False):
                    assert_close(got, wanted, name, scale=scale, exact=1e-9, low=low)
                for got, wanted, name in zip(answer[2:], expected[2:], NUMERICAL[2:], strict=True):
                    read = array(got, name)
                    allowed = digits_of(read, single=1e-6, double=1e-12)
                    assert_close(read, array(wanted), name, exact=1e-13, low=allowed)

            assert_follows_rules(
                judge, numerical(reference, *probe), numerical, probe,
                student=student, rests=["forward"],
            )  # fmt: skip
