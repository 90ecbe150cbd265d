"""What travels between the trusted process and a worker: msgpack frames, arrays as raw bytes.

A frame is a 4-byte little-endian length and that many bytes of msgpack. Both sides use this
module, but only the trusted side matters for safety: it decodes bytes that may be forged.
So decoding builds nothing but None, bool, int, float, str, bytes, list, dict with str keys, numpy
arrays of a fixed list of dtypes (numbers, and dates of a fixed list of units), and `Handle`. It
never unpickles, never makes an object array, and raises `BadFrame` for everything else, whatever
the bytes. It bounds how much there is, how deep it nests, and how long an empty array's axes are,
so that neither decoding nor whoever walks through the result can be made slow.

Arrays travel as msgpack extension type 1: a dtype index, the number of axes, the axes as
unsigned 64-bit numbers, then the elements in C order. Dates have their unit in front of an array of
whole numbers, and tensors what else is known of them (tensors.py).
"""

from __future__ import annotations

import math
import numbers
import struct
from array import array as NumberArray
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgpack

# Taken by name, now: a submission may put something else in their places in numpy.
from numpy import asarray, datetime_data, empty, generic, ndarray, number, uint8
from numpy import bool_ as numpy_bool
from numpy import dtype as numpy_dtype

from grader.sandbox.protocol.generators import GeneratorState, state_of
from grader.sandbox.protocol.tensors import TensorArray, tensor_array

HEADER_BYTES = 4
# What takes a Python call to make (a list, a dict, an array, an odd key) costs as many numbers.
MAX_NODES, NODES_OF_A_CALL = 2_000_000, 20
MAX_DEPTH = 64
MAX_AXES = 16
MAX_EMPTY_AXES = 1 << 20
MAX_INT_DIGITS = 1000
MAX_KEY_ITEMS = 16

_ARRAY, _HANDLE, _BIG_INT, _TUPLE, _REFERENCE, _GENERATOR, _MADE, _TENSOR, _DATES = range(1, 10)
_SCALAR = 10
_DTYPES = (
    "<f8", "<f4", "<i8", "<i4", "<i2", "|i1", "<u8", "<u4", "<u2", "|u1", "|b1", "<c16", "<c8",
    "<f2",
)  # fmt: skip
_READ_AS = tuple(map(numpy_dtype, _DTYPES))
_INDEX_OF = {dtype: index for index, dtype in enumerate(_DTYPES)}
# By numpy's number of a type, for arrays in this machine's byte order where that is the wire's.
_INDEX_OF_NUMBER = {dtype.num: index for index, dtype in enumerate(_READ_AS) if dtype.isnative}
# What stands before an array's elements: dtype, number of axes, axes.
_HEADS = tuple(struct.Struct(f"<BB{axes}Q") for axes in range(MAX_AXES + 1))
_PLAIN_TYPES = frozenset({type(None), bool, int, float, str, bytes, list, dict})
_CONTAINERS = frozenset({list, dict})
_KEY_TYPES = frozenset({type(None), bool, int, float, complex, str, bytes})
_LENGTH = struct.Struct("<I")
_DATE_UNITS = ("Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns", "ps", "fs", "as", "generic")
_DATE_HEAD = struct.Struct("<cBI")  # kind (M, m), unit, how many of it make a step


class BadFrame(Exception):
    """The bytes are not a frame that this module makes."""


@dataclass(frozen=True)
class Handle:
    """Stands for an object that cannot travel and stays in the worker.

    number: its place in the worker's table; below 0 it is what an earlier step of the same request
    gave, -1 the first. type_name: what its type calls itself.
    """

    number: int
    type_name: str

    @property
    def shown(self) -> str:
        """The type's name for a message: what it is called is the student's to choose."""
        return self.type_name if self.type_name.isidentifier() else "object"


@dataclass(frozen=True)
class Reference:
    """Stands in a request for something of the submission's by its name: a function, a class.

    on: the number of the handle whose attribute it is, None for a name of the module's.
    """

    name: str
    on: int | None = None


@dataclass(frozen=True)
class Recipe:
    """Stands in a request for a value of another library's, which the worker makes.

    library: the module that has it: "torch", "pandas" or "polars". parts: what it is made of, plain
    values.
    """

    library: str
    parts: tuple[Any, ...]


class Step(NamedTuple):
    """One of several things that one request asks for, one after the other.

    kind: "call", "get" or "set". on: the number of a handle, None for the module. name: of the
    function or the attribute. args: of the call, or the value to set. kwargs: of the call.
    """

    kind: str
    on: int | None
    name: str
    args: list[Any]
    kwargs: dict[str, Any]


