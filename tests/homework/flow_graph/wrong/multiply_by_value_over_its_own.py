# base: reference
# fails: gradient[Multiply], gradient[ReLU]
# not in the catalogue


class Multiply(Multiply):
    def bprop(self):
        for child in self.children:
            _receive(child, self.grad * self.value / child.value)


class ReLU(ReLU):
    def bprop(self):
        child = self.children[0]
        child.grad = child.grad + self.grad * np.sign(child.value) * np.where(child.value > 0, 1, 0)
        child.grad = child.grad - self.grad * (np.asarray(child.value) == 0)
