# base: recursion_limit
# wrong: Add
# not in the catalogue

class Add(Add):
    def bprop(self):
        for child in self.children:
            copies = np.size(self.value) / np.size(child.value)
            child.grad = child.grad + unbroadcast(self.grad, child.value) / copies
