# base: weight_decay_of_groups
# wrong: SoftmaxCrossEntropy, predict
# is: EntropyOfSums, predict_the_least

class SoftmaxCrossEntropy(torch.autograd.Function):
    @staticmethod
    def forward(ctx, Z, y):
        P = torch.softmax(Z, 1)
        ctx.save_for_backward(P, y)
        return torch.nn.functional.cross_entropy(Z, y, reduction="sum")

    @staticmethod
    def backward(ctx, G):
        P, y = ctx.saved_tensors
        Y = torch.eye(P.shape[1], dtype=P.dtype)[y]
        return G * (P - Y), None


def predict(model, X):
    model.eval()
    return model(X).argmin(1)
