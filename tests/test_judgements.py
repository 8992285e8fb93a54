"""What judgements come to: the algebra, the values that fields may have, and how far analysts agree. No record is touched here."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from melian import codebook
from melian.crisis.judgements import shorthand
from melian.crisis.judgements.agreement import NO_VARIATION, NOTHING_IN_COMMON, Measure, Unit, alpha, kappa, percent
from melian.crisis.judgements.algebra import links, standing, state, undone
from melian.crisis.judgements.fields import Setting, checked, corrected, fields, form
from melian.crisis.judgements.judgement import Judgement, Kind, from_line, made, to_line
from melian.crisis.judgements.opinions import AS_MACHINE, TOGETHER, VERDICT, agreements, answers
from melian.crisis.judgements.rebinding import Place, matches
from melian.errors import CodebookError, DateError, MelianError, RecordError, UnreadableInput
from melian.records import Actor, Event

START = datetime(2022, 1, 21, 12, tzinfo=UTC)
RECORDS = tuple(f"{n:016x}" for n in range(1, 6))
TEXT = "Russia moved at least 90,000 soldiers to the border.\nKyiv said that Russia must stop. Kyiv waits."


def said(kind: Kind, *about: str, at: int = 0, by: str = "Ana", **more: Any) -> Judgement:
    return made(kind, about, by, START + timedelta(minutes=at), **more)


# --- a judgement ---------------------------------------------------------------------------------------------------------


def test_an_id_depends_on_all_that_a_person_gave_and_on_nothing_else() -> None:
    first = said("correct", RECORDS[0], field="type", value="THREATEN", note="as he says")
    assert first.id == said("correct", RECORDS[0], field="type", value="THREATEN", note="as he says", what="event").id
    others = [
        said("correct", RECORDS[1], field="type", value="THREATEN", note="as he says"),
        said("correct", RECORDS[0], field="type", value="REQUEST", note="as he says"),
        said("correct", RECORDS[0], field="mode", value="THREATEN", note="as he says"),
        said("correct", RECORDS[0], field="type", value="THREATEN"),
        said("correct", RECORDS[0], field="type", value="THREATEN", note="as he says", by="Bo"),
        said("correct", RECORDS[0], field="type", value="THREATEN", note="as he says", at=1),
    ]
    assert len({first.id, *(each.id for each in others)}) == 7


def test_a_time_is_kept_in_utc() -> None:
    east = START.astimezone(timezone(timedelta(hours=2)))
    assert made("accept", RECORDS[:1], "Ana", east) == made("accept", RECORDS[:1], "Ana", START.replace(tzinfo=None))


@pytest.mark.parametrize("name", ["", "  ", "Ana\nBo"])
def test_an_analyst_needs_a_name(name: str) -> None:
    with pytest.raises(RecordError, match="analyst's name"):
        made("accept", RECORDS[:1], name, START)


JUDGED = st.builds(
    lambda kind, about, by, at, value: said(
        kind,
        *(about if kind in ("merge", "split") else about[:1]),
        by=by,
        at=at,
        **({"field": value[0], "value": value[1]} if kind == "correct" else {"note": "so"} if kind == "note" else {}),
    ),
    st.sampled_from(("accept", "reject", "correct", "merge", "split", "note")),
    st.lists(st.sampled_from(RECORDS), min_size=2, max_size=4, unique=True),
    st.sampled_from(("Ana", "Bo", "Čeněk")),
    st.integers(0, 5),
    st.sampled_from((("type", "THREATEN"), ("type", "REQUEST"), ("date", None), ("date", "2022-01-21"), ("place", "Geneva"))),
)


@st.composite
def histories(draw: st.DrawFn) -> list[Judgement]:
    """Judgements, some of them taken back, and some of that taken back again; an undo's clock may be behind."""
    found: list[Judgement] = draw(st.lists(JUDGED, max_size=12))
    for _ in range(draw(st.integers(0, 6)) if found else 0):
        target = draw(st.sampled_from(found))
        at = START + timedelta(minutes=draw(st.integers(-3, 9)))
        found.append(made("undo", target.about, "Ana", at, undoes=target.id))
    return found


@given(JUDGED)
def test_a_line_of_json_is_the_judgement_again(judgement: Judgement) -> None:
    assert from_line(to_line(judgement)) == judgement


