"""The wire: what goes in comes out, and whatever comes in, only BadFrame comes out."""

from __future__ import annotations

import datetime
import decimal
import enum
import fractions
import math
import struct
import tracemalloc
from array import array as NumberArray
from collections import Counter, OrderedDict, deque, namedtuple
from typing import Any

import msgpack
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.sandbox.protocol import wire
from grader.sandbox.protocol.tensors import TensorArray, tensor_array
from grader.sandbox.protocol.wire import BadFrame, Handle, decode, decode_request, encode

DTYPES = ["f8", "f4", "f2", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1", "?", "c16", "c8"]
DTYPES += ["M8[D]", "M8[25s]", "M8[ns]", "M8", "m8[ms]", "m8[W]"]

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**50), 10**50)
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | st.builds(Handle, st.integers(0, 2**40), st.text(max_size=100))
)
arrays = st.sampled_from(DTYPES).flatmap(
    lambda dtype: hnp.arrays(
        st.just(np.dtype(dtype)),
        hnp.array_shapes(min_dims=0, max_dims=5, min_side=0, max_side=4),
    )
)
tensors = st.builds(
    tensor_array, arrays.filter(lambda array: array.dtype.kind not in "mM"),
    st.sampled_from(["torch.bfloat16", "jax.float32"]), st.booleans(),
)  # fmt: skip
values = st.recursive(
    scalars | arrays | tensors,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=20,
)


def same(first: Any, second: Any) -> bool:
    """Equal in value, type, dtype, shape and bits."""
    if type(first) is not type(second):
        return False
    if isinstance(first, np.ndarray):
        alike = first.dtype == second.dtype and first.shape == second.shape
        if isinstance(first, TensorArray):
            alike &= first.dtype_name == second.dtype_name
            alike &= first.requires_grad is second.requires_grad
        return alike and first.tobytes() == second.tobytes()
    if isinstance(first, list):
        return len(first) == len(second) and all(map(same, first, second))
    if isinstance(first, dict):
        return first.keys() == second.keys() and all(same(first[k], second[k]) for k in first)
    return bool(first == second) or (first != first and second != second)


@given(values)
def test_what_goes_in_comes_out(value: Any) -> None:
    assert same(decode(encode(value)), value)


@given(arrays)
def test_arrays_come_writable_and_with_no_memory_shared(array: Any) -> None:
    out = decode(encode([array, array]))
    assert all(item.flags.writeable and item.flags.c_contiguous for item in out)
    assert not np.shares_memory(out[0], out[1])


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, -0.0, 5e-324, 1e308])
def test_special_floats_keep_their_bits(number: float) -> None:
    assert struct.pack("d", decode(encode(number))) == struct.pack("d", number)


@given(st.lists(st.integers(-(10**30), 10**30)))
def test_integers_of_any_size(numbers: list[int]) -> None:
    assert decode(encode(numbers)) == numbers


@pytest.mark.parametrize("sign", [1, -1])
def test_absurdly_large_integer_is_infinite(sign: int) -> None:
    assert decode(encode(sign * 10**5000)) == sign * math.inf


Point = namedtuple("Point", "x y")


class Colour(enum.IntEnum):
    RED = 3


class Word(str):
    __slots__ = ()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((1, (2, 3)), [1, [2, 3]]),
        (Point(1, 2), [1, 2]),
        ({3}, [3]),
        (frozenset({3}), [3]),
        (range(3), [0, 1, 2]),
        (deque([1, 2]), [1, 2]),
        (NumberArray("d", [1.0, 2.0]), np.array([1.0, 2.0])),
        (fractions.Fraction(1, 4), 0.25),
        ([decimal.Decimal("0.5"), decimal.Decimal("sNaN")], [0.5, math.nan]),
        (OrderedDict(a=1), {"a": 1}),
        (Counter("aa"), {"a": 2}),
        ({1: 2, None: 3, 1.5: 4}, {"1": 2, "None": 3, "1.5": 4}),
        ({(1, "a"): 2}, {"[1, 'a']": 2}),
        ({np.int64(4): 1}, {"4": 1}),
        (Colour.RED, 3),
        (Word("w"), "w"),
        (True, True),
        (bytearray(b"ab"), b"ab"),
        ("\ud800", "?"),
        (1 + 2j, np.array(1 + 2j)),
        (np.float64(1.5), np.array(1.5)),
        (np.float32(1.5), np.array(1.5, "f4")),
        (np.int16(7), np.array(7, "i2")),
        (np.bool_(True), np.array(True)),
        (np.str_("ab"), "ab"),
        (np.float16(1.5), np.array(1.5, dtype=np.float16)),
        (np.longdouble(1.5), np.array(1.5)),
        (np.array([1, 2], ">i4"), np.array([1, 2], "i4")),
        (np.array([1, 2], ">f8"), np.array([1.0, 2.0])),
        (np.ones((1, 2)).view(np.matrix), np.ones((1, 2))),
        (np.ma.array([1.0, 2.0], mask=[0, 1]), np.array([1.0, 2.0])),
        (np.array([1, None, "a"], object), [1, None, "a"]),
        (np.array([[1, 2.5], [3, 4]], object), [[1, 2.5], [3, 4]]),
        (np.array(["a", "b"]), ["a", "b"]),
        (np.array([b"a"]), [b"a"]),
        (np.zeros((2, 3))[:, ::2], np.zeros((2, 2))),
        (np.zeros((2, 3), order="F"), np.zeros((2, 3))),
        (np.arange(6.0).reshape(2, 3).T, np.array([[0.0, 3.0], [1.0, 4.0], [2.0, 5.0]])),
        (np.arange(6.0).reshape(2, 3)[:, ::-2], np.array([[2.0, 0.0], [5.0, 3.0]])),
        (np.broadcast_to(1.0, (2, 2)), np.ones((2, 2))),
        (np.zeros((0, 5)), np.zeros((0, 5))),
        (np.array(5.0), np.array(5.0)),
        (np.array(np.float64(5.0), object), np.array(5.0)),
        (np.array(fractions.Fraction(1, 4), object), 0.25),
        (np.array(None, object), None),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_what_has_a_plain_meaning_travels_as_that(given: Any, expected: Any) -> None:
    assert same(decode(encode(given)), expected)


