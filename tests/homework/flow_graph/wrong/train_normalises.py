# base: dataclasses
# wrong: train
# not in the catalogue

def train(output, steps, step_size):
    history = [forward(output)]
    for _ in range(steps):
        backward(output)
        for p in parameters(output):
            p.value = p.value - step_size * p.grad / max(1.0, np.linalg.norm(p.grad))
        history.append(forward(output))
    return history
