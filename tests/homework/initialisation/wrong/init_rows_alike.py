# not in the catalogue: all units start alike
# base: reference
# wrong: init_weights


def init_weights(name, fan_in, fan_out, seed):
    g, s = np.random.default_rng(seed), (fan_out, fan_in)
    c = np.sqrt(6 / (fan_in + fan_out))
    return {'zeros': np.zeros(s), 'small': 0.01 * g.normal(size=s), 'scaled': np.tile(g.normal(size=fan_in), (fan_out, 1)) / np.sqrt(fan_in), 'glorot': g.uniform(-c, c, s)}[name]
