# base: recursion_limit
# wrong: Add, Subtract, Multiply, Divide, MatMul
# says: Your Subtract sets the grad of a child: it has to add to it.
# says: Your Divide sets the grad of a child: it has to add to it.
# says: Your MatMul sets the grad of a child: it has to add to it.
# is: add_sets, multiply_sets

def _set(self):
    self.a.grad, self.b.grad = (unbroadcast(d, c.value) for d, c in zip(self.df(self.a.value, self.b.value, self.grad), self.children))

Binary.bprop = _set
