# base: dataclasses
# wrong: train
# not in the catalogue

def train(output, steps, step_size):
    values = [np.array(p.value, dtype=float) for p in parameters(output)]
    history = [forward(output)]
    for _ in range(steps):
        backward(output)
        for p in parameters(output):
            p.value = p.value - step_size * p.grad
        history.append(forward(output))
    for p, value in zip(parameters(output), values):
        p.value = value
    return history
