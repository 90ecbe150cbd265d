import numpy as np


def powers(x, degree):
    return np.array([x**p for p in range(degree + 1)]).T


def product(space):
    """All combinations by counting in mixed bases."""
    sizes = [len(values) for values in space.values()]
    for index in np.ndindex(*sizes):
        yield {name: values[i] for (name, values), i in zip(space.items(), index)}
