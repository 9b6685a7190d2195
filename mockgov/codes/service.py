"""Use-cases of the code desk."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from mockgov.bus import Tell
from mockgov.clock import Now, from_us, to_us
from mockgov.codes.messages import CodeDeleted, CodeExpired, CodeIssued, CodeShared, CodeShortened, IssueCode
from mockgov.codes.rules import (
    INDEFINITE,
    BadDuration,
    Code,
    CodeState,
    Share,
    UnknownCode,
    checked_description,
    move,
    shorten,
    state_at,
)
from mockgov.codes.store import CodeStore, Found
from mockgov.streams import Streams
from mockgov.vocabulary.hes_code import HesCode
from mockgov.vocabulary.qr import QrPayload

NO_SUCH_CODE = "There is no such code, or its holder has deleted it. Ask the holder for a valid code."


class Codes:
    """All codes of one world."""

    def __init__(
        self,
        *,
        store: CodeStore,
        now: Now,
        streams: Streams,
        tell: Tell,
        transaction: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._store = store
        self._now = now
        self._streams = streams
        self._tell = tell
        self._transaction = transaction

    def issue(self, order: IssueCode) -> Code:
        """Make one code. Raises `BadDuration`, `BadLabel`."""
        return self.issue_many([order])[0]

    def issue_many(self, orders: Sequence[IssueCode]) -> Sequence[Code]:
        """Make codes, in order, all or none. Raises `BadDuration`, `BadLabel`."""
        now = self._now()
        with self._transaction():
            counts = dict(self._store.count_of([order.citizen_id for order in orders]))
            first = [self._made(order, counts, now, attempt=0) for order in orders]
            codes = self._with_free_texts(first, orders, now)
            self._store.put(codes)
            for code in codes:
                self._tell(CodeIssued(text=code.text, citizen_id=code.citizen_id, expires_at=code.expires_at))
        return codes

    def of(self, citizen_id: int) -> Sequence[Code]:
        """A citizen's codes, without the deleted ones, in the order of making."""
        now = self._now()
        return [code for code in self._store.of(citizen_id) if state_at(code, now) is not CodeState.DELETED]

    def ever_of(self, citizen_id: int) -> Sequence[str]:
        """The texts of all codes of which a citizen is still known as the holder, the deleted ones too."""
        return [code.text for code in self._store.of(citizen_id)]

    def get(self, code: HesCode) -> Code:
        """A code that is not deleted. Raises `UnknownCode`."""
        found = self._store.get(code.text)
        if found is None or state_at(found, self._now()) is CodeState.DELETED:
            raise UnknownCode(NO_SUCH_CODE)
        return found

    def ever(self, code: HesCode) -> Code | None:
        """A code whatever has become of it; None for one that never was. For the sandbox's own explanations alone."""
        return self._store.get(code.text)

    def owned(self, code: HesCode, owners: Sequence[int]) -> Code:
        """A code of one of the owners. Raises `UnknownCode` for anybody else's, as if it were not there."""
        found = self.get(code)
        if found.citizen_id not in owners:
            raise UnknownCode(NO_SUCH_CODE)
        return found

    def share(self, code: Code, label: str) -> Share:
        """Note that an institution has the code. Raises `BadLabel`."""
        share = Share(text=code.text, label=checked_description(label), shared_at=self._now())
        with self._transaction():
            self._store.put_share(share)
            self._tell(CodeShared(text=code.text, label=label))
        return share

    def shares_of(self, code: Code) -> Sequence[Share]:
        """Where the holder has noted that the code is."""
        return self._store.shares_of(code.text)

    def shorten(self, code: Code, to: datetime) -> Code:
        """Let a code end earlier. Raises `BadDuration`, `IllegalTransition`."""
        shortened = shorten(code, to, self._now())
        with self._transaction():
            self._store.update(shortened)
            self._tell(CodeShortened(text=code.text, expires_at=to))
        return shortened

    def delete(self, code: Code) -> None:
        """Make a code unfindable. Raises `IllegalTransition`."""
        deleted = move(code, CodeState.DELETED, self._now())
        with self._transaction():
            self._store.update(deleted)
            self._tell(CodeDeleted(text=code.text, citizen_id=code.citizen_id))

    def find_many(self, texts: Sequence[str]) -> Mapping[str, Found]:
        """Owner and end of each undeleted code; part of the query path."""
        return self._store.find_many(texts)

    def count_valid(self, *, most: int = 1_000_000) -> int:
        """How many codes are valid now, counted up to `most`."""
        return self._store.count_valid(to_us(self._now()), most=most)

    def valid_of(self, citizen_ids: Sequence[int]) -> Mapping[str, int]:
        """The valid codes of these people, and whose each is."""
        return self._store.valid_of(citizen_ids, to_us(self._now()))

    def labels_of(self, texts: Sequence[str]) -> Sequence[tuple[str, str]]:
        """Where holders have noted that any of the codes is: code and label."""
        return self._store.labels_of(texts)

    def oldest_end(self) -> datetime | None:
        """When the first of the codes whose holder is known ended, or will end."""
        end_us = self._store.oldest_end_us()
        return None if end_us is None else from_us(end_us)

    def forget_ended(self, before: datetime) -> int:
        """Strike the holders off the codes that ended before a moment; how many codes.

        Nobody is answered otherwise for it: deleted codes stay unknown, expired ones expired, and no text comes again.
        """
        with self._transaction():
            return self._store.forget(ended_before_us=to_us(before))

    def forget_holder(self, citizen_id: int) -> int:
        """Delete a citizen's codes, so that none is found any more, and strike the citizen off them; how many."""
        with self._transaction():
            for code in self.of(citizen_id):
                self.delete(code)
            return self._store.forget(citizen_id=citizen_id)

    def tell_expired(self, since: datetime, until: datetime) -> None:
        """Tell of every code that ended after `since` and by `until`, in order. Validity never waits for this."""
        expired = self._store.expiring(to_us(since), to_us(until))
        if not expired:
            return
        with self._transaction():
            for code in expired:
                self._tell(CodeExpired(text=code.text, citizen_id=code.citizen_id, expires_at=from_us(code.expires_us)))

    def _made(self, order: IssueCode, counts: dict[int, int], now: datetime, *, attempt: int) -> Code:
        now = min(now, order.made_at or now)
        if not now < order.expires_at <= INDEFINITE:
            raise BadDuration("A code must end after now and by 2070-12-30; choose another end.")
        nth = counts.get(order.citizen_id, 0)
        counts[order.citizen_id] = nth + 1
        draw = self._streams.draw("code", order.minted_as or order.citizen_id, nth, attempt)
        code = HesCode.mint(draw)
        return Code(
            text=code.text,
            citizen_id=order.citizen_id,
            created_at=now,
            expires_at=order.expires_at,
            description=checked_description(order.description),
            created_by=order.channel,
            qr_token=QrPayload.mint(draw, code).token,
        )

    def _with_free_texts(self, codes: list[Code], orders: Sequence[IssueCode], now: datetime) -> list[Code]:
        """Mint again what is taken: once in about two thousand times with a million codes."""
        used = set(self._store.taken([code.text for code in codes]))
        for at, order in enumerate(orders):
            attempt = 0
            while codes[at].text in used:
                attempt += 1
                counts = {order.citizen_id: self._store.count_of([order.citizen_id]).get(order.citizen_id, 0) + at}
                codes[at] = self._made(order, counts, now, attempt=attempt)
                used |= self._store.taken([codes[at].text])
            used.add(codes[at].text)
        return codes
