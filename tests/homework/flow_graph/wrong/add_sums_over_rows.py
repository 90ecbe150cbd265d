# base: recursion_limit
# wrong: Add
# not in the catalogue

class Add(Add):
    def bprop(self):
        for child in self.children:
            g = self.grad
            if np.shape(child.value) != np.shape(g):
                g = np.sum(g, axis=0)
            child.grad = child.grad + g
