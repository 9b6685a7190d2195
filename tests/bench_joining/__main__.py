"""`make bench-joining`: the doors of the road to access beside what one would otherwise pick.

In every round each server is started alone, does the same as its rival, and is stopped. Rounds alternate, so that
whatever else the machine does hits all alike; a ratio is taken within a round, and the tables show medians over the
rounds. `hes serve` runs as people start it, with `--data`. Nothing is pinned to a core. Goals that are
missed are said to be, and so is what was lost; neither fails the run.
"""

import argparse
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench_joining import gateway, post, signatures, start, way
from tests.bench_joining.gateway import Sent
from tests.bench_joining.post import Mailed, Registered
from tests.bench_joining.ready import Ready, ready
from tests.bench_joining.report import Result, markdown
from tests.bench_joining.servers import doors, ministry, rival
from tests.bench_joining.way import Walked

LETTERS, APPLICATIONS = 108, 200
NOBODY = ("", "")


@dataclass(slots=True)
class Rounds:
    """What has been measured so far."""

    ready: Ready
    scratch: Path
    gateway: list[Sent] = field(default_factory=list)
    scripted: list[Sent] = field(default_factory=list)
    journalled: list[int] = field(default_factory=list)
    mail: list[Mailed] = field(default_factory=list)
    unanswered_mail: list[Mailed] = field(default_factory=list)
    kept_mail: list[Mailed] = field(default_factory=list)
    registered: list[Registered] = field(default_factory=list)
    first_walks: list[Walked] = field(default_factory=list)
    next_walks: list[Walked] = field(default_factory=list)
    advances_s: list[float] = field(default_factory=list)

    def play(self, nth: int) -> None:
        """One round; every other one begins with the rivals."""
        races = [self._messages, self._scripted, self._mails, self._kept_mails]
        for race in races if nth % 2 == 0 else races[::-1]:
            race()
        self._road()

    def _messages(self) -> None:
        with ministry(self.ready.folder, self.scratch, "--clock", "running") as (served, folder):
            self.gateway.append(gateway.send(doors(served)["smpp"], self.ready.sms_account))
            self.journalled.append(gateway.journalled(folder))

    def _scripted(self) -> None:
        with rival("smpp") as address:
            self.scripted.append(gateway.send(address, NOBODY))

    def _mails(self) -> None:
        with ministry(self.ready.folder, self.scratch) as (served, _):
            self.mail.append(post.mail(doors(served)["smtp"]))
            self.unanswered_mail.append(post.mail(doors(served)["smtp"], ""))

    def _kept_mails(self) -> None:
        with rival("smtp") as address:
            self.kept_mail.append(post.mail(address))

    def _road(self) -> None:
        account, letters = self.ready.kep_account, self.ready.letters
        with ministry(self.ready.folder, self.scratch) as (served, _):
            self.first_walks.append(way.walk(served))
            self.next_walks.append(way.walk(served))
            self.registered.append(post.registered(served.address, doors(served)["kep-smtp"], account, letters))
            self.advances_s.append(way.advance_s(served, APPLICATIONS))


def main() -> None:
    """Run the whole, and print it."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench_joining", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    count = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="hes-bench-joining-") as made:
        scratch = Path(made)
        _say(f"{APPLICATIONS} applications and {LETTERS} signed letters")
        rounds = Rounds(ready(scratch / "ready", letters=LETTERS, applications=APPLICATIONS), scratch)
        for nth in range(count):
            _say(f"round {nth + 1} of {count}: messages, mail, the road")
            rounds.play(nth)
        _say("signatures")
        speeds = signatures.speeds(count)
        folders = {kind: signatures.lay_out(kind, scratch) for kind in signatures.KINDS}
        first_s = {
            kind: (signatures.first_s("ours", kind, folder), signatures.first_s("theirs", kind, folder))
            for kind, folder in folders.items()
        }
        _say("starts")
        result = Result(
            gateway=rounds.gateway,
            scripted=rounds.scripted,
            journalled=rounds.journalled,
            mail=rounds.mail,
            unanswered_mail=rounds.unanswered_mail,
            kept_mail=rounds.kept_mail,
            speeds=speeds,
            first_s=first_s,
            registered=rounds.registered,
            first_walks=rounds.first_walks,
            next_walks=rounds.next_walks,
            advances_s=rounds.advances_s,
            applications=APPLICATIONS,
            started=start.start(),
        )
    sys.stdout.write(markdown(result))
    if result.lost:
        sys.stderr.write("Something was lost; the figures mean nothing.\n")


def _say(what: str) -> None:
    sys.stderr.write(f"… {what}\n")


if __name__ == "__main__":
    main()
