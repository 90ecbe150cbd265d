"""Flow graphs of a student's boxes: reading one, judging its order, and running it by the rules.

A box has `value`, `grad`, `children`, `fprop` and `bprop`. Whether a box is one class or was made
of several is free, so what lies below a box is read from `children`, in few messages.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.compare import array, assert_close, require, sequence
from grader.checks.objects import StudentObject, instance, same, together
from grader.errors import CheckFailed, StudentFault, StudentRaised

MOST_BOXES, MOST_ROUNDS = 20_000, 500
ORDERS = 40  # calls of an `order` that may be another each time
Steps = Callable[..., Any]


def children_of(solution: Any, boxes: Sequence[Any]) -> list[list[Any]]:
    """The children of each box, read in one message. Raises CheckFailed for what is no box."""
    found = together(solution, lambda _, given: [box.children for box in given], list(boxes))
    for box, children in zip(boxes, found, strict=True):
        require(
            isinstance(children, list | tuple)
            and all(isinstance(child, StudentObject) for child in children),
            f"`children` of {_kind(box)} is not a tuple of boxes",
        )
    return [list(children) for children in found]


def below(solution: Any, output: Any) -> dict[Any, list[Any]]:
    """Every box below and with `output`, children before parents, each with its children.

    One message for each level. Raises CheckFailed where `children` lead in a circle.
    """
    known: dict[Any, list[Any]] = {}
    waiting = [instance(output, "the output")]
    for _ in range(MOST_ROUNDS):
        known.update(zip(waiting, children_of(solution, waiting), strict=True))
        met = dict.fromkeys(child for box in waiting for child in known[box])
        waiting = [box for box in met if box not in known]
        if not waiting:
            return _sorted(known, output)
        require(len(known) + len(waiting) <= MOST_BOXES, "there are too many boxes in the graph")
    raise CheckFailed("there are too many boxes in the graph, one below the other")


def _sorted(known: Mapping[Any, list[Any]], output: Any) -> dict[Any, list[Any]]:
    placed: dict[Any, list[Any]] = {}
    opened: set[Any] = set()
    waiting = [output]
    while waiting:
        box = waiting[-1]
        left = [child for child in known[box] if child not in placed]
        require(not any(child in opened for child in left), "a box is below itself")
        if left and box not in placed:
            opened.add(box)
            waiting += left[:1]
            continue
        placed[waiting.pop()] = known[box]
        opened.discard(box)
    return placed


def assert_order(
    solution: Any,
    got: Any,
    output: Any,
    named: Mapping[str, Any],
    edges: Sequence[tuple[str, str]] = (),
    name: str = "order(output)",
) -> list[Any]:
    """Accept every box below and with `output`, each once, children before parents; return them.

    named: boxes that are below it, with what a message calls them. edges: pairs (child, parent) of
    those names. Further boxes may be in between, where one that was asked for is made of several.
    """
    require(isinstance(got, list), f"{name} is not a list", got=_kind(got))
    for box in got:
        instance(box, f"an entry of {name}")
    labels = {box: label for label, box in named.items()}

    def label(box: Any) -> str:
        return labels.get(box) or _kind(box)

    place = {box: number for number, box in enumerate(got)}
    twice = next((box for number, box in enumerate(got) if place[box] != number), None)
    if twice is not None:
        raise CheckFailed(f"{name} has {label(twice)} more than once")
    for text, box in named.items():
        require(box in place, f"{name} lacks {text}, which is below the output")
    children = dict(zip(got, children_of(solution, got), strict=True))
    pairs = [(child, box) for box in got for child in children[box]]
    for child, parent in [*pairs, *((named[low], named[high]) for low, high in edges)]:
        require(child in place, f"{name} lacks {label(child)}, a child of {label(parent)}")
        require(
            place[child] < place[parent],
            f"{name} has {label(parent)} before its child {label(child)}",
        )
    reached, waiting = {output}, [output]
    while waiting:
        new = [child for child in children[waiting.pop()] if child not in reached]
        reached.update(new)
        waiting += new
    for box in got:
        require(box in reached, f"{name} has {label(box)}, which is not below the output")
    return list(got)


def assert_parameters(
    student: Any, got: Any, output: Any, wanted: Sequence[Any], name: str = "parameters(output)"
) -> None:
    """Accept the boxes `wanted`, each once, in the order of the student's own `order`.

    Where that differs from call to call there is no order to go by. What it lacks, or has twice,
    may be wrong here in the same way.
    """
    require(isinstance(got, list), f"{name} is not a list", got=_kind(got))
    for box in got:
        instance(box, f"an entry of {name}")
    right = [box for box in got if box in wanted]
    is_right = len(got) == len(right) == len(set(right)) == len(wanted)
    if is_right and len(wanted) < 2:
        return
    (first,) = together(student, _orders, output, 1)
    more = ORDERS if isinstance(first, list) and len(first) <= 200 else 0
    seen = []
    for ordered in [first, *together(student, _orders, output, more)]:
        own = [box for box in boxes_in(ordered) if box in wanted]
        if own and got in (own, list(dict.fromkeys(own))):
            return
        seen.append(own)
    if is_right and (any(own != seen[0] for own in seen) or {*seen[0]} != {*wanted}):
        return
    require(
        is_right,
        f"{name}: wrong boxes",
        expected=f"{len(wanted)} Parameters, each once",
        got=f"{len(got)} boxes; {len(set(right))} of the Parameters are among them",
    )
    raise CheckFailed(f"{name} is not in the order of order(output)")


def boxes_in(value: object) -> list[StudentObject]:
    """The boxes in what should be a list of them: an array beside them compares by its entries."""
    items = value if isinstance(value, list) else []
    return [item for item in items if isinstance(item, StudentObject)]


def _orders(solution: Any, output: Any, calls: int) -> list[Any]:
    return [solution.order(output) for _ in range(calls)]


class RuledSolution:
    """A solution with the student's own boxes and, but for `own`, the right functions on them.

    What a function of the student's should give where boxes of theirs, or other functions that it
    rests on, are wrong. own: names of functions of theirs that are used as they are.
    """

    def __init__(self, student: Any, own: Sequence[str] = ()) -> None:
        self._student = student
        self._known: dict[Any, dict[Any, list[Any]]] = {}
        vars(self).update({name: getattr(student, name) for name in own})

    def __getattr__(self, name: str) -> Any:
        return getattr(self._student, name)

    def _below(self, output: Any) -> dict[Any, list[Any]]:
        if output not in self._known:
            self._known[output] = below(self._student, output)
        return self._known[output]

    def _inner(self, output: Any) -> list[Any]:
        """The boxes that compute something, in order."""
        children = self._below(output)
        return [box for box in self.order(output) if children.get(box) != []]

    def order(self, output: Any) -> list[Any]:
        """Children before parents."""
        return list(self._below(output))

    def forward(self, output: Any) -> Any:
        """fprop in order; the output's value."""
        return together(self._student, run_forward, self._inner(output), output)

    def backward(self, output: Any) -> None:
        """Gradients from zero, the output's ones, bprop in reverse order."""
        boxes = list(self._below(output))
        values = together(self._student, lambda _, given: [box.value for box in given], boxes)
        zeros = [np.zeros(np.shape(array(value, finite=False))) for value in values]
        top = np.ones(zeros[boxes.index(output)].shape)
        together(self._student, run_backward, boxes, zeros, self._inner(output), output, top)

    def parameters(self, output: Any) -> list[Any]:
        """The leaves that are Parameters."""
        leaves = [box for box, children in self._below(output).items() if not children]
        return [box for box in leaves if isinstance(box, self._student.Parameter)]

    def train(self, output: Any, steps: int, step_size: float) -> list[Any]:
        """Gradient descent on the parameters; the output's value before and after each step."""
        history = [self.forward(output)]
        for _ in range(steps):
            self.backward(output)
            for box in self.parameters(output):
                box.value = _number(box.value) - step_size * _number(box.grad)
            history.append(self.forward(output))
        return history

    def numerical_gradient(self, output: Any, parameter: Any, eps: float) -> Any:
        """Central differences of the output's value."""
        start = _number(parameter.value)
        slopes = np.zeros(start.shape)
        for place in np.ndindex(start.shape):
            ends = []
            for step in (eps, -eps):
                moved = start.copy()
                moved[place] += step
                parameter.value = moved
                ends.append(float(_number(self.forward(output))))
            slopes[place] = (ends[0] - ends[1]) / (2 * eps)
        parameter.value = start
        return slopes


