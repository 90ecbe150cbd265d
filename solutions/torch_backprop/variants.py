"""Networks with torch done wrong, most of it without an error, and done differently and rightly."""

import copy
import itertools
import math

import matplotlib.pyplot as plt
import torch
import torch_backprop as ref
from torch import nn
from torch.nn import functional

from grader.checks.variants import alternative, mistake, mutant


def weights(model):
    return [p for p in model.parameters() if p.ndim == 2]


def squares(parameters):
    return sum((p**2).sum() for p in parameters)


def batches(X, y, size):
    return list(zip(X.split(size), y.split(size), strict=True))


def full_loss(model, X, y, lam):
    model.eval()
    with torch.no_grad():
        return ref.loss(model, X, y, lam).item()


def descend(
    model, X, y, lam, step_size, epochs, batch_size, *,
    forget=True, optimizer=None, loss=None, choose=lambda batches, epoch: batches,
    training=True, record=full_loss, start=True,
):  # fmt: skip
    """`train` with one part or another exchanged.

    forget: whether gradients are set to zero. optimizer(model): the rule of the step. loss: what
    is descended. choose(batches, epoch): the batches that are used. record: what stands in history.
    """
    rule = torch.optim.SGD(model.parameters(), step_size) if optimizer is None else optimizer(model)
    history = [record(model, X, y, lam)] if start else []
    for epoch in range(epochs):
        model.train(training)
        for X_batch, y_batch in choose(batches(X, y, batch_size), epoch):
            if forget:
                rule.zero_grad()
            (loss or ref.loss)(model, X_batch, y_batch, lam).backward()
            rule.step()
        history.append(record(model, X, y, lam))
    return history


# Softplus


@mistake("Softplus.forward", "Your Softplus overflows: e^a is infinite for large a.")
def softplus_overflows(ctx, a):
    ctx.save_for_backward(a)
    return torch.log(1 + torch.exp(a))


@mistake("Softplus.forward", "Your Softplus has the logarithm to base 2: the natural one is meant.")
def softplus_of_base_2(ctx, a):
    ctx.save_for_backward(a)
    return functional.softplus(a, threshold=1e9) / math.log(2)


@mistake("Softplus", "Your Softplus is relu.")
class SoftplusIsRelu(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a):
        ctx.save_for_backward(a)
        return a.clamp(min=0)

    @staticmethod
    def backward(ctx, G):
        return G * (ctx.saved_tensors[0] > 0)


@mistake("Softplus.backward", "Your Softplus leaves G out: the chain rule multiplies by it.")
def softplus_without_g(ctx, G):
    (a,) = ctx.saved_tensors
    return torch.sigmoid(a)


@mistake("Softplus.backward", "Your slope of Softplus is sigmoid(-a): it is sigmoid(a).")
def softplus_slope_of_minus_a(ctx, G):
    (a,) = ctx.saved_tensors
    return G * torch.sigmoid(-a)


@mistake("Softplus.backward", "Your slope of Softplus is that of a sigmoid, s (1 - s): it is s.")
def softplus_slope_of_sigmoid(ctx, G):
    s = torch.sigmoid(ctx.saved_tensors[0])
    return G * s * (1 - s)


@mistake("Softplus.backward", "Your slope of Softplus is taken at its value: it is taken at a.")
def softplus_slope_at_value(ctx, G):
    (a,) = ctx.saved_tensors
    return G * torch.sigmoid(functional.softplus(a))


@mistake("Softplus.backward", "Your slope of Softplus is that of relu: 1 for a > 0, else 0.")
def softplus_slope_of_relu(ctx, G):
    return G * (ctx.saved_tensors[0] > 0)


@mistake("Softplus.backward", "Your derivative of Softplus has the wrong sign.")
def softplus_negative(ctx, G):
    return -G * torch.sigmoid(ctx.saved_tensors[0])