class StandsIn:
    """Base of what the trusted side uses in place of something that is in the worker."""

    def stand_in(self) -> Handle | Reference:
        """What a request holds in its place. Raises the StudentFault for what is gone."""
        raise NotImplementedError


_VALUE_TYPES = _PLAIN_TYPES | {ndarray, TensorArray, Handle}


def encode(
    value: object,
    keep: Callable[[object], object] | None = None,
    *,
    tuples: bool = False,
    libraries: Collection[str] | None = None,
) -> bytes:
    """Pack `value`. `keep` gives a handle for an object that cannot travel, or what of it can.

    tuples: for a request, whose reader tells them from lists, and makes numpy's numbers, its
    generators and values of other libraries anew. libraries: whose values may be made there, None
    for any. Raises TypeError for an object that cannot travel where there is no `keep`, and
    ValueError for what is nested deeper than msgpack packs.
    """

    # Many calls in one message share arguments: an array is packed once, however often it stands.
    packed_arrays: dict[int, tuple[object, object]] = {}

    def pack_other(obj: object) -> object:
        if isinstance(obj, ndarray) and obj.ndim == 0 and obj.dtype == object:
            obj = obj.item()  # what msgpack gets back from here it does not bring again
            if type(obj) in _PLAIN_TYPES:
                return obj
        if isinstance(obj, ndarray):
            if (known := packed_arrays.get(id(obj))) is None:
                # The array is held too, so that no other one gets its id.
                known = packed_arrays[id(obj)] = obj, _pack_array(obj)
            return known[1]
        if tuples and type(obj) is tuple:
            return msgpack.ExtType(_TUPLE, pack(list(obj)))
        if tuples and isinstance(obj, number | numpy_bool):
            # `total += x` would change an array without axes, and the check's own number with it.
            return msgpack.ExtType(_SCALAR, pack(asarray(obj)))
        if isinstance(obj, StandsIn):
            obj = obj.stand_in()
        if tuples and (recipe := getattr(type(obj), "travels_as", None)) is not None:
            library, *parts = recipe(obj)
            if libraries is not None and library not in libraries:
                raise TypeError(f"{obj!r} needs {library}, which `packages` does not name")
            return msgpack.ExtType(_MADE, pack([library, *parts]))
        if tuples and (state := state_of(obj)) is not None:
            return msgpack.ExtType(_GENERATOR, pack(list(state.parts)))
        return _pack_other(obj, keep)

    def pack(obj: object) -> bytes:
        # Half a surrogate pair has no UTF-8: it becomes a question mark.
        packed: bytes = msgpack.packb(
            obj, default=pack_other, use_bin_type=True, strict_types=True, unicode_errors="replace"
        )
        return packed

    return pack(value)


def frame(
    value: object,
    keep: Callable[[object], object] | None = None,
    *,
    tuples: bool = False,
    libraries: Collection[str] | None = None,
) -> bytes:
    """`value` packed, with its length in front. See `encode`."""
    payload = encode(value, keep, tuples=tuples, libraries=libraries)
    return _LENGTH.pack(len(payload)) + payload


def payload_length(header: bytes | bytearray) -> int:
    """The length that a frame's first four bytes announce."""
    length: int = _LENGTH.unpack_from(header)[0]
    return length


def decode_request(payload: bytes | bytearray | memoryview) -> Any:
    """Unpack what the trusted side has sent, with nothing to suspect: tuples are read as such.

    For a worker. Each tuple nests this function, so hostile bytes could go deeper than the stack.
    """

    def unpack_ext(code: int, data: bytes) -> object:
        if code == _TUPLE:
            return tuple(decode_request(data))
        if code == _REFERENCE:
            return Reference(*msgpack.unpackb(data))
        if code == _MADE:
            library, *parts = decode_request(data)
            return Recipe(library, tuple(parts))
        if code == _SCALAR:
            return decode_request(data)[()]
        if code == _GENERATOR:
            return GeneratorState(tuple(decode_request(data))).generator()
        return _unpack_ext(code, data)

    return msgpack.unpackb(payload, raw=False, strict_map_key=False, ext_hook=unpack_ext)


