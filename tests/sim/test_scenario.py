"""Scenario files: what is read, what is refused and how, and what a digest stands for."""

import dataclasses
import datetime as dt
import tomllib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgov.vocabulary.institution import InstitutionKind
from sim.admissions.parameters import AdmissionsParameters, DeskName, DeskParameters
from sim.capacity.network.parameters import Station
from sim.capacity.parameters import TimeKind
from sim.demand.parameters import DemandParameters
from sim.population.parameters import PopulationParameters
from sim.scenario import (
    AdmissionsScenario,
    NationScenario,
    PlayParameters,
    Scenario,
    ScenarioError,
    digest,
    find,
    line_numbers,
    list_scenarios,
    load,
    parse,
)

FOLDER = Path(__file__).parents[2] / "scenarios"
HEAD = 'question = "What happens?"\ndate = 2021-10-04\n'


def read(text: str) -> Scenario:
    return parse(HEAD + text, name="mine")


def mistakes(text: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        read(text)
    return [str(problem) for problem in caught.value.problems]


# What is read


def test_a_file_that_sets_nothing_has_the_defaults():
    """Question and date are enough; a name is the file's."""
    scenario = read("")
    assert (scenario.name, scenario.question, scenario.date) == ("mine", "What happens?", dt.date(2021, 10, 4))
    assert scenario.population == PopulationParameters()
    assert (scenario.demand, scenario.ministry) == (DemandParameters(), {})
    assert scenario.play.compression == 1_152.0


def test_every_kind_of_value():
    """Whole numbers, numbers, texts, dates, lists, pairs, choices, what may be none, tables in tables, settings."""
    scenario = read("""
        warm_up_days = 7
        [population]
        household_mean = 3
        provinces = ["Bolu", "81"]
        counted_on = 2021-09-01
        [capacity]
        service_kind = "deterministic"
        waiting_room = 12
        [demand]
        shift_starts = [[480, 1], [540, 2]]
        check_in_minutes = [10, 20]
        mall.per_person = 0.5
        [population.vaccination.elderly]
        begins = 2021-01-14
        [demand.shop]
        week = [1, 1, 1, 1, 1, 1, 0]
        [ministry]
        negative_test_hours = 48
        lenient_codes = false
    """)
    assert scenario.warm_up_days == 7
    assert (scenario.population.household_mean, type(scenario.population.household_mean)) == (3.0, float)
    assert scenario.population.provinces == ("Bolu", "81")
    assert scenario.population.counted_on == dt.date(2021, 9, 1)
    assert (scenario.capacity.service_kind, scenario.capacity.waiting_room) == (TimeKind.DETERMINISTIC, 12)
    assert (scenario.demand.shift_starts, scenario.demand.check_in_minutes) == (((480, 1), (540, 2)), (10, 20))
    assert scenario.demand.mall == dataclasses.replace(DemandParameters().mall, per_person=0.5)
    assert scenario.demand.shop.week == (1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0)
    assert scenario.demand.shop.per_person == DemandParameters().shop.per_person
    assert scenario.population.vaccination.elderly.begins == dt.date(2021, 1, 14)
    assert scenario.ministry == {"negative_test_hours": 48, "lenient_codes": False}


@pytest.mark.parametrize("path", list_scenarios([FOLDER]), ids=lambda path: path.stem)
def test_every_scenario_of_the_house_can_be_read(path):
    """And the README says which question it answers."""
    scenario = load(path)
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert f"| `{path.name}` | {scenario.question}" in readme


def test_monday_morning():
    """A Monday in a town of 24,000, after seven weeks."""
    monday = load(find("monday_morning", [FOLDER]))
    assert (monday.date, monday.date.weekday(), monday.warm_up_days) == (dt.date(2021, 10, 4), 0, 49)
    assert (monday.population.people, monday.population.provinces) == (24_000, ("Eskişehir",))
    assert 86_400 / monday.play.compression == 75


# What is refused


def test_all_mistakes_at_once_each_with_its_line():
    """Unknown names, wrong types and values out of range, from all tables, in the order of the file."""
    with pytest.raises(ScenarioError) as caught:
        read("""
[population]
peopel = 5
people = 5
provinces = [
    "Bolu",
    "Atlantis",
]
[epidemic]
past_infected_share = 3
work_contacts = "five"
[demand]
mall.per_person = 11.0
presense = 0.5
[capacity]
servers = 0
jitter = 2
[ministry]
bulk_limit = 0
[play]
tick_minutes = 0
""")
    assert str(caught.value).splitlines() == [
        "mine.toml has 11 mistakes:",
        "  line 5: population.peopel is unknown; did you mean people?",
        "  line 6: population.people = 5 is outside 100 to 100000000",
        "  line 7: population.provinces 'Atlantis' is none; give a province by its Turkish name or its plate",
        "  line 12: epidemic.past_infected_share = 3.0 is outside 0.0 to 1.0",
        '  line 13: epidemic.work_contacts = "five" must be a whole number',
        "  line 15: demand.mall.per_person = 11.0 is outside 0 to 10",
        "  line 16: demand.presense is unknown; did you mean presence?",
        "  line 18: capacity.servers = 0 must lie between 1 and 100,000",
        "  line 19: capacity.jitter = 2.0 must lie between 0 and 1",
        "  line 21: ministry.bulk_limit must be 1 to 10000, not 0",
        "  line 23: play.tick_minutes = 0 is outside 1 to 1440",
    ]


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("people = 1_000", "line 3: people is unknown; did you mean population.people?"),
        ("bulk_limit = 5", "line 3: bulk_limit is unknown; did you mean ministry.bulk_limit?"),
        ("[epidemics]", "line 3: epidemics is unknown; did you mean epidemic?"),
        ("population = 3", "line 3: population = 3 must be a table"),
        ("ministry = 3", "line 3: ministry must be a table"),
        ('name = "other"', "line 3: name is not set in the file: a scenario is called as its file"),
        ("warm_up_days = -1", "line 3: warm_up_days = -1 is outside 0 to 1000"),
        ("warm_up_days = true", "line 3: warm_up_days = true must be a whole number"),
        ("warm_up_days = 1.0", "line 3: warm_up_days = 1.0 must be a whole number"),
        ("[population]\npeople = 1e4", "line 4: population.people = 10000.0 must be a whole number"),
        ("[population]\nprovinces = 'Bolu'", 'line 4: population.provinces = "Bolu" must be a list in brackets'),
        (
            "[population]\nprovinces = [14]",
            "line 4: population.provinces has 14 in place 1, which must be a text in quotation marks",
        ),
        (
            "[population]\ncounted_on = '2021-10-04'",
            'line 4: population.counted_on = "2021-10-04" must be a date such as 2021-10-04, without quotation marks',
        ),
        (
            "[population]\ncounted_on = 2021-10-04T08:00:00",
            (
                'line 4: population.counted_on = "2021-10-04 08:00:00" must be a date such as 2021-10-04, '
                "without quotation marks"
            ),
        ),
        ("[epidemic]\npast_infected_share = nan", "line 4: epidemic.past_infected_share = NaN must be a number"),
        ("[epidemic]\npast_infected_share = inf", "line 4: epidemic.past_infected_share = Infinity must be a number"),
        (
            "[capacity]\nservice_kind = 'normal'",
            'line 4: capacity.service_kind = "normal" must be one of deterministic, uniform, exponential, lognormal',
        ),
        (
            "[demand]\ncheck_in_minutes = [1]",
            "line 4: demand.check_in_minutes = [1] must be a list of 2 in brackets",
        ),
        ("[demand]\nmall = 0.5", "line 4: demand.mall = 0.5 must be a table"),
        ("[ministry]\nbulk_limits = 5", "line 4: ministry.bulk_limits is unknown; did you mean bulk_limit?"),
        ("[ministry]\nlenient_codes = 1", "line 4: ministry.lenient_codes = 1 must be true or false"),
        (
            "[ministry]\nstart = 2021-10-04T08:00:00+03:00",
            "line 4: ministry.start follows from date; leave it out",
        ),
        (
            "[capacity]\nwaiting_room = 'many'",
            'line 4: capacity.waiting_room = "many" must be a whole number, or "none"',
        ),
        ("[population]\nprovinces = ['Ankra']", "line 4: population.provinces 'Ankra' is none; did you mean Ankara?"),
        (
            "[population]\nprovinces = ['Izmr']",
            "line 4: population.provinces 'Izmr' is none; did you mean İzmir?",
        ),
        (
            "[population]\nprovinces = ['Bolu', '14']",
            "line 4: population.provinces names a province twice, '14'; name each once",
        ),
        (
            "[demand]\nper_person = 1",
            "line 4: demand.per_person is unknown; did you mean demand.mall.per_person, demand.office.per_person, …?",
        ),
        (
            "[epidemic.measures]\nwaves = [[2020-01-01, 0.5], [2020-03-01, '0.5'], 7]",
            (
                'line 4: epidemic.measures.waves has "0.5" in row 2, place 2, which must be a number',
                "line 4: epidemic.measures.waves has 7 in row 3, which must be a list of 2 in brackets",
            ),
        ),
        (
            "[epidemic.measures]\nwaves = [[2020-01-01, 0.5], [2020-03-01, 1.5], [2020-02-01, -1]]",
            (
                "line 4: epidemic.measures.waves has -1.0 in row 3, place 2, which is outside 0 to 1.0",
                "line 4: epidemic.measures.waves has 1.5 in row 2, place 2, which is outside 0 to 1.0",
                (
                    "line 4: epidemic.measures.waves has 2020-02-01 in row 3, which is not after 2020-03-01: dates "
                    "must be in order, each once"
                ),
            ),
        ),
        (
            "[capacity]\nservice_mean_ms = 0.003",
            ("line 4: capacity.service_mean_ms = 0.003 is too short for lognormal times in whole microseconds"),
        ),
        (
            "[population]\ncounted_on = 0001-01-05",
            "line 4: population.counted_on = 0001-01-05 is outside 2000-01-01 to 2079-12-31",
        ),
    ],
)
def test_a_mistake_says_what_to_write(text, mistake):
    """The key, the value as it stands, and what it must be or was meant to be."""
    assert mistakes(text) == ([mistake] if isinstance(mistake, str) else list(mistake))