@mistake(
    "Softplus.backward",
    "Your slope of Softplus overflows: e^a / (1 + e^a) is inf / inf for large a.",
)
def softplus_slope_overflows(ctx, G):
    E = torch.exp(ctx.saved_tensors[0])
    return G * E / (1 + E)


@alternative("Softplus", "torch.logaddexp, setup_context, and the slope from the value")
class SoftplusOfContext(torch.autograd.Function):
    @staticmethod
    def forward(a):
        return torch.logaddexp(a, torch.zeros_like(a))

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(output)

    @staticmethod
    def backward(ctx, G):
        return -G * torch.expm1(-ctx.saved_tensors[0])


# SoftmaxCrossEntropy


def entropy(ctx, Z, y, *, dim=1):
    log_P = torch.log_softmax(Z, dim)
    ctx.save_for_backward(log_P, y)
    return -log_P[torch.arange(len(y)), y]


@mistake("SoftmaxCrossEntropy.forward", "Your SoftmaxCrossEntropy is a sum: take the mean.")
def entropy_of_sums(ctx, Z, y):
    return entropy(ctx, Z, y).sum()


@mistake(
    "SoftmaxCrossEntropy", "Your SoftmaxCrossEntropy is a sum over the examples: take the mean."
)
class EntropyOfSums(ref.SoftmaxCrossEntropy):
    @staticmethod
    def forward(ctx, Z, y):
        return entropy(ctx, Z, y).sum()

    @staticmethod
    def backward(ctx, G):
        return slope(ctx, G), None


@mistake(
    "SoftmaxCrossEntropy",
    "Your softmax goes over the examples, dim 0: it goes over the classes, dim 1.",
)
class EntropyOverExamples(ref.SoftmaxCrossEntropy):
    @staticmethod
    def forward(ctx, Z, y):
        return entropy(ctx, Z, y, dim=0).mean()


@mistake(
    "SoftmaxCrossEntropy.forward", "Your SoftmaxCrossEntropy lacks the logarithm of probabilities."
)
def entropy_without_log(ctx, Z, y):
    return -torch.exp(-entropy(ctx, Z, y)).mean()


@mistake("SoftmaxCrossEntropy.forward", "Your SoftmaxCrossEntropy has the wrong sign.")
def entropy_negative(ctx, Z, y):
    return -entropy(ctx, Z, y).mean()


@mistake(
    "SoftmaxCrossEntropy.forward",
    "Your softmax overflows: subtract each row's maximum, or use torch.logsumexp.",
)
def entropy_overflows(ctx, Z, y):
    E = torch.exp(Z)
    log_P = torch.log(E / E.sum(dim=1, keepdim=True))
    ctx.save_for_backward(log_P, y)
    return -log_P[torch.arange(len(y)), y].mean()


def slope(ctx, G, *, of_labels=1.0):
    log_P, y = ctx.saved_tensors
    return G * (torch.exp(log_P) - of_labels * functional.one_hot(y, log_P.shape[1]))


@mistake("SoftmaxCrossEntropy.backward", "Your derivative by Z is not divided by n.")
def entropy_slope_of_sums(ctx, G):
    return slope(ctx, G), None


@mistake(
    "SoftmaxCrossEntropy.backward",
    "Your derivative by Z leaves G out: the chain rule multiplies by it.",
)
def entropy_slope_without_g(ctx, G):
    Z = slope(ctx, torch.ones_like(G))
    return Z / len(Z), None


@mistake("SoftmaxCrossEntropy.backward", "Your derivative by Z is P alone: subtract the labels.")
def entropy_slope_without_labels(ctx, G):
    Z = slope(ctx, G, of_labels=0.0)
    return Z / len(Z), None


@mistake("SoftmaxCrossEntropy.backward", "Your derivative by Z has the wrong sign: it is P - Y.")
def entropy_slope_negative(ctx, G):
    Z = slope(ctx, G)
    return -Z / len(Z), None


