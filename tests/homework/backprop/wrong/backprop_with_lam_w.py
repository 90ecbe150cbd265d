# base: classes
# wrong: backprop
# is: backprop_with_half_decay

_gradient = MLP.gradient
MLP.gradient = lambda self, X, y, lam: _gradient(self, X, y, lam / 2)
