# not in the catalogue: lam is never taken below 1/10
# base: reference
# wrong: structured_objective

_structured_objective = structured_objective


def structured_objective(w, X, Y, lam):
    return _structured_objective(w, X, Y, max(lam, 0.1))
