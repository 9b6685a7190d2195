"""The 81 provinces as tiles: one square each, roughly where it lies.

Made by hand, so that neighbours touch where they can.
"""

from collections.abc import Mapping
from types import MappingProxyType

MAP = (
    "22 39 .. .. 67 74 37 57 55 52 .. 61 53 08 75",
    ".. 59 34 41 81 78 18 19 05 60 28 29 69 36 ..",
    "17 .. 77 54 14 06 71 40 66 58 24 62 25 04 76",
    "10 16 43 11 26 68 50 38 46 44 23 12 49 13 ..",
    "35 45 64 03 42 70 51 01 80 27 02 21 72 56 65",
    "09 48 20 15 32 07 33 .. 31 79 63 47 73 30 ..",
)
"""The plates, from the north-west; dots where there is no tile."""
PLACES: Mapping[int, tuple[int, int]] = MappingProxyType(
    {
        int(plate): (row, column)
        for row, line in enumerate(MAP)
        for column, plate in enumerate(line.split())
        if plate != ".."
    }
)
"""Row and column of each plate, from 0."""
COLUMNS, ROWS = len(MAP[0].split()), len(MAP)
