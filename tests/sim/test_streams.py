"""Streams: published vectors first, then columns against plain numbers, then what keys promise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.streams import RepeatedStreamError, Stream, Streams, philox4x32

# Random123's known-answer tests for philox4x32 with 10 rounds: counter, key, answer.
KNOWN_ANSWERS = [
    (
        (0x00000000, 0x00000000, 0x00000000, 0x00000000),
        (0x00000000, 0x00000000),
        (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8),
    ),
    (
        (0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF),
        (0xFFFFFFFF, 0xFFFFFFFF),
        (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD),
    ),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]

entities = st.integers(-(2**63), 2**63 - 1)
words32 = st.integers(0, 2**32 - 1)


def coin(seed: int = 1) -> Stream:
    return Streams(seed).stream("test/coin")


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN_ANSWERS)
def test_philox_gives_the_published_answers(counter, key, answer):
    """The plain arithmetic is Philox4x32-10 and nothing else."""
    assert philox4x32(counter, key) == answer


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN_ANSWERS)
def test_columns_give_the_published_answers(counter, key, answer):
    """The columns put entity, step, sub and key into the counter in the documented order."""
    stream = Stream(purpose="published", key=key[1] << 32 | key[0])
    entity = np.array([counter[1] << 32 | counter[0]], np.uint64)
    assert stream.words(entity, counter[2], counter[3]).tolist() == [answer[0] << 32 | answer[1]]


def test_a_seed_and_a_purpose_fix_the_numbers_for_ever():
    """A literal draw: if it changes, every recorded result of every scenario changes."""
    stream = Streams(2021).stream("capacity/service")
    assert stream.key == 0x13941404ABA2F290
    assert stream.words(np.arange(3)).tolist() == [
        0x8A5778802CCDDC48,
        0x9711A2581C6F0766,
        0xFBFABFC14AB54EED,
    ]


@given(st.lists(entities, min_size=1, max_size=5), words32, words32)
def test_columns_equal_plain_numbers(people, step, sub):
    """`words` on a column is `word` on each entity."""
    stream = coin()
    assert stream.words(np.array(people), step, sub).tolist() == [stream.word(p, step, sub) for p in people]


def test_blocks_do_not_show():
    """A column longer than the block that is worked on at once has no seam."""
    stream = coin()
    column = stream.words(np.arange(10_000), 7)
    assert [int(column[i]) for i in (0, 4095, 4096, 8191, 8192, 9999)] == [
        stream.word(i, 7) for i in (0, 4095, 4096, 8191, 8192, 9999)
    ]


def test_order_of_asking_does_not_matter():
    """A shuffled column, a part of it, or a draw in between: each entity keeps its number."""
    stream = coin()
    order = np.argsort(stream.words(np.arange(500), 99))
    straight = stream.words(np.arange(500))
    assert np.array_equal(stream.words(order), straight[order])
    assert np.array_equal(stream.words(np.arange(100, 200)), straight[100:200])


def test_shapes_broadcast():
    """People down, days across: one table, each cell its own draw."""
    stream = coin()
    table = stream.words(np.arange(3)[:, None], np.arange(4))
    assert table.shape == (3, 4)
    assert int(table[2, 3]) == stream.word(2, 3)
    assert stream.words(5).shape == ()
    assert stream.words(np.array([], np.int64)).shape == (0,)


def test_each_part_of_the_name_matters():
    """Another seed, purpose, entity, step or sub is another number."""
    drawn = {
        Streams(1).stream("a").word(1, 1, 1),
        Streams(2).stream("a").word(1, 1, 1),
        Streams(1).stream("b").word(1, 1, 1),
        Streams(1).stream("a").word(2, 1, 1),
        Streams(1).stream("a").word(1 + 2**32, 1, 1),
        Streams(1).stream("a").word(-1, 1, 1),
        Streams(1).stream("a").word(1, 2, 1),
        Streams(1).stream("a").word(1, 1, 2),
    }
    assert len(drawn) == 8


def test_a_repeated_purpose_is_refused():
    """Two parts must not share a stream by accident; the error names the purpose."""
    streams = Streams(1)
    streams.stream("demand/arrivals")
    with pytest.raises(RepeatedStreamError, match="demand/arrivals"):
        streams.stream("demand/arrivals")


def test_uniform_is_even():
    """A million fractions: all in [0, 1), mean 1/2 and variance 1/12 within four standard errors."""
    fractions = coin().uniform(np.arange(1_000_000))
    assert fractions.min() >= 0
    assert fractions.max() < 1
    assert abs(fractions.mean() - 1 / 2) < 4 * (1 / 12 / 1e6) ** 0.5
    assert abs(fractions.var() - 1 / 12) < 4 * (1 / 180 / 1e6) ** 0.5


def test_neighbours_are_unrelated():
    """Neighbouring entities, steps and purposes correlate by no more than chance (four standard errors)."""
    people = np.arange(200_000)
    here = coin().uniform(people)
    others = [coin().uniform(people + 1), coin().uniform(people, 1), coin().uniform(people, 0, 1)]
    others.append(Streams(1).stream("test/coim").uniform(people))
    assert all(abs(np.corrcoef(here, other)[0, 1]) < 4 / 200_000**0.5 for other in others)


def test_chance_keeps_its_probability():
    """Never at 0, always at 1, a tenth at 0.1; a probability per person is allowed."""
    people = np.arange(1_000_000)
    assert not coin().chance(0.0, people).any()
    assert coin().chance(1.0, people).all()
    assert abs(coin().chance(0.1, people).mean() - 0.1) < 4 * (0.09 / 1e6) ** 0.5
    assert coin().chance(np.array([0.0, 1.0]), np.array([8, 9])).tolist() == [False, True]


def test_chance_only_adds_as_it_grows():
    """Whoever is hit at 20 % is hit at 30 % too: scenarios differ only where they differ."""
    people = np.arange(10_000)
    assert not (coin().chance(0.2, people) & ~coin().chance(0.3, people)).any()


@given(st.integers(1, 2**32), entities)
def test_below_is_the_top_of_the_word(n, entity):
    """`below` scales the word's top 32 bits, in whole numbers."""
    assert int(coin().below(n, entity)) == (coin().word(entity) >> 32) * n >> 32


