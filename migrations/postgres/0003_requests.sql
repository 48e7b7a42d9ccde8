-- Drafts of wizards, change requests with their plans, verdicts and steps, and the secrets that Atlas returns once.
-- Times are microseconds since 1970 in UTC, booleans are 0 or 1.

CREATE TABLE drafts (
    id TEXT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    content TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    saved_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX drafts_person ON drafts (person_id, saved_at);

-- Numbers that people see have no gaps and are never used twice.
CREATE TABLE counters (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO counters (name, value) VALUES ('request', 0);

-- `plan` holds the canonical bytes that `digest` is computed from; it is never written again.
CREATE TABLE requests (
    number BIGINT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    requester_id TEXT NOT NULL REFERENCES people (id),
    plan TEXT NOT NULL,
    digest TEXT NOT NULL,
    sentence TEXT NOT NULL,
    risks TEXT NOT NULL,
    requirement TEXT NOT NULL,
    approvals_needed BIGINT NOT NULL,
    reason TEXT NOT NULL,
    ticket TEXT NOT NULL,
    state TEXT NOT NULL,
    submitted_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    finished_at BIGINT,
    checked_at BIGINT,
    checks TEXT NOT NULL DEFAULT '[]',
    drift TEXT NOT NULL DEFAULT '[]',
    lease_owner TEXT,
    lease_until BIGINT,
    due_at BIGINT
);
CREATE INDEX requests_state ON requests (state, expires_at);
CREATE INDEX requests_requester ON requests (requester_id, submitted_at);

CREATE TABLE request_orgs (
    request_number BIGINT NOT NULL REFERENCES requests (number),
    org_id TEXT NOT NULL,
    PRIMARY KEY (request_number, org_id)
);
CREATE INDEX request_orgs_org ON request_orgs (org_id);

CREATE TABLE verdicts (
    id TEXT NOT NULL PRIMARY KEY,
    request_number BIGINT NOT NULL REFERENCES requests (number),
    person_id TEXT NOT NULL REFERENCES people (id),
    verdict TEXT NOT NULL,
    digest TEXT NOT NULL,
    reason TEXT,
    at BIGINT NOT NULL
);
CREATE UNIQUE INDEX verdicts_once ON verdicts (request_number, person_id, digest, verdict);

-- One row per call of a plan. `position` counts calls; those that take something back follow after them.
CREATE TABLE steps (
    request_number BIGINT NOT NULL REFERENCES requests (number),
    target BIGINT NOT NULL,
    position BIGINT NOT NULL,
    is_undo BIGINT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    before TEXT,
    sent_at BIGINT,
    done_at BIGINT,
    status BIGINT,
    result TEXT,
    note TEXT,
    PRIMARY KEY (request_number, target, position)
);

-- A private key, sealed to the person who asked for it. `sealed` is emptied when it was seen or its time is over.
CREATE TABLE reveals (
    request_number BIGINT NOT NULL PRIMARY KEY REFERENCES requests (number),
    person_id TEXT NOT NULL REFERENCES people (id),
    sealed BYTEA,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revealed_at BIGINT,
    destroyed_at BIGINT
);
CREATE INDEX reveals_expiry ON reveals (expires_at);
