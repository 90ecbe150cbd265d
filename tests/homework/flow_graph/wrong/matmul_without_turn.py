# base: recursion_limit
# wrong: MatMul
# not in the catalogue

class MatMul(MatMul):
    df = lambda self, a, b, g: (g @ b.T, a.T @ g if a.shape[0] != a.shape[1] else a @ g)
