-- Connected organizations, and what was last read of them from Atlas.
-- Times are microseconds since 1970 in UTC, booleans are 0 or 1, ids are Atlas's 24 hexadecimal digits.

-- One organization with its credentials. The sealed columns open for this row and column only.
CREATE TABLE connections (
    org_id TEXT NOT NULL PRIMARY KEY,
    org_name TEXT NOT NULL,
    label TEXT NOT NULL,
    environment TEXT NOT NULL,
    owner TEXT NOT NULL,
    base_url TEXT NOT NULL,
    reader_public_key TEXT NOT NULL,
    reader_private_key BLOB NOT NULL,
    reader_tested TEXT NOT NULL,
    writer_public_key TEXT,
    writer_private_key BLOB,
    writer_tested TEXT,
    -- Counts changes of credentials, so that nobody goes on with older ones.
    version INTEGER NOT NULL,
    address_seen TEXT,
    connected_by TEXT NOT NULL,
    connected_at INTEGER NOT NULL,
    -- The last refresh: when it began, and what it brought.
    tried_at INTEGER,
    read_at INTEGER,
    health TEXT,
    counts TEXT
) STRICT;

-- When each part of an organization was read, and why not, if not.
CREATE TABLE inventory_parts (
    org_id TEXT NOT NULL REFERENCES connections (org_id) ON DELETE CASCADE,
    part TEXT NOT NULL,
    read_at INTEGER,
    failure TEXT,
    PRIMARY KEY (org_id, part)
) STRICT;

CREATE TABLE projects (
    org_id TEXT NOT NULL REFERENCES connections (org_id) ON DELETE CASCADE,
    project_id TEXT NOT NULL,
    name TEXT NOT NULL,
    clusters INTEGER,
    created_at INTEGER,
    -- How many keys have a role in it.
    keys INTEGER,
    -- Lower-cased copies to sort by and to search in; -1 stands for what is not known.
    org_sort TEXT NOT NULL,
    name_sort TEXT NOT NULL,
    clusters_sort INTEGER NOT NULL,
    keys_sort INTEGER NOT NULL,
    created_sort INTEGER NOT NULL,
    PRIMARY KEY (org_id, project_id)
) STRICT;
CREATE INDEX projects_by_name ON projects (name_sort, project_id);
CREATE INDEX projects_by_org ON projects (org_sort, project_id);
CREATE INDEX projects_by_clusters ON projects (clusters_sort, project_id);
CREATE INDEX projects_by_keys ON projects (keys_sort, project_id);
CREATE INDEX projects_by_created ON projects (created_sort, project_id);

CREATE TABLE api_keys (
    org_id TEXT NOT NULL REFERENCES connections (org_id) ON DELETE CASCADE,
    key_id TEXT NOT NULL,
    public_key TEXT NOT NULL,
    description TEXT NOT NULL,
    org_roles TEXT NOT NULL,
    -- A bit for each organization role that Meridian knows, for filtering.
    role_bits INTEGER NOT NULL,
    -- Roles by project, as JSON.
    assignments TEXT NOT NULL,
    projects INTEGER NOT NULL,
    reaches_all INTEGER NOT NULL,
    -- known, not_readable or not_yet_read.
    list_state TEXT NOT NULL,
    entries INTEGER,
    widest TEXT,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER,
    -- A bit for each finding.
    findings INTEGER NOT NULL,
    -- Of everything above and of the access list: rows that did not change are not written again.
    digest TEXT NOT NULL,
    -- Copies to sort by and to search in.
    org_sort TEXT NOT NULL,
    description_sort TEXT NOT NULL,
    search TEXT NOT NULL,
    entries_sort INTEGER NOT NULL,
    widest_sort INTEGER NOT NULL,
    -- The time of the last use; 0 for never, -1 when it cannot be known.
    used_sort INTEGER NOT NULL,
    PRIMARY KEY (org_id, key_id)
) STRICT;
CREATE INDEX api_keys_by_description ON api_keys (description_sort, key_id);
CREATE INDEX api_keys_by_org ON api_keys (org_sort, key_id);
CREATE INDEX api_keys_by_projects ON api_keys (projects, key_id);
CREATE INDEX api_keys_by_entries ON api_keys (entries_sort, key_id);
CREATE INDEX api_keys_by_widest ON api_keys (widest_sort, key_id);
CREATE INDEX api_keys_by_created ON api_keys (created_at, key_id);
CREATE INDEX api_keys_by_used ON api_keys (used_sort, key_id);
CREATE INDEX api_keys_public ON api_keys (org_id, public_key);

-- Access lists. First and last address are hexadecimal digits of fixed width behind the family, so that they sort.
CREATE TABLE access_entries (
    org_id TEXT NOT NULL,
    key_id TEXT NOT NULL,
    block TEXT NOT NULL,
    first_address TEXT,
    last_address TEXT,
    created_at INTEGER,
    last_used_at INTEGER,
    last_used_from TEXT,
    uses INTEGER NOT NULL,
    PRIMARY KEY (org_id, key_id, block),
    FOREIGN KEY (org_id, key_id) REFERENCES api_keys (org_id, key_id) ON DELETE CASCADE
) STRICT;
CREATE INDEX access_entries_range ON access_entries (first_address, last_address);

-- Who asked for a key that was created through Meridian; it outlives what is read from Atlas.
CREATE TABLE key_origins (
    org_id TEXT NOT NULL,
    key_id TEXT NOT NULL,
    requested_by TEXT NOT NULL,
    request_number INTEGER NOT NULL,
    PRIMARY KEY (org_id, key_id)
) STRICT;

-- What happened to a key.
CREATE INDEX log_key ON log (key_id, seq);