def test_below_takes_each_choice_equally_often():
    """Seven choices, 700,000 draws: each within four standard errors of 100,000."""
    counts = np.bincount(coin().below(7, np.arange(700_000)), minlength=7)
    assert counts.sum() == 700_000
    assert np.all(np.abs(counts - 100_000) < 4 * (700_000 * 6 / 49) ** 0.5)


def test_below_takes_a_bound_for_each():
    """Each entity may have a range of its own."""
    assert coin().below(np.array([1, 1, 1]), np.arange(3)).tolist() == [0, 0, 0]


def test_draw_walks_through_the_subs():
    """Minting one thing uses sub 0, 1, 2 … of its entity, a word for each choice."""
    draw = coin().draw(12, 3)
    assert [draw(10) for _ in range(5)] == [coin().word(12, 3, sub) * 10 >> 64 for sub in range(5)]


def test_draw_has_room_for_any_number_of_choices():
    """A 128-bit token in one go: in range, and its upper and lower halves both move."""
    tokens = [coin().draw(entity)(2**128) for entity in range(50)]
    assert all(0 <= token < 2**128 for token in tokens)
    assert len({token >> 64 for token in tokens}) == len({token % 2**64 for token in tokens}) == 50


@pytest.mark.parametrize(
    ("ask", "complaint"),
    [
        (lambda: Streams(-1), "negative"),
        (lambda: coin().words(1, 2**32), "step must lie in"),
        (lambda: coin().words(1, 0, np.array([-1])), "sub must lie in"),
        (lambda: coin().word(1, -1), "must lie in"),
        (lambda: coin().chance(1.1, 1), "probability"),
        (lambda: coin().chance(float("nan"), 1), "probability"),
        (lambda: coin().below(0, 1), "number of choices"),
        (lambda: coin().below(2**32 + 1, 1), "number of choices"),
        (lambda: coin().draw(1)(0), "cannot choose among 0"),
    ],
)
def test_a_draw_that_makes_no_sense_is_refused(ask, complaint):
    """The error names the limit."""
    with pytest.raises(ValueError, match=complaint):
        ask()


def test_a_fraction_cannot_name_a_draw():
    """A float entity would be cut silently; it is refused."""
    with pytest.raises(TypeError, match="integers"):
        coin().words(np.array([1.5]))


def test_the_same_purpose_elsewhere_has_other_chance() -> None:
    """A place is a prefix: two days that count from 0 do not share their draws, and a day twice does."""
    streams = Streams(7)
    monday, tuesday, again = (streams.within(day).stream("capacity/service") for day in ("mon", "tue", "mon"))
    assert monday.word(1) == again.word(1)
    assert len({monday.word(1), tuesday.word(1), streams.stream("capacity/service").word(1)}) == 3
