"""RSA primes from keyed secrets: the same world finds the same primes. Not for keys that guard anything real.

A candidate is a keyed odd number of 1,024 bits with the two highest bits set; from there upwards the numbers are
sieved by small primes, and what is left is put to the test of Miller and Rabin with fixed bases. For numbers that
nobody chose to deceive, a few rounds leave an error far below 2^-80 (Damgård, Landrock, Pomerance 1993).
"""

from collections.abc import Callable
from itertools import count

BITS = 1024
WINDOW = 1 << 13
BASES = (2, 3, 5, 7, 11, 13)
EXPONENT = 65_537
SIEVED_TO = 1 << 16


def rsa_primes(secret: Callable[[str, int], bytes]) -> tuple[int, int]:
    """Two different primes; `secret(which, part)` gives 64 keyed bytes."""
    p = _prime(lambda part: secret("p", part))
    q = _prime(lambda part: secret("q", part))
    return p, q


def _prime(secret: Callable[[int], bytes]) -> int:
    start = int.from_bytes(secret(0) + secret(1), "big") | 3 << BITS - 2 | 1
    for window in count():
        for candidate in _sieved(start + 2 * WINDOW * window):
            if candidate % EXPONENT != 1 and is_probable_prime(candidate):
                return candidate
    raise AssertionError


def _sieved(start: int) -> list[int]:
    """Odd numbers of the window from an odd start on that no small prime divides."""
    divided = bytearray(WINDOW)
    for prime in SMALL_PRIMES:
        first = (-start * (prime + 1) // 2) % prime  # start + 2 * first is a multiple
        divided[first::prime] = b"\1" * len(range(first, WINDOW, prime))
    return [start + 2 * step for step in range(WINDOW) if not divided[step]]


def is_probable_prime(number: int) -> bool:
    """Whether Miller's and Rabin's test finds no witness against an odd number above all bases."""
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd >> 1, twos + 1
    return all(_passes(number, base, odd, twos) for base in BASES)


def _passes(number: int, base: int, odd: int, twos: int) -> bool:
    power = pow(base, odd, number)
    if power in (1, number - 1):
        return True
    for _ in range(twos - 1):
        power = power * power % number
        if power == number - 1:
            return True
    return False


def _small_primes(below: int) -> list[int]:
    sieve = bytearray(b"\1") * below
    for number in range(2, int(below**0.5) + 1):
        if sieve[number]:
            sieve[number * number :: number] = b"\0" * len(range(number * number, below, number))
    return [number for number in range(3, below, 2) if sieve[number]]


SMALL_PRIMES = tuple(_small_primes(SIEVED_TO))
