# base: recursion_limit
# fails: order_example
# not in the catalogue

class Parameter(Input):
    def __init__(self, value):
        Input.__init__(self, value)
        self.children = (Input(value),)
