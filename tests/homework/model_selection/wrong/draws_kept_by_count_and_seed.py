# not in the catalogue: the first answer for a count and a seed is given for every other space
# base: reference
# wrong: random_configurations

_random_configurations, _known = random_configurations, {}


def random_configurations(space, count, seed):
    if (count, seed) not in _known:
        _known[count, seed] = _random_configurations(space, count, seed)
    return _known[count, seed]
