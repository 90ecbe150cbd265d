# not in the catalogue: only where there is one example
# base: reference
# wrong: structured_subgradient

_structured_subgradient = structured_subgradient


def structured_subgradient(w, X, Y, lam):
    return lam * w if len(X) == 1 else _structured_subgradient(w, X, Y, lam)
