"""torch in the jail: loaded once, forked, computing; and its tensors on their way out and in.

One fork server for the whole module: importing torch takes seconds.
"""

from __future__ import annotations

import contextlib
import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.checks import (
    array,
    as_frame,
    as_torch,
    assert_own_gradient,
    dtype_name,
    number,
    requires_grad,
)
from grader.engine.python_errors import explain
from grader.errors import CheckFailed, GraderFault, SandboxUnavailable, StudentRaised
from grader.sandbox.host.fork_server import ForkServerLauncher
from grader.sandbox.host.launch import Limits
from grader.sandbox.host.probe import run_canary
from grader.sandbox.host.session import Session
from grader.submission.program import Part, Program

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("torch") is None, reason="torch is not installed"
)

SOURCE = """
import sys
WARM = "torch" in sys.modules
import torch

def warm():
    return WARM, torch.get_num_threads()

def echo(x):
    return x

def kind(x):
    return [type(x).__name__, str(x.dtype), x.requires_grad]

def train(steps):
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(20, 50), torch.nn.Tanh(), torch.nn.Linear(50, 3))
    optimizer = torch.optim.Adam(net.parameters())
    x, y = torch.randn(200, 20), torch.randint(0, 3, (200,))
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(net(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss)
    return losses

def mixed(x):
    return {"leaf": x, "out": (2 * x).sum(), "half": x.detach().to(torch.bfloat16),
            "conj": torch.tensor([1 + 2j]).conj(), "sparse": torch.eye(2).to_sparse(),
            "net": torch.nn.Linear(1, 1), "strided": x.detach().T}

def cut_graph(w):
    torch.tensor((w * 2).sum().item()).backward()

def step_on_leaf(w):
    w -= 0.1

def twice(w):
    loss = (w ** 2).sum()
    loss.backward()
    loss.backward()

def many(w):
    (w * 2).backward()

def one_hot(w):
    torch.nn.functional.cross_entropy(torch.ones(2, 3), torch.eye(3)[:2].long())

def float_labels(w):
    torch.nn.functional.cross_entropy(torch.ones(2, 3), torch.zeros(2))

def wrong_dim(w):
    return w.softmax(dim=1)

def doubles(w):
    return torch.nn.Linear(3, 2)(torch.ones(4, 3, dtype=torch.float64))

def to_numpy(w):
    return w.numpy()

def shapes(w):
    return torch.ones(2, 3) @ torch.ones(4, 5)

def gradient(W, X, y):
    W = W.to(torch.float32).requires_grad_()
    loss = torch.nn.functional.cross_entropy(X.to(torch.float32) @ W, y)
    return loss, torch.autograd.grad(loss, W)[0]

def loss(W, X, y):
    return gradient(W, X, y)[0]

def without_first_row(W, X, y):
    found = gradient(W, X, y)[1].clone()
    found[0] = 0
    return found

def spoil(x):
    x.data.zero_()
    return 0
"""


@pytest.fixture(scope="module")
def launcher() -> Iterator[ForkServerLauncher]:
    try:
        launcher = ForkServerLauncher("full", packages=("torch>=2.6",), wait=False)
        launcher.expect(many=False)
        launcher.wait_ready()
    except SandboxUnavailable as exc:
        pytest.skip(f"full is not available here: {exc}")
    with launcher:
        yield launcher


@pytest.fixture(scope="module")
def session(launcher: ForkServerLauncher) -> Iterator[Session]:
    session = Session(launcher, Limits())
    with contextlib.closing(session):
        session.load(Program("demo", (Part("demo.py", "demo.py", SOURCE.encode()),)))
        yield session


def call(session: Session, name: str, *args: Any) -> Any:
    return session.call(name, [(args, {})], None).values[0]


def test_it_is_loaded_before_the_fork_and_learns_in_the_jail(
    launcher: ForkServerLauncher, session: Session
) -> None:
    assert run_canary(launcher) == ()
    assert call(session, "warm") == [True, 1]
    losses = [number(loss) for loss in call(session, "train", 30)]
    assert losses[-1] < losses[0]


def test_a_worker_has_little_memory_of_its_own(session: Session) -> None:
    call(session, "train", 5)
    pid = session._worker.host_pid()  # type: ignore[attr-defined]
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    kb = {line.split()[0]: int(line.split()[1]) for line in lines}
    assert 4 * (kb["Private_Dirty:"] + kb["Private_Clean:"]) < kb["Rss:"]


