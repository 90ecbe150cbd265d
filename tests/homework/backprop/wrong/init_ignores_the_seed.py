# base: helper_module
# wrong: init_params
# not in the catalogue

def init_params(sizes, seed):
    rng = np.random.default_rng()
    out = []
    for i, o in zip(sizes[:-1], sizes[1:]):
        s = np.sqrt(6 / (i + o))
        out.append((rng.uniform(-s, s, (o, i)), np.zeros(o)))
    return out
