-- A dump of a PostgreSQL ledger for verify_ledger.py, from one snapshot: one file of JSON lines for
-- each table, in the folder where psql is started. Names and numbers of people are in none of them.
--     mkdir dump && cd dump && psql -X -q ADDRESS -f dump.sql
\set ON_ERROR_STOP on
\set FETCH_COUNT 10000
\pset format unaligned
\pset tuples_only on
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
\o event.jsonl
SELECT row_to_json(t) FROM event t ORDER BY id;
\o posting.jsonl
SELECT row_to_json(t) FROM posting t ORDER BY event_id, line;
\o chain_block.jsonl
SELECT row_to_json(t) FROM chain_block t ORDER BY id;
\o payment.jsonl
SELECT row_to_json(t) FROM payment t ORDER BY id;
\o payment_status.jsonl
SELECT row_to_json(t) FROM payment_status t ORDER BY payment_id;
\o cycle.jsonl
SELECT row_to_json(t) FROM cycle t;
\o provider_cycle.jsonl
SELECT row_to_json(t) FROM provider_cycle t;
\o installation.jsonl
SELECT row_to_json(t) FROM installation t WHERE name = 'chain_head';
\o
COMMIT;
