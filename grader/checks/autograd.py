"""Homework with torch: a module with parameters that a check chose, and gradients by autograd.

A check takes the same steps with the student's solution, whose tensors and modules stay in the
student's process, and with the reference, whose tensors are here: `given` makes what each of them
takes, and `numbers` what comes of it. The reference computes in float64, a student's module in the
dtype of its own parameters.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np

from grader.checks.compare import Floats, array
from grader.checks.objects import instance, together
from grader.checks.tensors import as_torch, dtype_name, requires_grad
from grader.checks.words import shape_text
from grader.errors import CheckFailed, StudentFault


@dataclass(frozen=True)
class TorchModule:
    """A module of a solution's, with the names and shapes of its parameters, in order.

    dtype: that of the parameters, such as "float32". places: which of all its parameters these are;
    it has `count`.
    """

    solution: Any
    model: Any
    names: tuple[str, ...]
    shapes: tuple[tuple[int, ...], ...]
    dtype: str
    places: tuple[int, ...]
    count: int

    @classmethod
    def built(
        cls,
        solution: Any,
        build: Callable[[Any], Any],
        shapes: Sequence[tuple[int, ...]],
        name: str,
        blocks: Sequence[Floats] | None = None,
        *,
        let_be: Floats | None = None,
    ) -> TorchModule:
        """What `build` makes of a solution, in evaluation mode.

        shapes: of its parameters, in order. name: what messages call it. blocks: values for the
        parameters, which are rounded to their dtype. let_be: an input of the module's; where it is
        given, further parameters are let be, as another check is about them, and those on which
        the output does not depend are taken out of the module. Buffers are always let be. Raises
        CheckFailed for what is no module, or has other parameters.
        """

        def steps(s: Any) -> tuple[Any, Any]:
            model = build(s)
            if _is_here(s):
                model.double()
            return model, model.state_dict()

        try:
            model, held = together(solution, steps)
        except StudentFault:
            model = instance(build(solution), name)
            if hasattr(model, "state_dict"):
                raise
            raise CheckFailed(
                f"{name} is no torch module",
                hint="Derive the class from nn.Module and call super().__init__() first.",
            ) from None
        if len(held) > len(shapes):
            held = {key: value for key, value in held.items() if not _is_buffer(model, key)}
        if len(held) > len(shapes) and let_be is not None:
            held = _without_unused(solution, model, held, let_be)
        found = [tuple(np.shape(value)) for value in held.values()]
        places = _places_of(shapes, found)
        if places is None or (len(found) > len(shapes) and let_be is None):
            raise CheckFailed(
                f"{name} has other parameters",
                expected=_listed(shapes),
                got=_listed(found),
                hint=None
                if found
                else "A module finds only what is an attribute of it: an "
                "nn.Parameter, another module, or an nn.ModuleList or nn.Sequential of some.",
            )
        names = tuple(list(held)[place] for place in places)
        made = cls(solution, model, names, tuple(shapes), _dtype_of(held), places, len(found))
        made.load(made.parameters() if blocks is None else blocks)
        return made

    def load(self, blocks: Sequence[Floats]) -> None:
        """Give the parameters these values, rounded to their dtype; and evaluation mode."""
        pairs = list(zip(self.names, blocks, strict=True))

        def steps(_: Any, model: Any) -> None:
            state = {name: given(self.solution, block) for name, block in pairs}
            model.load_state_dict(state, strict=False)  # what else there is stays as it is
            model.train(False)

        together(self.solution, steps, self.model)

    def set_training(self, mode: bool) -> None:
        """Training mode, or evaluation mode."""
        self.model.train(mode)

    def parameters(self) -> list[Any]:
        """What the parameters hold now."""
        held = together(self.solution, lambda _, model: model.state_dict(), self.model)
        return [numbers(held[name]) for name in self.names]

    def without_surplus(self, value: Any) -> Any:
        """A list with an entry for each parameter of the module: those of the ones asked for."""
        if not isinstance(value, list | tuple) or len(value) != self.count:
            return value
        return [value[place] for place in self.places]

    def given(self, value: Any) -> Any:
        """An array as a tensor: floats in the dtype of the module, labels as they are."""
        is_float = np.asarray(value).dtype.kind == "f"
        return given(self.solution, value, self.dtype if is_float else None)

    def gradient(self, function: Callable[..., Any], *args: Any) -> list[Any]:
        """The gradient, by torch, of function(model, *args) with respect to the parameters.

        function: of a solution and these arguments, a tensor without axes. Arrays among args are
        given as `given` says. Zeros stand for a parameter on which it does not depend.
        """

        def steps(solution: Any, model: Any) -> list[Any]:
            model.zero_grad()
            function(solution, model, *(self._argument(arg) for arg in args)).backward()
            return [model.get_parameter(name).grad for name in self.names]

        found = numbers(together(self.solution, steps, self.model))
        pairs = zip(found, self.shapes, strict=True)
        return [np.zeros(shape) if slope is None else slope for slope, shape in pairs]

    def _argument(self, value: Any) -> Any:
        return self.given(value) if isinstance(value, np.ndarray) else value

    def as_computed(self, values: Any) -> Any:
        """Python's numbers, such as those of `.item()`, as an array of the dtype they come from."""
        try:
            return array(values, finite=False).astype(self.dtype)
        except (CheckFailed, TypeError):
            return values


