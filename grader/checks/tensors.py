"""Tensors and frames: what was known of one that came, and giving one to the student's function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

_DTYPES = (
    *("float16", "bfloat16", "float32", "float64", "complex64", "complex128", "bool"),
    *("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
)


@dataclass(frozen=True)
class TorchTensor:
    """What a check gives as a tensor of torch's: see `as_torch`."""

    array: np.ndarray[Any, Any] = field(repr=False)
    dtype: str | None
    requires_grad: bool

    def travels_as(self) -> tuple[Any, ...]:
        """What the worker makes it of."""
        return "torch", self.array, self.dtype, self.requires_grad

    def __repr__(self) -> str:
        return f"torch.tensor(..., shape {self.array.shape})"


@dataclass(frozen=True)
class FrameOfColumns:
    """What a check gives as a frame: see `as_frame`."""

    columns: Mapping[str, Any] = field(repr=False)
    library: str

    def travels_as(self) -> tuple[Any, ...]:
        """What the worker makes it of."""
        return self.library, dict(self.columns)

    def __repr__(self) -> str:
        return f"{self.library}.DataFrame({', '.join(self.columns)})"


def as_torch(
    value: object, *, dtype: str | None = None, requires_grad: bool = False
) -> TorchTensor:
    """An argument that the student's function gets as a tensor of torch's.

    value: an array or numbers. dtype: such as "float32" or "bfloat16"; that of the array where it
    is left out. The homework names torch in `packages`. Raises ValueError for an unknown dtype.
    """
    array = np.array(value)
    if dtype is not None and dtype not in _DTYPES:
        raise ValueError(f"dtype is {dtype!r}; give one of {', '.join(_DTYPES)}")
    if array.dtype.kind not in "biufc":
        raise ValueError(f"an array of {array.dtype} is no tensor; give numbers")
    return TorchTensor(array, dtype, requires_grad)


def as_frame(
    columns: Mapping[str, Any], *, library: Literal["pandas", "polars"] = "pandas"
) -> FrameOfColumns:
    """An argument that the student's function gets as a `DataFrame`.

    columns: name to array or list, all of one length. library: which the homework names in
    `packages`. Raises ValueError for another library.
    """
    if library not in ("pandas", "polars"):
        raise ValueError(f"library is {library!r}; give 'pandas' or 'polars'")
    return FrameOfColumns(dict(columns), library)


def requires_grad(value: object) -> bool:
    """Whether what the student returned is a tensor that required a gradient.

    It came detached, as an array. False for everything else.
    """
    return isinstance(value, np.ndarray) and bool(getattr(value, "requires_grad", False))


def dtype_name(value: object) -> str:
    """The dtype of what the student returned, as its library calls it: "torch.bfloat16", "float64".

    bfloat16 came as float32, which holds all of its numbers. "" for what is no array.
    """
    if not isinstance(value, np.ndarray | np.generic):
        return ""
    return str(getattr(value, "dtype_name", "") or value.dtype)
