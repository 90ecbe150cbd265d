"""The values of a sign-in at a provider; without the libraries that it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.errors import GraderFault


class ProviderFault(GraderFault):
    """The sign-in provider cannot be reached, or what it says cannot be trusted."""


@dataclass(frozen=True)
class SignInAttempt:
    """What the browser keeps between the two ends of a sign-in."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Identity:
    """Who somebody is at a provider. claims: what it says of them."""

    issuer: str
    subject: str
    claims: Mapping[str, Any]
