//! Policies as people write them, with what a stranger and somebody who just signed up get at.

use super::{Caller, accesses};
use crate::schema::{Options, SqlFile, replay};

/// Which rows strangers and users may read, add, change and remove.
fn reached(sql: &str, table: &str) -> String {
    let start = "create table public.teams (id uuid primary key, name text);
        create table public.members (user_id uuid not null, team_id uuid not null references public.teams (id), role text);
        alter table public.members enable row level security;
        create policy m on public.members for select using (user_id = auth.uid());
        create table public.docs (id uuid primary key, user_id uuid not null, team_id uuid references public.teams (id),
          folder_id uuid, title text, is_public boolean, status text, kind text not null);
        alter table public.docs enable row level security;\n";
    let text = format!("{start}{sql}");
    let files = [SqlFile { path: "1.sql".to_owned(), text }];
    let cat = replay(&files, Options { supabase: true, exposed: true });
    assert!(cat.failures.is_empty(), "{:?}", cat.failures);
    let Some(relation) = cat.relations.values().find(|one| one.schema == "public" && one.name == table)
    else {
        return String::new();
    };
    let of = |caller| {
        accesses(&cat, relation, caller)
            .iter()
            .map(|one| one.rows.word().to_owned() + if one.moves { "!" } else { "" })
            .collect::<Vec<_>>()
            .join(" ")
    };
    format!("{} | {}", of(Caller::Anonymous), of(Caller::SignedIn))
}

fn docs(policies: &str) -> String {
    reached(policies, "docs")
}

/// Who reads, with one condition.
fn reads(condition: &str) -> String {
    let all = docs(&format!("create policy p on public.docs for select using ({condition});"));
    let (strangers, users) = all.split_once(" | ").unwrap_or_default();
    let first = |text: &str| text.split(' ').next().unwrap_or_default().to_owned();
    format!("{} {}", first(strangers), first(users))
}

#[test]
fn without_a_policy_nobody_gets_anything() {
    assert_eq!(docs(""), "none none none none | none none none none");
    assert_eq!(
        docs("alter table public.docs disable row level security;"),
        "all all all all | all all all all"
    );
    assert_eq!(
        docs(
            "alter table public.docs disable row level security; revoke all on public.docs from anon, authenticated;"
        ),
        "none none none none | none none none none"
    );
}

#[test]
fn conditions_tie_rows_to_who_is_calling() {
    assert_eq!(reads("true"), "all all");
    assert_eq!(reads("1 = 1"), "all all");
    assert_eq!(reads("user_id = user_id"), "all all");
    assert_eq!(reads("false"), "none none");
    assert_eq!(reads("auth.uid() = user_id"), "none own");
    assert_eq!(reads("(select auth.uid()) = user_id"), "none own");
    assert_eq!(reads("user_id::text = (auth.jwt() ->> 'sub')"), "none own");
    assert_eq!(
        reads("user_id::text = current_setting('request.jwt.claims', true)::json ->> 'sub'"),
        "none own"
    );
    assert_eq!(reads("auth.uid() is not null"), "none all");
    assert_eq!(reads("auth.role() = 'authenticated'"), "none all");
    assert_eq!(reads("auth.role() = 'service_role'"), "none none");
    assert_eq!(reads("(auth.jwt() ->> 'role') = 'service_role'"), "none none");
    assert_eq!(reads("auth.role() = 'anon'"), "all none");
    assert_eq!(reads("auth.uid() in (select user_id from public.members)"), "none member");
    assert_eq!(reads("is_public"), "marked marked");
    assert_eq!(reads("is_public = true or auth.uid() = user_id"), "marked marked");
    assert_eq!(reads("status = 'published' and auth.uid() is not null"), "none marked");
    assert_eq!(reads("kind is not null"), "all all");
    assert_eq!(reads("status is not null"), "marked marked");
    assert_eq!(reads("auth.uid() = '11111111-1111-1111-1111-111111111111'::uuid"), "none role");
    assert_eq!(reads("(auth.jwt() ->> 'email') = 'boss@acme.test'"), "none role");
    assert_eq!(reads("(auth.jwt() -> 'app_metadata' ->> 'role') = 'admin'"), "none role");
    assert_eq!(reads("(auth.jwt() -> 'user_metadata' ->> 'role') = 'admin'"), "none member");
    assert_eq!(reads("auth.uid() is null"), "all none");
    assert_eq!(reads("not (auth.uid() is null)"), "none all");
    assert_eq!(reads("coalesce(auth.uid(), null) = user_id"), "none own");
}

