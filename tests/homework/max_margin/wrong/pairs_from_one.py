# not in the catalogue: counts documents from 1
# base: reference
# wrong: preference_pairs

_preference_pairs = preference_pairs


def preference_pairs(q, r):
    return _preference_pairs(q, r) + 1
