#!/usr/bin/env bash
# torch 2.13.0, keras 3.15.1, optax 0.2.8, scikit-learn 1.9.1 (jax 0.10.2, numpy 2.4.6): what their
# optimisers do in four steps on one quadratic function, by their own code. The surprises: amsgrad keeps
# the largest uncorrected v in torch and keras, and the largest corrected one in optax; Nadam is
# three different rules in the three libraries; the velocity of keras and scikit-learn holds the
# step size, so that their momentum goes another way than torch's and optax's where the step changes;
# scikit-learn's Adam is keras's, with eps beside the uncorrected root; weight_decay is part of the
# gradient in torch and apart from it in keras, for SGD and Adagrad too.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q torch==2.13.0 keras==3.15.1 optax==0.2.8 jax==0.10.2 \
  scikit-learn==1.9.1 numpy==2.4.6
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import os

os.environ |= {"KERAS_BACKEND": "jax", "JAX_ENABLE_X64": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}
import jax.numpy as jnp
import keras
import numpy as np
import optax
import torch
from sklearn.neural_network._stochastic_optimizers import AdamOptimizer, SGDOptimizer

keras.backend.set_floatx("float64")
A, b, START = np.array([[2.0, 1.0], [1.0, 3.0]]), np.array([1.0, -2.0]), np.array([3.0, 1.0])
SIZES = [0.3, 0.15, 0.1, 0.075]
T, K, EPS, BETAS = torch.optim, keras.optimizers, 0.4, (0.7, 0.8)


def by_torch(kind, **options):
    w = torch.tensor(START, requires_grad=True)
    optimiser = kind([w], lr=SIZES[0], **options)
    for size in SIZES:
        optimiser.param_groups[0]["lr"] = size
        w.grad = torch.tensor(A @ w.detach().numpy() - b)
        optimiser.step()
    return w.detach().numpy()


def by_keras(kind, **options):
    w = keras.Variable(START, dtype="float64")
    optimiser = kind(SIZES[0], **options)
    for size in SIZES:
        optimiser.learning_rate = size
        optimiser.apply([jnp.array(A @ np.array(w) - b)], [w])
    return np.array(w)


def by_optax(make, **options):
    w, optimiser = jnp.array(START), make(lambda count: jnp.array(SIZES)[count], **options)
    state = optimiser.init(w)
    for _ in SIZES:
        updates, state = optimiser.update(A @ w - b, state, w)
        w = optax.apply_updates(w, updates)
    return np.array(w)


def by_sklearn(kind, *options, **more):
    w = START.copy()
    optimiser = kind([w], SIZES[0], *options, **more)
    for size in SIZES:
        optimiser.learning_rate = optimiser.learning_rate_init = size
        optimiser.update_params([w], [A @ w - b])
    return w


def mean_of_gradients(rate):
    return optax.chain(optax.ema(0.6), optax.scale_by_learning_rate(rate))


def decoupled(rate):
    return optax.chain(
        optax.trace(0.6), optax.add_decayed_weights(0.05), optax.scale_by_learning_rate(rate)
    )


momentum, keras_adam = {"momentum": 0.6}, {"beta_1": 0.7, "beta_2": 0.8, "epsilon": EPS}
torch_rms, keras_rms = {"alpha": 0.7, "eps": EPS}, {"rho": 0.7, "epsilon": EPS}
optax_rms, optax_adam = {"decay": 0.7, "eps": EPS}, {"b1": 0.7, "b2": 0.8, "eps": EPS}
torch_adam = {"betas": BETAS, "eps": EPS}
found = {
    "torch SGD, momentum": by_torch(T.SGD, **momentum),
    "torch SGD, dampening": by_torch(T.SGD, **momentum, dampening=0.3),
    "torch SGD, nesterov": by_torch(T.SGD, **momentum, nesterov=True),
    "torch SGD, weight_decay": by_torch(T.SGD, **momentum, weight_decay=0.05),
    "keras SGD, momentum": by_keras(K.SGD, **momentum),
    "keras SGD, nesterov": by_keras(K.SGD, **momentum, nesterov=True),
    "keras SGD, weight_decay": by_keras(K.SGD, **momentum, weight_decay=0.05),
    "optax sgd, momentum": by_optax(optax.sgd, **momentum),
    "optax sgd, nesterov": by_optax(optax.sgd, **momentum, nesterov=True),
    "optax ema": by_optax(mean_of_gradients),
    "optax add_decayed_weights": by_optax(decoupled),
    "scikit-learn SGDOptimizer": by_sklearn(SGDOptimizer, momentum=0.6, nesterov=False),
    "scikit-learn SGDOptimizer, nesterov": by_sklearn(SGDOptimizer, momentum=0.6, nesterov=True),
    "torch Adagrad": by_torch(T.Adagrad, eps=EPS),
    "torch Adagrad, lr_decay": by_torch(T.Adagrad, eps=EPS, lr_decay=0.2),
    "torch Adagrad, first value": by_torch(T.Adagrad, eps=EPS, initial_accumulator_value=0.5),
    "torch Adagrad, weight_decay": by_torch(T.Adagrad, eps=EPS, weight_decay=0.05),
    "keras Adagrad": by_keras(K.Adagrad, epsilon=EPS),
    "keras Adagrad, weight_decay": by_keras(K.Adagrad, epsilon=EPS, weight_decay=0.05),
    "optax adagrad": by_optax(optax.adagrad, eps=EPS),
    "torch RMSprop": by_torch(T.RMSprop, **torch_rms),
    "torch RMSprop, centered": by_torch(T.RMSprop, **torch_rms, centered=True),
    "torch RMSprop, weight_decay": by_torch(T.RMSprop, **torch_rms, weight_decay=0.05),
    "keras RMSprop": by_keras(K.RMSprop, **keras_rms),
    "keras RMSprop, centered": by_keras(K.RMSprop, **keras_rms, centered=True),
    "keras RMSprop, momentum": by_keras(K.RMSprop, **keras_rms, momentum=0.5),
    "keras RMSprop, weight_decay": by_keras(K.RMSprop, **keras_rms, weight_decay=0.05),
    "optax rmsprop": by_optax(optax.rmsprop, **optax_rms),
    "optax rmsprop, initial_scale": by_optax(optax.rmsprop, **optax_rms, initial_scale=1.0),
    "torch Adam": by_torch(T.Adam, **torch_adam),
    "torch Adam, weight_decay": by_torch(T.Adam, **torch_adam, weight_decay=0.05),
    "torch AdamW": by_torch(T.AdamW, **torch_adam, weight_decay=0.05),
    "torch Adam, amsgrad": by_torch(T.Adam, **torch_adam, amsgrad=True),
    "torch NAdam": by_torch(T.NAdam, **torch_adam),
    "keras Adam": by_keras(K.Adam, **keras_adam),
    "keras Adam, weight_decay": by_keras(K.Adam, **keras_adam, weight_decay=0.05),
    "keras Adam, amsgrad": by_keras(K.Adam, **keras_adam, amsgrad=True),
    "keras Nadam": by_keras(K.Nadam, **keras_adam),
    "optax adam": by_optax(optax.adam, **optax_adam),
    "optax adamw": by_optax(optax.adamw, **optax_adam, weight_decay=0.05),
    "optax amsgrad": by_optax(optax.amsgrad, **optax_adam),
    "optax nadam": by_optax(optax.nadam, **optax_adam),
    "scikit-learn AdamOptimizer": by_sklearn(AdamOptimizer, *BETAS, EPS),
}

