"""An e-Yazışma package for tests, signed and sealed by the twin."""

from collections.abc import Callable

from mockgov.kep.eyp import Body, NewPackage, Signer, write_package
from mockgov.kep.reading import Attachment
from tests.mockgov.kep.post import MONDAY, twin_sign_cades

LETTER = Attachment(name="Üst Yazı.pdf", content_type="application/pdf", data=b"%PDF-1.4 letter")
FORM = Attachment(name="Erişim Talep Formu.pdf", content_type="application/pdf", data=b"%PDF-1.4 form")
MINISTRY_BODY = Body(number="24306500", name="T.C. Sağlık Bakanlığı")


def order(*attachments: Attachment) -> NewPackage:
    """An official letter with these attachments; the form if none are named."""
    return NewPackage(
        document_id="48ECB045-06C5-43DA-BACE-50BA73A8D129",
        document_number="E-24301050-010.07-4711",
        subject="HES entegrasyonu erişim talebi",
        sender=Body(number="24301050", name="Örnek Kurumu"),
        recipients=(MINISTRY_BODY,),
        letter=LETTER,
        attachments=attachments or (FORM,),
        signers=(Signer(firstname="Ayşe", lastname="Kaya", title="Genel Müdür"),),
    )


def package(
    *attachments: Attachment,
    sign: Callable[[bytes], bytes] = twin_sign_cades,
    seal: Callable[[bytes], bytes] = twin_sign_cades,
) -> bytes:
    """A package of that order."""
    return write_package(order(*attachments), at=MONDAY, sign=sign, seal=seal)
