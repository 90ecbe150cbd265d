"""Simple wrong solutions, to see which of the old tests let them pass.

For each function four: one that always returns the same number, one that returns an array without
entries, one that returns zeros in the shape of the right answer, one with the sign turned round.
For a variable one with another value.
"""

from __future__ import annotations

from collections.abc import Iterable

_HELPER = '''
def zeros(value):
    """As `value`, with zeros in the places of numbers."""
    return changed(value, lambda x: x * 0, lambda text: "")


def negated(value):
    """As `value`, with the sign turned round."""
    return changed(value, lambda x: -x, lambda text: text[::-1])


def changed(value, number, text):
    if isinstance(value, bool | np.bool_):
        return not value
    if isinstance(value, str):
        return text(value)
    if isinstance(value, list | tuple):
        return type(value)(changed(item, number, text) for item in value)
    if isinstance(value, dict):
        return {key: changed(item, number, text) for key, item in value.items()}
    if isinstance(value, np.ndarray) and value.dtype.kind not in "iufc":
        return value[::-1]
    try:
        return number(value)
    except TypeError:
        return None
'''


def variants_file(name: str, functions: Iterable[str]) -> str:
    """The text of variants.py with four mutants of each function."""
    imports = sorted([f"import {name} as ref", "import numpy as np"])
    parts = [
        '"""Wrong solutions that the checks have to refuse. Add the mistakes that you expect: then '
        'name them\nwith `mistake`, and students read the name."""\n\n'
        + "\n".join(imports)
        + "\n\nfrom grader.checks.variants import mutant\n\n"
        + _HELPER
    ]
    for function in functions:
        for ending, made in (
            ("constant", "1"),
            # np.allclose, pytest.approx and numpy's assertions take it for every number.
            ("nothing", "np.zeros(0)"),
            ("zeros", f"zeros(ref.{function}(*args, **kwargs))"),
            ("negated", f"negated(ref.{function}(*args, **kwargs))"),
        ):
            parts.append(
                f'\n\n@mutant("{function}")\n'
                f"def {function}_{ending}(*args, **kwargs):\n    return {made}\n"
            )
    return "".join(parts)


def changed_variable(name: str) -> str:
    """Statements that give a variable of the reference another value of the same kind."""
    return (
        f"\n\nif isinstance({name}, str):\n    {name} = {name}[::-1] + '.'\n"
        f"elif isinstance({name}, bool):\n    {name} = not {name}\n"
        f"elif isinstance({name}, list | tuple):\n    {name} = {name}[1:] + {name}[:1] * 2\n"
        f"else:\n    {name} = {name} + 1\n"
    )
