"""What the ministry does of itself when something has happened: texts codes, reads texts, ends papers of the dead."""

from typing import Protocol

from mockgov.codes.service import Codes
from mockgov.edevlet.service import Edevlet
from mockgov.journal.service import Journal
from mockgov.kvkk.messages import RequestAnswered
from mockgov.listening import Listening
from mockgov.registry.messages import CitizenDied
from mockgov.registry.service import Registry
from mockgov.short_number.messages import ReadText
from mockgov.short_number.service import ShortNumber
from mockgov.signin.messages import LoginCodeSent
from mockgov.signin.service import SignIn
from mockgov.sms.messages import SendText, TextDelivered, TextFailed, TextReceived
from mockgov.sms.service import Sms


class Offices(Protocol):
    """Who is sent; `Ministry` has them all."""

    registry: Registry
    codes: Codes
    signin: SignIn
    edevlet: Edevlet
    sms: Sms
    short_number: ShortNumber
    journal: Journal


class Errands:
    """The errands of one world."""

    def __init__(self, offices: Offices) -> None:
        self._offices = offices
        self._listening = Listening(offices.journal)

    def read_text(self, event: TextReceived) -> None:
        """A text has come to the short number."""
        done = self._offices.short_number.read(ReadText(phone=event.phone, to=event.to, text=event.text))
        self._listening.read(event, done)

    def hear_text(self, event: TextDelivered | TextFailed) -> None:
        """A text to a phone has come to its end."""
        self._listening.ended(event)

    def end_papers(self, event: CitizenDied) -> None:
        """Somebody has died."""
        offices = self._offices
        for code in offices.codes.of(event.citizen_id):
            offices.codes.delete(code)
        offices.signin.forget(event.citizen_id)
        offices.edevlet.forget(event.citizen_id)

    def text_login_code(self, event: LoginCodeSent) -> None:
        """Somebody signs in to the application."""
        text = f"Hayat Eve Sığar giriş kodunuz: {event.code} (SANDBOX)"
        self._offices.sms.send(SendText(phone=event.phone, text=text))

    def text_answer(self, event: RequestAnswered) -> None:
        """An application to the data controller is answered."""
        phone = self._offices.registry.citizen(event.lodged_by).phone
        if phone is not None:
            text = f"{event.reference} sayılı KVKK başvurunuz cevaplanmıştır. (SANDBOX)"
            self._offices.sms.send(SendText(phone=phone, text=text))
