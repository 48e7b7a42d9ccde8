-- Drafts of wizards, change requests with their plans, verdicts and steps, and the secrets that Atlas returns once.
-- Times are microseconds since 1970 in UTC, booleans are 0 or 1.

CREATE TABLE drafts (
    id TEXT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    content TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    saved_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX drafts_person ON drafts (person_id, saved_at);

-- Numbers that people see have no gaps and are never used twice.
CREATE TABLE counters (
    name TEXT NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT;
INSERT INTO counters (name, value) VALUES ('request', 0);

-- `plan` holds the canonical bytes that `digest` is computed from; it is never written again.
CREATE TABLE requests (
    number INTEGER NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    requester_id TEXT NOT NULL REFERENCES people (id),
    plan TEXT NOT NULL,
    digest TEXT NOT NULL,
    sentence TEXT NOT NULL,
    risks TEXT NOT NULL,
    requirement TEXT NOT NULL,
    approvals_needed INTEGER NOT NULL,
    reason TEXT NOT NULL,
    ticket TEXT NOT NULL,
    state TEXT NOT NULL,
    submitted_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    finished_at INTEGER,
    checked_at INTEGER,
    checks TEXT NOT NULL DEFAULT '[]',
    drift TEXT NOT NULL DEFAULT '[]',
    lease_owner TEXT,
    lease_until INTEGER,
    due_at INTEGER
) STRICT;
CREATE INDEX requests_state ON requests (state, expires_at);
CREATE INDEX requests_requester ON requests (requester_id, submitted_at);

CREATE TABLE request_orgs (
    request_number INTEGER NOT NULL REFERENCES requests (number),
    org_id TEXT NOT NULL,
    PRIMARY KEY (request_number, org_id)
) STRICT;
CREATE INDEX request_orgs_org ON request_orgs (org_id);

CREATE TABLE verdicts (
    id TEXT NOT NULL PRIMARY KEY,
    request_number INTEGER NOT NULL REFERENCES requests (number),
    person_id TEXT NOT NULL REFERENCES people (id),
    verdict TEXT NOT NULL,
    digest TEXT NOT NULL,
    reason TEXT,
    at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX verdicts_once ON verdicts (request_number, person_id, digest, verdict);

-- One row per call of a plan. `position` counts calls; those that take something back follow after them.
CREATE TABLE steps (
    request_number INTEGER NOT NULL REFERENCES requests (number),
    target INTEGER NOT NULL,
    position INTEGER NOT NULL,
    is_undo INTEGER NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    before TEXT,
    sent_at INTEGER,
    done_at INTEGER,
    status INTEGER,
    result TEXT,
    note TEXT,
    PRIMARY KEY (request_number, target, position)
) STRICT;

-- A private key, sealed to the person who asked for it. `sealed` is emptied when it was seen or its time is over.
CREATE TABLE reveals (
    request_number INTEGER NOT NULL PRIMARY KEY REFERENCES requests (number),
    person_id TEXT NOT NULL REFERENCES people (id),
    sealed BLOB,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revealed_at INTEGER,
    destroyed_at INTEGER
) STRICT;
CREATE INDEX reveals_expiry ON reveals (expires_at);
