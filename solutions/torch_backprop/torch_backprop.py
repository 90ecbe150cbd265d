"""A network with torch: two derivatives by hand, the network as a module, its training loop.

Sizes: n examples, d features, k classes. X (n, d) is a tensor of floats with one example per row;
y (n,) holds integers from 0 to k - 1. W (out, in) and b (out,) are a layer's parameters.
"""

from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import nn
from torch.nn import functional


class Softplus(torch.autograd.Function):
    """g(a) = log(1 + e^a), element by element.

    g'(a) = e^a / (1 + e^a) = sigmoid(a)
    """

    @staticmethod
    def forward(ctx, a):
        """g(a), of the shape of a."""
        ctx.save_for_backward(a)
        # e^a overflows for large a. With log(1 + e^a) = max(a, 0) + log(1 + e^-|a|) the exponent
        # is never positive, and log1p keeps the digits of a small e^-|a|.
        return a.clamp(min=0) + torch.log1p(torch.exp(-a.abs()))

    @staticmethod
    def backward(ctx, G):
        """dL/da = G * g'(a), where G = dL/dg has the shape of a."""
        (a,) = ctx.saved_tensors
        return G * torch.sigmoid(a)


class SoftmaxCrossEntropy(torch.autograd.Function):
    """The mean cross-entropy of softmax(Z) and the labels y.

    L = -1/n sum_i log P[i, y_i]     dL/dZ = (P - Y) / n     with P = softmax(Z), Y one-hot
    """

    @staticmethod
    def forward(ctx, Z, y):
        """A tensor without axes, of the scores Z (n, k) and the labels y (n,)."""
        log_P = Z - torch.logsumexp(Z, dim=1, keepdim=True)
        ctx.save_for_backward(log_P, y)
        return -log_P[torch.arange(len(y)), y].mean()

    @staticmethod
    def backward(ctx, G):
        """One gradient for each argument of forward: there is none for labels."""
        log_P, y = ctx.saved_tensors
        P = torch.exp(log_P)
        Y = functional.one_hot(y, P.shape[1])
        return G * (P - Y) / len(y), None


ACTIVATIONS = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "softplus": Softplus.apply,
}


class Network(nn.Module):
    """Layers a = h W' + b with the named activation and dropout after each but the last.

    sizes: [d, h1, ..., k]. seed: the same one gives the same weights. Raises ValueError for an
    activation of another name.
    """

    def __init__(self, sizes, name, seed, dropout=0.0):
        super().__init__()
        if name not in ACTIVATIONS:
            raise ValueError(f"no activation is called {name!r}: {', '.join(ACTIVATIONS)}")
        # A plain list would hide the layers: parameters() finds only what a module registers.
        self.layers = nn.ModuleList(nn.Linear(i, o) for i, o in pairwise(sizes))
        self.g = ACTIVATIONS[name]
        self.dropout = nn.Dropout(dropout)
        generator = torch.Generator().manual_seed(seed)
        for layer in self.layers:
            nn.init.xavier_uniform_(layer.weight, generator=generator)
            nn.init.zeros_(layer.bias)

    def forward(self, X):
        """The scores, (n, k): the last layer's a. Softmax is a matter of the loss."""
        *hidden, last = self.layers
        h = X
        for layer in hidden:
            h = self.dropout(self.g(layer(h)))
        return last(h)


def loss(model, X, y, lam):
    """Mean cross-entropy plus weight decay, a tensor without axes that still has its graph.

    L = -1/n sum_i log softmax(model(x_i))[y_i] + lam sum_W ||W||_F^2     (weights, not biases)
    """
    # A weight has two axes and a bias has one.
    decay = sum((p**2).sum() for p in model.parameters() if p.ndim == 2)
    return SoftmaxCrossEntropy.apply(model(X), y) + lam * decay


def gradients(model, X, y, lam):
    """The gradient of `loss`: a list with one tensor for each of model.parameters()."""
    # Unlike backward(), grad() returns the gradients and adds nothing to anybody's .grad.
    return list(torch.autograd.grad(loss(model, X, y, lam), list(model.parameters())))


def train(model, X, y, lam, step_size, epochs, batch_size):
    """Stochastic gradient descent in place: theta <- theta - step_size dL_batch/dtheta.

    Batches are consecutive rows, the last one may be short. Returns the epochs + 1 losses on all
    examples, in evaluation mode, before the first epoch and after each.
    """
    optimizer = torch.optim.SGD(model.parameters(), lr=step_size)
    history = [_full_loss(model, X, y, lam)]
    for _ in range(epochs):
        model.train()
        for X_batch, y_batch in zip(X.split(batch_size), y.split(batch_size), strict=True):
            optimizer.zero_grad()  # backward() adds to .grad, also to that of the step before
            loss(model, X_batch, y_batch, lam).backward()
            optimizer.step()
        history.append(_full_loss(model, X, y, lam))
    return history


@torch.no_grad()
def _full_loss(model, X, y, lam):
    """The loss as a number: no graph is kept, and dropout is off."""
    model.eval()
    return loss(model, X, y, lam).item()


@torch.no_grad()
def predict(model, X):
    """The most likely class of each example, (n,) integers, in evaluation mode."""
    model.eval()
    return model(X).argmax(dim=1)


def plot_histories(histories):
    """Draw a curve of the losses against the epoch for each name. Returns the Figure."""
    figure, axes = plt.subplots()
    for name, history in histories.items():
        axes.plot(np.arange(len(history)), history, label=name)
    axes.set_xlabel("epoch")
    axes.set_ylabel("loss")
    axes.legend()
    return figure


if __name__ == "__main__":
    torch.set_num_threads(1)  # so small a network is faster on one core than on several
    table = torch.from_numpy(np.loadtxt("digits.csv", delimiter=",", dtype=np.float32))
    X, y = table[:, :64] / 16, table[:, 64].long()  # pixels from 0 to 1
    histories = {}
    for dropout in (0.0, 0.5):
        model = Network([64, 32, 10], "softplus", seed=0, dropout=dropout)
        histories[f"dropout {dropout}"] = train(model, X[:1500], y[:1500], 1e-4, 0.2, 30, 32)
        right = (predict(model, X[1500:]) == y[1500:]).float().mean()
        print(
            f"dropout {dropout}: loss {histories[f'dropout {dropout}'][-1]:.4f}, "
            f"{right:.1%} of the images not seen are right"
        )
    plot_histories(histories)
    plt.show()
