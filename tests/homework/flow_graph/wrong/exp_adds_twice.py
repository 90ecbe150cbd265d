# base: recursion_limit
# wrong: Exp
# says: The part that is added in the grad of a is multiplied by 2.
# not in the catalogue

class Exp(Exp):
    def bprop(self):
        super().bprop()
        super().bprop()
