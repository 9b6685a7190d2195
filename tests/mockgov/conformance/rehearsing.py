"""An integration on its rehearsal in the tiny town: everything as it must be, or one thing wrong."""

from typing import Any

from mockgov.faults import Refuse
from tests.mockgov.counters.town import LABEL, PLACE, Town

USER = f"{LABEL}-G2G-HES"
PLACES = PLACE | {"district": "Şişli", "city": "İSTANBUL"}


def nobodys(how_many: int, *, begin: int = 0) -> list[str]:
    """Codes of the right form that nobody has."""
    return [f"A0A0{number // 100:04}{number % 100:02}" for number in range(begin, begin + how_many)]


class Rehearsal:
    """Walks through every situation; each step can be left out or done wrongly by its name."""

    def __init__(self, town: Town) -> None:
        self.town = town

    def whole(self) -> None:
        """All of the catalogue, rightly."""
        self.ordinary()
        self.lists()
        self.trouble()
        self.care()

    def ordinary(self) -> None:
        """The four ordinary answers, with purpose and place."""
        town = self.town
        short, risky = town.issue(days=1), town.issue(town.father)
        town.ask("C1", {"hes_code": town.issue(town.stranger).text} | PLACES)
        town.ask("C2", {"hes_code": risky.text})
        town.advance(days=2)
        town.ask("C2", {"hes_code": short.text})
        town.ask("C2", {"hes_code": nobodys(1)[0]})

    def lists(self) -> None:
        """500 codes; then 501, refused and divided."""
        town, some = self.town, nobodys(501, begin=1_000)
        town.ask("C4", town.body_of("C4", nobodys(500, begin=100)))
        town.advance(minutes=5)
        town.ask("C4", town.body_of("C4", some))
        town.ask("C4", town.body_of("C4", some[:500]))
        town.ask("C4", town.body_of("C4", some[500:]))

    def trouble(self) -> None:
        """A planted 503, tried again; a password rotated and handed over."""
        town, code = self.town, self.town.issue().text
        town.ministry.world.faults.replace((Refuse(share=1.0, status=503),))
        town.ask("C2", {"hes_code": code})
        town.ministry.world.faults.replace(())
        town.ask("C2", {"hes_code": code})
        new = town.client.post(f"/_lab/accounts/{USER}/rotate").json()["password"]
        other = town.issue(town.stranger).text
        town.ask("C2", {"hes_code": other})
        town.ask("C2", {"hes_code": other}, password=new)
        town.passwords[USER] = new

    def care(self) -> None:
        """A code in its last hours, and enough different ones."""
        town = self.town
        ending = town.issue(days=1)
        town.advance(hours=22)
        town.ask("C2", {"hes_code": ending.text})
        for _ in range(6):
            town.ask("C2", {"hes_code": town.issue(town.stranger).text})

    def told(self, **query: Any) -> dict[str, Any]:
        """What the lab says of it."""
        answer = self.town.client.get("/_lab/conformance", params={"asker": USER} | query)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def outcome(self, key: str) -> str:
        """What became of one behaviour."""
        return str(next(one["outcome"] for one in self.told()["behaviours"] if one["key"] == key))
