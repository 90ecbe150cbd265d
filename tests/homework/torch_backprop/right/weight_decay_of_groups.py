"""Parameter groups with weight decay, a DataLoader, a Dataset, an annotated class, inference_mode."""
from __future__ import annotations

import torch
from matplotlib.figure import Figure
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset


class Softplus(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a: Tensor) -> Tensor:
        ctx.set_materialize_grads(False)
        ctx.save_for_backward(a)
        return nn.functional.relu(a) - torch.nn.functional.logsigmoid(a.abs())

    @staticmethod
    def backward(ctx, G: Tensor) -> Tensor:
        return G * ctx.saved_tensors[0].sigmoid()


class SoftmaxCrossEntropy(torch.autograd.Function):
    @staticmethod
    def forward(ctx, scores: Tensor, labels: Tensor) -> Tensor:
        ctx.save_for_backward(scores, labels)
        picked = scores[torch.arange(len(labels)), labels]
        return torch.mean(scores.logsumexp(1) - picked)

    @staticmethod
    def backward(ctx, G: Tensor):
        scores, labels = ctx.saved_tensors
        onehot = torch.eye(scores.shape[1], dtype=scores.dtype)[labels]
        return G * (scores.softmax(1) - onehot) / len(labels), None


def activation(name: str):
    match name:
        case "sigmoid" | "tanh" | "relu":
            return getattr(torch, name)
        case "softplus":
            return Softplus.apply
    raise ValueError(f"unknown activation: {name}")


class Network(nn.Module):
    def __init__(self, sizes: list[int], name: str, seed: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.g = activation(name)
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            for k, (fan_in, fan_out) in enumerate(zip(sizes, sizes[1:]), 1):
                layer = nn.Linear(fan_in, fan_out)
                bound = (6 / (fan_in + fan_out)) ** 0.5
                with torch.no_grad():
                    layer.weight.copy_((torch.rand(fan_out, fan_in) * 2 - 1) * bound)
                    layer.bias.fill_(0)
                self.add_module(f"layer{k}", layer)
        self.drop = nn.Dropout(dropout)
        self.depth = len(sizes) - 1

    def forward(self, X: Tensor) -> Tensor:
        for k in range(1, self.depth):
            X = self.drop(self.g(self.get_submodule(f"layer{k}")(X)))
        return self.get_submodule(f"layer{self.depth}")(X)


def split(model: nn.Module) -> tuple[list[Tensor], list[Tensor]]:
    weights, biases = [], []
    for key, p in model.named_parameters():
        (biases if key.endswith("bias") else weights).append(p)
    return weights, biases


def loss(model, X, y, lam):
    weights, _ = split(model)
    return SoftmaxCrossEntropy.apply(model(X), y) + lam * torch.cat([W.flatten() for W in weights]).pow(2).sum()


def gradients(model, X, y, lam):
    grads = torch.autograd.grad(loss(model, X, y, lam), dict(model.named_parameters()).values())
    return list(grads)


@torch.inference_mode()
def full(model, X, y, lam):
    return float(loss(model.eval(), X, y, lam))


def train(model, X, y, lam, step_size, epochs, batch_size):
    weights, biases = split(model)
    rule = torch.optim.SGD(
        [{"params": weights, "weight_decay": 2 * lam}, {"params": biases}], lr=step_size
    )
    batches = DataLoader(TensorDataset(X, y), batch_size=batch_size, shuffle=False, drop_last=False)
    history = [full(model, X, y, lam)]
    for _ in range(epochs):
        model.train()
        for X_b, y_b in batches:
            rule.zero_grad(set_to_none=True)
            nn.CrossEntropyLoss()(model(X_b), y_b).backward()
            rule.step()
        history.append(full(model, X, y, lam))
    return torch.tensor(history, dtype=torch.float64)


def predict(model, X):
    before = model.training
    with torch.inference_mode():
        found = model.eval()(X).topk(1, dim=1).indices.squeeze(1)
    model.train(before)
    return found


def plot_histories(histories):
    figure = Figure()
    ax = figure.add_subplot()
    for name, values in histories.items():
        ax.step(range(len(values)), values, where="mid")
        ax.text(len(values) - 1, values[-1], name)
    ax.set(xlabel="epochs", ylabel="loss")
    return figure
