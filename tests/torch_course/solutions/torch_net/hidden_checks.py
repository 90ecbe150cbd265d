"""Hidden checks: every function against the reference, with the mistakes by name."""

import numpy as np
import pytest

from grader.checks import assert_close, sequence


def network(rng, n=7, d=3, h=5, k=4):
    V, W, X = rng.normal(size=(h, d)), rng.normal(size=(k, h)), rng.normal(size=(n, d))
    return V, W, X, rng.integers(0, k, size=n)


@pytest.mark.points(3)
def test_probabilities(student, reference, rng, diagnose):
    """probabilities of random scores"""
    probes = [(rng.normal(size=(4, 3)),), (rng.normal(size=(5, 2)),)]
    answers = student.probabilities.map(probes)
    with diagnose("probabilities", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            assert_close(answer, reference.probabilities(*probe), "probabilities(Z)")


@pytest.mark.points(3)
def test_loss(student, reference, rng, diagnose):
    """loss of random networks"""
    probes = [network(rng) for _ in range(3)]
    answers = student.loss.map(probes)
    with diagnose("loss", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            assert_close(answer, reference.loss(*probe), "loss(V, W, X, y)")


@pytest.mark.points(3)
def test_gradient(student, reference, rng, diagnose):
    """gradient of random networks"""
    probes = [network(rng) for _ in range(3)]
    answers = student.gradient.map(probes)
    with diagnose("gradient", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            blocks = sequence(answer, 2, "(dV, dW)")
            for block, expected, name in zip(
                blocks, reference.gradient(*probe), ("dV", "dW"), strict=True
            ):
                assert_close(block, expected, name)


@pytest.mark.points(3)
def test_train(student, reference, rng, diagnose):
    """train takes steps of gradient descent"""
    probes = [(*network(rng), 0.2, 4)]
    answers = student.train.map(probes)
    with diagnose("train", probes, answers):
        assert_close(answers[0], np.array(reference.train(*probes[0])), "the losses")


@pytest.mark.points(3)
def test_normalised(student, reference, rng, diagnose):
    """normalised uses what was learned from X"""
    probes = [(rng.normal(size=(9, 3)) + 1, 2 * rng.normal(size=(5, 3))) for _ in range(2)]
    answers = student.normalised.map(probes)
    with diagnose("normalised", probes, answers):
        for probe, answer in zip(probes, answers, strict=True):
            assert_close(answer, reference.normalised(*probe), "normalised(X, Z)")
