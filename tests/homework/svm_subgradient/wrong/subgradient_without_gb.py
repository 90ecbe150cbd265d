# base: loops
# wrong: subgradient
# may say: ...
# not in the catalogue
whole_subgradient = subgradient


def subgradient(w, b, X, y, C):
    return whole_subgradient(w, b, X, y, C)[0]
