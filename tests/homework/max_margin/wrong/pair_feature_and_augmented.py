# base: reference
# wrong: joint_feature, loss_augmented
# is: feature_in_the_other_order, augmented_without_the_distance
# may say: multiplied by
# may say: has the wrong sign
# may say: have the wrong sign

def joint_feature(x, y):
    return np.kron(y, x)


def loss_augmented(w, x, y):
    v = w.reshape(len(x), len(y)).T @ x
    return np.where(v > 0, 1, -1)
