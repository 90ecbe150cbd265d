# base: dataclasses
# wrong: forward
# not in the catalogue

def forward(output):
    for box in order(output):
        box.fprop()

def train(output, steps, step_size):
    history = [(forward(output), output.value)[1]]
    for _ in range(steps):
        backward(output)
        for p in parameters(output):
            p.value = p.value - step_size * p.grad
        forward(output)
        history.append(output.value)
    return history

def numerical_gradient(output, parameter, eps):
    kept = np.array(parameter.value, dtype=float)
    slopes = np.zeros(kept.shape)
    for place in np.ndindex(kept.shape):
        for sign in (1, -1):
            moved = kept.copy()
            moved[place] += sign * eps
            parameter.value = moved
            forward(output)
            slopes[place] += sign * output.value / (2 * eps)
    parameter.value = kept
    return slopes
