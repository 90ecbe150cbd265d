# base: reference
# wrong: init_weights
# is: init_scaled_as_he


def init_weights(name, fan_in, fan_out, seed):
    g, s = np.random.default_rng(seed), (fan_out, fan_in)
    c = np.sqrt(6 / (fan_in + fan_out))
    return {'zeros': np.zeros(s), 'small': 0.01 * g.normal(size=s), 'scaled': g.normal(size=s) * np.sqrt(2 / fan_in), 'glorot': g.uniform(-c, c, s)}[name]
