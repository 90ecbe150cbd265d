# base: reference
# wrong: structured_subgradient
# is: structured_subgradient_with_twice_w

_structured_subgradient = structured_subgradient


def structured_subgradient(w, X, Y, lam):
    return _structured_subgradient(w, X, Y, lam) + lam * w
