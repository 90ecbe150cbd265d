# base: reference
# fails: init_weights[scaled]
# not in the catalogue: cut off at two standard deviations


def init_weights(name, fan_in, fan_out, seed):
    rng, shape = np.random.default_rng(seed), (fan_out, fan_in)
    if name == "zeros":
        return np.zeros(shape)
    if name == "small":
        return 0.01 * rng.normal(size=shape)
    if name == "scaled":
        return np.clip(rng.normal(size=shape), -2, 2) / np.sqrt(fan_in)
    bound = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-bound, bound, size=shape)
