# base: recursion_limit
# wrong: SoftmaxCrossEntropy
# not in the catalogue

class SoftmaxCrossEntropy(SoftmaxCrossEntropy):
    def fprop(self):
        s = self.children[0].value
        p = np.exp(s) / np.exp(s).sum(1, keepdims=True)
        self.value = -np.log(p[np.arange(len(s)), self.labels]).mean()
