"""Hidden checks: every function against the reference on inputs that tell mistakes apart.

n, d and t differ from each other, but for one square case. Draws hold some that equal p exactly.
eps is large, and variances differ, so that each place where eps may stand gives another answer;
upstream gradients are random, because a gradient that is the same for a column hides everything.
"""

import numpy as np
import pytest

from grader.checks import (
    array,
    assert_close,
    assert_follows,
    assert_gradient,
    integer,
    require,
    sequence,
)
from grader.errors import CheckFailed, StudentFault


@pytest.mark.points(6)
def test_decay_step(student, reference, rng, diagnose):
    """decay_step on data of many shapes"""
    probes = []
    for n, d, step_size, lam in [(9, 3, 0.3, 0.7), (4, 6, 0.15, 2.2), (5, 5, 0.4, 0.6),
                                 (1, 2, 0.2, 1.3), (8, 1, 0.05, 3.0),
                                 (6, 2, 0.7, 2.5)]:  # fmt: skip
        X, y = rng.normal(size=(n, d)) + 0.5, rng.normal(size=n) + 1.0
        probes.append((rng.normal(size=d), float(rng.normal()) + 2.0, X, y, step_size, lam))
    w, b, X, y, step_size, lam = probes[0]
    # Large residuals: a step that is cut short at some length shows here.
    probes.append((w, b, 40 * X, 100 * y, step_size, lam))
    answers = student.decay_step.map(probes)
    with diagnose("decay_step", probes, answers):
        for (w, b, X, y, step_size, lam), answer in zip(probes, answers, strict=True):
            right = reference.decay_step(w, b, X, y, step_size, lam)
            sizes = np.abs(X) @ np.abs(w) + abs(b) + np.abs(y)
            scales = (
                np.abs(w) + step_size * np.abs(X).T @ sizes / len(y),
                abs(b) + step_size * sizes.mean(),
            )
            assert_gradient(answer, right, scales, ("w", "b"))


def dropping(rng, *shapes):
    """Arguments (A, p, U) of these shapes; some draws equal p, and nothing in A is 0."""
    probes = []
    for shape, p in zip(shapes, [0.25, 0.5, 0.625, 0.125, 0.375, 0.0, 0.25], strict=True):
        A = rng.choice([-1.0, 1.0], size=shape) * rng.uniform(0.5, 3.0, size=shape)
        U = rng.integers(0, 1024, size=shape) / 1024
        U = np.where(rng.random(size=shape) < 0.2, p, U)
        probes.append((A, p, U))
    return probes


# A square, and one shape and p that come again: what is remembered by them is not the answer.
SHAPES = [(7, 3), (11,), (2, 3, 4), (4, 5), (3, 3), (6, 2), (7, 3)]


