"""A message as text: its parts in their order, and no line that only reads like a part."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from grader._internal.message_lines import LABELS
from grader.errors import CheckFailed, StudentRaised
from grader.reports.schema import Message

PARTS = ("expected", "got", "where", "hint", "see")
# Text that tries to be one of our lines, among text that does not.
LINES = st.lists(
    st.one_of(
        st.text("ab :\n", max_size=8),
        st.sampled_from([f"{space}{label}:  x" for label in LABELS for space in ("", "  ", "\t")]),
    ),
    min_size=1,
    max_size=4,
).map("\n".join)


def test_message_is_told_in_the_order_in_which_it_is_read() -> None:
    message = Message(
        summary="softmax(Z): wrong values",
        expected="[[1, 2]\n [3, 4]]",
        got="5",
        where="[0, 3]",
        hint="Look again.",
        see="README.md, Softmax",
        traceback="  demo.py, line 2, in f: return 5",
    )
    assert message.rendered("You forgot exp.") == (
        "softmax(Z): wrong values\n"
        "  demo.py, line 2, in f: return 5\n"
        "  expected: [[1, 2]\n"
        " [3, 4]]\n"
        "  got:      5\n"
        "  where:    [0, 3]\n"
        "  hint:     Look again.\n"
        "  see:      README.md, Softmax\n"
        "  likely:   You forgot exp."
    )


def test_exception_reads_as_its_message_does() -> None:
    failed = CheckFailed("f: wrong", expected="1", got="2", where="[0]", hint="Look.")
    message = Message(summary="f: wrong", expected="1", got="2", where="[0]", hint="Look.")
    assert str(failed) == message.rendered()
    raised = StudentRaised("E: x", traceback="  demo.py, line 1, in f: y", hint="Look.")
    message = Message(summary="E: x", traceback="  demo.py, line 1, in f: y", hint="Look.")
    assert str(raised) == message.rendered()


@given(st.fixed_dictionaries({}, optional=dict.fromkeys((*PARTS, "traceback"), LINES)))
def test_no_text_of_a_part_reads_like_another_part(parts: dict[str, str]) -> None:
    message = Message(summary="E: x", **parts)
    lines = message.rendered().split("\n")
    labelled = [line for line in lines if line.lstrip().partition(":")[0] in LABELS]
    assert [line.strip().partition(":")[0] for line in labelled] == [
        label for label, _ in message.labelled
    ]
    # What is quoted is still there, to the word.
    told = "".join("".join(lines).replace("|", "").split())
    assert all("".join(value.split()) in told for value in parts.values())
