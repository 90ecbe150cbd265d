"""Receipts: what a hand-in was, and when it came by the server's clock, signed by the server."""

from __future__ import annotations

import json
from typing import Any

from grader.server.keys import ServerKeys
from grader.server.records import HandIn

VERSION = 1
PURPOSE = "receipt"


def signed_receipt(keys: ServerKeys, course: str, address: str, hand_in: HandIn) -> dict[str, Any]:
    """The receipt of a hand-in, for JSON."""
    receipt: dict[str, Any] = {
        "receipt_version": VERSION,
        "course": course,
        "assignment": hand_in.assignment,
        "student": hand_in.student_id,
        "members": list(hand_in.members),
        "received_at": hand_in.received_at.isoformat(),
        "number": hand_in.number,
        "sha256": hand_in.sha256,
        "size": hand_in.size,
        "address": address,
    }
    return {**receipt, "signature": keys.sign(PURPOSE, _canonical(receipt))}


def is_genuine(keys: ServerKeys, receipt: dict[str, Any]) -> bool:
    """Whether this server signed a receipt, and nothing in it was changed."""
    plain = {name: value for name, value in receipt.items() if name != "signature"}
    signature = receipt.get("signature")
    return isinstance(signature, str) and keys.verify(PURPOSE, _canonical(plain), signature)


def _canonical(receipt: dict[str, Any]) -> str:
    return json.dumps(receipt, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
