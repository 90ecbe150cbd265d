# base: generators
# fails: init_params_is_uniform
# says: Your init_params makes a new generator of the seed for each layer.
# not in the catalogue

def init_params(sizes, seed):
    out = []
    for i, o in zip(sizes[:-1], sizes[1:]):
        s = np.sqrt(6 / (i + o))
        out.append((np.random.default_rng(seed).uniform(-s, s, (o, i)), np.zeros(o)))
    return out
