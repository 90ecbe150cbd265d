# not in the catalogue: forgets the others
# base: reference
# wrong: activation


def activation(name, a):
    if name == 'tanh':
        return np.tanh(a)
