# base: reference
# wrong: init_weights
# is: init_without_the_seed


def init_weights(name, fan_in, fan_out, seed):
    g, s = np.random.default_rng(), (fan_out, fan_in)
    c = np.sqrt(6 / (fan_in + fan_out))
    return {'zeros': np.zeros(s), 'small': 0.01 * g.normal(size=s), 'scaled': g.normal(size=s) / np.sqrt(fan_in), 'glorot': g.uniform(-c, c, s)}[name]
