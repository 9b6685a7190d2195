"""Who is calling: by password or session in every call, and the three ways to open a session."""

from collections.abc import Callable
from hashlib import sha256

from mockgov.counters.kep_session import Kind, Sessions
from mockgov.counters.kep_soap.answers import fine
from mockgov.counters.kep_soap.contract import Values
from mockgov.counters.kep_soap.durum import Durum, NotDone
from mockgov.kep.rules import SANDBOX, BadKepCredentials
from mockgov.kep.service import Kep
from mockgov.vocabulary.errors import InvalidWord
from mockgov.vocabulary.kep_address import KepAddress
from mockgov.vocabulary.signed import Verdict

SendTo = Callable[[str, str], bool]
"""(identity number, text): send the text to that person's phone; whether there is one."""


class SigningIn:
    """The sign-in of one world's counter."""

    def __init__(
        self,
        *,
        kep: Kep,
        sessions: Sessions,
        verify: Callable[[bytes, bytes | None], Verdict],
        enveloped: Callable[[bytes], bytes],
        text: SendTo,
    ) -> None:
        self._kep = kep
        self._sessions = sessions
        self._verify = verify
        self._enveloped = enveloped
        self._text = text
        self.known = ""
        """The account that has last proved itself."""

    def holder(self, account: Values | None) -> KepAddress:
        """Whose account it is: `parola` opens it, or else a session in `sifre`."""
        address = self._proved(account)
        self.known = address.address
        return address

    def _proved(self, account: Values | None) -> KepAddress:
        account = account or {}
        try:
            address = KepAddress.parse(account.get("kepHesap") or "")
        except InvalidWord as word:
            raise BadKepCredentials(str(word)) from None
        password, token = account.get("parola") or "", (account.get("sifre") or "").strip()
        if password:
            if token not in ("", password):
                raise BadKepCredentials("Leave `sifre` out, or repeat the password in it.")
            return self._kep.sign_in(address, password)
        if self._sessions.holder(token) != address:
            raise BadKepCredentials("The session is another account's.")
        return self._kep.account(address).address

    def check_session(self, address: KepAddress, token: str | None) -> None:
        """A session that a call names beside the account has to be the account's. Raises `BadSession`, `NotDone`."""
        token = (token or "").strip()
        if token and self._sessions.holder(token) != address:
            raise NotDone(Durum.SESSION_OVER, "eGuvenlikId başka bir hesaba ait. Yeniden giriş yapınız.")

    def begin(self, values: Values) -> Values:
        """Sign in: with the password alone, or get a text to be signed, or a code by SMS."""
        address = self.holder(values.get("kepHesap"))
        way = values.get("girisTur") or "BASE"
        if way == "BASE":
            return fine(eGuvenlikId=self._sessions.open(address).token)
        challenge = self._sessions.open(address, Kind.CHALLENGE).token
        if way == "OTP":
            text = f"KEP giriş kodunuz: {self._sessions.code(challenge)}. Kimseyle paylaşmayınız. (SANDBOX)"
            if not self._text(_person(values), text):
                raise NotDone(Durum.PARAMETER, "tcno için kayıtlı telefon yok. BASE veya EIMZA ile giriş yapınız.")
            return fine(eGuvenlikId=challenge)
        text = _text_to_sign(challenge)
        return fine(eMetin=text, eHash=sha256(text.encode()).hexdigest(), eGuvenlikId=challenge)

    def finish(self, values: Values) -> Values:
        """Trade the signed text, or the code, for a session."""
        address = self.holder(values.get("kepHesap"))
        challenge = (values.get("eGuvenlikId") or "").strip()
        if self._sessions.holder(challenge, Kind.CHALLENGE) != address:
            raise NotDone(Durum.SESSION_OVER, "eGuvenlikId başka bir hesaba ait. Önce Giris ile yenisini alınız.")
        if values.get("girisTur") == "OTP":
            if (values.get("smsKey") or "").strip() != self._sessions.code(challenge):
                raise NotDone(Durum.SIGNATURE, "smsKey yanlış. SMS ile gelen kodu yazınız.")
        else:
            self._check_signature(values, challenge)
        return fine(eGuvenlikId=self._sessions.open(address).token)

    def _check_signature(self, values: Values, challenge: str) -> None:
        """The text of a challenge has to be signed with the certificate of `tcno`."""
        signature = values.get("eCadesBes")
        if signature is None or not signature.data:
            raise NotDone(Durum.PARAMETER, "eCadesBes boş olamaz. eMetin değerini imzalayıp gönderiniz.")
        verdict = self._verdict(signature.data, _text_to_sign(challenge).encode())
        if not verdict.counts:
            raise NotDone(Durum.SIGNATURE, f"E-imza geçersiz ({verdict.flaw}). eMetin değerini yeniden imzalayınız.")
        if verdict.identity_number != _person(values):
            raise NotDone(
                Durum.SIGNATURE, "Sertifika tcno ile bildirilen kişinin değil. Kendi sertifikanızı kullanınız."
            )

    def _verdict(self, signature: bytes, text: bytes) -> Verdict:
        """A signature beside the text, or one with the text inside."""
        verdict = self._verify(signature, text)
        if verdict.counts:
            return verdict
        inside = self._verify(signature, None)
        return inside if inside.counts and self._enveloped(signature) == text else verdict


def _person(values: Values) -> str:
    """The identity number of who signs in."""
    return (values["kepHesap"].get("tcno") or "").strip()


def _text_to_sign(challenge: str) -> str:
    return f"{SANDBOX}. KEP hesabına elektronik imza ile giriş: {challenge}"