def run_forward(_: Any, boxes: Sequence[Any], output: Any) -> Any:
    """For `together`: fprop of each box in order; gives the output's value."""
    for box in boxes:
        box.fprop()
    return output.value


def run_backward(
    _: Any, boxes: Sequence[Any], zeros: Sequence[Any], inner: Sequence[Any], output: Any, top: Any
) -> None:
    """For `together`: every grad from zeros, the output's `top`, bprop in reverse order."""
    for box, zero in zip(boxes, zeros, strict=True):
        box.grad = zero
    output.grad = top
    for box in reversed(inner):
        box.bprop()


@dataclass(frozen=True)
class BoxProbe:
    """One box on leaves of its own, and what it is asked.

    name: of its class. values: of the leaves. extra: further arguments. twice: the only leaf is
    both children. upstream: the box's grad; held: the leaves' grads before bprop.
    """

    name: str
    values: tuple[Any, ...]
    extra: tuple[Any, ...] = ()
    twice: bool = False
    upstream: Any = None
    held: tuple[Any, ...] = ()

    def built(self, solution: Any) -> tuple[list[Any], list[Any], Any]:
        """The leaves, with other values than they will have; the children; the box."""
        first = [np.abs(value) + 0.5 for value in self.values]
        leaves = [solution.Input(value if np.ndim(value) else float(value)) for value in first]
        children = leaves * (2 if self.twice else 1)
        return leaves, children, getattr(solution, self.name)(*children, *self.extra)