def test_a_limit_may_be_left_off():
    """TOML has no word for nothing; the text "none" stands for it, and the value that is left out for the default."""
    told = nation(
        '[nation]\n[network]\ntimeout_ms = "none"\nrate_limit_per_s = "none"\n[network.audit]\nwaiting_room = "none"'
    )
    assert (told.network.timeout_ms, told.network.rate_limit_per_s, told.network.audit.waiting_room) == (None,) * 3
    assert nation("[nation]\n").network.timeout_ms == 10_000.0
    assert nation_mistakes('[nation]\n[network]\nscaling_period_s = "none"') == [
        'line 5: network.scaling_period_s = "none" must be a number',
    ]


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-05", "1999-10-04", "2050-10-04"])
def test_days_are_of_the_years_that_have_a_calendar(day):
    """In each kind of scenario; none is taken silently, and none breaks the reader."""
    message = f"line 2: date = {day} is outside 2020-01-01 to 2026-12-31, the years whose holidays are known"
    for text in ("", "[admissions]\n", "[nation]\n"):
        assert message in road_mistakes(text, f'question = "What?"\ndate = {day}\n')


def test_the_country_is_followed_to_the_end_of_the_calendar():
    """The last day counts, not only the first."""
    head = 'question = "What?"\ndate = 2026-12-01\n[nation]\n'
    assert parse(f"{head}days = 31", name="mine").last_day == dt.date(2026, 12, 31)
    assert road_mistakes("days = 32\n", head) == [
        "line 4: nation.days = 32 end after 2026-12-31, up to which holidays are known",
    ]


