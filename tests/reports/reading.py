"""Reads pages with an HTML parser that follows the standard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from justhtml import JustHTML
from made import listing

from grader.reports.pages import Listing, Pages
from grader.reports.schema import Report

PAGES = Pages()


def parsed(page: bytes) -> JustHTML:
    """A page, which must be HTML without a fault."""
    return JustHTML(page.decode(), sanitize=False, strict=True)


def page_of(
    made: Report, code: Listing | None = None, pictures: Mapping[str, bytes] | None = None
) -> JustHTML:
    """The page of a report, parsed."""
    return parsed(PAGES.page(made, code or listing(), pictures or {}, "ada"))


def nodes(node: Any) -> Iterator[Any]:
    """A node and all below it, in the order of the page."""
    yield node
    for child in node.children or ():
        yield from nodes(child)


def text_of(node: Any) -> str:
    """All text in a node, exactly as it stands."""
    return "".join(str(inner.data) for inner in nodes(node) if inner.name == "#text")


def first(page: JustHTML, selector: str) -> str:
    """The text of the first match."""
    return text_of(page.query(selector)[0]).strip()


def all_of(page: JustHTML, selector: str) -> list[str]:
    """The texts of all matches, each on one line."""
    return [" ".join(text_of(node).split()) for node in page.query(selector)]
