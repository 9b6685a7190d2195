"""The world's chance: random numbers keyed by what they are for.

A draw is a function of (seed, purpose, key, position) and of nothing else: not of the order of calls, the
number of clients or of restarts. The generator is BLAKE2b in counter mode, keyed with the seed. The simulator
has a vectorised one of its own (`sim.streams`); here a draw names one entity at a time.
"""

from hashlib import blake2b

WORD_BYTES = 8
WORDS_PER_BLOCK = 8


class Streams:
    """All named streams of one world."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._key = blake2b(str(seed).encode(), digest_size=32, person=b"hes-world-seed").digest()

    def draw(self, purpose: str, *key: int | str) -> "KeyedDraw":
        """A vocabulary `Draw` for one purpose and entity; it starts over each time it is asked for."""
        return KeyedDraw(self._key, _label(purpose, key))

    def secret(self, purpose: str, *key: int | str, size: int = 32) -> bytes:
        """`size` (at most 64) bytes that only this world can know."""
        return blake2b(_label(purpose, key), digest_size=size, key=self._key, person=b"hes-secret").digest()


class KeyedDraw:
    """Uniform integers below n, one after the other, from one purpose and key."""

    def __init__(self, key: bytes, label: bytes) -> None:
        self._key = key
        self._label = label
        self._used = 0
        self._block = b""

    def __call__(self, n: int, /) -> int:
        """A uniform integer in [0, n); the bias of the multiply-shift is below n / 2^64."""
        at = self._used % WORDS_PER_BLOCK
        if at == 0:
            counter = (self._used // WORDS_PER_BLOCK).to_bytes(8, "little")
            self._block = blake2b(self._label + counter, key=self._key, person=b"hes-draw").digest()
        self._used += 1
        word = int.from_bytes(self._block[at * WORD_BYTES : (at + 1) * WORD_BYTES], "little")
        return (word * n) >> 64


def _label(purpose: str, key: tuple[int | str, ...]) -> bytes:
    """Unambiguous bytes: every element carries its type and length."""
    parts = [f"{type(part).__name__}:{len(str(part))}:{part}" for part in (purpose, *key)]
    return "|".join(parts).encode()
