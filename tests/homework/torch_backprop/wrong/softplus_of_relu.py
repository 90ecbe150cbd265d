# base: own_parameters
# wrong: Softplus
# is: SoftplusIsRelu

class Softplus(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a):
        ctx.save_for_backward(a)
        return torch.relu(a)

    @staticmethod
    def backward(ctx, G):
        a, = ctx.saved_tensors
        return G * (a > 0)
