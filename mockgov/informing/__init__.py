"""What integrators are called back about: events of all services, told to whoever has subscribed to them.

The services know nothing of callbacks; this is where a report, a receipt, a piece of evidence or a step becomes a
message in the outbox, with as little about people as its receiver can use. Where nobody has subscribed, an event costs
one small look-up, and no query anything at all: who has asked about whom is read from the audit trail afterwards, when
somebody's risk has changed.

A status changes by a report, at once, or by the passing of time, when an isolation begins or ends. The second is the
reason why this has a place on the agenda.

`desk` has the reactions; `acquaintance` knows which institution knows which code.
"""

from mockgov.informing.desk import STEPS, Informing, informing

__all__ = ["STEPS", "Informing", "informing"]
