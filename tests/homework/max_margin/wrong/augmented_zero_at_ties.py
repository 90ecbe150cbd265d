# not in the catalogue: 0 at a tie
# base: reference
# wrong: loss_augmented

def loss_augmented(w, x, y):
    v = w.reshape(len(x), len(y)).T @ x
    return np.sign(v - y / 2)
