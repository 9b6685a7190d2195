"""How a signed form is examined: which kind of signature it bears, whether that counts, and what is signed."""

from collections.abc import Callable
from dataclasses import dataclass

from mockgov.onboarding.reading import pdf_text
from mockgov.onboarding.rules import SignatureForm
from mockgov.refusal import Refused
from mockgov.vocabulary.signed import Verdict

PDF: bytes = b"%PDF"
"""How a PDF begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What an examination found."""

    form: SignatureForm
    verdict: Verdict
    belongs: bool
    """Whether the very form that was drawn is signed."""


class Examiner:
    """Examines signed forms; how signatures are checked is the signature service's business."""

    def __init__(
        self,
        *,
        verify_pades: Callable[[bytes], Verdict],
        verify_cades: Callable[[bytes, bytes | None], Verdict],
        enveloped: Callable[[bytes], bytes],
    ) -> None:
        """`enveloped` raises a `Refused` for what has no document inside."""
        self._verify_pades = verify_pades
        self._verify_cades = verify_cades
        self._enveloped = enveloped

    def examine(self, signed: bytes, document: bytes | None, drawn: bytes) -> Examined:
        """Look at what was handed in: `document` is what came beside it, `drawn` the form as the ministry made it."""
        if not signed:
            return Examined(form=SignatureForm.PADES, verdict=Verdict.missing(), belongs=False)
        if signed.startswith(PDF):
            verdict = self._verify_pades(signed)
            return Examined(form=SignatureForm.PADES, verdict=verdict, belongs=_only_signed(signed, drawn))
        inside = self._inside(signed)
        if inside is not None:
            verdict = self._verify_cades(signed, None)
            return Examined(form=SignatureForm.CADES_ENVELOPING, verdict=verdict, belongs=inside == drawn)
        verdict = self._verify_cades(signed, drawn if document is None else document)
        return Examined(form=SignatureForm.CADES_DETACHED, verdict=verdict, belongs=document in (None, drawn))

    def again(self, form: SignatureForm, signed: bytes, drawn: bytes) -> Verdict:
        """What the check says now of a form that was taken in before."""
        if form is SignatureForm.PADES:
            return self._verify_pades(signed)
        return self._verify_cades(signed, drawn if form is SignatureForm.CADES_DETACHED else None)

    def _inside(self, signed: bytes) -> bytes | None:
        try:
            return self._enveloped(signed)
        except Refused:
            return None


def _only_signed(signed: bytes, drawn: bytes) -> bool:
    """Whether nothing but a signature was added to the form: an added revision may also change what a page shows."""
    return signed.startswith(drawn) and pdf_text(signed) == pdf_text(drawn)
