"""Judging at the desk: forms, colleagues, the review queue, agreement."""

from __future__ import annotations

import csv
import json
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from desk_site import Client, Markup, first_id, words

from melian.crisis.questions.filters import Filters
from melian.crisis.record import store


def test_a_rejected_red_line_leaves_the_ledger_and_comes_back(own: Client) -> None:
    line = first_id(own, "redlines")
    before = own.get("/ledger/redlines").text
    rows = json.loads(own.get("/tables/statements.json?type=THREATEN").text)
    rows += json.loads(own.get("/tables/events.json?type=THREATEN").text)
    judged = [own.judge(row["id"], "reject") for row in rows]
    assert [answer.status for answer in judged] == [303] * len(rows)
    assert line not in own.get("/ledger/redlines").text
    assert "<b>Rejected</b>" in own.get(f"/evidence/{rows[0]['id']}").text
    for row in rows:
        undo = re.search(
            r'name="id" value="([0-9a-f]{16})"><input type="hidden" name="kind" value="undo"',
            own.get(f"/evidence/{row['id']}").text,
        )
        assert undo
        assert own.judge(undo[1], "undo", about=row["id"]).status == 303
    assert set(re.findall(r'id="l-(r[0-9a-f]{16})"', own.get("/ledger/redlines").text)) == set(
        re.findall(r'id="l-(r[0-9a-f]{16})"', before)
    )


def test_a_correction_changes_what_was_changed_and_nothing_else(own: Client) -> None:
    id_ = first_id(own, "statements", act="THREATEN")
    page = own.get(f"/evidence/{id_}").text
    form = {f"was.{name}": value for name, value in re.findall(r'name="was\.(\w+)" value="([^"]*)"', page)}
    values = {name.replace("was.", "value."): value for name, value in form.items()}
    assert own.judge(id_, "correct", **form, **values).status == 400  # nothing was changed
    answer = own.judge(id_, "correct", **{**form, **values, "value.act": "PREDICT", "value.place": "Bern"})
    assert answer.status == 303
    after = next(row for row in json.loads(own.get("/tables/statements.json").text) if row["id"] == id_)
    assert (after["act"], after["place"], after["speaker"]) == ("PREDICT", "Bern", ["USA"])
    shown = words(Markup(own.get(f"/evidence/{id_}").text).text)
    assert "the machine read: THREATEN" in shown
    assert "Ana: corrected act to PREDICT" in shown


def test_a_correction_that_cannot_hold_says_why_and_keeps_what_was_typed(own: Client) -> None:
    id_ = first_id(own, "events", type="CONSULT")
    answer = own.judge(id_, "correct", **{"value.date": "31 Feb", "was.date": ""})
    assert answer.status == 400
    assert "31 Feb" in answer.text
    assert "YYYY-MM-DD" in answer.text


def fields(page: str, kind: str, action: str = "/judge") -> dict[str, str]:
    """What the form of a page that does `kind` would send, unchanged."""
    for form in re.findall(rf'<form method="post" action="{action}".*?</form>', page, re.DOTALL):
        parsed = Markup(form)
        given = {str(a["name"]): str(a.get("value") or "") for tag, a in parsed.elements if tag == "input" and a.get("name")}
        if given.get("kind") == kind:
            for name, options in re.findall(r'<select[^>]* name="([^"]+)".*?>(.*?)</select>', form, re.DOTALL):
                given[name] = next(str(a["value"]) for _, a in Markup(options).elements if "selected" in a)
            return given
    raise AssertionError(f"no form for {kind}")


def lone_incidents(client: Client) -> list[str]:
    """Two incidents of one telling each; merged they go by the first one's id."""
    rows = json.loads(client.get("/tables/incidents.json").text)
    return sorted(row["id"] for row in rows if row["tellings"] == 1)[:2]


def element(page: str, **wanted: str) -> dict[str, str | None]:
    return next(a for _, a in Markup(page).elements if all(a.get(name) == value for name, value in wanted.items()))


def colleague(own: Client, name: str = "Bob") -> Client:
    other = Client(own.port)
    other.post("/analyst", {"form_token": other.token(), "analyst": name, "back": "/review"})
    return other


