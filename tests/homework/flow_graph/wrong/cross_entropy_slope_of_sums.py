# base: dataclasses
# wrong: SoftmaxCrossEntropy
# is: cross_entropy_slope_sums

class SoftmaxCrossEntropy(SoftmaxCrossEntropy):
    def bprop(self):
        s = self.children[0].value
        y = self.more[0]
        self.collect(self.grad * (np.exp(log_softmax(s)) - (y[:, None] == np.arange(s.shape[1]))))
