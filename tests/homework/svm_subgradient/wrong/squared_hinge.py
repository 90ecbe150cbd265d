# base: reference
# wrong: hinge_loss
# is: hinge_loss_squared, objective_with_squares


def hinge_loss(t):
    return np.square(np.maximum(1 - t, 0))