def test_a_service_that_could_not_be_run():
    """Times that no table holds, autoscaling that looks a million times a second, outages where nothing is."""
    assert nation_mistakes("""
[nation]
[network]
scaling_period_s = 0.000001
scaling_delay_s = 1
outages = [["gateway", 0, 1, 1], ["audit", 0, 1, 1]]
[network.audit]
servers = 0
service_mean_ms = 0.003
[network.gateway]
service_mean_ms = 0.003
hit_mean_ms = 3_600_000
service_cv2 = 25
""") == [
        (
            "line 6: network.scaling_period_s = 1e-06 is too short beside scaling_delay_s = 1.0: a server must start "
            "within 100,000 periods"
        ),
        ("line 13: network.gateway.service_mean_ms = 0.003 is too short for lognormal times in whole microseconds"),
        ("line 14: network.gateway.hit_mean_ms = 3600000.0 is too long for lognormal times in whole microseconds"),
    ]
    assert nation_mistakes("""
[nation]
[network]
scaling_period_s = 0.5
outages = [["gateway", 0, 1, 1], ["audit", 0, 1, 1]]
[network.audit]
servers = 0
[network.gateway]
servers_at_least = 1
servers_at_most = 99
""") == [
        "line 6: network.scaling_period_s = 0.5 must be at least 1",
        "line 7: network.outages names audit in row 2, which has no servers; leave it out, or give it some",
    ]


