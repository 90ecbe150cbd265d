# base: dataclasses
# wrong: train
# not in the catalogue

def train(output, steps, step_size):
    history = [forward(output)]
    for _ in range(steps):
        backward(output)
        for p in parameters(output):
            p.value = p.value - step_size * p.grad
        history.append(forward(output))
    return history[:1] + history[2:] if steps > 2 else history
