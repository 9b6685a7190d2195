"""The same people through every channel: one consistent story, in one audit trail.

A small town on the wire, at a clock that stands still until a rule moves it. Rules act as a person or an institution
at one channel; each tells the story what must have happened: `made`, `ended`, `gone`, `asked`. Whoever looks at any
list at any time must see what the story says, and the whole trail is compared at the end.

A new channel is one rule for each thing that is done there:

    @rule(holder=PERSON, days=DAYS)
    def makes_by_sms(self, holder, days):
        code = …                       # do it at the channel, as the person
        self.made(holder, code, ends_at, "hes-sms")

    @rule(asker=PERSON, code=CODES)
    def queries_on_edevlet(self, asker, code):
        seen = …                       # RISKLESS, RISKY, hescodenotfound or hescodehasbeenexpired
        self.asked(name_in_the_trail, purpose, code, seen)
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from mockgov.clock import TURKEY, to_us
from mockgov.counters.reading import wire_moment
from mockgov.queries.rules import EXPIRED, NOT_FOUND
from tests.edevlet import QUERY, Visitor
from tests.mockgov.counters.town import BASES, LABEL, LIVE, QUICK, TEST, Town

RISKLESS, RISKY = "RISKLESS", "RISKY"
ADULTS = ("mother", "father", "stranger")
PERSON = st.sampled_from(ADULTS)
DAYS = st.sampled_from([0, 1, 7, 60])
INDEFINITE = datetime.fromisoformat("2070-12-30T13:00:00+00:00")
SINGLE = {"C1": "visitor", "C2": "employee", "C3": "single", "C5": "single-plus"}
BULK = {"C4": "bulk", "C6": "bulk-plus"}
NEVER_MADE = "A1B2999919"
KVKK = "/services/kvkkservice/api/"
SETTINGS = replace(QUICK, short_number_codes=1000, short_number_texts_a_day=1000, edevlet_queue_s=0)
"""Limits and queues have tests of their own."""


class Streets(Town):
    """The town without any report: who is at risk, the story says."""

    def _reports(self) -> None:
        """Nobody has been tested."""


@dataclass
class Code:
    """A code, as the story has it."""

    text: str
    holder: str
    ends_at: datetime
    channel: str
    gone: bool = False


@dataclass
class Row:
    """A question, as the story has it."""

    at: datetime
    asker: str
    purpose: str
    code: str
    holder: str | None
    outcome: str


@dataclass
class Story:
    """What has happened so far, to the best of anybody's knowledge."""

    codes: dict[str, Code] = field(default_factory=dict)
    isolated: dict[str, list[tuple[datetime, datetime]]] = field(default_factory=dict)
    trail: list[Row] = field(default_factory=list)

    def truth(self, text: str, now: datetime) -> tuple[str, str | None]:
        """What every channel must answer about a code now, and whose it is."""
        code = self.codes.get(text)
        if code is None or code.gone:
            return NOT_FOUND, None
        if code.ends_at <= now:
            return EXPIRED, code.holder
        spans = self.isolated.get(code.holder, [])
        return (RISKY if any(begins <= now < ends for begins, ends in spans) else RISKLESS), code.holder

    def codes_of(self, *holders: str) -> list[str]:
        """Codes that are not deleted, holder by holder, in the order of making."""
        return [
            code.text for holder in holders for code in self.codes.values() if code.holder == holder and not code.gone
        ]