@dataclass(frozen=True)
class Derivative:
    """What a function gave, and the gradient that autograd takes back through it.

    node: what torch calls the derivative; it ends in "Backward" for one written in Python.
    again: the gradient after a second pass back, added to the first. Without a graph there is a
    value alone.
    """

    value: Any
    node: str = ""
    gradient: Any = None
    again: Any = None


def derivative_of(
    solution: Any, name: str, point: Floats, upstream: Any, *more: np.ndarray[Any, Any]
) -> Derivative:
    """Apply a solution's torch.autograd.Function and go back through it, from `upstream`.

    name: the class's. point: its first argument, which requires a gradient. upstream: the
    derivative of some loss with respect to its value. more: further arguments, without a gradient.
    """

    def apply(s: Any) -> Any:
        others = [given(solution, each) for each in more]
        return getattr(s, name).apply(given(solution, point, requires_grad=True), *others)

    def steps(s: Any) -> Any:
        result = apply(s)
        # The tensor that was given is in the process that computes: its graph leads to it.
        leaf = result.grad_fn.next_functions[0][0].variable
        result.backward(given(solution, upstream), retain_graph=True)
        first = leaf.grad.clone()
        result.backward(given(solution, upstream))
        return result, result.grad_fn.name(), first, leaf.grad

    value = apply(solution)
    if not (value.requires_grad if _is_here(solution) else requires_grad(value)):
        return Derivative(numbers(value))
    return Derivative(*numbers(together(solution, steps)))


def given(
    solution: Any, value: Any, dtype: str | None = None, *, requires_grad: bool = False
) -> Any:
    """An array as the tensor that a function of this solution takes."""
    if not _is_here(solution):
        return as_torch(value, dtype=dtype, requires_grad=requires_grad)
    made = importlib.import_module("torch").tensor(np.asarray(value))
    return made.requires_grad_() if requires_grad else made


def numbers(value: Any) -> Any:
    """Tensors of the reference's as arrays, alone and in lists, tuples and dicts."""
    if isinstance(value, dict):
        return {key: numbers(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [numbers(item) for item in value]
    return value.detach().numpy().copy() if hasattr(type(value), "detach") else value


def _is_buffer(model: Any, name: str) -> bool:
    try:
        model.get_buffer(name)
    except StudentFault:
        return False
    return True


def _without_unused(
    solution: Any, model: Any, held: dict[str, Any], inputs: Floats
) -> dict[str, Any]:
    """`held` and the module without the parameters that its output does not depend on.

    Their gradient is None, on which stumbles whatever goes through all parameters.
    """
    names = list(held)

    def slopes(_: Any, model: Any) -> list[Any]:
        model(given(solution, inputs, _dtype_of(held))).sum().backward()
        return [model.get_parameter(name).grad for name in names]

    try:
        found = together(solution, slopes, model)
    except StudentFault:
        return held
    used = {name for name, slope in zip(names, found, strict=True) if slope is not None}
    for name in set(names) - used if used else ():
        owner, _, attribute = name.rpartition(".")
        model.get_submodule(owner).register_parameter(attribute, None)
    return {name: value for name, value in held.items() if name in used or not used}


def _dtype_of(held: dict[str, Any]) -> str:
    """That of the first parameter, such as "float32"."""
    first = next(iter(held.values()))
    return str(dtype_name(first) or first.dtype).removeprefix("torch.")


def _places_of(
    shapes: Sequence[tuple[int, ...]], found: Sequence[tuple[int, ...]]
) -> tuple[int, ...] | None:
    """Where these shapes stand among those found, in order; None where one is missing."""
    places: list[int] = []
    for place, shape in enumerate(found):
        if len(places) < len(shapes) and shape == shapes[len(places)]:
            places.append(place)
    return tuple(places) if len(places) == len(shapes) else None


def _is_here(solution: Any) -> bool:
    return isinstance(solution, ModuleType | SimpleNamespace)


def _listed(shapes: Sequence[tuple[int, ...]]) -> str:
    return ", ".join(map(shape_text, shapes)) or "none"
