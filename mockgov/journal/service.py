"""Use-cases of the journal: note, look up, assert, sum up."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice

from mockgov.clock import Now, from_us, to_us
from mockgov.journal.asserting import found
from mockgov.journal.messages import Exchange, Finding, Noted, Root, Search
from mockgov.journal.redaction import Masked, path_told, told
from mockgov.journal.rules import MOST_BYTES, UnknownExchange, clean, is_meant
from mockgov.journal.store import Ring
from mockgov.journal.transcript import leaf, root_of


class Journal:
    """What one world and its visitors have said to one another."""

    def __init__(
        self, *, size: int, now: Now, masked: Masked, stands: Callable[[], bool], most: int = MOST_BYTES
    ) -> None:
        """`size` exchanges are kept, 0 for none; `stands` says whether the world's clock is moved by hand."""
        self.is_on = size > 0
        self.masked = masked
        self._now = now
        self._stands = stands
        self._ring = Ring(max(size, 1), most)

    @property
    def ring(self) -> Ring:
        """Where exchanges are kept as they are: for the query path alone, which keeps nothing that has to be masked."""
        return self._ring

    def now_us(self) -> int:
        """The moment for a note."""
        return to_us(self._now())

    def note(self, noted: Noted) -> None:
        """Keep an exchange, without secrets and without numbers that may be a living person's."""
        if not self.is_on:
            return
        masked = self.masked
        kept = replace(
            noted,
            operation=masked(noted.operation),
            path=path_told(noted.path, masked),
            asker=masked(noted.asker),
            subjects=tuple(dict.fromkeys(masked(clean(code)) for code in noted.subjects)),
            cause=masked(noted.cause),
            request=told(noted.request, masked),
            response=told(noted.response, masked),
        )
        self._ring.put(len(kept.request.body) + len(kept.response.body), worded, kept)

    @property
    def first(self) -> int:
        """The number of the oldest exchange that is kept."""
        return self._ring.first

    @property
    def last(self) -> int:
        """The number of the latest exchange; 0 where there is none."""
        return self._ring.last

    def exchange(self, number: int) -> Exchange:
        """One exchange. Raises `UnknownExchange`."""
        exchange = self._ring.get(number)
        if exchange is None:
            raise UnknownExchange(
                f"The journal has the exchanges {self.first} to {self.last}; it keeps the latest and begins anew with "
                "its server. See GET /_lab/journal."
            )
        return exchange

    def search(self, search: Search, *, limit: int = 100, before: int | None = None) -> Sequence[Exchange]:
        """The exchanges that are meant, the latest first; `before` a number to read on."""
        meant = (
            exchange
            for exchange in self._ring.newest_first()
            if (before is None or exchange.number < before) and is_meant(exchange, search)
        )
        return list(islice(meant, limit))

    def finding(self, search: Search, *, fewest: int, most: int | None, after: int = 0) -> Finding:
        """Whether as many exchanges as allowed are those that are meant, and what came nearest."""
        newest = (exchange for exchange in self._ring.newest_first() if exchange.number > after)
        return found(newest, search, fewest, most)

    def root(self, *, after: int = 0) -> Root:
        """What the transcript comes to, without the lab's own exchanges; `after` leaves the earlier ones out."""
        first = max(self._ring.first, after + 1)
        stands = self._stands()
        meant = [exchange for exchange in self._ring if exchange.number >= first]
        leaves = [leaf(exchange, with_moment=stands) for exchange in meant if exchange.protocol != "lab"]
        return Root(
            root=root_of(leaves),
            exchanges=len(leaves),
            lab=len(meant) - len(leaves),
            first=first,
            last=self.last,
            complete=self._ring.first <= after + 1,
        )

    def clear(self) -> None:
        """Let everything go; numbers go on."""
        self._ring.clear()


def worded(number: int, noted: Noted) -> Exchange:
    """An exchange as the journal has it, from a note that may be kept as it is."""
    return Exchange(
        number=number,
        at=from_us(noted.at_us),
        protocol=noted.protocol,
        operation=noted.operation,
        method=noted.method,
        path=noted.path,
        asker=noted.asker,
        subjects=noted.subjects,
        purpose=noted.purpose,
        status=noted.status,
        refusal=noted.refusal,
        cause=noted.cause,
        fault=noted.fault,
        request=noted.request,
        response=noted.response,
    )
