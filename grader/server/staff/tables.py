"""Tables that an owner uploads and looks at before they count: an LMS's grades, or a roster.

They are kept for a day among the drafts, like the files that a student uploads before handing in.
"""

from __future__ import annotations

from pathlib import Path

from anyio.to_thread import run_sync

from grader.errors import TooMany, UsageError
from grader.server.http.calls import Call
from grader.server.http.csrf import require_csrf
from grader.server.http.uploads import Form, NotReceived, TooLarge, received_form
from grader.server.pages.student_pages import too_many
from grader.server.problems import Problem, sentence
from grader.server.records import HandInDraft

MAX_MB = 16


async def keep_table(call: Call, subject: str) -> HandInDraft:
    """Keep the file of a form. subject: the homework's name; "" for the roster."""
    site, account = call.site, call.account

    def keep(form: Form) -> HandInDraft:
        if not form.files:
            raise Problem(422, "No file was chosen; choose the table.", field="table")
        data = form.files[0][1].read()
        return site.hand_ins.add_draft(subject, account, site.blobs.put(data), len(data))

    try:
        await run_sync(site.hand_ins.require_room_for_draft, subject, account)
        async with (
            received_form(call.request, MAX_MB * 1_000_000) as form,
            site.turns.alone(account.key),
        ):
            assert call.visit is not None, "the route is open to owners only"
            require_csrf(call.request, call.visit, form.fields.get("csrf", ""))
            return await run_sync(keep, form, limiter=site.heavy)
    except TooLarge:
        raise Problem(
            413, f"More than {MAX_MB} MB were sent; choose the table alone.", field="table"
        ) from None
    except NotReceived as exc:
        raise Problem(422, sentence(str(exc)), field="table") from None
    except TooMany as exc:
        raise too_many(call, exc) from None


def kept_table(call: Call, subject: str) -> tuple[HandInDraft, Path]:
    """The table that the address names, and where it lies. Raises Problem (404)."""
    found = call.site.hand_ins.draft(str(call.params["id"]), call.account)
    if found is None or found.assignment != subject:
        raise Problem(
            404,
            "This table is no longer here: it is kept for a day, for whoever sent it. Choose it "
            "once more.",
        )
    return found, call.site.blobs.path(found.sha256)


def said_of(exc: UsageError, path: Path) -> str:
    """What is wrong with a table, for somebody who does not know where it lies."""
    text = str(exc).replace(f"the roster {path}", "the roster").replace(str(path), "the table")
    return sentence(text)