@pytest.mark.parametrize(
    "number", [np.float64(1.5), np.float32(-0.5), np.int64(7), np.bool_(True), np.complex64(1j)]
)
def test_a_number_of_numpy_in_a_request_is_a_number_and_an_array_without_axes_is_one(number: Any):
    given = (number, [np.array(number)])
    came, (array,) = decode_request(encode(given, tuples=True))
    assert type(came) is type(number)
    assert came == number
    assert same(array, np.array(number))


@pytest.mark.parametrize(
    "value",
    [
        np.array([(1, 2.0)], "i4,f8"),
        np.zeros(3, "V4"),
        np.recarray((1,), "i4"),
    ],
    ids=lambda value: str(value.dtype),
)
def test_arrays_of_no_numbers_travel_as_text(value: Any) -> None:
    assert isinstance(decode(encode(value)), str)


@pytest.mark.parametrize(
    "value",
    [
        object(),
        len,
        int,
        np,
        lambda: 0,
        (x for x in [1]),
        map(str, [1]),
        Exception("x"),
        datetime.date(2020, 1, 1),
        np.random.default_rng(0),
        [object(), np.array([object()])],
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_cannot_travel_stays_behind_a_handle(value: Any) -> None:
    kept: list[object] = []

    def keep(obj: object) -> Handle:
        kept.append(obj)
        return Handle(len(kept), type(obj).__name__)

    out = decode(encode(value, keep))
    assert isinstance(out, (Handle, list))
    assert kept
    with pytest.raises(TypeError, match="cannot travel"):
        encode(value)


def test_cyclic_list_is_refused_and_not_followed_for_ever() -> None:
    cycle: list[Any] = []
    cycle.append(cycle)
    with pytest.raises(ValueError, match="recursion"):
        encode(cycle)
    loop: dict[str, Any] = {}
    loop["a"] = (loop,)
    with pytest.raises(ValueError, match="recursion"):
        encode(loop)


def test_array_that_is_made_while_packing_is_not_taken_for_another() -> None:
    class Rows(tuple):
        """A sequence that makes a new array for each entry it is asked for."""

        __slots__ = ()

        def __iter__(self) -> Any:
            return (np.full(3, float(index)) for index in range(50))

    out = decode(encode([Rows(), Rows()]))
    assert [row[0] for row in out[0]] == list(range(50))
    assert [row[0] for row in out[1]] == list(range(50))


# Hostile bytes


def checked(payload: bytes) -> None:
    """Decode; whatever comes is made of plain types alone."""
    try:
        value = decode(payload)
    except BadFrame:
        return
    stack = [value]
    while stack:
        item = stack.pop()
        assert type(item) in wire._VALUE_TYPES
        if isinstance(item, np.ndarray):
            assert item.dtype.str in wire._DTYPES or item.dtype.kind in "mM"
            assert not item.dtype.hasobject
        elif type(item) is list:
            stack += item
        elif type(item) is dict:
            assert all(type(key) is str for key in item)
            stack += item.values()


@given(st.binary(max_size=200))
@settings(max_examples=500)
def test_any_bytes(payload: bytes) -> None:
    checked(payload)


@given(values, st.data())
@settings(max_examples=400)
def test_changed_bytes_of_a_true_frame(value: Any, data: st.DataObject) -> None:
    payload = bytearray(encode(value))
    for _ in range(data.draw(st.integers(1, 4))):
        where = data.draw(st.integers(0, len(payload) - 1))
        match data.draw(st.sampled_from(["flip", "cut", "insert", "double"])):
            case "flip":
                payload[where] ^= data.draw(st.integers(1, 255))
            case "cut":
                del payload[where : where + data.draw(st.integers(1, 8))]
            case "insert":
                payload[where:where] = data.draw(st.binary(max_size=9))
            case _:
                payload += payload[where:]
        if not payload:
            return
    checked(bytes(payload))


@given(st.integers(-128, 127), st.binary(max_size=60))
@settings(max_examples=400)
def test_any_extension(code: int, body: bytes) -> None:
    checked(msgpack.packb(msgpack.ExtType(code & 127, body)))


@given(
    st.integers(0, 255),
    st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 5), max_size=20),
    st.binary(max_size=64),
)
@settings(max_examples=400)
def test_any_array_header(dtype: int, shape: list[int], body: bytes) -> None:
    head = struct.pack(f"<BB{len(shape)}Q", dtype, len(shape), *shape)
    checked(msgpack.packb(msgpack.ExtType(1, head + body)))


