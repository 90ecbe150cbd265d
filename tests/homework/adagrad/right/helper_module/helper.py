import numpy as np


def f(x, A, b):
    return np.sum(x * (A @ x)) / 2 - np.sum(b * x)


def df(x, A, b):
    return A @ x - b


def iterate(x0, steps, move):
    x = x0
    yield x
    for _ in range(steps):
        x = x - move(x)
        yield x
