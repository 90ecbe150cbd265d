# base: joined_bias
# wrong: init_params
# is: init_by_inputs

def init_params(sizes, seed):
    np.random.seed(seed)
    out = []
    for i, o in zip(sizes[:-1], sizes[1:]):
        s = np.sqrt(6 / i)
        out.append((np.random.uniform(-s, s, (o, i)), np.zeros(o)))
    return out
