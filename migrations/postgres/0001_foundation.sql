-- What every installation has: who it is, its people, their sessions, and the log.
-- Times are microseconds since 1970 in UTC, booleans are 0 or 1, ids are UUIDs as text.

CREATE TABLE meta (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE people (
    id TEXT NOT NULL PRIMARY KEY,
    username TEXT NOT NULL UNIQUE CHECK (username = lower(username)),
    display_name TEXT NOT NULL,
    password_hash TEXT,
    password_changed_at BIGINT,
    disabled_at BIGINT,
    created_at BIGINT NOT NULL,
    last_sign_in_at BIGINT
);

-- A role, everywhere (org_id is null) or in one organization.
CREATE TABLE grants (
    id TEXT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    org_id TEXT,
    granted_at BIGINT NOT NULL,
    granted_by TEXT
);
CREATE UNIQUE INDEX grants_once ON grants (person_id, role, coalesce(org_id, ''));

-- Links that work once: the first set-up, and passwords that a person chooses anew. For some minutes the
-- token is also kept sealed, to be shown to the person who made the link and to nobody else.
CREATE TABLE one_time_links (
    id TEXT NOT NULL PRIMARY KEY,
    token_hash BYTEA NOT NULL UNIQUE,
    purpose TEXT NOT NULL,
    person_id TEXT REFERENCES people (id) ON DELETE CASCADE,
    created_by TEXT,
    sealed_token BYTEA,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX one_time_links_person ON one_time_links (person_id);

-- Only the SHA-256 of a session's id is kept, so a copy of this table opens no session.
CREATE TABLE sessions (
    id_hash BYTEA NOT NULL PRIMARY KEY,
    person_id TEXT REFERENCES people (id) ON DELETE CASCADE,
    data TEXT NOT NULL,
    address TEXT,
    agent TEXT,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_person ON sessions (person_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- Forms that were refused, so that a person without script finds again what they typed. Sealed: people type
-- passwords into the wrong field.
CREATE TABLE attempts (
    id_hash BYTEA NOT NULL PRIMARY KEY,
    person_id TEXT REFERENCES people (id) ON DELETE CASCADE,
    content BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX attempts_created ON attempts (created_at);

-- Failed sign-ins by account. The name is hashed: people type passwords into the wrong field.
CREATE TABLE sign_in_failures (
    account_hash BYTEA NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    blocked_until BIGINT NOT NULL
);

-- The log. `entry` is the only truth; the other columns are computed from it, so that nobody can
-- change what a filter sees without changing what the hash covers.
CREATE TABLE log (
    seq BIGINT NOT NULL PRIMARY KEY,
    entry TEXT NOT NULL,
    hash BYTEA NOT NULL,
    at BIGINT GENERATED ALWAYS AS (((entry::json) ->> 'at')::bigint) STORED,
    actor_id TEXT GENERATED ALWAYS AS ((entry::json) -> 'actor' ->> 'id') STORED,
    actor TEXT GENERATED ALWAYS AS ((entry::json) -> 'actor' ->> 'name') STORED,
    action TEXT GENERATED ALWAYS AS ((entry::json) ->> 'action') STORED,
    outcome TEXT GENERATED ALWAYS AS ((entry::json) ->> 'outcome') STORED,
    org_id TEXT GENERATED ALWAYS AS ((entry::json) ->> 'org') STORED,
    project_id TEXT GENERATED ALWAYS AS ((entry::json) ->> 'project') STORED,
    key_id TEXT GENERATED ALWAYS AS ((entry::json) ->> 'key') STORED,
    request_number BIGINT GENERATED ALWAYS AS (((entry::json) ->> 'request')::bigint) STORED
);
CREATE INDEX log_at ON log (at);
CREATE INDEX log_actor ON log (actor_id, seq);
CREATE INDEX log_action ON log (action, seq);
CREATE INDEX log_org ON log (org_id, seq);
CREATE INDEX log_request ON log (request_number, seq);

CREATE FUNCTION refuse_log_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log is append-only';
END;
$$;
CREATE TRIGGER log_refuses_change BEFORE UPDATE OR DELETE ON log
FOR EACH ROW EXECUTE FUNCTION refuse_log_change();
CREATE TRIGGER log_refuses_truncate BEFORE TRUNCATE ON log
FOR EACH STATEMENT EXECUTE FUNCTION refuse_log_change();

-- The newest entry: what the next one follows, and what shows that the tail was cut.
CREATE TABLE log_head (
    one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    seq BIGINT NOT NULL,
    hash BYTEA NOT NULL
);
INSERT INTO log_head (one, seq, hash) VALUES (1, 0, decode(repeat('00', 32), 'hex'));
CREATE TRIGGER log_head_refuses_delete BEFORE DELETE ON log_head
FOR EACH ROW EXECUTE FUNCTION refuse_log_change();
CREATE TRIGGER log_head_only_grows BEFORE UPDATE ON log_head
FOR EACH ROW WHEN (NEW.seq <= OLD.seq) EXECUTE FUNCTION refuse_log_change();
