"""[tool.grader.server]: what the web server of a course may do and whom it lets in."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def _origin(text: str) -> str:
    """An origin as browsers write it."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or text.count("/") > 2:
        raise ValueError("an origin is a scheme and a host, such as https://pages.example.edu")
    return text.lower()


def _proxy(text: str) -> str:
    """An address or a network: uvicorn matches no names, and would believe everybody for "*"."""
    try:
        ip_network(text)
    except ValueError:
        raise ValueError(
            f"{text!r} is neither an address, such as 127.0.0.1, nor a network, such as 10.0.0.0/8"
        ) from None
    return text


ProxyAddress = Annotated[str, AfterValidator(_proxy)]
WebOrigin = Annotated[str, AfterValidator(_origin)]


class OidcSettings(BaseModel):
    """[tool.grader.server.oidc]: sign-in with the institution's accounts (OpenID Connect).

    issuer: the provider's address, below which its configuration is found. client_id: as the
    provider registered this server. client_secret_variable: the environment variable that holds the
    secret, which does not belong into a file. claim: the claim that names the person on the roster:
    by id, login or email. label: of the button.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: str
    client_id: str
    client_secret_variable: str = "GRADER_OIDC_SECRET"
    claim: str = "email"
    label: str = "Sign in with your institution's account"


class MailSettings(BaseModel):
    """[tool.grader.server.mail]: the SMTP server that sends invitations and tells of grades.

    password_variable: the environment variable that holds the password.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str
    port: int = 587
    sender: str
    user: str = ""
    password_variable: str = "GRADER_SMTP_PASSWORD"
    starttls: bool = True


class ServerSettings(BaseModel):
    """[tool.grader.server]. An unknown key is an error.

    address: where people reach the server, such as https://grader.example.edu; it is needed for
    links in invitations. upload_mb: the largest hand-in. hand_ins_per_hour: of one student for one
    homework. session_days: after so many days without a visit one has to sign in again.
    invitation_days: how long a one-time link works. token_days: how long a personal token works.
    trusted_proxies: addresses of proxies whose X-Forwarded-* headers are believed. data: the folder
    of what was handed in, relative to the course's folder. figures: which pictures reports keep, as
    for `grade`: none, those of checks that failed, also all that the student may see, or all.
    anonymous_marking: whether pages for marking always hide the students' names. web_pages: the
    origins, such as https://pages.example.edu, whose pages may hand in with a personal token.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    address: str | None = None
    upload_mb: float = Field(default=32, gt=0, le=64, allow_inf_nan=False)
    hand_ins_per_hour: int = Field(default=20, ge=1, strict=True)
    session_days: int = Field(default=14, ge=1, strict=True)
    invitation_days: int = Field(default=14, ge=1, strict=True)
    token_days: int = Field(default=365, ge=1, strict=True)
    trusted_proxies: tuple[ProxyAddress, ...] = ()
    data: str = ".grader/server"
    # Drawing a picture takes longer than many a homework's other checks together.
    figures: Literal["none", "failed", "visible", "all"] = "failed"
    anonymous_marking: bool = False
    web_pages: tuple[WebOrigin, ...] = ()
    oidc: OidcSettings | None = None
    mail: MailSettings | None = None
