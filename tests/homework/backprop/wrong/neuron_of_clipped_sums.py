# base: reference
# wrong: sigmoid_neuron
# not in the catalogue
def sigmoid_neuron(w, x):
    f = 1 / (1 + np.exp(-np.clip(w[0] * x[0] + w[1] * x[1] + w[2], -3, 3)))
    return f, f * (1 - f) * np.array([x[0], x[1], 1.0]), f * (1 - f) * w[:2]
