# base: recursion_limit
# wrong: MatMul
# not in the catalogue

class MatMul(MatMul):
    f = lambda self, a, b: a * b
