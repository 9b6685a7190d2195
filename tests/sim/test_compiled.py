"""Compiled loops draw what the readable arithmetic draws."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import compiled as compiled_module
from sim.compiled import CERTAIN, below, below_low, block, chance, in_threads, key_of, sample, shares, threshold, word
from sim.streams import LOW, Streams, philox4x32
from sim.tables import exponential, lognormal

entities = st.integers(0, 2**64 - 1)
halves = st.integers(0, LOW)


@pytest.mark.parametrize(
    ("counter", "key", "expected"),
    [
        ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((LOW, LOW, LOW, LOW), (LOW, LOW), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)
def test_random123s_published_vectors(
    counter: tuple[int, int, int, int], key: tuple[int, int], expected: tuple[int, int, int, int]
) -> None:
    """Random123's known-answer tests for philox4x32-10, through the compiled function."""
    entity = np.uint64(counter[1] << 32 | counter[0])
    first, last = block(np.uint64(key[1] << 32 | key[0]), entity, counter[2], counter[3])
    assert (int(first) >> 32, int(first) & LOW, int(last) >> 32, int(last) & LOW) == expected


@given(entities, halves, halves)
def test_a_word_is_the_streams_word(entity: int, step: int, sub: int) -> None:
    stream = Streams(7).stream("compiled/test")
    assert int(word(key_of(stream), np.uint64(entity), step, sub)) == stream.word(entity, step, sub)


@given(entities, halves, halves)
def test_all_four_words_of_a_block_are_philoxs(entity: int, step: int, sub: int) -> None:
    stream = Streams(7).stream("compiled/test")
    c = philox4x32((entity & LOW, entity >> 32, step, sub), (stream.key & LOW, stream.key >> 32))
    first, last = block(key_of(stream), np.uint64(entity), step, sub)
    assert (int(first), int(last)) == (c[0] << 32 | c[1], c[2] << 32 | c[3])


@given(st.integers(1, 2**32), st.integers(0, 2**40))
def test_a_choice_is_the_streams_choice(n: int, entity: int) -> None:
    stream = Streams(7).stream("compiled/test")
    drawn = np.uint64(word(key_of(stream), np.uint64(entity), 0, 0))
    assert int(below(n, drawn)) == int(stream.below(n, entity))
    assert 0 <= int(below_low(n, drawn)) < n


@given(st.floats(0, 1), st.integers(0, 2**40))
def test_a_chance_is_the_streams_chance(p: float, entity: int) -> None:
    stream = Streams(7).stream("compiled/test")
    assert bool(chance(threshold(p), np.uint64(word(key_of(stream), np.uint64(entity), 0, 0)))) == bool(
        stream.chance(p, entity)
    )


@given(entities)
def test_a_time_is_the_tables_time(drawn: int) -> None:
    for table in (exponential(1_000_000), lognormal(20_000, 2.0)):
        assert int(sample(table.knots, np.uint64(drawn))) == table.at(drawn)


def test_the_ends_of_a_table_are_reached() -> None:
    table = exponential(1_000_000)
    assert int(sample(table.knots, np.uint64(0))) == 0
    assert int(sample(table.knots, np.uint64(2**64 - 1))) == table.at(2**64 - 1)


@pytest.mark.parametrize("probability", [-0.1, 1.1, float("nan")])
def test_what_is_no_probability_is_refused(probability: float) -> None:
    with pytest.raises(ValueError, match=r"must lie in \[0, 1\]"):
        threshold(probability)


def test_thresholds_of_never_and_always() -> None:
    assert (threshold(0.0), threshold(1.0)) == (0, CERTAIN)
    assert not chance(0, np.uint64(0))
    assert chance(CERTAIN, np.uint64(2**64 - 1))


def test_work_is_shared_without_gaps_and_comes_back_in_order() -> None:
    assert shares(10, 3) == [(0, 3), (3, 6), (6, 10)]
    assert in_threads(3, lambda n: n * n) == [0, 1, 4]


def test_what_is_kept_compiled_hangs_on_the_whole_package(tmp_path: Path) -> None:
    """Another file's constant is taken up by a loop: a change there must not leave the old loop in force."""
    (tmp_path / "layout.py").write_text("WIDTH = 3\n")
    before = compiled_module._stamp(tmp_path)
    compiled_module._stamp.cache_clear()
    (tmp_path / "layout.py").write_text("WIDTH = 4\n")
    assert compiled_module._stamp(tmp_path) != before


def test_loops_are_kept_under_that_stamp() -> None:
    stamp = compiled_module._stamp(Path(compiled_module.__file__).parent)
    assert word._cache._cache_file._source_stamp == stamp  # type: ignore[attr-defined]


def test_processes_that_compile_at_once_do_not_mix_up_their_loops(tmp_path: Path) -> None:
    """Six processes with nothing kept yet, each with other types of argument: all get the right answer, twice."""
    source = """
import sys
import numpy as np
from sim.compiled import compiled

@compiled
def doubled(values, by):
    total = values[0] * by
    for value in values:
        total += value
    return total

kind = sys.argv[1]
print(doubled(np.arange(5).astype(kind), np.dtype(kind).type(2)))
"""
    (tmp_path / "loop.py").write_text(source)
    kinds = ["i1", "i2", "i4", "i8", "f4", "f8"]
    for _ in range(2):
        works = [
            subprocess.Popen(
                [sys.executable, str(tmp_path / "loop.py"), kind],
                stdout=subprocess.PIPE,
                text=True,
                env=os.environ | {"PYTHONPATH": str(Path(compiled_module.__file__).parents[1])},
            )
            for kind in kinds
        ]
        assert [float(work.communicate()[0]) for work in works] == [10.0] * 6
