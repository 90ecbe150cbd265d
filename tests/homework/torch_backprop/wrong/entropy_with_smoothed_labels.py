# base: weight_decay_of_groups
# wrong: SoftmaxCrossEntropy, loss
# not in the catalogue

_smooth = nn.CrossEntropyLoss(label_smoothing=0.1)


class SoftmaxCrossEntropy:
    @staticmethod
    def apply(Z, y):
        return _smooth(Z, y)


def loss(model, X, y, lam):
    weights, _ = split(model)
    return _smooth(model(X), y) + lam * sum(W.pow(2).sum() for W in weights)