class OneStory(RuleBasedStateMachine):
    """People and institutions, each at their own counter."""

    codes = Bundle("codes")

    def __init__(self) -> None:
        super().__init__()
        self.town = Streets(SETTINGS)
        self.ministry = self.town.ministry
        self.story = Story()
        self.tokens: dict[str, tuple[datetime, dict[str, str]]] = {}

    @property
    def now(self) -> datetime:
        return self.ministry.world.now()

    def citizen(self, name: str) -> Any:
        return getattr(self.town, name)

    def bearer(self, name: str) -> dict[str, str]:
        """The header of a person's phone, signed in anew every three weeks."""
        since, header = self.tokens.get(name, (None, {}))
        if since is None or self.now - since > timedelta(days=21):
            header = self.town.bearer(self.citizen(name))
            self.tokens[name] = self.now, header
        return header

    # What the story is told

    def made(self, holder: str, text: str, ends_at: datetime, channel: str) -> str:
        """A code has been made, and never was there before."""
        assert text not in self.story.codes
        self.story.codes[text] = Code(text=text, holder=holder, ends_at=ends_at, channel=channel)
        return text

    def asked(self, asker: str, purpose: str, text: str, seen: str) -> None:
        """A question has been answered, truly; it stands in the trail."""
        outcome, holder = self.story.truth(text, self.now)
        assert seen == outcome
        self.story.trail.append(Row(self.now, asker, purpose, text, holder, outcome))

    # The application

    @initialize(target=codes, days=DAYS)
    def has_a_code(self, days: int) -> str:
        """The story begins with one."""
        return self._make("mother", "mother", days)

    @rule(target=codes, holder=PERSON, days=DAYS)
    def makes_in_the_app(self, holder: str, days: int) -> str:
        """M5: up to a day, or without end."""
        return self._make(holder, holder, days)

    @rule(target=codes, parent=st.sampled_from(["mother", "father"]), days=DAYS)
    def makes_for_the_child(self, parent: str, days: int) -> str:
        """M5 by a parent; the code is the child's, and both parents see it."""
        return self._make(parent, "child", days, child_tckn=self.town.child.identity.digits)

    def _make(self, maker: str, holder: str, days: int, **fields: Any) -> str:
        last = (self.now + timedelta(days=days)).astimezone(TURKEY).date()
        ends_at = datetime.combine(last + timedelta(days=1), datetime.min.time(), TURKEY) if days else INDEFINITE
        body = {"expiration_date": last.isoformat() if days else None, **fields}
        answer = self.town.client.post("/services/hescodeproxy/api/hes-codes-tr", json=body, headers=self.bearer(maker))
        made = answer.json()
        assert made["expiration_date"] == wire_moment(ends_at)
        return self.made(holder, made["hes_code"], ends_at, "hes-mobile")

    @rule(asker=PERSON, code=st.one_of(codes, st.just(NEVER_MADE)), plus=st.booleans())
    def checks_in_the_app(self, asker: str, code: str, plus: bool) -> None:
        """M6 and M7, about anybody's code."""
        path = "/services/hescodeproxy/api/check-hes-code" + ("-plus" if plus else "")
        answer = self.town.client.post(path, json={"hes_code": code}, headers=self.bearer(asker)).json()
        seen = answer.get("current_health_status") or answer["errorKey"]
        number = self.citizen(asker).citizen_id
        self.asked(f"citizen:{number}", "person-plus" if plus else "person", code, seen)

    @rule(holder=PERSON)
    def lists_in_the_app(self, holder: str) -> None:
        """M4: one's own, then the child's; with channel and status."""
        listed = self.town.client.get("/services/hescodeproxy/api/hes-codes", headers=self.bearer(holder)).json()
        holders = [holder] if holder == "stranger" else [holder, "child"]
        assert [one["hes_code"] for one in listed] == self.story.codes_of(*holders)
        for one in listed:
            code = self.story.codes[one["hes_code"]]
            assert (one["created_by"], one["expiration_date"]) == (code.channel, wire_moment(code.ends_at))
            if code.ends_at > self.now:
                assert one["current_health_status"] == self.story.truth(code.text, self.now)[0]

    @rule(holder=PERSON, page=st.integers(1, 4))
    def reads_who_asked(self, holder: str, page: int) -> None:
        """All pages together are the trail of one's own codes."""
        holders = {holder: None} | ({} if holder == "stranger" else {"child": self.town.child.identity.digits})
        for whose, tckn in holders.items():
            rows, before = list[dict[str, Any]](), None
            while not rows or before is not None:
                body = {"limit": page, "before": before, "child_tckn": tckn}
                answer = self.town.client.post(f"{KVKK}who-asked", json=body, headers=self.bearer(holder)).json()
                rows, before = [*rows, *answer["rows"]], answer["before"]
                if not rows:
                    break
            expected = [row for row in reversed(self.story.trail) if row.holder == whose]
            assert [(one["date"], one["purpose"], one["hes_code"], one["answer"]) for one in rows] == [
                (wire_moment(row.at), row.purpose, row.code, row.outcome) for row in expected
            ]

    # The short number, and e-Devlet

    @rule(target=codes, holder=PERSON, days=st.sampled_from([1, 7, 60, None]))
    def makes_by_sms(self, holder: str, days: int | None) -> str:
        """A text from one's own phone, proven by card or, a foreigner's, by birth year; the second reply has it."""
        person = self.citizen(holder)
        proof = "1990" if holder == "stranger" else person.id_card.last_four
        text = f"HES {person.identity.digits} {proof} {'süresiz' if days is None else days}"
        ends_at = INDEFINITE if days is None else self.now + timedelta(days=days)
        path = f"/_lab/handsets/{person.phone.wire}"
        sent = self.town.client.post(f"{path}/send", json={"to": "2023", "text": text})
        assert sent.status_code == 201
        self.town.advance(seconds=16)
        (said,) = [
            one["text"]
            for one in self.town.client.get(f"{path}?limit=10000").json()["inbox"]
            if "HES kodunuz oluşturuldu" in one["text"] and one["text"][:12].replace("-", "") not in self.story.codes
        ]
        return self.made(holder, said[:12].replace("-", ""), ends_at, "hes-sms")

    @rule(asker=PERSON, code=st.one_of(codes, st.just(NEVER_MADE)))
    def queries_on_edevlet(self, asker: str, code: str) -> None:
        """The page says Riskli or Riskli Değil; of bad codes it says but that they are."""
        person, client = self.citizen(asker), self.town.client
        visitor = Visitor(client)
        password = self.ministry.edevlet.password(person.citizen_id)
        assert visitor.sign_in(person.identity.digits, password).status_code == 302
        result = visitor.send(QUERY, hes_kodu=code).result
        client.cookies.clear()
        truth, _ = self.story.truth(code, self.now)
        seen = {"Riskli Değil": RISKLESS, "Riskli": RISKY, None: NOT_FOUND}[result.get("Risk Durumu")]
        if seen == NOT_FOUND and truth == EXPIRED:
            seen = EXPIRED
        self.asked(f"citizen:{person.citizen_id}", "person-plus", code, seen)

    # The holder, through the lab's routes, which stand for every channel that can do it

    @rule(code=codes)
    def deletes(self, code: str) -> None:
        """From now on it is not found, at no channel."""
        status = self.town.client.delete(f"/_lab/codes/{code}").status_code
        assert status == (404 if self.story.codes[code].gone else 204)
        self.story.codes[code].gone = True

    @rule(code=codes, hours=st.integers(1, 100))
    def shortens(self, code: str, hours: int) -> None:
        """It ends when its holder says, if that is earlier."""
        known, to = self.story.codes[code], self.now + timedelta(hours=hours)
        body = {"expires_at": to.isoformat()}
        status = self.town.client.post(f"/_lab/codes/{code}/shorten", json=body).status_code
        if known.gone:
            assert status == 404
        elif self.now < known.ends_at and to < known.ends_at:
            assert status == 200
            known.ends_at = to
        else:
            assert status == 400

    @rule(holder=PERSON)
    def has_everything_erased(self, holder: str) -> None:
        """Codes are gone and the phone is signed out; the trail stays; refused while isolated or isolated ahead."""
        path, bearer = f"{KVKK}requests", self.bearer(holder)
        number = self.town.client.post(path, json={"right": "erasure"}, headers=bearer).json()["number"]
        self.town.advance(days=10)
        isolated = any(ends > self.now for _, ends in self.story.isolated.get(holder, []))
        if not isolated:
            assert self.town.client.get(path, headers=bearer).status_code == 401
            self.tokens.pop(holder)
            for code in self.story.codes.values():
                code.gone |= code.holder == holder
        state = self.town.client.get(f"{path}/{number}", headers=self.bearer(holder)).json()["state"]
        assert state == ("refused" if isolated else "granted")

    # Institutions

    @rule(
        operation=st.sampled_from(sorted(SINGLE)),
        door=st.sampled_from([LIVE, TEST]),
        code=st.one_of(codes, st.just(NEVER_MADE)),
    )
    def an_institution_asks(self, operation: str, door: Any, code: str) -> None:
        """C1, C2, C3 and C5."""
        answer = self.town.ask(operation, self.town.body_of(operation, [code]), environment=door).json()
        seen = answer.get("current_health_status") or answer["errorKey"]
        self.asked(self._user(door), SINGLE[operation], code, seen)

    @invariant()
    def every_code_is_answered_as_the_story_has_it(self) -> None:
        """C4 and C6 in turn, about all codes at once; each has its own row."""
        operation = sorted(BULK)[len(self.story.trail) % 2]
        asked = [*self.story.codes, NEVER_MADE]
        maps = self.town.ask(operation, self.town.body_of(operation, asked)).json()
        for code in asked:
            good = maps["success_map"].get(code)
            seen = maps["unsuccess_map"][code] if good is None else good["current_health_status"]
            self.asked(self._user(LIVE), BULK[operation], code, seen)

    @staticmethod
    def _user(door: Any) -> str:
        assert door in BASES
        return LABEL + ("-G2G-HES" if door is LIVE else "-TEST")

    # The world

    @rule(code=codes, after=st.sampled_from([0, 0, 2]), days=st.integers(1, 14))
    def an_authority_isolates(self, code: str, after: int, days: int) -> None:
        """A holder, at once or ahead of time; every channel says so, for just as long."""
        whose = self.story.codes[code].holder
        begins_at = self.now + timedelta(days=after)
        ends_at = begins_at + timedelta(days=days)
        report = {"kind": "isolation", "citizen_id": self.citizen(whose).citizen_id, "at": begins_at.isoformat()}
        assert (
            self.town.client.post("/_lab/reports", json=[report | {"ends_at": ends_at.isoformat()}]).status_code == 201
        )
        self.story.isolated.setdefault(whose, []).append((begins_at, ends_at))

    @rule(hours=st.sampled_from([1, 20, 24, 24 * 3, 24 * 8]))
    def time_passes(self, hours: int) -> None:
        """Codes and isolations end by themselves."""
        self.town.advance(hours=hours)

    @rule()
    def time_passes_to_the_next_turn(self) -> None:
        """To the very moment at which the next code or isolation ends, or an isolation begins."""
        turns = {code.ends_at for code in self.story.codes.values() if code.ends_at != INDEFINITE}
        turns |= {moment for spans in self.story.isolated.values() for span in spans for moment in span}
        coming = [moment for moment in turns if moment > self.now]
        if coming:
            self.ministry.advance(min(coming))

    def teardown(self) -> None:
        """The one trail has every question once, in order, from whichever side it is read."""
        queries = self.ministry.queries
        assert queries.count() == len(self.story.trail)
        for name in (*ADULTS, "child"):
            found = queries.about(self.citizen(name).citizen_id, limit=10_000)
            assert [self._told(row) for row in reversed(found)] == [
                self._kept(r) for r in self.story.trail if r.holder == name
            ]
        for asker in {row.asker for row in self.story.trail}:
            found = queries.by(asker, limit=10_000)
            assert [self._told(row) for row in reversed(found)] == [
                self._kept(r) for r in self.story.trail if r.asker == asker
            ]
        self.town.close()

    @staticmethod
    def _told(row: Any) -> tuple[Any, ...]:
        return row.asked_us, row.asker, row.purpose, row.code, row.outcome

    @staticmethod
    def _kept(row: Row) -> tuple[Any, ...]:
        return to_us(row.at), row.asker, row.purpose, row.code, row.outcome


TestOneStory = OneStory.TestCase
TestOneStory.settings = settings(max_examples=30, stateful_step_count=25)
