"""`melian explain`: what stands behind an entry."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from melian.cli.filtering import Crisis
from melian.cli.messages import ending_quietly


def explain(
    crisis: Crisis,
    id: Annotated[str, typer.Argument(metavar="ID", help="As the first column of `melian show` has it.")],
    json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Print the words that an entry rests on, the rule or model behind it, all tellings and all judgements."""
    with ending_quietly():
        import msgspec

        from melian.crisis.questions.answers import Record
        from melian.crisis.questions.explanation import explain as explained

        with Record(crisis) as record:
            found = explained(record.connection, id)
        if json:
            sys.stdout.buffer.write(msgspec.json.encode(found) + b"\n")
            return
        print(f"{found.kind} {found.id}")
        for name, value in found.facts:
            print(f"  {name.replace('_', ' ')}: {value}")
        for passage in found.passages:
            told = ", ".join(part for part in (passage.outlet or passage.title, passage.published) if part)
            print(f"\n{passage.about} · {passage.id}{f' · {told}' if told else ''}{f' · {passage.url}' if passage.url else ''}")
            before, words, after = (" ".join(part.split()) for part in (passage.before, passage.words, passage.after))
            print(f"  … {before} {_marked(words)} {after} …")
            for reason in passage.why:
                print(f"  why: {reason}")
        if found.links:
            print("\nbelongs together with")
            for what, other in found.links:
                print(f"  {what} {other}")
        if found.judgements:
            print("\njudgements")
            for judgement in found.judgements:
                told = " ".join(str(judgement[part]) for part in ("field", "value", "note") if judgement.get(part))
                print(
                    f"  {judgement['when']:%Y-%m-%d %H:%M} UTC {judgement['by']}: {judgement['kind']}{f' {told}' if told else ''}"
                )


def _marked(words: str) -> str:
    """The words in bold on a terminal, between arrows elsewhere."""
    return f"\x1b[1m{words}\x1b[0m" if sys.stdout.isatty() else f"»{words}«"