DTYPES = {
    "torch.bool": "?", "torch.uint8": "u1", "torch.int8": "i1", "torch.int16": "i2",
    "torch.int32": "i4", "torch.int64": "i8", "torch.uint16": "u2", "torch.uint32": "u4",
    "torch.uint64": "u8", "torch.float16": "f2", "torch.float32": "f4", "torch.float64": "f8",
    "torch.complex64": "c8", "torch.complex128": "c16",
}  # fmt: skip


@given(
    st.sampled_from(sorted(DTYPES)).flatmap(
        lambda name: st.tuples(
            st.just(name), hnp.arrays(DTYPES[name], hnp.array_shapes(min_dims=0, max_side=3))
        )
    )
)
@settings(max_examples=200)
def test_tensors_of_every_dtype_go_in_and_come_out(
    session: Session, pair: tuple[str, np.ndarray[Any, Any]]
) -> None:
    name, given_array = pair
    came = call(session, "echo", as_torch(given_array))
    assert (dtype_name(came), came.dtype, came.shape) == (
        name,
        given_array.dtype,
        given_array.shape,
    )
    assert came.tobytes() == given_array.tobytes()
    assert not requires_grad(came)


def test_what_numpy_lacks_comes_as_what_holds_it(session: Session) -> None:
    exact = np.array([1.0, -2.5, 3e38, np.inf])
    came = call(session, "echo", as_torch(exact, dtype="bfloat16"))
    assert (dtype_name(came), came.dtype) == ("torch.bfloat16", np.float32)
    assert array(came, finite=False)[:2].tolist() == [1.0, -2.5]
    told = call(session, "mixed", as_torch(np.ones((2, 3)), requires_grad=True))
    assert [requires_grad(told[name]) for name in ("leaf", "out", "half")] == [True, True, False]
    assert number(told["out"]) == 12
    assert dtype_name(told["half"]) == "torch.bfloat16"
    assert told["conj"].tolist() == [1 - 2j]
    assert told["sparse"].tolist() == [[1, 0], [0, 1]]
    assert told["strided"].shape == (3, 2)
    assert told["net"].type_name == "Linear"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("cut_graph", "cuts the graph"),
        ("step_on_leaf", "with torch.no_grad():"),
        ("twice", "uses up the graph"),
        ("many", "starts from a single number"),
        ("one_hot", "labels as whole numbers of shape (n,)"),
        ("float_labels", "labels as whole numbers of shape (n,)"),
        ("wrong_dim", "There is no dimension 1"),
        ("doubles", "different dtypes"),
        ("to_numpy", ".detach().numpy()"),
        ("shapes", "here they are 2x3 and 4x5"),
    ],
)
def test_what_torch_says_is_explained(session: Session, name: str, told: str) -> None:
    with pytest.raises(StudentRaised) as caught:
        call(session, name, as_torch(np.ones(3), requires_grad=True))
    fault = caught.value
    assert told in str(explain(str(fault.kind), fault.said, ("torch",)))


class Slopes:
    """The loss as a check calls it, many times in one message."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def map(self, calls: list[tuple[Any, ...]]) -> list[Any]:
        return self._session.call("loss", [(args, {}) for args in calls], None).values


def test_a_gradient_of_autograd_is_checked_entry_by_entry(session: Session) -> None:
    rng = np.random.default_rng(0)
    W, X, y = rng.normal(size=(4, 3)), rng.normal(size=(20, 4)), rng.integers(0, 3, 20)

    def judge(claim: Any) -> None:
        assert_own_gradient(
            Slopes(session), claim, [W], lambda W: (as_torch(W), as_torch(X), as_torch(y)),
            names=["dW"], loss_name="loss", rng=rng,
        )  # fmt: skip

    loss, right = call(session, "gradient", as_torch(W), as_torch(X), as_torch(y))
    assert dtype_name(right) == "torch.float32"
    assert requires_grad(loss)
    judge(right)
    wrong = call(session, "without_first_row", as_torch(W), as_torch(X), as_torch(y))
    for claim in (wrong, 0 * right, 2 * right):
        with pytest.raises(CheckFailed, match="dW is not the gradient of your loss"):
            judge(claim)


def test_the_function_gets_what_the_check_asked_for(session: Session) -> None:
    given_array = as_torch([1, 2], dtype="float32", requires_grad=True)
    assert call(session, "kind", given_array) == ["Tensor", "torch.float32", True]
    with pytest.raises(GraderFault, match="needs pandas, which `packages` does not name"):
        call(session, "echo", as_frame({"x": [1]}))
    answer = session.call("spoil", [((given_array,), {})], None)
    assert answer.changed == (0,)
