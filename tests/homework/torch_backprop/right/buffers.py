"""Buffers beside the parameters: in front of the layers, in each layer, and integer ones."""
import torch
from matplotlib import pyplot as plt
from torch.nn import Module, ModuleList, Parameter
from torch.nn import functional as F


class Softplus(torch.autograd.Function):
    """With the newer form of forward."""

    @staticmethod
    def forward(a):
        return torch.where(a > 0, a + torch.log1p(torch.exp(-a.abs())), torch.log1p(torch.exp(-a.abs())))

    @staticmethod
    def setup_context(ctx, inputs, output):
        a, = inputs
        ctx.save_for_backward(a)

    @staticmethod
    def backward(ctx, G):
        a, = ctx.saved_tensors
        slope = torch.where(a >= 0, 1 / (1 + torch.exp(-a.abs())), torch.exp(-a.abs()) / (1 + torch.exp(-a.abs())))
        return slope.mul_(G)


class SoftmaxCrossEntropy(torch.autograd.Function):
    @staticmethod
    def forward(Z, y):
        return -torch.log_softmax(Z, 1)[torch.arange(y.shape[0]), y].sum() / y.shape[0]

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx, G):
        Z, y = ctx.saved_tensors
        D = torch.softmax(Z, 1) - F.one_hot(y, Z.shape[1])
        return G * D / y.shape[0], None


class Layer(Module):
    def __init__(self, fan_in, fan_out, rng):
        super().__init__()
        s = (6.0 / (fan_in + fan_out)) ** 0.5
        self.W = Parameter(torch.empty(fan_out, fan_in).uniform_(-s, s, generator=rng))
        self.b = Parameter(torch.zeros(fan_out))
        self.register_buffer("last_mean", torch.zeros(fan_out))

    def forward(self, h):
        self.last_mean = h.detach().mean()
        return torch.addmm(self.b, h, self.W.t())


class Network(Module):
    def __init__(self, sizes, name, seed, dropout=0.0):
        super().__init__()
        self.register_buffer("seed", torch.tensor(seed))
        self.register_buffer("passes", torch.zeros((), dtype=torch.long))
        rng = torch.Generator()
        rng.manual_seed(seed)
        self.layers = ModuleList([Layer(a, b, rng) for a, b in zip(sizes[:-1], sizes[1:])])
        try:
            self.g = {"sigmoid": F.sigmoid, "tanh": F.tanh, "relu": F.relu, "softplus": Softplus.apply}[name]
        except KeyError:
            raise ValueError(f"{name}?") from None
        self.dropout = dropout

    def forward(self, X):
        h = X
        self.passes += 1
        for i, layer in enumerate(self.layers):
            h = layer(h)
            if i + 1 < len(self.layers):
                h = F.dropout(self.g(h), p=self.dropout, training=self.training)
        return h


def loss(model, X, y, lam):
    penalty = sum(torch.einsum("ij,ij->", p, p) for p in model.parameters() if p.dim() == 2)
    return F.nll_loss(F.log_softmax(model(X), -1), y) + lam * penalty


def gradients(model, X, y, lam):
    for p in model.parameters():
        p.grad = None
    loss(model, X, y, lam).backward()
    return [p.grad for p in model.parameters()]


def train(model, X, y, lam, step_size, epochs, batch_size):
    def now():
        model.eval()
        value = loss(model, X, y, lam)
        model.train()
        return value

    history = [now()]
    for _ in range(epochs):
        for X_batch, y_batch in zip(torch.split(X, batch_size), torch.split(y, batch_size)):
            model.zero_grad(set_to_none=False)
            loss(model, X_batch, y_batch, lam).backward()
            for p in model.parameters():
                p.data -= step_size * p.grad
        history.append(now())
    return history


def predict(model, X):
    model.eval()
    return [int(row.argmax()) for row in model(X)]


def plot_histories(histories):
    fig, axes = plt.subplots(len(histories), 1, squeeze=False, figsize=(6, 8))
    for ax, (name, values) in zip(axes[:, 0], histories.items()):
        ax.semilogy(range(1, len(values) + 1), values)
        ax.set_title(name)
        ax.set_xlabel("iteration")
        ax.set_ylabel("objective")
    fig.tight_layout()
    return fig, axes