def test_nobody_judges_what_a_colleague_has_changed_meanwhile(own: Client) -> None:
    id_ = first_id(own, "events", type="CONSULT")
    page = own.get(f"/evidence/{id_}").text
    accept, correct = fields(page, "accept"), fields(page, "correct")
    bob = colleague(own)
    theirs = fields(bob.get(f"/evidence/{id_}").text, "correct")
    assert bob.post("/judge", {**theirs, "value.place": "Bern", "value.date": "2022-01-23"}).status == 303
    stale = own.post("/judge", accept)
    assert stale.status == 409
    told = words(Markup(stale.text).text)
    assert "Bob corrected date to 2022-01-23; Bob corrected place to Bern" in told
    assert "Accepted by a person" not in words(own.get(f"/evidence/{id_}").text)
    typed = {**correct, "value.date": "2022-01-20", "note": "the day before"}
    stale = own.post("/judge", typed)
    assert stale.status == 409
    again = fields(stale.text, "correct")
    assert (again["value.date"], again["note"]) == ("2022-01-20", "the day before")  # what was typed is there
    assert (again["value.place"], again["was.date"]) == ("Bern", "2022-01-23")  # and the rest as it is now
    assert own.post("/judge", again).status == 303  # now it was seen
    after = next(row for row in json.loads(own.get("/tables/events.json").text) if row["id"] == id_)
    assert (after["date"], after["place"]) == ("2022-01-20", "Bern")


def test_a_stale_field_is_noticed_without_the_stamp(own: Client) -> None:
    id_ = first_id(own, "events", type="CONSULT")
    form = fields(own.get(f"/evidence/{id_}").text, "correct")
    del form["seen"]
    bob = colleague(own)
    bob.judge(id_, "correct", **{"value.place": "Bern", "was.place": form["was.place"]})
    answer = own.post("/judge", {**form, "value.place": "Basel"})
    assert answer.status == 409
    assert "place is Bern by now" in words(Markup(answer.text).text)


def test_what_was_taken_back_meanwhile_is_told_and_notes_change_nothing(own: Client) -> None:
    id_ = first_id(own, "events", type="CONSULT")
    bob = colleague(own)
    bob.judge(id_, "accept")
    reject = fields(own.get(f"/evidence/{id_}").text, "reject")
    undo = fields(bob.get(f"/evidence/{id_}").text, "undo")
    assert bob.post("/judge", undo).status == 303
    answer = own.post("/judge", reject)
    assert answer.status == 409
    assert "Bob took back: accepted" in words(Markup(answer.text).text)
    assert bob.post("/judge", undo).status == 409  # taken back already
    reject = fields(own.get(f"/evidence/{id_}").text, "reject")
    bob.judge(id_, "note", note="look at this")
    assert own.post("/judge", reject).status == 303


def test_an_incident_with_a_new_telling_is_not_what_was_seen(own: Client, tmp_path: Path) -> None:
    some, other = lone_incidents(own)
    page = own.get(f"/incident/{some}").text
    colleague(own).judge(some, "merge", **{f"with.{other}": "1"})
    answer = own.post("/judge", fields(page, "accept"))
    assert answer.status == 409
    assert "Bob merged" in words(Markup(answer.text).text)
    both = re.search(r'"/incident/(i[0-9a-f]{16})"', answer.text)
    assert both
    page = own.get(f"/incident/{both[1]}").text
    told = re.findall(r'name="with\.(e[0-9a-f]{16})"', page)
    colleague(own).judge(told[0], "accept")
    split = {name: value for name, value in fields(page, "split").items() if not name.startswith("with.")}
    answer = own.post("/judge", {**split, f"with.{told[1]}": "1"})
    assert answer.status == 409
    assert "checked" in element(answer.text, name=f"with.{told[1]}")  # on the incident's page, and what was ticked is ticked
    assert "checked" not in element(answer.text, name=f"with.{told[0]}")
    assert '<details class="correct" open><summary>Split' in answer.text


