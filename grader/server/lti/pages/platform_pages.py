"""The owners' pages of platforms: connect one, say who its people are, see what was refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from starlette.responses import Response

from grader.errors import UsageError
from grader.server.http.calls import Call
from grader.server.lti.assets.submissions import Submissions
from grader.server.lti.pages.registration import tool_addresses
from grader.server.lti.protocol.configuration import canvas_json
from grader.server.lti.protocol.outbound_rules import is_safe
from grader.server.lti.protocol.records import JoinedBy, Platform, PlatformPerson, PlatformSettings
from grader.server.lti.protocol.tool_keys import ToolKeys
from grader.server.problems import Problem, not_found, sentence

MOST_LISTED = 200
MOST_DEPLOYMENTS = 50
EMPTY = PlatformSettings("", "", "", "", "", "")
# Canvas as Instructure hosts it has these for every institution; the client id tells them apart.
HOSTED_CANVAS = replace(
    EMPTY,
    name="Canvas",
    issuer="https://canvas.instructure.com",
    authorization_url="https://sso.canvaslms.com/api/lti/authorize_redirect",
    token_url="https://sso.canvaslms.com/login/oauth2/token",
    key_set_url="https://sso.canvaslms.com/api/lti/security/jwks",
)
_LABELS = {
    "issuer": "issuer",
    "client_id": "client id",
    "authorization_url": "address of the OIDC authentication",
    "token_url": "address for access tokens",
    "key_set_url": "address of the key set",
}


def platforms(call: Call) -> Response:
    """What is connected, who waits to be joined, what was refused, and how to connect more."""
    return _page(call)


def _page(call: Call, registration: str = "") -> Response:
    store = call.site.platforms
    known, strangers = store.all(), store.strangers()
    troubled = _submissions(call).troubled()
    return call.page(
        "platforms.html.j2",
        platforms=known,
        called={each.key: each.called for each in known},
        people=_people(call, known, strangers),
        strangers=strangers[:MOST_LISTED],
        more=max(0, len(strangers) - MOST_LISTED),
        troubled=troubled[:MOST_LISTED],
        more_troubled=max(0, len(troubled) - MOST_LISTED),
        refusals=store.refusals(),
        courses=store.courses(),
        registration=registration,
    )


def _people(
    call: Call, known: Sequence[Platform], strangers: Sequence[PlatformPerson]
) -> dict[tuple[int, str], str]:
    """What to call people of platforms, by the platform and its name for them."""
    store, accounts = call.site.platforms, call.site.accounts.everyone()
    called = {each.key: each.called for each in accounts}
    found = {(each.platform, each.subject): each.name for each in strangers if each.name}
    for platform in known:
        for key, subject in store.subjects(platform.settings.issuer).items():
            if key in called:
                found[platform.key, subject] = called[key]
    return found


def connect(call: Call) -> Response:
    """The values to paste there, and the form for those to paste here."""
    settings = HOSTED_CANVAS if call.query.get("kind") == "canvas" else EMPTY
    return _form(call, None, settings)


def platform(call: Call) -> Response:
    """One platform's settings."""
    found = _platform(call)
    return _form(call, found, found.settings)


def _form(call: Call, found: Platform | None, settings: PlatformSettings) -> Response:
    return call.page(
        "platform.html.j2",
        platform=found,
        settings=settings,
        rules=list(JoinedBy),
        same_issuer=found is not None
        and any(
            each.key != found.key and each.settings.issuer == settings.issuer
            for each in call.site.platforms.all()
        ),
        tool=tool_addresses(call),
    )


def add(call: Call) -> Response:
    """Connects a platform."""
    try:
        made = call.site.platforms.add(_settings(call), who=call.account.id)
    except UsageError as exc:
        raise Problem(422, sentence(str(exc))) from None
    return call.go("platforms", f"{made.called} is connected.")


def change(call: Call) -> Response:
    """Changes a platform, or confirms one that registered itself."""
    found = _platform(call)
    try:
        made = call.site.platforms.change(found.key, _settings(call), who=call.account.id)
    except UsageError as exc:
        raise Problem(422, sentence(str(exc))) from None
    return call.go("platforms", f"{made.called} is saved.")


def remove(call: Call) -> Response:
    """Disconnects a platform."""
    found = _platform(call)
    call.site.platforms.remove(found.key, who=call.account.id)
    return call.go("platforms", f"{found.called} is not connected any more.")