@pytest.mark.points(5)
def test_dropout(student, reference, rng, diagnose):
    """dropout of arrays of many shapes, with draws that equal p"""
    probes = dropping(rng, *SHAPES)
    probes.append((probes[0][0], 1.0, probes[0][2]))
    answers = student.dropout.map(probes)
    with diagnose("dropout", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            assert_close(answer, reference.dropout(*probe), "dropout(A, p, U)")


@pytest.mark.points(2)
def test_dropout_inference(student, reference, rng, diagnose):
    """dropout_inference of arrays of many shapes"""
    probes = [(A, p) for A, p, _ in dropping(rng, *SHAPES)] + [(rng.normal(size=4), 1.0)]
    answers = student.dropout_inference.map(probes)
    with diagnose("dropout_inference", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            assert_close(answer, reference.dropout_inference(*probe), "dropout_inference(A, p)")


@pytest.mark.points(4)
def test_inverted_dropout(student, reference, rng, diagnose):
    """inverted_dropout of arrays of many shapes"""
    probes = dropping(rng, *SHAPES)
    A, _, U = probes[0]
    probes.append((A, 0.96875, U + (1 - U) * (U > 0.5) * 0.96875))  # hardly anything is kept
    answers = student.inverted_dropout.map(probes)
    with diagnose("inverted_dropout", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            assert_follows(
                lambda expected, answer=answer: assert_close(
                    answer, expected, "inverted_dropout(A, p, U)"
                ),
                "inverted_dropout",
                probe,
                student=student,
                reference=reference,
                rests=["dropout"],
            )


def passes_on_what_is_undefined(answer, student, probe):
    """Whether the answer is that of the student's dropout, and holds what is not finite: 0 / 0."""
    try:
        own = array(student.dropout(*probe), finite=False)
        answer = array(answer, finite=False)
    except StudentFault:
        return False
    return not np.isfinite(own).all() and np.array_equal(own, answer, equal_nan=True)


@pytest.mark.points(5)
def test_dropout_backward(student, reference, rng, diagnose):
    """dropout_backward of arrays of many shapes, with draws that equal p"""
    probes = dropping(rng, *SHAPES)
    probes.append((probes[0][0], 1.0, probes[0][2]))
    answers = student.dropout_backward.map(probes)
    with diagnose("dropout_backward", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            try:
                assert_follows(
                    lambda expected, answer=answer: assert_close(
                        answer, expected, "dropout_backward(dY, p, U)"
                    ),
                    "dropout_backward",
                    probe,
                    student=student,
                    reference=reference,
                    rests=["dropout"],
                    zeros_tell=True,  # where p = 1 everything is dropped
                )
            except CheckFailed:
                # A wrong dropout costs its own points, also where it divides by 1 - p = 0.
                if probe[1] != 1.0 or not passes_on_what_is_undefined(answer, student, probe):
                    raise


def batches(rng, *shapes):
    """Arguments (X, gamma, beta, eps): columns of several sizes and offsets, some gamma below 0."""
    probes = []
    for n, d, eps in shapes:
        sizes = rng.uniform(0.4, 2.5, size=d)
        X = rng.normal(size=(n, d)) * sizes + rng.normal(size=d)
        gamma = rng.choice([-1.0, 1.0, 1.0], size=d) * rng.uniform(0.5, 2.0, size=d)
        probes.append((X, gamma, rng.normal(size=d), eps))
    return probes


def generic(rng):
    shapes = [(7, 3, 0.4), (4, 6, 0.9), (5, 5, 0.2), (11, 2, 1.5), (2, 3, 0.7)]
    return batches(rng, *shapes, shapes[0])


@pytest.mark.points(7)
def test_batchnorm(student, reference, rng, diagnose):
    """batchnorm on batches of many shapes and sizes, also of one example and of equal ones"""
    alone = (rng.normal(size=(1, 3)), rng.normal(size=3), rng.normal(size=3), 0.5)
    equal = (np.full((4, 2), 1.5), np.ones(2), np.array([0.5, -2.0]), 0.25)
    small = (rng.normal(size=(6, 2)) / 64, np.ones(2), np.array([0.5, -2.0]), 1e-4)
    usual = generic(rng)
    probes = [*usual, alone, equal, small]
    answers = student.batchnorm.map(probes)
    with diagnose("batchnorm", usual, answers[: len(usual)]):
        for probe, answer in zip(probes, answers, strict=True):
            X, gamma, beta, eps = probe
            scale = np.abs(gamma) * (np.abs(X) + np.abs(X).mean(axis=0)) / np.sqrt(
                X.var(axis=0) + eps
            ) + np.abs(beta)
            assert_close(
                answer, reference.batchnorm(*probe), "batchnorm(X, gamma, beta, eps)", scale=scale
            )


def contributions(dY, X, gamma, eps):
    """The sums of the absolute values of what dX, dgamma and dbeta are the sums of."""
    root = np.sqrt(X.var(axis=0) + eps)
    xhat = (np.abs(X) + np.abs(X.mean(axis=0))) / root
    g = np.abs(dY * gamma)
    dX = (g + g.mean(axis=0) + xhat * (g * xhat).mean(axis=0)) / root
    return dX, (np.abs(dY) * xhat).sum(axis=0), np.abs(dY).sum(axis=0)


def backwards(rng):
    return [(rng.normal(size=X.shape) + 0.3, X, gamma, eps) for X, gamma, _, eps in generic(rng)]


@pytest.mark.points(8)
def test_batchnorm_backward(student, reference, rng, diagnose):
    """batchnorm_backward: dX on batches of many shapes"""
    probes = backwards(rng)
    answers = student.batchnorm_backward.map(probes)
    with diagnose("batchnorm_backward", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            dX = sequence(answer, 3, "(dX, dgamma, dbeta)")[0]
            expected = reference.batchnorm_backward(*probe)[0]
            assert_gradient(dX, (expected,), contributions(*probe)[:1], ("dX",))


@pytest.mark.points(4)
def test_batchnorm_backward_of_the_parameters(student, reference, rng, diagnose):
    """batchnorm_backward: dgamma and dbeta on batches of many shapes"""
    probes = backwards(rng)
    answers = student.batchnorm_backward.map(probes)
    with diagnose("batchnorm_backward", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            given = sequence(answer, 3, "(dX, dgamma, dbeta)")[1:]
            expected = reference.batchnorm_backward(*probe)[1:]
            assert_gradient(given, expected, contributions(*probe)[1:], ("dgamma", "dbeta"))


@pytest.mark.points(6)
def test_running_statistics(student, reference, rng, diagnose):
    """running_statistics over one batch and over several"""
    probes = []
    shapes = [(4, 6, 3, 0.7), (1, 5, 2, 0.9), (3, 2, 5, 0.4), (5, 3, 3, 0.2), (4, 6, 3, 0.7)]
    for t, n, d, momentum in shapes:
        sizes, offsets = rng.uniform(0.5, 3.0, size=(t, 1, d)), rng.normal(size=(t, 1, d)) + 1.0
        probes.append((rng.normal(size=(t, n, d)) * sizes + offsets, momentum))
    probes.append(probes[0])  # nothing is left of the first time
    answers = student.running_statistics.map(probes)
    with diagnose("running_statistics", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            mean, var = sequence(answer, 2, "(mean, var)")
            expected = reference.running_statistics(*probe)
            assert_close(mean, expected[0], "mean", scale=np.abs(probe[0]).max())
            assert_close(var, expected[1], "var")


@pytest.mark.points(3)
def test_batchnorm_inference(student, reference, rng, diagnose):
    """batchnorm_inference on examples of many shapes, with statistics of other data"""
    probes = []
    for X, gamma, beta, eps in [*generic(rng), *batches(rng, (1, 4, 0.3))]:
        d = X.shape[1]
        mean, var = rng.normal(size=d) + 0.5, rng.uniform(0.3, 4.0, size=d)
        probes.append((X, gamma, beta, mean, var, eps))
    answers = student.batchnorm_inference.map(probes)
    with diagnose("batchnorm_inference", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            expected = reference.batchnorm_inference(*probe)
            assert_close(answer, expected, "batchnorm_inference(X, gamma, beta, mean, var, eps)",
                         scale=max(np.abs(expected).max(), 1.0))  # fmt: skip


@pytest.mark.points(4)
def test_early_stopping(student, reference, rng, diagnose):
    """early_stopping on losses that fall, turn, tie and fall again, with every patience"""
    rows = [
        np.array([4.0, 3.0, 3.5, 3.2, 3.1, 2.0, 2.5, 2.2, 1.0]),
        np.array([2.0, 2.0, 2.0, 1.0, 1.0, 1.5, 1.0, 1.0, 0.5]),
        np.array([1.0, 2.0, 3.0, 2.5, 0.5]),
        np.array([5.0, 4.0, 3.0, 2.0]),
        np.array([3.0, 4.0, 2.0, 3.0, 1.0, 2.0, 2.0, 2.0]),
        np.round(rng.uniform(1, 3, size=14), 1),
        np.round(2 + np.cumsum(rng.normal(size=20)) / 4, 2),
        1 - np.array([0, 1, 0, 2, 1, 3, 4, 3, 2, 2, 5, 0]) / 2**20,
        np.array([3e12, 2e12, 2.5e12, 1e12, 4e12, -1.0, -2.0, -1.5, -1.75, -3.0]),
    ]
    probes = [(row, patience) for row in rows for patience in (1, 2, 3, 5)]
    answers = student.early_stopping.map(probes)
    with diagnose("early_stopping", probes, answers):
        for (row, patience), answer in zip(probes, answers, strict=True):
            best, stop = sequence(answer, 2, "(best, stop)")
            expected = reference.early_stopping(row, patience)
            got = integer(best, "best"), integer(stop, "stop")
            require(
                got == expected,
                "(best, stop) is wrong",
                expected=str(expected),
                got=str(got),
                where=f"losses {row.tolist()}, patience {patience}",
            )
