"""A route of the OpenAPI, and what lets one in there."""

from typing import Any, NamedTuple

from tests.mockgov.counters.joined import KEP
from tests.mockgov.counters.town import Town, basic


class Route(NamedTuple):
    """One route as the OpenAPI names it."""

    method: str
    path: str
    body: Any = None
    """A good body; None where none is read."""
    optional: tuple[str, ...] = ()
    """Fields of the body that may be null."""
    raw: str = ""
    """The content type of a body that is no JSON."""

    def url(self, town: Town) -> str:
        """Its path, with parameters that exist in the town."""
        joined = town.joined
        known = {
            "{name}": lambda: "default",
            "{snapshot}": lambda: "kept",
            "{citizen_id}": lambda: "1",
            "{username}": lambda: "KURUM-TEST",
            "{code}": lambda: town.code.text,
            "{number}": lambda: str(joined.mail_number) if "/mail/" in self.path else joined.application.number,
            "{n}": lambda: "1",
            "{institution_id}": lambda: "1",
            "{exchange_number}": lambda: str(town.ministry.journal.first),
            "{request_number}": lambda: "1",
            "{front}": lambda: "mobile",
            "{letter_id}": lambda: str(joined.letter_id),
            "{evidence_id}": lambda: str(joined.letter_id),
            "{message_id}": lambda: "0000000001",
            "{issuer}": lambda: "qualified",
            "{question}": lambda: "x",
            "{serial}": lambda: joined.serial,
            "{address}": lambda: KEP if joined.kep_password else "",
            "{phone}": lambda: town.mother.phone.e164,
            "{callback_id}": lambda: str(joined.callback.number),
            "{delivery_id}": lambda: str(joined.delivery.number),
        }
        path = self.path
        for name, value in known.items():
            if name in path:
                path = path.replace(name, value())
        return path

    def headers(self, town: Town) -> dict[str, str]:
        """Whatever lets one in."""
        opens = {
            "/services/g2g/test/": lambda: {"authorization": basic("KURUM-TEST", town.passwords["KURUM-TEST"])},
            "/services/g2g/": lambda: {"authorization": basic("KURUM-G2G-HES", town.passwords["KURUM-G2G-HES"])},
            "/sms/": lambda: {"authorization": town.joined.sms_account},
            "/kurumsal-entegrasyon/api/applications/": lambda: {"x-application-key": town.joined.key},
            "/kep/api/sessions": dict,
            "/kep/": lambda: {"authorization": f"Bearer {town.joined.kep_token}"},
            "/api/": lambda: {"authorization": f"Bearer {town.token}"},
            "/services/": lambda: {"authorization": f"Bearer {town.token}"},
        }
        return next((made() for begin, made in opens.items() if self.path.startswith(begin)), {})
