# base: reference
# wrong: forward


def forward(params, X, name):
    return np.squeeze(_softmax(_propagate(params, X, name)[1][-1]))
