# base: reference
# fails: gradient_example[MatMul], gradient[MatMul]


class MatMul(Box):
    def __init__(self, a, b):
        super().__init__(a, b)

    def fprop(self):
        a, b = self.children
        self.value = a.value @ b.value

    def bprop(self):
        a, b = self.children
        a.grad = a.grad + self.grad @ b.value.T
        b.grad = b.grad + self.grad.T @ a.value
