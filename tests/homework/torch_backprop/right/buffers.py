# base: dynamic_layers
# Buffers beside the parameters: in front of the layers, in each layer, and integer ones. The
# gradients are the parameters' own .grad.

_Layer, _Network = Layer, Network


class Layer(_Layer):
    def __init__(self, fan_in, fan_out, rng):
        super().__init__(fan_in, fan_out, rng)
        self.register_buffer("last_mean", torch.zeros(fan_out))

    def forward(self, h):
        self.last_mean = h.detach().mean()
        return super().forward(h)


class Network(_Network):
    def __init__(self, sizes, name, seed, dropout=0.0):
        super().__init__(sizes, name, seed, dropout)
        self.register_buffer("seed", torch.tensor(seed))
        self.register_buffer("passes", torch.zeros((), dtype=torch.long))

    def forward(self, X):
        self.passes += 1
        return super().forward(X)


def gradients(model, X, y, lam):
    for p in model.parameters():
        p.grad = None
    loss(model, X, y, lam).backward()
    return [p.grad for p in model.parameters()]
