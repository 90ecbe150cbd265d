# base: reference
# wrong: init_weights, layer_spread
# is: init_without_the_seed, spread_of_pre_activations


def init_weights(name, fan_in, fan_out, seed):
    g, s = np.random.default_rng(), (fan_out, fan_in)
    c = np.sqrt(6 / (fan_in + fan_out))
    return {'zeros': np.zeros(s), 'small': 0.01 * g.normal(size=s), 'scaled': g.normal(size=s) / np.sqrt(fan_in), 'glorot': g.uniform(-c, c, s)}[name]


def layer_spread(X, weights, name):
    out = []
    for W in weights:
        A = X @ W.T
        X = activation(name, A)
        out.append(A.std())
    return out
