-- What a Supabase project has before its first migration, as far as migrations and policies speak of it. Bodies are
-- left out; names, types and privileges are what counts.
create role anon; create role authenticated; create role service_role; create role authenticator;
create role supabase_admin; create role supabase_auth_admin; create role supabase_storage_admin;
create role supabase_functions_admin; create role supabase_realtime_admin; create role supabase_replication_admin;
create role supabase_read_only_user; create role supabase_etl_admin; create role dashboard_user; create role pgbouncer;
create schema extensions; create schema auth; create schema storage; create schema realtime; create schema graphql;
create schema graphql_public; create schema vault; create schema pgbouncer; create schema supabase_migrations;
create schema supabase_functions;
grant usage on schema public, extensions, auth, storage, realtime, graphql_public, supabase_functions
  to anon, authenticated, service_role;

create extension "uuid-ossp" schema extensions;
create extension pgcrypto schema extensions;

create type auth.aal_level as enum ('aal1', 'aal2', 'aal3');
create table auth.users (
  instance_id uuid, id uuid primary key, aud varchar(255), role varchar(255), email varchar(255),
  encrypted_password varchar(255), email_confirmed_at timestamptz, invited_at timestamptz,
  confirmation_token varchar(255), confirmation_sent_at timestamptz, recovery_token varchar(255),
  recovery_sent_at timestamptz, email_change_token_new varchar(255), email_change varchar(255),
  email_change_sent_at timestamptz, last_sign_in_at timestamptz, raw_app_meta_data jsonb, raw_user_meta_data jsonb,
  is_super_admin boolean, created_at timestamptz, updated_at timestamptz, phone text unique,
  phone_confirmed_at timestamptz, phone_change text, phone_change_token varchar(255),
  phone_change_sent_at timestamptz, confirmed_at timestamptz, email_change_token_current varchar(255),
  email_change_confirm_status smallint, banned_until timestamptz, reauthentication_token varchar(255),
  reauthentication_sent_at timestamptz, is_sso_user boolean not null, deleted_at timestamptz,
  is_anonymous boolean not null);
create unique index users_email_partial_key on auth.users (email) where is_sso_user = false;
create table auth.identities (
  provider_id text not null, user_id uuid not null references auth.users (id), identity_data jsonb not null,
  provider text not null, last_sign_in_at timestamptz, created_at timestamptz, updated_at timestamptz, email text,
  id uuid primary key, unique (provider_id, provider));
create table auth.sessions (
  id uuid primary key, user_id uuid not null references auth.users (id), created_at timestamptz,
  updated_at timestamptz, factor_id uuid, aal auth.aal_level, not_after timestamptz, refreshed_at timestamp,
  user_agent text, ip inet, tag text);
create table auth.refresh_tokens (
  instance_id uuid, id bigserial primary key, token varchar(255) unique, user_id varchar(255), revoked boolean,
  created_at timestamptz, updated_at timestamptz, parent varchar(255), session_id uuid references auth.sessions (id));
create table auth.mfa_factors (
  id uuid primary key, user_id uuid not null references auth.users (id), friendly_name text, factor_type text,
  status text, created_at timestamptz, updated_at timestamptz, secret text);
create table auth.mfa_amr_claims (
  id uuid primary key, session_id uuid references auth.sessions (id), created_at timestamptz, updated_at timestamptz,
  authentication_method text);
create table auth.mfa_challenges (
  id uuid primary key, factor_id uuid not null, created_at timestamptz, verified_at timestamptz, ip_address inet,
  otp_code text);
create table auth.audit_log_entries (
  instance_id uuid, id uuid primary key, payload json, created_at timestamptz, ip_address varchar(64));
create table auth.schema_migrations (version varchar(255) primary key);
create table auth.instances (
  id uuid primary key, uuid uuid, raw_base_config text, created_at timestamptz, updated_at timestamptz);
create table auth.one_time_tokens (
  id uuid primary key, user_id uuid not null, token_type text, token_hash text, relates_to text, created_at timestamp,
  updated_at timestamp);
create table auth.flow_state (id uuid primary key, user_id uuid, auth_code text, created_at timestamptz);
create table auth.sso_providers (
  id uuid primary key, resource_id text, created_at timestamptz, updated_at timestamptz);
create table auth.sso_domains (
  id uuid primary key, sso_provider_id uuid, domain text, created_at timestamptz, updated_at timestamptz);
