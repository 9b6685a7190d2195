"""The tables that a population is made from: ages, households, work, and what sets the provinces apart."""

from mockgov.vocabulary.province import PROVINCES

AGES = (
    (0, 9, 13_419_270),
    (10, 19, 13_595_150),
    (20, 29, 13_174_164),
    (30, 39, 12_774_732),
    (40, 49, 11_446_581),
    (50, 59, 8_908_423),
    (60, 69, 6_192_391),
    (70, 79, 3_353_577),
    (80, 100, 1_474_778),
)
"""First age, last age and people, 2020 (United Nations' estimate, 84.34 M). Nobody here is older than 100."""

OLDEST = 100
ADULT_AGE = 18
FIRST_SCHOOL_AGE = 6
STAGE_YEARS = 4
STAGES = 3
"""Three stages of four years at school, as the law of 2012 has it: primary, middle, upper secondary."""

HOUSEHOLDS_2018 = (
    *(0.1607, 0.2114, 0.1994, 0.2019, 0.1090, 0.0533),
    *(0.0248, 0.0154, 0.0095, 0.0059, 0.0037, 0.0023, 0.0014, 0.0009, 0.0004),
)
"""Share of households with 1, 2, … 15 people: TÜİK, 2018, when the mean was 3.41. Published to 6; the 6.43 %
with 7 or more are spread out here geometrically, with the ratio 0.62 that gives the published mean."""

MALE_SHARE = 0.501
"""Men among all people (TÜİK, 2020)."""

NATIONAL_MINISTRIES = 17
"""Ministries in the country, about; they sit in Ankara."""

ANKARA = 6
"""Its plate."""

SEAT_STAFF = 5
"""Staff from which a public workplace can be a governor's or a directorate's seat. Chosen here."""

# Who lives in a household of 0 (unused), 1, 2, 3, 4, 5, 6 or more people; chosen here. Only the order of the
# ages that follow from it counts: the ages themselves come from the census.
YOUNG_HEAD_SHARE = (0.0, 0.35, 0.25, 0.65, 0.90, 0.90, 0.70)
YOUNG_HEAD_AGES = ((0, 0), (20, 40), (22, 38), (24, 45), (28, 50), (30, 52), (30, 52))
OLD_HEAD_AGES = ((0, 0), (50, 90), (48, 85), (45, 75), (50, 70), (50, 70), (50, 75))
PARTNER_SHARE = (0.0, 0.0, 0.75, 0.88, 0.90, 0.90, 0.90)
ELDER_SHARE = (0.0, 0.0, 0.0, 0.05, 0.15, 0.35, 0.50)
# Years older than the head of the household, from and to.
CHILD_GAP = (-42, -20)
PARTNER_GAP = (-6, 6)
ELDER_GAP = (20, 35)

EMPLOYMENT_BY_AGE = ((15, 0), (5, 5), (5, 10), (30, 14), (5, 7), (5, 4), (5, 2), (31, 0))
"""So many years of age, counted from 0, and their relative chance of being an employee. Chosen here."""

EMPLOYMENT_BY_SEX = (23, 10)
"""The same for men and women, in the ratio of their employment rates, 59.8 % and 26.3 % (TÜİK, 2020)."""

DISTRICTS = tuple((province.plate, name) for province in PROVINCES for name in province.districts)
"""Plate and name of every district here, in the order of their numbers: the few real ones of each province that
`mockgov.vocabulary.province` names share out the whole province."""

YOUNGEST, YOUNG, YOUNGER, EVEN, OLDER, OLDEST_OF_ALL = range(6)
AGE_TILT = (0.977, 0.981, 0.990, 1.000, 1.010, 1.016)
"""What a year of age multiplies the share of an age by, in each class of provinces, before the table is fitted to the
ages of the nation and the people of the provinces. Chosen here."""

HOUSEHOLD_TILT = (1.55, 1.40, 1.20, 1.00, 0.92, 0.87)
"""Mean household of each class over that of an EVEN province, before it is fitted to the nation's. Chosen here; that
households are largest in the south-east (Şırnak) is TÜİK's."""

CLASSES = {
    YOUNGEST: (63, 73),
    YOUNG: (4, 13, 21, 30, 47, 49, 56, 65, 72),
    YOUNGER: (2, 12, 27, 31, 36, 46, 76, 79, 80),
    OLDER: (3, 5, 8, 9, 10, 11, 14, 15, 17, 18, 19, 20, 22, 28, 32, 35, 37, 39, 40, 43, 48, 60, 64, 67, 74, 78),
    OLDEST_OF_ALL: (57,),
}
"""Plates of each class; all others are EVEN. That Şanlıurfa and Şırnak are the youngest provinces and Sinop is the
oldest is TÜİK's (median ages of 2020); the other places are chosen here, by the same east and west."""

SEATS = (
    *((370, 353), (378, 383), (388, 305), (397, 431), (407, 358), (399, 329), (369, 307), (412, 418), (378, 278)),
    *((396, 279), (401, 300), (389, 405), (384, 421), (407, 316), (377, 303), (402, 291), (402, 264), (406, 336)),
    *((406, 350), (378, 291), (379, 402), (417, 266), (387, 392), (397, 395), (399, 413), (398, 305), (371, 374)),
    *((409, 384), (405, 395), (376, 437), (362, 362), (378, 306), (368, 346), (410, 290), (384, 271), (406, 431)),
    *((414, 338), (387, 355), (417, 272), (391, 342), (408, 299), (379, 325), (394, 300), (384, 383), (386, 274)),
    *((376, 369), (373, 407), (372, 284), (387, 415), (386, 347), (380, 347), (410, 379), (410, 405), (408, 304)),
    *((413, 363), (379, 419), (420, 352), (397, 370), (410, 275), (403, 366), (410, 397), (391, 395), (372, 388)),
    *((387, 294), (385, 434), (398, 348), (415, 318), (384, 340), (403, 402), (372, 332), (398, 335), (379, 411)),
    *((375, 425), (416, 323), (411, 427), (399, 440), (407, 293), (412, 326), (367, 371), (371, 362), (408, 312)),
)
"""Where each province's chief town lies, by plate: latitude and longitude in tenths of a degree. Good enough to tell
which provinces are near to one another, and used for nothing else."""

NEAR = 6
"""Provinces to which people of another commute, the nearest ones. Chosen here."""
