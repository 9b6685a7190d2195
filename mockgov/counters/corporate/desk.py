"""The corporate desk without a server: raw header and body in, status and body out.

`handle` begins at once and answers through a callback, so that a server can put thousands of requests into one
batch without a task for each. The same desk stands behind ASGI (`mockgov.app`) and behind the protocol class that
answers hot routes itself (`mockgov.server`).
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from mockgov.counters.callers import misdirected
from mockgov.counters.corporate.basic import read_basic
from mockgov.counters.corporate.notes import Notes
from mockgov.counters.corporate.reply import Headers, Reply
from mockgov.counters.corporate.wire import Bulk, BulkPlus, Operation, VisitorBody, single
from mockgov.counters.misbehaving import HEADER, date_header, planted_refusal
from mockgov.counters.problem import CONSTRAINT, problem
from mockgov.counters.reading import read_code, shown, wire_us
from mockgov.credentials.rules import LIVE_BASE, TEST_BASE, Account, BadCredentials, Environment
from mockgov.credentials.service import Credentials
from mockgov.faults.course import ORDINARY, Course
from mockgov.faults.kinds import Channel, Stage
from mockgov.faults.plan import FaultPlan, Visit
from mockgov.queries.batch import Batch
from mockgov.queries.messages import Answer, Query
from mockgov.queries.rules import ERROR_TITLES
from mockgov.refusal import Refused, Unminted
from mockgov.vocabulary.hes_code import is_published
from mockgov.vocabulary.likeness import may_tell

Elsewhere = Callable[[bytes, Environment, bytes], "Desk | None"]
"""(credential, environment, header): the desk of the world whose caller it is, if not this one. Raises `Refused`."""

CHALLENGE: Headers = ((b"www-authenticate", b'Basic realm="HES", charset="UTF-8"'),)
MOMENTS_KEPT = 10_000
"""Ends of codes that a desk remembers how to write; most people's codes are indefinite and share one."""
PLACE_LENGTH = 500
"""Characters in each part of a visitor's place (chosen here)."""

BASES = {Environment.LIVE: LIVE_BASE, Environment.TEST: TEST_BASE}
NUL = "`hes_code` must have no NUL; send what was scanned or typed."


class Unreadable(Exception):  # noqa: N818  turned into a 400 right here
    """A body that breaks the contract; the message tells the developer what to change."""


