"""Settings: one frozen value that refuses impossible ones, all at once."""

from dataclasses import FrozenInstanceError, fields

import pytest

from mockgov.settings import Settings, SettingsError


def test_the_defaults_are_the_facts() -> None:
    """What the facts fix: 500 codes, a month, 72 hours, six digits, six months."""
    settings = Settings()
    assert (settings.bulk_limit, settings.token_days, settings.negative_test_hours) == (500, 30, 72)
    assert (settings.login_code_digits, settings.immunity_days) == (6, 180)
    assert settings.start.isoformat() == "2021-10-04T05:00:00+00:00"
    with pytest.raises(FrozenInstanceError):
        settings.bulk_limit = 7


def test_every_setting_can_come_from_the_environment() -> None:
    """Texts, numbers, truth values and moments; other variables are nobody's business here."""
    read = Settings.from_environment(
        {
            "HES_BULK_LIMIT": "250",
            "HES_LENIENT_CODES": "false",
            "HES_START": "2020-12-01T08:00:00+03:00",
            "HES_CORS_ORIGIN": "https://kiosk.example",
            "PATH": "/bin",
        }
    )
    assert (read.bulk_limit, read.lenient_codes, read.cors_origin) == (250, False, "https://kiosk.example")
    assert read.start.isoformat() == "2020-12-01T08:00:00+03:00"
    assert Settings.from_environment({}) == Settings()
    assert {type(getattr(Settings(), field.name)).__name__ for field in fields(Settings)} == {
        "int",
        "str",
        "bool",
        "datetime",
    }


def test_all_mistakes_at_once() -> None:
    """An unknown name, an unreadable value and an impossible one are told together, each with what would do."""
    with pytest.raises(SettingsError) as error:
        Settings.from_environment({"HES_BULK_LIMITS": "1", "HES_TOKEN_DAYS": "many", "HES_LOCK_MINUTES": "0"})
    assert "bulk_limits is not a setting; known are app_registration," in str(error.value)
    assert "token_days cannot be 'many'" in str(error.value)
    assert "lock_minutes must be 1 to 10000, not 0" in str(error.value)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("HES_LENIENT_CODES", "maybe"),
        ("HES_START", "tomorrow"),
        ("HES_START", "2021-10-04T08:00:00"),
        ("HES_LOGIN_CODE_DIGITS", "4"),
        ("HES_KVKK_ANSWER_DAYS", "31"),
        ("HES_KEEP_CODES_DAYS", "0"),
        ("HES_NEGATIVE_TEST_HOURS", "0"),
        ("HES_BULK_LIMIT", "0"),
        ("HES_BODY_LIMIT_BYTES", "1000"),
        ("HES_SHORT_NUMBER_ABROAD", "+905990002023"),
        ("HES_SHORT_NUMBER_ABROAD", "+49301234567"),
        ("HES_SHORT_NUMBER_ABROAD", "2023"),
        ("HES_SHORT_NUMBER_CODES", "0"),
        ("HES_SHORT_NUMBER_TEXTS_A_DAY", "0"),
        ("HES_SHORT_NUMBER_MOST_DAYS", "539"),
        ("HES_SHORT_NUMBER_MOST_DAYS", "3651"),
        ("HES_SHORT_NUMBER_REPLY_S", "-1"),
        ("HES_LOCK_AFTER_FAILURES", "-1"),
        ("HES_REMEMBER_CREDENTIAL_S", "-1"),
        ("HES_ARGON2_MEMORY_KIB", "7"),
        ("HES_ARGON2_PASSES", "0"),
        ("HES_ARGON2_PASSES", "101"),
        ("HES_TOKEN_DAYS", "1000000000"),
        ("HES_LOGIN_ATTEMPTS", "0"),
        ("HES_PHONE_PREFIX", "499"),
        ("HES_PHONE_PREFIX", "59"),
        ("HES_PHONE_PREFIX", "5٩9"),
        ("HES_CORS_ORIGIN", "*\r\nset-cookie: a=b"),
        ("HES_BULK_LIMIT", "9" * 5000),
        ("HES_PUBLIC_ADDRESS", "127.0.0.1:8080"),
        ("HES_PUBLIC_ADDRESS", "http://127.0.0.1:8080/"),
        ("HES_PUBLIC_ADDRESS", "http://me:secret@127.0.0.1"),
        ("HES_PUBLIC_ADDRESS", "http://127.0.0.1:99999"),
        ("HES_PUBLIC_ADDRESS", "ftp://127.0.0.1"),
        ("HES_PUBLIC_ADDRESS", "http://a b"),
        ("HES_PUBLIC_ADDRESS", "http://[::1"),
    ],
)
def test_impossible_settings(variable: str, value: str) -> None:
    with pytest.raises(SettingsError):
        Settings.from_environment({variable: value})


def test_some_settings_changed() -> None:
    """Texts and numbers alike; the others stay, and the settings themselves do not change."""
    settings = Settings(bulk_limit=7)
    assert settings.changed({"token_days": 3, "lock_minutes": "4"}) == Settings(
        bulk_limit=7, token_days=3, lock_minutes=4
    )
    assert settings.changed({}) == settings == Settings(bulk_limit=7)
