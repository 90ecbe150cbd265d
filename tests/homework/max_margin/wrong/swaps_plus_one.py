# not in the catalogue: one too many
# base: reference
# wrong: swapped_pairs

_swapped_pairs = swapped_pairs


def swapped_pairs(scores, q, r):
    return _swapped_pairs(scores, q, r) + 1
