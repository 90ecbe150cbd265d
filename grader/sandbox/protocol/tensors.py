"""Arrays that say which library's values they were: tensors, and numbers that numpy lacks.

A tensor of torch, jax or tensorflow travels as the plain array that it holds, and with it what the
array alone does not say: its own dtype, such as "torch.bfloat16", which travels as float32, and
whether it required a gradient. Both are the worker's word: evidence, never proof.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np

MAX_DTYPE_NAME = 32
_DTYPE_NAME = re.compile(rf"[a-z][a-z0-9_.]{{0,{MAX_DTYPE_NAME - 1}}}")


class TensorArray(np.ndarray[Any, Any]):
    """An array of numbers with what else was known of it. Computing with it gives the same type.

    dtype_name: what its library calls its dtype. requires_grad: whether it required a gradient.
    """

    dtype_name: str
    requires_grad: bool

    def __array_finalize__(self, obj: Any) -> None:
        self.dtype_name = getattr(obj, "dtype_name", "")
        self.requires_grad = False


def tensor_array(array: np.ndarray[Any, Any], dtype_name: str, requires_grad: bool) -> TensorArray:
    """A view of `array` with these facts. Raises ValueError for what is no dtype's name."""
    if not _DTYPE_NAME.fullmatch(dtype_name):
        raise ValueError("not the name of a dtype")
    made = array.view(TensorArray)
    made.dtype_name, made.requires_grad = dtype_name, requires_grad
    return made
