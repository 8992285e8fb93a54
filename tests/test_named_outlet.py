"""Outlets read from a report's own first lines."""

from __future__ import annotations

import pytest

from melian.sources.named_outlet import outlet_of


@pytest.mark.parametrize(
    ("text", "outlet"),
    [
        ("GENEVA, Jan. 21, 2022 (Lindau News) - The two met on Friday.", "Lindau News"),
        ("The two agree to talk\n\nNew York (AFP) – The two agreed to talk.", "AFP"),
        ("MOSCOW (AP)_ The two agreed to talk.", "AP"),
        ("ISTANBUL, Turkey (AP) _\n\nThe two agreed to talk.", "AP"),
        ("WASHINGTON/MOSCOW, 30 December 2021 (Lindau wire)\n\nThe two spoke.", "Lindau wire"),
        ("JOHANNESBURG, August 7 (Xinhua) --\n\nSouth Africa deplored the blast.", "Xinhua"),
        ("Ulaanbaatar /MONTSAME/. The minister received the ambassador.", "MONTSAME"),
        ("Lindau Courier, Brussels, Wednesday 16 February 2022\n\nTroops move.", "Lindau Courier"),
        ("Harbour Radio\nEvening bulletin, 13 January 2022\n\nGood evening.", "Harbour Radio"),
        # what stands in brackets, or ends a line, may be something else
        ("Organisation of Lake States (OLS) - a club of five - met on Friday.", None),
        ("The ruling Lake Party (LP) vice-president was held on Friday.", None),
        ("Chris Collins (R-N.Y.) and Duncan Hunter (R-Calif.) spoke.", None),
        ("Rebels attack army post\n\nThey came on Friday, 5 May 2023.", None),
        ("GENEVA, Jan. 21, 2022 (Friday) - The two met.", None),
        ("", None),
    ],
)
def test_outlet_of(text: str, outlet: str | None) -> None:
    assert outlet_of(text) == outlet