def test_the_hint_is_of_the_files_own_kind():
    """And of the table at hand first."""
    assert nation_mistakes("[nation]\n[network]\nservers = 3\n[population]\nwork_contacts = 3\n") == [
        "line 5: network.servers is unknown; did you mean network.gateway.servers, network.authentication.servers, …?",
        "line 7: population.work_contacts is unknown; did you mean epidemic.work_contacts or reporting.work_contacts?",
    ]


def test_what_stands_above_all_tables_is_not_found_in_one():
    """A question below a header belongs to that table; so does a table's dotted name."""
    assert nation_mistakes('[nation]\nquestion = "What?"\n[population]\nepidemic.work_contacts = 3\n"a b" = 4\n')[
        :2
    ] == [
        "line 4: nation.question is unknown; question stands by itself, not in [nation]",
        "line 6: population.epidemic is unknown; epidemic stands by itself, not in [population]",
    ]
    assert mistakes('[population]\n"a b" = 4\n')[0].startswith('line 4: population."a b" is unknown; known are people,')


def test_brackets_hundreds_deep():
    """They are refused in words."""
    with pytest.raises(ScenarioError, match=r"brackets in brackets"):
        read("a = " + "[" * 5_000 + "]" * 5_000)


def test_a_mistake_between_defaults_points_at_its_table():
    """What follows from a value and defaults that it contradicts stands where it can be mended."""
    assert mistakes("[epidemic]\npresymptomatic_days = 3") == [
        "line 3: epidemic.incubation_stages = 3 must exceed presymptomatic_days = 3",
    ]


def test_question_and_date_are_needed():
    """Both are told, and other mistakes with them."""
    with pytest.raises(ScenarioError) as caught:
        parse("[play]\ncompression = 0", name="mine")
    assert [str(problem) for problem in caught.value.problems] == [
        "date is missing",
        "question is missing",
        "line 2: play.compression = 0.0 is outside 1 to 100000",
    ]


def test_a_date_in_quotes_is_told_once():
    """It is wrong, not missing."""
    with pytest.raises(ScenarioError, match=r"^mine.toml has 1 mistake:\n  line 2: date = "):
        parse('question = "What?"\ndate = "today"', name="mine")


def test_broken_toml_is_told_with_its_line():
    """As the TOML reader says it."""
    with pytest.raises(ScenarioError, match=r"^mine.toml is no TOML: .*line 3"):
        read("people =\n")


@pytest.mark.parametrize("question", ["", "  ", "One?\\nTwo?"])
def test_a_question_is_one_sentence_on_one_line(question):
    """Not nothing, not two lines."""
    with pytest.raises(ScenarioError, match="line 1: question must be one sentence on one line"):
        parse(f'question = "{question}"\ndate = 2021-10-04', name="mine")


def test_a_file_that_cannot_be_read(tmp_path):
    """Missing, no text, or in other letters than UTF-8: each says which."""
    with pytest.raises(ScenarioError, match=r"none\.toml cannot be read: No such file"):
        load(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b"# one\nquestion = '\xfd'")
    with pytest.raises(ScenarioError, match=r"latin\.toml is not in UTF-8, on line 2; save it in UTF-8$"):
        load(tmp_path / "latin.toml")
    (tmp_path / "picture.toml").write_bytes(b"\x89PNG\r\n\0\0")
    with pytest.raises(ScenarioError, match=r"picture\.toml is no text; a scenario file is TOML in UTF-8$"):
        load(tmp_path / "picture.toml")


