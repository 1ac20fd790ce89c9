create table companies (
  id uuid primary key default gen_random_uuid(),
  name text not null
);

create table crossings (
  id uuid primary key default gen_random_uuid(),
  company_id uuid not null references companies (id),
  departs_at timestamptz not null,
  seats integer not null check (seats > 0)
);

create index crossings_by_company on crossings (company_id, departs_at);
