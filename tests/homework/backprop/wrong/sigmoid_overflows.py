# base: half_float32
# wrong: activation
# is: activation_with_overflowing_sigmoid

acts["sigmoid"] = (lambda a: np.exp(a) / (1 + np.exp(a)), acts["sigmoid"][1])
