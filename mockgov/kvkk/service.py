"""Use-cases of the data controller: notices, applications and their answers, erasure."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

from mockgov.bus import Tell
from mockgov.clock import TURKEY, Now
from mockgov.kvkk.holding import Holding
from mockgov.kvkk.inventory import HOLDINGS
from mockgov.kvkk.messages import DataErased, HolderErased, Lodge, RequestAnswered, RequestLodged
from mockgov.kvkk.notices import Front, Notice, notice_at
from mockgov.kvkk.retention import Retention, Shelf
from mockgov.kvkk.rules import (
    ANSWER_DAYS,
    Answer,
    NotLodged,
    Request,
    Right,
    State,
    UnknownRequest,
    answered,
    checked_text,
)
from mockgov.kvkk.store import Erasure, RequestStore

REFERRED = (
    (
        "Kimlik ve adres bilgileri nüfus kaydından alınır; düzeltme için nüfus müdürlüğüne başvurunuz. Nüfus kaydı "
        "düzeltildiğinde burada da düzelir."
    ),
    (
        "Names and addresses come from the population register; apply to the civil registry. What is put right there "
        "is put right here."
    ),
)
RECONSIDERED = (
    (
        "Risk durumu, laboratuvar ve filyasyon kayıtlarından hesaplanır. Kayda itiraz için il sağlık müdürlüğüne veya "
        "aile hekiminize başvurunuz; kayıt değiştiğinde durum yeniden hesaplanır."
    ),
    (
        "The risk status is worked out from records of laboratories and tracing teams. Take an objection to a record "
        "to the provincial health directorate or your family physician; when the record changes, so does the status."
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desks:
    """Whom the data controller asks, and who erases; the composition root supplies each."""

    shelves: Sequence[Shelf]
    """What is kept for a time."""
    forget: Mapping[str, Callable[[int], int]]
    """By table: erases what can go of a citizen, and says how many rows went."""
    held: Callable[[int], Mapping[str, int]]
    """How many rows of which table are about a citizen."""
    bound_until: Callable[[int], datetime | None]
    """The end of the purpose that a citizen's data has now; None where it has ended."""
    token: Callable[[], object] = lambda: None
    """Another value whenever something was written; None where that is not known."""


