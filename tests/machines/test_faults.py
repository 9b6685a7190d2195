"""The plan of faults beside a plain model: whatever is asked, replayed, forked or reopened, in whatever order."""

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule

from mockgov.faults import Delay, FaultPlan, Refuse
from mockgov.faults.kinds import Channel, Cut, Stage
from mockgov.world import World, fork_world, make_world

PLAN = (
    Refuse(share=0.3),
    Delay(share=0.4, law="exponential", mean_ms=50, stage=Stage.ANSWER),
    Cut(share=0.5, on_s=50, off_s=50, institution=("A",)),
)
ASKERS = st.sampled_from("AB")
SUBJECTS = st.sampled_from("xyz")
Request = tuple[str, str]


class Faults(RuleBasedStateMachine):
    """Two worlds of one seed with one plan: what one of them has been struck by, the other is struck by too."""

    tokens = Bundle("tokens")

    @initialize()
    def begin(self) -> None:
        self.worlds: list[World] = [make_world(seed=3), make_world(seed=3)]
        for world in self.worlds:
            world.faults.replace(PLAN)
        self.counts: list[dict[Request, int]] = [{}, {}]
        self.waiting: list[dict[Request, str]] = [{}, {}]
        self.seen: dict[tuple[Request, int, int], str] = {}
        """What struck a request at a moment, by whichever world it was asked first."""

    @rule(target=tokens, which=st.integers(0, 1), asker=ASKERS, about=SUBJECTS)
    def ask(self, which: int, asker: str, about: str) -> tuple[Request, str]:
        request, world = (asker, about), self.worlds[which]
        tokens = self.visit(world.faults, request)
        replayed = self.waiting[which].pop(request, None)
        if replayed is not None:
            assert replayed in tokens
            return request, replayed
        nth = self.counts[which].get(request, 0)
        self.counts[which][request] = nth + 1
        moment = int(world.now().timestamp())
        assert self.seen.setdefault((request, nth, moment), tokens) == tokens
        assert all(token.split(".")[7] == str(nth) for token in tokens.split(", ") if token)
        return request, tokens.partition(",")[0]

    @rule(which=st.integers(0, 1), struck=consumes(tokens))
    def replay(self, which: int, struck: tuple[Request, str]) -> None:
        """A token of either world is good in both."""
        request, token = struck
        if token:
            self.worlds[which].faults.replay(token)
            self.waiting[which][request] = token

    @rule(which=st.integers(0, 1), seconds=st.integers(1, 200))
    def pass_time(self, which: int, seconds: int) -> None:
        clock = self.worlds[which].clock
        clock.move_to(clock.now() + timedelta(seconds=seconds))

    @rule(which=st.integers(0, 1))
    def fork(self, which: int) -> None:
        """A fork goes on counting; replays that waited are its world's own."""
        old = self.worlds[which]
        self.worlds[which] = fork_world(old, name=old.name)
        self.waiting[which] = {}
        old.close()

    @rule(which=st.integers(0, 1))
    def begin_anew(self, which: int) -> None:
        self.worlds[which].faults.replace(PLAN)
        self.counts[which], self.waiting[which] = {}, {}

    @invariant()
    def counts_are_those_of_the_model(self) -> None:
        for world, counts in zip(getattr(self, "worlds", ()), getattr(self, "counts", ()), strict=True):
            assert sorted(world.faults.counts.values()) == sorted(counts.values())

    def teardown(self) -> None:
        for world in getattr(self, "worlds", ()):
            world.close()

    @staticmethod
    def visit(faults: FaultPlan, request: Request) -> str:
        return faults.visit(Channel.HTTP, "/check", *request).tokens()


TestFaults = Faults.TestCase
TestFaults.settings = settings(max_examples=40, stateful_step_count=40)
