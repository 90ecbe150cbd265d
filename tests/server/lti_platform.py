"""An LMS that tests launch from: the library `lti1p3platform`, with web pages of our own around it.

Run as a script with the name of this machine it prints its address and serves until it is killed.
`POST /mood` sets how the next launch is made and how the services answer, so that a test can have
tokens that are altered, keys that hang, and people whose scores are refused; `GET /book` is the
platform's own book of grades.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from flask import Flask, Response, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from lti1p3platform.ags import LtiAgs
from lti1p3platform.exceptions import LineItemNotFoundException
from lti1p3platform.ltiplatform import LTI1P3PlatformConfAbstract
from lti1p3platform.membership import Context
from lti1p3platform.message_launch import LTIAdvantageMessageLaunchAbstract
from lti1p3platform.oidc_login import OIDCLoginAbstract
from lti1p3platform.registration import Registration
from lti1p3platform.request import Request as PlatformRequest
from lti1p3platform.response import Response as PlatformResponse
from lti1p3platform.response import generate_next_link
from lti1p3platform.score import UpdateScoreStatus
from lti1p3platform.service_connector import (
    AssignmentsGradesService,
    NamesRoleProvisioningService,
)
from lti_assets import add_assets
from werkzeug.serving import make_server

CLIENT_ID = "tool-1"
DEPLOYMENT = "deployment-1"
CONTEXT = "course-1"
LEARNER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"
PAGE = 2  # members and line items of a page

# What is changed in the claims that the library makes; None takes one away.
CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
MOODS: dict[str, dict[str, Any]] = {
    "other_issuer": {"iss": "https://elsewhere.example"},
    "other_audience": {"aud": "another-tool"},
    "two_audiences_without_azp": {"aud": [CLIENT_ID, "another-tool"], "azp": None},
    "made_for_another": {"aud": [CLIENT_ID, "another-tool"], "azp": "another-tool"},
    "expired": {"exp": 1_700_000_000},
    "from_the_future": {"iat": 4_000_000_000},
    "no_end": {"exp": None},
    "not_dated": {"iat": None},
    "nobody": {"sub": None},
    "no_text": {"sub": 7},
    "empty": {"sub": ""},
    "other_nonce": {"nonce": "one-of-another-launch"},
    "no_nonce": {"nonce": None},
    "old_version": {f"{CLAIM}version": "1.1"},
    "other_message": {f"{CLAIM}message_type": "LtiSubmissionReviewRequest"},
    "other_deployment": {f"{CLAIM}deployment_id": "deployment-of-another"},
    "no_deployment": {f"{CLAIM}deployment_id": None},
}
FORGERIES = ("unsigned", "shared_secret", "forged", "altered", "garbage")


class Registered(LTI1P3PlatformConfAbstract):
    """Our tool, as the platform knows it."""

    def init_platform_config(self, **known: Any) -> None:
        registration = Registration()
        registration.set_iss(known["issuer"]).set_client_id(CLIENT_ID)
        registration.set_deployment_id(DEPLOYMENT)
        tool = known["tool"]
        registration.set_launch_url(tool.get("launch", "")).set_oidc_login_url(tool.get("login"))
        registration.set_deeplink_launch_url(tool.get("deep_launch", ""))
        registration.set_platform_private_key(known["private"])
        registration.set_platform_public_key(known["public"])
        registration.set_tool_key_set(tool.get("keys"))
        self._registration = registration

    def get_registration_by_params(self, **_: Any) -> Registration:
        assert self._registration is not None
        return self._registration


class Asked(PlatformRequest):
    """A request of Flask's, as the library reads one."""

    def build_metadata(self, asked: Any) -> Any:
        return {
            "method": asked.method,
            "form_data": asked.form.to_dict(),
            "get_data": {
                name: int(value) if name in ("page", "limit") else value
                for name, value in asked.args.items()
            },
            "headers": asked.headers,
            "content_type": asked.content_type,
            "path": asked.path,
            "json": asked.get_json(silent=True),
        }


class Login(OIDCLoginAbstract):
    """Sends the browser to the tool."""

    def set_lti_message_hint(self, **given: Any) -> None:
        self._lti_message_hint = given["hint"]

    def get_redirect(self, url: str) -> str:
        return url


