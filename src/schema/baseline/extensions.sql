-- What extensions bring, as far as migrations call it: one section each. `schema` is the one that it insists on.
--! uuid-ossp
create function uuid_nil() returns uuid language internal immutable as '';
create function uuid_generate_v1() returns uuid language internal as '';
create function uuid_generate_v1mc() returns uuid language internal as '';
create function uuid_generate_v3(namespace uuid, name text) returns uuid language internal immutable as '';
create function uuid_generate_v4() returns uuid language internal as '';
create function uuid_generate_v5(namespace uuid, name text) returns uuid language internal immutable as '';
create function uuid_ns_dns() returns uuid language internal immutable as '';
create function uuid_ns_url() returns uuid language internal immutable as '';
--! pgcrypto
create function digest(text, text) returns bytea language internal immutable as '';
create function digest(bytea, text) returns bytea language internal immutable as '';
create function hmac(text, text, text) returns bytea language internal immutable as '';
create function hmac(bytea, bytea, text) returns bytea language internal immutable as '';
create function crypt(text, text) returns text language internal immutable as '';
create function gen_salt(text) returns text language internal as '';
create function gen_salt(text, integer) returns text language internal as '';
create function encrypt(bytea, bytea, text) returns bytea language internal immutable as '';
create function decrypt(bytea, bytea, text) returns bytea language internal immutable as '';
create function encrypt_iv(bytea, bytea, bytea, text) returns bytea language internal immutable as '';
create function decrypt_iv(bytea, bytea, bytea, text) returns bytea language internal immutable as '';
create function gen_random_bytes(integer) returns bytea language internal as '';
create function gen_random_uuid() returns uuid language internal as '';
create function armor(bytea) returns text language internal immutable as '';
create function dearmor(text) returns bytea language internal immutable as '';
create function pgp_sym_encrypt(text, text) returns bytea language internal as '';
create function pgp_sym_encrypt(text, text, text) returns bytea language internal as '';
create function pgp_sym_decrypt(bytea, text) returns text language internal immutable as '';
create function pgp_sym_decrypt(bytea, text, text) returns text language internal immutable as '';
--! pg_trgm
create function set_limit(real) returns real language internal as '';
create function show_limit() returns real language internal stable as '';
create function show_trgm(text) returns text[] language internal immutable as '';
create function similarity(text, text) returns real language internal immutable as '';
create function word_similarity(text, text) returns real language internal immutable as '';
create function strict_word_similarity(text, text) returns real language internal immutable as '';
create operator % (leftarg = text, rightarg = text, function = similarity);
create operator <-> (leftarg = text, rightarg = text, function = similarity);
create operator <% (leftarg = text, rightarg = text, function = similarity);
create operator %> (leftarg = text, rightarg = text, function = similarity);
--! unaccent
create function unaccent(text) returns text language internal stable as '';
create function unaccent(regdictionary, text) returns text language internal stable as '';
--! citext
create type citext;
--! hstore
create type hstore;
create function hstore(text, text) returns hstore language internal immutable as '';
create function hstore(record) returns hstore language internal immutable as '';
create function akeys(hstore) returns text[] language internal immutable as '';
create function avals(hstore) returns text[] language internal immutable as '';
--! ltree
create type ltree; create type lquery; create type ltxtquery;
create function nlevel(ltree) returns integer language internal immutable as '';
create function subpath(ltree, integer, integer) returns ltree language internal immutable as '';
create function subpath(ltree, integer) returns ltree language internal immutable as '';
create function text2ltree(text) returns ltree language internal immutable as '';
create function ltree2text(ltree) returns text language internal immutable as '';
--! cube
create type cube;
--! earthdistance
create function earth() returns float8 language internal immutable as '';
create function ll_to_earth(float8, float8) returns cube language internal immutable as '';
create function earth_distance(cube, cube) returns float8 language internal immutable as '';
create function earth_box(cube, float8) returns cube language internal immutable as '';
--! fuzzystrmatch
create function levenshtein(text, text) returns integer language internal immutable as '';
create function levenshtein(text, text, integer, integer, integer) returns integer language internal immutable as '';
create function levenshtein_less_equal(text, text, integer) returns integer language internal immutable as '';
create function soundex(text) returns text language internal immutable as '';
create function difference(text, text) returns integer language internal immutable as '';
create function metaphone(text, integer) returns text language internal immutable as '';
create function dmetaphone(text) returns text language internal immutable as '';
create function dmetaphone_alt(text) returns text language internal immutable as '';
--! moddatetime
create function moddatetime() returns trigger language internal as '';
--! insert_username
create function insert_username() returns trigger language internal as '';
--! autoinc
create function autoinc() returns trigger language internal as '';
--! refint
create function check_primary_key() returns trigger language internal as '';
create function check_foreign_key() returns trigger language internal as '';
--! tcn
create function triggered_change_notification() returns trigger language internal as '';
--! intarray
create function idx(integer[], integer) returns integer language internal immutable as '';
create function sort(integer[]) returns integer[] language internal immutable as '';
create function uniq(integer[]) returns integer[] language internal immutable as '';
--! tablefunc
create function crosstab(text) returns setof record language internal stable as '';
create function crosstab(text, text) returns setof record language internal stable as '';
create function normal_rand(integer, float8, float8) returns setof float8 language internal as '';
--! dblink
create function dblink(text) returns setof record language internal as '';
create function dblink(text, text) returns setof record language internal as '';
create function dblink_connect(text) returns text language internal as '';
create function dblink_connect(text, text) returns text language internal as '';
create function dblink_disconnect(text) returns text language internal as '';
create function dblink_exec(text, text) returns text language internal as '';
--! pg_stat_statements
create view pg_stat_statements as select null::oid as userid, null::oid as dbid, null::bigint as queryid,
  null::text as query, null::bigint as calls, null::float8 as total_exec_time, null::float8 as mean_exec_time,
  null::float8 as min_exec_time, null::float8 as max_exec_time, null::float8 as stddev_exec_time,
  null::bigint as rows, null::bigint as shared_blks_hit, null::bigint as shared_blks_read;
