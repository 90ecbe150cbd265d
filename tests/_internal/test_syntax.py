"""`parse` reads as Python does, and reads a text once however often it is asked."""

from __future__ import annotations

import ast
import random

import pytest

from grader._internal import syntax
from grader.analytics.statements import pieces_of

STARTS = (
    *("", "\n", "# -*- coding: latin-1 -*-\n", "\n# vim: set fileencoding=cp1252 :\n"),
    *("#!/usr/bin/python\n# coding=utf-8\n", "x = 1\n\n# coding: latin-1\n", "\ufeff"),
    *("\r# coding: latin-1\r", "\f# coding: latin-1\n"),
)
BODIES = (
    "s = 'é§'\n",
    "def f(x):\r\n    return x\r\n",
    "x = (",
    "s = '\0'",
    "if x:\n\ty\n        z\n",
)


def outcome(parse, source):
    try:
        return ast.dump(parse(source), include_attributes=True)
    except (SyntaxError, ValueError) as exc:
        return type(exc)


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_bytes_are_parsed_as_python_parses_them(start, body, encoding):
    source = (start + body).encode(encoding, "replace")
    assert outcome(syntax.parse, source) == outcome(ast.parse, source)
    assert outcome(syntax.parse, start + body) == outcome(ast.parse, start + body)


def test_a_text_is_parsed_once_as_bytes_and_as_text():
    text = f"x = {random.random()}\n"
    assert syntax.parse(text) is syntax.parse(text.encode())
    assert syntax.parse_to_change(text) is not syntax.parse(text)


def test_trees_of_long_sources_are_not_kept():
    text = "x = 1\n" * (syntax.MAX_KEPT // 6 + 1)
    assert syntax.parse(text) is not syntax.parse(text)


def test_whoever_compares_code_leaves_the_shared_tree_as_it_is():
    text = "def softmax(Z):\n    shifted = Z - 1\n    return shifted\n"
    before = ast.dump(syntax.parse(text))
    assert pieces_of([text], ["softmax"])
    assert ast.dump(syntax.parse(text)) == before
