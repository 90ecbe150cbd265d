# base: dynamic_layers
# wrong: SoftmaxCrossEntropy
# not in the catalogue

class SoftmaxCrossEntropy(torch.autograd.Function):
    @staticmethod
    def forward(ctx, Z, y):
        P = torch.softmax(Z, 1)
        ctx.save_for_backward(P, y)
        return -(P[torch.arange(len(y)), y] + 1e-8).log().mean()

    @staticmethod
    def backward(ctx, G):
        P, y = ctx.saved_tensors
        Y = torch.eye(P.shape[1], dtype=P.dtype)[y]
        return G * (P - Y) / len(y), None
