"""What goes wrong when a text is not the word it should be.

Every word has an error of its own (`InvalidTckn`, `InvalidHesCode`, …), all of them `InvalidWord`, so that a
counter can answer for any of them in one place. None repeats the refused text: it may be a real person's
number, and whatever an error says ends up in a log.
"""


class InvalidWord(ValueError):  # noqa: N818 — the family reads as the refusal that it is: InvalidTckn, InvalidPhone
    """A text that is not the identifier or code it was taken for.

    `rule` names the broken rule as `<word>.<rule>` (`tckn.check-digits`); `advice` says what to do now. The
    printed error has both and never the refused text.
    """

    rule: str
    advice: str

    def __init__(self, rule: str, advice: str) -> None:
        super().__init__(rule, advice)
        self.rule = rule
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.advice} [{self.rule}]"
