# base: recursion_limit
# wrong: ReLU
# is: relu_is_absolute, relu_passes_all

class ReLU(ReLU):
    f = lambda self, a: np.abs(a)
    df = lambda self, a, y: np.ones_like(np.asarray(a, float))
