#!/usr/bin/env bash
# jax 0.10.2, torch 2.13.0, autograd 1.9.1: at 0, one function has several gradients, by how it is written.
# jax differentiates |x| to 1 though its sign(0) is 0, so that an L1 penalty pulls at weights that are zero
# already, and torch and autograd to 0. max(x, 0) is 0, 0.5 or 1: relu, maximum and clamp of torch differ,
# and clip of jax from its own clamp. All are subgradients; two right solutions compared at such a
# point differ. torch 2.14.1 gives 0 for clamp(min=0.0), where 2.13.0 gives 1.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q jax==0.10.2 torch==2.13.0 autograd==1.9.1 numpy==2.4.6
JAX_PLATFORMS=cpu "$folder/venv/bin/python" -W ignore - <<'PYTHON'
import autograd
import autograd.numpy as anp
import jax
import jax.numpy as jnp
import torch


def torch_slope(function):
    x = torch.tensor(0.0, requires_grad=True)
    return float(torch.autograd.grad(function(x), x)[0])


ZERO = torch.tensor(0.0)
SLOPES = {
    "|x|": {
        "jax": jax.grad(jnp.abs)(0.0),
        "jax's sign(0)": jnp.sign(0.0),
        "torch": torch_slope(torch.abs),
        "autograd": autograd.grad(anp.abs)(0.0),
    },
    "max(x, 0)": {
        "torch.relu": torch_slope(torch.relu),
        "torch.maximum": torch_slope(lambda x: torch.maximum(x, ZERO)),
        "torch.clamp(min=0.0)": torch_slope(lambda x: torch.clamp(x, min=0.0)),
        "torch.nn.functional.hardtanh(x, 0, 9)": torch_slope(
            lambda x: torch.nn.functional.hardtanh(x, 0.0, 9.0)
        ),
        "jax.nn.relu": jax.grad(jax.nn.relu)(0.0),
        "jnp.maximum": jax.grad(lambda x: jnp.maximum(x, 0.0))(0.0),
        "jnp.clip(x, 0, 9)": jax.grad(lambda x: jnp.clip(x, 0.0, 9.0))(0.0),
        "jax.lax.clamp(0, x, 9)": jax.grad(lambda x: jax.lax.clamp(0.0, x, 9.0))(0.0),
        "autograd's maximum": autograd.grad(lambda x: anp.maximum(x, 0.0))(0.0),
        "autograd's clip": autograd.grad(lambda x: anp.clip(x, 0.0, 9.0))(0.0),
    },
    "max(0.1 x, x)": {
        "torch's leaky_relu": torch_slope(lambda x: torch.nn.functional.leaky_relu(x, 0.1)),
        "jax's leaky_relu": jax.grad(lambda x: jax.nn.leaky_relu(x, 0.1))(0.0),
    },
}
for function, ways in SLOPES.items():
    for way, slope in ways.items():
        print(f"{function:14} {way:38} {float(slope):.1f}")
seen = [round(float(slope), 3) for ways in SLOPES.values() for slope in ways.values()]
assert seen[:4] == [1.0, 0.0, 0.0, 0.0], seen
assert seen[4:-2] == [0.0, 0.5, 1.0, 0.0, 0.0, 0.5, 0.5, 0.0, 0.5, 0.0], seen
assert seen[-2:] == [0.1, 1.0], seen
PYTHON
# Seen:
#   |x|            jax                                    1.0
#   |x|            jax's sign(0)                          0.0
#   |x|            torch                                  0.0
#   |x|            autograd                               0.0
#   max(x, 0)      torch.relu                             0.0
#   max(x, 0)      torch.maximum                          0.5
#   max(x, 0)      torch.clamp(min=0.0)                   1.0
#   max(x, 0)      torch.nn.functional.hardtanh(x, 0, 9)  0.0
#   max(x, 0)      jax.nn.relu                            0.0
#   max(x, 0)      jnp.maximum                            0.5
#   max(x, 0)      jnp.clip(x, 0, 9)                      0.5
#   max(x, 0)      jax.lax.clamp(0, x, 9)                 0.0
#   max(x, 0)      autograd's maximum                     0.5
#   max(x, 0)      autograd's clip                        0.0
#   max(0.1 x, x)  torch's leaky_relu                     0.1
#   max(0.1 x, x)  jax's leaky_relu                       1.0
