"""What check authors import. Everything raises grader.errors.CheckFailed, and nothing else.

from grader.checks import array, assert_close, number, pair
"""

from grader.checks.compare import (
    Tier,
    array,
    assert_close,
    assert_indices,
    assert_labels,
    floored,
    integer,
    labels,
    number,
    pair,
    passes,
    require,
    scaled_errors,
    sequence,
    tier_of,
)
from grader.checks.draws import Integers, Normal, Uniform, assert_drawn_from
from grader.checks.gradient import assert_gradient, assert_own_gradient
from grader.checks.names import assert_names
from grader.checks.notebook_tests import any_error_fails, variable
from grader.checks.objects import in_form, instance, same, together
from grader.checks.own import (
    answered,
    assert_follows,
    assert_in_either_form,
    calls,
    follows_own_slope,
    with_own,
)
from grader.checks.partition import assert_partition
from grader.checks.precision import computes_in_float32, digits_of, is_float32
from grader.checks.subdifferential import assert_subgradient
from grader.checks.subgradient import assert_hinge_subgradient
from grader.checks.subspaces import (
    assert_eigenvectors,
    assert_same_pairs,
    assert_same_subspace,
    assert_up_to_sign,
)
from grader.checks.tensors import as_frame, as_torch, dtype_name, requires_grad
from grader.checks.trajectory import assert_path, sensitivity
from grader.checks.words import describe, show

__all__ = [
    "Integers",
    "Normal",
    "Tier",
    "Uniform",
    "answered",
    "any_error_fails",
    "array",
    "as_frame",
    "as_torch",
    "assert_close",
    "assert_drawn_from",
    "assert_eigenvectors",
    "assert_follows",
    "assert_gradient",
    "assert_hinge_subgradient",
    "assert_in_either_form",
    "assert_indices",
    "assert_labels",
    "assert_names",
    "assert_own_gradient",
    "assert_partition",
    "assert_path",
    "assert_same_pairs",
    "assert_same_subspace",
    "assert_subgradient",
    "assert_up_to_sign",
    "calls",
    "computes_in_float32",
    "describe",
    "digits_of",
    "dtype_name",
    "floored",
    "follows_own_slope",
    "in_form",
    "instance",
    "integer",
    "is_float32",
    "labels",
    "number",
    "pair",
    "passes",
    "require",
    "requires_grad",
    "same",
    "scaled_errors",
    "sensitivity",
    "sequence",
    "show",
    "tier_of",
    "together",
    "variable",
    "with_own",
]
