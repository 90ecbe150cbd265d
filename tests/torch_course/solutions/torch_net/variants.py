"""What goes wrong with torch without an error, each by its name; and right in other ways."""

import torch
import torch_net as ref
from torch.nn import functional

from grader.checks.variants import alternative, mistake


def tensors(*arrays):
    return [torch.as_tensor(array) for array in arrays]


def leaves(*arrays):
    return [torch.as_tensor(array).clone().requires_grad_() for array in arrays]


def softmax(Z, dim):
    E = torch.exp(Z - Z.max())
    return E / E.sum(dim=dim, keepdim=True)


@mistake("probabilities", "Your softmax goes along dim 0: the classes of a row are along dim 1.")
def probabilities_along_the_wrong_dim(Z):
    return torch.softmax(torch.as_tensor(Z), dim=0)


@alternative("probabilities", "by hand, a tensor")
def probabilities_by_hand(Z):
    return softmax(torch.as_tensor(Z), 1)


@mistake(
    "loss", "Your loss applies softmax first: cross_entropy takes scores and has softmax in it."
)
def loss_of_probabilities(V, W, X, y):
    V, W, X, y = tensors(V, W, X, y)
    Z = torch.tanh(X @ V.T) @ W.T
    return functional.cross_entropy(softmax(Z, 1), y)


@mistake("loss", "Your loss is a sum: it is the mean over the examples.")
def loss_as_a_sum(V, W, X, y):
    return len(y) * ref.loss(V, W, X, y)


@alternative("loss", "float32, log_softmax, a tensor that requires a gradient")
def loss_in_float32(V, W, X, y):
    V, W, X = (torch.as_tensor(array).float() for array in (V, W, X))
    Z = torch.tanh(X @ V.requires_grad_().T) @ W.T
    return functional.nll_loss(torch.log_softmax(Z, 1), torch.as_tensor(y))


@mistake("gradient", "Your graph is cut between the layers (detach, .data): dV is zero.")
def gradient_with_a_cut_graph(V, W, X, y):
    V, W = leaves(V, W)
    H = torch.tanh(torch.as_tensor(X) @ V.T).detach()
    functional.cross_entropy(H @ W.T, torch.as_tensor(y)).backward()
    return torch.zeros_like(V), W.grad


@alternative("gradient", "float32, torch.autograd.grad")
def gradient_in_float32(V, W, X, y):
    V, W = (torch.as_tensor(array).float().requires_grad_() for array in (V, W))
    Z = torch.tanh(torch.as_tensor(X).float() @ V.T) @ W.T
    return torch.autograd.grad(functional.cross_entropy(Z, torch.as_tensor(y)), (V, W))


def descend(V, W, X, y, step_size, steps, *, forget=True, sign=1):
    weights, losses = leaves(V, W), []
    X, y = tensors(X, y)
    optimizer = torch.optim.SGD(weights, lr=step_size, maximize=sign < 0)
    for _ in range(steps + 1):
        if forget:
            optimizer.zero_grad()
        value = functional.cross_entropy(torch.tanh(X @ weights[0].T) @ weights[1].T, y)
        value.backward()
        optimizer.step()
        losses.append(value)
    return losses


@mistake("train", "Your gradients add up from step to step: call zero_grad() before backward().")
def train_without_zero_grad(V, W, X, y, step_size, steps):
    return [value.item() for value in descend(V, W, X, y, step_size, steps, forget=False)]


@mistake("train", "Your train goes up: a step goes against the gradient.")
def train_upwards(V, W, X, y, step_size, steps):
    return [value.item() for value in descend(V, W, X, y, step_size, steps, sign=-1)]


@alternative("train", "tensors that still have their graph")
def train_keeping_tensors(V, W, X, y, step_size, steps):
    return descend(V, W, X, y, step_size, steps)


@alternative("train", "by hand, without an optimizer")
def train_by_hand(V, W, X, y, step_size, steps):
    losses = [ref.loss(V, W, X, y)]
    for _ in range(steps):
        dV, dW = ref.gradient(V, W, X, y)
        V, W = V - step_size * dV, W - step_size * dW
        losses.append(ref.loss(V, W, X, y))
    return torch.tensor(losses, dtype=torch.float64)


@mistake("normalised", "Your layer is still in training mode: call eval() before you use it.")
def normalised_in_training_mode(X, Z):
    X, Z = tensors(X, Z)
    layer = torch.nn.BatchNorm1d(X.shape[1], momentum=1.0, affine=False, dtype=X.dtype)
    layer(X)
    return layer(Z)


@alternative("normalised", "by its formula")
def normalised_by_formula(X, Z):
    X, Z = tensors(X, Z)
    return (Z - X.mean(0)) / torch.sqrt(X.var(0) + 1e-5)
