# base: own_parameters
# wrong: Softplus, SoftmaxCrossEntropy
# is: softplus_without_g, entropy_slope_of_sums

class Softplus(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a):
        ctx.save_for_backward(a)
        return torch.logaddexp(a, torch.zeros_like(a))

    @staticmethod
    def backward(ctx, G):
        a, = ctx.saved_tensors
        return torch.sigmoid(a)


class SoftmaxCrossEntropy(torch.autograd.Function):
    @staticmethod
    def forward(ctx, Z, y):
        P = torch.softmax(Z, 1)
        ctx.save_for_backward(P, y)
        return torch.nn.functional.cross_entropy(Z, y)

    @staticmethod
    def backward(ctx, G):
        P, y = ctx.saved_tensors
        Y = torch.eye(P.shape[1], dtype=P.dtype)[y]
        return G * (P - Y), None
