# base: helper_module
# wrong: product_circuit, sigmoid_neuron, ratio_circuit
# not in the catalogue

def product_circuit(x, y, z):
    return -12.0, (-4.0, -4.0, 3.0)


def sigmoid_neuron(w, x):
    return 0.75, np.array([-3, -6, 3]) / 16, np.array([6, -9]) / 16


def ratio_circuit(x, y):
    L = np.log(3)
    u, v = L + 0.5, 0.75 + L * L
    return u / v, (1 / v - u / v**2 * (3 / 16 + 2 * L), 1 / 4 / v - u / v**2 * 2 * L)
