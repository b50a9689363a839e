-- The tables of a library's catalogue; every statement may be run again on an existing file.
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS articles (
  rowid INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, text TEXT NOT NULL,
  outlet TEXT, date TEXT, author TEXT, language TEXT, url TEXT, file TEXT,
  skip TEXT NOT NULL, notices TEXT NOT NULL, added TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'embedded', 'indexed')),
  replaced_by TEXT
);
CREATE INDEX IF NOT EXISTS articles_state ON articles (state) WHERE state != 'indexed';
CREATE INDEX IF NOT EXISTS articles_url ON articles (url) WHERE url IS NOT NULL;
CREATE INDEX IF NOT EXISTS articles_replaced ON articles (replaced_by) WHERE replaced_by IS NOT NULL;
CREATE INDEX IF NOT EXISTS articles_date ON articles (date);
CREATE TABLE IF NOT EXISTS passages (
  rowid INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, article TEXT NOT NULL REFERENCES articles (id),
  ordinal INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
  text TEXT NOT NULL, tokens TEXT NOT NULL, heading TEXT NOT NULL, vector BLOB
);
CREATE INDEX IF NOT EXISTS passages_article ON passages (article);
-- `tokens` and `heading` are folded by text.words(), as questions are: FTS5 itself folds Latin letters only
-- and takes a run of Chinese for one word.
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (
  tokens, heading, content='passages', content_rowid='rowid', tokenize='porter unicode61 remove_diacritics 2'
);
CREATE TRIGGER IF NOT EXISTS words_in AFTER INSERT ON passages BEGIN
  INSERT INTO words (rowid, tokens, heading) VALUES (new.rowid, new.tokens, new.heading);
END;
CREATE TRIGGER IF NOT EXISTS words_out AFTER DELETE ON passages BEGIN
  INSERT INTO words (words, rowid, tokens, heading) VALUES ('delete', old.rowid, old.tokens, old.heading);
  INSERT OR IGNORE INTO orphans VALUES (old.id);
END;
-- Passages that Chroma may still hold although they are removed, or their article is replaced. An article
-- that stops being replaced is indexed again, since it went back to 'embedded'.
CREATE TABLE IF NOT EXISTS orphans (passage TEXT PRIMARY KEY);
CREATE TRIGGER IF NOT EXISTS replaced AFTER UPDATE OF replaced_by ON articles
WHEN new.replaced_by IS NOT NULL BEGIN
  INSERT OR IGNORE INTO orphans SELECT id FROM passages WHERE article = new.id;
  UPDATE articles SET state = 'embedded' WHERE rowid = new.rowid AND state = 'indexed';
END;