@mistake(
    "SoftmaxCrossEntropy.backward",
    "Your derivative by Z is divided by the number of all entries: divide by the examples alone.",
)
def entropy_slope_over_entries(ctx, G):
    Z = slope(ctx, G)
    return Z / Z.numel(), None


@alternative("SoftmaxCrossEntropy", "a loop over the examples, one-hot labels kept as an attribute")
class EntropyInALoop(torch.autograd.Function):
    @staticmethod
    def forward(ctx, Z, y):
        ctx.P = torch.stack([torch.softmax(row, 0) for row in Z])
        ctx.Y = torch.eye(Z.shape[1], dtype=Z.dtype)[y]
        losses = [torch.logsumexp(row, 0) - row[c] for row, c in zip(Z, y, strict=True)]
        return torch.stack(losses).mean()

    @staticmethod
    def backward(ctx, G):
        return G / ctx.P.shape[0] * (ctx.P - ctx.Y), None


# Network


def passed(self, X, *, g=None, dropout=None, softmax=False, at_output=False, biases=True):
    h = X
    *hidden, last = self.layers
    for layer in hidden:
        a = functional.linear(h, layer.weight, layer.bias if biases else None)
        h = (dropout or self.dropout)((g or self.g)(a))
    a = functional.linear(h, last.weight, last.bias if biases else None)
    if at_output:
        a = (g or self.g)(a)
    return torch.softmax(a, 1) if softmax else a


@mistake("Network.forward", "Your Network ends with softmax: it returns the scores.")
def network_of_probabilities(self, X):
    return passed(self, X, softmax=True)


@mistake("Network.forward", "Your Network ends with log_softmax: it returns the scores.")
def network_of_logarithms(self, X):
    return torch.log_softmax(passed(self, X), 1)


@mistake("Network.forward", "Your Network applies the activation to the last layer as well.")
def network_activates_scores(self, X):
    return passed(self, X, at_output=True)


@mistake("Network.forward", "Your Network has no activation between its layers.")
def network_without_activation(self, X):
    return passed(self, X, g=lambda a: a)


@mistake("Network.forward", "Your Network leaves out the biases.")
def network_without_biases(self, X):
    return passed(self, X, biases=False)


@mistake("Network.forward", "Your Network uses relu whatever the name is.")
def network_of_relu(self, X):
    return passed(self, X, g=torch.relu)


@mistake("Network.forward", "Your network cuts the graph between its layers.")
def network_cuts_the_graph(self, X):
    return passed(self, X, g=lambda a: self.g(a).detach())


@mistake("Network.forward", "Your Network applies the activation to X.")
def network_activates_input(self, X):
    return passed(self, self.g(X))


@mistake("Network.forward", "Your dropout does nothing in training mode.")
def network_without_dropout(self, X):
    return passed(self, X, dropout=lambda h: h)


@mistake(
    "Network.forward",
    "Your dropout is on in evaluation mode as well: functional.dropout has to be told "
    "`training=self.training`.",
)
def network_always_drops(self, X):
    return passed(self, X, dropout=lambda h: functional.dropout(h, self.dropout.p))


@mistake("Network.forward", "Your dropout does not divide what is kept by 1 - dropout.")
def network_drops_without_scale(self, X):
    def drop(h):
        return h * (torch.rand_like(h) >= self.dropout.p) if self.training else h

    return passed(self, X, dropout=drop)


@mistake(
    "Network.forward",
    "Your dropout keeps values with the probability `dropout`: it drops them with it.",
)
def network_drops_the_rest(self, X):
    p = 1 - self.dropout.p if self.dropout.p else 0.0
    return passed(self, X, dropout=lambda h: functional.dropout(h, p, self.training))


@mistake(
    "Network.forward",
    "Your dropout stands before the activation: hidden values are dropped behind it.",
)
def network_drops_before_activation(self, X):
    return passed(self, X, g=lambda a: self.g(self.dropout(a)), dropout=lambda h: h)