def invite(call: Call) -> Response:
    """A link by which a platform may register itself, shown once."""
    secret = call.site.platforms.invite(who=call.account.id)
    return _page(call, call.absolute("lti_registration", secret=secret))


def join(call: Call) -> Response:
    """Says who somebody is whom a platform signed in."""
    account = call.site.accounts.account(call.field("id"))
    if account is None:
        raise Problem(
            422,
            "There is nobody of this id; give the id of somebody on the page “People”.",
            field="id",
        )
    try:
        person = call.site.platforms.join(call.number("key"), account, who=call.account.id)
    except UsageError as exc:
        raise Problem(422, sentence(str(exc)), field="id") from None
    _submissions(call).wake()
    return call.go("platforms", f"{person.name or person.subject} is {account.id} from now on.")


def separate(call: Call) -> Response:
    """Undoes what joined somebody with an account of a platform."""
    found = _platform(call)
    account = call.site.accounts.account(call.field("id"))
    if account is None or not call.site.platforms.separate(account, found.key, who=call.account.id):
        raise Problem(422, "Nobody of this id is joined with an account there.", field="id")
    return call.go("platforms", f"{account.id} is joined with no account there any more.")


def use_course(call: Call) -> Response:
    """Says whether a course of the LMS is this one."""
    used = call.field("used") == "yes"
    course = call.site.platforms.use(call.number("key"), used, who=call.account.id)
    if course is None:
        raise not_found()
    _submissions(call).wake()
    told = "is used" if used else "is not used any more"
    return call.go("platforms", f"{course.title or course.context} {told}.")


def retry(call: Call) -> Response:
    """Has what was handed in in an LMS fetched anew, and the LMS told anew."""
    _submissions(call).try_again(call.number("key"))
    return call.go("platforms", "It is tried again.")


def clear_refusals(call: Call) -> Response:
    """Forgets what was refused."""
    call.site.platforms.clear_refusals()
    return call.go("platforms", "The list is empty.")


def rotate_keys(call: Call) -> Response:
    """Makes a new key by which platforms know this server."""
    ToolKeys.rotate(call.site.course, call.site.clock())
    return call.go("platforms", "A new key is published. It is used from tomorrow on.")


def canvas(call: Call) -> Response:
    """The configuration for a developer key of Canvas. It has no secrets."""
    hand_ins = call.query.get("hand_ins") == "yes"
    return call.answer(canvas_json(tool_addresses(call), hand_ins=hand_ins))


def _submissions(call: Call) -> Submissions:
    return Submissions(call.site.engine, call.site.clock)


def _platform(call: Call) -> Platform:
    found = call.site.platforms.get(call.number("key"))
    if found is None:
        raise not_found()
    return found


def _settings(call: Call) -> PlatformSettings:
    """What the form says. Raises Problem (422) at the field with which something is wrong."""
    values = {name: call.field(name, longest=500) for name in (*_LABELS, "token_audience")}
    for name, label in _LABELS.items():
        if not values[name] or any(each.isspace() for each in values[name]):
            raise Problem(422, f"Give the {label} as the platform shows it.", field=name)
        if name.endswith("_url") and not is_safe(values[name]):
            raise Problem(
                422, f"The {label} has to be an https address, else it proves nothing.", field=name
            )
    oidc = call.site.settings.oidc
    if oidc is not None and oidc.issuer == values["issuer"]:
        # People are known by issuer and `sub`: an LMS must not speak for that provider.
        raise Problem(
            422,
            "This issuer is the one of sign-in with the institution’s account; a platform has "
            "one of its own.",
            field="issuer",
        )
    rule = next((each for each in JoinedBy if each.value == call.field("joined_by")), None)
    if rule is None:
        raise Problem(422, "Choose by what people are joined.", field="joined_by")
    lines = [line.strip() for line in call.field("deployments", longest=5000).splitlines()]
    deployments = tuple(dict.fromkeys(line for line in lines if line))
    if len(deployments) > MOST_DEPLOYMENTS or any(len(each) > 255 for each in deployments):
        raise Problem(
            422,
            f"A platform has at most {MOST_DEPLOYMENTS} deployments here, one in a line.",
            field="deployments",
        )
    return PlatformSettings(
        name=call.field("name", longest=80), deployments=deployments, joined_by=rule, **values
    )
