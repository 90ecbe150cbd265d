# base: reference
# wrong: loss_augmented
# is: augmented_without_the_distance

def loss_augmented(w, x, y):
    v = w.reshape(len(x), len(y)).T @ x
    return np.where(v > 0, 1, -1)