create function pg_stat_statements_reset(oid default 0, oid default 0, bigint default 0) returns void
  language internal as '';
--! pg_cron
create schema if not exists cron;
create table cron.job (
  jobid bigserial primary key, schedule text, command text, nodename text default 'localhost',
  nodeport int default 5432, database text, username text, active boolean default true, jobname text);
create table cron.job_run_details (
  jobid bigint, runid bigserial primary key, job_pid int, database text, username text, command text, status text,
  return_message text, start_time timestamptz, end_time timestamptz);
create function cron.schedule(schedule text, command text) returns bigint language internal as '';
create function cron.schedule(job_name text, schedule text, command text) returns bigint language internal as '';
create function cron.unschedule(job_id bigint) returns boolean language internal as '';
create function cron.unschedule(job_name text) returns boolean language internal as '';
create function cron.schedule_in_database(
  job_name text, schedule text, command text, database text, username text default null, active boolean default true)
  returns bigint language internal as '';
create function cron.alter_job(
  job_id bigint, schedule text default null, command text default null, database text default null,
  username text default null, active boolean default null) returns void language internal as '';
--! pg_net
create schema if not exists net;
create type net.http_response_result as (status text, message text, response jsonb);
create table net._http_response (
  id bigint, status_code int, content_type text, headers jsonb, content text, timed_out bool, error_msg text,
  created timestamptz default now());
create table net.http_request_queue (
  id bigserial, method text, url text, headers jsonb, body bytea, timeout_milliseconds int);
create function net.http_post(
  url text, body jsonb default '{}', params jsonb default '{}', headers jsonb default '{}',
  timeout_milliseconds integer default 5000) returns bigint language internal as '';
create function net.http_get(
  url text, params jsonb default '{}', headers jsonb default '{}', timeout_milliseconds integer default 5000)
  returns bigint language internal as '';
create function net.http_delete(
  url text, params jsonb default '{}', headers jsonb default '{}', timeout_milliseconds integer default 5000,
  body jsonb default null) returns bigint language internal as '';
create function net.http_collect_response(request_id bigint, async boolean default true)
  returns net.http_response_result language internal as '';
--! http
create type http_header as (field varchar, value varchar);
create type http_request as (method text, uri varchar, headers http_header[], content_type varchar, content varchar);
create type http_response as (status integer, content_type varchar, headers http_header[], content varchar);
create function http(request http_request) returns http_response language internal as '';
create function http_get(uri varchar) returns http_response language internal as '';
create function http_get(uri varchar, data jsonb) returns http_response language internal as '';
create function http_post(uri varchar, content varchar, content_type varchar) returns http_response
  language internal as '';