@pytest.mark.parametrize("path", ["/judge", "/review"])
@pytest.mark.parametrize("part", [True, False])
def test_a_mistyped_correction_is_shown_again_with_what_was_typed(own: Client, path: str, part: bool) -> None:
    id_ = card(own)
    page = own.get("/review" if path == "/review" else f"/evidence/{id_}").text
    form = {**fields(page, "correct", path), "value.date": "not a date", "value.place": "Bern", "note": "typed with care"}
    headers = {"HX_Request": "true", "HX_Target": "drawer-sheet"} if part else {}
    answer = own.post(path, form, **headers)
    assert answer.status == 400
    again = fields(answer.text, "correct", path)
    assert [again[name] for name in ("value.date", "value.place", "note")] == ["not a date", "Bern", "typed with care"]
    field = element(answer.text, name="value.date")
    assert field["aria-invalid"] == "true"
    assert ("data-focus" if part else "autofocus") in field
    said = element(answer.text, id=str(field["aria-describedby"]).split()[0])
    assert said["role"] == "alert"
    assert "open" in element(answer.text, id=f"correct-{id_}")
    assert [a["name"] for _, a in Markup(answer.text).elements if "aria-invalid" in a] == ["value.date"]
    assert "YYYY-MM-DD" in answer.text
    done = own.post(path, {**again, "value.date": "2022-01-20"})
    assert done.status == 303
    assert "typed with care" in own.get(f"/evidence/{id_}").text


def test_a_correction_of_nothing_is_said_above_its_form(own: Client) -> None:
    id_ = first_id(own, "events", type="CONSULT")
    answer = own.post("/judge", fields(own.get(f"/evidence/{id_}").text, "correct"))
    assert answer.status == 400
    assert "autofocus" in element(answer.text, **{"class": "verdict wrong"})
    assert "Nothing was changed; change a field" in answer.text


def test_a_merge_of_nothing_keeps_the_incidents_page(own: Client) -> None:
    some, other = lone_incidents(own)
    own.judge(some, "merge", **{f"with.{other}": "1"})
    split = fields(own.get(f"/incident/{some}").text, "split")
    answer = own.post("/judge", {name: value for name, value in split.items() if not name.startswith("with.")})
    assert answer.status == 400
    assert "Choose what to split" in answer.text
    assert '<details class="correct" open><summary>Split' in answer.text


def test_a_form_that_is_not_taken_says_what_was_sent_and_where_to_go_on(own: Client) -> None:
    id_ = first_id(own, "events", type="CONSULT")
    form = {**fields(own.get(f"/evidence/{id_}").text, "correct"), "form_token": "0" * 64, "note": "typed with care"}
    answer = own.post("/judge", form)
    assert answer.status == 403
    assert "typed with care" in answer.text
    assert f"/evidence/{id_}" in Markup(answer.text).links()


def test_notes_are_kept_whole_or_refused(own: Client) -> None:
    id_ = first_id(own, "events", type="CONSULT")
    note = "x" * 480 + " the end"
    assert own.judge(id_, "reject", note=note).status == 303
    assert note in own.get(f"/evidence/{id_}").text
    answer = own.judge(id_, "correct", **{"value.place": "Bern", "note": "y" * 501})
    assert answer.status == 400
    assert "at most 500 characters, and this one has 501" in answer.text
    assert "y" * 501 in answer.text
    assert element(answer.text, name="note")["aria-invalid"] == "true"


@pytest.mark.parametrize("id_", ["e018d24552a0b976b", "018d24552a0b976b", "j018d24552a0b976b", "nonsense"])
def test_an_undo_of_what_is_no_judgement_is_not_found(own: Client, id_: str) -> None:
    assert own.judge(id_, "undo").status == 404


def test_incidents_are_merged_and_split_by_hand(own: Client) -> None:
    def tellings() -> dict[str, int]:
        return {row["id"]: row["tellings"] for row in json.loads(own.get("/tables/incidents.json").text)}

    before = tellings()
    some, other = [id_ for id_, number in before.items() if number == 1][:2]
    assert own.judge(some, "merge").status == 400  # with what?
    assert own.judge(some, "merge", **{f"with.{other}": "1"}).status == 303
    merged = next(id_ for id_ in tellings() if id_ in (some, other))
    page = own.get(f"/incident/{merged}").text
    leaving = re.findall(r'name="with\.(e[0-9a-f]{16})"', page)
    assert len(leaving) >= 2
    assert own.judge(merged, "split", **{f"with.{leaving[0]}": "1"}).status == 303
    assert sorted(tellings().values()) == sorted(before.values())


