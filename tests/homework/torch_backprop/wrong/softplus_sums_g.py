# base: dynamic_layers
# wrong: Softplus
# not in the catalogue

class Softplus(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a):
        ctx.save_for_backward(a)
        return torch.logaddexp(a, torch.zeros_like(a))

    @staticmethod
    def backward(ctx, G):
        a, = ctx.saved_tensors
        return G.sum() * torch.sigmoid(a)
