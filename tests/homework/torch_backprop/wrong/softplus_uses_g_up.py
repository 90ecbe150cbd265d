# base: sequential
# wrong: Softplus
# not in the catalogue

class Softplus(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a):
        ctx.slope = torch.sigmoid(a)
        return F.softplus(a)

    @staticmethod
    def backward(ctx, G):
        ctx.slope *= G
        return ctx.slope
