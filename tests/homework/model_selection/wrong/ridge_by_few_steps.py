# not in the catalogue: twenty steps of descent
# base: reference
# wrong: ridge


def ridge(Phi, y, lam):
    w = np.zeros(Phi.shape[1])
    for _ in range(20):
        w -= 0.01 * (Phi.T @ (Phi @ w - y) + lam * w)
    return w
