"""Name the rule of a library behind the path of an optimiser.

Most of what a library adds is set by a constant that nobody can guess. A `LibraryRule` is one such
way to go; the constant is read off the first steps of one path, and the rule is named only where it
gives every iterate of every path.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from grader.checks.compare import array
from grader.checks.library_paths import (
    Array,
    Constant,
    Descent,
    EpsAt,
    adabelief_path,
    adadelta_path,
    adagrad_path,
    adam_path,
    adamax_path,
    lion_path,
    momentum_path,
    radam_path,
    rmsprop_path,
)
from grader.errors import CheckFailed

FIRST_STEPS = 3  # as many show every constant of the rules below
STARTS = (1e-4, 0.01, 0.1, 0.3, 0.6, 0.9, 0.99, 2.0)
ITERATIONS = 15
FAR = 100.0  # a constant so far beyond the most does not come back
LEAST = 1e-6  # a smaller constant shows in no path
SAME = 1e-6  # of the path's size: what is computed in another order, and no other rule


@dataclass(frozen=True)
class LibraryRule:
    """A way to go: follow(descent, c) is its path with the constant c, or paths for several.

    words(c): what the student is told. most: beyond it the constant means something else.
    Without `constant` the rule has none, and c is 0.
    """

    words: Callable[[float], str]
    follow: Callable[[Descent, Constant], Array]
    constant: bool = True
    most: float = 10.0


def name_rule(
    descents: Sequence[Descent], answers: Sequence[object], rules: Sequence[LibraryRule]
) -> str | None:
    """The words of the first of the rules that gives all the paths, None if there is none.

    descents: one for each path, the first of them with at least two steps. answers: what the
    student returned; the words are None where one of them is no path of the right shape.
    """
    try:
        paths = [
            array(answer, shape=(len(descent.step_sizes) + 1, len(descent.start)))
            for descent, answer in zip(descents, answers, strict=True)
        ]
    except CheckFailed:
        return None
    # On the way to its constant a rule may lead anywhere, to infinity too.
    with np.errstate(all="ignore"):
        for rule in rules:
            for c in _constants(rule, descents[0], paths[0]) if rule.constant else (0.0,):
                if all(
                    _same(rule.follow(descent, c), path)
                    for descent, path in zip(descents, paths, strict=True)
                ):
                    return rule.words(c)
    return None


def _same(mine: Array, path: Array) -> bool:
    size = np.abs(path[np.isfinite(path)]).max(initial=1e-300)
    return bool(np.allclose(mine, path, rtol=0, atol=SAME * size, equal_nan=False))


def _constants(rule: LibraryRule, descent: Descent, path: Array) -> Iterator[float]:
    """The constants with which the rule gives the first steps of a path.

    Gauss and Newton's method in one dimension, from constants of every usual size at once.
    """
    steps = min(FIRST_STEPS, len(descent.step_sizes))
    short = replace(descent, step_sizes=descent.step_sizes[:steps])
    wanted = path[: steps + 1]
    found, left = np.array(STARTS), np.arange(len(STARTS))
    for _ in range(ITERATIONS):
        c = found[left]
        h = 1e-6 * np.maximum(np.abs(c), 1e-3)
        runs = rule.follow(short, np.concatenate([c, c + h, c - h])[:, np.newaxis])
        here, above, below = np.split(runs, 3, axis=1)
        slope = (above - below) / (2 * h[:, np.newaxis])
        steepness = np.sum(slope**2, axis=(0, 2))
        move = np.sum(slope * (here - wanted[:, np.newaxis]), axis=(0, 2)) / steepness
        moves = np.isfinite(move) & np.isfinite(steepness) & np.isfinite(here).all(axis=(0, 2))
        left, c, move = left[moves], c[moves] - move[moves], move[moves]
        found[left] = c
        left = left[(np.abs(move) > 1e-12 * np.abs(c)) & (np.abs(c) <= FAR * rule.most)]
        if not left.size:
            break
    known: list[float] = []
    for each in found.tolist():
        new = not any(abs(each - other) <= 1e-6 * abs(each) for other in known)
        if LEAST < each <= rule.most and new and _same(rule.follow(short, each), wanted):
            known.append(each)
            yield each


INSIDE = ""
OUTSIDE = " It adds eps outside the root, too: eps belongs inside."
UNCORRECTED = " It adds eps beside the uncorrected root, too, as keras and scikit-learn do."


def _always(words: str, follow: Callable[..., Array], **how: Any) -> LibraryRule:
    """A rule without a constant."""
    return LibraryRule(lambda c: words, lambda d, c: follow(d, **how), constant=False)


def _of(
    argument: str, follow: Callable[..., Array], **how: Any
) -> Callable[[Descent, Constant], Array]:
    """The path by its constant, which is one of the arguments."""
    return lambda d, c: follow(d, **{argument: c}, **how)


def _decays(
    function: str, follow: Callable[..., Array], tail: str = INSIDE, **how: Any
) -> Iterator[LibraryRule]:
    """Weight decay, decoupled from the gradient and coupled to it."""
    yield LibraryRule(
        lambda c: (
            f"Your {function} shrinks x by step_size * {c:.4g} in every step, the decoupled "
            f"weight decay of AdamW and of keras: none is asked for.{tail}"
        ),
        _of("shrink", follow, **how),
    )
    yield LibraryRule(
        lambda c: (
            f"Your {function} adds {c:.4g} x to the gradient, as torch does with "
            f"weight_decay={c:.4g}: nothing is to be added.{tail}"
        ),
        lambda d, c: follow(d.with_penalty(c), **how),
    )


def _clips(
    function: str, follow: Callable[..., Array], tail: str = INSIDE, **how: Any
) -> Iterator[LibraryRule]:
    """Gradients that are cut, as a whole or each entry."""
    yield LibraryRule(
        lambda c: (
            f"Your {function} shortens gradients longer than {c:.4g}, as keras does with "
            f"clipnorm={c:.4g} and torch's clip_grad_norm_: take them whole.{tail}"
        ),
        lambda d, c: follow(d.with_short_gradients(c), **how),
    )
    yield LibraryRule(
        lambda c: (
            f"Your {function} cuts the gradient's entries at +-{c:.4g}, as keras does with "
            f"clipvalue={c:.4g} and torch's clip_grad_value_: take them whole.{tail}"
        ),
        lambda d, c: follow(d.with_small_gradients(c), **how),
    )


def _origin(c: float, origins: dict[float, str]) -> str:
    return next((text for value, text in origins.items() if abs(c - value) < 1e-6), "")


def momentum_rules(function: str) -> list[LibraryRule]:
    """How a `function` whose momentum is `beta` may go wrong, with a constant step size."""

    def own(d: Descent, **how: Any) -> Array:
        return momentum_path(d, d.beta, **how)

    return [
        LibraryRule(
            lambda c: (
                f"Your {function} multiplies later gradients by {1 - c:.4g}, as torch does with a "
                f"dampening of {c:.4g}: they count in full."
            ),
            _of("dampening", own),
            most=1.0,
        ),
        LibraryRule(
            lambda c: f"Your {function} uses beta = {c:.4g} whatever is given.",
            momentum_path,
            most=1.0,
        ),
        _always(
            f"Your {function} averages the gradients and divides by 1 - beta^t, as optax.ema does: "
            "they are added up.",
            own,
            debiased=True,
        ),
        _always(
            f"Your {function} multiplies all gradients but the first by 1 - beta, as torch does "
            "with a dampening of the same size: they count in full.",
            lambda d: own(d, dampening=d.beta),
        ),
        *_decays(function, own),
        *_clips(function, own),
    ]


def descent_rules(function: str, what: str = "x") -> list[LibraryRule]:
    """What libraries add to a `function` that is plain (stochastic) gradient descent."""
    in_step = "with the step size inside it, as keras and scikit-learn have it"

    def adds(text: str, **how: Any) -> LibraryRule:
        return LibraryRule(
            lambda c: f"Your {function} has {text.format(c=f'{c:.4g}')}: none is asked for.",
            lambda d, c: momentum_path(d, c, **how),
            most=1.0,
        )

    return [
        LibraryRule(
            lambda c: (
                f"Your {function} adds {c:.4g} {what} to the gradient, the weight decay of SGD in "
                "torch, keras and scikit-learn: none is asked for."
            ),
            lambda d, c: momentum_path(d.with_penalty(c), 0.0),
        ),
        adds("momentum {c}, as torch and optax have it"),
        adds(f"momentum {{c}} {in_step}", in_step=True),
        adds("Nesterov's momentum {c}, as torch and optax have it", nesterov=True),
        adds(f"Nesterov's momentum {{c}} {in_step}", nesterov=True, in_step=True),
        LibraryRule(
            lambda c: (
                f"Your {function} has momentum {c:.4g} with as much dampening, as torch has it: "
                "none is asked for."
            ),
            lambda d, c: momentum_path(d, c, dampening=c),
            most=1.0,
        ),
        adds("a mean of the gradients with the weight {c}, as optax.ema has it", debiased=True),
        *_clips(function, lambda d: momentum_path(d, 0.0)),
    ]


def adagrad_rules(function: str) -> list[LibraryRule]:
    """How AdaGrad, v from 0 and eps inside the root, goes in libraries."""

    def with_eps(outside: bool, tail: str) -> list[LibraryRule]:
        starts = {0.1: ", as in keras and optax"}
        return [
            LibraryRule(
                lambda c: f"Your v starts at {c:.4g}{_origin(c, starts)}: it starts at 0.{tail}",
                _of("start", adagrad_path, outside=outside),
            ),
            LibraryRule(
                lambda c: (
                    f"Your step_size is divided by 1 + {c:.4g} k, as torch does with lr_decay: "
                    f"v alone shrinks the step.{tail}"
                ),
                _of("lr_decay", adagrad_path, outside=outside),
            ),
            *_decays(function, adagrad_path, tail, outside=outside),
            *_clips(function, adagrad_path, tail, outside=outside),
        ]

    too = " v starts at 0.1, too, as in keras: it starts at 0."
    decayed = _decays(function, adagrad_path, too, start=0.1)
    adamax = [
        _always(
            f"Your {function} is Adamax, as in {whose}: another method.",
            lambda d, **how: adamax_path(replace(d, beta=0.9, beta2=0.999), **how),
            eps_outside=eps_outside,
        )
        for whose, eps_outside in (("torch and optax", False), ("keras", True))
    ]
    return [*with_eps(False, INSIDE), *with_eps(True, OUTSIDE), *decayed, *adamax]


def rmsprop_rules(function: str) -> list[LibraryRule]:
    """How RMSProp, v from 0 and eps inside the root, goes in libraries."""
    starts = {0.1: ", as AdaGrad's sum does in keras and optax", 1.0: ", as in TensorFlow 1"}
    betas = {0.9: ", as in keras and optax", 0.99: ", torch's default for alpha"}

    def with_eps(outside: bool, tail: str) -> list[LibraryRule]:
        return [
            _always(
                f"Your {function} subtracts the square of the mean gradient, as torch, keras and "
                f"optax do with centered=True.{tail}",
                rmsprop_path,
                outside=outside,
                centred=True,
            ),
            LibraryRule(
                lambda c: f"Your v starts at {c:.4g}{_origin(c, starts)}: it starts at 0.{tail}",
                _of("start", rmsprop_path, outside=outside),
            ),
            LibraryRule(
                lambda c: (
                    f"Your {function} has momentum {c:.4g}, as torch, keras and optax have with "
                    f"momentum={c:.4g}: none is asked for.{tail}"
                ),
                _of("momentum", rmsprop_path, outside=outside),
                most=1.0,
            ),
            LibraryRule(
                lambda c: (
                    f"Your {function} ignores beta: it uses {c:.4g}{_origin(c, betas)}.{tail}"
                ),
                _of("beta", rmsprop_path, outside=outside),
                most=1.0,
            ),
            *_decays(function, rmsprop_path, tail, outside=outside),
            *_clips(function, rmsprop_path, tail, outside=outside),
        ]

    adadelta = _always(
        f"Your {function} is Adadelta, as in torch, keras and optax: v alone scales the step.",
        adadelta_path,
    )
    return [*with_eps(False, INSIDE), *with_eps(True, OUTSIDE), adadelta]


def adam_rules(function: str, *, corrected: bool = True) -> list[LibraryRule]:
    """How Adam, eps inside the root, goes in libraries; corrected: whether the means are."""
    kinds: dict[str, dict[str, str]] = {
        "keeps the largest v so far, as torch and keras do with amsgrad=True": {"amsgrad": "torch"}
    }
    if corrected:
        kinds |= {
            "keeps the largest vhat so far, as optax.amsgrad does": {"amsgrad": "optax"},
            "is Nadam as in torch, whose beta1 rises slowly": {"nadam": "torch"},
            "is Nadam as in keras, whose beta1 rises": {"nadam": "keras"},
            "is Nadam as in optax": {"nadam": "optax"},
        }

    def with_eps(eps_at: EpsAt, tail: str) -> list[LibraryRule]:
        how: dict[str, Any] = {"eps_at": eps_at, "corrected": corrected}
        return [
            *(
                _always(
                    f"Your {function} {text}: that is not asked for.{tail}",
                    adam_path,
                    **how,
                    **more,
                )
                for text, more in kinds.items()
            ),
            *_decays(function, adam_path, tail, **how),
            *_clips(function, adam_path, tail, **how),
        ]

    found = with_eps("inside", INSIDE) + with_eps("outside", OUTSIDE)
    if corrected:
        found += with_eps("uncorrected", UNCORRECTED)
    return [*found, *_other_methods(function)]


def _other_methods(function: str) -> list[LibraryRule]:
    """Methods that libraries have beside Adam, with its arguments."""

    def other(text: str, follow: Callable[..., Array], **how: Any) -> LibraryRule:
        return _always(f"Your {function} is {text}: another method.", follow, **how)

    return [
        other("Adamax, which torch, keras and optax have", adamax_path),
        other("Adamax, which torch, keras and optax have", adamax_path, eps_outside=True),
        other("RAdam, which torch and optax have", radam_path),
        other("RAdam, which torch and optax have", radam_path, eps_at="uncorrected"),
        other("RAdam, which torch and optax have", radam_path, eps_at="outside"),
        other("AdaBelief, which optax has", adabelief_path),
        other("AdaBelief, which optax has", adabelief_path, outside=False),
        other("Lion, which keras and optax have", lion_path),
    ]
