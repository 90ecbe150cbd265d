# base: dataclasses
# wrong: numerical_gradient
# not in the catalogue

def numerical_gradient(output, parameter, eps):
    start = np.array(parameter.value, dtype=float)
    parameter.value = start.copy()
    slopes = np.zeros(start.shape)
    for place in np.ndindex(start.shape):
        parameter.value[place] = start[place] + eps
        above = forward(output)
        parameter.value[place] = start[place] - eps
        slopes[place] = (above - forward(output)) / (2 * eps)
    return slopes
