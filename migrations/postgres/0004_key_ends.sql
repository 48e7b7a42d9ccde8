-- When keys are no longer needed, as their requesters said. Atlas knows no end of API keys.
-- Microseconds since 1970 in UTC; 9223372036854775806 for a key that was asked for without an end, 9223372036854775807 when there is
-- no record of an end. Both come after every real end, so the column sorts as people read it.

ALTER TABLE key_origins ADD COLUMN ends BIGINT NOT NULL DEFAULT 9223372036854775807;

-- A copy to sort and to filter by.
ALTER TABLE api_keys ADD COLUMN ends BIGINT NOT NULL DEFAULT 9223372036854775807;
CREATE INDEX api_keys_by_ends ON api_keys (ends, key_id);
