"""A document's own date: the text and what must be found in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from melian.coding.publication import dateline, publication_date

FOUND = [
    ("Talks begin\n\nTuesday, June 9, 2015\n\nMinisters met.", "2015-06-09", "dateline", "Tuesday, June 9, 2015"),
    ("Talks begin\n\nTuesday, June 9, 2015 On Monday, ministers met.", "2015-06-09", "dateline", "Tuesday, June 9, 2015"),
    ("21 January 2022 – Ministers met.", "2022-01-21", "dateline", "21 January 2022"),
    ("TUNIS – 14 August 2021: Ministers met.", "2021-08-14", "dateline", "14 August 2021"),
    ("NEW YORK, 21 January 2022 (Agency) -- Ministers met.", "2022-01-21", "dateline", "21 January 2022"),
    ("GENEVA, Jan. 21 (Reuters) — They last met on January 10, 2022.", "2022-01-21", "dateline", "Jan. 21"),
    ("MOSCOW, January 21. /TASS/. They last met on 10 January 2022.", "2022-01-21", "dateline", "January 21"),
    ("Published 3 February 2022 10:15 GMT\nMinisters met.", "2022-02-03", "dateline", "3 February 2022"),
    ("Jakarta - The minister said on Friday (21/1/2022) that talks failed.", "2022-01-21", "text", "Friday (21/1/2022)"),
    ("Jakarta - The minister said on Friday (1/4/2022) that talks failed.", "2022-04-01", "text", "Friday (1/4/2022)"),
    ("The minister said on Monday June 7, 2021.", "2021-06-07", "text", "Monday June 7, 2021"),
]

NOT_FOUND = [
    "",
    "KYIV (AP) — Ministers met on Friday.",
    "LISBON, July 25: Ministers met on Monday.",  # no year anywhere
    "On May 12, 2013, by a vote of 51 to 48, the house passed the bill.",
    "The treaty of 21 January 1992 stands.",
]


@pytest.mark.parametrize(("text", "day", "origin", "words"), FOUND)
def test_found(text: str, day: str, origin: str, words: str) -> None:
    found = publication_date(text)
    assert found is not None
    assert (found[0], found[1], text[slice(*found[2])]) == (day, origin, words)


@pytest.mark.parametrize("text", NOT_FOUND)
def test_not_found(text: str) -> None:
    assert publication_date(text) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("KYIV, Feb 24, 2022 (Harbour wire) — Russia attacked.", "KYIV, Feb 24, 2022 (Harbour wire) — "),
        ("GENEVA (Harbour wire) - The ministers met on Friday (21/1/2022).", "GENEVA (Harbour wire) - "),
        (
            "Talks begin\n\nHarbour wire, Vienna. Published: 20 January 2022\n\nThey met.",
            "Harbour wire, Vienna. Published: 20 January 2022",
        ),
        ("Russia rejected the demand on 21 January 2022, and NATO shrugged.", None),
        ("NATO (Brussels) will answer.", None),
        ("Harbour radio\nEvening bulletin, 13 January 2022\n\nThey met.", "Harbour radio\nEvening bulletin, 13 January 2022"),
        (
            "Rebels fire at army post\nTehran, 13 January 2022 (Reuters)\n\nThey met.",
            "Tehran, 13 January 2022 (Reuters)",
        ),
        ("Russia attacked\nEvening bulletin, 13 January 2022\n\nThey met.", "Evening bulletin, 13 January 2022"),
    ],
)
def test_dateline(text: str, words: str | None) -> None:
    found = dateline(text)
    assert (text[slice(*found)] if found else None) == words


@given(st.text(max_size=120))
def test_any_text_is_read(text: str) -> None:
    publication_date(text)
    dateline(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Talks end\n\nExample wire, Vienna. Published: 20 January 2022\n\nThe talks ended.", "2022-01-20"),
        ("STATEMENT OF THE MINISTRY\nFrom our correspondent. Moscow, 17.02.2022\n\nThe Ministry states …", "2022-02-17"),
        ("SAN FRANCISCO, 18 November 2023 / Bay Courier\n\nThe two leaders met.", "2023-11-18"),
        ("October 23, 2023, Straits Mercury\n\nThe ships met.", "2023-10-23"),
        ("Straits Mercury (October 23, 2023)\n\nThe ships met.", "2023-10-23"),
        ("Straits Mercury / October 23, 2023\n\nThe ships met.", "2023-10-23"),
        ("Daily of the Hills | 3 May 2023 | Page One\n\nThe ships met.", "2023-05-03"),
        ("Treaty of 21 January 1992\n\nThe ships met.", None),
        ("Moscow Marks 21 January 1992 Treaty\n\nThe ships met.", None),
        ("They had agreed, 21 January 1992, that none would go on.\n\nThe ships met.", None),
        ("The ministers met for hours. They will meet again in Vienna on 3 March 2022\n\nNothing was agreed.", None),
    ],
)
def test_date_at_the_end_of_a_header_line(text: str, day: str | None) -> None:
    found = publication_date(text)
    assert (found[0] if found else None) == day