create function http_post(uri varchar, data jsonb) returns http_response language internal as '';
create function http_header(field varchar, value varchar) returns http_header language internal as '';
create function urlencode(string varchar) returns text language internal immutable as '';
create function urlencode(data jsonb) returns text language internal immutable as '';
--! vector
create type vector; create type halfvec; create type sparsevec;
create function cosine_distance(vector, vector) returns float8 language internal immutable as '';
create function l2_distance(vector, vector) returns float8 language internal immutable as '';
create function l1_distance(vector, vector) returns float8 language internal immutable as '';
create function inner_product(vector, vector) returns float8 language internal immutable as '';
create function vector_dims(vector) returns integer language internal immutable as '';
create function vector_norm(vector) returns float8 language internal immutable as '';
create function l2_normalize(vector) returns vector language internal immutable as '';
--! postgis
create type geometry; create type geography; create type box2d; create type box3d; create type raster;
create table spatial_ref_sys (
  srid integer primary key, auth_name varchar(256), auth_srid integer, srtext varchar(2048), proj4text varchar(2048));
--! postgis_topology schema topology
--! postgis_raster
--! postgis_sfcgal
--! postgis_tiger_geocoder schema tiger
--! pgrouting
--! address_standardizer
--! address_standardizer_data_us
--! pgmq schema pgmq always
create type pgmq.message_record as (
  msg_id bigint, read_ct int, enqueued_at timestamptz, vt timestamptz, message jsonb);
create table pgmq.meta (
  queue_name varchar unique not null, is_partitioned boolean not null default false,
  is_unlogged boolean not null default false, created_at timestamptz not null default now());
create function pgmq.create(queue_name text) returns void language internal as '';
create function pgmq.create_non_partitioned(queue_name text) returns void language internal as '';
create function pgmq.create_unlogged(queue_name text) returns void language internal as '';
create function pgmq.drop_queue(queue_name text) returns boolean language internal as '';
create function pgmq.send(queue_name text, msg jsonb, delay integer default 0) returns setof bigint
  language internal as '';
create function pgmq.send_batch(queue_name text, msgs jsonb[], delay integer default 0) returns setof bigint
  language internal as '';
create function pgmq.read(queue_name text, vt integer, qty integer) returns setof pgmq.message_record
  language internal as '';
create function pgmq.pop(queue_name text) returns setof pgmq.message_record language internal as '';
create function pgmq.delete(queue_name text, msg_id bigint) returns boolean language internal as '';
create function pgmq.delete(queue_name text, msg_ids bigint[]) returns setof bigint language internal as '';
create function pgmq.archive(queue_name text, msg_id bigint) returns boolean language internal as '';
create function pgmq.archive(queue_name text, msg_ids bigint[]) returns setof bigint language internal as '';
create function pgmq.set_vt(queue_name text, msg_id bigint, vt integer) returns setof pgmq.message_record
  language internal as '';
create function pgmq.purge_queue(queue_name text) returns bigint language internal as '';
--! pgjwt
create function sign(payload json, secret text, algorithm text default 'HS256') returns text
  language internal immutable as '';
create function verify(token text, secret text, algorithm text default 'HS256')
  returns table (header json, payload json, valid boolean) language internal immutable as '';
create function url_encode(data bytea) returns text language internal immutable as '';
create function url_decode(data text) returns bytea language internal immutable as '';
--! pg_jsonschema
create function json_matches_schema(schema json, instance json) returns boolean language internal immutable as '';
create function jsonb_matches_schema(schema json, instance jsonb) returns boolean language internal immutable as '';
create function jsonschema_is_valid(schema json) returns boolean language internal immutable as '';
--! wrappers
create function stripe_fdw_handler() returns record language internal as '';
create function stripe_fdw_validator(text[], oid) returns void language internal as '';
create function wasm_fdw_handler() returns record language internal as '';
create function wasm_fdw_validator(text[], oid) returns void language internal as '';
--! pg_hashids
create function id_encode(bigint) returns text language internal immutable as '';
create function id_decode(text) returns bigint[] language internal immutable as '';
--! supabase_vault schema vault
--! pg_graphql schema graphql
--! pgsodium schema pgsodium
--! pg_tle schema pgtle
--! pg_partman
--! timescaledb
--! plv8
--! pgtap
--! pgaudit
--! pg_repack
--! plpgsql_check
--! index_advisor
--! hypopg
--! rum
--! bloom
--! btree_gin
--! btree_gist
--! seg
--! isn
--! dict_int
--! dict_xsyn
--! lo
--! sslinfo
--! xml2
--! postgres_fdw
--! file_fdw
--! pgrowlocks
--! pgstattuple
--! pg_buffercache
--! pg_freespacemap
--! pg_prewarm
--! pg_visibility
--! pg_walinspect
--! pageinspect
--! amcheck
--! adminpack
--! old_snapshot
--! pg_surgery
--! tsm_system_rows
--! tsm_system_time
--! pg_stat_monitor
--! pgroonga
--! pgroonga_database
--! orioledb
--! plcoffee
--! plls
--! pljava
--! supabase-dbdev
