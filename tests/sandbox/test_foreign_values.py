"""Values of other libraries, made plain beside the student's code and read on the other side."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from running import clean_environment

from grader.checks import as_frame
from grader.sandbox.guest import foreign
from grader.sandbox.host.launch import Limits, PlainLauncher
from grader.sandbox.host.session import Session
from grader.sandbox.protocol.wire import decode, encode
from grader.submission.program import Part, Program


def travelled(value: object) -> Any:
    found = foreign.plain(value)
    assert found is not foreign.NOT_FOREIGN
    return decode(encode([found]))[0]


def test_sparse_matrices_come_as_arrays() -> None:
    sparse = pytest.importorskip("scipy.sparse")
    for made in (sparse.csr_matrix, sparse.coo_array):
        assert travelled(made(np.diag([1.0, 2.0]))).tolist() == [[1, 0], [0, 2]]


def test_frames_of_pandas_come_as_their_columns() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(
        {"x": [1, 2], "name": ["a", None], "when": pandas.to_datetime(["2020-01-01", "2021-01-01"])}
    )
    came = travelled(frame)
    assert list(came) == ["x", "name", "when"]
    assert came["x"].dtype == np.int64
    assert came["name"] == ["a", None]
    assert came["when"].astype("M8[D]").astype(str).tolist() == ["2020-01-01", "2021-01-01"]
    grouped = pandas.DataFrame({"g": ["a", "b", "a"], "x": [1.0, 2.0, 3.0]}).groupby("g").mean()
    assert travelled(grouped)["g"] == ["a", "b"]
    assert travelled(grouped)["x"].tolist() == [2, 2]


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        ("Int64", [1, None], [1.0, "nan"]),
        ("boolean", [True, False], [True, False]),
        ("category", ["b", "a"], ["b", "a"]),
        ("float32", [0.5, 1.5], [0.5, 1.5]),
        ("timedelta64[s]", [1, 2], [1, 2]),
        ("string", ["a", None], ["a", None]),
    ],
)
def test_series_of_pandas_come_as_arrays(kind: str, values: list[Any], expected: list[Any]) -> None:
    pandas = pytest.importorskip("pandas")
    came = travelled(pandas.Series(values, dtype=kind))
    if isinstance(came, np.ndarray):
        came = came.astype("i8").tolist() if came.dtype.kind == "m" else came.tolist()
    assert ["nan" if item != item else item for item in came] == expected


def test_times_with_a_zone_come_as_utc() -> None:
    pandas = pytest.importorskip("pandas")
    series = pandas.Series(pandas.to_datetime(["2020-01-01 01:00"])).dt.tz_localize("Europe/Berlin")
    assert travelled(series).astype("M8[h]").astype(str).tolist() == ["2020-01-01T00"]


def test_frames_of_polars_come_as_their_columns() -> None:
    polars = pytest.importorskip("polars")
    came = travelled(polars.DataFrame({"x": [1, 2], "name": ["a", None], "y": [0.5, None]}))
    assert came["x"].dtype == np.int64
    assert came["name"] == ["a", None]
    assert came["y"][0] == 0.5
    assert np.isnan(came["y"][1])
    assert travelled(polars.Series([True, False])).tolist() == [True, False]


ECHO = """
def total(frame):
    return float(frame["x"].sum()), type(frame).__module__.partition(".")[0]
def double(frame):
    return frame.assign(x=2 * frame["x"])
"""


def test_frames_go_in_and_come_out() -> None:
    pytest.importorskip("pandas")
    session = Session(PlainLauncher().serving(("pandas",)), Limits())
    with contextlib.closing(session):
        session.load(Program("demo", (Part("demo.py", "demo.py", ECHO.encode()),)))
        frame = as_frame({"x": np.arange(4), "name": list("abcd")})
        calls = [((frame,), {})]
        assert session.call("total", calls, None).values == [[6.0, "pandas"]]
        answer = session.call("double", calls, None)
    assert answer.changed == ()
    assert answer.values[0]["x"].tolist() == [0, 2, 4, 6]
    assert answer.values[0]["name"] == list("abcd")


def test_no_library_is_imported_to_convert() -> None:
    code = (
        "import sys\nfrom grader.sandbox.guest import foreign\nfrom fractions import Fraction\n"
        "assert foreign.plain(Fraction(1, 2)) is foreign.NOT_FOREIGN\n"
        "found = {'torch', 'jax', 'tensorflow', 'pandas', 'polars', 'scipy'} & set(sys.modules)\n"
        "assert not found, found\n"
    )
    done = subprocess.run([sys.executable, "-c", code], env=clean_environment(), timeout=60)
    assert done.returncode == 0


def test_a_library_that_was_tampered_with_leaves_its_values_where_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sparse = pytest.importorskip("scipy.sparse")
    value = sparse.csr_matrix(np.eye(2))

    def explode(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(sparse.csr_matrix, "toarray", explode)
    assert foreign.plain(value) is foreign.NOT_FOREIGN
