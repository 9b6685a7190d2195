"""The account object of a citizen, as they stand now."""

from mockgov.counters.mobile_app.wire import AccountObject, account_object, unchecked_object
from mockgov.kvkk.notices import Front
from mockgov.ministry import Ministry
from mockgov.registry.rules import Citizen


def account_of(ministry: Ministry, citizen: Citizen) -> AccountObject:
    """Of who has yet to register, next to nothing is told."""
    user, now = ministry.signin.user(citizen.citizen_id), ministry.world.now()
    version = ministry.kvkk.notice(Front.MOBILE).version
    if not ministry.signin.is_registered(citizen.citizen_id):
        return unchecked_object(citizen, user, now, version)
    return account_object(citizen, user, ministry.isolation_of(citizen.citizen_id), now, version)
