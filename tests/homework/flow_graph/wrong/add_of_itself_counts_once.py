# base: recursion_limit
# wrong: Add
# not in the catalogue

class Add(Add):
    def bprop(self):
        for child in {id(child): child for child in self.children}.values():
            child.grad = child.grad + unbroadcast(self.grad, child.value)
