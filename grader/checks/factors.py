"""Factors by which a term of a gradient may be wrong, by name: "1/n", "-1", "2"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def factor_name(values: Sequence[float], sizes: Sequence[Mapping[str, float]]) -> str | None:
    """The one name of a factor that has these values at the probes."""
    tables = [_factors(size) for size in sizes]
    fitting = [
        name
        for name in tables[0]
        if all(
            abs(value - table[name]) <= 1e-6 * max(1.0, abs(table[name]))
            for value, table in zip(values, tables, strict=True)
        )
    ]
    return fitting[0] if len(fitting) == 1 else None


def _factors(sizes: Mapping[str, float]) -> dict[str, float]:
    table = {"0": 0.0, "1": 1.0, "-1": -1.0, "2": 2.0, "-2": -2.0, "1/2": 0.5, "-1/2": -0.5}
    for name, size in sizes.items():
        table |= {
            name: size,
            f"-{name}": -size,
            f"1/{name}": 1 / size,
            f"-1/{name}": -1 / size,
            f"2{name}": 2 * size,
            f"2/{name}": 2 / size,
        }
        if size != 1:
            table[f"{name}/({name}-1)"] = size / (size - 1)
    return table


def sentence(said: Mapping[str, str]) -> str | None:
    if not said:
        return None
    by_factor: dict[str, list[str]] = {}
    for subject, factor in said.items():
        by_factor.setdefault(factor, []).append(subject)
    clauses = []
    for factor, subjects in by_factor.items():
        who = " and ".join(subjects)
        verb = "is" if len(subjects) == 1 else "are"
        if factor == "0":
            clauses.append(f"{who} {verb} {'missing' if ' in ' in who else 'zero'}")
        elif factor == "-1":
            clauses.append(f"{who} {'has' if len(subjects) == 1 else 'have'} the wrong sign")
        else:
            clauses.append(f"{who} {verb} multiplied by {factor}")
    text = "; ".join(clauses) + "."
    return text[0].upper() + text[1:] if text.startswith("the ") else text
