"""A ModuleDict, a print and another backend while it loads, _foreach_add_, words in German."""
import torch, math
from torch import nn
import torch.nn.functional as F
import matplotlib
matplotlib.use("TkAgg")
import matplotlib.pyplot as plt
print("loading")
torch.set_num_threads(4)


class _Fn(torch.autograd.Function):
    """Base."""


class Softplus(_Fn):
    @staticmethod
    def forward(ctx, a):
        out = F.softplus(a)
        ctx.mark_non_differentiable()
        ctx.save_for_backward(a, out)
        return out

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, G):
        a, out = ctx.saved_tensors
        return G * torch.exp(a - out)


class SoftmaxCrossEntropy(_Fn):
    @staticmethod
    def forward(ctx, Z, y):
        m = Z.max(1, keepdim=True)[0]
        E = (Z - m).exp()
        P = E / E.sum(1, keepdim=True)
        ctx.save_for_backward(P, y)
        n = Z.shape[0]
        return -((Z - m).gather(1, y.view(-1, 1)) - E.sum(1, keepdim=True).log()).sum() / n

    @staticmethod
    def backward(ctx, G):
        P, y = ctx.saved_tensors
        P = P.clone()
        P[torch.arange(P.shape[0]), y] -= 1.0
        P *= G / P.shape[0]
        return P, None


class Network(nn.Module):
    def __init__(self, sizes, name, seed, dropout=0.0):
        if name not in ("sigmoid", "tanh", "relu", "softplus"):
            raise ValueError
        nn.Module.__init__(self)
        self.name = name
        self.stages = nn.ModuleDict()
        g = torch.Generator().manual_seed(seed)
        for k in range(len(sizes) - 1):
            lin = nn.Linear(sizes[k], sizes[k + 1])
            s = math.sqrt(6 / (sizes[k] + sizes[k + 1]))
            lin.weight.data.uniform_(-s, s, generator=g)
            lin.bias.data.fill_(0)
            self.stages[str(k)] = lin
        self.alpha = nn.Dropout(dropout)

    def g(self, a):
        if self.name == "softplus":
            return Softplus.apply(a)
        return getattr(torch, self.name)(a)

    def forward(self, X):
        stages = list(self.stages.values())
        for stage in stages[:-1]:
            X = self.alpha(self.g(stage(X)))
        return stages[-1](X)


def loss(model, X, y, lam):
    L = SoftmaxCrossEntropy.apply(model(X), y)
    for stage in model.stages.values():
        L = L + lam * torch.linalg.matrix_norm(stage.weight) ** 2
    return L


def gradients(model, X, y, lam):
    for p in model.parameters():
        if p.grad is not None:
            p.grad.zero_()
    loss(model, X, y, lam).backward()
    return tuple(p.grad.clone() for p in model.parameters())


def train(model, X, y, lam, step_size, epochs, batch_size):
    params = list(model.parameters())
    model.eval()
    history = [loss(model, X, y, lam).item()]
    for _ in range(epochs):
        model.train()
        for k in range(math.ceil(len(y) / batch_size)):
            rows = torch.arange(k * batch_size, min((k + 1) * batch_size, len(y)))
            grads = gradients(model, X[rows], y[rows], lam)
            with torch.no_grad():
                torch._foreach_add_(params, list(grads), alpha=-step_size)
        model.eval()
        history.append(loss(model, X, y, lam).item())
    return history


def predict(model, X):
    model.eval()
    return model(X).max(dim=1)[1]


def plot_histories(histories):
    plt.figure()
    handles = [plt.plot(h)[0] for h in histories.values()]
    plt.legend(handles, list(histories))
    plt.xlabel("Epoche"); plt.ylabel("Verlust")
    plt.show()
