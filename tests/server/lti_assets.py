"""The part of an LMS that keeps what students hand in: files, reports beside them, and notices.

The names and the shapes are those of Canvas's public documents "Document Processor" and "Platform
Notification Service" (doc/api/document_processor.md and pns.md in instructure/canvas-lms), and what
is refused is what its AssetProcessorController refuses. Tokens are given and read by the library.
"""

from __future__ import annotations

import base64
import hashlib
import time
import uuid
from typing import Any

from flask import Flask, Response, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from lti1p3platform.constants import (
    LTI_1P3_ACCESS_TOKEN_SCOPES,
    LTI_DEEP_LINKING_ACCEPTED_TYPES,
)

SCOPE = "https://purl.imsglobal.org/spec/lti/scope/"
CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
SCOPES = tuple(f"{SCOPE}{name}" for name in ("noticehandlers", "asset.readonly", "report"))
# The library is older than asset processors, and takes and gives what it knows alone.
LTI_1P3_ACCESS_TOKEN_SCOPES += SCOPES
LTI_DEEP_LINKING_ACCEPTED_TYPES.add("ltiAssetProcessor")
# What is changed in the claims of a notice; None takes one away.
NOTICES: dict[str, dict[str, Any]] = {
    "expired": {"exp": 1_700_000_000},
    "endless": {"exp": 4_000_000_000},
    "other_issuer": {"iss": "https://elsewhere.example"},
    "other_audience": {"aud": "another-tool", "azp": "another-tool"},
    "no_nonce": {"nonce": None},
    "other_deployment": {f"{CLAIM}deployment_id": "deployment-of-another"},
    "old_version": {f"{CLAIM}version": "1.1"},
    "no_assets": {f"{CLAIM}assetservice": None},
    "nobody": {f"{CLAIM}for_user": None},
    "no_time": {f"{CLAIM}notice": {"id": "1", "timestamp": "x", "type": "-"}},
    "other_notice": {
        f"{CLAIM}notice": {
            "id": "1",
            "timestamp": "2025-03-19T11:11:17Z",
            "type": "LtiHelloWorldNotice",
        }
    },
}