# The last of the iterates. keras Adagrad and optax adagrad start at their default of 0.1.
SEEN = {
    "torch SGD, momentum": (0.710175000, -1.603600000),
    "torch SGD, dampening": (0.618526875, -1.843873750),
    "torch SGD, nesterov": (0.984504000, -1.064932000),
    "torch SGD, weight_decay": (0.667891783, -1.563308220),
    "keras SGD, momentum": (-0.047175000, -2.467150000),
    "keras SGD, nesterov": (0.705216000, -1.329856000),
    "keras SGD, weight_decay": (-0.057979761, -2.424802714),
    "optax sgd, momentum": (0.710175000, -1.603600000),
    "optax sgd, nesterov": (0.984504000, -1.064932000),
    "optax ema": (0.820859838, -1.662942912),
    "optax add_decayed_weights": (0.688086489, -1.571996464),
    "scikit-learn SGDOptimizer": (-0.047175000, -2.467150000),
    "scikit-learn SGDOptimizer, nesterov": (0.705216000, -1.329856000),
    "torch Adagrad": (2.542732013, 0.536425524),
    "torch Adagrad, lr_decay": (2.584352647, 0.578463809),
    "torch Adagrad, first value": (2.545012660, 0.537731204),
    "torch Adagrad, weight_decay": (2.541974499, 0.536437129),
    "keras Adagrad": (2.519543158, 0.518399360),
    "keras Adagrad, weight_decay": (2.435267016, 0.494980679),
    "optax adagrad": (2.519543158, 0.518399360),
    "torch RMSprop": (2.183573855, 0.162679747),
    "torch RMSprop, centered": (1.967072956, -0.066965178),
    "torch RMSprop, weight_decay": (2.181029814, 0.162811889),
    "keras RMSprop": (2.110944265, 0.104724634),
    "keras RMSprop, centered": (1.862231475, -0.152260210),
    "keras RMSprop, momentum": (1.502443897, -0.508202725),
    "keras RMSprop, weight_decay": (2.034561844, 0.087933919),
    "optax rmsprop": (2.110944265, 0.104724634),
    "optax rmsprop, initial_scale": (2.129983810, 0.115475419),
    "torch Adam": (2.420438755, 0.410710764),
    "torch Adam, weight_decay": (2.419438532, 0.410581487),
    "torch AdamW": (2.334823867, 0.386606680),
    "torch Adam, amsgrad": (2.420438755, 0.410710764),
    "torch NAdam": (2.426252591, 0.416777661),
    "keras Adam": (2.450242525, 0.434111936),
    "keras Adam, weight_decay": (2.364299896, 0.409734313),
    "keras Adam, amsgrad": (2.450242525, 0.434111936),
    "keras Nadam": (2.421593336, 0.412032524),
    "optax adam": (2.420438755, 0.410710764),
    "optax adamw": (2.334823867, 0.386606680),
    "optax amsgrad": (2.451595322, 0.443139344),
    "optax nadam": (2.296289716, 0.284508956),
    "scikit-learn AdamOptimizer": (2.450242525, 0.434111936),
}
for name, last in found.items():
    print(f"{name:36} {last[0]:12.9f} {last[1]:12.9f}")
    assert np.allclose(last, SEEN[name], rtol=0, atol=1e-7), name
assert set(found) == set(SEEN)
print(len(SEEN), "rules go as before")
PYTHON
# Seen: the numbers of SEEN above, and
#   43 rules go as before
