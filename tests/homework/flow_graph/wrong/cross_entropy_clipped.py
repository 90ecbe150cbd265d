# base: recursion_limit
# wrong: SoftmaxCrossEntropy
# not in the catalogue

class SoftmaxCrossEntropy(SoftmaxCrossEntropy):
    def fprop(self):
        s = self.children[0].value
        p = np.exp(s - s.max(1, keepdims=True))
        p = np.clip(p / p.sum(1, keepdims=True), 1e-15, 1)
        self.value = -np.log(p[np.arange(len(s)), self.labels]).mean()
