#!/usr/bin/env bash
# joserfc 1.8.0: one key that it does not support makes a whole key set unreadable.
#
# RFC 7517, section 5, says that keys of a set should be ignored whose members are missing or out of the
# supported range. joserfc ignores a key whose `kty` it does not know, but raises for a curve that it
# does not know (a bare KeyError, no JoseError), for a `use` other than "sig" and "enc", which section
# 4.2 allows, and for a key that lacks a member. So a provider that begins to publish such a key
# beside its old one ends every sign-in. PyJWT leaves out what it cannot read, and reads the rest.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install -q joserfc==1.8.0 pyjwt==2.15.1

cat >show.py <<'PY'
import jwt
from joserfc import jwt as joserfc_jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

private = RSAKey.generate_key(2048, auto_kid=True)
good = private.as_dict(private=False)
token = joserfc_jwt.encode({"alg": "RS256", "kid": good["kid"]}, {"sub": "ada"}, private)
OTHERS = {
    "a kty that it does not know": {"kty": "AKP", "kid": "x", "alg": "ML-DSA-44", "pub": "AAAA"},
    "a curve that it does not know": {"kty": "EC", "crv": "BP-256", "kid": "x", "x": "AA", "y": "AA"},
    "a use of its own": {**good, "kid": "x", "use": "tls"},
    "a member that is missing": {"kty": "RSA", "kid": "x", "e": "AQAB"},
}
seen = {}
for name, other in OTHERS.items():
    try:
        keys = KeySet.import_key_set({"keys": [other, good]})
        said = joserfc_jwt.decode(token, keys, ["RS256"]).claims["sub"]
    except Exception as exc:
        said = f"{type(exc).__name__}, JoseError: {isinstance(exc, JoseError)}"
    try:
        usable = len(jwt.PyJWKSet.from_dict({"keys": [other, good]}).keys)
    except Exception as exc:
        usable = type(exc).__name__
    seen[name] = said
    print(f"{name}: joserfc {said}; PyJWT's keys {usable}")
assert list(seen.values()) == [
    "ada",
    "KeyError, JoseError: False",
    "KeyParameterError, JoseError: True",
    "KeyParameterError, JoseError: True",
], seen
PY

venv/bin/python show.py
# Seen with Python 3.11.7 on Linux:
# a kty that it does not know: joserfc ada; PyJWT's keys 1
# a curve that it does not know: joserfc KeyError, JoseError: False; PyJWT's keys 1
# a use of its own: joserfc KeyParameterError, JoseError: True; PyJWT's keys 2
# a member that is missing: joserfc KeyParameterError, JoseError: True; PyJWT's keys 1
