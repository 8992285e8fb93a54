"""Word processor's files (.docx, ISO/IEC 29500): the text of the paragraphs and tables, with title and day from the properties.

The file is read with the standard library alone: a zip archive of XML files, of which two are needed.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from melian.errors import InputError, UnreadableInput
from melian.sources import limits
from melian.sources.given import Found, Given
from melian.sources.packed.zip_members import member_bytes, open_zip
from melian.sources.properties import title_of
from melian.sources.published import day_of_property, day_of_stamp
from melian.sources.streams import read_whole

_WORDS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = (
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"  # the same words once more, for old programs
)
_CREATED = "{http://purl.org/dc/terms/}created"
_MODIFIED = "{http://purl.org/dc/terms/}modified"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_SIGNS = {f"{_WORDS}tab": "\t", f"{_WORDS}br": "\n", f"{_WORDS}cr": "\n", f"{_WORDS}noBreakHyphen": "-"}


def read(stream: io.BufferedReader, given: Given) -> Iterator[Found]:
    """The document of a word processor's file, a line for each paragraph; what was deleted under tracked changes is left out.

    The day is that of the file's making, and only taken where the text's first lines give none.

    Raises:
        UnreadableInput: it is broken, encrypted, or holds no text document.
        TooLarge: it is larger than is read of one, or unpacks to far more than its size.
    """
    raw = read_whole(stream, limits.FILE, given.where, "word processor's file")
    with open_zip(io.BytesIO(raw), given.where) as archive:
        try:
            text = _text(member_bytes(archive, "word/document.xml", limits.FILE, given.where))
            properties = _properties(archive, given.where)
        except KeyError as error:
            raise UnreadableInput("no text document is in this .docx file", given.where) from error
        except ElementTree.ParseError as error:
            raise UnreadableInput(f"broken .docx file ({error})", given.where) from error
    stamp = day_of_stamp(properties.get(_CREATED) or properties.get(_MODIFIED))
    yield given.document(raw, text, day_of_property(stamp, text), title=title_of(properties.get(_TITLE)))


def _text(xml: bytes) -> str:
    """The words of all paragraphs, in their order; a text box's paragraphs follow the one that it hangs on."""
    lines: list[str] = []
    open_paragraphs: list[list[str]] = []
    fallbacks = 0
    for step, element in ElementTree.iterparse(io.BytesIO(xml), events=("start", "end")):
        if element.tag == _FALLBACK:
            fallbacks += 1 if step == "start" else -1
        elif fallbacks:
            pass
        elif element.tag == f"{_WORDS}p":
            if step == "start":
                open_paragraphs.append([])
            else:
                lines.append("".join(open_paragraphs.pop()).strip())
        elif step == "end" and open_paragraphs:
            open_paragraphs[-1].append((element.text or "") if element.tag == f"{_WORDS}t" else _SIGNS.get(element.tag, ""))
        if step == "end":
            element.clear()
    return "\n".join(line for line in lines if line)


def _properties(archive: zipfile.ZipFile, where: str) -> dict[str, str]:
    """The core properties by their XML names; none where the file has none or they are broken."""
    try:
        root = ElementTree.fromstring(member_bytes(archive, "docProps/core.xml", limits.MB, where))
    except (KeyError, ElementTree.ParseError, InputError):
        return {}
    return {element.tag: element.text.strip() for element in root if element.text}
