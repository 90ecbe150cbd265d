# base: joined_bias
# wrong: sigmoid_neuron
# is: neuron_without_slope

def sigmoid_neuron(w, x):
    f = 1 / (1 + np.exp(-(w[0] * x[0] + w[1] * x[1] + w[2])))
    return f, np.array([x[0], x[1], 1]), np.array([w[0], w[1]])
