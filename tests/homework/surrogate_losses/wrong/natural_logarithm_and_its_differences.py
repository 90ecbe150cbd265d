# base: differences
# wrong: loss
# is: loss_natural_logarithm


@defines("logistic")
def _(t): return np.where(t < 0, -t, 0) + np.log1p(np.exp(-np.fabs(t)))
