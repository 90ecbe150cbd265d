"""Asking a platform's services with an access token, which it gives for one that our key signs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from grader.server.lti.protocol.outbound import PlatformAnswer, ask, ask_object, download, origin_of
from grader.server.lti.protocol.records import Platform, PlatformFault
from grader.server.lti.protocol.tokens import signed
from grader.server.lti.protocol.tool_keys import ToolKeys

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
Answer = TypeVar("Answer")


class PlatformAccess:
    """The services of a platform for these scopes. Every method raises PlatformFault.

    clock: the present, aware and in UTC.
    """

    def __init__(
        self,
        platform: Platform,
        scopes: Sequence[str],
        keys: ToolKeys,
        clock: Callable[[], datetime],
    ) -> None:
        self._platform = platform
        self._scopes = scopes
        self._keys = keys
        self._clock = clock
        self._token = ""

    def ask(self, method: str, address: str, accepts: str | None, **more: Any) -> PlatformAnswer:
        """A request; see `outbound.ask`. accepts: the media type of the answer, if it matters."""
        accept = {} if accepts is None else {"Accept": accepts}

        def once(token: Mapping[str, str]) -> PlatformAnswer:
            return ask(method, address, headers={**token, **accept}, **more)

        return self._with_token(once)

    def file(self, address: str, limit: int) -> bytes:
        """A file of at most so many bytes; see `outbound.download`."""

        def once(token: Mapping[str, str]) -> bytes:
            return download(address, headers=token, own=self.origins, limit=limit)

        return self._with_token(once)

    @property
    def origins(self) -> frozenset[str]:
        """Those that owners entered for the platform."""
        known = self._platform.settings
        addresses = known.issuer, known.authorization_url, known.token_url, known.key_set_url
        return frozenset(origin_of(each) for each in addresses)

    def _with_token(self, once: Callable[[Mapping[str, str]], Answer]) -> Answer:
        """Ask with the access token; with a new one if the old one has ended."""
        fresh = not self._token
        if fresh:
            self._token = self._new_token()
        try:
            return once({"Authorization": f"Bearer {self._token}"})
        except PlatformFault as exc:
            if exc.status != 401 or fresh:
                raise
        self._token = self._new_token()
        return once({"Authorization": f"Bearer {self._token}"})

    def _new_token(self) -> str:
        """An access token (1EdTech Security Framework 1.0, section 4.1)."""
        settings, now = self._platform.settings, self._clock()
        claims = {
            "iss": settings.client_id,
            "sub": settings.client_id,
            "aud": settings.token_audience or settings.token_url,
        }
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION,
            "client_assertion": signed(claims, self._keys.signing(now), now),
            "scope": " ".join(self._scopes),
        }
        token = ask_object("POST", settings.token_url, form=form).get("access_token")
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise PlatformFault("the platform gave no access token")
        return token
