"""The one thing that an institution learns about a person's health."""

from enum import StrEnum


class RiskStatus(StrEnum):
    """What the ministry believes of a person now, spelt as on the wire.

    `RISKY` stands for a positive test and for contact with a case alike; the reason stays in the ministry.
    """

    RISKLESS = "RISKLESS"
    RISKY = "RISKY"