create table auth.saml_providers (id uuid primary key, sso_provider_id uuid, entity_id text, metadata_xml text);
create table auth.saml_relay_states (id uuid primary key, sso_provider_id uuid, request_id text);
alter table auth.users enable row level security;
alter table auth.identities enable row level security;
alter table auth.sessions enable row level security;
alter table auth.refresh_tokens enable row level security;
create function auth.uid() returns uuid language internal stable as '';
create function auth.role() returns text language internal stable as '';
create function auth.email() returns text language internal stable as '';
create function auth.jwt() returns jsonb language internal stable as '';

create table storage.buckets (
  id text primary key, name text not null unique, owner uuid, created_at timestamptz default now(),
  updated_at timestamptz default now(), public boolean default false, avif_autodetection boolean default false,
  file_size_limit bigint, allowed_mime_types text[], owner_id text, type text);
create table storage.objects (
  id uuid primary key default gen_random_uuid(), bucket_id text references storage.buckets (id), name text,
  owner uuid, created_at timestamptz default now(), updated_at timestamptz default now(),
  last_accessed_at timestamptz default now(), metadata jsonb, path_tokens text[], version text, owner_id text,
  user_metadata jsonb, level integer);
create unique index bucketid_objname on storage.objects (bucket_id, name);
create table storage.migrations (
  id integer primary key, name varchar(100) unique not null, hash varchar(40) not null, executed_at timestamp);
create table storage.s3_multipart_uploads (
  id text primary key, in_progress_size bigint, upload_signature text, bucket_id text, key text, version text,
  owner_id text, created_at timestamptz, user_metadata jsonb);
create table storage.s3_multipart_uploads_parts (
  id uuid primary key, upload_id text, size bigint, part_number int, bucket_id text, key text, etag text,
  owner_id text, version text, created_at timestamptz);
create table storage.buckets_analytics (
  id text primary key, type text, format text, created_at timestamptz, updated_at timestamptz);
alter table storage.buckets enable row level security;
alter table storage.objects enable row level security;
alter table storage.migrations enable row level security;
alter table storage.s3_multipart_uploads enable row level security;
alter table storage.s3_multipart_uploads_parts enable row level security;
alter table storage.buckets_analytics enable row level security;
create function storage.foldername(name text) returns text[] language internal immutable as '';
create function storage.filename(name text) returns text language internal immutable as '';
create function storage.extension(name text) returns text language internal immutable as '';
create function storage.operation() returns text language internal stable as '';
create function storage.allow_only_operation(expected_operation text) returns boolean language internal stable as '';
create function storage.allow_any_operation(expected_operations text[]) returns boolean
  language internal stable as '';
create function storage.search(
  prefix text, bucketname text, limits integer default 100, levels integer default 1, offsets integer default 0,
  search text default '', sortcolumn text default 'name', sortorder text default 'asc')
  returns table (name text, id uuid, updated_at timestamptz, created_at timestamptz, last_accessed_at timestamptz,
    metadata jsonb) language internal stable as '';
create function storage.get_size_by_bucket() returns table (size bigint, bucket_id text)
  language internal stable as '';
grant all on all tables in schema storage to anon, authenticated, service_role;

create publication supabase_realtime;
create table realtime.messages (
  topic text not null, extension text not null, payload jsonb, event text, private boolean default false,
  updated_at timestamp default now(), inserted_at timestamp default now(), id uuid default gen_random_uuid(),
  primary key (id, inserted_at)) partition by range (inserted_at);
create table realtime.subscription (
  id bigint primary key, subscription_id uuid, entity regclass, filters text[], claims jsonb, created_at timestamp);
alter table realtime.messages enable row level security;
create function realtime.topic() returns text language internal stable as '';
create function realtime.send(payload jsonb, event text, topic text, private boolean default true) returns void
  language internal as '';
create function realtime.broadcast_changes(
  topic_name text, event_name text, operation text, table_name text, table_schema text, new record, old record,
  level text default 'ROW') returns void language internal as '';

create table vault.secrets (
  id uuid primary key default gen_random_uuid(), name text, description text, secret text,
  created_at timestamptz default now());
create view vault.decrypted_secrets as select *, secret as decrypted_secret from vault.secrets;
create function vault.create_secret(
  new_secret text, new_name text default null, new_description text default '', new_key_id uuid default null)
  returns uuid language internal as '';
create function vault.update_secret(
  secret_id uuid, new_secret text default null, new_name text default null, new_description text default null,
  new_key_id uuid default null) returns void language internal as '';
create table supabase_migrations.schema_migrations (version text primary key, statements text[], name text);
create table supabase_functions.hooks (
  id bigserial primary key, hook_table_id integer not null, hook_name text not null, created_at timestamptz,
  request_id bigint);
create function supabase_functions.http_request() returns trigger language internal security definer
  set search_path = supabase_functions as '';
grant all on all tables in schema supabase_functions to anon, authenticated, service_role;
