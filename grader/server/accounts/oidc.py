"""OpenID Connect: who somebody is according to their institution's sign-in provider.

The authorization code flow with PKCE. What has to be the same at its two ends (state, nonce and
verifier) is in a cookie of the browser that began it, so that nobody can finish what another
browser began. An identity token counts only if the provider's published key signed it, for us, now,
and for this very sign-in.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx2
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from grader.course.server_settings import OidcSettings
from grader.errors import CourseError
from grader.server.accounts.identities import Identity, ProviderFault, SignInAttempt
from grader.server.accounts.published_keys import usable_keys

SCOPE = "openid email profile"
TIMEOUT_S = 10.0
LEEWAY_S = 60
# Signed by a key that the provider alone has. "none" and shared secrets are no proof.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")


class OidcClient:
    """We, at one provider. What it publishes of itself is asked once. Safe for threads.

    Raises CourseError for an issuer that is not encrypted.
    """

    def __init__(self, settings: OidcSettings, secret: str, clock: Callable[[], datetime]) -> None:
        if not _is_safe(settings.issuer):
            raise CourseError(
                f"issuer {settings.issuer!r} in [tool.grader.server.oidc] is not encrypted, so "
                "anybody between could sign in as anybody; give its https address"
            )
        self._settings = settings
        self._secret = secret
        self._clock = clock
        self._lock = threading.Lock()
        self._published: dict[str, Any] | None = None
        self._keys: KeySet | None = None

    def begin(self, redirect_uri: str) -> tuple[str, SignInAttempt]:
        """Where the browser has to go, and what it has to keep. Raises ProviderFault."""
        attempt = SignInAttempt(*(secrets.token_urlsafe(32) for _ in range(3)))
        challenge = hashlib.sha256(attempt.verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": redirect_uri,
            "scope": SCOPE,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        endpoint = self._endpoint("authorization_endpoint")
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}", attempt

    def finish(
        self, answer: Mapping[str, str], attempt: SignInAttempt, redirect_uri: str
    ) -> Identity:
        """Who came back. answer: what stands behind the question mark. Raises ProviderFault."""
        if not secrets.compare_digest(answer.get("state", "").encode(), attempt.state.encode()):
            raise ProviderFault("the provider's answer belongs to another sign-in")
        if answer.get("iss", self._settings.issuer) != self._settings.issuer:
            raise ProviderFault("the answer came from another provider")
        if not answer.get("code"):
            raise ProviderFault("the provider's answer has no code")
        token = self._exchange(answer["code"], attempt.verifier, redirect_uri)
        claims = self._verified(str(token.get("id_token", "")), attempt.nonce)
        if self._settings.claim not in claims and "userinfo_endpoint" in self._about():
            more = self._fetch(
                self._endpoint("userinfo_endpoint"),
                {"Authorization": f"Bearer {token.get('access_token', '')}"},
            )
            if more.get("sub") != claims["sub"]:
                raise ProviderFault("the provider's answers name two people")
            claims = {**more, **claims}
        return Identity(self._settings.issuer, str(claims["sub"]), claims)

    def _exchange(self, code: str, verifier: str, redirect_uri: str) -> dict[str, Any]:
        """The tokens for a code (RFC 6749, section 4.1.3)."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "client_id": self._settings.client_id,
            "code_verifier": verifier,
        }
        auth = None
        basic = ["client_secret_basic"]  # what a provider takes that publishes nothing of it
        if self._secret and "client_secret_basic" in self._about().get(
            "token_endpoint_auth_methods_supported", basic
        ):
            auth = (quote(self._settings.client_id, safe=""), quote(self._secret, safe=""))
        elif self._secret:
            form["client_secret"] = self._secret
        endpoint = self._endpoint("token_endpoint")
        try:
            return _json(httpx2.post(endpoint, data=form, auth=auth, timeout=TIMEOUT_S))
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as exc:
            raise ProviderFault(f"{endpoint} gave no token: {exc}") from None

    def _verified(self, text: str, nonce: str) -> dict[str, Any]:
        """The claims of an identity token. Raises ProviderFault."""
        rules = jwt.JWTClaimsRegistry(
            now=int(self._clock().timestamp()),
            leeway=LEEWAY_S,
            iss={"essential": True, "value": self._settings.issuer},
            aud={"essential": True, "value": self._settings.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            try:
                token = jwt.decode(text, self._key_set(), algorithms=list(ALGORITHMS))
            except InvalidKeyIdError:  # the provider has a new key
                token = jwt.decode(text, self._key_set(again=True), algorithms=list(ALGORITHMS))
            rules.validate(token.claims)
        except (JoseError, ValueError) as exc:
            raise ProviderFault(f"the provider's identity token is not valid: {exc}") from None
        claims = dict(token.claims)
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", "" if several else self._settings.client_id) != (
            self._settings.client_id
        ):
            raise ProviderFault("the provider's identity token was made for another program")
        return claims

    def _key_set(self, *, again: bool = False) -> KeySet:
        with self._lock:
            known = self._keys
        if known is None or again:
            known = usable_keys(self._fetch(self._endpoint("jwks_uri")))
            if not known.keys:
                raise ProviderFault("the provider publishes no key that can be read")
            with self._lock:
                self._keys = known
        return known

    def _endpoint(self, name: str) -> str:
        """An address that the provider publishes. It has to be as safe as the issuer's."""
        address = self._about().get(name)
        if not isinstance(address, str):
            raise ProviderFault(f"the provider publishes no {name}")
        if not _is_safe(address):
            raise ProviderFault(f"the provider's {name} is not encrypted")
        return address

    def _about(self) -> dict[str, Any]:
        with self._lock:
            known = self._published
        if known is None:
            issuer = self._settings.issuer
            known = self._fetch(issuer.rstrip("/") + "/.well-known/openid-configuration")
            if known.get("issuer") != issuer:
                raise ProviderFault(
                    f"the provider calls itself {known.get('issuer')!r}; write exactly that as "
                    "issuer in [tool.grader.server.oidc]"
                )
            with self._lock:
                self._published = known
        return known

    def _fetch(self, address: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        try:
            return _json(httpx2.get(address, headers=headers, timeout=TIMEOUT_S))
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as exc:
            raise ProviderFault(f"{address} cannot be read: {exc}") from None


def _is_safe(address: str) -> bool:
    """Whether nobody between can change what is said there: https, or on this machine."""
    parts = urlsplit(address)
    here = parts.hostname in ("127.0.0.1", "::1", "localhost")
    return parts.scheme == "https" or (parts.scheme == "http" and here)


def _json(response: httpx2.Response) -> dict[str, Any]:
    response.raise_for_status()
    value = response.json()
    if not isinstance(value, dict):
        raise ValueError("it is no JSON object")
    return value
