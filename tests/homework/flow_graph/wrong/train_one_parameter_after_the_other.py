# base: dataclasses
# wrong: train
# not in the catalogue

def train(output, steps, step_size):
    history = [forward(output)]
    for _ in range(steps):
        for p in parameters(output):
            forward(output)
            backward(output)
            p.value = p.value - step_size * p.grad
        history.append(forward(output))
    return history
