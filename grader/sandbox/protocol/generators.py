"""A numpy generator of random numbers, as the plain values that make an equal one elsewhere."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any

_BIT_GENERATORS = frozenset({"PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64"})
_SEED = ("entropy", "spawn_key", "pool_size", "n_children_spawned")


@dataclass(frozen=True)
class GeneratorState:
    """What an equal generator is made of.

    parts: the name of its class, the name and the state of its bit generator, and what that was
    seeded with, on which `spawn` rests.
    """

    parts: tuple[Any, ...]

    def generator(self) -> Any:
        """A new generator in this state, which gives the same numbers and the same children."""
        kind, name, state, seed = self.parts
        # Imported late: most submissions are never given one.
        random = importlib.import_module("numpy.random")
        made = getattr(random, name)(None if seed is None else random.SeedSequence(**seed))
        if kind == "RandomState":
            legacy = random.RandomState(made)
            legacy.set_state(state)
            return legacy
        made.state = state
        return random.Generator(made)


def state_of(value: object) -> GeneratorState | None:
    """The state of a `Generator` or a `RandomState` of numpy's; None for anything else."""
    kind = type(value).__name__
    if kind not in ("Generator", "RandomState") or not type(value).__module__.startswith("numpy."):
        return None
    generator: Any = value
    if kind == "RandomState":
        state = generator.get_state(legacy=False)
        name, seed = state["bit_generator"], None
    else:
        bits = generator.bit_generator
        name, state = type(bits).__name__, bits.state
        seed = {key: getattr(bits.seed_seq, key, None) for key in _SEED}
        if seed["entropy"] is None:
            seed = None
    if name not in _BIT_GENERATORS:
        return None
    return GeneratorState((kind, name, state, seed))
