"""A snapshot holds in every world, and shows nothing of one."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mockgov.faults import Refuse
from mockgov.testing.order import Order
from mockgov.testing.snapshots import Names, Snapshot, SnapshotError, written
from mockgov.testing.templates import templates

NOW = datetime(2021, 10, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("A1B2-3456-17 and A1B2345617, L9K0000010", "<code 1> and <code 1>, <code 2>"),
        ("2021-10-11T05:00:00.000Z", "<now+7d>"),
        ("2021-10-04T02:30:00+00:00 2021-10-04T08:00:00.250+03:00", "<now-02:30:00> <now+00:00:00.250>"),
        ("2070-12-30T13:00:00.000Z", "<indefinite>"),
        ("2021-10-04, born 1985-05-19", "<today>, born <day>"),
        ("AY**** NU**** YI****  ********472", "<masked name>  <masked number>"),
        ("905991234567 or +905991234567", "<phone 1> or <phone 1>"),
        ("10000000146 1234567890", "<identity number 1> <tax number 1>"),
        ("http://ministry.invalid/w/t17/qr/x", "<ministry>/w/<world>/qr/x"),
        ("hunter2hunter2", "<secret>"),
        ("eyJhbGciOiJIUzUxMiJ9.eyJzdWIiOiIxIn0.abc_-", "<token 1>"),
        ("0123456789abcdef0123456789abcdef|A1B2345617", "<qr 1>|<code 1>"),
    ],
)
def test_what_is_one_worlds_own_has_a_name(text: str, kept: str) -> None:
    """The same name for the same thing."""
    assert Names(NOW, ["hunter2hunter2"], "http://ministry.invalid").text(text) == kept


def test_the_fixture_keeps_a_file_for_each_test(world, http, hes_snapshot) -> None:
    """Beside the test, by its name."""
    pair, holder = world.pair(), world.register()
    body = {"hes_code": world.code(holder).text}
    hes_snapshot(http.post(pair.base + "check-hes-code", json=body, auth=pair.auth))
    hes_snapshot(http.get("/_lab/nothing"), "nothing")


@pytest.mark.parametrize("seed", [1, 2, 77])
def test_an_answer_is_kept_alike_in_every_world(seed: int, request: pytest.FixtureRequest) -> None:
    """Single, bulk, errors; the same file for all seeds."""
    with templates().sandbox(Order(seed=seed, people=5 + seed % 3)) as world:
        pair, well, ill = world.pair(), world.register("Can", "Er"), world.register()
        world.positive(ill)
        codes = [world.code(ill), world.code(well, days=None), world.code(well, days=1)]
        world.delete(codes[2])
        asked = [{"hes_code": code.text} for code in codes]
        answers = [
            world.http.post(pair.base + "check-hes-codes-plus", json=asked, auth=pair.auth),
            world.http.post(pair.base + "check-hes-code", json=asked[2], auth=pair.auth),
            world.http.post(pair.base + "check-hes-code", json=asked[0], auth=("nobody", "x")),
        ]
        world.plan(Refuse(share=1.0, retry_after_s=7))
        answers.append(world.http.post(pair.base + "check-hes-code", json=asked[0], auth=pair.auth))
        names = Names(world.clock.now(), world.secrets(), world.url)
        text = "\n".join(written(answer, names) for answer in answers)
    assert all(code.text not in text for code in codes)
    assert ill.masked_firstname not in text
    update = request.config.getoption("--hes-update")
    folder = Path(__file__).parent / "snapshots" / Path(__file__).stem
    Snapshot(folder, "answers", names=lambda: names, update=update)(text)


def test_a_snapshot_that_is_missing_or_other_is_told(tmp_path) -> None:
    """With what would be kept, or what differs; nothing is written unless asked for."""

    def snapshot(*, update: bool) -> Snapshot:
        return Snapshot(tmp_path / "here", "test_it[a/b]", names=lambda: Names(NOW), update=update)

    with pytest.raises(SnapshotError, match=r"no snapshot here/test_it-a-b\.snap yet.*--hes-update"):
        snapshot(update=False)({"status": "RISKY"})
    assert not list(tmp_path.iterdir())
    snapshot(update=True)({"status": "RISKY"})
    snapshot(update=False)({"status": "RISKY"})
    with pytest.raises(SnapshotError, match=r'(?s)-  "status": "RISKY".*\+  "status": "RISKLESS"'):
        snapshot(update=False)({"status": "RISKLESS"})
    shutil.rmtree(tmp_path / "here")