#[test]
fn subqueries_tie_rows_to_teams_and_roles() {
    let team = "team_id in (select team_id from public.members where user_id = auth.uid())";
    assert_eq!(reads(team), "none team");
    assert_eq!(
        reads(
            "exists (select 1 from public.members m where m.team_id = docs.team_id and m.user_id = auth.uid())"
        ),
        "none team"
    );
    assert_eq!(
        reads("team_id = (select team_id from public.members where user_id = auth.uid() limit 1)"),
        "none team"
    );
    assert_eq!(
        reads("team_id = any (array(select team_id from public.members where user_id = auth.uid()))"),
        "none team"
    );
    assert_eq!(
        reads("exists (select 1 from public.members where user_id = auth.uid() and role = 'admin')"),
        "none role"
    );
    assert_eq!(reads("(select role from public.members where user_id = auth.uid()) = 'admin'"), "none role");
    assert_eq!(
        reads("(select role from public.members where user_id = auth.uid()) in ('admin', 'owner')"),
        "none role"
    );
    assert_eq!(reads("exists (select 1 from public.members where user_id = auth.uid())"), "none member");
    // The name without a table is that of the inner one: it compares a column with itself.
    assert_eq!(
        reads("exists (select 1 from public.members m where m.team_id = team_id and m.user_id = auth.uid())"),
        "none member"
    );
    // Who may see which members is what the policies of that table say.
    assert_eq!(reads("exists (select 1 from public.members m where m.team_id = docs.team_id)"), "none team");
}

#[test]
fn a_subquery_finds_what_its_own_table_shows() {
    let open = "create table public.folders (id uuid primary key, user_id uuid);
        alter table public.folders enable row level security;
        create policy f on public.folders for select using (auth.uid() is not null);
        create policy p on public.docs for select using (exists (select 1 from public.folders f where f.id = docs.folder_id));";
    assert_eq!(docs(open), "none none none none | all none none none");
    let own = open.replace("auth.uid() is not null", "user_id = auth.uid()");
    assert_eq!(docs(&own), "none none none none | team none none none");
}

#[test]
fn functions_are_followed() {
    let with = |body: &str, condition: &str| {
        let all = docs(&format!("{body}\ncreate policy p on public.docs for select using ({condition});"));
        let users = all.split(" | ").nth(1).unwrap_or_default();
        users.split(' ').next().unwrap_or_default().to_owned()
    };
    let admin = "create function public.is_admin() returns boolean language sql security definer set search_path = '' as $$
        select exists (select 1 from public.members where user_id = auth.uid() and role = 'admin') $$;";
    assert_eq!(with(admin, "public.is_admin()"), "role");
    assert_eq!(with(admin, "(select public.is_admin())"), "role");
    assert_eq!(with(admin, "public.is_admin() or user_id = auth.uid()"), "own");
    let has = "create function public.has_role(_user uuid, _role text) returns boolean language plpgsql security definer as $$
        begin return exists (select 1 from public.members where user_id = _user and role = _role); end $$;";
    assert_eq!(with(has, "public.has_role(auth.uid(), 'admin')"), "role");
    let team = "create function public.my_team() returns uuid language sql stable security definer as $$
        select team_id from public.members where user_id = auth.uid() limit 1 $$;";
    assert_eq!(with(team, "team_id = public.my_team()"), "team");
    let member =
        "create function public.is_member(_team uuid) returns boolean language plpgsql security definer as $$
        begin
          if auth.uid() is null then return false; end if;
          return exists (select 1 from public.members m where m.team_id = _team and m.user_id = auth.uid());
        end $$;";
    assert_eq!(with(member, "public.is_member(team_id)"), "team");
    let lazy = "create function public.is_admin() returns boolean language sql as $$ select true $$;";
    assert_eq!(with(lazy, "public.is_admin()"), "all");
    let odd = "create function public.odd() returns boolean language plpgsql as $$ begin perform 1; return false; end $$;";
    assert_eq!(with(odd, "public.odd()"), "unknown");
    let recursive = "create function public.odd() returns boolean language sql as $$ select true $$;
        create or replace function public.odd() returns boolean language sql as $$ select public.odd() $$;";
    assert_eq!(with(recursive, "public.odd()"), "unknown");
}

#[test]
fn policies_add_up_and_limit_each_other() {
    let own = "create policy a on public.docs using (user_id = auth.uid());";
    assert_eq!(docs(own), "none none none none | own own own own");
    let wide = format!("{own} create policy b on public.docs using (auth.uid() is not null);");
    assert_eq!(docs(&wide), "none none none none | all all all all");
    let limited =
        format!("{own} create policy b on public.docs as restrictive using (auth.uid() is not null);");
    assert_eq!(docs(&limited), "none none none none | own own own own");
    let service = format!("{own} create policy b on public.docs to service_role using (true);");
    assert_eq!(docs(&service), "none none none none | own own own own");
    let insert = "create policy a on public.docs for insert with check (true);";
    assert_eq!(docs(insert), "none all none none | none all none none");
    let users = "create policy a on public.docs for insert to authenticated with check (true);";
    assert_eq!(docs(users), "none none none none | none all none none");
    let moves = "create policy a on public.docs for update using (user_id = auth.uid()) with check (true);";
    assert_eq!(docs(moves), "none none none none | none none own! none");
    let stays = "create policy a on public.docs for update using (user_id = auth.uid());";
    assert_eq!(docs(stays), "none none none none | none none own none");
}
