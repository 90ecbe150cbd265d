# base: recursion_limit
# wrong: SoftmaxCrossEntropy
# not in the catalogue

class SoftmaxCrossEntropy(SoftmaxCrossEntropy):
    def fprop(self):
        super().fprop()
        self.value = self.value / self.children[0].value.shape[1]