class Desk:
    """One world's corporate desk."""

    def __init__(
        self,
        *,
        batch: Batch,
        credentials: Credentials,
        faults: FaultPlan,
        bulk_limit: int,
        lenient: bool,
        notes: Notes | None = None,
        screen: Callable[[str], None] = lambda _: None,
        elsewhere: Elsewhere = lambda *_: None,
    ) -> None:
        """`screen` raises `Unminted` for a text with a number that may be a living person's."""
        self._elsewhere = elsewhere
        self._batch = batch
        self._credentials = credentials
        self._faults = faults
        self._bulk_limit = bulk_limit
        self._lenient = lenient
        self._notes = notes
        self._screen = screen
        self._encoder = msgspec.json.Encoder()
        self._moments: dict[int, str] = {}
        self._decoders: dict[str, msgspec.json.Decoder[Any]] = {}
        self._checking: dict[tuple[Environment, bytes], asyncio.Task[str]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def handle(
        self, operation: Operation, environment: Environment, authorization: bytes, body: bytes, reply: Reply
    ) -> None:
        """Answer one request through `reply`, now or later on the same loop."""
        credential = self.credential(environment, authorization)
        asker = self.recall(credential)
        if asker is not None:
            self.serve(operation, asker, body, reply)
            return
        try:
            desk = self._elsewhere(credential, environment, authorization)
        except Refused as refusal:
            reply(*misdirected(refusal), ())
            return
        if desk is not None:
            desk.handle(operation, environment, authorization, body, reply)
        else:
            self._keep(self._slowly(operation, environment, authorization, body, reply))

    def credential(self, environment: Environment, authorization: bytes) -> bytes:
        """What stands for a header of an environment in `recall`; the header cannot be read out of it."""
        return self._credentials.digest(environment, authorization)

    def recall(self, credential: bytes) -> str | None:
        """Who asks, if that is known without hashing a password and nothing stands between them and an answer."""
        return None if self._faults.faults else self._credentials.recall_digest(credential)

    async def _slowly(
        self, operation: Operation, environment: Environment, authorization: bytes, body: bytes, reply: Reply
    ) -> None:
        """The same with a password to hash, or with faults about."""
        asker = self._credentials.recall(environment, authorization)
        if asker is None:
            refuse = reply
            try:
                if self._notes is not None:
                    who = self._notes.obstacle(environment, authorization)
                    refuse = self._notes.refused(operation, environment, who, body, reply)
                asker = await self._verified(environment, authorization)
            except BadCredentials as refusal:
                title = "Kullanıcı adı veya parola hatalı."
                refuse(401, problem(401, refusal.key, title, detail=refusal.message, entity="user"), CHALLENGE)
                return
            except Exception as error:  # noqa: BLE001  whoever waits must hear of it
                refuse(503, self._broken(error), ())
                return
        if not self._faults.faults:
            self.serve(operation, asker, body, reply)
            return
        if self._notes is not None:
            reply = self._notes.leaving(operation, asker, body, reply)
        visit = self._faults.visit(Channel.HTTP, BASES[environment] + operation.suffix, asker, body)
        before = visit.course(Stage.COUNTER)
        if before.wait_ms:
            await asyncio.sleep(before.wait_ms / 1000)
        if before.is_cut:
            reply(503, b"", ((HEADER, visit.tokens(Stage.COUNTER).encode()),), before)
        elif before.refusal is not None:
            reply(*planted_refusal(before, visit.tokens(Stage.COUNTER)))
        else:
            self.serve(operation, asker, body, self._spoilt(visit, reply), is_noted=True)

    def _spoilt(self, visit: Visit, reply: Reply) -> Reply:
        """Answer through this as well as the faults upon a request let it."""
        after = visit.course(Stage.ANSWER)

        async def late(status: int, body: bytes, headers: Headers, course: Course) -> None:
            await asyncio.sleep(after.wait_ms / 1000)
            reply(status, body, headers, course)

        def spoilt(status: int, body: bytes, headers: Headers, course: Course = after, /) -> None:
            misstated = [value.decode() for name, value in headers if name == HEADER]
            tokens = ", ".join([*filter(None, [visit.tokens()]), *misstated])
            if after.refusal is not None:
                status, body, headers = planted_refusal(after, tokens)
                course = ORDINARY
            elif tokens:
                kept = [one for one in headers if one[0] != HEADER]
                headers = (*kept, *date_header(self._faults.now(), visit), (HEADER, tokens.encode()))
            if after.wait_ms:
                self._keep(late(status, body, headers, course))
            else:
                reply(status, body, headers, course)

        return spoilt

    def serve(self, operation: Operation, asker: str, body: bytes, reply: Reply, *, is_noted: bool = False) -> None:
        """Answer one request of somebody who may ask; `is_noted` where the reply tells the journal itself."""
        notes = None if is_noted else self._notes
        try:
            queries, texts, count = self._read(operation, asker, body)
        except Unreadable as unreadable:
            answer = problem(400, CONSTRAINT, "İstek okunamadı.", detail=str(unreadable))
            _no(notes, answer, operation, asker, body, reply)
            return
        except Unminted as unminted:
            answer = problem(
                400, unminted.key, "İstekte bu dünyanın üretmediği bir numara var.", detail=unminted.message
            )
            _no(notes, answer, operation, asker, body, reply)
            return
        if count > self._bulk_limit:
            detail = f"A call takes at most {self._bulk_limit} codes; this one has {count}. Split it."
            title = f"Bir seferde en fazla {self._bulk_limit} HES kodu sorgulanabilir."
            _no(notes, problem(400, "toomanyhescodes", title, detail=detail), operation, asker, body, reply)
            return

        def done(answers: Sequence[Answer] | None, error: BaseException | None) -> None:
            if answers is None or error is not None:
                status, answer = 503, self._broken(error)
            elif operation.bulk:
                status, answer = 200, self._bulk(operation, answers, texts)
            else:
                status, answer = self._single(answers[0])
            headers = misstated(answers) if answers is not None and self._faults.faults else ()
            reply(status, answer, headers)
            if notes is not None:
                notes.answered(operation, asker, body, status, answer, headers)

        self._batch.submit(queries, done)

    def refuse(
        self,
        operation: Operation,
        environment: Environment,
        status: int,
        body: bytes,
        reply: Reply,
        *,
        method: str = "POST",
    ) -> None:
        """Answer a request that is not read at all."""
        if self._notes is not None:
            reply = self._notes.refused(operation, environment, ("", "unread"), b"", reply, method=method)
        reply(status, body, ())

    def _read(self, operation: Operation, asker: str, body: bytes) -> tuple[list[Query], list[str], int]:
        """The queries that a body means, the texts that the bulk maps are keyed by, and how many codes were sent."""
        decoder = self._decoders.get(operation.suffix)
        if decoder is None:
            decoder = self._decoders[operation.suffix] = msgspec.json.Decoder(operation.body)
        try:
            read = decoder.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Unreadable(f"{error}. The body of {operation.suffix} is described in /openapi.json.") from None
        except RecursionError:
            raise Unreadable("The JSON is nested too deeply; send what /openapi.json describes.") from None
        place = _place(read) if isinstance(read, VisitorBody) else None
        if place is not None and may_tell(place.encode()):
            self._screen(place)
        if not operation.bulk:
            code = read_code(read.hes_code, lenient=self._lenient)
            if code is None and "\x00" in read.hes_code:
                raise Unreadable(NUL)
            return [Query(asker, operation.purpose, code, operation.plus, place)], [], 1
        codes = {text.hes_code: read_code(text.hes_code, lenient=self._lenient) for text in read}
        if None in codes.values() and any("\x00" in text for text in codes):
            raise Unreadable(NUL)
        keyed = {code or shown(text): code for text, code in codes.items()}
        queries = [Query(asker, operation.purpose, code, operation.plus) for code in keyed.values()]
        return queries, list(keyed), len(read)

    def _single(self, answer: Answer) -> tuple[int, bytes]:
        if answer.error is None:
            return 200, self._encoder.encode(single(answer, self._written(answer.expires_us)))
        extra = {"expiration_date": wire_us(answer.expires_us)} if answer.expires_us else {}
        return 400, problem(400, answer.error, ERROR_TITLES[answer.error], **extra)

    def _bulk(self, operation: Operation, answers: Sequence[Answer], texts: Sequence[str]) -> bytes:
        good: dict[str, Any] = {}
        bad: dict[str, str] = {}
        for text, answer in zip(texts, answers, strict=True):
            if answer.error is None:
                good[text] = single(answer, self._written(answer.expires_us))
            else:
                bad[text if is_published(text) else shown(text)] = answer.error
        return self._encoder.encode(BulkPlus(good, bad) if operation.plus else Bulk(good, bad))

    def _written(self, microseconds: int) -> str:
        """A moment as the wire has it."""
        text = self._moments.get(microseconds)
        if text is None:
            if len(self._moments) >= MOMENTS_KEPT:
                self._moments.clear()
            text = self._moments[microseconds] = wire_us(microseconds)
        return text

    async def _verified(self, environment: Environment, authorization: bytes) -> str:
        """The user name, after hashing; requests with the same credential wait for one hash together."""
        key = (environment, authorization)
        checking = self._checking.get(key)
        if checking is None:
            checking = asyncio.get_running_loop().create_task(self._check(environment, authorization))
            self._checking[key] = checking
            checking.add_done_callback(lambda _: self._checking.pop(key, None))
        return await asyncio.shield(checking)

    async def _check(self, environment: Environment, authorization: bytes) -> str:
        account: Account | None = None
        password = ""
        for name, given in read_basic(authorization):
            password = given
            account = self._credentials.candidate(name, environment)
            if account is not None:
                break
        matches = await asyncio.to_thread(self._credentials.matches, account, password)
        account = self._credentials.conclude(account, matches=matches)
        self._credentials.remember(environment, authorization, account)
        return account.username

    def _broken(self, error: BaseException | None) -> bytes:
        detail = f"{type(error).__name__}; see the server's log."
        if self._batch.is_closed:
            detail = "The world was put back or dropped meanwhile. Ask again."
        return problem(503, "unavailable", "Servis şu anda yanıt veremiyor.", detail=detail)

    def _keep(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _no(notes: Notes | None, answer: bytes, operation: Operation, asker: str, body: bytes, reply: Reply) -> None:
    """Refuse somebody who may ask what they ask."""
    reply(400, answer, ())
    if notes is not None:
        notes.answered(operation, asker, body, 400, answer)


def misstated(answers: Sequence[Answer]) -> Headers:
    """The header that names what turned answers round."""
    tokens = ", ".join(answer.fault for answer in answers if answer.fault)
    return ((HEADER, tokens.encode()),) if tokens else ()


def _place(body: VisitorBody) -> str:
    for name in ("city", "district", "explicit_address"):
        text = getattr(body, name)
        if not text.strip() or len(text) > PLACE_LENGTH or "\x00" in text:
            raise Unreadable(f"`{name}` must have 1 to {PLACE_LENGTH} characters and no NUL.")
    if body.location is not None and not _on_earth(body.location.latitude, body.location.longitude):
        raise Unreadable("`location` needs a latitude from -90 to 90 and a longitude from -180 to 180.")
    fields = {name: getattr(body, name) for name in ("city", "district", "explicit_address", "location")}
    return msgspec.json.encode(fields).decode()


def _on_earth(latitude: float, longitude: float) -> bool:
    return -90 <= latitude <= 90 and -180 <= longitude <= 180
