# base: recursion_limit
# wrong: Log, Exp, Sigmoid, Tanh, ReLU, Sum, Power
# may say: ...
# not in the catalogue

def _once(self):
    if not hasattr(self, "value"):
        self.value = self.f(self.children[0].value)

Unary.fprop = _once
