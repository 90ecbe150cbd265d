# base: recursion_limit
# wrong: SoftmaxCrossEntropy
# not in the catalogue

class SoftmaxCrossEntropy(SoftmaxCrossEntropy):
    def fprop(self):
        super().fprop()
        self.value = self.value / np.log(2)
