"""Settings: one frozen value, passed down. Nothing reads the environment but `Settings.from_environment`."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any, Final
from urllib.parse import urlsplit

_COUNTS = (
    "login_code_minutes",
    "login_attempts",
    "token_days",
    "short_token_hours",
    "negative_test_hours",
    "immunity_days",
    "bulk_limit",
    "lock_after_failures",
    "lock_minutes",
    "evaluation_hours",
    "live_access_hours",
    "confirmation_hours",
    "wet_letter_days",
    "sms_per_second",
    "short_number_codes",
    "short_number_texts_a_day",
    "edevlet_attempts",
    "edevlet_lock_minutes",
    "edevlet_session_minutes",
    "keep_queries_days",
    "keep_codes_days",
    "keep_reports_days",
    "keep_texts_days",
    "keep_login_codes_days",
    "keep_forms_days",
    "keep_requests_days",
    "keep_callbacks_days",
)


MOST = 10_000
"""The largest count, and the most days, hours or minutes of anything: no sum of moments can overflow."""

OF_SERVER: Final = frozenset({"callback_networks", "callback_timeout_s"})
"""Settings that are the server's, and no world's: whoever may make a world may not say where a server calls."""


class SettingsError(ValueError):
    """Some settings are wrong; the message lists all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How one world's ministry behaves where the real one is unknown or changed over time."""

    start: datetime = datetime(2021, 10, 4, 5, tzinfo=UTC)
    """The world's first moment; 08:00 in Turkey on a Monday in the middle of the HES era."""
    login_code_digits: int = 6
    """Digits of the code that M1 sends by SMS, 5 or 6 (sources disagree; facts section 1, M2)."""
    login_code_minutes: int = 3
    """Minutes for which a login code is good (chosen here)."""
    login_attempts: int = 5
    """Wrong tries after which a login code is void (chosen here)."""
    token_days: int = 30
    """Days for which a token lives with `rememberMe` (facts: one month)."""
    short_token_hours: int = 24
    """Hours for which a token lives without `rememberMe` (chosen here)."""
    app_registration: bool = False
    """Whether a citizen's first sign-in to the application must be followed by a registration (chosen here)."""
    negative_test_hours: int = 72
    """Window of the last negative PCR in a plus answer, 72 or 48 (sources disagree)."""
    immunity_days: int = 180
    """Days for which a past infection counts as immunity (facts: six months)."""
    bulk_limit: int = 500
    """Codes in one bulk call (facts C4, C6)."""
    body_limit_bytes: int = 1_048_576
    """Largest request body that a counter reads (chosen here; 500 codes are about 16 kB)."""
    lenient_codes: bool = True
    """Whether `hes_code` may be raw QR text, as some kiosks send it (facts section 2)."""
    lock_after_failures: int = 5
    """Wrong passwords in a row that lock an institution's account (chosen here)."""
    lock_minutes: int = 15
    """Minutes for which a locked account stays locked (chosen here)."""
    remember_credential_s: int = 900
    """Seconds for which a verified password need not be hashed again (design, section 4)."""
    argon2_memory_kib: int = 19_456
    """Memory of a password hash in KiB; OWASP's minimum for argon2id with two passes."""
    argon2_passes: int = 2
    """Passes of a password hash."""
    phone_prefix: str = "599"
    """Prefix of minted phone numbers; 599 is not allocated, so that no message can reach a person."""
    cors_origin: str = "*"
    """Origin that a browser kiosk may call from (facts section 2)."""
    signature_keys: str = "ec"
    """Keys of the world's certificates: `ec` (P-384, the state's own since 2025) or `rsa` (2048 bits, before)."""
    evaluation: str = "rules"
    """Who evaluates applications: `rules` by themselves after a delay, or `desk`, a person under /console/desk."""
    evaluation_hours: int = 40
    """Working hours from an official letter to its evaluation (chosen here: five working days)."""
    live_access_hours: int = 16
    """Working hours from a completion notice to live access (chosen here: two working days)."""
    confirmation_hours: int = 32
    """Working hours from live access to the ministry's confirming letter (chosen here: four working days)."""
    wet_letter_days: int = 3
    """Working days that a letter with a wet signature is in the post (chosen here)."""
    kep_quota_kib: int = 102_400
    """Room of a registered-mail account in KiB (chosen here)."""
    sms_transit_ms: int = 0
    """Milliseconds from a submitted message to the handset (chosen here)."""
    sms_operator_code: str = ""
    """The code that an operator puts behind every commercial message, such as `B001`; empty for none."""
    sms_per_second: int = 10_000
    """Messages a second of world time that one SMPP or HTTP account may submit (chosen here)."""
    short_number_abroad: str = "+903120002023"
    """The ordinary number that lines abroad write to; no local number begins with 0, so this one is nobody's."""
    short_number_codes: int = 2
    """Valid codes that one line may have from texts to 2023 (facts section 4)."""
    short_number_texts_a_day: int = 10
    """Texts that one line may send to 2023 on a Turkish day; further ones make no code (chosen here)."""
    short_number_most_days: int = 999
    """Most days in a text to 2023 (facts: at least 540 are taken)."""
    short_number_reply_s: int = 8
    """Seconds from a text to 2023 to the first reply, and again to the second (facts: both within about 25 s)."""
    edevlet_attempts: int = 5
    """Wrong passwords in a row that lock a citizen's sign-in at e-Devlet (chosen here)."""
    edevlet_lock_minutes: int = 15
    """Minutes for which nobody can sign in then (chosen here)."""
    edevlet_session_minutes: int = 60
    """Minutes from a sign-in at e-Devlet to the end of the session (chosen here)."""
    edevlet_queue_s: int = 2
    """Seconds for which a single query at e-Devlet waits in the queue; 0 for none (chosen here)."""
    keep_queries_days: int = 730
    """Days for which it is kept who asked about whom (chosen here)."""
    keep_codes_days: int = 365
    """Days for which a code's holder, label and QR are kept after its end (chosen here)."""
    keep_reports_days: int = 1095
    """Days for which reports are kept after a person's last; at least twice what rules look back (chosen here)."""
    keep_texts_days: int = 365
    """Days for which text messages are kept (chosen here)."""
    keep_login_codes_days: int = 1
    """Days for which a login code is kept after its end (chosen here)."""
    keep_forms_days: int = 730
    """Days for which an application for integration is kept when nothing more comes of it (chosen here)."""
    keep_requests_days: int = 1095
    """Days for which an application to the data controller is kept after its answer (chosen here)."""
    kvkk_answer_days: int = 10
    """Days until an application to the data controller is answered, 1 to 30 (law 6698, article 13: at most 30)."""
    callback_networks: str = "127.0.0.0/8,::1/128"
    """Networks to which callbacks may be sent; the server's own, no world may have others."""
    callback_timeout_s: int = 5
    """Real seconds after which an endpoint that has not answered counts as timed out, 1 to 60 (chosen here)."""
    keep_callbacks_days: int = 30
    """Days for which callbacks are kept after their end (chosen here)."""
    public_address: str = "http://127.0.0.1:8080"
    """Where certificates and rehearsals' reports say a world's server is; `hes serve` puts its own address here."""
    idle_lifetime_s: int = 0
    """Real seconds after the last use at which a world is dropped, the default one excepted; 0 for never."""

    journal_size: int = 10_000
    """Exchanges that the journal keeps in memory; 0 for none (chosen here)."""

    def __post_init__(self) -> None:
        """Refuse impossible values, all at once."""
        wrong = [
            f"{name} must be {rule}, not {getattr(self, name)!r}"
            for name, rule, good in (
                ("login_code_digits", "5 or 6", self.login_code_digits in (5, 6)),
                *((name, f"1 to {MOST}", 1 <= getattr(self, name) <= MOST) for name in _COUNTS),
                ("remember_credential_s", "0 to 86400000", 0 <= self.remember_credential_s <= 86_400_000),
                ("body_limit_bytes", "32768 (a full bulk call) to 1 GiB", 32_768 <= self.body_limit_bytes <= 1 << 30),
                ("argon2_memory_kib", "8 to 1048576", 8 <= self.argon2_memory_kib <= 1_048_576),
                ("argon2_passes", "1 to 20", 1 <= self.argon2_passes <= 20),
                ("phone_prefix", "three digits beginning with 5", _is_prefix(self.phone_prefix)),
                ("cors_origin", "printable ASCII", self.cors_origin.isascii() and self.cors_origin.isprintable()),
                ("signature_keys", "ec or rsa", self.signature_keys in ("ec", "rsa")),
                ("evaluation", "rules or desk", self.evaluation in ("rules", "desk")),
                ("kep_quota_kib", "1 to 1048576", 1 <= self.kep_quota_kib <= 1_048_576),
                ("sms_transit_ms", "0 to 86400000", 0 <= self.sms_transit_ms <= 86_400_000),
                ("edevlet_queue_s", "0 to 86400", 0 <= self.edevlet_queue_s <= 86_400),
                ("sms_operator_code", "B and three digits, or empty", _is_operator_code(self.sms_operator_code)),
                ("short_number_abroad", "+90 and ten digits, the first not 5", _is_ordinary(self.short_number_abroad)),
                ("short_number_most_days", "540 to 3650", 540 <= self.short_number_most_days <= 3650),
                ("short_number_reply_s", "0 to 86400", 0 <= self.short_number_reply_s <= 86_400),
                ("kvkk_answer_days", "1 to 30", 1 <= self.kvkk_answer_days <= 30),
                ("callback_networks", "networks such as 127.0.0.0/8,::1/128", _are_networks(self.callback_networks)),
                ("callback_timeout_s", "1 to 60", 1 <= self.callback_timeout_s <= 60),
                ("public_address", "http://host:port or https://…, without a path", _is_origin(self.public_address)),
                ("idle_lifetime_s", "0 to 31536000", 0 <= self.idle_lifetime_s <= 31_536_000),
                ("journal_size", "0 to 1000000", 0 <= self.journal_size <= 1_000_000),
                ("start", "a moment with a time zone", self.start.tzinfo is not None),
            )
            if not good
        ]
        if wrong:
            raise SettingsError("; ".join(wrong) + ".")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], *, prefix: str = "HES_") -> "Settings":
        """Read `HES_<FIELD>` variables; an unknown name or a wrong value is an error, all at once."""
        ours = {name: value for name, value in environment.items() if name.startswith(prefix)}
        try:
            return cls().changed({name.removeprefix(prefix).lower(): value for name, value in ours.items()})
        except SettingsError as error:
            raise SettingsError(f"The {prefix}... variables of the environment are wrong: {error}") from None

    def changed(self, changes: Mapping[str, object]) -> "Settings":
        """These settings with some changed, given as texts or numbers. Raises `SettingsError`, all at once."""
        known = sorted(field.name for field in fields(self))
        values: dict[str, Any] = {}
        wrong: list[str] = []
        for name, value in changes.items():
            if name not in known:
                wrong.append(f"{name} is not a setting; known are {', '.join(known)}")
                continue
            try:
                values[name] = _read(str(value), type(getattr(self, name)))
            except ValueError as error:
                wrong.append(f"{name} cannot be {str(value)!r}: {error}")
        try:
            settings = replace(self, **values)
        except SettingsError as error:
            wrong.append(str(error).removesuffix("."))
        if wrong:
            raise SettingsError("; ".join(wrong) + ".")
        return settings


