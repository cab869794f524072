-- The project file, version 1. storage/schema.py runs this, adds the triggers of the log, and sets application_id and user_version.
-- Offsets are code points, half-open. Times are unix ms. Ids of length 26 are ULIDs that carry a hybrid logical clock.

CREATE TABLE meta(
  key TEXT PRIMARY KEY, value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE annotator(
  id TEXT PRIMARY KEY CHECK(length(id)=26), name TEXT NOT NULL UNIQUE CHECK(length(trim(name))>0),
  role TEXT NOT NULL DEFAULT 'annotator' CHECK(role IN('annotator','lead'))
) STRICT, WITHOUT ROWID;

-- ------------------------------------------------------------------ immutable bulk, identified by content
CREATE TABLE article(
  id INTEGER PRIMARY KEY,                                  -- first 63 bits of sha256(text): the same text has the same id in every file
  position INTEGER NOT NULL UNIQUE,                        -- order of import in this file
  sha256 BLOB NOT NULL UNIQUE CHECK(length(sha256)=32),
  title TEXT NOT NULL, source TEXT, url TEXT, published TEXT, lang TEXT,
  length INTEGER NOT NULL CHECK(length>0),                 -- code points
  words INTEGER NOT NULL DEFAULT 0,
  text TEXT NOT NULL CHECK(length(text)=length),           -- also refuses NUL
  meta TEXT CHECK(meta IS NULL OR json_valid(meta)),
  UNIQUE(id,length)                                        -- target of the composite key that carries end<=length
) STRICT;

CREATE TABLE found_zone(                                   -- what the rules found at import
  article_id INTEGER NOT NULL REFERENCES article(id), start INTEGER NOT NULL, "end" INTEGER NOT NULL, kind TEXT NOT NULL,
  PRIMARY KEY(article_id,start), CHECK(0<=start AND start<"end")
) STRICT, WITHOUT ROWID;

CREATE TABLE labelset(
  id TEXT PRIMARY KEY CHECK(length(id)=64),                -- sha256 of the content
  name TEXT NOT NULL, version INTEGER NOT NULL CHECK(version>0), created INTEGER NOT NULL,
  content TEXT NOT NULL CHECK(json_valid(content)),        -- LabelSet.to_dict
  parent_id TEXT REFERENCES labelset(id)
) STRICT, WITHOUT ROWID;
CREATE TABLE label(
  labelset_id TEXT NOT NULL REFERENCES labelset(id),
  kind TEXT NOT NULL CHECK(kind IN('entity','polarity')), name TEXT NOT NULL, position INTEGER NOT NULL,
  PRIMARY KEY(labelset_id,kind,name)
) STRICT, WITHOUT ROWID;

CREATE TABLE run(                                          -- one pipeline at one version
  id INTEGER PRIMARY KEY,                                  -- 63 bits of sha256(pipeline, version)
  pipeline TEXT NOT NULL, version TEXT NOT NULL, created INTEGER NOT NULL
) STRICT;
CREATE TABLE suggested(                                    -- which run read which article, also when it proposed nothing
  article_id INTEGER NOT NULL REFERENCES article(id), run_id INTEGER NOT NULL REFERENCES run(id),
  at INTEGER NOT NULL, uncertainty REAL NOT NULL DEFAULT 0,
  PRIMARY KEY(article_id,run_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE suggestion(                                   -- clustered by article; never changed
  article_id INTEGER NOT NULL REFERENCES article(id), run_id INTEGER NOT NULL REFERENCES run(id), n INTEGER NOT NULL CHECK(n>=0),
  kind TEXT NOT NULL CHECK(kind IN('entity','stance')), label TEXT NOT NULL,
  start INTEGER NOT NULL, "end" INTEGER NOT NULL, score REAL CHECK(score BETWEEN 0 AND 1), name TEXT,
  holder_start INTEGER, holder_end INTEGER, holder_name TEXT, target_start INTEGER, target_end INTEGER, target_name TEXT,
  PRIMARY KEY(article_id,run_id,n), CHECK(0<=start AND start<"end"),
  CHECK((holder_start IS NULL)=(holder_end IS NULL) AND (target_start IS NULL)=(target_end IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX suggestion_span ON suggestion(article_id,start,"end");  -- a gesture asks which suggestions equal one mark

-- ------------------------------------------------------------------ the log
CREATE TABLE op(                                           -- one gesture = one transaction = one undo step; append only
  id TEXT PRIMARY KEY CHECK(length(id)=26),
  annotator_id TEXT NOT NULL REFERENCES annotator(id), at INTEGER NOT NULL,
  kind TEXT NOT NULL,                                      -- accept, reject, add, relabel, ..., undo, redo
  article_id INTEGER REFERENCES article(id), undoes TEXT REFERENCES op(id),
  summary TEXT NOT NULL                                    -- the gesture in words
) STRICT, WITHOUT ROWID;
CREATE INDEX op_annotator ON op(annotator_id,id);
CREATE TABLE change(                                       -- after-image of every row an op touched; append only
  op_id TEXT NOT NULL REFERENCES op(id), tbl TEXT NOT NULL, row_id TEXT NOT NULL,
  image TEXT NOT NULL CHECK(json_valid(image)),
  PRIMARY KEY(op_id,tbl,row_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX change_row ON change(tbl,row_id,op_id);

-- ------------------------------------------------------------------ human work: logged, never deleted, one owner each. To read the live rows of an article
-- say `deleted=0`: only then are the partial indexes used.
CREATE TABLE status(                                       -- one row per annotator and article; the queue
  annotator_id TEXT NOT NULL REFERENCES annotator(id), article_id INTEGER NOT NULL REFERENCES article(id),
  status TEXT NOT NULL DEFAULT 'todo' CHECK(status IN('todo','doing','done','flagged','skipped')),
  position INTEGER NOT NULL,                               -- article.position, so that the queue is one index
  op_id TEXT REFERENCES op(id),
  PRIMARY KEY(annotator_id,article_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX status_queue ON status(annotator_id,status,position);
CREATE INDEX status_position ON status(annotator_id,position);
CREATE TABLE tally(                                        -- counts of status, kept by triggers
  annotator_id TEXT NOT NULL REFERENCES annotator(id), status TEXT NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY(annotator_id,status)
) STRICT, WITHOUT ROWID;

CREATE TABLE entity(
  id TEXT PRIMARY KEY CHECK(length(id)=26), annotator_id TEXT NOT NULL REFERENCES annotator(id),
  article_id INTEGER NOT NULL, length INTEGER NOT NULL, labelset_id TEXT NOT NULL, kind TEXT NOT NULL DEFAULT 'entity' CHECK(kind='entity'),
  label TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, name TEXT, note TEXT,
  gold INTEGER NOT NULL DEFAULT 0 CHECK(gold IN(0,1)),
  deleted INTEGER NOT NULL DEFAULT 0 CHECK(deleted IN(0,1)), op_id TEXT NOT NULL REFERENCES op(id),
  CHECK(0<=start AND start<"end" AND "end"<=length),
  FOREIGN KEY(article_id,length) REFERENCES article(id,length),
  FOREIGN KEY(labelset_id,kind,label) REFERENCES label(labelset_id,kind,name)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX entity_once ON entity(article_id,annotator_id,gold,start,"end",label) WHERE deleted=0;

CREATE TABLE stance(
  id TEXT PRIMARY KEY CHECK(length(id)=26), annotator_id TEXT NOT NULL REFERENCES annotator(id),
  article_id INTEGER NOT NULL, length INTEGER NOT NULL, labelset_id TEXT NOT NULL, kind TEXT NOT NULL DEFAULT 'polarity' CHECK(kind='polarity'),
  label TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,          -- evidence span; label is the polarity
  holder_start INTEGER, holder_end INTEGER, holder_name TEXT, target_start INTEGER, target_end INTEGER, target_name TEXT, note TEXT,
  gold INTEGER NOT NULL DEFAULT 0 CHECK(gold IN(0,1)),
  deleted INTEGER NOT NULL DEFAULT 0 CHECK(deleted IN(0,1)), op_id TEXT NOT NULL REFERENCES op(id),
  CHECK(0<=start AND start<"end" AND "end"<=length),
  CHECK((holder_start IS NULL)=(holder_end IS NULL) AND (target_start IS NULL)=(target_end IS NULL)),
  CHECK(holder_start IS NULL OR (0<=holder_start AND holder_start<holder_end AND holder_end<=length)),
  CHECK(target_start IS NULL OR (0<=target_start AND target_start<target_end AND target_end<=length)),
  FOREIGN KEY(article_id,length) REFERENCES article(id,length),
  FOREIGN KEY(labelset_id,kind,label) REFERENCES label(labelset_id,kind,name)
) STRICT, WITHOUT ROWID;
CREATE INDEX stance_article ON stance(article_id,annotator_id,gold,start,"end") WHERE deleted=0;

CREATE TABLE decision(
  id TEXT PRIMARY KEY CHECK(length(id)=26), annotator_id TEXT NOT NULL REFERENCES annotator(id),
  article_id INTEGER NOT NULL, run_id INTEGER NOT NULL, n INTEGER NOT NULL,
  verdict TEXT NOT NULL CHECK(verdict IN('accept','reject','edit')), result_id TEXT, ms INTEGER NOT NULL CHECK(ms>=0),
  deleted INTEGER NOT NULL DEFAULT 0 CHECK(deleted IN(0,1)), op_id TEXT NOT NULL REFERENCES op(id),
  CHECK((verdict='reject')=(result_id IS NULL)),
  FOREIGN KEY(article_id,run_id,n) REFERENCES suggestion(article_id,run_id,n)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX decision_once ON decision(article_id,annotator_id,run_id,n) WHERE deleted=0;
CREATE INDEX decision_result ON decision(result_id) WHERE deleted=0;

CREATE TABLE zoning(                                       -- a person's word on zones: present=1 marks one, present=0 unmarks a found one
  id TEXT PRIMARY KEY CHECK(length(id)=26), annotator_id TEXT NOT NULL REFERENCES annotator(id),
  article_id INTEGER NOT NULL, length INTEGER NOT NULL,
  start INTEGER NOT NULL, "end" INTEGER NOT NULL, kind TEXT NOT NULL, present INTEGER NOT NULL CHECK(present IN(0,1)),
  deleted INTEGER NOT NULL DEFAULT 0 CHECK(deleted IN(0,1)), op_id TEXT NOT NULL REFERENCES op(id),
  CHECK(0<=start AND start<"end" AND "end"<=length),
  FOREIGN KEY(article_id,length) REFERENCES article(id,length)
) STRICT, WITHOUT ROWID;
CREATE INDEX zoning_article ON zoning(article_id,annotator_id) WHERE deleted=0;

-- ------------------------------------------------------------------ every annotator has a status row for every article, and counts
CREATE TRIGGER article_queue AFTER INSERT ON article BEGIN
  INSERT INTO status(annotator_id,article_id,position) SELECT id,NEW.id,NEW.position FROM annotator;
END;
CREATE TRIGGER annotator_queue AFTER INSERT ON annotator BEGIN
  INSERT INTO tally(annotator_id,status,count)
    VALUES(NEW.id,'todo',0),(NEW.id,'doing',0),(NEW.id,'done',0),(NEW.id,'flagged',0),(NEW.id,'skipped',0);
  INSERT INTO status(annotator_id,article_id,position) SELECT NEW.id,id,position FROM article;
END;
CREATE TRIGGER status_counted AFTER INSERT ON status BEGIN
  UPDATE tally SET count=count+1 WHERE annotator_id=NEW.annotator_id AND status=NEW.status;
END;
CREATE TRIGGER status_recounted AFTER UPDATE OF status ON status WHEN OLD.status<>NEW.status BEGIN
  UPDATE tally SET count=count-1 WHERE annotator_id=OLD.annotator_id AND status=OLD.status;
  UPDATE tally SET count=count+1 WHERE annotator_id=NEW.annotator_id AND status=NEW.status;
END;
CREATE TRIGGER status_is_a_gesture BEFORE UPDATE OF status ON status WHEN NEW.op_id IS NULL BEGIN
  SELECT RAISE(ABORT,'a status is changed by a gesture: set op_id');
END;

-- ------------------------------------------------------------------ what never changes
CREATE TRIGGER article_stays BEFORE UPDATE OF id,sha256,length,text ON article BEGIN
  SELECT RAISE(ABORT,'the text of an article never changes');
END;
CREATE TRIGGER suggestion_stays BEFORE UPDATE ON suggestion BEGIN
  SELECT RAISE(ABORT,'a suggestion never changes');
END;
CREATE TRIGGER labelset_stays BEFORE UPDATE ON labelset BEGIN
  SELECT RAISE(ABORT,'a label set never changes: add a new version');
END;
CREATE TRIGGER op_stays BEFORE UPDATE ON op BEGIN SELECT RAISE(ABORT,'op is append only'); END;
CREATE TRIGGER op_kept BEFORE DELETE ON op BEGIN SELECT RAISE(ABORT,'op is append only'); END;
CREATE TRIGGER change_kept BEFORE DELETE ON change BEGIN SELECT RAISE(ABORT,'change is append only'); END;
CREATE TRIGGER change_stays BEFORE UPDATE ON change                -- the gesture still being written may touch a row twice
WHEN NEW.op_id<>OLD.op_id OR NEW.tbl<>OLD.tbl OR NEW.row_id<>OLD.row_id OR OLD.op_id<>(SELECT max(id) FROM op) BEGIN
  SELECT RAISE(ABORT,'change is append only');
END;
CREATE TRIGGER status_kept BEFORE DELETE ON status BEGIN SELECT RAISE(ABORT,'rows of status are never deleted'); END;
CREATE TRIGGER entity_kept BEFORE DELETE ON entity BEGIN SELECT RAISE(ABORT,'never deleted: set deleted=1'); END;
CREATE TRIGGER stance_kept BEFORE DELETE ON stance BEGIN SELECT RAISE(ABORT,'never deleted: set deleted=1'); END;
CREATE TRIGGER decision_kept BEFORE DELETE ON decision BEGIN SELECT RAISE(ABORT,'never deleted: set deleted=1'); END;
CREATE TRIGGER zoning_kept BEFORE DELETE ON zoning BEGIN SELECT RAISE(ABORT,'never deleted: set deleted=1'); END;
