#!/usr/bin/env bash
# keras 3.15.1 (jax 0.10.2): CategoricalHinge leaves the right class out by multiplying its score by 0, and so
# has a rival whose score is 0 in every example. Scores of -2, -3 and -4 keep the margin of 1, and the
# loss is 3; the same scores plus 10 cost 0. optax 0.2.8 and scikit-learn 1.9.1, which have the same
# loss (Crammer and Singer), say 0 both times, as any that knows differences of scores alone.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q keras==3.15.1 jax==0.10.2 optax==0.2.8 scikit-learn==1.9.1 numpy==2.4.6
export HOME="$folder" KERAS_BACKEND=jax JAX_PLATFORMS=cpu
"$folder/venv/bin/python" -W ignore - <<'PYTHON'
import keras
import numpy as np
import optax
from sklearn.metrics import hinge_loss

RIGHT = 0
seen = []
for scores in ([[-2.0, -3.0, -4.0]], [[8.0, 7.0, 6.0]], [[-3.0, -2.0, -4.0]], [[7.0, 8.0, 6.0]]):
    scores = np.array(scores)
    losses = (
        float(keras.losses.CategoricalHinge()(np.eye(3)[[RIGHT]], scores)),
        float(optax.losses.multiclass_hinge_loss(scores, np.array([RIGHT]))[0]),
        float(hinge_loss([RIGHT], scores, labels=[0, 1, 2])),
    )
    print("scores", *scores[0], "keras {} optax {} scikit-learn {}".format(*losses))
    seen.append(losses)
assert seen == [(3.0, 0.0, 0.0), (0.0, 0.0, 0.0), (4.0, 2.0, 2.0), (2.0, 2.0, 2.0)], seen
PYTHON
# Seen:
#   scores -2.0 -3.0 -4.0 keras 3.0 optax 0.0 scikit-learn 0.0
#   scores 8.0 7.0 6.0 keras 0.0 optax 0.0 scikit-learn 0.0
#   scores -3.0 -2.0 -4.0 keras 4.0 optax 2.0 scikit-learn 2.0
#   scores 7.0 8.0 6.0 keras 2.0 optax 2.0 scikit-learn 2.0
