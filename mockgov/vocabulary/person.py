"""What the population register says of a person beside the number and the name."""

from enum import StrEnum


class Sex(StrEnum):
    """The sex in the population register, spelt as the mobile service's `gender` field spells it."""

    MALE = "MALE"
    FEMALE = "FEMALE"