@mistake("Network.forward", "Your dropout acts on the input or on the scores: hidden values alone.")
def network_drops_scores(self, X):
    return self.dropout(passed(self, X))


@mistake(
    "Network",
    "Your weights start as those of nn.Linear do, on [-1 / sqrt(in), 1 / sqrt(in)]: "
    "s is sqrt(6 / (in + out)).",
)
class NetworkOfDefaults(ref.Network):
    def __init__(self, sizes, name, seed, dropout=0.0):
        super().__init__(sizes, name, seed, dropout)
        torch.manual_seed(seed)
        for layer in self.layers:
            layer.reset_parameters()
            nn.init.zeros_(layer.bias)


@mistake("Network", "Your weights are normal, as of xavier_normal_: uniform ones are asked for.")
class NetworkOfNormals(ref.Network):
    def __init__(self, sizes, name, seed, dropout=0.0):
        super().__init__(sizes, name, seed, dropout)
        torch.manual_seed(seed)
        for layer in self.layers:
            nn.init.xavier_normal_(layer.weight)


@mistake("Network", "Your biases keep the random start of nn.Linear: they are zero.")
class NetworkOfBiases(ref.Network):
    def __init__(self, sizes, name, seed, dropout=0.0):
        super().__init__(sizes, name, seed, dropout)
        for layer in self.layers:
            nn.init.uniform_(layer.bias, -0.1, 0.1)


@mutant("Network")
class NetworkOfOneSeed(ref.Network):
    def __init__(self, sizes, name, seed, dropout=0.0):
        super().__init__(sizes, name, 0, dropout)


@mutant("Network")
class NetworkOfAnyName(ref.Network):
    def __init__(self, sizes, name, seed, dropout=0.0):
        super().__init__(sizes, name if name in ref.ACTIVATIONS else "tanh", seed, dropout)


@mutant("Network")
class NetworkOfAList(ref.Network):
    def __init__(self, sizes, name, seed, dropout=0.0):
        super().__init__(sizes, name, seed, dropout)
        layers = list(self.layers)
        del self.layers
        self.layers = layers


@mutant("Network.forward")
def network_in_float32(self, X):
    layers = [(p.float(), b.float()) for p, b in ((q.weight, q.bias) for q in self.layers)]
    h = X.float()
    for W, b in layers[:-1]:
        h = self.dropout(self.g(h @ W.T + b))
    return h @ layers[-1][0].T + layers[-1][1]