def test_where_an_entry_stands_can_be_corrected(own: Client) -> None:
    line = first_id(own, "demands", status="standing")
    assert own.judge(line, "correct", **{"value.status": "withdrawn", "was.status": "standing"}).status == 303
    assert next(row for row in json.loads(own.get("/tables/demands.json").text) if row["id"] == line)["status"] == "withdrawn"
    page = own.get(f"/entry/{line}").text
    assert "Ana: corrected status to withdrawn" in words(Markup(page).text)
    undo = re.search(r'name="id" value="([0-9a-f]{16})"><input type="hidden" name="kind" value="undo"', page)
    assert undo
    own.judge(undo[1], "undo", about=line)
    assert next(row for row in json.loads(own.get("/tables/demands.json").text) if row["id"] == line)["status"] == "standing"


def test_the_drawer_gets_the_record_as_it_is_after_the_judgement(own: Client) -> None:
    id_ = first_id(own, "events", type="CONSULT")
    form = {"form_token": own.token(), "id": id_, "kind": "accept"}
    answer = own.post("/judge", form, HX_Request="true", HX_Target="drawer-sheet")
    assert answer.status == 200
    assert "Accepted." in answer.text
    assert 'aria-pressed="true"' in answer.text
    assert answer.headers["hx-trigger-after-swap"] == "melian:changed"


def test_judgements_wait_for_a_writer_and_are_not_lost(own: Client, tmp_path: Path) -> None:
    id_ = first_id(own, "events", type="CONSULT")
    token = own.token()
    release = threading.Event()
    holding = threading.Event()

    def hold() -> None:
        with store.held(tmp_path / "own.crisis"):
            holding.set()
            release.wait(30)

    thread = threading.Thread(target=hold)
    thread.start()
    holding.wait(10)
    try:
        answer = own.post("/judge", {"form_token": token, "id": id_, "kind": "reject", "note": "no such meeting"})
        assert answer.status == 503
        assert "Try again" in answer.text
        assert "no such meeting" in answer.text
        assert str(tmp_path) not in answer.text
        assert own.get("/timeline").status == 200  # readers are not kept waiting
    finally:
        release.set()
        thread.join()
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', answer.text.partition('class="trouble"')[2]))
    assert own.post("/judge", sent).status == 303
    assert "Rejected" in own.get(f"/evidence/{id_}").text


def card(client: Client, query: str = "") -> str:
    found = re.search(r'data-subject="([es][0-9a-f]{16})" data-card', client.get(f"/review{query}").text)
    return found[1] if found else ""


def act(client: Client, kind: str, id_: str = "", **more: str) -> None:
    answer = client.post("/review", {"form_token": client.token(), "kind": kind, "id": id_, **more})
    assert answer.status == 303


def test_the_queue_goes_on_by_one_key_and_back_by_one(own: Client) -> None:
    first = card(own)
    act(own, "accept", first)
    second = card(own)
    assert second != first
    act(own, "skip", second)
    third = card(own)
    assert third not in (first, second)
    act(own, "reject", third)
    page = words(Markup(own.get("/review").text).text)
    assert "2 of 100 cards in this session, you accepted 50%" in page
    assert "1 skipped" in page
    answer = own.post("/review", {"form_token": own.token(), "kind": "undo"})
    assert answer.headers["location"].endswith(f"at={third}")
    answer = own.post("/review", {"form_token": own.token(), "kind": "undo"})
    assert answer.headers["location"].endswith(f"at={second}")  # a skip is taken back too, in its turn
    page = words(Markup(own.get(answer.headers["location"]).text).text)
    assert "1 of 100 cards in this session, you accepted 100%" in page
    assert "skipped" not in page.partition("Accept")[0]
    act(own, "undo")
    assert card(own) == first
    assert "0 of 100 cards in this session" in own.get("/review").text


