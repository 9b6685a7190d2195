"""Whether the rules of a world's day let a scenario be what it says. Pure."""

from datetime import datetime

from mockgov.magic.roles import Role
from mockgov.magic.scenario import Channel, NotInThisTime, Scenario
from mockgov.risk_index.rules import status_at, timeline


def check(scenario: Scenario, cast_at: datetime) -> None:
    """Raises `NotInThisTime` where the person would not be as risky as the table says, then or at a later moment."""
    role = scenario.plays
    if not isinstance(role, Role):
        return
    for says in scenario.says:
        if says.channel is not Channel.CODE or "current_health_status" not in says.shows:
            continue
        moment = says.when.of(cast_at)
        known = [told.makes(0, cast_at) for told in role.told if cast_at + told.after <= moment]
        if status_at(timeline(known), moment) != says.shows["current_health_status"]:
            raise NotInThisTime(
                f"By the rules of {cast_at.date().isoformat()} nobody becomes {scenario.name}. Let the world begin on "
                "another day, such as 2021-10-04, or take always-risky, which any rules allow."
            )
