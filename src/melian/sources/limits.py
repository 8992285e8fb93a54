"""How much is read of one thing, so that no input, broken or hostile, can fill the memory or take for ever.

Sizes are bytes after unpacking, unless said otherwise. The largest reports are a few hundred kilobytes; what is beyond these limits
is set aside with an error that says so.
"""

from __future__ import annotations

MB = 1 << 20

TEXT = 16 * MB  # one plain text, or the text taken out of one file of another kind (there: characters)
LINE = 16 * MB  # one line of JSON, one row of a table, one line of a table's file
PAGE = 32 * MB  # one web page; saved pages carry their pictures inside
ELEMENTS = 40_000  # tags in one web page; a day of live coverage has 15,000
FEED = 16 * MB  # one feed
FILE = 64 * MB  # one PDF file, word processor's file or e-mail
PDF_PAGES = 2_000
HEADERS = 64 * 1024  # of one WARC record
SPOOLED = 2048 * MB  # put on disk to be read out of order: an archive or Parquet file that came packed or through a pipe
MEMBERS = 100_000  # files in one zip archive
ARCHIVE = 8192 * MB  # all files of one zip archive together

# A zip or gzip file may unpack to at most RATIO times its size once it is over RATIO_FROM. Text packs 3 to 10 times, JSON lines that
# repeat each other up to 100 times; the bombs made for the purpose reach 1,000.
RATIO = 400
RATIO_FROM = 8 * MB

FETCHED = 64 * MB  # one answer of a web server
FETCH_SECONDS = 60.0  # for one answer as a whole
SILENT_SECONDS = 20.0  # that a server may say nothing
REDIRECTS = 5


def size(number: int) -> str:
    """A limit in words: "16 MB"."""
    return f"{number // MB} MB" if number >= MB else f"{number // 1024} kB"
