# base: reference
# wrong: forward


def forward(params, X, name):
    if len(X) < 2:
        raise ValueError("not enough examples")
    return _softmax(_propagate(params, X, name)[1][-1])