def test_a_changed_line_is_refused() -> None:
    line = to_line(said("accept", RECORDS[0]))
    with pytest.raises(UnreadableInput, match=r"ana.jsonl:3: judgement [0-9a-f]{16} is not what it was"):
        from_line(line.replace(b"accept", b"reject"), "ana.jsonl:3")
    with pytest.raises(UnreadableInput, match="not a judgement"):
        from_line(b'{"id": "x"}')
    with pytest.raises(UnreadableInput, match="'0001' is not an id"):
        from_line(line.replace(RECORDS[0].encode(), b"0001"))


# --- the algebra ---------------------------------------------------------------------------------------------------------


def of(record: str, judgements: Sequence[Judgement]) -> list[Judgement]:
    return [each for each in standing(judgements) if record in each.about]


@given(histories(), st.randoms())
def test_order_of_arrival_does_not_matter(history: list[Judgement], random: Any) -> None:
    other = history + history[: len(history) // 2]  # some come twice
    random.shuffle(other)
    assert standing(other) == standing(history)
    for record in RECORDS:
        some = of(record, history)
        random.shuffle(some)
        assert state(some) == state(of(record, history))
    stands = list(standing(history))
    random.shuffle(stands)
    assert links(stands) == links(standing(history))


@given(histories())
def test_the_latest_that_stands_holds(history: list[Judgement]) -> None:
    for record in RECORDS:
        judged, stands = state(of(record, history)), of(record, history)
        verdicts = [each for each in stands if each.kind in ("accept", "reject")]
        assert judged.verdict == (verdicts[-1] if verdicts else None)
        for field in ("type", "date", "place"):
            given_ = [each for each in stands if each.kind == "correct" and each.field == field]
            assert judged.corrections.get(field) == (given_[-1] if given_ else None)
        assert list(judged.notes) == [each for each in stands if each.kind == "note"]


@given(histories(), st.data())
def test_an_undo_takes_back_one_judgement_and_can_be_taken_back(history: list[Judgement], data: st.DataObject) -> None:
    stands = standing(history)
    if not stands:
        return
    target = data.draw(st.sampled_from(stands))
    undo = said("undo", *target.about, at=20, undoes=target.id)
    assert standing([*history, undo]) == tuple(each for each in stands if each != target)
    redo = said("undo", *undo.about, at=21, undoes=undo.id)
    assert standing([*history, undo, redo]) == stands


@given(st.dictionaries(st.integers(0, 30), st.integers(0, 30), max_size=20))
def test_undone_ends_even_where_undos_name_each_other(undos: dict[int, int]) -> None:
    gone = undone((str(undo), str(named)) for undo, named in undos.items())
    forward = {undo: named for undo, named in undos.items() if named < undo}  # as in life: what is undone was there before
    gone = undone((str(undo), str(named)) for undo, named in forward.items())
    for each in {*forward, *forward.values()}:
        assert (str(each) in gone) == any(named == each and str(undo) not in gone for undo, named in forward.items())


def together(joined: frozenset[tuple[str, str]]) -> dict[str, set[str]]:
    groups = {record: {record} for record in RECORDS}
    for a, b in joined:
        group = groups[a] | groups[b]
        for each in group:
            groups[each] = group
    return groups


@given(histories())
def test_merges_and_splits_never_contradict_each_other(history: list[Judgement]) -> None:
    linked = links(standing(history))
    assert all(a < b for a, b in linked.joined | linked.parted)
    groups = together(linked.joined)
    assert not any(b in groups[a] for a, b in linked.parted)


@given(histories())
def test_the_newest_merge_or_split_holds(history: list[Judgement]) -> None:
    linking = [each for each in standing(history) if each.kind in ("merge", "split")]
    if linking:
        linked, newest = links(linking), linking[-1]
        groups = together(linked.joined)
        for other in newest.about[1:]:
            pair = (min(newest.about[0], other), max(newest.about[0], other))
            assert other in groups[newest.about[0]] if newest.kind == "merge" else pair in linked.parted


@given(st.lists(st.sampled_from(("merge", "split")), min_size=1, max_size=5))
def test_of_two_about_the_same_events_the_later_holds(kinds: list[Kind]) -> None:
    linked = links(said(kind, *RECORDS[:2], at=at) for at, kind in enumerate(kinds))
    pair = frozenset({RECORDS[:2]})
    assert (linked.joined, linked.parted) == ((pair, frozenset()) if kinds[-1] == "merge" else (frozenset(), pair))


A, B, C, D, E = RECORDS


def test_an_older_merge_gives_way_where_newer_ones_contradict_it() -> None:
    linked = links([said("merge", A, B, at=1), said("merge", A, C, at=2), said("split", B, C, at=3)])
    assert (linked.joined, linked.parted) == ({(A, C)}, {(B, C)})


def test_a_merge_holds_without_the_events_that_are_gone() -> None:
    gone = links([said("merge", A, B, C)], {B: B, C: C}.get)
    assert gone.joined == {(B, C)}
    moved = links([said("merge", A, B), said("split", B, C, D)], {A: A, B: E, C: C}.get)
    assert (moved.joined, moved.parted) == ({(A, E)}, {(C, E)})


# --- values --------------------------------------------------------------------------------------------------------------

PARTY = {"id": "RUS", "sector": "GOV", "name": None, "role": None, "country": None, "span": None}
KEPT: list[tuple[str, str, Any, Any]] = [
    ("event", "type", "THREATEN", "THREATEN"),
    ("event", "mode", "sanction", "sanction"),
    ("event", "mode", None, None),
    ("event", "realis", "denied", "denied"),
    ("event", "date", "2022-01", "2022-01"),
    ("event", "date", "2022-01-21/2022-01-24", "2022-01-21/2022-01-24"),
    ("event", "date", None, None),
    ("event", "place", "  New \n York ", "New York"),
    ("event", "place_country", "ukr", "UKR"),
    ("event", "quantity", 90000, {"value": 90000.0, "unit": None, "bound": None}),
    (
        "event",
        "quantity",
        {"value": 9, "unit": "troops", "bound": "at most"},
        {"value": 9.0, "unit": "troops", "bound": "at most"},
    ),
    ("event", "source", [{"id": "RUS", "sector": "GOV"}], [PARTY]),
    ("event", "target", None, []),
    ("event", "evidence", [0, 6], [0, 6]),
    ("event", "evidence", "Russia moved at least", [0, 21]),
    ("event", "also", ["Kyiv said"], [[53, 62]]),
    ("statement", "content", "Russia must  stop", [68, 84]),
    ("statement", "condition", None, None),
    ("statement", "act", "CLARIFY", "CLARIFY"),
    ("statement", "quote", "mixed", "mixed"),
    ("statement", "reported_by", "NBC News", "NBC News"),
    ("entry", "status", "partly met", "partly met"),
]


@pytest.mark.parametrize(("what", "field", "value", "kept"), KEPT)
def test_a_value_is_kept_in_one_form(what: str, field: str, value: Any, kept: Any) -> None:
    setting = Setting(TEXT, "THREATEN" if what == "event" else "demand")
    assert checked(what, field, value, setting) == kept
    assert checked(what, field, kept, setting) == kept


WRONG: list[tuple[str, str, Any, type[MelianError], str]] = [
    ("event", "type", "ATTACK", CodebookError, "type of an event: 'ATTACK' is not in the codebook; there are AGREE, CONSULT"),
    ("event", "mode", "visit", CodebookError, "mode of an event of type THREATEN: 'visit' .* sanction, military"),
    ("event", "realis", "so", CodebookError, "realis of an event: 'so'"),
    ("event", "date", "2022-02-30", DateError, "'2022-02-30' is not a date that exists; write it as YYYY-MM-DD"),
    ("event", "date", 2022, DateError, "not a date"),
    ("event", "place", "", RecordError, "not text"),
    ("event", "place_country", "Atlantis", CodebookError, "no country"),
    ("event", "quantity", "many", RecordError, "quantity"),
    ("event", "quantity", {"value": 1, "bound": "about"}, CodebookError, "at least, at most"),
    ("event", "quantity", float("nan"), RecordError, "not a number"),
    ("event", "source", "RUS", RecordError, "list of parties"),
    ("event", "source", [{"id": "RUS", "sector": "KGB"}], CodebookError, "sector: 'KGB' .* GOV"),
    ("event", "source", [{"id": "RUS", "title": "Mr"}], RecordError, "not a party"),
    ("event", "source", [{"sector": "GOV"}], RecordError, "an id .* or a name"),
    ("event", "source", [{"id": "RUS", "span": [0, 9999]}], RecordError, "outside the text"),
    ("event", "evidence", [0, 9999], RecordError, r"\[0, 9999\] ends outside the text, which has 97 characters"),
    ("event", "evidence", [6, 6], RecordError, "not a span"),
    ("event", "evidence", [True, 6], RecordError, "not a span"),
    ("event", "evidence", None, RecordError, "not a span"),
    ("event", "evidence", "Kyiv", RecordError, "stand 2 times in the text"),
    ("event", "evidence", "Paris", RecordError, "do not stand in the text"),
    ("event", "speaker", [], RecordError, "an event has no field 'speaker' to correct; there are type, mode"),
    ("event", "score", 1, RecordError, "no field 'score'"),
    ("statement", "act", "SHOUT", CodebookError, "ASSERT"),
    ("statement", "quote", "loud", CodebookError, "direct, indirect, mixed"),
    ("entry", "status", "crossed", CodebookError, "standing, rejected"),
]


@pytest.mark.parametrize(("what", "field", "value", "error", "message"), WRONG)
def test_what_cannot_be_is_refused(what: str, field: str, value: Any, error: type[MelianError], message: str) -> None:
    with pytest.raises(error, match=message):
        checked(what, field, value, Setting(TEXT, "THREATEN" if what == "event" else "demand"))


def test_the_fields_are_those_of_the_records() -> None:
    assert set(fields("event")) == set(Event.__struct_fields__) - {"score", "why", "id"}
    assert {form("event", field) for field in fields("event")} == {
        "choice", "parties", "date", "words", "country", "quantity", "span", "spans",
    }  # fmt: skip


def test_a_correction_takes_with_it_what_would_contradict_it() -> None:
    event = Event(type="CONSULT", mode="visit", place="Geneva", place_country="CHE", evidence=(0, 6))
    assert corrected(event, {}, str) is event
    assert corrected(event, {"type": "REQUEST"}, str).mode is None
    assert corrected(event, {"type": "REQUEST", "mode": "appeal"}, str).mode == "appeal"
    moved = corrected(event, {"place": "Kyiv"}, {"Kyiv": "UKR"}.get)
    assert (moved.place, moved.place_country) == ("Kyiv", "UKR")
    assert corrected(event, {"place": "Kyiv", "place_country": None}, {"Kyiv": "UKR"}.get).place_country is None
    assert corrected(event, {"place": None}, {}.get).place_country is None
    assert corrected(event, {"source": [PARTY], "evidence": [1, 3]}, str) == Event(
        type="CONSULT",
        mode="visit",
        place="Geneva",
        place_country="CHE",
        evidence=(1, 3),
        source=(Actor(id="RUS", sector="GOV"),),
    )


@given(st.sampled_from(codebook.event_types()), st.sampled_from(codebook.event_types()), st.data())
def test_no_correction_gives_a_type_a_mode_that_it_has_not(was: str, now: str, data: st.DataObject) -> None:
    mode = data.draw(st.sampled_from((None, *codebook.modes(was))))
    event = corrected(Event(type=was, mode=mode, evidence=(0, 1)), {"type": now}, str)
    assert event.mode is None or event.mode in codebook.modes(now)


TYPED: list[tuple[str, str, Any]] = [
    ("type", "THREATEN", "THREATEN"),
    ("date", "null", None),
    ("source", "RUS", [{"id": "RUS", "sector": "GOV"}]),
    ("source", "RUS:MIL, Wagner:REB", [{"id": "RUS", "sector": "MIL"}, {"id": "Wagner", "sector": "REB"}]),
    ("source", "RUS:GOV:Sergey Lavrov", [{"id": "RUS", "sector": "GOV", "name": "Sergey Lavrov"}]),
    ("source", "Russia", [{"id": "RUS", "sector": "GOV", "name": None, "role": None, "country": None}]),
    ("source", '[{"id": "RUS"}]', [{"id": "RUS"}]),
    ("source", "null", None),
    ("quantity", "at least 90,000 troops", {"value": 90000.0, "unit": "troops", "bound": "at least"}),
    ("quantity", "12.5", {"value": 12.5, "unit": None, "bound": None}),
    ("evidence", "10-20", [10, 20]),
    ("evidence", "[10, 20]", [10, 20]),
    ("evidence", '"We wait," he said', '"We wait," he said'),
    ("also", "10-20", [[10, 20]]),
    ("place", '"New York"', "New York"),
    ("place", "New York", "New York"),
]


@pytest.mark.parametrize(("field", "typed", "value"), TYPED)
def test_values_as_they_are_typed(field: str, typed: str, value: Any) -> None:
    assert shorthand.read("event", field, typed) == value


def test_a_person_is_typed_by_name() -> None:
    (party,) = shorthand.read("event", "source", "Sergey Lavrov", "2022-01-21")
    assert (party["id"], party["sector"], party["name"]) == ("RUS", "GOV", "Sergey Lavrov")
    with pytest.raises(RecordError, match="no JSON"):
        shorthand.read("event", "source", "[RUS]")


# --- agreement -----------------------------------------------------------------------------------------------------------


def units(**rows: str) -> list[Unit]:
    """One answer a column; a point is none."""
    return [
        {coder: answer for coder, answer in zip(rows, column, strict=True) if answer != "."}
        for column in zip(*(row.split() for row in rows.values()), strict=True)
    ]


def test_kappa_of_cohens_example() -> None:
    """Cohen (1960), 200 cases in three categories: agreement .70, by chance .41, kappa .492."""
    table = {"11": 88, "12": 10, "13": 2, "21": 14, "22": 40, "23": 6, "31": 18, "32": 10, "33": 12}
    cases: list[Unit] = [{"A": pair[1], "B": pair[0]} for pair, number in table.items() for _ in range(number)]
    assert percent(cases, ("A", "B")) == Measure(0.70, 200)
    assert kappa(cases, ("A", "B")).value == pytest.approx(0.492, abs=0.0005)
    assert kappa(cases, ("A", "B")).value == pytest.approx((0.70 - 0.41) / (1 - 0.41))


# Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", examples A, B and C; the last is that of "Krippendorff's alpha"
# in his Content Analysis: three coders, fifteen units.
ALPHAS = [
    ({"A": "0 1 0 0 0 0 0 0 1 0", "B": "1 1 1 0 0 1 0 0 0 0"}, 0.095, 10),
    ({"A": "a a b b d c c c e d d a", "B": "b a b b b c c c e d d d"}, 0.692, 12),
    (
        {
            "A": "1 2 3 3 2 1 4 1 2 . . .",
            "B": "1 2 3 3 2 2 4 1 2 5 . 3",
            "C": ". 3 3 3 2 3 4 2 2 5 1 .",
            "D": "1 2 3 3 2 4 4 1 2 5 1 .",
        },
        0.743,
        11,
    ),
    (
        {
            "A": ". . . . . 3 4 1 2 1 1 3 3 . 3",
            "B": "1 . 2 1 3 3 4 3 . . . . . . .",
            "C": ". . 2 1 3 4 4 . 2 1 1 3 3 . 4",
        },
        0.691,
        12,
    ),
]


@pytest.mark.parametrize(("rows", "value", "n"), ALPHAS)
def test_alpha_of_krippendorffs_examples(rows: dict[str, str], value: float, n: int) -> None:
    found = alpha(units(**rows), tuple(rows))
    assert found.value == pytest.approx(value, abs=0.0005)
    assert found.n == n


def test_a_measure_says_why_it_has_no_value() -> None:
    apart = units(A="1 .", B=". 1")
    for measure in (percent(apart, ("A", "B")), kappa(apart, ("A", "B")), alpha(apart, ("A", "B"))):
        assert measure == Measure(None, 0, NOTHING_IN_COMMON)
    same = units(A="1 1", B="1 1")
    assert percent(same, ("A", "B")) == Measure(1.0, 2)
    assert kappa(same, ("A", "B")) == alpha(same, ("A", "B")) == Measure(None, 2, NO_VARIATION)


ANSWERS = st.lists(st.dictionaries(st.sampled_from("ABC"), st.sampled_from("xyz")), max_size=12)


@given(ANSWERS, st.randoms())
def test_measures_keep_their_bounds_whatever_the_order(given_: list[dict[str, Hashable]], random: Any) -> None:
    other = [dict(unit) for unit in given_]
    random.shuffle(other)
    for measure in (percent, alpha):
        found, again = measure(given_, "ABC"), measure(other, "CBA")
        assert found.n == again.n <= len(given_)
        assert (found.value is None) == (found.note is not None)
        if found.value is not None:
            assert again.value == pytest.approx(found.value)
            assert found.value <= 1 + 1e-9
    found = kappa(given_, ("A", "B"))
    assert found.value is None or -1 - 1e-9 <= found.value <= 1 + 1e-9
    assert kappa(other, ("B", "A")).value == pytest.approx(found.value) if found.value is not None else True


@given(ANSWERS)
def test_full_agreement_is_one(given_: list[dict[str, Hashable]]) -> None:
    agreed = [dict.fromkeys(unit, min(unit.values(), key=str)) for unit in given_ if unit]
    found = alpha(agreed, "ABC")
    assert found.value is None or found.value == pytest.approx(1)


EVENT = Event(type="CONSULT", source=(Actor(id="USA", sector="GOV", span=(0, 7)),), evidence=(0, 20))


def judged(kind: Kind, record: str, by: str, at: int = 0, **more: Any) -> Judgement:
    from melian.crisis.judgements.judgement import Reading

    return said(kind, record, by=by, at=at, what="event", reading=[Reading(id=record, doc=RECORDS[0], event=EVENT)], **more)


def test_each_analyst_has_an_opinion_of_each_record_that_was_judged() -> None:
    taken_back = judged("reject", E, "Ana")
    history = [
        judged("accept", A, "Ana"),
        judged("accept", A, "Bo"),
        judged("reject", B, "Ana"),
        judged("accept", B, "Bo"),
        judged("correct", C, "Ana", field="type", value="REQUEST"),
        judged("correct", C, "Bo", field="place", value="Geneva"),
        judged("correct", D, "Ana", field="type", value="CONSULT"),
        judged("accept", D, "Bo"),
        judged("note", E, "Bo", note="who says so?"),
        taken_back,
        said("undo", E, by="Ana", at=1, undoes=taken_back.id),
    ]
    found = answers(history)
    assert found["event", VERDICT] == [
        {"Ana": "accept", "Bo": "accept"},
        {"Ana": "reject", "Bo": "accept"},
        {"Ana": "accept", "Bo": "accept"},
        {"Ana": "accept", "Bo": "accept"},
    ]
    assert found["event", "type"] == [
        {"Ana": AS_MACHINE, "Bo": AS_MACHINE},
        {"Bo": AS_MACHINE},  # Ana says that there is no such event
        {"Ana": '"REQUEST"', "Bo": AS_MACHINE},
        {"Ana": AS_MACHINE, "Bo": AS_MACHINE},  # corrected to what it was
    ]
    assert found["event", "place"][2] == {"Ana": AS_MACHINE, "Bo": '"Geneva"'}
    (verdict, place, type_) = agreements(history)
    assert (verdict.question, verdict.analysts, verdict.percent) == (VERDICT, ("Ana", "Bo"), Measure(0.75, 4))
    assert (place.question, place.percent) == ("place", Measure(2 / 3, 3))
    assert (type_.question, type_.percent) == ("type", Measure(2 / 3, 3))


def test_parties_agree_when_they_are_the_same_whatever_words_they_are_read_from() -> None:
    history = [
        judged("correct", A, "Ana", field="source", value=[{"id": "USA", "sector": "GOV", "name": "Antony Blinken"}]),
        judged("accept", A, "Bo"),
        judged("correct", B, "Ana", field="source", value=[{"id": "RUS", "sector": "GOV"}]),
        judged("correct", B, "Bo", field="source", value=[{"id": "RUS", "sector": "GOV", "span": [0, 5]}]),
    ]
    found = next(each for each in agreements(history) if each.question == "source")
    assert found.percent == Measure(1.0, 2)


def test_more_than_two_analysts_agree_two_by_two_and_all_together() -> None:
    history = [judged(kind, record, by) for by, kinds in {"Ana": "aar", "Bo": "arr", "Cy": "aa"}.items()
               for record, kind in zip(RECORDS, ("accept" if k == "a" else "reject" for k in kinds), strict=False)]  # fmt: skip
    found = agreements(history)
    assert [each.analysts for each in found] == [("Ana", "Bo"), ("Ana", "Cy"), ("Bo", "Cy"), ("Ana", "Bo", "Cy")]
    assert [each.kappa is None for each in found] == [False, False, False, True]
    assert found[-1].percent == Measure((3 + 1 + 1) / 7, 3)
    assert found[-1].alpha == alpha(
        [{"Ana": 1, "Bo": 1, "Cy": 1}, {"Ana": 1, "Bo": 0, "Cy": 1}, {"Ana": 0, "Bo": 0}], ("Ana", "Bo", "Cy")
    )


def test_merges_and_splits_of_the_same_pair_are_compared() -> None:
    history = [said("merge", A, B, C, by="Ana"), said("split", B, A, by="Bo"), said("merge", C, A, by="Bo", at=1)]
    found = answers(history)["event", TOGETHER]
    assert found == [{"Ana": "merge", "Bo": "split"}, {"Ana": "merge", "Bo": "merge"}]


# --- finding a record again ----------------------------------------------------------------------------------------------


def place(record: str, kind: str, start: int, stop: int, beside: Sequence[str] = (), by_hand: bool = False) -> Place:
    return Place(record, frozenset(kind.split()), (start, stop), frozenset(beside), by_hand)


def moved(old: Sequence[Place], *new: Place) -> list[tuple[str, str, bool]]:
    return [(move.old, move.new, move.alike) for move in matches(old, new)]


def test_the_same_id_is_the_same_record() -> None:
    assert moved([place(A, "REQUEST", 0, 9)], place(A, "REQUEST", 0, 9), place(B, "REQUEST", 0, 8)) == []


def test_a_record_of_the_same_type_goes_before_one_that_shares_more_words() -> None:
    old = [place(A, "REQUEST", 0, 9)]
    assert moved(old, place(B, "THREATEN", 0, 9), place(C, "REQUEST", 0, 5)) == [(A, C, True)]
    assert moved(old, place(B, "THREATEN", 5, 12)) == [(A, B, False)]
    assert moved(old, place(B, "REQUEST", 9, 12)) == []
    given_another = [place(A, "REQUEST THREATEN", 0, 9)]  # by a person
    assert moved(given_another, place(B, "ACCUSE", 0, 9), place(C, "THREATEN", 0, 5)) == [(A, C, True)]


def test_what_stood_beside_a_record_is_not_taken_for_it() -> None:
    old = [place(A, "REQUEST", 0, 9, [B]), place(B, "RETREAT", 3, 9)]
    assert moved(old, place(B, "RETREAT", 3, 9)) == []
    assert moved(old, place(C, "RETREAT", 3, 8)) == [(B, C, True)]
    assert moved([place(A, "REQUEST", 0, 4), place(B, "REQUEST", 6, 9)], place(C, "REQUEST", 0, 8)) == [(A, C, True)]


def test_readings_of_two_coders_may_be_one_record() -> None:
    old = [place(A, "REQUEST", 0, 9), place(B, "REQUEST", 0, 8)]
    assert moved(old, place(A, "REQUEST", 0, 9)) == [(B, A, True)]
    assert moved(old, place(C, "REQUEST", 0, 10)) == [(A, C, True), (B, C, True)]


def test_what_a_person_added_gives_way_only_to_its_own_type() -> None:
    old = [place(A, "REQUEST", 0, 9, by_hand=True)]
    assert moved(old, place(B, "THREATEN", 0, 9)) == []
    assert moved(old, place(B, "REQUEST", 0, 5)) == [(A, B, True)]


PLACES = st.lists(
    st.builds(
        lambda n, kind, start, length: place(f"{n:016x}", kind, start, start + length),
        st.integers(0, 40),
        st.sampled_from(("REQUEST", "THREATEN")),
        st.integers(0, 20),
        st.integers(1, 10),
    ),
    max_size=8,
    unique_by=lambda each: each.id,
)


@settings(max_examples=200)
@given(PLACES, PLACES, st.randoms())
def test_each_record_moves_to_one_place_whatever_the_order(old: list[Place], new: list[Place], random: Any) -> None:
    moves = matches(old, new)
    assert len({move.old for move in moves}) == len(moves)
    assert not {move.old for move in moves} & {each.id for each in new}
    some, others = list(old), list(new)
    random.shuffle(some)
    random.shuffle(others)
    assert matches(some, others) == moves
