"""The ways in which `hes onboard --break NAME` goes wrong on purpose, and the rule that each walks into."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Mishap:
    """One way to go wrong."""

    says: str
    rule: str
    """What the refusal names: a rule of onboarding's, a reason of the registered mail's, a status."""
    by_kep: bool = False
    """Whether it is about a letter that goes by registered mail."""


SIGNATURES: Final = ("expired", "not-yet-valid", "revoked", "unknown-root", "wrong-kind", "tampered", "wrong-tckn")
"""Broken signatures of the form, by the names of `hes sign --list-broken`."""

MISHAPS: Final[Mapping[str, Mishap]] = MappingProxyType(
    {
        "staff-under-500": Mishap(says="The workplace declares 499 staff.", rule="eligibility.staff"),
        "school": Mishap(says="The applicant is a school.", rule="eligibility.school"),
        "provincial": Mishap(says="The applicant is a ministry's office in a province.", rule="eligibility.provincial"),
        "branch-of-another": Mishap(says="A branch with another tax number is counted in.", rule="eligibility.branch"),
        "unsigned": Mishap(says="The form is handed in without a signature.", rule="form.signature"),
        **{
            name: Mishap(says=f"The form is signed wrong: {name}.", rule="form.signature")
            for name in SIGNATURES
            if name != "wrong-tckn"
        },
        "wrong-tckn": Mishap(says="The certificate carries somebody else's identity number.", rule="form.signer"),
        "revoked-later": Mishap(
            says="The certificate is revoked between the form and its evaluation.", rule="form.certificate"
        ),
        "letter-unsigned": Mishap(says="The registered letter is not signed.", rule="unsigned", by_kep=True),
        "letter-without-form": Mishap(
            says="The signed form is not attached to the letter.", rule="letter.form", by_kep=True
        ),
        "letter-without-authority": Mishap(
            says="The letter does not say that the person is authorised.", rule="letter.authorised"
        ),
        "letter-about-another": Mishap(says="The letter names another person.", rule="letter.person-number"),
        "letter-from-another": Mishap(
            says="The letter comes from another KEP address.", rule="letter.sender", by_kep=True
        ),
        "kep-over-quota": Mishap(says="The institution's KEP account is full.", rule="sender-over-quota", by_kep=True),
        "mail-bounces": Mishap(says="The person's mailbox does not exist.", rule="test-details"),
        "no-test-query": Mishap(says="Nothing was asked in the test environment.", rule="completion.no-query"),
        "notice-from-another": Mishap(
            says="Somebody else reports that the test is finished.", rule="completion.sender"
        ),
        "phone-off": Mishap(says="The text message with the password cannot be delivered.", rule="password"),
        "false-declaration": Mishap(
            says="The declared staff turn out to be false, after live access.", rule="declaration.false"
        ),
    }
)
