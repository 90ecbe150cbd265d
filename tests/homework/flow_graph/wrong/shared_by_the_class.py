# base: boxes_of_closures
# wrong: Exp, Log, Sigmoid, Tanh, ReLU, Sum, Power, SoftmaxCrossEntropy
# may say: ...
# not in the catalogue

last = {}
_fprop = Node.fprop
def _shared(self):
    if len(self.children) == 1:
        value = self.children[0].value
        self.value = last.setdefault(self.kind, self.run(value))
    else:
        _fprop(self)
Node.fprop = _shared
