"""The worlds of one server against a model that is a dict of dicts: made, forked, kept, put back, dropped, reopened.

The model knows nothing of databases: a world is a clock, its people's codes, who asked about them and who may ask, and
a copy of one is a copy. Whatever was done to whichever world, each must be as its model says, and a caller who names
no world must be led to the one whose model knows them.
"""

import shutil
import tempfile
from base64 import b64encode
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from mockgov.codes.messages import IssueCode
from mockgov.codes.rules import INDEFINITE
from mockgov.counters import callers
from mockgov.credentials.messages import ProvisionAccount
from mockgov.credentials.rules import AccountTaken, Environment
from mockgov.ministry import Ministry
from mockgov.queries.messages import Query
from mockgov.registry.messages import RegisterCitizen, RegisterInstitution
from mockgov.settings import Settings
from mockgov.vocabulary.hes_code import HesCode
from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.person import Sex
from mockgov.worlds import AmbiguousWorld, UnknownSnapshot, UnknownWorld, WorldRefused, Worlds

QUICK = Settings(argon2_memory_kib=8, argon2_passes=1)
MONDAY = datetime(2021, 10, 4, 5, tzinfo=UTC)
NAMES = st.sampled_from(["default", "a", "b", "c"])
KEPT = st.sampled_from(["1", "2", "x"])
LABELS = st.sampled_from(["KURUM", "ÇINAR", "İETT"])
ANY = st.integers(0, 10**6)


@dataclass
class Life:
    """All that the model knows of a world."""

    seed: int
    now: datetime = MONDAY
    people: int = 0
    codes: dict[str, bool] = field(default_factory=dict)
    """Texts, and whether each is still there."""
    asked: list[str] = field(default_factory=list)
    pairs: dict[str, str] = field(default_factory=dict)


