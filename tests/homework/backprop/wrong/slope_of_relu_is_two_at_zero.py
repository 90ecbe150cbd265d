# base: half_float32
# wrong: activation_gradient
# not in the catalogue

acts["relu"] = (acts["relu"][0], lambda a: np.where(a == 0, 2.0, a > 0))
