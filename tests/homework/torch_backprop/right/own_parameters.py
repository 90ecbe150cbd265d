"""No nn.Linear and no optimizer: parameters in a list, autograd.grad, updates under no_grad. Float64."""
import math

import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import nn

torch.set_default_dtype(torch.float64)


class Softplus(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a):
        g = torch.logaddexp(a, torch.zeros((), dtype=a.dtype))
        ctx.value = g
        return g.clone()

    @staticmethod
    def backward(ctx, G):
        # e^g = 1 + e^a, so the slope is 1 - e^-g
        return G * (1 - torch.exp(-ctx.value))


class SoftmaxCrossEntropy(torch.autograd.Function):
    @staticmethod
    def forward(ctx, Z, y):
        shifted = Z - Z.amax(1, keepdim=True)
        log_sum = shifted.exp().sum(1, keepdim=True).log()
        ctx.save_for_backward(shifted - log_sum, y)
        return (log_sum.squeeze(1) - shifted.gather(1, y[:, None]).squeeze(1)).mean()

    @staticmethod
    def backward(ctx, G):
        log_P, y = ctx.saved_tensors
        Y = torch.zeros_like(log_P).scatter_(1, y[:, None], 1.0)
        return (log_P.exp() - Y).mul(G / y.numel()), None


def act(name):
    if name == "sigmoid":
        return lambda a: 0.5 * (1 + torch.tanh(a / 2))
    if name == "tanh":
        return torch.tanh
    if name == "relu":
        return lambda a: a.clamp_min(0)
    if name == "softplus":
        return Softplus.apply
    raise ValueError(name)


class Network(nn.Module):
    def __init__(self, sizes, name, seed, dropout=0.0):
        super().__init__()
        self.act, self.drop = act(name), dropout
        rng = np.random.default_rng(seed)
        blocks = []
        for n_in, n_out in zip(sizes, sizes[1:]):
            s = math.sqrt(6 / (n_in + n_out))
            blocks.append(nn.Parameter(torch.from_numpy(rng.uniform(-s, s, (n_out, n_in)))))
            blocks.append(nn.Parameter(torch.zeros(n_out)))
        self.theta = nn.ParameterList(blocks)

    def forward(self, X):
        last = len(self.theta) // 2 - 1
        for i in range(last + 1):
            X = X @ self.theta[2 * i].mT + self.theta[2 * i + 1]
            if i != last:
                X = self.act(X)
                if self.training and self.drop > 0:
                    mask = torch.rand(X.shape) > self.drop
                    X = X * mask / (1 - self.drop)
        return X


def loss(model, X, y, lam):
    data = SoftmaxCrossEntropy.apply(model(X), y)
    return data + lam * sum(W.square().sum() for W in list(model.parameters())[::2])


def gradients(model, X, y, lam):
    return torch.autograd.grad(loss(model, X, y, lam), tuple(model.parameters()))


def evaluate(model, X, y, lam):
    model.eval()
    return float(loss(model, X, y, lam).detach())


def train(model, X, y, lam, step_size, epochs, batch_size):
    history = np.empty(epochs + 1)
    history[0] = evaluate(model, X, y, lam)
    for epoch in range(1, epochs + 1):
        model.train()
        for start in range(0, len(X), batch_size):
            rows = slice(start, start + batch_size)
            grads = gradients(model, X[rows], y[rows], lam)
            with torch.no_grad():
                for p, g in zip(model.parameters(), grads):
                    p -= step_size * g
        history[epoch] = evaluate(model, X, y, lam)
    return history


def predict(model, X):
    model.eval()
    return model(X).detach().numpy().argmax(axis=1)


def plot_histories(histories):
    for name, values in histories.items():
        plt.plot(np.arange(len(values)), values, ".-", label=f"{name} ({len(values) - 1} epochs)")
    plt.xlabel("Epoch")
    plt.ylabel("Loss")
    plt.legend()
