"""A network with torch: reference."""

import torch
from torch.nn import functional


def _tensors(*arrays):
    return [torch.as_tensor(array) for array in arrays]


def _scores(V, W, X):
    return torch.tanh(X @ V.T) @ W.T


def probabilities(Z):
    """Softmax over the classes, axis 1."""
    return torch.softmax(torch.as_tensor(Z), dim=1).numpy()


def loss(V, W, X, y):
    """cross_entropy takes scores: it has the softmax in it."""
    V, W, X, y = _tensors(V, W, X, y)
    return float(functional.cross_entropy(_scores(V, W, X), y))


def gradient(V, W, X, y):
    """By autograd, from two leaves."""
    V, W, X, y = _tensors(V, W, X, y)
    V, W = V.clone().requires_grad_(), W.clone().requires_grad_()
    functional.cross_entropy(_scores(V, W, X), y).backward()
    return V.grad.numpy(), W.grad.numpy()


def train(V, W, X, y, step_size, steps):
    """Gradient descent by torch's own optimizer."""
    V, W, X, y = _tensors(V, W, X, y)
    weights = [V.clone().requires_grad_(), W.clone().requires_grad_()]
    optimizer = torch.optim.SGD(weights, lr=step_size)
    losses = []
    for _ in range(steps + 1):
        optimizer.zero_grad()
        value = functional.cross_entropy(_scores(*weights, X), y)
        value.backward()
        optimizer.step()
        losses.append(value.item())
    return losses


def normalised(X, Z):
    """Learned in training mode, used in evaluation mode."""
    X, Z = _tensors(X, Z)
    layer = torch.nn.BatchNorm1d(X.shape[1], momentum=1.0, affine=False, dtype=X.dtype)
    layer(X)
    layer.eval()
    return layer(Z).numpy()
