# base: dataclasses
# wrong: train
# not in the catalogue

def train(output, steps, step_size):
    history, velocity = [forward(output)], {}
    for _ in range(steps):
        backward(output)
        for p in parameters(output):
            velocity[id(p)] = 0.9 * velocity.get(id(p), 0) + p.grad
            p.value = p.value - step_size * velocity[id(p)]
        history.append(forward(output))
    return history
