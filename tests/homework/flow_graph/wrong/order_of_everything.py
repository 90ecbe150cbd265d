# base: boxes_of_closures
# wrong: order
# not in the catalogue

every = []
_init = Node.__init__
def _noted(self, *args, **kwargs):
    _init(self, *args, **kwargs)
    every.append(self)
Node.__init__ = _noted
def order(output):
    return list(every)
