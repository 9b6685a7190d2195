"""What a mail or text message carries, so that its fate finds back to the application that it is about."""

from typing import Final, NamedTuple

from mockgov.onboarding.messages import Step

TEST_PART: Final = "test"
"""What a reference calls the details of test access; the halves of live access go by their own names."""


class Reference(NamedTuple):
    """What a mail or text message is about."""

    application_id: int
    part: str
    nth: int | None
    """Which one of several of the part; None in those that do not say."""


def reference_to(step: Step, part: str, nth: int) -> str:
    """What a mail or text message of a step carries, so that its fate finds back."""
    return f"onboarding/{step.application_id}/{part}/{nth}"


def referred(reference: str) -> Reference | None:
    """What a reference is about; None for what is no part of onboarding."""
    place, number, part, nth = (reference.split("/") + [""] * 3)[:4]
    if place != "onboarding" or not number.isdigit():
        return None
    return Reference(int(number), part, int(nth) if nth.isdigit() else None)
