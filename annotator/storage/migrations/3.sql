-- Version 3: what annotators saw of the suggestions, and what leads decide.

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

CREATE INDEX gold_entity ON entity(article_id,start) WHERE deleted=0 AND gold=1;
CREATE INDEX gold_stance ON stance(article_id,start) WHERE deleted=0 AND gold=1;
-- What undo can take back: settling what is unanimous is nobody's gesture.
CREATE INDEX op_undoable ON op(annotator_id,id) WHERE kind<>'settle';
