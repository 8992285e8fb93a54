"""Who is who: names, offices with dates, titles, countries."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from melian.codebook import sectors
from melian.knowledge import countries, names, offices, titles
from melian.knowledge.spelling import fold, normalise
from melian.knowledge.tables import countries_table, names_table, people_table

# name, date, id and sector of the best reading
NAMES = [
    ("US", None, "USA GOV"), ("U.S.", None, "USA GOV"), ("United States", None, "USA GOV"), ("Britain", None, "GBR GOV"),
    ("UAE", None, "ARE GOV"), ("DPRK", None, "PRK GOV"), ("the Soviet Union", None, "SUN GOV"),
    ("West Germany", None, "DEU GOV"), ("Burma", None, "MMR GOV"), ("Czechoslovakia", None, "CSK GOV"),
    ("Côte d’Ivoire", None, "CIV GOV"), ("Kosovo", None, "XKX GOV"), ("Jordan", None, "JOR GOV"),
    ("Georgia", None, "GEO GOV"), ("Guinea-Bissau", None, "GNB GOV"), ("Congo", None, "COD GOV"),
    ("Moscow", None, "RUS GOV"), ("the Kremlin", None, "RUS GOV"), ("Kiev", None, "UKR GOV"), ("Kyiv", None, "UKR GOV"),
    ("Washington", None, "USA GOV"), ("Brussels", None, "EU IGO"), ("White House", None, "USA GOV"),
    ("Capitol Hill", None, "USA LEG"), ("Downing Street", None, "GBR GOV"), ("the Élysée", None, "FRA GOV"),
    ("Elysee", None, "FRA GOV"), ("Zhongnanhai", None, "CHN GOV"), ("CIA", None, "USA SPY"), ("F.B.I.", None, "USA COP"),
    ("State Department", None, "USA GOV"), ("Congress", None, "USA LEG"), ("Knesset", None, "ISR LEG"),
    ("State Duma", None, "RUS LEG"), ("FSB", None, "RUS SPY"), ("IDF", None, "ISR MIL"),
    ("Revolutionary Guards", None, "IRN MIL"), ("PLA", None, "CHN MIL"), ("NATO", None, "NATO IGO"),
    ("Nato", None, "NATO IGO"), ("UN Security Council", None, "UN IGO"), ("IAEA", None, "IAEA IGO"),
    ("International Criminal Court", None, "ICC JUD"), ("the West", None, "WEST BLOC"), ("the allies", None, "ALLIES BLOC"),
    ("European partners", None, "EUROPE BLOC"), ("Hamas", None, "Hamas REB"), ("Hizbullah", None, "Hezbollah REB"),
    ("Daesh", None, "ISIS REB"), ("al-Qa'ida", None, "al-Qaeda REB"), ("al Shabaab", None, "al-Shabaab REB"),
    ("Donetsk People’s Republic", None, "Donetsk People's Republic REB"),
    ("Republican Party", None, "Republican Party OPP"), ("Likud", None, "Likud OPP"), ("Reuters", None, "Reuters MED"),
    ("The Times", None, "The Times MED"), ("Human Rights Watch", None, "Human Rights Watch NGO"),
    ("Gazprom", None, "Gazprom BUS"), ("Joe Biden", "2022-01-21", "USA GOV"), ("Joe Biden", "2019-01-01", "USA ELI"),
    ("Putin", "2022-01-21", "RUS GOV"), ("Sergei Lavrov", "2022-01-21", "RUS GOV"),
    ("Sergey Lavrov", "2022-01-21", "RUS GOV"), ("Blinken", "2022-01-21", "USA GOV"),
    ("Angela Merkel", "2020-01-01", "DEU GOV"), ("Angela Merkel", "2022-01-21", "DEU ELI"),
    ("Kim Jong Un", "2018-06-12", "PRK GOV"), ("Nasser", "1956-11-01", "EGY GOV"), ("Khrushchev", "1962-10-24", "SUN GOV"),
    ("Kennedy", "1962-10-24", "USA GOV"), ("Volodymyr Zelenskiy", "2022-01-21", "UKR GOV"),
    ("Zelenskyy", "2022-01-21", "UKR GOV"), ("Gadhafi", "2011-03-01", "LBY GOV"),
    ("Muammar Qaddafi", "2011-03-01", "LBY GOV"), ("Alyaksandr Lukashenka", "2021-06-01", "BLR GOV"),
    ("Jens Stoltenberg", "2022-01-21", "NATO IGO"), ("Hassan Nasrallah", "2006-07-20", "Hezbollah REB"),
    ("Vladimir Vladimirovich Putin", "2022-01-21", "RUS GOV"), ("Mrs May", "2018-01-01", "GBR GOV"),
    ("President Bush", "2003-03-20", "USA GOV"), ("Boris Johnson", "2021-01-01", "GBR GOV"),
]  # fmt: skip
NOT_NAMES = ["us", "who", "is", "turkey", "Let", "Will", "May", "Begin", "Times", "Hill", "Andrew Johnson", "the", "", "qwerty"]


@pytest.mark.parametrize(("name", "date", "wanted"), NAMES)
def test_a_name_stands_for(name: str, date: str | None, wanted: str) -> None:
    best = names.lookup(name, date)[0].actor
    assert f"{best.id} {best.sector}" == wanted


@pytest.mark.parametrize("word", NOT_NAMES)
def test_an_ordinary_word_is_no_name(word: str) -> None:
    assert all(candidate.score < 0.4 for candidate in names.lookup(word, "2018-01-01"))


@pytest.mark.parametrize(
    ("adjective", "iso3"),
    [
        ("Russian", "RUS"),
        ("Russians", "RUS"),
        ("Britons", "GBR"),
        ("Turks", "TUR"),
        ("Spaniards", "ESP"),
        ("Dutch", "NLD"),
        ("Emirati", "ARE"),
    ],
)
def test_demonyms(adjective: str, iso3: str) -> None:
    best = names.lookup(adjective)[0]
    assert (best.kind, best.actor.id, best.actor.sector) == ("demonym", iso3, None)


# the longest name that starts at the first word in brackets is the one in brackets
LONGEST = [
    "the [UN Security Council] met", "[South Sudan] said", "[Papua New Guinea] voted", "the [United Arab Emirates] denied",
    "[Kim Jong - un] watched", "[Hamas] , Fatah and others", "[Abdel Fattah el-Sisi] told", "[Islamic State] fighters",
    "[Ministry of Defence] sources", "the [Bosnian Serb Republic] leader", "[Democratic Republic of the Congo] troops",
]  # fmt: skip


@pytest.mark.parametrize("sentence", LONGEST)
def test_the_longest_name(sentence: str) -> None:
    words = sentence.replace("[", "").replace("]", "").split()
    marked = sentence.split()
    start = next(at for at, word in enumerate(marked) if word.startswith("["))
    end = next(at for at, word in enumerate(marked) if word.endswith("]")) + 1
    found = names.longest(words, start, "2020-01-01")
    assert found is not None
    assert found[0] == end


def test_a_bare_surname_inside_a_longer_name_is_doubted() -> None:
    alone = names.longest(["Then", "Kim", "spoke"], 1, "2020-01-01")
    inside = names.longest(["Then", "Kim", "Min-su", "spoke"], 1, "2020-01-01")
    assert alone is None or alone[1][0].score > 0.4
    assert inside is None or inside[1][0].score < 0.4


# principal, office, date, holder
HOLDERS = [
    ("UKR", "president", "2022-01-20", "Volodymyr Zelenskyy"), ("RUS", "president", "2009-01-01", "Dmitry Medvedev"),
    ("USA", "Secretary of State", "2022-01-20", "Antony Blinken"),
    ("USA", "foreign minister", "2022-01-20", "Antony Blinken"), ("USA", "president", "1962-10-22", "John F. Kennedy"),
    ("USA", "Secretary of Defense", "1962-10-22", "Robert McNamara"), ("RUS", "leader", "1962-10-22", "Nikita Khrushchev"),
    ("GBR", "prime minister", "1956-11-01", "Anthony Eden"), ("GBR", "Foreign Secretary", "2022-01-20", "Liz Truss"),
    ("DEU", "chancellor", "2022-01-20", "Olaf Scholz"), ("FRA", "leader", "2022-01-20", "Emmanuel Macron"),
    ("ISR", "Defense Minister", "1967-06-06", "Moshe Dayan"),
    ("NATO", "secretary general", "2022-01-20", "Jens Stoltenberg"), ("NATO", "chief", "2022-01-20", "Jens Stoltenberg"),
    ("EU", "foreign policy chief", "2022-01-20", "Josep Borrell"), ("IAEA", "head", "2003-01-20", "Mohamed ElBaradei"),
    ("Hamas", "leader", "2020-01-20", "Ismail Haniyeh"), ("IRN", "supreme leader", "2015-07-14", "Ali Khamenei"),
    ("CHN", "foreign minister", "2024-05-01", "Wang Yi"), ("JPN", "prime minister", "2023-05-01", "Fumio Kishida"),
]  # fmt: skip


@pytest.mark.parametrize(("principal", "office", "date", "wanted"), HOLDERS)
def test_who_held_an_office(principal: str, office: str, date: str, wanted: str) -> None:
    holder = offices.holder(principal, office, date)
    assert holder is not None
    assert holder.name == wanted


@pytest.mark.parametrize("office", ["ambassador", "senator", "spokeswoman", "general"])
def test_an_office_that_many_hold_at_once_names_nobody(office: str) -> None:
    assert offices.holder("USA", office, "2022-01-20") is None


@pytest.mark.parametrize(
    ("surname", "states", "name"),
    [
        ("Ali", ["VEN", "GUY"], "Irfaan Ali"),
        ("Blinken", ["RUS", "USA"], "Antony Blinken"),
        ("Blinken", ["RUS"], None),
        ("Harbour", ["GBR", "FRA"], None),
    ],
)
def test_a_surname_is_that_of_who_leads_one_of_the_states_spoken_of(surname: str, states: list[str], name: str | None) -> None:
    found = offices.leader_called(surname, states, "2023-12-06")
    assert (found.name if found else None) == name


def test_the_successor_holds_the_office_on_the_day_of_handover() -> None:
    assert offices.holder("USA", "president", "2021-01-20").name == "Joe Biden"  # type: ignore[union-attr]
    assert offices.holder("USA", "president", "2021-01-19").name == "Donald Trump"  # type: ignore[union-attr]


def test_offices_of_a_person_on_a_date() -> None:
    held = offices.offices_of("Dmitry Medvedev", "2009-01-01")
    assert ("RUS", "president") in [(office.principal, office.office) for office in held]
    assert not [office for office in held if office.post == "head of government"]


# title: sector, office ("-" for none), principal ("-" for none)
TITLES = [
    ("Secretary of State", "GOV", "secretary of state", "-"), ("foreign minister", "GOV", "foreign minister", "-"),
    ("Minister of Foreign Affairs", "GOV", "foreign minister", "-"), ("Defense Secretary", "GOV", "defence secretary", "-"),
    ("deputy foreign minister", "GOV", "deputy foreign minister", "-"), ("army chief", "MIL", "army chief", "-"),
    ("lawmaker", "LEG", "lawmaker", "-"), ("senators", "LEG", "senator", "-"), ("rebels", "REB", "-", "-"),
    ("police", "COP", "-", "-"), ("protesters", "CVL", "-", "-"), ("refugees", "CVL", "-", "-"),
    ("opposition leader", "OPP", "opposition leader", "-"), ("former president", "ELI", "president", "-"),
    ("ex-president", "ELI", "president", "-"), ("ambassador", "GOV", "ambassador", "-"),
    ("political analyst", "ELI", "-", "-"), ("journalists", "MED", "-", "-"), ("bishop", "REL", "-", "-"),
    ("judge", "JUD", "judge", "-"), ("Supreme Court", "JUD", "-", "-"), ("the company", "BUS", "-", "-"),
    ("aid workers", "NGO", "-", "-"), ("peacekeepers", "IGO", "-", "-"),
    ("Russia's ambassador to Poland", "GOV", "ambassador", "RUS"),
    ("Chinese foreign ministry spokesman", "GOV", "foreign ministry spokesperson", "CHN"),
    ("rebel commander", "REB", "-", "-"), ("police spokesman", "COP", "-", "-"),
    ("spokesman for the police", "COP", "-", "-"), ("head of the CIA", "SPY", "-", "USA"),
    ("NATO secretary-general", "IGO", "secretary-general", "NATO"), ("Hamas leader", "REB", "-", "Hamas"),
    ("White House official", "GOV", "-", "USA"), ("several of the trade unions", "CVL", "-", "-"),
    ("two Chinese warplanes", "MIL", "-", "CHN"),
    ("president of the European Commission", "IGO", "commission president", "EU"),
    ("Labour Minister", "GOV", "labour minister", "-"), ("Major General", "MIL", "major general", "-"),
    ("Air Chief Marshal", "MIL", "air chief marshal", "-"),
]  # fmt: skip


@pytest.mark.parametrize(("title", "sector", "office", "principal"), TITLES)
def test_titles(title: str, sector: str, office: str, principal: str) -> None:
    reading = titles.read(title.split())
    assert reading is not None
    assert (reading.sector, reading.office or "-", reading.principal or "-") == (sector, office, principal)


def test_a_spokesman_alone_is_neutral() -> None:
    assert titles.read(["spokesman"]) == titles.TitleReading(sector=None, office=None, neutral=True)


@pytest.mark.parametrize("phrase", ["yesterday", "the ship's management", "a demand", ""])
def test_no_actor_in(phrase: str) -> None:
    assert titles.read(phrase.split()) is None


def test_countries() -> None:
    germany = countries.country("DEU")
    assert germany is not None
    assert (germany.iso2, germany.capital, germany.cow, germany.gw) == ("DE", "Berlin", 255, 260)
    assert countries.country("de") == germany
    assert countries.country("XYZ") is None
    assert len(countries.all_countries()) >= 249
    points = [(row.latitude, row.longitude) for row in countries.all_countries()]
    assert all(at and on and -90 <= at <= 90 and -180 <= on <= 180 for at, on in points if at != 0 and on != 0)


def test_membership_has_dates() -> None:
    assert "GBR" in countries.members("EU", "2016-06-23")
    assert "GBR" not in countries.members("EU", "2021-01-01")
    assert len(countries.members("NATO", "2022-01-20")) == 30
    assert "NATO" in countries.organisations("FIN")
    assert countries.members("no such thing") == frozenset()


def test_every_sector_is_the_codebooks() -> None:
    known = {*sectors(), None}
    assert {entity.sector for entity in names_table().entities} <= known
    assert {office.sector for person in people_table().people for office in person.offices} <= known
    assert {row[1].id for row in ((0, entity) for entity in names_table().entities) if row[1].kind == "country"} == {
        row.iso3 for row in countries_table().countries
    }


def test_offices_end_after_they_begin() -> None:
    wrong = [
        (person.name, office)
        for person in people_table().people
        for office in person.offices
        if office.from_ and office.to and office.from_ > office.to + "~"
    ]
    assert len(wrong) < 20  # slips of the public lists


@given(st.text(max_size=30))
def test_normalising_twice_changes_nothing(text: str) -> None:
    key = normalise(text)
    assert key == key.lower()
    assert "  " not in key


@given(st.sampled_from(["Sergei Lavrov", "Dmitri Peskov", "Mohammed bin Salman"]))
def test_variants_fold_together(name: str) -> None:
    given_names = people_table().given
    variants = {
        "Sergei Lavrov": "Sergey Lavrov",
        "Dmitri Peskov": "Dmitry Peskov",
        "Mohammed bin Salman": "Muhammad bin Salman",
    }
    assert fold(normalise(name), given_names) == fold(normalise(variants[name]), given_names)


@given(st.lists(st.text(max_size=12), min_size=1, max_size=8), st.data())
def test_longest_never_fails(words: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(words) - 1))
    found = names.longest(words, start, "2022-01-21")
    assert found is None or start < found[0] <= len(words)


@given(st.lists(st.text(max_size=12), max_size=8))
def test_titles_never_fail(words: list[str]) -> None:
    reading = titles.read(words)
    assert reading is None or reading.sector in {*sectors(), None}
