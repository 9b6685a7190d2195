"""Which kinds of institution may ask the ministry by machine."""

from enum import StrEnum


class InstitutionKind(StrEnum):
    """The classes of the integration rules (version 1.2), the fourth split into its two offices.

    Behind them stand the two kinds that the rules send to somebody else's access.
    The order is the rules' order, and is part of the meaning: columns of the simulator hold a kind as its
    index here.
    """

    MINISTRY = "MINISTRY"
    """A ministry's central organisation; its provincial offices and affiliates use the same access."""
    PUBLIC_BODY = "PUBLIC_BODY"
    """A public body; integrates from 500 staff."""
    WORKPLACE = "WORKPLACE"
    """A private employer; integrates from 500 employees, branches under one tax number taken together."""
    GOVERNORSHIP = "GOVERNORSHIP"
    """The governor's office of a province."""
    PROVINCIAL_HEALTH_DIRECTORATE = "PROVINCIAL_HEALTH_DIRECTORATE"
    """The health ministry's office in a province."""
    PROVINCIAL_ORGANISATION = "PROVINCIAL_ORGANISATION"
    """A ministry's office in a province, or an affiliate of a ministry: uses its ministry's own access."""
    SCHOOL = "SCHOOL"
    """A school; the education ministry's access serves it."""