class Kvkk:
    """The data controller of one world."""

    def __init__(
        self,
        *,
        store: RequestStore,
        now: Now,
        tell: Tell,
        transaction: Callable[[], AbstractContextManager[None]],
        answer_days: int,
        keep_requests_days: int,
        periods: Mapping[str, int],
        desks: Desks,
    ) -> None:
        """`periods` has the days of each setting that the notices and the inventory name."""
        self._store = store
        self._now = now
        self._tell = tell
        self._transaction = transaction
        self._answer_after = timedelta(days=min(answer_days, ANSWER_DAYS))
        self._periods = periods
        self._desks = desks
        own = Shelf(
            name="kvkk_request", days=keep_requests_days, oldest=store.oldest_answered, erase=store.drop_answered
        )
        self._retention = Retention((*desks.shelves, own))
        self._known: tuple[object, datetime | None] | None = None

    # Article 10: the duty to inform

    def notice(self, front: Front) -> Notice:
        """What a front tells people now."""
        return notice_at(front, self._now().astimezone(TURKEY).date(), self._periods)

    def inventory(self) -> Sequence[Holding]:
        """What is held, why and how long, table by table."""
        return HOLDINGS

    def period_days(self, holding: Holding) -> int | None:
        """The days for which something is kept; None where no number of days says it."""
        return None if holding.setting is None else self._periods[holding.setting]

    # Articles 11 and 13: applications

    def lodge(self, order: Lodge) -> Request:
        """Take an application. Raises `NotLodged`."""
        text, now = checked_text(order.text), self._now()
        same = (order.citizen_id, order.right, State.RECEIVED)
        if any((one.citizen_id, one.right, one.state) == same for one in self._store.lodged_by(order.lodged_by)):
            raise NotLodged("Such an application of yours is open already; wait for its answer.")
        with self._transaction():
            request = self._store.add(
                Request(
                    number=0,
                    citizen_id=order.citizen_id,
                    lodged_by=order.lodged_by,
                    right=order.right,
                    text=text,
                    lodged_at=now,
                    due_at=now + self._answer_after,
                )
            )
            self._tell(RequestLodged(number=request.number))
        return request

    def requests_of(self, citizen_id: int) -> Sequence[Request]:
        """What somebody has applied for, newest first."""
        return self._store.lodged_by(citizen_id)

    def request(self, number: int, *, lodged_by: int) -> Request:
        """An application of somebody's own. Raises `UnknownRequest`, for anybody else's too."""
        found = self._store.get(number)
        if found is None or found.lodged_by != lodged_by:
            raise UnknownRequest("You have no application of this number; see your list of applications.")
        return found

    # Article 7: erasure

    def erase_holder(self, citizen_id: int) -> Mapping[str, int]:
        """Erase what can go of a citizen; how many rows of which table went."""
        with self._transaction():
            gone = {what: forget(citizen_id) for what, forget in self._desks.forget.items()}
            for what, rows in gone.items():
                self._note(what, rows)
            self._tell(HolderErased(citizen_id=citizen_id))
        return gone

    def erasures(self, *, limit: int = 100) -> Sequence[Erasure]:
        """The record of what was erased when, newest first."""
        return self._store.erasures(limit=limit)

    def next_due(self) -> datetime | None:
        """When the next application is answered, or something has been kept long enough."""
        token = self._desks.token()
        if self._known is not None and token is not None and self._known[0] == token:
            return self._known[1]
        moments = (self._store.next_due(), self._retention.next_due())
        due_at = min((moment for moment in moments if moment is not None), default=None)
        self._known = token, due_at
        return due_at

    def run_due(self) -> None:
        """Answer and erase whatever is due, all or nothing."""
        now = self._now()
        with self._transaction():
            while (first := self._store.first_due()) is not None and first.due_at is not None and first.due_at <= now:
                self._answer(first, now)
            for what, rows in self._retention.erase_due(now):
                self._note(what, rows)
                self._tell(DataErased(what=what, rows=rows))
        self._known = None

    def _answer(self, request: Request, now: datetime) -> None:
        done = answered(request, self._decided(request), now)
        self._store.put(done)
        self._tell(RequestAnswered(number=done.number, reference=done.reference, lodged_by=done.lodged_by))

    def _decided(self, request: Request) -> Answer:
        match request.right:
            case Right.INFORMATION:
                return self._told(request.citizen_id)
            case Right.RECIPIENTS:
                asked = self._desks.held(request.citizen_id).get("asked", 0)
                return Answer(
                    granted=True,
                    tr=f"HES kodlarınız hakkında saklama süresi içinde {asked} sorgu yapıldı. Kimin, ne zaman ve hangi "
                    "amaçla sorguladığını «Kimler sorguladı» listesinde görebilirsiniz.",
                    en=f"Of your HES codes {asked} questions are on record. Who asked, when and what for is in your "
                    "list of who asked.",
                )
            case Right.CORRECTION:
                return Answer(granted=False, tr=REFERRED[0], en=REFERRED[1])
            case Right.OBJECTION:
                return Answer(granted=False, tr=RECONSIDERED[0], en=RECONSIDERED[1])
            case Right.ERASURE:
                return self._erased(request.citizen_id)

    def _told(self, citizen_id: int) -> Answer:
        held = self._desks.held(citizen_id)
        named = [(holding, held[holding.table]) for holding in HOLDINGS if held.get(holding.table)]
        return Answer(
            granted=True,
            tr="Hakkınızda tutulan kayıtlar: " + "; ".join(f"{one.data_tr} ({rows})" for one, rows in named) + ".",
            en="Held about you: " + "; ".join(f"{one.data_en} ({rows})" for one, rows in named) + ".",
        )

    def _erased(self, citizen_id: int) -> Answer:
        until = self._desks.bound_until(citizen_id)
        if until is not None:
            day = until.astimezone(TURKEY).date()
            return Answer(
                granted=False,
                tr=f"İzolasyonunuz {day:%d.%m.%Y} tarihinde sona ermeden verilerinizin işlenme amacı ortadan kalkmaz; "
                "bu tarihten sonra yeniden başvurabilirsiniz.",
                en=f"The purpose of your data has not ended before your isolation ends on {day.isoformat()}; apply "
                "again after that day.",
            )
        self.erase_holder(citizen_id)
        return Answer(
            granted=True,
            tr="HES kodlarınız silindi ve adınızla bağı kesildi; uygulama hesabınız, aile davetleriniz, mesajlarınız, "
            "e-Devlet oturumlarınız ve seçtiğiniz şifre silindi. Sağlık kayıtları son kayıttan sonra "
            f"{self._periods['keep_reports_days']} gün, sorgu kayıtları {self._periods['keep_queries_days']} gün "
            "saklandıktan sonra silinir.",
            en="Your HES codes were deleted and bear your name no more; your account in the application, your family "
            "invitations, your messages, your e-Devlet sessions and the password you chose are erased. Health records "
            f"go {self._periods['keep_reports_days']} days after the last one, records of queries after "
            f"{self._periods['keep_queries_days']} days.",
        )

    def _note(self, what: str, rows: int) -> None:
        if rows:
            self._store.note(Erasure(at=self._now(), what=what, rows=rows))