def box_value(solution: Any, probe: BoxProbe) -> list[Any]:
    """The value that a box computes when its leaves have got new ones, then those of the leaves.

    fprop runs twice: it may change nothing but the box's own value.
    """
    leaves, _, box = probe.built(solution)
    for leaf, value in zip(leaves, probe.values, strict=True):
        leaf.value = value
    box.fprop()
    box.fprop()
    return [box.value, *(leaf.value for leaf in leaves)]


def box_gradients(solution: Any, probe: BoxProbe, value: Any = None) -> list[Any]:
    """The leaves' grads after bprop alone, then the box's own.

    value: what the box's is set to before, if anything.
    """
    leaves, _, box = probe.built(solution)
    for leaf, new, held in zip(leaves, probe.values, probe.held, strict=True):
        leaf.value, leaf.grad = new, held
    box.fprop()
    if value is not None:
        box.value = value
    box.grad = probe.upstream
    box.bprop()
    return [*(leaf.grad for leaf in leaves), box.grad]


def box_answers(student: Any, ask: Callable[..., Any], probes: Sequence[BoxProbe]) -> list[Any]:
    """What `ask`, box_value or box_gradients, gives at each probe; all in one message.

    Where a box is made of several, those are run in their order.
    """

    def steps(solution: Any) -> tuple[Any, ...]:
        return *_children(solution, probes[0]), [ask(solution, each) for each in probes]

    try:
        children, found, answers = together(student, steps)
    except StudentRaised:
        # fprop of a box made of several needs that of those below it.
        children, found = together(student, lambda solution: _children(solution, probes[0]))
        if _are_same(found, children):
            raise
    if _are_same(found, children):
        return list(answers)
    return [_by_rules(student, probe, gradients=ask is box_gradients) for probe in probes]


def _children(solution: Any, probe: BoxProbe) -> tuple[list[Any], Any]:
    """The boxes that a box was given, and its children."""
    _, given, box = probe.built(solution)
    return given, box.children


def _are_same(found: Any, boxes: list[Any]) -> bool:
    return isinstance(found, list) and len(found) == len(boxes) and all(map(same, found, boxes))


