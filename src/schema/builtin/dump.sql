-- Makes the tables beside this file from the catalogue of a PostgreSQL 15: psql -qX -f dump.sql
\pset format unaligned
\pset tuples_only on
\pset fieldsep ' '
\o functions.txt
with t as (select oid, case when typelem<>0 and typlen=-1 and typcategory='A' and typname ~ '^_' then (select typname||'[]' from pg_type e where e.oid=t.typelem) else typname end as n from pg_type t)
select p.proname, coalesce(nullif((select string_agg((select n from t where t.oid=a.x), ',' order by i) from unnest(p.proargtypes::oid[]) with ordinality a(x,i)),''),'-'),
 (select n from t where oid=p.prorettype),
 p.prokind::text || p.provolatile::text || case when p.proretset then 's' else '' end || case when p.provariadic<>0 then '+' else '' end || case when p.pronargdefaults>0 then p.pronargdefaults::text else '' end,
 coalesce((select string_agg(coalesce(nullif(p.proargnames[i],''),'?')||':'||(select n from t where oid=p.proallargtypes[i]), ',' order by i) from generate_subscripts(p.proallargtypes,1) i where p.proargmodes[i] in ('o','b','t')),'')
from pg_proc p where pronamespace='pg_catalog'::regnamespace
 and prorettype not in ('internal'::regtype,'fdw_handler'::regtype,'index_am_handler'::regtype,'table_am_handler'::regtype,'tsm_handler'::regtype,'language_handler'::regtype,'cstring'::regtype)
 and not ('internal'::regtype = any(proargtypes::oid[])) and not ('cstring'::regtype = any(proargtypes::oid[]))
 and proname !~ '^(RI_|pg_stat_get|binary_upgrade|bt[a-z0-9]+(cmp|sortsupport|image)|hash[a-z_0-9]+(extended)?$|gin_|gist_|spg_|brin|amvalidate|.*(_recv|_send)$|.*sel$|.*joinsel$|in_range|.*_accum|.*_combine|.*_(serialize|deserialize)$|pg_(wal|replication|logical|lo_|create_|drop_|copy_|ls_|stop_|start_|backup|current_wal|last_wal|get_wal|promote|rotate|reload|control|stat_reset|stat_clear)|pgp_|ts_(debug|lexize|parse|stat|token)|has_(tablespace|server|foreign|language|parameter)|lo_|lowrite|loread|satisfies_hash|row_security_active_|xml|query_to_xml|table_to_xml|cursor_to_xml|schema_to_xml|database_to_xml|xpath)'
order by 1,2;
\o operators.txt
with t as (select oid, case when typelem<>0 and typlen=-1 and typcategory='A' and typname ~ '^_' then (select typname||'[]' from pg_type e where e.oid=t.typelem) else typname end as n from pg_type t)
select oprname, coalesce((select n from t where oid=oprleft),'-'), (select n from t where oid=oprright), (select n from t where oid=oprresult), (select provolatile from pg_proc p where p.oid=oprcode) from pg_operator where oprnamespace='pg_catalog'::regnamespace and oprresult<>0 order by 1,2,3;
\o casts.txt
with t as (select oid, case when typelem<>0 and typlen=-1 and typcategory='A' and typname ~ '^_' then (select typname||'[]' from pg_type e where e.oid=t.typelem) else typname end as n from pg_type t)
select (select n from t where oid=castsource), (select n from t where oid=casttarget), castcontext, coalesce((select provolatile from pg_proc p where p.oid=castfunc),'i') from pg_cast where oid < 16384 order by 1,2;
\o types.txt
select '? X f p i i';
select typname, typcategory, typispreferred, typtype, (select provolatile from pg_proc p where p.oid=typinput), (select provolatile from pg_proc p where p.oid=typoutput) from pg_type t where typnamespace='pg_catalog'::regnamespace and typtype<>'c' and not (typcategory='A' and typname ~ '^_') order by array_position('{unknown,bool,int4,int8,numeric,text,varchar,bpchar,name,uuid,record,void,trigger,event_trigger,date,timestamp,timestamptz,time,timetz,oid,regclass,int2,float8,jsonb,json,anyelement,anyarray,anynonarray,anyenum,anyrange,anymultirange,anycompatible,anycompatiblearray,anycompatiblenonarray,anycompatiblerange,anycompatiblemultirange,any,interval}'::text[], typname::text), oid;
\o relations.txt
with t as (select oid, case when typelem<>0 and typlen=-1 and typcategory='A' and typname ~ '^_' then (select typname||'[]' from pg_type e where e.oid=t.typelem) else typname end as n from pg_type t)
select n.nspname||'.'||c.relname, c.relkind, string_agg(a.attname||':'||(select case when n='sql_identifier' then 'name' when n='cardinal_number' then 'int4' when n in ('character_data','yes_or_no') then 'varchar' when n='time_stamp' then 'timestamptz' else n end from t where oid=a.atttypid), ',' order by attnum)
from pg_class c join pg_namespace n on n.oid=c.relnamespace join pg_attribute a on a.attrelid=c.oid and (a.attnum>0 or a.attname in ('tableoid')) and not attisdropped
where n.nspname in ('pg_catalog','information_schema') and c.relkind in ('r','v') and c.relname !~ '^(_pg|pg_toast|pg_ts_|pg_subscription|pg_replication|pg_statistic|pg_stat_(wal|repl|gss|ssl|slru|xact|sys|subs|progress)|pg_statio_(sys)|pg_largeobject|pg_am|pg_op|pg_conversion|pg_transform|pg_user_mapping|pg_foreign|pg_shdep|pg_shdesc|pg_seclabel|pg_shsec|pg_partitioned|pg_file|pg_hba|pg_ident|pg_backend|pg_shmem|pg_prepared|sql_)'
group by 1,2 order by 1;
\o opclasses.txt
select am.amname, o.opcname, t.typname, o.opcdefault from pg_opclass o join pg_am am on am.oid=opcmethod join pg_type t on t.oid=opcintype where opcnamespace='pg_catalog'::regnamespace order by 1,2;
