"""Misbehaviour on purpose: a typed plan of faults, the same for the same world, requests and time.

`kinds` has the faults, `aim` whom they strike and when, `delays` how long, `course` what they come to at a door;
`plan` decides and counts, `token` names a strike so that it can be done again, `written` reads and writes plans,
`catalogue` has ready ones, and `current` lets clocks and certificates be wrong while a struck request is worked on.

| kind | what happens | stages |
|---|---|---|
| refuse | an error status (429, 5xx), with Retry-After if wanted | counter, answer |
| delay | constant, uniform, exponential or lognormal, in real milliseconds | counter, answer |
| cut | the connection ends without an answer | answer, counter |
| half | head and a part of the body, then the end | answer |
| drip | a few bytes at a time | answer |
| wrong-type | the answer is called something that it is not | answer |
| misstate | the opposite risk status | answer |
| duplicate, disorder | receipts, evidence and callbacks come twice, or late | receipt |
| greylist | 451 first, taken later | counter |
| expired-certificate, clock-skew | the service's certificates have ended, its clock is wrong | service |

| part | fidelity |
|---|---|
| 429, 502, 503, 504 with Retry-After; connections that end early | simplified (what gateways do) |
| a planted 429's words and its `errorKey` `toomanyrequests`; other statuses' `unavailable` | chosen here |
| shares, laws and bursts | chosen here |
| greylisting: 451 4.7.1 by pair of sender and recipient | faithful (RFC 6647) |
| other doors' words for a refusal: SMTP 451, SMPP RTHROTTLED and RSYSERR, a SOAP Fault of the server | chosen here |
| receipts held back in the world's time; evidence that changes places in its list | chosen here |
| the lab, the console and the pages of handsets are never struck | chosen here |
| X-HES-Fault, replay tokens, ready plans | chosen here |
"""

from mockgov.faults.kinds import Delay, Fault, Misstate, Refuse
from mockgov.faults.plan import FaultPlan
from mockgov.faults.written import FaultError

__all__ = ["Delay", "Fault", "FaultError", "FaultPlan", "Misstate", "Refuse"]
