# base: generators
# wrong: forward, init_params
# is: forward_over_everything, init_transposed

_right_init = init_params


def init_params(sizes, seed):
    return [(W.T, b) for W, b in _right_init(sizes, seed)]


def forward(params, X, name):
    *_, (_, z) = passe(params, X, name)
    e = np.exp(z - z.max())
    return e / e.sum()
