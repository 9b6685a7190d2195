"""Use-cases of the short number: read a text, answer it."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Protocol

from mockgov.bus import Tell
from mockgov.clock import TURKEY, Now, from_us, to_us
from mockgov.short_number.messages import CodeTexted, ReadText, TextRefused
from mockgov.short_number.reading import ByNumber, ByPassport, fold_name, kept, read
from mockgov.short_number.replies import acknowledgement, code_message, refusal
from mockgov.short_number.rules import Issued, Limits, Mistake, Person, Read, UnknownLink, is_token, mint_token
from mockgov.short_number.store import TextStore
from mockgov.streams import Streams
from mockgov.vocabulary.phone import Phone


class Offices(Protocol):
    """What the short number asks of others."""

    def by_number(self, number: str) -> Person | None:
        """Whoever has an identity number."""
        ...

    def by_passport(self, nationality: str, number: str) -> Person | None:
        """Whoever has a passport."""
        ...

    def issue(self, citizen_id: int, days: int | None) -> Issued:
        """Make a code for so many days, or without end."""
        ...

    def valid(self, codes: Sequence[str]) -> int:
        """How many of these codes are valid now."""
        ...

    def reply(self, phone: Phone, sender: str, text: str, after: timedelta) -> None:
        """Send a text from one of the ministry's numbers a while from now."""
        ...


class ShortNumber:
    """The short number of one world, and the ordinary number for lines abroad."""

    def __init__(
        self,
        *,
        store: TextStore,
        now: Now,
        streams: Streams,
        tell: Tell,
        transaction: Callable[[], AbstractContextManager[None]],
        offices: Offices,
        limits: Limits,
        abroad: str,
        reply_after: timedelta,
        pages: str,
    ) -> None:
        """`abroad` is the number for lines abroad; `pages` is what stands before the end of a QR page's address."""
        self._store = store
        self._now = now
        self._streams = streams
        self._tell = tell
        self._transaction = transaction
        self._offices = offices
        self._limits = limits
        self._abroad = abroad
        self._reply_after = reply_after
        self._pages = pages

    def read(self, order: ReadText) -> Read:
        """Read a text, make the code that it asks for, and answer: all of it or nothing."""
        with self._transaction():
            asked = self._judged(order)
            done = Read(phone=order.phone, to=order.to, received_at=self._now(), mistake=None)
            if isinstance(asked, Mistake):
                done = replace(done, mistake=asked, over_at=done.received_at)
                self._reply(order, refusal(asked, self._limits), 1)
                self._tell(TextRefused(mistake=asked))
            else:
                person, days = asked
                issued = self._offices.issue(person.citizen_id, days)
                token = mint_token(self._streams.draw("short_number.page", issued.text))
                done = replace(done, code=issued.text, token=token, over_at=issued.expires_at)
                self._reply(order, acknowledgement(person.masked_name), 1)
                self._reply(order, code_message(issued, self._pages + token), 2)
                self._tell(CodeTexted(text=issued.text, citizen_id=person.citizen_id))
            self._store.put(done)
        return done

    def of(self, phone: Phone, *, limit: int = 100) -> Sequence[Read]:
        """What came of a line's texts, newest first."""
        return self._store.of(phone, limit=limit)

    def code_at(self, token: str) -> str:
        """The code whose QR page has an address with this end. Raises `UnknownLink`."""
        code = self._store.code_at(token) if is_token(token) else None
        if code is None:
            raise UnknownLink("There is no QR page at this address. Open it as it stands in the message.")
        return code

    def oldest_over(self) -> datetime | None:
        """When the first of the texts that are remembered came to be of no more use, or will."""
        over_us = self._store.oldest_over_us()
        return None if over_us is None else from_us(over_us)

    def drop_over(self, before: datetime) -> int:
        """Forget the texts that were of no more use before a moment; how many."""
        with self._transaction():
            return self._store.drop(over_before_us=to_us(before))

    def forget(self, phone: Phone | None, codes: Sequence[str]) -> int:
        """Forget what came of a line's texts, and of every line's that asked for one of these codes; how many."""
        with self._transaction():
            return self._store.drop(phone=phone, codes=codes)

    def kept(self, text: str) -> str:
        """A text as it may be kept: numbers that this world did not mint become asterisks."""
        return kept(text, self._is_known)

    def _judged(self, order: ReadText) -> tuple[Person, int | None] | Mistake:
        """Whose code for how many days, or what is wrong; the first thing that is."""
        if self._store.count_since(order.phone, self._midnight()) >= self._limits.texts_a_day:
            return Mistake.TOO_MANY_TEXTS
        asked = read(order.text, most_days=self._limits.most_days)
        if isinstance(asked, Mistake):
            return asked
        if isinstance(asked, ByNumber):
            person = Mistake.PASSPORT_ONLY if order.to == self._abroad else self._proven(asked)
        else:
            person = self._with_passport(asked)
        if isinstance(person, Mistake):
            return person
        if person.lines is not None and order.phone not in person.lines:
            return Mistake.NOT_THE_PARENTS_LINE
        if self._offices.valid(self._store.codes_of(order.phone)) >= self._limits.codes:
            return Mistake.TOO_MANY_CODES
        return person, asked.days

    def _proven(self, asked: ByNumber) -> Person | Mistake:
        person = self._offices.by_number(asked.number)
        if person is None:
            return Mistake.UNKNOWN_NUMBER
        if person.serial is not None:
            return person if asked.proof == person.serial else Mistake.WRONG_SERIAL
        return person if asked.proof == str(person.birth_year) else Mistake.WRONG_BIRTH_YEAR

    def _with_passport(self, asked: ByPassport) -> Person | Mistake:
        person = self._offices.by_passport(asked.nationality, asked.number)
        if person is None:
            return Mistake.UNKNOWN_PASSPORT
        if asked.birth_year != str(person.birth_year):
            return Mistake.WRONG_BIRTH_YEAR
        return person if asked.surname == fold_name(person.surname) else Mistake.WRONG_SURNAME

    def _is_known(self, before: str, word: str) -> bool:
        return self._offices.by_number(word) is not None or self._offices.by_passport(before, word) is not None

    def _midnight(self) -> datetime:
        """When this day began in Turkey."""
        return datetime.combine(self._now().astimezone(TURKEY).date(), time(), TURKEY)

    def _reply(self, order: ReadText, text: str, nth: int) -> None:
        self._offices.reply(order.phone, order.to, text, nth * self._reply_after)
