"""The tables of a catalogue, the same in SQLite and in PostgreSQL; `fulltext` adds the search for words."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    and_,
    literal_column,
)

metadata = MetaData()

_Number = BigInteger().with_variant(Integer, "sqlite")  # the only type that SQLite numbers rows by itself
_Text = Text().with_variant(Text(collation="C"), "postgresql")  # sorted as SQLite sorts, by code points

meta = Table(
    "meta", metadata, Column("name", _Text, primary_key=True), Column("value", _Text, nullable=False)
)

articles = Table(
    "articles",
    metadata,
    Column("rowid", _Number, primary_key=True),
    Column("id", _Text, nullable=False, unique=True),
    Column("title", _Text, nullable=False),
    Column("text", _Text, nullable=False),
    Column("outlet", _Text),
    Column("date", _Text),
    Column("author", _Text),
    Column("language", _Text),
    Column("url", _Text),
    Column("file", _Text),
    Column("skip", _Text, nullable=False),
    Column("notices", _Text, nullable=False),
    Column("added", _Text, nullable=False),
    Column("state", _Text, CheckConstraint("state IN ('pending', 'embedded', 'indexed')"), nullable=False),
    Column("replaced_by", _Text),
)

passages = Table(
    "passages",
    metadata,
    Column("rowid", _Number, primary_key=True),
    Column("id", _Text, nullable=False, unique=True),
    Column("article", _Text, ForeignKey("articles.id"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text", _Text, nullable=False),
    # What SQLite's search for words reads; PostgreSQL has a table of its own for that, and leaves them empty.
    Column("tokens", _Text, nullable=False, server_default=""),
    Column("heading", _Text, nullable=False, server_default=""),
    Column("vector", LargeBinary),
)

# Passages that Chroma may still hold although they are removed, or their article is replaced. An article
# that stops being replaced is indexed again, since it went back to 'embedded'.
orphans = Table("orphans", metadata, Column("passage", _Text, primary_key=True))

# What near-duplicates are met by: the smallest hashes of each text. And what they are a copy of.
sketches = Table(
    "sketches",
    metadata,
    Column("hash", BigInteger, nullable=False, primary_key=True),
    Column("article", _Text, nullable=False, primary_key=True),
    sqlite_with_rowid=False,
)
copies = Table(
    "copies", metadata, Column("article", _Text, primary_key=True), Column("origin", _Text, nullable=False)
)
Index("sketches_article", sketches.c.article)
Index("copies_origin", copies.c.origin)

# A digest of all that an article says, so that `check` sees a changed bit.
sums = Table(
    "sums", metadata, Column("article", _Text, primary_key=True), Column("sum", _Text, nullable=False)
)

# What the list of sources is searched, filtered and sorted by, with the words folded. It is a table of its
# own because a row of `articles` has its text in the middle, which a look at what lies behind has to pass.
lines = Table(
    "lines",
    metadata,
    Column("article", _Text, primary_key=True),
    Column("date", _Text),
    Column("outlet", _Text),
    Column("folded", _Text, nullable=False),
)

# What is remembered of addresses on the web, so that only what is new is asked for.
visits = Table(
    "visits",
    metadata,
    Column("url", _Text, primary_key=True),
    Column("kind", _Text, nullable=False),
    Column("at", _Text, nullable=False),
    Column("etag", _Text),
    Column("last_modified", _Text),
    Column("article", _Text),
    Column("changed", _Text),
)

# Constants and not parameters: a partial index is used where the query's condition is seen to imply its own.
unfinished = articles.c.state != literal_column("'indexed'")
live = and_(articles.c.state != literal_column("'pending'"), articles.c.replaced_by.is_(None))
_addressed = articles.c.url.is_not(None)
_replaced = articles.c.replaced_by.is_not(None)
Index("articles_state", articles.c.state, sqlite_where=unfinished, postgresql_where=unfinished)
Index(
    "articles_live", articles.c.date, articles.c.outlet, articles.c.id,
    sqlite_where=live, postgresql_where=live,
)  # fmt: skip
Index("articles_url", articles.c.url, sqlite_where=_addressed, postgresql_where=_addressed)
Index("articles_replaced", articles.c.replaced_by, sqlite_where=_replaced, postgresql_where=_replaced)
Index("passages_article", passages.c.article)

# What most statements read: the passages with their articles, and all of a passage but what is searched.
OWN = passages.join(articles, articles.c.id == passages.c.article)
PASSAGE = [passages.c[name] for name in ("id", "article", "ordinal", "start", "end", "text")]
