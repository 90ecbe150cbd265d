"""The keys that somebody else publishes to verify their tokens with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, KeySet


def usable_keys(published: Mapping[str, Any]) -> KeySet:
    """The keys of a JSON Web Key Set that can be read; there may be none.

    One that cannot be read does not spoil the others (RFC 7517, section 5): a provider may publish
    a kind of key that we do not know beside the one that we do.
    """
    listed = published.get("keys")
    usable = []
    for each in listed if isinstance(listed, list) else ():
        try:
            usable.append(JWKRegistry.import_key(each))
        except (JoseError, ValueError, TypeError, KeyError, AttributeError):
            continue
    return KeySet(usable)
