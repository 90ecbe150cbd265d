# base: reference
# fails: train
# may say: ...
# not in the catalogue


def train(output, steps, step_size):
    history, rests = [float(forward(output))], False
    for _ in range(steps):
        backward(output)
        for box in parameters(output):
            box.value = box.value - (0.0 if rests else step_size) * box.grad
        history.append(float(forward(output)))
        rests = rests or abs(history[-1] - history[-2]) < 1e-6
    return np.array(history)
