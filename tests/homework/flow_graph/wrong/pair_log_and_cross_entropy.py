# base: dataclasses
# wrong: Log, SoftmaxCrossEntropy
# is: log_of_base_10, cross_entropy_sums

Log = make("Log", np.log10, lambda g, y, a: (g / a,))
class SoftmaxCrossEntropy(SoftmaxCrossEntropy):
    def fprop(self):
        super().fprop()
        self.value = self.value * len(self.more[0])
