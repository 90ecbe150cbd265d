# base: own_parameters
# wrong: Softplus
# not in the catalogue

class Softplus(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a):
        return torch.nn.functional.softplus(a)
