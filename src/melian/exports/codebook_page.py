"""The codebook that goes into every export: its files with their columns, and the values that stand in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from melian import codebook
from melian.codebook import crosswalks
from melian.exports.layout import Column, Sheet

REALIS = {
    "actual": "happened or under way",
    "denied": "somebody denies that it happened",
    "planned": "announced or promised",
    "conditional": "the consequence of an if-clause",
    "predicted": "forecast, feared, said to be imminent",
    "demanded": "asked for",
}
_KINDS = {
    "text": "text",
    "list": "list of texts",
    "integer": "whole number",
    "number": "number",
    "date": "day",
    "flag": "yes or no",
}


def page(title: str, files: Sequence[tuple[str, str, Sequence[Column]]], text: bool) -> str:
    """The codebook as Markdown.

    Args:
        title: of the format.
        files: each file's name, what a row of it is, and its columns.
        text: whether the sources' own words are in the export.
    """
    return "\n".join(_lines(title, files, text)) + "\n"


def _lines(title: str, files: Sequence[tuple[str, str, Sequence[Column]]], text: bool) -> Iterator[str]:
    yield f"# Codebook: {title}"
    yield ""
    yield "Lists are joined by `;` in delimited files, Stata and Excel, and are arrays in Parquet and JSON. An empty cell is not known."
    for name, what, columns in files:
        yield f"\n## {name}\n\nA row is {what}.\n"
        yield from _table(
            ("column", "values", "meaning"),
            (
                (
                    column.name,
                    _KINDS[column.kind],
                    f"{column.meaning}{' (left out in this export)' if column.words and not text else ''}",
                )
                for column in columns
            ),
        )
    yield "\n## Event types and modes\n"
    yield "After PLOVER. `cameo` is the nearest CAMEO code with Goldstein's value, `plover` PLOVER's mode, `acled` ACLED's sub-event type.\n"
    yield from _table(("type", "mode", "quad", "cameo", "goldstein", "plover", "acled", "what it covers"), _types())
    yield "\n## Realis\n"
    yield from _table(("realis", "meaning"), REALIS.items())
    yield "\n## Statements: acts\n"
    yield from _table(("act", "the speaker …"), ((act, codebook.act_meaning(act)) for act in codebook.acts()))
    yield "\n## Sectors\n"
    yield from _table(("sector", "meaning", "CAMEO", "PLOVER", "ICEWS"), _sectors())


def _types() -> Iterator[tuple[str, ...]]:
    for event_type in codebook.event_types():
        for mode in ("", *codebook.modes(event_type)):
            elsewhere = crosswalks.mode_elsewhere(event_type, mode)
            code = crosswalks.cameo_codes()[elsewhere.cameo]
            yield (
                event_type, mode or "(none)", codebook.quad(event_type), elsewhere.cameo, f"{code.goldstein:g}", elsewhere.plover or "",
                elsewhere.acled or "", "" if mode else codebook.covers(event_type),
            )  # fmt: skip


def _sectors() -> Iterator[tuple[str, ...]]:
    for sector in codebook.sectors():
        elsewhere = crosswalks.sector_elsewhere(sector)
        assert elsewhere is not None
        yield sector, codebook.sector_meaning(sector), elsewhere.cameo, elsewhere.plover or "", ", ".join(elsewhere.icews)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"| {' | '.join('---' for _ in heads)} |"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '/') for cell in row)} |"


def described(sheets: Iterable[tuple[str, Sheet]]) -> list[tuple[str, str, Sequence[Column]]]:
    """Files for `page` from their names and sheets."""
    return [(name, sheet.what, sheet.columns) for name, sheet in sheets]