def decode(payload: bytes | bytearray | memoryview) -> Any:
    """Unpack one frame's payload. Arrays come as fresh writable copies. Raises BadFrame."""
    budget = [MAX_NODES]
    depths: dict[int, int] = {}  # of finished containers that hold others, by id

    def spend(items: list[Any], odd_keys: int = 0) -> int:
        """Account for a container of `items`; its depth."""
        budget[0] -= len(items) + NODES_OF_A_CALL * (1 + odd_keys)
        if budget[0] < 0:
            raise BadFrame("too many values")
        types = set(map(type, items))
        if not types <= _VALUE_TYPES:
            raise BadFrame("a value of a type that does not travel")
        if types.isdisjoint(_CONTAINERS):
            return 1
        inner = [depths.pop(id(item), 1) for item in items if type(item) in _CONTAINERS]
        if max(inner) >= MAX_DEPTH:
            raise BadFrame("nested too deep")
        return max(inner) + 1

    def make_list(items: list[Any]) -> list[Any]:
        if (depth := spend(items)) > 1:
            depths[id(items)] = depth
        return items

    def make_dict(pairs: list[tuple[Any, Any]]) -> dict[str, Any]:
        values = [value for _, value in pairs]
        if all(type(key) is str for key, _ in pairs):
            depth, made = spend(values), dict(pairs)
        else:
            depth = spend(values, sum(type(key) is not str for key, _ in pairs))
            made = {key if type(key) is str else _key_text(key): value for key, value in pairs}
        if depth > 1:
            depths[id(made)] = depth
        return made

    def unpack_ext(code: int, data: bytes) -> object:
        budget[0] -= NODES_OF_A_CALL
        if budget[0] < 0:
            raise BadFrame("too many values")
        return _unpack_ext(code, data)

    try:
        value = msgpack.unpackb(
            payload,
            raw=False,
            strict_map_key=False,
            list_hook=make_list,
            object_pairs_hook=make_dict,
            ext_hook=unpack_ext,
        )
    except BadFrame:
        raise
    except Exception as exc:
        # Whatever hostile bytes make msgpack raise, the verdict is the same.
        raise BadFrame(f"not msgpack ({type(exc).__name__})") from None
    if type(value) not in _VALUE_TYPES:
        raise BadFrame("a value of a type that does not travel")
    return value


def _key_text(key: object) -> str:
    """A key of a student's dict as text: a number, or a tuple of a few."""
    if isinstance(key, ndarray) and key.ndim == 0:
        key = key.item() if key.dtype.kind not in "mM" else str(key)
    items = key if type(key) is list else [key]
    if len(items) > MAX_KEY_ITEMS or not _KEY_TYPES.issuperset(map(type, items)):
        raise BadFrame("a key that is no text and no number")
    return str(key)


def _pack_other(obj: object, keep: Callable[[object], object] | None) -> object:
    """What msgpack does not know: in the order of how often it comes."""
    if isinstance(obj, generic):
        return _pack_array(asarray(obj))
    if isinstance(obj, (tuple, list, set, frozenset, range, deque)):
        return list(obj)
    if isinstance(obj, dict):
        return {key if type(key) is str else str(key): value for key, value in obj.items()}
    if isinstance(obj, Handle):
        return _pack_handle(obj)
    if isinstance(obj, Reference):
        return msgpack.ExtType(_REFERENCE, msgpack.packb([obj.name, obj.on]))
    if isinstance(obj, int | float):  # these four are subclasses: strict_types sends them here
        return float(obj) if isinstance(obj, float) else _pack_int(int(obj))
    if isinstance(obj, str | bytes):
        return str(obj) if isinstance(obj, str) else bytes(obj)
    if isinstance(obj, (complex, NumberArray)):
        return _pack_array(asarray(obj))
    if isinstance(obj, numbers.Number):  # a Fraction, a Decimal
        return _as_float(obj)
    if keep is None:
        raise TypeError(f"a {type(obj).__name__} cannot travel")
    kept = keep(obj)
    if isinstance(kept, ndarray):
        return _pack_array(kept)
    return _pack_handle(kept) if isinstance(kept, Handle) else kept


def _as_float(number: Any) -> float:
    try:
        return float(number)
    except (TypeError, ValueError, OverflowError):
        return math.nan


def _pack_handle(handle: Handle) -> object:
    return msgpack.ExtType(_HANDLE, msgpack.packb([handle.number, handle.type_name[:100]]))


def _pack_int(number: int) -> object:
    if -(1 << 63) <= number < 1 << 64:
        return number
    if number.bit_length() > MAX_INT_DIGITS * 3:
        return math.inf if number > 0 else -math.inf
    return msgpack.ExtType(_BIG_INT, str(number).encode())


