"""By which way a question came."""

import pytest

from mockgov.queries.rules import channel_of


@pytest.mark.parametrize(
    ("asker", "channel"),
    [
        ("ÇINAR-G2G-HES", "live"),
        ("ÇINAR-TEST", "test"),
        ("X-TEST-G2G-HES", "live"),
        ("citizen:7", "person"),
        ("institution:3/citizen:7", "manager"),
        ("CITIZEN-TEST", "test"),
    ],
)
def test_the_name_of_who_asks_tells_the_channel(asker: str, channel: str) -> None:
    assert channel_of(asker) == channel
