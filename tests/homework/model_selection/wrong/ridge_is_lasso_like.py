# not in the catalogue: soft thresholding
# base: reference
# wrong: ridge


def ridge(Phi, y, lam):
    w = np.linalg.lstsq(Phi, y, rcond=None)[0]
    return np.sign(w) * np.maximum(np.abs(w) - lam / 2, 0)