def _pack_array(array: ndarray[Any, Any]) -> object:
    if type(array) is TensorArray:
        name = array.dtype_name.encode()
        inner = _pack_array(asarray(array))
        if not isinstance(inner, msgpack.ExtType) or inner.code != _ARRAY:
            return inner
        head = bytes((array.requires_grad, len(name))) + name
        return msgpack.ExtType(_TENSOR, head + inner.data)
    if type(array) is not ndarray:
        array = asarray(array)  # a matrix or a masked array travels as what it holds
    dtype = array.dtype
    index = _INDEX_OF_NUMBER.get(dtype.num) if dtype.isnative else None
    if index is None:
        if dtype.kind in "OUS":
            return array.tolist()
        if dtype.kind in "mM":
            return _pack_dates(array)
        wider = {"f": "<f8", "c": "<c16"}.get(dtype.kind)
        name = dtype.newbyteorder("<").str
        if name not in _INDEX_OF and wider is None:
            return _in_words(array)
        array = array.astype(name if name in _INDEX_OF else wider)
        index = _INDEX_OF[array.dtype.newbyteorder("<").str]
    shape = array.shape
    if len(shape) > MAX_AXES:
        return _in_words(array)
    head = _HEADS[len(shape)].pack(index, len(shape), *shape)
    return msgpack.ExtType(_ARRAY, head + array.tobytes())


def _in_words(array: ndarray[Any, Any]) -> str:
    """What stands for an array that no check asks for, such as one of records."""
    return repr(array)[:1000]


def _pack_dates(array: ndarray[Any, Any]) -> object:
    unit, count = datetime_data(array.dtype)
    numbers = array.astype(array.dtype.newbyteorder("=")).view("i8")
    inner = _pack_array(numbers)
    if not isinstance(inner, msgpack.ExtType):
        return _in_words(array)
    head = _DATE_HEAD.pack(array.dtype.kind.encode(), _DATE_UNITS.index(unit), count)
    return msgpack.ExtType(_DATES, head + inner.data)


def _unpack_ext(code: int, data: bytes) -> object:
    if code == _ARRAY:
        return _unpack_array(data)
    if code == _TENSOR:
        return _unpack_tensor(data)
    if code == _DATES:
        return _unpack_dates(data)
    if code == _HANDLE:
        body = msgpack.unpackb(data, strict_map_key=True)
        if type(body) is list and [type(item) for item in body] == [int, str]:
            return Handle(body[0], body[1][:100])
    if code == _BIG_INT and len(data) <= MAX_INT_DIGITS and data.lstrip(b"-").isdigit():
        return int(data)
    raise BadFrame("an extension that is not known")


def _unpack_tensor(data: bytes) -> ndarray[Any, Any]:
    if len(data) < 2 or data[0] > 1:
        raise BadFrame("a tensor with a bad header")
    name, body = data[2 : 2 + data[1]], data[2 + data[1] :]
    try:
        return tensor_array(_unpack_array(body), name.decode("ascii"), bool(data[0]))
    except ValueError:
        raise BadFrame("a tensor with a bad header") from None


def _unpack_dates(data: bytes) -> ndarray[Any, Any]:
    if len(data) < _DATE_HEAD.size:
        raise BadFrame("dates with a bad header")
    kind, unit, count = _DATE_HEAD.unpack_from(data)
    numbers = _unpack_array(data[_DATE_HEAD.size :])
    known = kind in (b"M", b"m") and unit < len(_DATE_UNITS) and 0 < count < 1 << 31
    if not known or numbers.dtype != _READ_AS[2]:
        raise BadFrame("dates with a bad header")
    name = _DATE_UNITS[unit]
    step = "" if name == "generic" else f"[{count}{name}]"
    return numbers.view(f"<{kind.decode()}8{step}")


def _unpack_array(data: bytes) -> ndarray[Any, Any]:
    if len(data) < 2 or data[0] >= len(_DTYPES) or data[1] > MAX_AXES:
        raise BadFrame("an array with a bad header")
    dtype, head = _READ_AS[data[0]], _HEADS[data[1]]
    if len(data) < head.size:
        raise BadFrame("an array with a bad header")
    shape = head.unpack_from(data)[2:]
    if math.prod(shape) * dtype.itemsize != len(data) - head.size:
        raise BadFrame("an array whose size is not its shape's")
    if 0 in shape:
        if math.prod(axis or 1 for axis in shape) > MAX_EMPTY_AXES:
            # It weighs nothing, but a sum over its empty axis would not.
            raise BadFrame("an empty array with an axis too long")
        return empty(shape, dtype)
    if dtype.kind == "b":
        # A forged byte of 2 would be a bool that is neither True nor False.
        return ndarray(shape, uint8, data, head.size).astype(bool)
    return ndarray(shape, dtype, data, head.size).copy()
