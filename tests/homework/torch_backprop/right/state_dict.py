"""Steps by load_state_dict, and a history of numpy's arrays of float32."""
import torch
import torch.nn as nn
import torch.nn.functional as F
import matplotlib.pyplot as plt


class Softplus(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a):
        ctx.save_for_backward(a)
        return F.softplus(a)

    @staticmethod
    def backward(ctx, grad_output):
        a, = ctx.saved_tensors
        return grad_output * torch.sigmoid(a)


class SoftmaxCrossEntropy(torch.autograd.Function):
    @staticmethod
    def forward(ctx, Z, y):
        P = F.softmax(Z, dim=1)
        ctx.save_for_backward(P, y)
        return F.cross_entropy(Z, y)

    @staticmethod
    def backward(ctx, grad_output):
        P, y = ctx.saved_tensors
        grad = P.clone()
        grad[range(len(y)), y] -= 1
        return grad_output * grad / len(y), None


class SoftplusLayer(nn.Module):
    def forward(self, a):
        return Softplus.apply(a)


class Network(nn.Module):
    KINDS = dict(sigmoid=nn.Sigmoid, tanh=nn.Tanh, relu=nn.ReLU, softplus=SoftplusLayer)

    def __init__(self, sizes, name, seed, dropout=0.0):
        super().__init__()
        if name not in self.KINDS:
            raise ValueError("unknown activation " + str(name))
        torch.manual_seed(seed)
        net = []
        for i in range(len(sizes) - 1):
            linear = nn.Linear(sizes[i], sizes[i + 1])
            nn.init.xavier_uniform_(linear.weight)
            nn.init.constant_(linear.bias, 0.0)
            net.append(linear)
            if i < len(sizes) - 2:
                net.append(self.KINDS[name]())
                net.append(nn.Dropout(p=dropout))
        self.net = nn.Sequential(*net)

    def forward(self, X):
        return self.net(X)


criterion = nn.CrossEntropyLoss()


def loss(model, X, y, lam):
    reg = torch.tensor(0.0)
    for key, p in model.named_parameters():
        if "weight" in key:
            reg = reg + torch.norm(p) ** 2
    return criterion(model(X), y) + lam * reg


def gradients(model, X, y, lam):
    model.zero_grad()
    loss(model, X, y, lam).backward()
    return [p.grad.detach().clone() for p in model.parameters()]


def train(model, X, y, lam, step_size, epochs, batch_size):
    opt = torch.optim.SGD(model.parameters(), lr=step_size)
    model.eval()
    with torch.no_grad():
        history = [loss(model, X, y, lam).item()]
    for epoch in range(epochs):
        model.train()
        for i in range(0, X.shape[0], batch_size):
            opt.zero_grad()
            L = loss(model, X[i:i + batch_size], y[i:i + batch_size], lam)
            L.backward()
            opt.step()
        model.eval()
        with torch.no_grad():
            history.append(loss(model, X, y, lam).item())
    return history


def predict(model, X):
    model.eval()
    with torch.no_grad():
        return torch.argmax(model(X), dim=1)


def plot_histories(histories):
    fig, ax = plt.subplots()
    for name in histories:
        ax.plot(histories[name], label=name)
    ax.set_xlabel("epoch"); ax.set_ylabel("loss"); ax.legend()
    return fig


def train(model, X, y, lam, step_size, epochs, batch_size):
    hist = []
    for e in range(epochs + 1):
        model.eval()
        hist.append(loss(model, X, y, lam).detach().numpy())
        if e == epochs:
            break
        model.train()
        i = 0
        while i < len(y):
            g = gradients(model, X[i:i+batch_size], y[i:i+batch_size], lam)
            state = model.state_dict()
            for (k, v), d in zip(state.items(), g):
                state[k] = v - step_size * d
            model.load_state_dict(state)
            i += batch_size
    return hist
