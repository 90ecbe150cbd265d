# base: dataclasses
# fails: backward_example[once], backward_example[twice]
# not in the catalogue

_made = _Leaf.__init__
def _with_grad(self, value):
    _made(self, value)
    self.grad = 0.0
_Leaf.__init__ = _with_grad
