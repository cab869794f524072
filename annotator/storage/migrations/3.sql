-- Version 3: what annotators saw of the suggestions, what leads decide, and changes of the label set.

-- Of a mark or a rejecting decision, whose id it has: whether its maker saw, or had seen, the suggestions of its kind
-- in the article. None of what was made before this version, or came in without saying so.
CREATE TABLE sight(
  id TEXT PRIMARY KEY CHECK(length(id)=26), annotator_id TEXT NOT NULL REFERENCES annotator(id),
  article_id INTEGER NOT NULL REFERENCES article(id), kind TEXT NOT NULL CHECK(kind IN('entity','stance')),
  saw INTEGER NOT NULL CHECK(saw IN(0,1)),
  deleted INTEGER NOT NULL DEFAULT 0 CHECK(deleted IN(0,1)), op_id TEXT NOT NULL REFERENCES op(id)
) STRICT, WITHOUT ROWID;
CREATE INDEX sight_article ON sight(article_id,annotator_id,kind,saw);
CREATE TRIGGER sight_kept BEFORE DELETE ON sight BEGIN SELECT RAISE(ABORT,'never deleted: set deleted=1'); END;

CREATE TABLE own_pass(                                     -- a whole pass through an article with suggestions of a kind hidden
  id TEXT PRIMARY KEY CHECK(length(id)=26), annotator_id TEXT NOT NULL REFERENCES annotator(id),
  article_id INTEGER NOT NULL REFERENCES article(id), kind TEXT NOT NULL CHECK(kind IN('entity','stance')),
  revealed INTEGER NOT NULL CHECK(revealed IN(0,1)),       -- 1: they were shown after it
  deleted INTEGER NOT NULL DEFAULT 0 CHECK(deleted IN(0,1)), op_id TEXT NOT NULL REFERENCES op(id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX own_pass_once ON own_pass(article_id,annotator_id,kind) WHERE deleted=0;
CREATE TRIGGER own_pass_kept BEFORE DELETE ON own_pass BEGIN SELECT RAISE(ABORT,'never deleted: set deleted=1'); END;

CREATE TABLE naming(                                       -- what an annotator calls a name that suggestions have
  id TEXT PRIMARY KEY CHECK(length(id)=26), annotator_id TEXT NOT NULL REFERENCES annotator(id),
  was TEXT NOT NULL, now TEXT NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0 CHECK(deleted IN(0,1)), op_id TEXT NOT NULL REFERENCES op(id)
) STRICT, WITHOUT ROWID;
CREATE INDEX naming_annotator ON naming(annotator_id) WHERE deleted=0;  -- of two rows for a name the newer gesture's counts
CREATE TRIGGER naming_kept BEFORE DELETE ON naming BEGIN SELECT RAISE(ABORT,'never deleted: set deleted=1'); END;

CREATE TABLE flag(                                         -- an article to come back to, whatever its status
  id TEXT PRIMARY KEY CHECK(length(id)=26), annotator_id TEXT NOT NULL REFERENCES annotator(id),
  article_id INTEGER NOT NULL REFERENCES article(id),
  deleted INTEGER NOT NULL DEFAULT 0 CHECK(deleted IN(0,1)), op_id TEXT NOT NULL REFERENCES op(id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX flag_once ON flag(annotator_id,article_id) WHERE deleted=0;
CREATE TRIGGER flag_kept BEFORE DELETE ON flag BEGIN SELECT RAISE(ABORT,'never deleted: set deleted=1'); END;

-- What leads decide where annotators differ. Gold marks themselves are rows of entity and stance with gold=1.
CREATE TABLE adjudication(
  id TEXT PRIMARY KEY CHECK(length(id)=26), annotator_id TEXT NOT NULL REFERENCES annotator(id),  -- the lead
  article_id INTEGER NOT NULL REFERENCES article(id),
  scope TEXT NOT NULL CHECK(scope IN('people','model')),   -- who was compared
  votes TEXT NOT NULL CHECK(json_valid(votes)),            -- by name: the mark, or null where a reading has none
  input TEXT NOT NULL CHECK(length(input)=32),             -- digest of the votes: other votes are another group
  settled TEXT NOT NULL CHECK(settled IN('open','unsure','unanimous','adopted','edited','none')),
  outcome TEXT CHECK(outcome IS NULL OR json_valid(outcome)),  -- the mark as decided
  gold_id TEXT,                                            -- the gold mark that it led to
  second INTEGER NOT NULL DEFAULT 0 CHECK(second IN(0,1)), -- a second opinion makes no gold
  blind INTEGER NOT NULL DEFAULT 1 CHECK(blind IN(0,1)),   -- names and counts were hidden
  reason TEXT,
  deleted INTEGER NOT NULL DEFAULT 0 CHECK(deleted IN(0,1)), op_id TEXT NOT NULL REFERENCES op(id),
  CHECK((outcome IS NULL)=(settled IN('open','unsure','none'))), CHECK(gold_id IS NULL OR outcome IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX adjudication_article ON adjudication(article_id,scope) WHERE deleted=0;
CREATE INDEX adjudication_gold ON adjudication(gold_id) WHERE deleted=0 AND gold_id IS NOT NULL;
CREATE TRIGGER adjudication_kept BEFORE DELETE ON adjudication BEGIN
  SELECT RAISE(ABORT,'never deleted: set deleted=1');
END;

CREATE TABLE guideline_note(                               -- what the guideline should say, and the place that shows it
  id TEXT PRIMARY KEY CHECK(length(id)=26), annotator_id TEXT NOT NULL REFERENCES annotator(id),
  article_id INTEGER NOT NULL REFERENCES article(id), start INTEGER NOT NULL, "end" INTEGER NOT NULL,
  labels TEXT NOT NULL CHECK(json_valid(labels)),          -- the labels it is about, as a list
  note TEXT NOT NULL CHECK(length(note)>0),
  deleted INTEGER NOT NULL DEFAULT 0 CHECK(deleted IN(0,1)), op_id TEXT NOT NULL REFERENCES op(id),
  CHECK(0<=start AND start<"end")
) STRICT, WITHOUT ROWID;
CREATE INDEX guideline_note_article ON guideline_note(article_id) WHERE deleted=0;
CREATE TRIGGER guideline_note_kept BEFORE DELETE ON guideline_note BEGIN
  SELECT RAISE(ABORT,'never deleted: set deleted=1');
END;

-- The queue is filtered by status and listed by position in one index, marks are found by label and name in theirs:
-- an index says nothing of a column it lacks, not even of those in its own condition.
DROP INDEX status_position;
CREATE INDEX status_position ON status(annotator_id,position,status);
DROP INDEX entity_label;
CREATE INDEX entity_label ON entity(annotator_id,label,article_id,gold,deleted) WHERE deleted=0 AND gold=0;
DROP INDEX entity_named;
CREATE INDEX entity_named ON entity(annotator_id,name,article_id,gold,deleted)
  WHERE deleted=0 AND gold=0 AND name IS NOT NULL;
CREATE INDEX stance_label ON stance(annotator_id,label,article_id,holder_name,target_name,gold,deleted)
  WHERE deleted=0 AND gold=0;
CREATE INDEX gold_entity ON entity(article_id,start) WHERE deleted=0 AND gold=1;
CREATE INDEX gold_stance ON stance(article_id,start) WHERE deleted=0 AND gold=1;
-- What undo can take back: settling what is unanimous is nobody's gesture.
CREATE INDEX op_undoable ON op(annotator_id,id) WHERE kind<>'settle';

-- Which label set holds: a logged row, so that changing the set is a gesture with an undo and a merge has one winner. meta says the same.
CREATE TABLE labelset_current(
  id TEXT PRIMARY KEY CHECK(id='current'), labelset_id TEXT NOT NULL REFERENCES labelset(id),
  op_id TEXT REFERENCES op(id)                             -- NULL until the first change
) STRICT, WITHOUT ROWID;
-- What suggestions' labels are called now, kept by triggers: a suggestion keeps the label it was made with. now='': not shown.
CREATE TABLE label_alias(
  kind TEXT NOT NULL CHECK(kind IN('entity','stance')), label TEXT NOT NULL, now TEXT NOT NULL,
  PRIMARY KEY(kind,label)
) STRICT, WITHOUT ROWID;
CREATE VIEW label_name AS                                  -- of every version: each name that stands for a label of it
  SELECT s.id AS labelset_id, iif(l.value->>'kind'='polarity','stance','entity') AS kind, l.value->>'name' AS label,
    iif(ifnull(l.value->>'retired',0),'',l.value->>'name') AS now
  FROM labelset s, json_each(s.content,'$.labels') l
  UNION ALL
  SELECT s.id, iif(l.value->>'kind'='polarity','stance','entity'), f.value,
    iif(ifnull(l.value->>'retired',0),'',l.value->>'name')
  FROM labelset s, json_each(s.content,'$.labels') l, json_each(l.value,'$.former') f;
CREATE TRIGGER labelset_begins AFTER INSERT ON labelset_current BEGIN
  INSERT INTO meta(key,value) VALUES('labelset',NEW.labelset_id) ON CONFLICT(key) DO UPDATE SET value=excluded.value;
  DELETE FROM label_alias;
  INSERT OR IGNORE INTO label_alias SELECT kind,label,now FROM label_name WHERE labelset_id=NEW.labelset_id AND label<>now;
END;
CREATE TRIGGER labelset_changes AFTER UPDATE OF labelset_id ON labelset_current BEGIN
  UPDATE meta SET value=NEW.labelset_id WHERE key='labelset';
  DELETE FROM label_alias;
  INSERT OR IGNORE INTO label_alias SELECT kind,label,now FROM label_name WHERE labelset_id=NEW.labelset_id AND label<>now;
END;
CREATE TRIGGER labelset_current_kept BEFORE DELETE ON labelset_current BEGIN
  SELECT RAISE(ABORT,'never deleted: set another');
END;
INSERT INTO labelset_current(id,labelset_id) SELECT 'current',value FROM meta WHERE key='labelset';
-- Two files can make one version from different ones: merging settles on one of them.
DROP TRIGGER labelset_stays;
CREATE TRIGGER labelset_stays BEFORE UPDATE OF id,name,version,created,content ON labelset BEGIN
  SELECT RAISE(ABORT,'a label set never changes: add a new version');
END;

-- Which articles were given to whom. Not logged: it is the lead's list, no one's work; merging adds what is missing.
CREATE TABLE handout(
  id TEXT PRIMARY KEY CHECK(length(id)=26), at INTEGER NOT NULL,
  overlap REAL NOT NULL CHECK(overlap BETWEEN 0 AND 1),    -- share of the articles that everyone was given
  seed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE assignment(
  annotator_id TEXT NOT NULL REFERENCES annotator(id), article_id INTEGER NOT NULL REFERENCES article(id),
  handout_id TEXT NOT NULL REFERENCES handout(id),
  PRIMARY KEY(annotator_id,article_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX assignment_article ON assignment(article_id);
