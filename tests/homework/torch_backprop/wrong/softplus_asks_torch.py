# base: sequential
# wrong: Softplus
# not in the catalogue

class Softplus(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a):
        ctx.save_for_backward(a)
        return F.softplus(a)

    @staticmethod
    def backward(ctx, G):
        with torch.enable_grad():
            a = ctx.saved_tensors[0].detach().requires_grad_()
            return torch.autograd.grad(F.softplus(a), a, G)[0]
