# base: weight_decay_of_groups
# wrong: Softplus
# not in the catalogue

class Softplus(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a):
        ctx.save_for_backward(a)
        return torch.nn.functional.softplus(a, threshold=2)

    @staticmethod
    def backward(ctx, G):
        a, = ctx.saved_tensors
        return G * torch.sigmoid(a)
