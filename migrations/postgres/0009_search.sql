-- Search over everything, and counting by organization what is old or unused: answered from these indexes alone.

CREATE INDEX api_keys_search ON api_keys (org_id, search, key_id);
CREATE INDEX api_keys_ages ON api_keys (org_id, created_at);
CREATE INDEX api_keys_uses ON api_keys (org_id, used_sort);

-- Which lists allow an address: by the places at which a range around it can begin.
CREATE INDEX access_entries_around ON access_entries (first_address, last_address, org_id, key_id);
DROP INDEX access_entries_range;
