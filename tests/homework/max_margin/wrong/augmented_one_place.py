# not in the catalogue: changes at most one place
# base: reference
# wrong: loss_augmented

def loss_augmented(w, x, y):
    v = w.reshape(len(x), len(y)).T @ x
    z = y.copy()
    b = np.argmax(1 - 2 * v * y)
    if (1 - 2 * v * y)[b] > 0:
        z[b] = -z[b]
    return z
