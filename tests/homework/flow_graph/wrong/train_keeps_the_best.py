# base: dataclasses
# wrong: train
# not in the catalogue
import numpy as np


def train(output, steps, step_size):
    h = [float(forward(output))]; best = (h[0], [(p, p.value) for p in parameters(output)])
    for t in range(steps):
        backward(output)
        for p in parameters(output): p.value = p.value - step_size * p.grad
        h.append(float(forward(output)))
        if h[-1] < best[0]: best = (h[-1], [(p, p.value) for p in parameters(output)])
    for p, v in best[1]: p.value = v
    return np.array(h)
