"""Coding sheets: the notation in which our own reports are written, and what its errors say."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.sheets import read_sheet
from training.written_reports import MarkError, read_reports

SHEET = """@ 1962-10-24 wire
MOSCOW, Oct. 24 - {1 {2 Soviet} Premier Nikita Khrushchev} told {3 Washington} that {1 he} would not yield.
"If {3 you} stop our ships,
we shall sink yours," {1 he} said. {4 Both} sent ships.
--
1 SUN GOV person | Nikita Khrushchev | Premier
2 SUN GOV polity
3 USA GOV polity
4 - - group = 1 3
--
REJECT refuse actual | 1 > 3 | he would not yield | 1962-10-24 | Moscow
MOBILIZE troops actual | 1 3 > - | Both sent ships | - | - | quantity: 2,000 ships at most
--
THREATEN direct | 1 > 3 / 3 | "If you stop our ships,\\nwe shall sink yours," | if: If you stop our ships | via: TASS
@ - broadcast
Nothing happened. {1 He} waited.
--
1 USA GOV person
--
--
"""


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "t1.sheets"
    path.write_text(SHEET, encoding="utf-8")
    return path


def test_a_sheet_is_read(sheet: Path) -> None:
    first, second = read_reports(sheet)
    assert (first["doc_id"], first["published"], second["doc_id"], second["published"]) == (
        "t1-001",
        "1962-10-24",
        "t1-002",
        None,
    )
    reject, mobilize = first["events"]
    assert first["text"][slice(*reject["evidence"])] == "he would not yield"
    assert (reject["date"], reject["place"], reject["source"][0]["name"]) == ("1962-10-24", "Moscow", "Nikita Khrushchev")
    assert mobilize["quantity"] == {"value": 2000, "unit": "ships", "bound": "at most"}
    assert [a["id"] for a in mobilize["source"]] == ["SUN", "USA"]
    threat = first["statements"][0]
    assert "\n" in first["text"][slice(*threat["content"])]
    assert (threat["reported_by"], first["text"][slice(*threat["condition"])]) == ("TASS", "If you stop our ships")
    assert next(e for e in first["entities"] if e["key"] == "E4")["members"] == ["E1", "E3"]
    assert second["events"] == second["statements"] == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("1 > 3 | he would", "1 3 | he would", "line 11.*sources > targets"),
        ("| if: If", "| when: If", "line 14.*only `if"),
        ("2,000 ships", "many ships", "line 12.*write a quantity"),
        ("he would not yield |", "she would not yield |", "1.*event 1 evidence 'she would not yield'"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(sheet: Path, old: str, new: str, message: str) -> None:
    sheet.write_text(SHEET.replace(old, new), encoding="utf-8")
    with pytest.raises(MarkError, match=message):
        read_reports(sheet)


def test_one_wrong_report_leaves_the_others(sheet: Path) -> None:
    sheet.write_text(SHEET.replace("1 > 3 | he would", "1 3 | he would"), encoding="utf-8")
    assert [isinstance(found, ValueError) for _, found in read_sheet(sheet)] == [True, False]
