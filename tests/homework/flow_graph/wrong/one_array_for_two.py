# base: kahn
# wrong: Add
# not in the catalogue


class Add(Add):
    def bprop(self):
        for child in self.children:
            if np.ndim(child.value) == 0 or np.shape(child.value) != np.shape(self.grad):
                _give(child, self.grad)
            elif np.any(child.grad):
                child.grad += self.grad
            else:
                child.grad = self.grad  # the same array as its own, and as the other child's