def _by_rules(student: Any, probe: BoxProbe, *, gradients: bool) -> list[Any]:
    """As box_value and box_gradients, for a box that is made of several."""
    leaves, _, box = together(student, probe.built)
    children = below(student, box)
    for leaf, value in zip(leaves, probe.values, strict=True):
        leaf.value = value
    inner = [each for each in children if children[each]]
    for _ in range(2):
        together(student, run_forward, inner, box)
    if not gradients:
        return list(
            together(student, lambda _, all_: [each.value for each in all_], [box, *leaves])
        )
    held = dict(zip(leaves, probe.held, strict=True))
    values = together(student, lambda _, boxes: [each.value for each in boxes], list(children))
    zeros = [
        held[each] if each in held else np.zeros(np.shape(array(value, finite=False)))
        for each, value in zip(children, values, strict=True)
    ]
    together(student, run_backward, list(children), zeros, inner, box, probe.upstream)
    return list(together(student, lambda _, all_: [each.grad for each in all_], [*leaves, box]))


def judge_value(
    answer: Any, value: Any, probe: BoxProbe, place: str, *, scale: float | None = None
) -> None:
    """Raise CheckFailed unless what box_value gives is `value`, and the leaves are as they were.

    scale: see assert_close; for sums whose parts may cancel.
    """
    got, *leaves = sequence(answer, 1 + len(probe.values), "values")
    for child, leaf, before in zip("ab", leaves, probe.values, strict=False):
        assert_close(leaf, np.asarray(before), f"value of {child}, which fprop of {place} changed")
    assert_close(got, np.asarray(value, float), f"value of {place}", scale=scale)


def judge_gradients(answer: Any, received: Sequence[Any], probe: BoxProbe, place: str) -> None:
    """Raise CheckFailed unless what box_gradients gives is what was held and what is received."""
    *grads, own = sequence(answer, 1 + len(probe.held), "grads")
    for child, got, part, held in zip("ab", grads, received, probe.held, strict=False):
        wanted = held + np.asarray(part, float)
        scale = float(np.abs(part).max(initial=0.0) + np.abs(held).max(initial=0.0))
        if probe.twice:  # what both children receive may cancel
            sizes = np.abs(probe.values[0])
            scale += float(np.max(np.abs(probe.upstream) * (1 + sizes + 1 / sizes)))
        assert_close(got, wanted, f"grad of {child}, after bprop of {place}", scale=scale)
    assert_close(own, probe.upstream, f"grad of the box itself, after bprop of {place}")


def rules(student: Any, rests: Sequence[str]) -> Iterator[RuledSolution]:
    """Rules on the student's boxes, then with some of the functions `rests` of theirs."""
    for count in range(len(rests) + 1):
        for own in itertools.combinations(rests, count):
            yield RuledSolution(student, own)


def assert_follows_rules(
    compare: Callable[[Any], object],
    right: Any,
    steps: Steps,
    probe: Sequence[Any],
    *,
    student: Any,
    rests: Sequence[str] = (),
) -> None:
    """Raise CheckFailed unless `compare` accepts `right`, or what `steps` gives by the rules.

    So a box that is wrong costs its own points, and not those of a function that runs it rightly.
    steps: called with a solution and the probe. rests: functions that the one in question calls.
    """
    try:
        compare(right)
    except CheckFailed:
        for solution in rules(student, rests):
            try:
                value = steps(solution, *probe)
                compare(value)
            except (StudentFault, ArithmeticError, ValueError, TypeError):
                continue  # with these boxes the rules lead nowhere, or elsewhere
            if _tells(value):
                return
        raise


def boxes_raise(steps: Steps, probe: Sequence[Any], *, student: Any) -> bool:
    """Whether the student's boxes raise where the right functions run them, as `steps` wants.

    What their own functions raise there is then no fault of these.
    """
    try:
        steps(RuledSolution(student), *probe)
    except StudentRaised:
        return True
    except StudentFault:
        pass
    return False


def _tells(value: Any) -> bool:
    """Whether some of the numbers differ from zero: nothing but zeros shows no rule."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return any(map(_tells, value))
    return bool(np.any(np.asarray(value, dtype=float)))


def _number(value: Any) -> Any:
    return array(value, finite=False)


def _kind(value: Any) -> str:
    if isinstance(value, StudentObject):
        return f"a box of type {getattr(value, 'type_name', 'object')}"
    return type(value).__name__
