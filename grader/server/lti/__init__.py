"""The connection to learning-management systems (LTI 1.3): they are platforms, this is the tool.

Theory of operation. A launch has two ends, as a sign-in with OpenID Connect has: the platform sends
the browser to us, we send it back with a state and a nonce that we keep in a signed cookie, and the
platform has the browser post a token to us. The token counts only with the platform's own
signature, for this server, for a deployment that an owner has accepted, now, and once. Whom it
names is known by the issuer and its `sub` alone; who is not known yet is joined to a student by a
rule that an owner chose, or by an owner's hand. Services (grades, roster) are asked with a token
that our own key signs; what a platform answers is read within bounds of size and time.

`protocol` is what both sides say, `platforms` whom we are connected to, `grades` and `assets` what
is sent and fetched, `pages` what is asked of us. Each may import those before it, and never one
after it: `server.site` has the platforms, so what has a page or a site comes later.
"""
