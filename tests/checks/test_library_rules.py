"""Rules of libraries: the formulas against what the libraries gave, and naming them by a path.

The numbers were measured with torch 2.13, keras 3.15, optax 0.2.8 and scikit-learn 1.9: see
findings/optimizer-rules.sh, which runs these libraries themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from grader.checks.library_paths import (
    Descent,
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
from grader.checks.library_rules import (
    adagrad_rules,
    adam_rules,
    descent_rules,
    momentum_rules,
    name_rule,
    rmsprop_rules,
)

A, B, START = np.array([[2.0, 1.0], [1.0, 3.0]]), np.array([1.0, -2.0]), np.array([3.0, 1.0])
SIZES = np.array([0.3, 0.15, 0.1, 0.075])


def descent(*, start: Any = START, sizes: Any = SIZES, **constants: float) -> Descent:
    return Descent(lambda t, x: x @ A - B, np.array(start), np.array(sizes), **constants)


SGD, ADAGRAD = descent(beta=0.6), descent(eps=0.4)
RMSPROP, ADAM = descent(beta=0.7, eps=0.4), descent(beta=0.7, beta2=0.8, eps=0.4)
DECAY, MOST = 0.05, 1.5
LONG = descent(sizes=np.full(8, 0.05), beta=0.7, beta2=0.8, eps=0.4)  # RAdam changes at step 6

# The last iterate that the library gave, and the formula.
MEASURED: dict[str, tuple[tuple[float, float], Callable[[], Any]]] = {
    "torch SGD, momentum": ((0.710175000, -1.603600000), lambda: momentum_path(SGD, 0.6)),
    "torch SGD, dampening": (
        (0.618526875, -1.843873750),
        lambda: momentum_path(SGD, 0.6, dampening=0.3),
    ),
    "torch SGD, nesterov": (
        (0.984504000, -1.064932000),
        lambda: momentum_path(SGD, 0.6, nesterov=True),
    ),
    "torch SGD, weight_decay": (
        (0.667891783, -1.563308220),
        lambda: momentum_path(SGD.with_penalty(DECAY), 0.6),
    ),
    "keras SGD, momentum": (
        (-0.047175000, -2.467150000),
        lambda: momentum_path(SGD, 0.6, in_step=True),
    ),
    "keras SGD, nesterov": (
        (0.705216000, -1.329856000),
        lambda: momentum_path(SGD, 0.6, in_step=True, nesterov=True),
    ),
    "keras SGD, weight_decay": (
        (-0.057979761, -2.424802714),
        lambda: momentum_path(SGD, 0.6, in_step=True, shrink=DECAY),
    ),
    "optax sgd, momentum": ((0.710175000, -1.603600000), lambda: momentum_path(SGD, 0.6)),
    "optax sgd, nesterov": (
        (0.984504000, -1.064932000),
        lambda: momentum_path(SGD, 0.6, nesterov=True),
    ),
    "optax ema": ((0.820859838, -1.662942912), lambda: momentum_path(SGD, 0.6, debiased=True)),
    "optax add_decayed_weights": (
        (0.688086489, -1.571996464),
        lambda: momentum_path(SGD, 0.6, shrink=DECAY),
    ),
    "scikit-learn SGDOptimizer": (
        (-0.047175000, -2.467150000),
        lambda: momentum_path(SGD, 0.6, in_step=True),
    ),
    "scikit-learn SGDOptimizer, nesterov": (
        (0.705216000, -1.329856000),
        lambda: momentum_path(SGD, 0.6, in_step=True, nesterov=True),
    ),
    "torch Adagrad": ((2.542732013, 0.536425524), lambda: adagrad_path(ADAGRAD, outside=True)),
    "torch Adagrad, lr_decay": (
        (2.584352647, 0.578463809),
        lambda: adagrad_path(ADAGRAD, outside=True, lr_decay=0.2),
    ),
    "torch Adagrad, first value": (
        (2.545012660, 0.537731204),
        lambda: adagrad_path(ADAGRAD, outside=True, start=0.5),
    ),
    "torch Adagrad, weight_decay": (
        (2.541974499, 0.536437129),
        lambda: adagrad_path(ADAGRAD.with_penalty(DECAY), outside=True),
    ),
    "keras Adagrad": ((2.519543158, 0.518399360), lambda: adagrad_path(ADAGRAD, start=0.1)),
    "keras Adagrad, weight_decay": (
        (2.435267016, 0.494980679),
        lambda: adagrad_path(ADAGRAD, start=0.1, shrink=DECAY),
    ),
    "optax adagrad": ((2.519543158, 0.518399360), lambda: adagrad_path(ADAGRAD, start=0.1)),
    "torch RMSprop": ((2.183573855, 0.162679747), lambda: rmsprop_path(RMSPROP, outside=True)),
    "torch RMSprop, centered": (
        (1.967072956, -0.066965178),
        lambda: rmsprop_path(RMSPROP, outside=True, centred=True),
    ),
    "torch RMSprop, weight_decay": (
        (2.181029814, 0.162811889),
        lambda: rmsprop_path(RMSPROP.with_penalty(DECAY), outside=True),
    ),
    "keras RMSprop": ((2.110944265, 0.104724634), lambda: rmsprop_path(RMSPROP)),
    "keras RMSprop, centered": (
        (1.862231475, -0.152260210),
        lambda: rmsprop_path(RMSPROP, centred=True),
    ),
    "keras RMSprop, momentum": (
        (1.502443897, -0.508202725),
        lambda: rmsprop_path(RMSPROP, momentum=0.5),
    ),
    "keras RMSprop, weight_decay": (
        (2.034561844, 0.087933919),
        lambda: rmsprop_path(RMSPROP, shrink=DECAY),
    ),
    "optax rmsprop": ((2.110944265, 0.104724634), lambda: rmsprop_path(RMSPROP)),
    "optax rmsprop, initial_scale": (
        (2.129983810, 0.115475419),
        lambda: rmsprop_path(RMSPROP, start=1.0),
    ),
    "torch Adam": ((2.420438755, 0.410710764), lambda: adam_path(ADAM, eps_at="outside")),
    "torch Adam, weight_decay": (
        (2.419438532, 0.410581487),
        lambda: adam_path(ADAM.with_penalty(DECAY), eps_at="outside"),
    ),
    "torch AdamW": (
        (2.334823867, 0.386606680),
        lambda: adam_path(ADAM, eps_at="outside", shrink=DECAY),
    ),
    "torch Adam, amsgrad": (
        (2.420438755, 0.410710764),
        lambda: adam_path(ADAM, eps_at="outside", amsgrad="torch"),
    ),
    "torch NAdam": (
        (2.426252591, 0.416777661),
        lambda: adam_path(ADAM, eps_at="outside", nadam="torch"),
    ),
    "keras Adam": ((2.450242525, 0.434111936), lambda: adam_path(ADAM, eps_at="uncorrected")),
    "keras Adam, weight_decay": (
        (2.364299896, 0.409734313),
        lambda: adam_path(ADAM, eps_at="uncorrected", shrink=DECAY),
    ),
    "keras Adam, amsgrad": (
        (2.450242525, 0.434111936),
        lambda: adam_path(ADAM, eps_at="uncorrected", amsgrad="torch"),
    ),
    "keras Nadam": (
        (2.421593336, 0.412032524),
        lambda: adam_path(ADAM, eps_at="outside", nadam="keras"),
    ),
    "optax adam": ((2.420438755, 0.410710764), lambda: adam_path(ADAM, eps_at="outside")),
    "optax adamw": (
        (2.334823867, 0.386606680),
        lambda: adam_path(ADAM, eps_at="outside", shrink=DECAY),
    ),
    "optax amsgrad": (
        (2.451595322, 0.443139344),
        lambda: adam_path(ADAM, eps_at="outside", amsgrad="optax"),
    ),
    "optax nadam": (
        (2.296289716, 0.284508956),
        lambda: adam_path(ADAM, eps_at="outside", nadam="optax"),
    ),
    "keras Adamax": ((2.393737064, 0.382729187), lambda: adamax_path(ADAM, eps_outside=True)),
    "optax adamax": ((2.393737064, 0.382729187), lambda: adamax_path(ADAM)),
    "optax radam": ((1.605714069, -0.775227339), lambda: radam_path(LONG, eps_at="outside")),
    "optax adabelief": ((2.095710738, 0.070199362), lambda: adabelief_path(ADAM)),
    "keras Lion, optax lion": ((2.375000000, 0.375000000), lambda: lion_path(ADAM)),
    "keras Adadelta, optax adadelta": (
        (2.296617457, 0.290337767),
        lambda: adadelta_path(RMSPROP),
    ),
    "keras SGD, clipnorm": (
        (2.431498041, 0.254581491),
        lambda: momentum_path(SGD.with_short_gradients(MOST), 0.0),
    ),
    "keras SGD, clipvalue": (
        (2.062500000, 0.062500000),
        lambda: momentum_path(SGD.with_small_gradients(MOST), 0.0),
    ),
    "optax clip_by_global_norm": (
        (2.180703468, -0.071347478),
        lambda: momentum_path(SGD.with_short_gradients(MOST), 0.6),
    ),
    "scikit-learn AdamOptimizer": (
        (2.450242525, 0.434111936),
        lambda: adam_path(ADAM, eps_at="uncorrected"),
    ),
}


@pytest.mark.parametrize("name", MEASURED)
def test_a_formula_gives_what_the_library_gave(name: str) -> None:
    last, follow = MEASURED[name]
    np.testing.assert_allclose(follow()[-1], last, rtol=0, atol=1e-7)


# Two runs with the same constants of the rule and other arguments.


def runs(**constants: float) -> list[Descent]:
    other = {name: value if name == "eps" else value**1.3 for name, value in constants.items()}
    return [
        descent(sizes=np.full(8, 0.2), **constants),
        descent(start=(-1.0, 2.5), sizes=np.full(5, 0.35), **other),
    ]


def named(follow: Callable[[Descent], Any], rules: Any, **constants: float) -> str:
    """The words, "" where there are none."""
    descents = runs(**constants)
    return name_rule(descents, [follow(each) for each in descents], rules) or ""


def outside(words: str) -> bool:
    return words.endswith("It adds eps outside the root, too: eps belongs inside.")


def test_the_decay_of_the_step_is_read_off_where_eps_is_large_and_outside() -> None:
    words = named(
        lambda d: adagrad_path(d, outside=True, lr_decay=0.37), adagrad_rules("adagrad"), eps=0.8
    )
    assert "divided by 1 + 0.37 k, as torch does" in words
    assert outside(words)


def test_where_eps_is_tiny_its_place_is_not_told() -> None:
    words = named(
        lambda d: adagrad_path(d, outside=True, lr_decay=0.37), adagrad_rules("adagrad"), eps=1e-10
    )
    assert words == (
        "Your step_size is divided by 1 + 0.37 k, as torch does with lr_decay: "
        "v alone shrinks the step."
    )


@pytest.mark.parametrize(
    ("follow", "says"),
    [
        (lambda d: adagrad_path(d, start=0.1), "Your v starts at 0.1, as in keras and optax"),
        (lambda d: adagrad_path(d, start=0.1, shrink=0.02), "step_size * 0.02"),
        (lambda d: adagrad_path(d, outside=True, start=0.25), "Your v starts at 0.25: it"),
        (lambda d: adagrad_path(d.with_penalty(0.07), outside=True), "weight_decay=0.07"),
        (lambda d: adagrad_path(d.with_short_gradients(0.4)), "longer than 0.4, as keras does"),
        (lambda d: adagrad_path(d.with_small_gradients(0.3)), "entries at +-0.3, as keras does"),
        (lambda d: adamax_path(replace(d, beta=0.9, beta2=0.999)), "is Adamax, as in torch"),
    ],
)
def test_adagrad_of_a_library_is_named(follow: Any, says: str) -> None:
    words = named(follow, adagrad_rules("adagrad"), eps=0.5)
    assert says in words


@pytest.mark.parametrize(
    ("follow", "says"),
    [
        (lambda d: rmsprop_path(d, outside=True, momentum=0.8), "momentum=0.8"),
        (lambda d: rmsprop_path(d, outside=True, centred=True), "centered=True"),
        (lambda d: rmsprop_path(d, outside=True, beta=0.99), "uses 0.99, torch's default"),
        (lambda d: rmsprop_path(d, beta=0.42), "ignores beta: it uses 0.42."),
        (lambda d: rmsprop_path(d, shrink=0.004), "step_size * 0.004"),
        (lambda d: rmsprop_path(d.with_penalty(0.3), outside=True), "weight_decay=0.3"),
        (lambda d: rmsprop_path(d.with_short_gradients(1), outside=True), "clipnorm=1 and"),
        (lambda d: rmsprop_path(d.with_small_gradients(0.5)), "clipvalue=0.5 and"),
        (adadelta_path, "is Adadelta"),
    ],
)
def test_rmsprop_of_a_library_is_named(follow: Any, says: str) -> None:
    words = named(follow, rmsprop_rules("rmsprop"), beta=0.8, eps=0.5)
    assert says in words


@pytest.mark.parametrize(
    ("follow", "says"),
    [
        (lambda d: adam_path(d, eps_at="outside", shrink=0.01), "step_size * 0.01"),
        (lambda d: adam_path(d.with_penalty(0.01), eps_at="outside"), "weight_decay=0.01"),
        (lambda d: adam_path(d, eps_at="uncorrected", shrink=0.03), "as keras and scikit-learn do"),
        (lambda d: adam_path(d, eps_at="outside", amsgrad="torch"), "largest v so far, as torch"),
        (lambda d: adam_path(d, eps_at="outside", amsgrad="optax"), "largest vhat so far"),
        (lambda d: adam_path(d, eps_at="outside", nadam="torch"), "Nadam as in torch"),
        (lambda d: adam_path(d, eps_at="outside", nadam="keras"), "Nadam as in keras"),
        (lambda d: adam_path(d, nadam="optax"), "Nadam as in optax: that is not asked for."),
        (lambda d: adam_path(d.with_short_gradients(1.5), eps_at="outside"), "clipnorm=1.5 and"),
        (lambda d: adam_path(d.with_small_gradients(2)), "clipvalue=2 and"),
        (adamax_path, "is Adamax, which"),
        (lambda d: adamax_path(d, eps_outside=True), "is Adamax, which"),
        (lambda d: radam_path(d, eps_at="uncorrected"), "is RAdam, which"),
        (lambda d: radam_path(d, eps_at="outside"), "is RAdam, which"),
        (adabelief_path, "is AdaBelief, which"),
        (lion_path, "is Lion, which"),
    ],
)
def test_adam_of_a_library_is_named(follow: Any, says: str) -> None:
    words = named(follow, adam_rules("adam"), beta=0.7, beta2=0.9, eps=0.5)
    assert says in words


@pytest.mark.parametrize(
    ("follow", "says"),
    [
        (lambda d: momentum_path(d, d.beta, dampening=0.25), "a dampening of 0.25"),
        (lambda d: momentum_path(d, d.beta, dampening=d.beta), "a dampening of the same size"),
        (lambda d: momentum_path(d.with_short_gradients(1), d.beta), "clipnorm=1 and"),
        (lambda d: momentum_path(d, 0.9), "uses beta = 0.9 whatever"),
        (lambda d: momentum_path(d, d.beta, debiased=True), "as optax.ema does"),
        (lambda d: momentum_path(d, d.beta, shrink=0.02), "step_size * 0.02"),
        (lambda d: momentum_path(d.with_penalty(0.02), d.beta), "weight_decay=0.02"),
    ],
)
def test_momentum_of_a_library_is_named(follow: Any, says: str) -> None:
    words = named(follow, momentum_rules("heavy_ball"), beta=0.6)
    assert says in words


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ({}, "has momentum 0.7, as torch and optax"),
        ({"in_step": True}, "has momentum 0.7 with the step size inside it, as keras"),
        ({"nesterov": True}, "Nesterov's momentum 0.7, as torch and optax"),
        ({"nesterov": True, "in_step": True}, "Nesterov's momentum 0.7 with the step size inside"),
        ({"dampening": 0.7}, "momentum 0.7 with as much dampening, as torch"),
        ({"debiased": True}, "with the weight 0.7, as optax.ema"),
    ],
)
def test_momentum_that_nobody_asked_for_is_named_where_the_step_changes(
    how: dict[str, Any], says: str
) -> None:
    d = descent()
    words = name_rule([d], [momentum_path(d, 0.7, **how)], descent_rules("sgd", "w")) or ""
    assert says in words


def test_a_tiny_decay_is_named() -> None:
    d = descent()
    words = (
        name_rule([d], [momentum_path(d.with_penalty(1e-4), 0)], descent_rules("sgd", "w")) or ""
    )
    assert words.startswith("Your sgd adds 0.0001 w to the gradient")


RULES = {
    "adagrad": adagrad_rules("adagrad"),
    "rmsprop": rmsprop_rules("rmsprop"),
    "adam": adam_rules("adam"),
    "adam_uncorrected": adam_rules("adam_uncorrected", corrected=False),
    "heavy_ball": momentum_rules("heavy_ball"),
    "sgd": descent_rules("sgd"),
}


@pytest.mark.parametrize("function", RULES)
def test_any_path_at_all_is_tried_without_an_error(function: str) -> None:
    rng = np.random.default_rng(8)
    for size in (1e-9, 1e-3, 1.0, 1e3, 1e200):
        for _ in range(3):
            d = descent(sizes=rng.uniform(0.01, 3.0, size=4), beta=0.6, beta2=0.9, eps=0.5)
            path = np.vstack([START, START + size * rng.normal(size=(4, 2))])
            assert name_rule([d], [path], RULES[function]) is None


@pytest.mark.parametrize(
    "follow",
    [
        adagrad_path,  # the right rule has no name
        lambda d: adagrad_path(d, start=0.1) + 1e-3 * np.arange(len(d.step_sizes) + 1)[:, None],
        lambda d: adagrad_path(d, start=0.1)[:-1],
        lambda d: np.full((len(d.step_sizes) + 1, 2), np.nan),
        lambda d: "a path",
        lambda d: adagrad_path(d, start=0.1 if len(d.step_sizes) == 8 else 0.2),
    ],
)
def test_no_other_path_is_named(follow: Any) -> None:
    assert named(follow, adagrad_rules("adagrad"), eps=0.5) == ""
