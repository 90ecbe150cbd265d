"""Values of other libraries as the plain values that travel: tensors, frames, sparse matrices.

No library is imported here: one that the submission has not imported made none of its values. What
cannot be converted stays in the worker behind a handle, as any other object.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from typing import Any

from numpy import asarray, generic, ndarray

from grader.sandbox.protocol import wire
from grader.sandbox.protocol.tensors import tensor_array

NOT_FOREIGN = object()
_PLAIN = frozenset({type(None), bool, int, float, complex, str, bytes, list, tuple, dict, ndarray})


def plain(value: Any) -> Any:
    """A copy of a library's value as arrays, lists and dicts; NOT_FOREIGN for anything else.

    A frame is a dict of its columns, with the index behind them where it is more than numbers from
    0 on; a series and a sparse matrix are arrays. A tensor comes detached, as a TensorArray.
    """
    if type(value) in _PLAIN or isinstance(value, generic):
        return NOT_FOREIGN
    for library, classes, convert in _CONVERTERS:
        module = sys.modules.get(library)
        if module is None:
            continue
        # A submission may have changed the library: then its values stay what they are.
        try:
            kinds = tuple(filter(None, (_class(module, name) for name in classes)))
            if isinstance(value, kinds):
                return convert(value)
        except Exception:
            continue
    return NOT_FOREIGN


def _class(module: Any, path: str) -> type | None:
    for name in path.split("."):
        module = getattr(module, name, None)
    return module if isinstance(module, type) else None


def _of_torch(tensor: Any) -> object:
    torch = sys.modules["torch"]
    bare = tensor.detach()
    if bare.is_quantized:
        bare = bare.dequantize()
    if bare.layout != torch.strided:
        bare = bare.to_dense()
    bare = bare.cpu().resolve_conj().resolve_neg()
    try:
        array = bare.numpy()
    except (TypeError, RuntimeError):  # numpy has no such numbers
        array = bare.to(torch.complex64 if bare.is_complex() else torch.float32).numpy()
    return tensor_array(array.copy(), str(tensor.dtype), bool(tensor.requires_grad))


def _of_jax(value: Any) -> object:
    return _named(asarray(value), f"jax.{value.dtype}")


def _of_tensorflow(value: Any) -> object:
    tensorflow = sys.modules["tensorflow"]
    if isinstance(value, tensorflow.TensorShape):
        return value.as_list()
    if isinstance(value, tensorflow.RaggedTensor):
        return value.to_list()
    if isinstance(value, tensorflow.SparseTensor):
        value = tensorflow.sparse.to_dense(value)
    elif isinstance(value, tensorflow.IndexedSlices):  # a gradient of rows that were picked out
        value = tensorflow.convert_to_tensor(value)
    return _named(asarray(value.numpy()), f"tensorflow.{value.dtype.name}")


def _of_keras(value: Any) -> object:
    return _named(asarray(value.numpy()), f"keras.{value.dtype}")


def _named(array: Any, name: str) -> object:
    if array.dtype.kind in "OUS":
        return array.tolist()
    narrow = array.dtype.kind == "V"  # bfloat16 and float8, which numpy knows by ml_dtypes
    return tensor_array(array.astype("float32") if narrow else array.copy(), name, False)


def _of_pandas(value: Any) -> object:
    if not hasattr(value, "columns"):
        return _column(value)
    made = {str(name): _column(value.iloc[:, at]) for at, name in enumerate(value.columns)}
    index, pandas = value.index, sys.modules["pandas"]
    if not (isinstance(index, pandas.RangeIndex) and (index.start, index.step) == (0, 1)):
        for at, name in enumerate(index.names):
            told = f"index{at or ''}" if name is None else str(name)
            made.setdefault(told, _column(index.get_level_values(at)))
    return made


def _column(series: Any) -> object:
    pandas = sys.modules["pandas"]
    kind = series.dtype
    if isinstance(kind, pandas.DatetimeTZDtype):  # as UTC, which numpy's dates are
        series = pandas.Series(series).dt.tz_convert("UTC").dt.tz_localize(None)
    if isinstance(kind, pandas.CategoricalDtype):
        return _column(pandas.Series(asarray(series)))
    numeric = pandas.api.types.is_numeric_dtype(kind) and pandas.api.extensions.ExtensionDtype
    if numeric and isinstance(kind, numeric) and series.isna().any():
        return series.to_numpy(dtype="float64", na_value=float("nan"))
    array = series.to_numpy()
    if array.dtype.kind == "O":
        return [
            None if missing else item for item, missing in zip(array, series.isna(), strict=True)
        ]
    return array.copy()


def _of_polars(value: Any) -> object:
    if hasattr(value, "columns"):
        return {name: _of_polars(value.get_column(name)) for name in value.columns}
    array = value.to_numpy()
    return value.to_list() if array.dtype.kind == "O" else array.copy()


def _of_scipy(value: Any) -> object:
    return value.toarray()


_TENSORFLOWS = (
    "Tensor",
    "Variable",
    "IndexedSlices",
    "SparseTensor",
    "RaggedTensor",
    "TensorShape",
)
_CONVERTERS: tuple[tuple[str, tuple[str, ...], Callable[[Any], object]], ...] = (
    ("torch", ("Tensor",), _of_torch),
    ("jax", ("Array",), _of_jax),
    ("tensorflow", _TENSORFLOWS, _of_tensorflow),
    ("keras", ("Variable",), _of_keras),
    ("pandas", ("DataFrame", "Series", "Index"), _of_pandas),
    ("polars", ("DataFrame", "Series"), _of_polars),
    ("scipy.sparse", ("spmatrix", "sparray"), _of_scipy),
)


def made(value: wire.Recipe) -> Any:
    """What a check asked to be given as a library's own value. Imports that library."""
    module = importlib.import_module(value.library)
    if value.library == "torch":
        array, dtype, requires_grad = value.parts
        torch = module
        tensor = torch.from_numpy(asarray(array).copy())
        tensor = tensor if dtype is None else tensor.to(getattr(torch, dtype))
        return tensor.requires_grad_() if requires_grad else tensor
    return module.DataFrame(*value.parts)
