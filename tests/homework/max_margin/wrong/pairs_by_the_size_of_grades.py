# not in the catalogue: a grade below 0 counts as that above
# base: reference
# wrong: preference_pairs

_preference_pairs = preference_pairs


def preference_pairs(q, r):
    return _preference_pairs(q, np.abs(r))