def _is_prefix(text: str) -> bool:
    return len(text) == 3 and text.isascii() and text.isdigit() and text[0] == "5"


def _is_operator_code(text: str) -> bool:
    return not text or (len(text) == 4 and text[0] == "B" and text[1:].isascii() and text[1:].isdigit())


def _is_ordinary(text: str) -> bool:
    digits = text.removeprefix("+90")
    return text.startswith("+90") and len(digits) == 10 and digits.isascii() and digits.isdigit() and digits[0] != "5"


def _are_networks(text: str) -> bool:
    try:
        for one in filter(None, text.split(",")):
            ip_network(one.strip())
    except ValueError:
        return False
    return True


def _is_origin(text: str) -> bool:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    plain = text.isascii() and text.isprintable() and not set(text) & set(" \"'<>\\@") and len(text) <= 200
    whole = f"{parts.scheme}://{parts.netloc}" == text and bool(parts.hostname) and port != 0
    return plain and whole and parts.scheme in ("http", "https")


def _read(text: str, kind: type) -> Any:
    if kind is bool:
        if text.lower() not in ("true", "false", "1", "0"):
            raise ValueError("say true or false")
        return text.lower() in ("true", "1")
    if kind is datetime:
        return datetime.fromisoformat(text)
    return kind(text)
