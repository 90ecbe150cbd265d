# base: generators
# wrong: init_params
# not in the catalogue

def init_params(sizes, seed):
    rng = np.random.default_rng(seed)
    out = []
    for i, o in zip(sizes[:-1], sizes[1:]):
        s = np.sqrt(6 / (i + o))
        out.append((np.tile(rng.uniform(-s, s, i), (o, 1)), np.zeros(o)))
    return out
