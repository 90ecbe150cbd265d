# base: recursion_limit
# wrong: Exp
# not in the catalogue

class Exp(Exp):
    def bprop(self):
        self.grad = self.grad * self.value
        self.children[0].grad = self.children[0].grad + unbroadcast(self.grad, self.children[0].value)