def test_a_file_as_windows_writes_it(tmp_path):
    """A mark at its beginning, and lines that end with two characters: the same lines are told."""
    (tmp_path / "marked.toml").write_bytes(b"\xef\xbb\xbf" + (HEAD + "[population]\npeople = 5\n").encode("utf-8"))
    (tmp_path / "windows.toml").write_bytes((HEAD + "[population]\npeople = 5\n").replace("\n", "\r\n").encode())
    for name in ("marked", "windows"):
        with pytest.raises(ScenarioError, match=r"has 1 mistake:\n  line 4: population\.people = 5 is outside"):
            load(tmp_path / f"{name}.toml")


def test_a_path_that_is_no_scenario_file(tmp_path):
    """A folder, another kind of file, a misspelt one, a folder that is not there: each with what there is instead."""
    (tmp_path / "rush.toml").write_text(HEAD, encoding="utf-8")
    (tmp_path / "notes.md").write_text("", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    rush = f"scenario files there are {tmp_path / 'rush.toml'}"
    for name, message in {
        "": f"'{tmp_path}' is a folder; {rush}",
        "empty": f"'{tmp_path}/empty' is a folder; there are no scenario files; see hes list",
        "notes.md": f"'{tmp_path}/notes.md' is no scenario file, whose name ends in .toml; {rush}",
        "rusch.toml": f"there is no file '{tmp_path}/rusch.toml'; did you mean {tmp_path / 'rush.toml'}?",
        "rush": f"there is no file '{tmp_path}/rush'; did you mean {tmp_path / 'rush.toml'}?",
        "nowhere/rush.toml": f"there is no file '{tmp_path}/nowhere/rush.toml'; there is not even a folder "
        f"{tmp_path}/nowhere",
    }.items():
        with pytest.raises(ScenarioError) as caught:
            find(str(tmp_path / name), [tmp_path])
        # a long name is cut, so only its end is compared
        assert str(caught.value).split("; ", 1)[1] == message.split("; ", 1)[1]
    with pytest.raises(ScenarioError, match="cannot be looked for: File name too long"):
        find("x" * 5_000, [tmp_path])
    with pytest.raises(ScenarioError, match=r"'RUSH'; did you mean rush\?$"):
        find("RUSH", [tmp_path])
    with pytest.raises(ScenarioError, match=r"^'/dev/null' is no scenario file"):
        find("/dev/null", [tmp_path])


@given(st.text(alphabet="[]{}='\"\n.,#aebdt1-_ ", max_size=40))
def test_no_text_breaks_the_reader(text):
    """Whatever stands in a file: a scenario, or a list of mistakes."""
    with suppress(ScenarioError):
        read(text)


# Lines


def test_lines_of_statements_that_span_several():
    """Lists, multi-line texts, inline tables, dotted keys and quoted ones: each at the line it begins on."""
    text = '''a = 1
# a comment = 2
b = [
  1,  # c = 3
]
[t]
s = """
d = 4
"""
e.f = 5
g = {h = 6, i = {j = 7}}
[t."u v"]
k = 8
[[l]]
m = 9
'''
    told = {".".join(key): line for key, line in line_numbers(text).items()}
    assert told == {
        "a": 1,
        "b": 3,
        "t": 6,
        "l": 14,
        "t.s": 7,
        "t.e": 10,
        "t.e.f": 10,
        "t.g": 11,
        "t.g.h": 11,
        "t.g.i": 11,
        "t.g.i.j": 11,
        "t.u v": 12,
        "t.u v.k": 13,
        "l.m": 15,
    }


def test_a_list_of_a_thousand_lines_is_read_at_once():
    """Rows that end with a comma end no statement, so nothing is tried with them."""
    rows = ",\n".join(f"[{day}, 1]" for day in range(3_000))
    tried = []
    statement = f"a = [\n{rows}\n]\nb = 1"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("tomllib.loads", lambda text, loads=tomllib.loads: tried.append(text) or loads(text))
        assert line_numbers(statement) == {("a",): 1, ("b",): 3_003}
    assert len(tried) < 6


# Digests


def test_a_digest_tells_what_is_in_force():
    """A default written out, a comment or another name change nothing; any value does."""
    plain = digest(read(""))
    assert plain == digest(read("# a comment\n[population]\npeople = 20_000\nhousehold_mean = 3.3"))
    assert plain == digest(parse('question = "Why?"\ndate = 2021-10-04', name="other"))
    others = ["warm_up_days = 8", "[demand.mall]\nper_person = 0.33", "[ministry]\nbulk_limit = 499"]
    assert len({plain, *(digest(read(text)) for text in others)}) == 4


def test_a_digest_is_32_hexadecimal_digits():
    """And the same for equal scenarios."""
    assert digest(read("")) == digest(read(""))
    assert len(bytes.fromhex(digest(read("")))) == 16


# Finding


def test_found_by_name_path_or_not_at_all(tmp_path):
    """A name of the folders, the earlier first; a path; else the nearest name."""
    near, far = tmp_path / "near", tmp_path / "far"
    for path in (near / "rush.toml", far / "rush.toml", far / "lull.toml"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(HEAD, encoding="utf-8")
    assert list_scenarios([near, far]) == (far / "lull.toml", near / "rush.toml")
    assert find("rush", [near, far]) == near / "rush.toml"
    assert find(str(far / "rush.toml"), [near]) == far / "rush.toml"
    with pytest.raises(ScenarioError, match=r"^there is no scenario 'rusch'; did you mean rush\?$"):
        find("rusch", [near])
    with pytest.raises(ScenarioError, match=r"^there is no scenario 'x'; known are lull, rush$"):
        find("x", [near, far])
    with pytest.raises(ScenarioError, match=r"known are none$"):
        find("x", [tmp_path / "nowhere"])


def test_play_parameters_tell_all_mistakes():
    """As every part's parameters do."""
    with pytest.raises(ValueError, match=r"^compression = 0 is outside 1 to 100000; tick_minutes = 0 is outside"):
        PlayParameters(compression=0, tick_minutes=0)


# The other kind: the onboarding road

ROAD = 'question = "How long?"\ndate = 2020-08-31\n'


def road(text: str) -> AdmissionsScenario:
    scenario = parse(ROAD + text, name="mine")
    assert isinstance(scenario, AdmissionsScenario)
    return scenario


def road_mistakes(text: str, head: str = ROAD) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        parse(head + text, name="mine")
    return [str(problem) for problem in caught.value.problems]


def test_a_file_with_admissions_is_of_the_other_kind():
    """Every field that is left out keeps its default, in tables within tables, too."""
    scenario = road("""
        [admissions]
        weeks_after = 10
        first_in_line = ["MINISTRY"]
        integration.mean_days = 8
        [admissions.applications]
        school = [1, 2.5]
        [admissions.evaluation]
        later = [[2020-10-05, 7]]
        [admissions.wrong_signer]
        share = 0.2
        [admissions.surge]
        clerks = 3
        desk = "access"
    """)
    default = AdmissionsParameters()
    assert (scenario.name, scenario.question, scenario.date) == ("mine", "How long?", dt.date(2020, 8, 31))
    assert (scenario.admissions.weeks_after, scenario.admissions.first_in_line) == (10, (InstitutionKind.MINISTRY,))
    assert scenario.admissions.integration == dataclasses.replace(default.integration, mean_days=8.0)
    assert scenario.admissions.applications.school == (1.0, 2.5)
    assert scenario.admissions.evaluation == DeskParameters(clerks=5, later=((dt.date(2020, 10, 5), 7),))
    assert scenario.admissions.wrong_signer == dataclasses.replace(default.wrong_signer, share=0.2)
    assert (scenario.admissions.surge.clerks, scenario.admissions.surge.desk) == (3, DeskName.ACCESS)


def test_mistakes_about_the_road_each_with_its_line():
    """Unknown names, wrong types, values out of range, and tables of the other kind."""
    assert road_mistakes("""
[population]
people = 5
[admissions]
weeks_after = 0
kep = 3
desk = 4
[admissions.applications]
scool = [1]
workplace = [-1]
[admissions.evaluation]
clerks = 2.5
[ministry]
lenient_codes = true
""") == [
        "line 4: population belongs to another kind of scenario; [admissions] follows the onboarding road instead",
        "line 7: admissions.weeks_after = 0 is outside 1 to 104",
        "line 8: admissions.kep = 3 must be a table",
        "line 9: admissions.desk is unknown; did you mean admissions.surge.desk?",
        "line 11: admissions.applications.scool is unknown; did you mean school?",
        "line 12: admissions.applications.workplace = [-1.0] must be at most 104 numbers from 0 to 5,000",
        "line 14: admissions.evaluation.clerks = 2.5 must be a whole number",
        "line 15: ministry belongs to another kind of scenario; [admissions] follows the onboarding road instead",
    ]


def test_weeks_begin_on_a_monday_of_a_known_year():
    head = 'question = "How long?"\ndate = 2019-12-31\n'
    assert road_mistakes("[admissions]\n", head) == [
        "line 2: date = 2019-12-31 is outside 2020-01-01 to 2026-12-31, the years whose holidays are known",
        "line 2: date = 2019-12-31 must be a Monday: weeks of applications begin with it",
    ]


def test_a_misspelt_table_is_known_from_either_kind():
    assert mistakes("[admision]\n") == ["line 3: admision is unknown; did you mean admissions?"]
    assert mistakes("[capacity]\nkep_public = 1\n") == [
        "line 4: capacity.kep_public is unknown; admissions.kep_public is of another kind of scenario"
    ]


def test_the_digest_of_a_road():
    """Over all that is in force, but not over its words."""
    same = road("[admissions]\nweeks_after = 26\n")
    assert digest(road("[admissions]\n")) == digest(same) == digest(dataclasses.replace(same, question="Why?"))
    assert digest(road("[admissions]\nweeks_after = 25\n")) != digest(same)


def test_autumn_2020():
    """From a Monday, about 2,500 institutions in 18 weeks: 81 governorships, 81 directorates, 17 ministries."""
    autumn = load(find("autumn_2020", [FOLDER]))
    weeks = autumn.admissions.applications
    assert (autumn.date, autumn.date.weekday(), weeks.weeks) == (dt.date(2020, 8, 31), 0, 18)
    sums = {kind: sum(weeks.of(kind)) for kind in InstitutionKind}
    assert [sums[kind] for kind in autumn.admissions.counted] == [17, 81, 81]
    assert 2_400 <= sum(sums.values()) <= 2_600


# The third kind: the country

NATION = 'question = "What then?"\ndate = 2021-10-04\n'


def nation(text: str) -> NationScenario:
    scenario = parse(NATION + text, name="mine")
    assert isinstance(scenario, NationScenario)
    return scenario


def nation_mistakes(text: str) -> list[str]:
    return road_mistakes(text, NATION)


def test_a_file_with_nation_follows_the_country():
    """All 83,614,362 people for 120 days, unless it says otherwise; days count from the first of the warm-up."""
    plain = nation("[nation]\n")
    assert (plain.name, plain.date, plain.days, plain.load_days) == ("mine", dt.date(2021, 10, 4), 120, ())
    assert (plain.starts_on, plain.population.people) == (plain.date, 83_614_362)
    scenario = nation("""
        [nation]
        days = 8
        warm_up_days = 3
        load = [2021-10-04, 2021-10-11]
        [population]
        people = 5_000
        [network]
        outages = [["risk_lookup", 29_700, 31_500, 4]]
        [network.gateway]
        servers = 7
        [epidemic.measures]
        waves = [[2020-06-01, 0.8], [2021-05-17, 0.5]]
    """)
    assert (scenario.starts_on, scenario.days, scenario.load_days) == (dt.date(2021, 10, 1), 11, (3, 10))
    assert scenario.population.people == 5_000
    assert scenario.network.outages == ((Station.RISK_LOOKUP, 29_700.0, 31_500.0, 4),)
    assert scenario.network.gateway == dataclasses.replace(plain.network.gateway, servers=7)
    assert scenario.epidemic.measures.waves == ((dt.date(2020, 6, 1), 0.8), (dt.date(2021, 5, 17), 0.5))


def test_mistakes_about_the_country_each_with_its_line():
    """Unknown names with the nearest known one, wrong types, values out of range, and tables of other kinds."""
    assert nation_mistakes("""
warm_up_days = 3
[capacity]
servers = 3
[nation]
dais = 5
days = 0
load = ["2021-10-04"]
[population]
peopel = 5
[network]
jitter = 2
gatewey = 3
slow = [["audit", 0, 60, 150], ["audits", 60, 90, 150]]
[network.gateway]
serverz = 1
[demand]
bulk_limit = 3
[play]
compression = 0
""") == [
        "line 4: warm_up_days belongs to another kind of scenario; [nation] follows the country instead",
        "line 5: capacity belongs to another kind of scenario; [nation] follows the country instead",
        "line 8: nation.dais is unknown; did you mean days?",
        "line 9: nation.days = 0 is outside 1 to 1,200",
        (
            'line 10: nation.load has "2021-10-04" in place 1, which must be a date such as 2021-10-04, '
            "without quotation marks"
        ),
        "line 12: population.peopel is unknown; did you mean people?",
        "line 14: network.jitter = 2.0 must lie between 0 and 1",
        "line 15: network.gatewey is unknown; did you mean gateway?",
        (
            'line 16: network.slow has "audits" in row 2, place 1, which must be one of gateway, authentication, '
            "code_lookup, risk_lookup, audit"
        ),
        "line 18: network.gateway.serverz is unknown; did you mean servers?",
        "line 20: demand.bulk_limit is unknown; ministry.bulk_limit is of another kind of scenario",
        "line 21: play belongs to another kind of scenario; [nation] follows the country instead",
    ]


def test_queries_are_made_on_days_that_are_followed():
    """Each other day is told where it stands; the day before and the day after are others, the last one is not."""
    assert nation_mistakes("[nation]\ndays = 3\nload = [2021-10-03, 2021-10-06, 2021-10-07]\n") == [
        f"line 5: nation.load names {day}, which is not one of the days followed, 2021-10-04 to 2021-10-06"
        for day in ("2021-10-03", "2021-10-07")
    ]
    for days in ("2021-10-05, 2021-10-04", "2021-10-04, 2021-10-04"):
        assert nation_mistakes(f"[nation]\nload = [{days}]\n") == [
            "line 4: nation.load must be dates in ascending order, each once",
        ]


def test_the_country_is_followed_for_1300_days_at_most():
    """With the warm-up, since hours are counted in 16 bits."""
    assert nation("[nation]\ndays = 1_000\nwarm_up_days = 300\n").days == 1_300
    assert nation_mistakes("[nation]\ndays = 1_000\nwarm_up_days = 301\n") == [
        "line 4: nation.days = 1000 and 301 of warm-up exceed 1,300 together",
    ]


def test_what_a_calibration_varies():
    """Ranges as they stand; what is no range is told with its line, and a day has no such table."""
    told = nation('[nation]\n[calibration]\nfit = ["a.b.1.1=0.1:0.5", "c=1:2:log"]\ndraw = ["d=0:1"]\n').calibration
    assert (told.fit, told.draw) == (("a.b.1.1=0.1:0.5", "c=1:2:log"), ("d=0:1",))
    assert nation_mistakes('[nation]\n[calibration]\nfit = ["a.b"]\ndraw = ["d=0.5", "=:"]\n') == [
        "line 5: calibration.fit has 'a.b', which is not of the form name=low:high",
        "line 6: calibration.draw has '=:', which is not of the form name=low:high",
        "line 6: calibration.draw has 'd=0.5', which is not of the form name=low:high",
    ]
    alone = "calibration is unknown; it belongs to a scenario with a table [nation]"
    assert mistakes("[calibration]\nfit = []\n")[0].endswith(alone)


def test_the_digest_of_a_country():
    """Over all that is in force, but not over its words; and no digest of another kind."""
    plain = nation("[nation]\n")
    assert digest(plain) == digest(nation("[nation]\ndays = 120\n")) == digest(dataclasses.replace(plain, name="x"))
    assert digest(plain) == digest(nation('[nation]\n[calibration]\nfit = ["a=0:1"]\n'))
    others = ["[nation]\ndays = 121\n", "[nation]\nload = [2021-10-04]\n", "[nation]\n[network]\njitter = 0.4\n"]
    assert len({digest(plain), digest(read("")), *(digest(nation(text)) for text in others)}) == 5
