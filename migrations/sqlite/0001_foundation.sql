-- What every installation has: who it is, its people, their sessions, and the log.
-- Times are microseconds since 1970 in UTC, booleans are 0 or 1, ids are UUIDs as text.

CREATE TABLE meta (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE people (
    id TEXT NOT NULL PRIMARY KEY,
    username TEXT NOT NULL UNIQUE CHECK (username = lower(username)),
    display_name TEXT NOT NULL,
    password_hash TEXT,
    password_changed_at INTEGER,
    disabled_at INTEGER,
    created_at INTEGER NOT NULL,
    last_sign_in_at INTEGER
) STRICT;

-- A role, everywhere (org_id is null) or in one organization.
CREATE TABLE grants (
    id TEXT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    org_id TEXT,
    granted_at INTEGER NOT NULL,
    granted_by TEXT
) STRICT;
CREATE UNIQUE INDEX grants_once ON grants (person_id, role, coalesce(org_id, ''));

-- Links that work once: the first set-up, and passwords that a person chooses anew. For some minutes the
-- token is also kept sealed, to be shown to the person who made the link and to nobody else.
CREATE TABLE one_time_links (
    id TEXT NOT NULL PRIMARY KEY,
    token_hash BLOB NOT NULL UNIQUE,
    purpose TEXT NOT NULL,
    person_id TEXT REFERENCES people (id) ON DELETE CASCADE,
    created_by TEXT,
    sealed_token BLOB,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;
CREATE INDEX one_time_links_person ON one_time_links (person_id);

-- Only the SHA-256 of a session's id is kept, so a copy of this table opens no session.
CREATE TABLE sessions (
    id_hash BLOB NOT NULL PRIMARY KEY,
    person_id TEXT REFERENCES people (id) ON DELETE CASCADE,
    data TEXT NOT NULL,
    address TEXT,
    agent TEXT,
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_person ON sessions (person_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- Forms that were refused, so that a person without script finds again what they typed. Sealed: people type
-- passwords into the wrong field.
CREATE TABLE attempts (
    id_hash BLOB NOT NULL PRIMARY KEY,
    person_id TEXT REFERENCES people (id) ON DELETE CASCADE,
    content BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX attempts_created ON attempts (created_at);

-- Failed sign-ins by account. The name is hashed: people type passwords into the wrong field.
CREATE TABLE sign_in_failures (
    account_hash BLOB NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    blocked_until INTEGER NOT NULL
) STRICT;

-- The log. `entry` is the only truth; the other columns are computed from it, so that nobody can
-- change what a filter sees without changing what the hash covers.
CREATE TABLE log (
    seq INTEGER NOT NULL PRIMARY KEY,
    entry TEXT NOT NULL,
    hash BLOB NOT NULL,
    at INTEGER GENERATED ALWAYS AS (json_extract(entry, '$.at')) VIRTUAL,
    actor_id TEXT GENERATED ALWAYS AS (json_extract(entry, '$.actor.id')) VIRTUAL,
    actor TEXT GENERATED ALWAYS AS (json_extract(entry, '$.actor.name')) VIRTUAL,
    action TEXT GENERATED ALWAYS AS (json_extract(entry, '$.action')) VIRTUAL,
    outcome TEXT GENERATED ALWAYS AS (json_extract(entry, '$.outcome')) VIRTUAL,
    org_id TEXT GENERATED ALWAYS AS (json_extract(entry, '$.org')) VIRTUAL,
    project_id TEXT GENERATED ALWAYS AS (json_extract(entry, '$.project')) VIRTUAL,
    key_id TEXT GENERATED ALWAYS AS (json_extract(entry, '$.key')) VIRTUAL,
    request_number INTEGER GENERATED ALWAYS AS (json_extract(entry, '$.request')) VIRTUAL
) STRICT;
CREATE INDEX log_at ON log (at);
CREATE INDEX log_actor ON log (actor_id, seq);
CREATE INDEX log_action ON log (action, seq);
CREATE INDEX log_org ON log (org_id, seq);
CREATE INDEX log_request ON log (request_number, seq);

CREATE TRIGGER log_refuses_update BEFORE UPDATE ON log
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_refuses_delete BEFORE DELETE ON log
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

-- The newest entry: what the next one follows, and what shows that the tail was cut.
CREATE TABLE log_head (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL
) STRICT;
INSERT INTO log_head (one, seq, hash) VALUES (1, 0, zeroblob(32));
CREATE TRIGGER log_head_refuses_delete BEFORE DELETE ON log_head
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_head_only_grows BEFORE UPDATE ON log_head WHEN NEW.seq <= OLD.seq
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
