"""The address of registered e-mail."""

import pytest
from hypothesis import given

from mockgov.vocabulary.kep_address import InvalidKepAddress, KepAddress
from tests.strategies import kep_addresses


def test_an_address_has_an_account_and_a_provider():
    """Case does not matter; the ministry's own address is the example."""
    address = KepAddress.parse(" SB@HS01.KEP.TR ")
    assert address == KepAddress(account="sb", provider="hs01")
    assert str(address) == "sb@hs01.kep.tr"


@given(kep_addresses())
def test_the_mask_leaves_the_provider_and_one_letter(address):
    """The mask is made of the account's first letter and the provider."""
    assert address.masked == f"{address.account[0]}****@{address.provider}.kep.tr"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "kep.account"),
        ("@hs01.kep.tr", "kep.account"),
        (".sb@hs01.kep.tr", "kep.account"),
        ("s..b@hs01.kep.tr", "kep.account"),
        ("s b@hs01.kep.tr", "kep.account"),
        ("ş@hs01.kep.tr", "kep.account"),
        ("a" * 65 + "@hs01.kep.tr", "kep.account"),
        ("sb", "kep.provider"),
        ("sb@hs1.kep.tr", "kep.provider"),
        ("sb@hs01.kep.com", "kep.provider"),
        ("sb@hs01", "kep.provider"),
        ("sb@x@hs01.kep.tr", "kep.provider"),
        ("sb@saglik.gov.tr", "kep.provider"),
    ],
)
def test_a_refusal_names_the_broken_rule(text, rule):
    """Each way to be wrong has a name."""
    with pytest.raises(InvalidKepAddress) as refused:
        KepAddress.parse(text)
    assert refused.value.rule == rule
