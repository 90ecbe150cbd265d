# base: reference
# wrong: init_weights
# is: init_with_a_seed_of_its_own


def init_weights(name, fan_in, fan_out, seed):
    g, s = np.random.default_rng(1), (fan_out, fan_in)
    c = np.sqrt(6 / (fan_in + fan_out))
    return {'zeros': np.zeros(s), 'small': 0.01 * g.normal(size=s), 'scaled': g.normal(size=s) / np.sqrt(fan_in), 'glorot': g.uniform(-c, c, s)}[name]
