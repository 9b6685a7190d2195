"""Three requests that work as they stand against a seeded world."""

import json
from collections.abc import Sequence

from mockgov.ministry import Ministry
from mockgov.registry.rules import Citizen


def examples(ministry: Ministry, address: str) -> Sequence[str]:
    """A single check, a bulk check and a sign-in, as curl lines; empty for a world without people or accounts."""
    accounts = [a for a in ministry.credentials.accounts() if a.environment.value == "live" and a.username.isascii()]
    citizens = ministry.registry.citizens(limit=200)
    risky = ministry.risky_now([c.citizen_id for c in citizens])
    plain = _a_code(ministry, [c for c in citizens if c.citizen_id not in risky])
    marked = _a_code(ministry, [c for c in citizens if c.citizen_id in risky])
    phones = [c.phone.e164 for c in citizens if c.phone]
    if not accounts or not plain or not phones:
        return ("This world has no people or no accounts yet: hes world seed, or POST /_lab/people.",)
    name = accounts[0].username
    user = f"-u '{name}:{ministry.credentials.password(name, accounts[0].rotation)}'"
    base = f"{address}/services/g2g/saglik/hes"
    kind = "-H 'Content-Type: application/json'"
    bulk = json.dumps([{"hes_code": text} for text in (*plain, *marked, "A0A0000010")])
    return (
        f"curl -s {user} {kind} -d '{json.dumps({'hes_code': plain[0]})}' {base}/check-hes-code",
        f"curl -s {user} {kind} -d '{bulk}' {base}/check-hes-codes",
        (
            f"curl -s {kind} -d '{json.dumps({'phone': phones[0]})}' {address}/api/send-code-to-login"
            f" && curl -s '{address}/_lab/sms?limit=1'"
        ),
    )


def _a_code(ministry: Ministry, citizens: Sequence[Citizen]) -> Sequence[str]:
    """The first code that one of them has; nothing if none has any."""
    return next(([codes[0].text] for c in citizens if (codes := ministry.codes.of(c.citizen_id))), [])
