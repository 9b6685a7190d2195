"""How `hes person N sms` waits for what comes back."""

from typing import Any

import pytest

from mockgov.cli import acting

PHONE = "905990000001"
ACKNOWLEDGED = "AY**** YI**** talebiniz alınmıştır."
CODE = "A1B2345617 HES kodunuz. QR: x"


class Sandbox:
    """A ministry whose replies arrive at set seconds of its clock."""

    def __init__(self, clock: str, replies: dict[int, str]) -> None:
        self.clock = clock
        self.replies = replies
        self.second = -1

    def __call__(self, url: str, method: str, path: str, body: Any = None, **_: Any) -> Any:  # noqa: ARG002  as `call`
        if path.endswith("/card?unmask=true"):
            return {"phone": PHONE, "family": []}
        if path.endswith("/sms"):
            self.second = 0
        elif path == "/_lab/clock":
            self.second += body["advance_s"]
        elif path == "/_lab/world":
            return {"clock": self.clock}
        return {
            "inbox": [
                {"sender": "2023", "at": f"{at} s", "text": text}
                for at, text in self.replies.items()
                if at <= self.second
            ]
        }


def lines(monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox, *, wait_s: int = 30, advance: bool = True) -> list[str]:
    monkeypatch.setattr(acting, "call", sandbox)
    return list(acting.send_text("http://x", 1, "HES", to="2023", wait_s=wait_s, advance=advance))


def test_two_replies(monkeypatch: pytest.MonkeyPatch) -> None:
    """It waits for the code behind the acknowledgement, and no longer."""
    sandbox = Sandbox("manual", {-1: "before", 2: ACKNOWLEDGED, 9: CODE, 20: "later"})
    assert lines(monkeypatch, sandbox) == [
        "to 2023: HES",
        f"from 2023, 2 s: {ACKNOWLEDGED}",
        f"from 2023, 9 s: {CODE}",
    ]
    assert sandbox.second == 9


def test_one_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Is all that comes."""
    sandbox = Sandbox("manual", {3: "Gönderdiğiniz mesaj hatalıdır."})
    assert lines(monkeypatch, sandbox)[1:] == ["from 2023, 3 s: Gönderdiğiniz mesaj hatalıdır."]
    assert sandbox.second == 3


def test_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says so, and why where the clock stands still."""
    assert lines(monkeypatch, Sandbox("manual", {}), wait_s=4)[1:] == ["Nothing came back within 4 seconds."]
    assert lines(monkeypatch, Sandbox("running", {}), wait_s=0)[1:] == ["Nothing came back within 0 seconds."]
    still = lines(monkeypatch, Sandbox("manual", {2: CODE}), advance=False)
    assert still[1:] == [
        "Nothing came back: this world's clock stands still. Use --advance to move it on while waiting."
    ]