def test_a_card_that_a_colleague_judged_is_shown_as_it_is_now(own: Client) -> None:
    page = own.get("/review").text
    form, id_ = fields(page, "accept", "/review"), card(own)
    poll = next(str(a["hx-get"]) for _, a in Markup(page).elements if str(a.get("hx-get")).startswith("/changes?id="))
    assert own.get(poll).status == 204
    assert colleague(own).judge(id_, "correct", **{"value.place": "Bern"}).status == 303
    news = own.get(poll)
    assert "Bob corrected place to Bern" in news.text
    assert f"/review?at={id_}" in Markup(news.text).links()
    answer = own.post("/review", form)
    assert answer.status == 409
    assert "Bob corrected place to Bern" in answer.text
    assert f'data-subject="{id_}" data-card' in answer.text
    assert "0 of 100 cards in this session" in answer.text
    assert own.post("/review", {"form_token": form["form_token"], "id": id_, "kind": "accept"}).status == 409  # without a stamp
    assert own.post("/review", fields(answer.text, "accept", "/review")).status == 303
    assert "1 of 100 cards in this session" in own.get("/review").text


def test_two_browsers_of_one_name_have_their_own_sessions(own: Client) -> None:
    act(own, "reject", card(own))
    other = Client(own.port)
    assert "0 of 100 cards in this session" in other.get("/review").text
    answer = other.post("/review", {"form_token": other.token(), "kind": "undo"})
    assert answer.status == 400
    assert "Nothing was judged or skipped in this session" in answer.text
    assert "data-card" in answer.text
    assert "1 of 100 cards in this session" in own.get("/review").text


def test_many_requests_at_once_judge_and_undo_each_card_once(own: Client) -> None:
    first = card(own)
    form = {"form_token": own.token(), "kind": "accept", "id": first}

    def at_once(form: dict[str, str], times: int) -> list[int]:
        with ThreadPoolExecutor(times) as pool:
            return sorted(pool.map(lambda _: own.post("/review", form).status, range(times)))

    assert at_once(form, 3) == [303, 409, 409]
    assert "1 of 100 cards in this session" in own.get("/review").text
    act(own, "reject", card(own))
    assert at_once({"form_token": form["form_token"], "kind": "undo"}, 4) == [303, 303, 400, 400]
    assert "0 of 100 cards in this session" in own.get("/review").text
    assert card(own) == first
    assert "Nobody has judged this record" in own.get("/review/agreement").text


def test_an_undo_passes_over_what_was_taken_back_elsewhere(own: Client) -> None:
    first = card(own)
    act(own, "reject", first)
    second = card(own)
    act(own, "reject", second)
    own.post("/judge", fields(own.get(f"/evidence/{second}").text, "undo"))
    answer = own.post("/review", {"form_token": own.token(), "kind": "undo"})
    assert answer.headers["location"].endswith(f"at={first}")
    assert "0 of 100 cards in this session" in own.get("/review").text


def test_the_queue_ends_when_all_is_judged(own: Client) -> None:
    query = "?type=CONSULT"
    seen = []
    while id_ := card(own, query):
        seen.append(id_)
        act(own, "accept", id_, type="CONSULT")
    assert sorted(seen) == sorted(row["id"] for row in json.loads(own.get("/tables/events.json?type=CONSULT").text))
    assert "Nothing is left to review" in own.get("/review?type=CONSULT").text


def test_what_others_judged_comes_again_on_request(own: Client) -> None:
    id_ = card(own)
    act(own, "accept", id_)
    own.post("/analyst", {"form_token": own.token(), "analyst": "Bo Smith", "back": "/review"})
    assert "judgements here are by Bo Smith" in words(own.get("/").text)
    assert card(own) != id_
    assert card(own, "?again=1") == id_
    act(own, "reject", id_, again="1")


def test_agreement_of_two_analysts_and_the_machine(own: Client) -> None:
    rows = json.loads(own.get("/tables/events.json").text)[:4]
    for number, row in enumerate(rows):
        own.judge(row["id"], "reject" if number == 0 else "accept")
    own.post("/analyst", {"form_token": own.token(), "analyst": "Bo", "back": "/review"})
    for number, row in enumerate(rows):
        own.judge(row["id"], "reject" if number < 2 else "accept")
    page = words(Markup(own.get("/review/agreement").text).text)
    assert "Ana43 75%0 0%1 25%" in page  # judged, accepted, corrected, rejected
    assert "Ana and Boeventaccept or reject475%0.50" in page


