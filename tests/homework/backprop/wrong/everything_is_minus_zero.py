# fails: everything


def product_circuit(*_):
    return -0.0


sigmoid_neuron = ratio_circuit = activation = activation_gradient = init_params = product_circuit
forward = loss = backprop = gradient_error = train = plot_training = product_circuit
