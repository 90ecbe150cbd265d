# base: helpers
# wrong: subgradient
# is: subgradient_without_w


def subgradient(w, b, X, y, C):
    t = (m_of(w, b, X, y) <= 1) * y
    return -C * t @ X, -C * t.sum()
