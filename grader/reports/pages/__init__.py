"""Feedback for people to read: a page for each submission and an index of them all.

Theory of operation. A page is made from one report, the submission's code and the pictures that
the report names; nothing else of a grading run reaches it. So the student's page, made from the
student's report, cannot contain anything that the report does not. All text from students goes
through jinja2's autoescape, and no template marks any of it as safe. In case something slips
through all the same, a Content-Security-Policy in each page forbids scripts and anything from
elsewhere.
"""

from __future__ import annotations

from grader.reports.pages.listing import Listing, list_code
from grader.reports.pages.render import Pages

__all__ = ["Listing", "Pages", "list_code"]
