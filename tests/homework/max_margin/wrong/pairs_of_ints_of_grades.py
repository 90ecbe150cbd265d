# not in the catalogue: fractions of grades do not count
# base: reference
# wrong: preference_pairs

_preference_pairs = preference_pairs


def preference_pairs(q, r):
    return _preference_pairs(q, np.floor(r))
