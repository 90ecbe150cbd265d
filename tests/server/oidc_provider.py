"""A sign-in provider on Authlib's server, in a process of its own: `python oidc_provider.py`.

Whoever comes is signed in as the person that `POST /mood` names last. The rest of the mood is what
a provider may do wrong; see `MOODS`.
"""

from __future__ import annotations

import sys
import time
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode, UserInfo
from flask import Flask, Response, jsonify, request
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey
from werkzeug.serving import make_server

CLIENT_ID, SECRET = "grader:test", "se/cret+1"
MOODS = {
    "other_issuer": {"iss": "https://elsewhere.example"},
    "other_audience": {"aud": "another-program"},
    "two_audiences": {"aud": ["grader:test", "another-program"]},
    "other_party": {"azp": "another-program"},
    "expired": {"exp": 1_000_000_000},
    "from_tomorrow": {"iat": 4_000_000_000},
    "other_nonce": {"nonce": "guessed"},
    "no_nonce": {"nonce": None},
    "no_subject": {"sub": None},
}


class Client(ClientMixin):
    def get_client_id(self) -> str:
        return CLIENT_ID

    def get_default_redirect_uri(self) -> None:
        return None

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri.endswith("/sign-in/oidc/end")

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method in ("client_secret_basic", "client_secret_post")

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


class Code(AuthorizationCodeMixin):
    def __init__(self, asked: Any, person: dict[str, Any]) -> None:
        data = asked.payload.data
        self.redirect_uri, self.scope = asked.payload.redirect_uri, asked.payload.scope
        self.nonce, self.person = data.get("nonce"), person
        self.code_challenge = data.get("code_challenge")
        self.code_challenge_method = data.get("code_challenge_method")
        self.auth_time = int(time.time())

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> int:
        return self.auth_time

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


class Provider:
    """What the provider knows."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "first"})
        self.codes: dict[str, Code] = {}
        self.tokens: dict[str, dict[str, Any]] = {}
        self.mood: dict[str, Any] = {}

    @property
    def person(self) -> dict[str, Any]:
        return dict(self.mood.get("person", {"sub": "1"}))


def sign(provider: Provider, claims: dict[str, Any]) -> str:
    """An identity token, as the mood wants it."""
    mood = provider.mood.get("mood", "")
    changed = {**claims, **MOODS.get(mood, {})}
    claims = {name: value for name, value in changed.items() if value is not None}
    if mood == "unsigned":
        return jwt.encode({"alg": "none"}, claims, OctKey.generate_key(), ["none"])
    if mood == "shared_secret":
        return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET * 8), ["HS256"])
    if mood == "new_key":
        provider.key = RSAKey.generate_key(2048, {"kid": "second"})
    key = RSAKey.generate_key(2048, {"kid": "first"}) if mood == "forged" else provider.key
    return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key, ["RS256"])


def make_app(provider: Provider, issuer: str) -> Flask:
    app = Flask(__name__)

    class Grant(grants.AuthorizationCodeGrant):
        TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic", "client_secret_post")

        def save_authorization_code(self, code: str, request: Any) -> None:
            provider.codes[code] = Code(request, request.user)

        def query_authorization_code(self, code: str, client: Client) -> Code | None:
            return provider.codes.get(code)

        def delete_authorization_code(self, authorization_code: Code) -> None:
            for code in [c for c, kept in provider.codes.items() if kept is authorization_code]:
                del provider.codes[code]

        def authenticate_user(self, authorization_code: Code) -> dict[str, Any]:
            return authorization_code.person

    class Identity(OpenIDCode):
        def exists_nonce(self, nonce: str, request: Any) -> bool:
            return False

        def generate_user_info(self, user: dict[str, Any], scope: str) -> UserInfo:
            if provider.mood.get("mood") in ("only_userinfo", "two_people"):
                return UserInfo(sub=user["sub"])
            return UserInfo(**user)

        def encode_id_token(self, token: dict[str, Any], request: Any) -> str:
            now = int(time.time())
            claims = {"iss": issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300}
            claims |= {"nonce": request.authorization_code.get_nonce()}
            return sign(provider, {**claims, **self.generate_user_info(request.user, "")})

    server = AuthorizationServer(
        app,
        query_client=lambda name: Client() if name == CLIENT_ID else None,
        save_token=lambda token, asked: provider.tokens.update({token["access_token"]: asked.user}),
    )
    server.register_grant(Grant, [Identity(require_nonce=True), CodeChallenge(required=True)])

    @app.get("/.well-known/openid-configuration")
    def about() -> Response:
        said = {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize?tenant=1",
            "token_endpoint": f"{issuer}/token",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "jwks_uri": f"{issuer}/keys",
            "token_endpoint_auth_methods_supported": provider.mood.get(
                "methods", ["client_secret_basic"]
            ),
        }
        return jsonify({**said, **provider.mood.get("about", {})})

    @app.get("/keys")
    def keys() -> Response:
        published = KeySet([provider.key]).as_dict(private=False)["keys"]
        return jsonify({"keys": [*provider.mood.get("keys", ()), *published]})

    @app.get("/authorize")
    def authorize() -> Any:
        grant = server.get_consent_grant(end_user=provider.person)
        user = None if provider.mood.get("mood") == "refused" else provider.person
        return server.create_authorization_response(grant_user=user, grant=grant)

    @app.post("/token")
    def token() -> Any:
        return server.create_token_response()

    @app.get("/userinfo")
    def userinfo() -> Response:
        person = provider.tokens[request.headers["authorization"].split()[1]]
        if provider.mood.get("mood") == "two_people":
            person = {**person, "sub": "somebody else"}
        return jsonify(person)

    @app.post("/mood")
    def mood() -> Response:
        provider.mood = request.get_json()
        return jsonify({})

    return app


def main() -> None:
    provider = Provider()
    # The port is known only once the server is bound to it, and its address is the issuer.
    server = make_server("127.0.0.1", 0, Flask(__name__), threaded=True)
    issuer = f"http://127.0.0.1:{server.server_port}"
    server.app = make_app(provider, issuer)
    print(issuer, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    sys.exit(main())