@given(st.integers(0, 2), st.binary(max_size=40), st.binary(max_size=40))
@settings(max_examples=300)
def test_any_tensor_header(flags: int, name: bytes, body: bytes) -> None:
    whole = msgpack.unpackb(encode(np.arange(2.0))).data
    for inner in (body, whole):
        data = bytes((flags, len(name))) + name + inner
        checked(msgpack.packb(msgpack.ExtType(8, data)))


@given(
    st.sampled_from([b"M", b"m", b"f"]), st.integers(0, 20), st.integers(0, 2**32 - 1),
    st.binary(max_size=40),
)  # fmt: skip
@settings(max_examples=300)
def test_any_header_of_dates(kind: bytes, unit: int, count: int, body: bytes) -> None:
    head = struct.pack("<cBI", kind, unit, count)
    whole = msgpack.unpackb(encode(np.arange(2))).data
    for inner in (body, whole):
        checked(msgpack.packb(msgpack.ExtType(9, head + inner)))


@pytest.mark.parametrize(
    "data",
    [
        b"\x02\x01a",
        b"\x00\x05torch",
        b"\x00\x04A\xff()" + msgpack.unpackb(encode(np.arange(2.0))).data,
        b"\x00\x21" + b"a" * 33 + msgpack.unpackb(encode(np.arange(2.0))).data,
    ],
)
def test_tensor_with_a_forged_header_is_refused(data: bytes) -> None:
    with pytest.raises(BadFrame):
        decode(msgpack.packb(msgpack.ExtType(8, data)))


LONG = 1 << 18


def array_header(length: int) -> bytes:
    return b"\xdd" + struct.pack(">I", length)


@pytest.mark.parametrize(
    "payload",
    [
        b"\x91" * 2_000_000 + b"\xc0",
        b"\x81\xa0" * 2_000_000 + b"\xc0",
        b"\xc8\xff\xff\x02" + b"\x91" * 65535,
        array_header(2**32 - 1),
        b"\xdf" + struct.pack(">I", 2**32 - 1),
        b"\xdb" + struct.pack(">I", 2**32 - 1),
        b"\xc9" + struct.pack(">I", 2**32 - 1) + b"\x01",
        array_header(LONG - 10) + b"\x90" * (LONG - 10),
        array_header(LONG // 2) * 300 + b"\xc0" * (LONG - 1500),
        msgpack.packb(msgpack.Timestamp(1)),
        msgpack.packb(msgpack.ExtType(3, b"9" * 5000)),
        msgpack.packb(msgpack.ExtType(3, b"--1")),
        msgpack.packb(msgpack.ExtType(3, "\u0661".encode())),
        msgpack.packb(msgpack.ExtType(2, b"\x91" * 100)),
        msgpack.packb(msgpack.ExtType(2, msgpack.packb([1.5, "a"]))),
        msgpack.packb(msgpack.ExtType(2, msgpack.packb([True, "a"]))),
        msgpack.packb({b"a" * 9: 1, "b": msgpack.ExtType(9, b"")}),
        msgpack.packb({"a": 1}) + b"\xc0",
        b"\xa2\xff\xfe",
        b"",
    ],
    ids=lambda payload: f"{payload[:6].hex()}-{len(payload)}",
)
def test_hostile_frame_is_refused_soon_and_in_little_memory(payload: bytes) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(BadFrame):
            decode(payload)
        assert tracemalloc.get_traced_memory()[1] < 40 * len(payload) + (64 << 20)
    finally:
        tracemalloc.stop()


def test_forged_bool_is_true_or_false() -> None:
    payload = msgpack.packb(msgpack.ExtType(1, bytes([10, 1, *(2).to_bytes(8, "little"), 2, 0])))
    assert decode(payload).tolist() == [True, False]
    assert decode(payload).view(np.uint8).tolist() == [1, 0]


def test_frame_announces_its_length() -> None:
    framed = wire.frame([1, "a"])
    assert wire.payload_length(framed[: wire.HEADER_BYTES]) == len(framed) - wire.HEADER_BYTES
    assert decode(framed[wire.HEADER_BYTES :]) == [1, "a"]
