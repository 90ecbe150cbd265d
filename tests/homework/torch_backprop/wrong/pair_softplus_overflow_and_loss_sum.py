# base: dynamic_layers
# wrong: Softplus, loss
# is: softplus_overflows, softplus_slope_overflows, loss_of_sums

class Softplus(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a):
        E = torch.exp(a)
        ctx.save_for_backward(E)
        return torch.log(1 + E)

    @staticmethod
    def backward(ctx, G):
        E, = ctx.saved_tensors
        return G * E / (1 + E)


def loss(model, X, y, lam):
    penalty = sum(torch.einsum("ij,ij->", p, p) for p in model.parameters() if p.dim() == 2)
    return F.cross_entropy(model(X), y, reduction="sum") + lam * penalty
