# base: scalar_loops
# wrong: sigmoid_neuron
# not in the catalogue

def sigmoid_neuron(w, x):
    f = sig(w[0] * x[0] + w[1] * x[1] + w[2])
    s = f * (1 - f)
    return f, [s * x[0], s * x[1], 1.0], [s * w[0], s * w[1]]