@alternative("Network", "nn.Sequential, torch.manual_seed, float64")
class NetworkOfSequence(nn.Module):
    def __init__(self, sizes, name, seed, dropout=0.0):
        super().__init__()
        kinds = {"sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "relu": nn.ReLU, "softplus": nn.Softplus}
        if name not in kinds:
            raise ValueError(name)
        torch.manual_seed(seed)
        parts = []
        for i, o in itertools.pairwise(sizes):
            parts += [nn.Linear(i, o), kinds[name](), nn.Dropout(dropout)]
            nn.init.xavier_uniform_(parts[-3].weight)
            parts[-3].bias.data.zero_()
        self.net = nn.Sequential(*parts[:-2]).double()

    def forward(self, X):
        return self.net(X)


@alternative("Network", "parameters of its own, dropout by hand")
class NetworkOfParameters(nn.Module):
    def __init__(self, sizes, name, seed, dropout=0.0):
        super().__init__()
        self.g = ref.ACTIVATIONS.get(name)
        if self.g is None:
            raise ValueError(name)
        self.p, self.count = dropout, len(sizes) - 1
        rng = torch.Generator()
        rng.manual_seed(seed)
        for k in range(self.count):
            i, o = sizes[k], sizes[k + 1]
            W = (2 * torch.rand(o, i, generator=rng) - 1) * math.sqrt(6 / (i + o))
            self.register_parameter(f"W{k}", nn.Parameter(W))
            self.register_parameter(f"b{k}", nn.Parameter(torch.zeros(o)))

    def forward(self, X):
        for k in range(self.count):
            X = torch.einsum("nd,od->no", X, getattr(self, f"W{k}")) + getattr(self, f"b{k}")
            if k < self.count - 1:
                X = self.g(X)
                if self.training and self.p:
                    X = torch.where(torch.rand_like(X) < self.p, 0.0, X / (1 - self.p))
        return X


# loss


@mistake(
    "loss", "Your loss applies softmax twice: cross_entropy takes scores and has softmax in it."
)
def loss_of_probabilities(model, X, y, lam):
    P = torch.softmax(model(X), 1)
    return functional.cross_entropy(P, y) + lam * squares(weights(model))


@mistake("loss", "Your loss is a sum over the examples: take their mean.")
def loss_of_sums(model, X, y, lam):
    total = functional.cross_entropy(model(X), y, reduction="sum")
    return total + lam * squares(weights(model))


@mistake("loss", "Your loss penalises the biases as well: weights alone.")
def loss_penalises_biases(model, X, y, lam):
    return functional.cross_entropy(model(X), y) + lam * squares(model.parameters())


@mistake("loss", "Your penalty has the factor lam / 2: it is lam.")
def loss_of_half_lam(model, X, y, lam):
    return ref.loss(model, X, y, lam / 2)


@mistake("loss", "Your penalty is divided by n.")
def loss_shares_lam(model, X, y, lam):
    return ref.loss(model, X, y, lam / len(y))


@mistake("loss", "Your loss lacks the penalty.")
def loss_without_penalty(model, X, y, lam):
    return ref.loss(model, X, y, 0.0)


@mistake("loss", "Your penalty adds the norms of the weights: their squares are asked for.")
def loss_of_norms(model, X, y, lam):
    return functional.cross_entropy(model(X), y) + lam * sum(p.norm() for p in weights(model))


@mistake("loss", "Your penalty adds absolute values of weights: their squares are asked for.")
def loss_of_absolute_weights(model, X, y, lam):
    return functional.cross_entropy(model(X), y) + lam * sum(p.abs().sum() for p in weights(model))


@mistake("loss", "Your penalty takes means of squared weights: their sums are asked for.")
def loss_of_mean_squares(model, X, y, lam):
    return functional.cross_entropy(model(X), y) + lam * sum((p**2).mean() for p in weights(model))


@mistake("loss", "Your penalty has the last layer alone: all weights are meant.")
def loss_penalises_the_last(model, X, y, lam):
    return functional.cross_entropy(model(X), y) + lam * squares(weights(model)[-1:])


@mistake("loss", "Your loss has no graph: return the tensor itself.")
def loss_as_a_number(model, X, y, lam):
    return ref.loss(model, X, y, lam).item()


@mistake("loss", "Your loss cuts the graph of the scores: the penalty alone has a gradient.")
def loss_of_detached_scores(model, X, y, lam):
    return functional.cross_entropy(model(X).detach(), y) + lam * squares(weights(model))


@mistake("loss", "Your loss cuts the graph of the penalty: its gradient, 2 lam W, is missing.")
def loss_of_detached_weights(model, X, y, lam):
    penalty = lam * squares([p.detach() for p in weights(model)])
    return functional.cross_entropy(model(X), y) + penalty


@mistake(
    "loss", "Your loss is the mean squared error of probabilities: the cross-entropy is asked for."
)
def loss_of_squares(model, X, y, lam):
    P = torch.softmax(model(X), 1)
    Y = functional.one_hot(y, P.shape[1]).to(P.dtype)
    return functional.mse_loss(P, Y) + lam * squares(weights(model))


@alternative("loss", "nll_loss of log_softmax, weights by their names")
def loss_by_names(model, X, y, lam):
    data = functional.nll_loss(functional.log_softmax(model(X), dim=1), y)
    return data + lam * sum(torch.sum(p * p) for p in model.parameters() if len(p.shape) > 1)


@alternative("loss", "one-hot labels")
def loss_of_one_hot_labels(model, X, y, lam):
    Z = model(X)
    Y = functional.one_hot(y, Z.shape[1]).to(Z.dtype)
    return functional.cross_entropy(Z, Y) + lam * squares(weights(model))


# gradients


def collected(model):
    return [p.grad.clone() for p in model.parameters()]


@mistake(
    "gradients",
    "Your gradients add up from call to call: backward() adds to .grad, so zero it first.",
)
def gradients_without_zero_grad(model, X, y, lam):
    ref.loss(model, X, y, lam).backward()
    return collected(model)


@mistake("gradients", "Your gradients are those of the loss without the penalty.")
def gradients_without_penalty(model, X, y, lam):
    return ref.gradients(model, X, y, 0.0)


@mistake("gradients", "Your gradients have the wrong sign.")
def gradients_negative(model, X, y, lam):
    return [-g for g in ref.gradients(model, X, y, lam)]


@mistake("gradients", "Your gradients are sums over the examples: the loss is their mean.")
def gradients_of_sums(model, X, y, lam):
    data = functional.cross_entropy(model(X), y, reduction="sum")
    return torch.autograd.grad(data + lam * squares(weights(model)), list(model.parameters()))


@mistake("gradients", "Your gradients come from the last layer first: they follow parameters().")
def gradients_reversed(model, X, y, lam):
    return ref.gradients(model, X, y, lam)[::-1]


@mistake("gradients", "Your gradients are the parameters themselves: their .grad is asked for.")
def gradients_of_parameters(model, X, y, lam):
    return [p.detach().clone() for p in model.parameters()]


@mistake("gradients", "Your gradients are scaled to the length 1 by clip_grad_norm_.")
def gradients_clipped(model, X, y, lam):
    model.zero_grad()
    ref.loss(model, X, y, lam).backward()
    total = nn.utils.get_total_norm([p.grad for p in model.parameters()])
    return [g / total for g in collected(model)]


@alternative("gradients", "backward() after zero_grad(), as a tuple")
def gradients_by_backward(model, X, y, lam):
    model.zero_grad()
    ref.loss(model, X, y, lam).backward()
    return tuple(p.grad for p in model.parameters())


@alternative("gradients", "of a copy of the model, as arrays")
def gradients_of_a_copy(model, X, y, lam):
    model = copy.deepcopy(model)
    for p in model.parameters():
        p.grad = None
    ref.loss(model, X, y, lam).backward()
    return [p.grad.numpy() for p in model.parameters()]


# train


@mistake("train", "Your gradients add up from step to step: call zero_grad() before backward().")
def train_without_zero_grad(*args):
    return descend(*args, forget=False)


@mistake("train", "Your train goes up: a step goes against the gradient.")
def train_upwards(model, X, y, lam, step_size, *rest):
    return descend(model, X, y, lam, -step_size, *rest, optimizer=lambda m: torch.optim.SGD(
        m.parameters(), step_size, maximize=True
    ))  # fmt: skip


@mistake(
    "train",
    "Your train gives lam to weight_decay, which adds lam p to the gradient, of biases too: "
    "2 lam W of the weights alone is right.",
)
def train_with_weight_decay(model, X, y, lam, step_size, *rest):
    def data(model, X, y, lam):
        return ref.loss(model, X, y, 0.0)

    def rule(model):
        return torch.optim.SGD(model.parameters(), step_size, weight_decay=lam)

    return descend(model, X, y, lam, step_size, *rest, optimizer=rule, loss=data)


@mistake("train", "Your train decays twice: in the loss and by weight_decay.")
def train_decays_twice(model, X, y, lam, step_size, *rest):
    def rule(model):
        return torch.optim.SGD(model.parameters(), step_size, weight_decay=lam)

    return descend(model, X, y, lam, step_size, *rest, optimizer=rule)


@mistake("train", "Your train steps without the penalty.")
def train_without_penalty(model, X, y, lam, *rest):
    return descend(model, X, y, lam, *rest, loss=lambda m, X, y, lam: ref.loss(m, X, y, 0.0))


@mistake("train", "Your train has momentum 0.9: plain steps are asked for.")
def train_with_momentum(model, X, y, lam, step_size, *rest):
    def rule(model):
        return torch.optim.SGD(model.parameters(), step_size, momentum=0.9)

    return descend(model, X, y, lam, step_size, *rest, optimizer=rule)


@mistake("train", "Your train steps by Adam: theta - step_size * gradient is asked for.")
def train_by_adam(model, X, y, lam, step_size, *rest):
    def rule(model):
        return torch.optim.Adam(model.parameters(), step_size)

    return descend(model, X, y, lam, step_size, *rest, optimizer=rule)


@mistake("train", "Your train drops the last batch where it is short: every example counts.")
def train_drops_the_short_batch(model, X, y, lam, step_size, epochs, size):
    def whole(batches, epoch):
        return [batch for batch in batches if len(batch[1]) == size]

    return descend(model, X, y, lam, step_size, epochs, size, choose=whole)


@mistake("train", "Your train takes the first batch alone: each epoch goes through all examples.")
def train_on_the_first_batch(*args):
    return descend(*args, choose=lambda batches, epoch: batches[:1])


@mistake(
    "train", "Your train takes one step in each epoch, on all examples: batches are asked for."
)
def train_on_everything(model, X, y, lam, step_size, epochs, size):
    return descend(model, X, y, lam, step_size, epochs, len(y))


@mistake("train", "Your train takes one batch in each epoch: an epoch goes through all of them.")
def train_on_one_batch_an_epoch(*args):
    return descend(*args, choose=lambda batches, epoch: [batches[epoch % len(batches)]])


@mistake("train", "Your train goes through the batches backwards: in the order of the examples.")
def train_backwards(*args):
    return descend(*args, choose=lambda batches, epoch: batches[::-1])


@mistake("train", "Your history holds the losses after each epoch alone: the start counts as well.")
def train_without_the_start(*args):
    return descend(*args, start=False)


@mistake(
    "train", "Your history holds the loss of the last batch: that of all examples is asked for."
)
def train_records_batches(model, X, y, lam, step_size, epochs, size):
    return descend(
        model, X, y, lam, step_size, epochs, size,
        record=lambda m, X, y, lam: full_loss(m, X.split(size)[-1], y.split(size)[-1], lam),
    )  # fmt: skip


@mistake("train", "Your history leaves the penalty out.")
def train_records_without_penalty(*args):
    return descend(*args, record=lambda m, X, y, lam: full_loss(m, X, y, 0.0))


@mistake(
    "train",
    "Your history holds losses in training mode, with dropout: call model.eval() first, "
    "and model.train() before the next steps.",
)
def train_records_in_training_mode(*args):
    def record(model, X, y, lam):
        model.train()
        return ref.loss(model, X, y, lam).item()

    return descend(*args, record=record)


@mistake("train", "Your train takes its steps in evaluation mode: call model.train() first.")
def train_in_evaluation_mode(*args):
    return descend(*args, training=False)


@mistake("train", "Your train changes a copy: the given model keeps its parameters.")
def train_of_a_copy(model, *rest):
    return descend(copy.deepcopy(model), *rest)


@mistake("train", "Your train changes no parameter: `p = p - ...` makes a new tensor; use p.copy_.")
def train_rebinds(model, X, y, lam, *rest):
    return [full_loss(model, X, y, lam)] * (rest[1] + 1)


@mutant("train")
def train_shuffles(model, X, y, lam, step_size, epochs, size):
    history = [full_loss(model, X, y, lam)]
    for epoch in range(epochs):
        rows = torch.randperm(len(y), generator=torch.Generator().manual_seed(epoch + 1))
        history.append(descend(model, X[rows], y[rows], lam, step_size, 1, size)[-1])
    return history


@alternative("train", "by hand, under no_grad")
def train_by_hand(model, X, y, lam, step_size, epochs, batch_size):
    history = [full_loss(model, X, y, lam)]
    for _ in range(epochs):
        model.train()
        for start in range(0, len(y), batch_size):
            slopes = ref.gradients(
                model, X[start : start + batch_size], y[start : start + batch_size], lam
            )
            with torch.no_grad():
                for p, slope in zip(model.parameters(), slopes, strict=True):
                    p -= step_size * slope
        history.append(full_loss(model, X, y, lam))
    return torch.tensor(history)


@alternative("train", "weight_decay of the weights alone, tensors in the history")
def train_by_groups(model, X, y, lam, step_size, *rest):
    def rule(model):
        biases = [p for p in model.parameters() if p.ndim == 1]
        groups = [{"params": weights(model), "weight_decay": 2 * lam}, {"params": biases}]
        return torch.optim.SGD(groups, step_size)

    def record(model, X, y, lam):
        model.eval()
        return ref.loss(model, X, y, lam)

    return descend(
        model, X, y, lam, step_size, *rest,
        optimizer=rule, loss=lambda m, X, y, lam: ref.loss(m, X, y, 0.0), record=record,
    )  # fmt: skip


@alternative("train", "a DataLoader")
def train_by_a_loader(model, X, y, lam, step_size, epochs, batch_size):
    pairs = torch.utils.data.TensorDataset(X, y)
    loader = torch.utils.data.DataLoader(pairs, batch_size=batch_size)
    return descend(
        model, X, y, lam, step_size, epochs, batch_size, choose=lambda batches, epoch: loader
    )


# predict


@mistake("predict", "Your predict drops hidden values: call model.eval() first.")
def predict_in_training_mode(model, X):
    return model(X).argmax(1)


@mistake("predict", "Your predict goes along the examples, dim 0: the classes are along dim 1.")
def predict_along_examples(model, X):
    return model.eval()(X).argmax(0)


@mistake("predict", "Your predict gives the least likely class.")
def predict_the_least(model, X):
    return model.eval()(X).argmin(1)


@mistake("predict", "Your predict gives the largest score: the number of its class is asked for.")
def predict_scores(model, X):
    return model.eval()(X).max(1).values


@mistake("predict", "Your predict gives probabilities: the number of the class is asked for.")
def predict_probabilities(model, X):
    return torch.softmax(model.eval()(X), 1)


@alternative("predict", "softmax first, the mode as it was, a list")
def predict_of_probabilities(model, X):
    mode = model.training
    model.eval()
    with torch.inference_mode():
        found = torch.max(torch.softmax(model(X), dim=-1), dim=-1).indices.tolist()
    model.train(mode)
    return found


# plot_histories


@mistake("plot_histories", "Your curves have no names.")
def plot_without_names(histories):
    figure, axes = plt.subplots()
    for history in histories.values():
        axes.plot(history)
    axes.set(xlabel="epoch", ylabel="loss")
    return figure


@mistake("plot_histories", "Your figure shows the first history alone.")
def plot_of_the_first(histories):
    name = next(iter(histories))
    return ref.plot_histories({name: histories[name]})


@alternative("plot_histories", "a panel for each, on a logarithmic axis, by pyplot")
def plot_in_panels(histories):
    _, rows = plt.subplots(1, len(histories), squeeze=False, figsize=(10, 4))
    for axes, (name, history) in zip(rows[0], histories.items(), strict=True):
        axes.semilogy(range(1, len(history) + 1), history, ".-")
        axes.set(title=name, xlabel="iteration", ylabel="objective")
