# base: own_parameters
# fails: network_starts_uniform
# says: Your weights start as those of nn.Linear do, on [-1 / sqrt(in), 1 / sqrt(in)]: s is sqrt(6 / (in + out)).

_Right = Network


class Network(_Right):
    def __init__(self, sizes, name, seed, dropout=0.0):
        super().__init__(sizes, name, seed, dropout)
        draws = torch.Generator().manual_seed(seed)
        with torch.no_grad():
            for p in self.parameters():
                if p.dim() == 2:
                    s = p.shape[1] ** -0.5
                    p.copy_((2 * torch.rand(p.shape, generator=draws, dtype=p.dtype) - 1) * s)