class Message(LTIAdvantageMessageLaunchAbstract):
    """The message to the tool; the form is for the caller to show."""

    def render_launch_form(self, launch_data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return launch_data


class Book:
    """What the platform knows: its tool, line items, scores, results and people."""

    def __init__(self) -> None:
        self.issuer = ""
        self.tool: dict[str, Any] = {}
        self.mood: dict[str, Any] = {}
        self.key = RSAKey.generate_key(2048, auto_kid=True)
        self.items: dict[str, dict[str, Any]] = {}
        self.scores: list[dict[str, Any]] = []
        self.results: dict[str, dict[str, dict[str, Any]]] = {}
        self.members: list[dict[str, Any]] = []
        self.links: list[dict[str, Any]] = []
        self.asked: list[str] = []

    def platform(self) -> Registered:
        return Registered(
            issuer=self.issuer,
            tool=self.tool,
            private=self.key.as_pem(private=True).decode(),
            public=self.key.as_pem(private=False).decode(),
        )

    def page(self, found: list[Any], page: int, limit: int | None) -> Any:
        size = min(limit or PAGE, PAGE)
        end = page * size
        return {"content": found[end - size : end], "has_next": end < len(found), "next": None}


class Grades(AssignmentsGradesService):
    """The platform's book of grades, as the library asks it."""

    book: Book

    def find_lineitems(self, page: int = 1, limit: Any = None, **wanted: Any) -> Any:
        def fits(item: dict[str, Any]) -> bool:
            names = {"resource_id": "resourceId", "resource_link_id": "resourceLinkId"}
            asked = {names.get(name, name): value for name, value in wanted.items()}
            return all(item.get(name) == value for name, value in asked.items())

        return self.book.page([i for i in self.book.items.values() if fits(i)], page, limit)

    def find_lineitem(self, line_item_id: str) -> Any:
        return self.book.items[line_item_id]

    def create_lineitem(self, creation_data: Any) -> Any:
        number = str(len(self.book.items) + 1)
        made = {**creation_data, "id": f"{self.book.issuer}/items/{number}?type_id=1"}
        self.book.items[number] = made
        return made

    def update_lineitem(self, update_data: Any) -> Any:
        raise NotImplementedError

    def delete_lineitem(self, line_item_id: str) -> None:
        raise NotImplementedError

    def update_score(self, line_item_id: str, score: Any) -> UpdateScoreStatus:
        if line_item_id not in self.book.items:
            raise LineItemNotFoundException
        results = self.book.results.setdefault(line_item_id, {})
        old = results.get(score["userId"], {})
        if old and old["timestamp"] >= score["timestamp"]:
            return UpdateScoreStatus.OLD_TIMESTAMP
        self.book.scores.append({**score, "item": line_item_id})
        kept = {"timestamp": score["timestamp"], "progress": score["gradingProgress"]}
        if score.get("scoreGiven") is not None:
            kept |= {"score": score["scoreGiven"], "most": score["scoreMaximum"]}
        results[score["userId"]] = kept
        return UpdateScoreStatus.SUCCESS

    def get_results(
        self, line_item_id: str, page: int = 1, limit: Any = None, user_id: Any = None
    ) -> Any:
        found = [
            {"id": f"{line_item_id}/{who}", "userId": who}
            | {"resultScore": kept["score"], "resultMaximum": kept["most"]}
            for who, kept in self.book.results.get(line_item_id, {}).items()
            if "score" in kept and user_id in (None, who)
        ]
        return self.book.page(found, page, limit)


class People(NamesRoleProvisioningService):
    """The members of the platform's course, as the library asks for them."""

    book: Book

    def get_member_data_page(self, page: int = 1, limit: Any = None, **_: Any) -> Any:
        return self.book.page(self.book.members, page, limit)

    def get_context_by_id(self) -> Context:
        return Context(CONTEXT, "ML", "Machine learning")


def make_app(book: Book) -> Flask:
    app = Flask(__name__)
    add_assets(app, book)

    def sent(answer: PlatformResponse) -> Response:
        """The library's answer on the wire, where it says of pages what the header `Link` has."""
        value, headers = answer.result, {}
        if isinstance(value, dict) and "content" in value:
            if value.get("next"):
                headers["Link"] = generate_next_link(value["next"])
            value = value["content"]
        elif isinstance(value, dict) and value.get("next"):
            headers["Link"] = generate_next_link(value.pop("next"))
        text = "" if value is None else json.dumps(value)
        return Response(text, answer.code, headers, content_type=answer.media_type)

    def refused() -> Response | None:
        """What the mood says instead of an answer."""
        wanted = book.mood.get("services")
        if not wanted:
            return None
        if wanted == "hang":
            time.sleep(60)
        if wanted == "huge":
            return Response(b"[" + b" " * 5_000_000 + b"]", 200, content_type="application/json")
        if wanted == "garbage":
            return Response(b"<html>", 200, content_type="text/html")
        return Response("the course is archived", int(wanted))

    def grades(item: str | None = None) -> Grades:
        address = f"{book.issuer}/items"
        service = Grades(Asked(request), book.platform(), address, f"{address}/{item}")
        service.book = book
        return service

    @app.before_request
    def note() -> None:
        book.asked.append(f"{request.method} {request.path}")

    @app.get("/keys")
    def keys() -> Any:
        if book.mood.get("keys") == "hang":
            time.sleep(60)
        if book.mood.get("keys") == "huge":
            return Response(b'{"keys": [' + b" " * 5_000_000 + b"]}")
        if book.mood.get("keys") == "garbage":
            return Response(b"<html>")
        book.platform()
        published = Registration.get_jwk(book.key.as_pem(private=False).decode())
        broken = [{"kty": "RSA", "kid": "broken"}] if book.mood.get("keys") == "one_broken" else []
        return jsonify({"keys": [*broken, published]})

    @app.get("/begin")
    def begin() -> Response:
        """A link in a course: to where the browser goes first."""
        hint = request.args.get("hint", "resource")
        login = Login(Asked(request), book.platform())
        login.set_lti_message_hint(hint=hint)
        if hint == "deep":
            login.set_deeplinking_launch_url()
        elif book.mood.get("target"):
            login.set_launch_url(book.mood["target"])
        return redirect(login.initiate_login(request.args["user"]))

    @app.get("/authorize")
    def authorize() -> Any:
        if book.mood.get("launch") == "refused":
            return form(request.args["redirect_uri"], {
                "state": request.args["state"], "error": "login_required",
            })  # fmt: skip
        platform = book.platform()
        message = Message(Asked(request), platform)
        person = book.mood.get("people", {}).get(request.args["login_hint"], {})
        message.set_user_data(
            person.get("sub", request.args["login_hint"]),
            person.get("roles", [LEARNER]),
            full_name=person.get("name"),
            email_address=person.get("email"),
        )
        if book.mood.get("context", True):
            message.set_launch_context_claim(CONTEXT, [], "Machine learning", "ML")
        message.set_resource_link_claim("link-1")
        if book.mood.get("target"):
            message.set_launch_url(book.mood["target"])
        message.set_custom_parameters_claim(book.mood.get("custom", {}))
        message.set_ags(f"{book.issuer}/items")
        message.set_nrps(f"{book.issuer}/members")
        message.set_extra_claims(person.get("claims", {}))
        if request.args["lti_message_hint"] == "deep":
            message.set_dl(f"{book.issuer}/links", extra_data=book.mood.get("data"))
        made = message.lti_launch()
        token = forged(made["id_token"], platform)
        return form(made["launch_url"], {"state": made["state"], "id_token": token})

    def form(address: str, fields: dict[str, str]) -> str:
        inputs = "".join(f"<input name='{n}' value='{v}'>" for n, v in fields.items())
        submit = "<script>document.forms[0].submit()</script>"
        return f"<form method=post action='{address}'>{inputs}</form>{submit}"

    @app.get("/course")
    def course() -> str:
        """A page of the LMS with a link of ours in a frame."""
        query = request.query_string.decode()
        return f"<title>LMS</title><iframe src='/begin?{query}' width=600 height=400></iframe>"

    def forged(token: str, platform: Registered) -> str:
        """The library's token, or what the mood makes of it."""
        mood = book.mood.get("launch", "")
        claims = dict(jwt.decode(token, book.key, ["RS256"]).claims)
        header = {"alg": "RS256", "kid": str(platform.get_registration().get_kid())}
        key: Any = book.key
        if "claims" in book.mood:
            return jwt.encode(header, {**claims, **book.mood["claims"]}, key)
        if mood in MOODS:
            changed = {**claims, **MOODS[mood]}
            claims = {name: value for name, value in changed.items() if value is not None}
            return jwt.encode(header, claims, key)
        if mood == "unsigned":
            return jwt.encode({"alg": "none"}, claims, OctKey.generate_key(), ["none"])
        if mood == "shared_secret":
            secret = OctKey.import_key(CLIENT_ID * 8)
            return jwt.encode({**header, "alg": "HS256"}, claims, secret, ["HS256"])
        if mood == "forged":
            return jwt.encode(header, claims, RSAKey.generate_key(2048))
        if mood == "altered":
            head, body, _ = jwt.encode(header, {**claims, "sub": "olga"}, key).split(".")
            honest = jwt.encode(header, claims, key).split(".")[2]
            return f"{head}.{body}.{honest}"
        if mood == "garbage":
            return "no.token.at-all"
        return token

    @app.post("/token")
    def token() -> Any:
        if (answer := refused()) is not None and book.mood.get("where", "token") == "token":
            return answer
        return jsonify(book.platform().get_access_token(request.form.to_dict()))

    @app.route("/items", methods=["GET", "POST"])
    def items() -> Response:
        if book.mood.get("where") == "items" and (answer := refused()) is not None:
            return answer
        service = grades()
        if request.method == "POST":
            until = time.monotonic() + 8
            while book.mood.get("column_waits") and time.monotonic() < until:
                time.sleep(0.02)
            return sent(service.handle_resp(service.handle_create_lineitem))
        return sent(service.handle_resp(service.handle_get_lineitems))

    @app.post("/items/<item>/scores")
    def scores(item: str) -> Response:
        assert request.args["type_id"] == "1", "the query of a line item's address is kept"
        score = request.get_json()
        if score["userId"] in book.mood.get("refused_people", ()):
            return Response("this person is not enrolled", 400)
        if book.mood.get("dies_after", 1_000) <= len(book.scores):
            return Response("the gradebook is down", 503)
        service = grades(item)
        return sent(service.handle_resp(service.handle_update_score, line_item_id=item))

    @app.get("/items/<item>/results")
    def results(item: str) -> Response:
        service = grades(item)
        asked = dict(service.request.get_data)  # type: ignore[union-attr]
        service.request.request["get_data"] = {  # type: ignore[union-attr]
            name: value for name, value in asked.items() if name != "type_id"
        }
        return sent(service.handle_resp(service.handle_get_results, line_item_id=item))

    @app.get("/members")
    def members() -> Response:
        service = People(Asked(request), book.platform(), f"{book.issuer}/members")
        service.book = book
        service.request.request["get_data"].setdefault("limit", PAGE)  # type: ignore[union-attr]
        return sent(service.handle_resp(service.handle_get_members))

    @app.post("/links")
    def links() -> str:
        """Where the tool's answer to deep linking arrives."""
        platform = book.platform()
        found = platform.validate_deeplinking_resp(request.form.to_dict())
        book.links = found
        for item in found:
            if "lineItem" in item:
                service = Grades(None, platform, f"{book.issuer}/items")  # type: ignore[arg-type]
                service.book = book
                service.create_lineitem(item["lineItem"])
        return "<p>The links are made.</p>"

    @app.get("/.well-known/openid-configuration")
    def about() -> Response:
        said = {
            "issuer": book.issuer,
            "authorization_endpoint": f"{book.issuer}/authorize",
            "token_endpoint": f"{book.issuer}/token",
            "jwks_uri": f"{book.issuer}/keys",
            "registration_endpoint": f"{book.issuer}/register",
            "scopes_supported": LtiAgs(allow_creating_lineitems=True).get_available_scopes(),
            "https://purl.imsglobal.org/spec/lti-platform-configuration": {
                "product_family_code": "testlms",
            },
        }
        return jsonify({**said, **book.mood.get("about", {})})

    @app.post("/register")
    def register() -> Any:
        if request.headers.get("authorization") != "Bearer once":
            return Response("no such registration", 401)
        wanted = request.get_json()
        tool = wanted["https://purl.imsglobal.org/spec/lti-tool-configuration"]
        book.tool = {"login": wanted["initiate_login_uri"], "launch": tool["target_link_uri"]}
        book.mood["registered"] = wanted
        more = {"deployment_id": DEPLOYMENT}
        answer = {**wanted, "client_id": CLIENT_ID}
        answer["https://purl.imsglobal.org/spec/lti-tool-configuration"] = {**tool, **more}
        return jsonify(answer)

    @app.post("/mood")
    def mood() -> Response:
        said = request.get_json()
        book.tool = said.pop("tool", book.tool)
        book.members = said.pop("members", book.members)
        if said.pop("new_key", False):
            book.key = RSAKey.generate_key(2048, auto_kid=True)
        if said.pop("empty", False):
            book.items, book.scores, book.results = {}, [], {}
        if said.pop("twice", False):
            book.items["9"] = {**book.items["1"], "id": f"{book.issuer}/items/9?type_id=1"}
        if "worth" in said:
            book.items["1"]["scoreMaximum"] = said["worth"]
        for item, who, score, most in said.pop("grades", ()):
            known = book.results.setdefault(item, {})
            known[who] = {"timestamp": "", "progress": "", "score": score, "most": most}
        book.mood, book.asked = said, []
        return jsonify({})

    @app.get("/book")
    def shown() -> Response:
        kept = {"items": book.items, "scores": book.scores, "results": book.results}
        more = {"links": book.links, "asked": book.asked, "mood": book.mood}
        return jsonify({**kept, **more})

    return app


def main(host: str) -> None:
    book = Book()
    # The port is known only once the server is bound to it, and its address is the issuer.
    server = make_server("127.0.0.1", 0, Flask(__name__), threaded=True)
    book.issuer = f"http://{host}:{server.server_port}"
    server.app = make_app(book)
    print(book.issuer, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1])
