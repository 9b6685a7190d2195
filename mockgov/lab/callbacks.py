# ruff: noqa: D103  a route says its piece in `summary`, which the OpenAPI shows
"""Routes of the lab for callbacks: subscriptions, and the outbox."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import Field, StringConstraints
from typing_extensions import TypedDict  # pydantic cannot read typing's own before Python 3.12

from mockgov.callbacks.messages import Subscribe
from mockgov.callbacks.rules import Attempt, Delivery, Kind, Subscription
from mockgov.counters.body import Strict
from mockgov.counters.context import Here
from mockgov.counters.openapi import refusals
from mockgov.counters.reading import wire_moment
from mockgov.lab.wire import Row, Text
from mockgov.ministry import Ministry

router = APIRouter(prefix="/_lab/callbacks", tags=["Lab (the sandbox's own controls)"])
Number = Annotated[int, Path(ge=1, lt=1 << 62)]
Limit = Annotated[int, Query(ge=1, le=1000)]
After = Annotated[int, Query(ge=0, lt=1 << 62)]
EventName = Literal["risk.changed", "sms.receipt", "sms.received", "kep.receipt", "kep.received", "onboarding.step"]


class NewCallback(Strict):
    """Whom to call back, and about what."""

    url: Annotated[str, StringConstraints(min_length=1, max_length=2000)]
    """An http or https address in a network that this server may call."""
    events: list[EventName] = Field(min_length=1, max_length=6)
    institution_id: Row | None = None
    """Whose codes, registered mail and applications; needed for the events of these."""
    sms_account: Text | None = None
    """The `system_id` of an account of the SMS gateway; needed for its events."""
    timestamps: Literal["world", "real"] = "world"
    """Which clock `webhook-timestamp` is of: `real` for receivers that compare it with their own."""


class CallbackShown(TypedDict):
    """A subscription with its keys, which only a sandbox would show."""

    callback_id: int
    url: str
    events: list[str]
    institution_id: int | None
    sms_account: str | None
    timestamps: Literal["world", "real"]
    state: Literal["active", "disabled"]
    disabled_because: str | None
    failing_since: str | None
    made_at: str
    told: int
    secret: str
    public_key: str


class AttemptShown(TypedDict):
    """One try: the status that came back, or why none did."""

    nth: int
    at: str
    status: int | None
    trouble: str | None


class DeliveryShown(TypedDict):
    """A message to a subscription, as often as it was tried."""

    delivery_id: int
    webhook_id: str
    event: str
    copy: int
    happened_at: str
    state: str
    due_at: str | None
    done_at: str | None
    body: str
    attempts: list[AttemptShown]


@router.get("", summary="Who is called back about what, with secrets and public keys")
async def callbacks(ministry: Here) -> list[CallbackShown]:
    return [callback_shown(ministry, one) for one in ministry.callbacks.subscriptions()]


@router.post("", status_code=201, responses=refusals(400, 404), summary="Have an address told of events")
async def subscribe(body: NewCallback, ministry: Here) -> CallbackShown:
    if body.institution_id is not None:
        ministry.registry.institution(body.institution_id)
    if body.sms_account is not None:
        ministry.sms.account(body.sms_account)
    await ministry.callbacks.vet(body.url)
    order = Subscribe(
        url=body.url,
        kinds=frozenset(map(Kind, body.events)),
        institution_id=body.institution_id,
        sms_account=body.sms_account,
        real_time=body.timestamps == "real",
        notice=ministry.informing.last_notice(body.sms_account),
    )
    return callback_shown(ministry, ministry.callbacks.subscribe(order))


@router.get("/{callback_id}", responses=refusals(404), summary="One callback")
async def callback(callback_id: Number, ministry: Here) -> CallbackShown:
    return callback_shown(ministry, ministry.callbacks.subscription(callback_id))


@router.delete(
    "/{callback_id}", status_code=204, responses=refusals(404), summary="End a callback, and forget what was sent"
)
async def drop(callback_id: Number, ministry: Here) -> None:
    ministry.callbacks.drop(callback_id)


@router.post(
    "/{callback_id}/disable", responses=refusals(404), summary="Tell an address of nothing; what waits for it fails"
)
async def disable(callback_id: Number, ministry: Here) -> CallbackShown:
    return callback_shown(ministry, ministry.callbacks.disable(callback_id))


@router.post("/{callback_id}/enable", responses=refusals(404), summary="Tell it again of what happens from now on")
async def enable(callback_id: Number, ministry: Here) -> CallbackShown:
    notice = ministry.informing.last_notice(ministry.callbacks.subscription(callback_id).sms_account)
    return callback_shown(ministry, ministry.callbacks.enable(callback_id, notice=notice))


@router.post(
    "/{callback_id}/rotate", responses=refusals(404), summary="New keys; the old ones sign too for a day of the world's"
)
async def rotate(callback_id: Number, ministry: Here) -> CallbackShown:
    return callback_shown(ministry, ministry.callbacks.rotate(callback_id))


@router.post(
    "/{callback_id}/ping",
    status_code=201,
    responses=refusals(404, 409),
    summary="Send a message that only says that callbacks arrive; what became of it",
)
async def ping(callback_id: Number, ministry: Here) -> DeliveryShown:
    return await _sent(ministry, ministry.callbacks.ping(callback_id))


@router.get(
    "/{callback_id}/deliveries", responses=refusals(404), summary="The outbox: what was told, and what became of it"
)
async def deliveries(callback_id: Number, ministry: Here, after: After = 0, limit: Limit = 100) -> list[DeliveryShown]:
    found = ministry.callbacks.deliveries(callback_id, after=after, limit=limit)
    return [delivery_shown(ministry, one) for one in found]


@router.get("/{callback_id}/deliveries/{delivery_id}", responses=refusals(404), summary="One delivery")
async def delivery(callback_id: Number, delivery_id: Number, ministry: Here) -> DeliveryShown:
    return delivery_shown(ministry, ministry.callbacks.delivery(callback_id, delivery_id))


@router.post(
    "/{callback_id}/deliveries/{delivery_id}/replay",
    responses=refusals(404, 409),
    summary="Send a delivery once more, now, under the same webhook-id; what became of it",
)
async def replay(callback_id: Number, delivery_id: Number, ministry: Here) -> DeliveryShown:
    return await _sent(ministry, ministry.callbacks.replay(callback_id, delivery_id))


async def _sent(ministry: Ministry, one: Delivery) -> DeliveryShown:
    """A delivery after what is due now has been sent; late or doubled ones may still wait."""
    await ministry.callbacks.settle()
    return delivery_shown(ministry, ministry.callbacks.delivery(one.subscription, one.number))


def callback_shown(ministry: Ministry, one: Subscription) -> CallbackShown:
    """A subscription with its keys."""
    keys = ministry.callbacks.keys(one)
    return {
        "callback_id": one.number,
        "url": one.url,
        "events": [kind.value for kind in Kind if kind in one.kinds],
        "institution_id": one.institution_id,
        "sms_account": one.sms_account,
        "timestamps": "real" if one.real_time else "world",
        "state": "active" if one.off is None else "disabled",
        "disabled_because": None if one.off is None else one.off.value,
        "failing_since": None if one.failing_since is None else wire_moment(one.failing_since),
        "made_at": wire_moment(one.made_at),
        "told": one.told,
        "secret": keys.shared,
        "public_key": keys.public,
    }


def delivery_shown(ministry: Ministry, one: Delivery) -> DeliveryShown:
    """A delivery with its attempts."""
    return {
        "delivery_id": one.number,
        "webhook_id": ministry.callbacks.message_id(one),
        "event": one.kind.value,
        "copy": one.copy,
        "happened_at": wire_moment(one.at),
        "state": one.state.value,
        "due_at": None if one.due_at is None else wire_moment(one.due_at),
        "done_at": None if one.done_at is None else wire_moment(one.done_at),
        "body": one.body.decode(),
        "attempts": [_attempt_shown(attempt) for attempt in ministry.callbacks.attempts(one)],
    }


def _attempt_shown(attempt: Attempt) -> AttemptShown:
    return {
        "nth": attempt.nth,
        "at": wire_moment(attempt.at),
        "status": attempt.status,
        "trouble": None if attempt.trouble is None else attempt.trouble.value,
    }
