# base: recursion_limit
# fails: gradient[SoftmaxCrossEntropy]
# not in the catalogue


class SoftmaxCrossEntropy(SoftmaxCrossEntropy):
    def fprop(self):
        S = self.children[0].value
        logs = S - np.logaddexp.reduce(S, axis=1, keepdims=True)
        self.P = np.exp(logs)
        self.value = -logs[np.arange(len(logs)), self.labels].mean()

    def bprop(self):
        self.P[np.arange(len(self.P)), self.labels] -= 1
        self.children[0].grad = self.children[0].grad + self.grad * self.P / len(self.P)
