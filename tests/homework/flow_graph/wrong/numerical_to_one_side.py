# base: dataclasses
# wrong: numerical_gradient
# is: numerical_forward

def numerical_gradient(output, parameter, eps):
    kept = np.array(parameter.value, dtype=float)
    base = forward(output)
    slopes = np.zeros(kept.shape)
    for place in np.ndindex(kept.shape):
        moved = kept.copy()
        moved[place] += eps
        parameter.value = moved
        slopes[place] = (forward(output) - base) / eps
    parameter.value = kept
    return slopes
