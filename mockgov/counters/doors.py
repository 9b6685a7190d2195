"""The doors beside HTTP that a server opens, in the order of their ports."""

from mockgov.counters.door import Door
from mockgov.counters.smpp.door import SmppDoor
from mockgov.counters.smtp.kep import KepDoor
from mockgov.counters.smtp.mail import SmtpDoor


def all_doors() -> tuple[Door, ...]:
    """Mail, registered mail, SMPP."""
    return SmtpDoor(), KepDoor(), SmppDoor()
