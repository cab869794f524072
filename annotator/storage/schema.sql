-- The project file, version 1. application_id and user_version are set by storage/project.py; the log's triggers by storage/journal.py.
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

-- ------------------------------------------------------------------ the log
CREATE TABLE op(                                           -- one gesture = one transaction = one undo step; append only
  id TEXT PRIMARY KEY CHECK(length(id)=26),
  annotator_id TEXT NOT NULL REFERENCES annotator(id), at INTEGER NOT NULL,
  kind TEXT NOT NULL,                                      -- accept, reject, add, relabel, ..., undo, redo
  article_id INTEGER REFERENCES article(id), undoes TEXT REFERENCES op(id),
  summary TEXT NOT NULL                                    -- the gesture in words
) STRICT, WITHOUT ROWID;
CREATE INDEX op_annotator ON op(annotator_id,id);
CREATE INDEX op_article ON op(article_id,annotator_id,id);
CREATE TABLE change(                                       -- after-image of every row an op touched; append only
  op_id TEXT NOT NULL REFERENCES op(id), tbl TEXT NOT NULL, row_id TEXT NOT NULL,
  image TEXT NOT NULL CHECK(json_valid(image)),
  PRIMARY KEY(op_id,tbl,row_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX change_row ON change(tbl,row_id,op_id);

-- ------------------------------------------------------------------ human work: logged, never deleted, one owner each
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
CREATE INDEX entity_article ON entity(article_id,annotator_id);
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
CREATE INDEX stance_article ON stance(article_id,annotator_id);

CREATE TABLE decision(
  id TEXT PRIMARY KEY CHECK(length(id)=26), annotator_id TEXT NOT NULL REFERENCES annotator(id),
  article_id INTEGER NOT NULL, run_id INTEGER NOT NULL, n INTEGER NOT NULL,
  verdict TEXT NOT NULL CHECK(verdict IN('accept','reject','edit')), result_id TEXT, ms INTEGER NOT NULL CHECK(ms>=0),
  deleted INTEGER NOT NULL DEFAULT 0 CHECK(deleted IN(0,1)), op_id TEXT NOT NULL REFERENCES op(id),
  CHECK((verdict='reject')=(result_id IS NULL)),
  FOREIGN KEY(article_id,run_id,n) REFERENCES suggestion(article_id,run_id,n)
) STRICT, WITHOUT ROWID;
CREATE INDEX decision_article ON decision(article_id,annotator_id);
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
CREATE INDEX zoning_article ON zoning(article_id,annotator_id);