def add_assets(app: Flask, book: Any) -> None:
    """Serve them. book: the LMS, see `lti_platform.Book`."""
    files: dict[str, bytes] = {}
    handlers: dict[str, str] = {}
    reports: list[dict[str, Any]] = []

    def require(scope: str) -> Response | None:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind != "Bearer" or not book.platform().validate_token(token, [f"{SCOPE}{scope}"]):
            return Response("no token for that", 401)
        return None

    @app.get("/api/lti/asset_processors/<int:processor>/assets/<asset>")
    def asset(processor: int, asset: str) -> Any:
        if (refused := require("asset.readonly")) is not None:
            return refused
        mood = book.mood.get("assets", "")
        if mood == "hang":
            time.sleep(60)
        if mood.isdigit():
            return Response("the file is gone", int(mood))
        if mood == "elsewhere":
            return redirect(book.mood["to"])
        # "Canvas may return a redirect. Make sure your client follows redirects."
        return redirect(f"{book.issuer}/storage/{asset}")

    @app.get("/storage/<asset>")
    def storage(asset: str) -> Response:
        assert "authorization" not in request.headers or request.host in book.issuer
        mood = book.mood.get("assets", "")
        data = {"wrong": b"other", "huge": b" " * 5_000_000}.get(mood, files[asset])
        return Response(data, 200, content_type="application/octet-stream")

    @app.post("/api/lti/asset_processors/<int:processor>/reports")
    def report(processor: int) -> Any:
        if (refused := require("report")) is not None:
            return refused
        if mood := book.mood.get("reports", ""):
            return Response("the assignment is archived", int(mood))
        said = request.get_json()
        same = [
            each
            for each in reports
            if all(each[name] == said[name] for name in ("assetId", "type"))
            and each["processor"] == processor
        ]
        if said["assetId"] not in files or not said["type"]:
            return Response("Invalid asset", 400)
        if any(each["timestamp"] > said["timestamp"] for each in same):
            return Response("An existing report has a newer timestamp", 409)
        if said["priority"] not in range(6) or len(said.get("result", "")) > 255:
            return Response("invalid report", 400)
        reports.append({**said, "processor": processor})
        return jsonify(said), 201

    @app.put("/api/lti/notice-handlers/<int:tool>")
    def handler(tool: int) -> Any:
        if (refused := require("noticehandlers")) is not None:
            return refused
        if mood := book.mood.get("handlers", ""):
            return Response("not found", int(mood))
        said = request.get_json()
        handlers[said["notice_type"]] = said["handler"]
        return jsonify(said)

    @app.get("/assets")
    def kept_assets() -> Response:
        return jsonify({"reports": reports, "handlers": handlers, "files": list(files)})

    @app.post("/submit")
    def submit() -> Any:
        """A student hands in; the body that the LMS sends to the tool's handler of notices."""
        said = request.get_json()
        if said.get("first"):
            reports.clear()
            handlers.clear()
        assets = []
        for name, text in said["files"].items():
            key, data = str(uuid.uuid4()), text.encode()
            files[key] = data
            url = f"{book.issuer}/api/lti/asset_processors/83/assets/{key}"
            checksum = base64.b64encode(hashlib.sha256(data).digest()).decode()
            about = {"asset_id": key, "url": url, "sha256_checksum": checksum, "size": len(data)}
            more = {"timestamp": said["at"], "content_type": "text/x-python", "title": "Demo"}
            # A text entry has no file name.
            named = {"filename": name} if name else {}
            assets.append({**about, **more, **named, **said.get("asset", {})})
        now = int(time.time())
        registered = book.platform().get_registration()
        claims = {
            f"{CLAIM}version": "1.3.0",
            f"{CLAIM}notice": {
                "id": str(uuid.uuid4()),
                "timestamp": said["at"],
                "type": "LtiAssetProcessorSubmissionNotice",
            },
            "aud": registered.get_client_id(),
            "azp": registered.get_client_id(),
            f"{CLAIM}deployment_id": registered.get_deployment_id(),
            "exp": now + 3600,
            "iat": now,
            "iss": book.issuer,
            "nonce": str(uuid.uuid4()),
            f"{CLAIM}context": {
                "id": said.get("context", "course-1"),
                "label": "ML",
                "title": "Machine learning",
                "type": ["http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering"],
            },
            f"{CLAIM}custom": said.get("custom", {"homework": "demo"}),
            f"{CLAIM}for_user": {"user_id": said["who"]},
            f"{CLAIM}assetreport": {
                "scope": [f"{SCOPE}report"],
                "report_url": said.get(
                    "report_url", f"{book.issuer}/api/lti/asset_processors/83/reports"
                ),
            },
            f"{CLAIM}assetservice": {"scope": [f"{SCOPE}asset.readonly"], "assets": assets},
            f"{CLAIM}activity": {"id": "d79c2ded-b078-4e8e-b090-dd1d380fc596"},
            f"{CLAIM}submission": {"id": said.get("submission", f"{uuid.uuid4()}:1")},
        }
        return jsonify({"notices": [{"jwt": _signed(claims, said.get("mood", ""), book)}]})


def _signed(claims: dict[str, Any], mood: str, book: Any) -> str:
    header = {"alg": "RS256", "kid": str(book.platform().get_registration().get_kid())}
    changed = {**claims, **NOTICES.get(mood, {})}
    claims = {name: value for name, value in changed.items() if value is not None}
    if mood == "forged":
        return jwt.encode(header, claims, RSAKey.generate_key(2048))
    if mood == "unsigned":
        return jwt.encode({"alg": "none"}, claims, OctKey.generate_key(), ["none"])
    token = jwt.encode(header, claims, book.key)
    if mood == "altered":
        head, _, signature = token.split(".")
        other = jwt.encode(header, {**claims, f"{CLAIM}for_user": {"user_id": "x"}}, book.key)
        return f"{head}.{other.split('.')[1]}.{signature}"
    return "no token" if mood == "garbage" else token