class Machine(RuleBasedStateMachine):
    """The worlds and the model side by side."""

    @initialize(on_disk=st.booleans())
    def open(self, *, on_disk: bool) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="hes-worlds-")) if on_disk else None
        self.worlds = Worlds(settings=QUICK, data=self.folder)
        self.lives: dict[str, Life] = {}
        self.kept: dict[str, dict[str, Life]] = {}
        self.make("a", 1)
        self._account("a", "KURUM")

    def teardown(self) -> None:
        if hasattr(self, "worlds"):
            self.worlds.close()
            if self.folder is not None:
                shutil.rmtree(self.folder)

    @rule(name=NAMES, seed=st.integers(1, 2))
    def make(self, name: str, seed: int) -> None:
        if name in self.lives:
            with pytest.raises(WorldRefused, match="already"):
                self.worlds.make(name, seed=seed)
            return
        self.worlds.make(name, seed=seed)
        self.lives[name], self.kept[name] = Life(seed), {}

    @rule(nth=ANY, to=NAMES, which=ANY)
    def fork(self, nth: int, to: str, which: int) -> None:
        """Of a world as it is, or of one of its snapshots; whose callers the copy has is asked at once."""
        name = sorted(self.lives)[nth % len(self.lives)]
        snapshot = [None, *sorted(self.kept[name])][which % (len(self.kept[name]) + 1)]
        if to in self.lives:
            with pytest.raises(WorldRefused, match="already"):
                self.worlds.fork(name, to, snapshot=snapshot)
            return
        self.worlds.fork(name, to, snapshot=snapshot)
        self.lives[to] = deepcopy(self.lives[name] if snapshot is None else self.kept[name][snapshot])
        self.kept[to] = {}
        for pair in self.lives[to].pairs.items():
            self._led(pair)

    @rule(name=st.just("nowhere"), snapshot=KEPT)
    def reach_for_what_is_not_there(self, name: str, snapshot: str) -> None:
        for act in (self.worlds.restore, self.worlds.snapshot, self.worlds.fork, self.worlds.forget_snapshot):
            with pytest.raises(UnknownWorld):
                act(name, snapshot)
        for there in self.lives:
            if snapshot not in self.kept[there]:
                with pytest.raises(UnknownSnapshot):
                    self.worlds.fork(there, "fresh", snapshot=snapshot)

    @rule(name=st.sampled_from(["b", "c"]))
    def drop(self, name: str) -> None:
        """Never the one that was there first, so that there always is one."""
        if name not in self.lives:
            with pytest.raises(UnknownWorld):
                self.worlds.drop(name)
            return
        self.worlds.drop(name)
        del self.lives[name], self.kept[name]

    @rule(name=NAMES, snapshot=KEPT)
    def keep(self, name: str, snapshot: str) -> None:
        if name not in self.lives:
            with pytest.raises(UnknownWorld):
                self.worlds.snapshot(name, snapshot)
        elif snapshot in self.kept[name]:
            with pytest.raises(WorldRefused, match="already"):
                self.worlds.snapshot(name, snapshot)
        else:
            assert self.worlds.snapshot(name, snapshot) == snapshot
            self.kept[name][snapshot] = deepcopy(self.lives[name])

    @rule(name=NAMES, snapshot=KEPT)
    def put_back(self, name: str, snapshot: str) -> None:
        if snapshot not in self.kept.get(name, {}):
            with pytest.raises((UnknownWorld, UnknownSnapshot)):
                self.worlds.restore(name, snapshot)
            return
        self.worlds.restore(name, snapshot)
        self.lives[name] = deepcopy(self.kept[name][snapshot])

    @rule(name=NAMES, snapshot=KEPT)
    def forget(self, name: str, snapshot: str) -> None:
        if snapshot not in self.kept.get(name, {}):
            with pytest.raises((UnknownWorld, UnknownSnapshot)):
                self.worlds.forget_snapshot(name, snapshot)
            return
        self.worlds.forget_snapshot(name, snapshot)
        del self.kept[name][snapshot]

    @precondition(lambda self: self.folder is not None)
    @rule()
    def restart(self) -> None:
        self.worlds.close()
        self.worlds = Worlds(settings=QUICK, data=self.folder)

    @rule(nth=ANY, hours=st.integers(0, 50))
    def advance(self, nth: int, hours: int) -> None:
        ministry, life = self._one(nth)
        life.now += timedelta(hours=hours)
        ministry.advance(life.now)

    @rule(nth=ANY)
    def issue(self, nth: int) -> None:
        """A person comes, and gets a code."""
        ministry, life = self._one(nth)
        order = RegisterCitizen(firstname="A", lastname="B", sex=Sex.MALE, birth_date=date(1990, 1, 1), province=6)
        (citizen,) = ministry.registry.register([order])
        life.people += 1
        assert citizen.citizen_id == life.people
        code = ministry.codes.issue(IssueCode(citizen_id=citizen.citizen_id, expires_at=INDEFINITE))
        life.codes[code.text] = True

    @precondition(lambda self: any(life.codes for life in self.lives.values()))
    @rule(nth=ANY, which=ANY, delete=st.booleans())
    def ask(self, nth: int, which: int, *, delete: bool) -> None:
        """About a code of any world's, in any world; then it is deleted there, perhaps."""
        ministry, life = self._one(nth)
        texts = sorted({text for one in self.lives.values() for text in one.codes})
        text = texts[which % len(texts)]
        (answer,) = ministry.queries.answer([Query("KURUM", "entry", text)])
        life.asked.append(text)
        assert (answer.error is None) == life.codes.get(text, False)
        if delete and life.codes.get(text):
            ministry.codes.delete(ministry.codes.get(HesCode.parse(text)))
            life.codes[text] = False

    @rule(nth=ANY, label=LABELS)
    def provision(self, nth: int, label: str) -> None:
        self._account(sorted(self.lives)[nth % len(self.lives)], label)

    def _account(self, name: str, label: str) -> None:
        ministry, life = self.worlds.get(name), self.lives[name]
        found = next((one for one in ministry.registry.institutions() if one.label == label), None)
        kind = InstitutionKind.WORKPLACE
        found = found or ministry.registry.found(
            RegisterInstitution(kind=kind, name=label, label=label, province=6, staff_count=600)
        )
        order = ProvisionAccount(institution_id=found.institution_id, label=label, environment=Environment.LIVE)
        if any(label in name for name in life.pairs):
            with pytest.raises(AccountTaken):
                ministry.credentials.provision(order)
            return
        issued = ministry.credentials.provision(order)
        life.pairs[issued.account.username] = issued.password

    @precondition(lambda self: any(life.pairs for life in self.lives.values()))
    @rule(which=ANY)
    def call_without_a_world(self, which: int) -> None:
        """A pair leads to the default world if that knows it, to the only other that does, or to a clear refusal."""
        pairs = sorted({pair for life in self.lives.values() for pair in life.pairs.items()})
        self._led(pairs[which % len(pairs)])

    def _led(self, pair: tuple[str, str]) -> None:
        header = b"Basic " + b64encode(":".join(pair).encode())
        knowing = [name for name, life in self.lives.items() if pair in life.pairs.items()]
        if "default" not in knowing and len(knowing) > 1:
            with pytest.raises(AmbiguousWorld, match="Put /w/<name> before the path"):
                self.worlds.whose(callers.pair(header, Environment.LIVE))
            return
        expected = "default" if "default" in knowing else knowing[0]
        assert self.worlds.whose(callers.pair(header, Environment.LIVE)) == expected
        assert not any(callers.pair(header, Environment.TEST)(self.worlds.get(name)) for name in self.lives)

    @rule(nth=ANY, other=ANY, snapshot=st.none() | KEPT)
    def compare(self, nth: int, other: int, snapshot: str | None) -> None:
        """Two sides are told to be the same when their models say so, but for seed and clock."""
        names = sorted(self.lives)
        name, against = names[nth % len(names)], names[other % len(names)]
        if snapshot is not None and snapshot not in self.kept[against]:
            with pytest.raises(UnknownSnapshot):
                self.worlds.difference(name, f"{against}@{snapshot}")
            return
        there = self.lives[against] if snapshot is None else self.kept[against][snapshot]
        found = self.worlds.difference(name, against if snapshot is None else f"{against}@{snapshot}")
        here = self.lives[name]
        assert (found.here_at, found.there_at) == (here.now, there.now)
        codes = {one.subject.which for one in found.subjects if one.subject.kind == "codes"}
        if here.seed == there.seed:
            told = {text for text in here.codes | there.codes if here.codes.get(text) != there.codes.get(text)}
            assert told <= codes
        if here == there:
            assert found.is_same or here is not there
        if name == against and snapshot is None:
            assert found.is_same

    @invariant()
    def each_is_as_its_model_says(self) -> None:
        if not hasattr(self, "lives"):
            return
        assert list(self.worlds) == sorted(self.lives)
        for name, life in self.lives.items():
            ministry = self.worlds.get(name)
            assert (ministry.world.name, ministry.world.seed) == (name, life.seed)
            assert ministry.world.now() == life.now
            assert ministry.registry.count() == life.people
            assert set(ministry.codes.find_many(list(life.codes))) == {text for text in life.codes if life.codes[text]}
            assert [row.code for row in reversed(ministry.queries.by("KURUM"))] == life.asked
            assert {account.username for account in ministry.credentials.accounts()} == set(life.pairs)
            assert {one.snapshot: one.at for one in self.worlds.snapshots(name)} == {
                snapshot: kept.now for snapshot, kept in self.kept[name].items()
            }

    def _one(self, nth: int) -> tuple[Ministry, Life]:
        name = sorted(self.lives)[nth % len(self.lives)]
        return self.worlds.get(name), self.lives[name]


TestWorlds = Machine.TestCase
TestWorlds.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
