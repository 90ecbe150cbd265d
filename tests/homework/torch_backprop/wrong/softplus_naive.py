# base: sequential
# wrong: Softplus
# is: softplus_overflows

class Softplus(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a):
        ctx.save_for_backward(a)
        return (1 + a.exp()).log()

    @staticmethod
    def backward(ctx, G):
        a, = ctx.saved_tensors
        return G * torch.sigmoid(a)