def test_the_least_certain_and_most_consequential_come_first(made: Path) -> None:
    from melian.desk import queue

    with store.reading(made) as connection:
        place = {number: n for n, (_, number) in enumerate(queue.cards(connection, Filters(), "Ana"))}
        told = connection.execute("SELECT id, type FROM events UNION ALL SELECT id, act FROM statements").fetchall()
        deed = min(place[number] for number, kind in told if kind == "ASSAULT")
        talk = min(place[number] for number, kind in told if kind == "CONSULT")  # of the same score
        red_line = min(place[number] for number, kind in told if kind == "THREATEN")
        remark = min(place[number] for number, kind in told if kind == "ASSERT")
    assert len(place) == len(told)
    assert deed < talk
    assert red_line < remark


def test_agreement_has_its_files(own: Client) -> None:
    id_ = first_id(own, "events")
    own.judge(id_, "accept")
    own.post("/analyst", {"form_token": own.token(), "analyst": "Bo", "back": "/review"})
    own.judge(id_, "reject")
    links = Markup(own.get("/review/agreement").text).links()
    assert "/review/agreement" in links
    for name in ("judged", "agreement"):
        assert {f"/data/{name}.csv", f"/data/{name}.json"} <= set(links)
    judged = json.loads(own.get("/data/judged.json").text)
    assert [(row["by"], row["accepted"], row["rejected"]) for row in judged] == [("Ana", 1, 0), ("Bo", 0, 1)]
    assert next(csv.DictReader(own.get("/data/agreement.csv").text.splitlines()))["analysts"] == "Ana, Bo"


def test_a_judgement_is_one_transaction(own: Client, tmp_path: Path) -> None:
    import duckdb

    from melian.desk.writing import Writer

    before = (tmp_path / "own.crisis").read_bytes()
    with pytest.raises(duckdb.TransactionException, match="within a transaction"):  # there is one already
        Writer(tmp_path / "own.crisis").judge(
            "accept", [first_id(own, "events")], "Ana", check=lambda connection: connection.begin()
        )
    assert (tmp_path / "own.crisis").read_bytes() == before


@pytest.mark.parametrize("path", ["/judge", "/review"])
def test_an_unknown_party_is_asked_about_once(own: Client, path: str) -> None:
    id_ = first_id(own, "events", type="CONSULT")
    page = own.get(f"/review?at={id_}" if path == "/review" else f"/evidence/{id_}").text
    answer = own.post(path, {**fields(page, "correct", path), "value.source": "Narnia"})
    assert answer.status == 400
    assert "Nobody in this record or in the tables of names is called Narnia. Save again to keep it" in words(
        Markup(answer.text).text
    ).replace("Did you mean", "?")
    again = fields(answer.text, "correct", path)
    assert again["value.source"] == "Narnia"
    assert element(answer.text, name="value.source")["aria-invalid"] == "true"
    other = own.post(path, {**again, "value.source": "Archenland"})  # it was not asked about this one
    assert (other.status, "is called Archenland" in other.text) == (400, True)
    wrong = fields(own.post(path, {**again, "value.source": "Archenland", "value.date": "never"}).text, "correct", path)
    assert own.post(path, {**wrong, "value.date": wrong["was.date"]}).status == 400  # nor then
    assert own.post(path, again).status == 303
    assert "corrected source to Narnia" in words(Markup(own.get(f"/evidence/{id_}").text).text)
    page = own.get(f"/evidence/{id_}").text
    assert own.post("/judge", {**fields(page, "correct"), "value.target": "Narnia"}).status == 303  # the record knows it now
    page = own.get(f"/evidence/{id_}").text
    assert "Did you mean Narnia" in own.post("/judge", {**fields(page, "correct"), "value.target": "Narnai"}).text
    assert own.judge(id_, "correct", **{"value.source": "Russia, NATO:GOV"}).status == 303
