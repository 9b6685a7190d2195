"""A served town, and requests to it ready to be sent over bare sockets."""

import json

from tests.mockgov.counters.town import LABEL, Town, basic
from tests.serving import Answer, Serving, request

CHECK = "/services/g2g/saglik/hes/check-hes-code"
BULK = "/services/g2g/saglik/hes/check-hes-codes"
WORLD = "/_lab/world"


class Gate(Serving):
    """A served town, and requests to it ready to be sent."""

    def __init__(self, town: Town) -> None:
        super().__init__(town.worlds)
        self.town = town
        self.codes = [town.issue().text for _ in range(3)]
        name = f"{LABEL}-G2G-HES"
        self.basic = {"authorization": basic(name, town.passwords[name])}

    def hot(self, body: object = None, path: str = CHECK, **headers: str) -> bytes:
        """A request that the protocol answers itself."""
        raw = body if isinstance(body, bytes) else json.dumps(body or {"hes_code": self.codes[0]}).encode()
        return request("POST", path, raw, self.basic | headers)

    def cold(self, path: str = WORLD, **headers: str) -> bytes:
        """A request that goes uvicorn's ordinary way."""
        return request("GET", path, headers=headers)


def kind(answer: Answer) -> str:
    """What a 200 is about: a status, a bulk, or a world."""
    body = json.loads(answer.body)
    return str(body.get("current_health_status") or body.get("name") or sorted(body))
