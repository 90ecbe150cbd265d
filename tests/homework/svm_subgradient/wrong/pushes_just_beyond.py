# not in the catalogue: margins up to 1.01 push
# base: reference
# wrong: subgradient


def subgradient(w, b, X, y, C):
    s = y * (y * (X @ w + b) < 1.01)
    return w - C * s @ X, -C * s.sum()
