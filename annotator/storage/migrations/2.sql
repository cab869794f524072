-- Version 2: words of the texts, what the queue is filtered by, notes on articles, time spent, an article's history.

-- An index alone: the texts stay in article. By position: ids are 63 bits of a digest, and with them it is as large
-- as the texts.
CREATE VIRTUAL TABLE article_words USING fts5(
  text, content='article', content_rowid='position', tokenize='unicode61 remove_diacritics 2'
);
INSERT INTO article_words(article_words) VALUES('rebuild');
CREATE TRIGGER article_searched AFTER INSERT ON article BEGIN
  INSERT INTO article_words(rowid,text) VALUES(NEW.position,NEW.text);
END;
CREATE TRIGGER article_place_stays BEFORE UPDATE OF position ON article BEGIN
  SELECT RAISE(ABORT,'the position of an article never changes: its words are indexed by it');
END;
-- Everything of an article but its text in one index: the texts are not passed over when the queue is filtered.
CREATE INDEX article_facts ON article(position,id,title,source,published,words);
CREATE INDEX entity_label ON entity(annotator_id,label,article_id) WHERE deleted=0 AND gold=0;
CREATE INDEX entity_named ON entity(annotator_id,name,article_id) WHERE deleted=0 AND gold=0 AND name IS NOT NULL;
CREATE INDEX op_article ON op(article_id,id) WHERE article_id IS NOT NULL;

CREATE TABLE remark(                                       -- an annotator's note on an article
  id TEXT PRIMARY KEY CHECK(length(id)=26), annotator_id TEXT NOT NULL REFERENCES annotator(id),
  article_id INTEGER NOT NULL REFERENCES article(id), note TEXT NOT NULL CHECK(length(note)>0),
  deleted INTEGER NOT NULL DEFAULT 0 CHECK(deleted IN(0,1)), op_id TEXT NOT NULL REFERENCES op(id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX remark_once ON remark(annotator_id,article_id) WHERE deleted=0;
CREATE TRIGGER remark_kept BEFORE DELETE ON remark BEGIN SELECT RAISE(ABORT,'never deleted: set deleted=1'); END;

-- Milliseconds at work on an article, idle time left out. Undo does not give time back, so it is not in the log;
-- it only grows, so of two files the larger figure is the later one.
CREATE TABLE effort(
  annotator_id TEXT NOT NULL REFERENCES annotator(id), article_id INTEGER NOT NULL REFERENCES article(id),
  ms INTEGER NOT NULL CHECK(ms>=0),
  PRIMARY KEY(annotator_id,article_id)
) STRICT, WITHOUT ROWID;
