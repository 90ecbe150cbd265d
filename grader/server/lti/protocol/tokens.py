"""Tokens: what a platform signed is read with suspicion, and what we say is signed."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import RSAKey

from grader.server.accounts.published_keys import usable_keys
from grader.server.lti.protocol.key_sets import PlatformKeys
from grader.server.lti.protocol.records import (
    CLAIM,
    MESSAGES,
    LaunchRefused,
    Platform,
    PlatformFault,
    Reason,
)
from grader.server.lti.protocol.tool_keys import ALGORITHM

LEEWAY_S = 60
OUR_TOKEN_S = 300
LONGEST_TOKEN = 64_000
# Signed by a key that the platform alone has. "none" and shared secrets are no proof.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")


def verified(
    text: str, platform: Platform, nonce: str, keys: PlatformKeys, now: datetime
) -> dict[str, Any]:
    """The claims of a launch's token. Raises LaunchRefused.

    That its nonce is used once is for the caller to see to.
    """
    rules: dict[str, dict[str, Any]] = {
        "sub": {"essential": True},
        "nonce": {"essential": True, "value": nonce},
    }
    claims = _valid_claims(text, platform, keys, now, rules)
    if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255:
        raise LaunchRefused(Reason.CLAIMS, "sub: it names nobody")
    if claims.get(f"{CLAIM}message_type") not in MESSAGES:
        raise LaunchRefused(Reason.CLAIMS, "message_type: this server takes no such message")
    return claims


def verified_notice(
    text: str, platform: Platform, keys: PlatformKeys, now: datetime
) -> dict[str, Any]:
    """The claims of a notice's token (LTI Platform Notification Service 1.0). Raises LaunchRefused.

    It has a nonce of the platform's own. That it is used once is for the caller to see to.
    """
    claims = _valid_claims(text, platform, keys, now, {"nonce": {"essential": True}})
    if not isinstance(claims["nonce"], str) or not 0 < len(claims["nonce"]) <= 255:
        raise LaunchRefused(Reason.CLAIMS, "nonce: it is no short text")
    return claims


def sender_of(text: str) -> tuple[str, str]:
    """Issuer and client id that a token names, without a proof. Raises LaunchRefused.

    They only tell whose keys have to verify it.
    """
    _require_short(text)
    try:
        claims = json.loads(jws.extract_compact(text.encode()).payload)
        several = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        issuer, client = claims["iss"], claims.get("azp") or several[0]
    except (JoseError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        raise LaunchRefused(Reason.CLAIMS, "it is no token") from None
    if not isinstance(issuer, str) or not isinstance(client, str):
        raise LaunchRefused(Reason.CLAIMS, "iss, aud: they are no texts")
    return issuer, client


def _require_short(text: str) -> None:
    if len(text) > LONGEST_TOKEN:
        raise LaunchRefused(Reason.CLAIMS, "it is longer than any launch")


def _valid_claims(
    text: str,
    platform: Platform,
    keys: PlatformKeys,
    now: datetime,
    rules: Mapping[str, dict[str, Any]],
) -> dict[str, Any]:
    """What the platform signed for us, for a deployment that counts. rules: for more claims."""
    _require_short(text)
    claims = _signed_claims(text, platform, keys)
    settings = platform.settings
    needed = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=LEEWAY_S,
        iss={"essential": True, "value": settings.issuer},
        aud={"essential": True, "value": settings.client_id},
        exp={"essential": True},
        iat={"essential": True},
        **rules,  # type: ignore[arg-type]  # each is what the library takes
    )
    try:
        needed.validate(claims)
    except (JoseError, ValueError, TypeError) as exc:
        raise LaunchRefused(Reason.CLAIMS, str(exc)) from None
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", "" if several else settings.client_id) != settings.client_id:
        raise LaunchRefused(Reason.CLAIMS, "azp: it was made for another program")
    if claims.get(f"{CLAIM}version") != "1.3.0":
        raise LaunchRefused(Reason.CLAIMS, "version: it is not LTI 1.3.0")
    deployment = claims.get(f"{CLAIM}deployment_id")
    if not isinstance(deployment, str) or deployment not in settings.deployments:
        raise LaunchRefused(Reason.DEPLOYMENT, str(deployment))
    return claims


def _signed_claims(text: str, platform: Platform, keys: PlatformKeys) -> dict[str, Any]:
    """What a published key signed; published keys are read again for a key that is unknown."""
    address = platform.settings.key_set_url
    try:
        found, fetched = keys.get(address)
        try:
            return _decoded(text, found)
        except InvalidKeyIdError:
            if fetched:
                raise
            return _decoded(text, keys.get(address, unknown=True)[0])
    except PlatformFault as exc:
        raise LaunchRefused(Reason.KEYS, str(exc)) from None
    except (JoseError, ValueError, TypeError, KeyError) as exc:
        raise LaunchRefused(Reason.SIGNATURE, str(exc)) from None


def _decoded(text: str, published: Mapping[str, Any]) -> dict[str, Any]:
    return dict(jwt.decode(text, usable_keys(published), algorithms=list(ALGORITHMS)).claims)


def signed(claims: Mapping[str, Any], key: Mapping[str, Any], now: datetime) -> str:
    """A token of ours, for a few minutes. key: see `ToolKeys.signing`."""
    at = int(now.timestamp())
    said = {"iat": at, "exp": at + OUR_TOKEN_S, "jti": secrets.token_urlsafe(16), **claims}
    private = RSAKey.import_key({name: each for name, each in key.items() if name != "made"})
    return jwt.encode({"alg": ALGORITHM, "typ": "JWT", "kid": key["kid"]}, said, private)
