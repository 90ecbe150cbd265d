# base: generators
# wrong: forward
# not in the catalogue

def forward(params, X, name):
    *_, (_, z) = passe(params, X, name)
    e = np.exp(2 * (z - z.max(axis=1, keepdims=True)))
    return e / e.sum(axis=1, keepdims=True)
