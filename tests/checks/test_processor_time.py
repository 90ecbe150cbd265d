"""What authors wrote is stopped where it never ends, and only there."""

import threading
import time

import pytest

from grader.checks.processor_time import processor_time
from grader.errors import ProcessorTimeUp

SHORT_S = 0.05


def compute(seconds: float = 60.0) -> None:
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass


def test_what_never_ends_is_stopped():
    with pytest.raises(ProcessorTimeUp, match="stopped"), processor_time(SHORT_S, "stopped"):
        compute()


def test_code_that_catches_what_is_raised_is_stopped_again(monkeypatch):
    monkeypatch.setattr("grader.checks.processor_time.AGAIN_S", SHORT_S)
    caught = []

    def catch_some():
        while len(caught) < 3:
            try:
                compute()
            except Exception as exc:
                caught.append(exc)
        compute()

    with pytest.raises(ProcessorTimeUp), processor_time(SHORT_S, "stopped"):
        catch_some()
    assert len(caught) == 3


def test_waiting_is_not_counted_and_nothing_is_stopped_afterwards():
    with processor_time(SHORT_S, "stopped"):
        time.sleep(3 * SHORT_S)
    compute(2 * SHORT_S)


def test_what_waits_for_ever_is_stopped_by_the_clock_on_the_wall():
    def wait():
        limited = processor_time(60.0, "computes", wall_s=4 * SHORT_S, idle_message="waits")
        with pytest.raises(ProcessorTimeUp, match="waits"), limited:
            threading.Event().wait(60.0)

    began = time.monotonic()
    wait()
    with processor_time(60.0, "outer"):  # also inside of another one
        wait()
    assert time.monotonic() - began < 30


def test_what_a_block_inside_used_counts_for_the_block_around_it():

    def use_much():
        with pytest.raises(ProcessorTimeUp, match="inner"), processor_time(SHORT_S, "inner"):
            compute()
        with processor_time(60.0, "inner"):
            compute(0.3)
        compute()

    with pytest.raises(ProcessorTimeUp, match="outer"), processor_time(0.3, "outer"):
        use_much()


def test_another_thread_has_no_limit():
    """Signals come to the main thread alone; nothing may be raised in its place."""
    ended = []

    def work():
        with processor_time(SHORT_S, "stopped"):
            compute(2 * SHORT_S)
        ended.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert ended
