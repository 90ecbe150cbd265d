# base: float32
# wrong: objective
# is: objective_with_a_mean


def objective(w, b, X, y, C):
    w, b, X, y, C = cast(w, b, X, y, C)
    return f32(0.5) * w @ w + C * np.mean(hinge_loss(y * (X @ w + b)))
