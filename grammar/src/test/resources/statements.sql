select 1
select
select * from users where id = 42
select * from only users as u (a, b) where u.a = 'x' and not b
select u.*, count(*) from users u join messages m on m.user_id = u.id group by u.id having count(*) > 3
select distinct on (a) a, b from t order by a, b desc nulls last limit 10 offset 20
select a from t order by a fetch first 5 rows with ties
select all a, b as "B c", c d from "My Schema"."My Table"
select a, sum(b) over (partition by c order by d rows between 1 preceding and current row exclude ties) from t
select rank() over w, lag(a, 2) over (w) from t window w as (partition by b order by c desc)
select count(*) filter (where a > 0), string_agg(a, ',' order by a) from t
select percentile_cont(0.5) within group (order by a) from t
select grouping(a), a, b from t group by grouping sets ((a), (b), ()), rollup (a, b), cube (a)
select a from t group by distinct a
select case when a = 1 then 'x' else 'y' end, case a when 1 then 2 end from t
select coalesce(a, b), nullif(a, 0), greatest(a, b), least(a, b) from t
select a::int, cast(b as numeric(10, 2)), int4 '5', interval '1' day, interval '1 day', timestamp with time zone '2020-01-01' from t
select array[1, 2, 3], array[[1, 2], [3, 4]], a[1], a[1:2], a[:], row(1, 2), (1, 2) from t
select (t.a).b, (t).c, (f(x)).d[1].e from t
select a is null, a is not null, a isnull, a is distinct from b, a is true, a is not unknown from t
select a between 1 and 2, a between symmetric 2 and 1, a not in (1, 2), a in (select b from u) from t
select a like 'x%' escape '!', a ilike 'X', a similar to '(a|b)', a ~ 'x', a !~* 'y', a ^@ 'z' from t
select a = any (array[1, 2]), a > all (select b from u), exists (select 1), a operator(pg_catalog.+) b from t
select -a, +b, @ c, ~d, |/ 4, a || b, a -> 'x', a ->> 'y', a #> '{a,b}', a @> '{}', a ? 'k', a ?| array['x'] from t
select extract(year from a), position('a' in b), substring(a from 1 for 2), overlay(a placing 'x' from 1), trim(both 'x' from a) from t
select current_date, current_timestamp(3), localtime, current_user, session_user, current_schema, system_user
select a collate "C", a at time zone 'utc', a at local from t order by a collate "de_DE" using <
select * from a, b cross join c natural join d left join e using (x, y) as j full outer join f on true
select * from generate_series(1, 10) with ordinality as g (n, i), lateral (select n) as l, rows from (f(1), g(2)) as r
select * from t tablesample bernoulli (10) repeatable (5), unnest(array[1]) x
select * from t for update of t skip locked for no key update nowait
select * into temp table x from t
(select 1 union all select 2) intersect select 3 except distinct (values (4), (5)) order by 1
values (1, 'a'), (2, default)
table users
with c as (select 1), d (x, y) as materialized (select * from c) select * from d
with recursive r (n) as (select 1 union all select n + 1 from r where n < 5) search depth first by n set s cycle n set c using p select * from r
with x as (delete from t returning *), y as (insert into u select * from x returning id) select * from y
select xmlelement(name a, xmlattributes(b as c), 'd'), xmlforest(a as b), xmlparse(document '<a/>'), xmlserialize(content a as text) from t
select * from xmltable('/a/b' passing x columns n for ordinality, c int path 'c' default 1 not null)
select json_object('a': 1, 'b' value 2 absent on null returning jsonb), json_array(1, 2 null on null), json_array(select a from t)
select json_objectagg(a: b), json_arrayagg(a order by b), json('{}'), json_scalar(1), json_serialize(a returning bytea) from t
select json_value(a, '$.b' returning int default 0 on empty error on error), json_query(a, '$.c' with wrapper keep quotes), json_exists(a, '$.d' passing 1 as x) from t
select * from json_table(j, '$[*]' as p columns (id for ordinality, a int path '$.a' default 0 on empty, b text exists path '$.b', nested path '$.c[*]' columns (d int path '$'))) as jt
select a is json object with unique keys, a is not json from t
select 'it''s', E'a\n\'b\u0041', U&'d\0061t\+000061', U&'d!0061' uescape '!', B'0101', X'1fF', N'n', $$d'q$$, $t$ $$ $t$
select 'a'
  'b' -- continued
select 1_000, 0x1F, 0o17, 0b11, 1.5, .5, 5., 1e10, 1.5e-3, 9223372036854775808
select U&"d\0061t", U&"d!0061" uescape '!', "a""b", Größe from tü
select /* c1 /* nested */ */ 1 -- end
select $1, $2::int + $3
select f(a, variadic b), f(x => 1, y := 2), f(distinct a order by b), s.f(), f(*) from t
select pando.distribute('users', 'id', colocate_with => 'x')
select pando.reference('settings')
select a.b.c.d from a.b.c
select merge_action() from t
select treat(a as b), normalize(a, nfc), a is nfkc normalized, collation for (a) from t
select (select 1), array(select 2), not exists (select 3)
insert into t values (1, 'a', default)
insert into s.t as x (a, b.c, d[1]) values (1, 2, 3), (4, 5, 6) returning *, a + 1 as b
insert into t default values
insert into t (a) overriding system value select a from u on conflict do nothing
insert into t (a, b) values (1, 2) on conflict (a, lower(b) collate "C" text_ops) where a > 0 do update set b = excluded.b, (c, d) = (1, default) where t.a = 1
insert into t values (1) on conflict on constraint k do update set a = 2 returning with (old as o, new as n) o.a, n.a
with x as (select 1) insert into t table x
update t set a = 1, b = default, (c, d) = (select 1, 2), e[1] = 3, f.g = 4 where id = 5
update only t as x set a = y.a from y join z using (id) where x.id = y.id returning old.a, new.a
update t set a = 1 where current of c
delete from t using u where t.id = u.id returning t.*
delete from only t
merge into t using u on t.id = u.id when matched and u.x then update set a = u.a when matched then delete when not matched by target then insert (a) values (u.a) when not matched by source then do nothing returning merge_action(), *
merge into only t as a using (select 1) as b on true when not matched then insert default values
truncate table a, only b restart identity cascade
copy t from stdin
copy t (a, b) to stdout with (format csv, header match, delimiter ',', null '', force_quote *)
copy (select 1) to program 'gzip > x'
copy binary t from '/tmp/x' using delimiters ','
copy t from stdin csv header quote '"' force not null a where a > 0
explain select 1
explain (pando) select * from users where id = 5
explain (pando, analyze false, format json) select 1
explain (analyze, buffers, costs off, settings true, wal, timing off, summary, memory, serialize text) update t set a = 1
explain analyze verbose select 1
prepare p (int, text) as select $1, $2
execute p (1, 'x')
deallocate prepare all
declare c binary insensitive no scroll cursor with hold for select 1
fetch backward 5 from c
fetch absolute -3 in c
move forward all in c
close all
begin
begin transaction isolation level serializable, read only, not deferrable
start transaction read write
commit and chain
commit prepared 'x'
prepare transaction 'x'
rollback to savepoint s
rollback prepared 'x'
savepoint s
release s
abort work and no chain
end
set search_path to a, "B", 'c'
set local time zone interval '+1' hour to minute
set session characteristics as transaction isolation level read committed
set a.b = 1.5
set x to default
set names 'utf8'
set role none
set session authorization default
set transaction snapshot '00000003-1'
set constraints all deferred
set xml option document
reset all
show all
show transaction isolation level
show time zone
discard temp
listen c
notify c, 'payload'
unlisten *
load 'x'
checkpoint
lock table a, b in share row exclusive mode nowait
vacuum (full, analyze, parallel 2) t (a, b)
vacuum full freeze verbose analyze t
analyze verbose t (a)
cluster t using i
reindex (concurrently, tablespace x) index i
reindex table concurrently t
do $$ begin raise notice 'x; y'; end $$
do language plpgsql 'begin end'
call p(1, a => 2)
create table t (a int primary key, b text not null default 'x' collate "C", c numeric(10, 2) check (c > 0), d int references u (id) on update cascade on delete set null (d) deferrable initially deferred)
create temp table if not exists t (like u including all excluding indexes, a int generated always as identity (start 5), b int generated always as (a * 2) stored, c int generated always as (a) virtual) on commit drop
create unlogged table s.t (a int, constraint k unique nulls not distinct (a) include (b), primary key (a, b without overlaps), exclude using gist (a with &&) where (a > 0), foreign key (a, period b) references u (a, period b) not enforced) inherits (x, y) with (fillfactor = 70) tablespace z
create table p (a int, b text) partition by range (a, lower(b) collate "C" text_ops)
create table p1 partition of p for values from (minvalue) to (10)
create table p2 partition of p for values in (1, 'x', null) partition by hash (a)
create table p3 partition of p for values with (modulus 4, remainder 1)
create table p4 partition of p default
create table t of typ (a with options not null)
create table t as select 1 with no data
create table if not exists t (a, b) using heap as execute p(1)
create index concurrently if not exists i on only t using gin (a jsonb_path_ops (x = 1) desc nulls first, (lower(b))) include (c) nulls not distinct with (fastupdate = off) where a > 0
create unique index on t (a)
create sequence s as bigint increment by 2 minvalue 1 no maxvalue start with 5 cache 10 cycle owned by t.a
create view v (a, b) as select 1, 2 with cascaded check option
create or replace temp recursive view v (n) as select 1
create materialized view if not exists m with (fillfactor = 50) as select 1 with no data
refresh materialized view concurrently m with no data
create function f(a int, out b text, variadic c int[] default '{}') returns setof record language plpgsql immutable strict parallel safe cost 10 rows 5 set x = 1 as $$ begin end $$
create or replace function f() returns table (a int, b text) language sql as 'select 1, 2'
create function f(a int) returns int language sql begin atomic select a; select a + 1; end
create function f(a int) returns int return a + 1
create procedure p(inout a int) language sql as $$ select 1 $$
create aggregate g (int order by text) (sfunc = f, stype = int, initcond = '0')
create trigger tr before insert or update of a, b or delete on t referencing old table as o new table as n for each row when (old.a is distinct from new.a) execute function f('x')
create constraint trigger tr after insert on t deferrable for each row execute procedure f()
create event trigger e on ddl_command_start when tag in ('CREATE TABLE') execute function f()
create rule r as on insert to t where new.a > 0 do instead (insert into u values (1); select 2)
create policy p on t as restrictive for select to public, current_user using (a > 0) with check (true)
create type c as (a int, b text collate "C")
create type e as enum ('a', 'b')
create type r as range (subtype = int, subtype_diff = f)
create type b (input = f, output = g)
create domain d as int default 5 constraint k check (value > 0) not null
create cast (a as b) with function f(a) as assignment
create operator + (leftarg = int, rightarg = int, function = f, commutator = -)
create operator class o default for type int using btree as operator 1 <, function 1 f(int, int)
create collation c (provider = icu, locale = 'de')
create extension if not exists x with schema s version '1' cascade
create schema if not exists s authorization current_user
create schema s create table t (a int) create view v as select 1
create role r with login password 'x' valid until '2030-01-01' connection limit 5 in role a, b
create user u encrypted password 'x' superuser nocreatedb
create database d owner = u template t encoding 'UTF8'
create tablespace x owner u location '/x' with (seq_page_cost = 1)
create foreign data wrapper w handler h options (a 'b')
create server s type 'x' foreign data wrapper postgres_fdw options (host 'h')
create user mapping if not exists for u server s options (user 'a')
create foreign table f (a int options (x 'y') not null) server s options (table_name 'z')
create foreign table f partition of p for values from (1) to (2) server s
import foreign schema x limit to (a, b) from server s into y
create publication p for table only a (x, y) where (x > 0), tables in schema s with (publish = 'insert')
create publication p for all tables
create subscription s connection 'host=x' publication p, q with (create_slot = false)
create statistics s (ndistinct, mcv) on a, (b + 1) from t
create text search configuration c (copy = english)
create language l handler h
create transform for int language l (from sql with function f(internal), to sql with function g(internal))
create access method m type index handler h
create conversion c for 'UTF8' to 'LATIN1' from f
alter table t add column if not exists a int, drop b cascade, alter c type text collate "C" using c::text, alter d set default 1, alter e drop not null
alter table if exists only t add constraint k check (a > 0) not valid, validate constraint k, drop constraint if exists l, alter constraint m deferrable
alter table t rename column a to b
alter table t rename to u
alter table t set schema s
alter table t attach partition p for values from (1) to (2)
alter table t detach partition p concurrently
alter table t enable row level security, force row level security, disable trigger all, replica identity full, set (a = 1), reset (b), cluster on i, owner to u
alter table t alter a add generated by default as identity, alter b set statistics 100, alter c set storage external, alter d set compression lz4
alter index i rename to j
alter index i attach partition j
alter sequence s restart with 5
alter view v alter a set default 1
alter function f(int) owner to current_user
alter function f(int) stable set x from current
alter type e add value if not exists 'c' before 'b'
alter type c add attribute x int cascade, drop attribute y
alter domain d add constraint k check (value > 1) not valid
alter role r in database d set x = 1
alter user u rename to v
alter database d set x to 'y'
alter system set a = 'b'
alter default privileges for role r in schema s grant select on tables to public
alter extension x add function f(int)
alter publication p add table t
alter subscription s refresh publication with (copy_data = false)
alter schema s rename to t
alter server s version '2' options (set a 'b', drop c)
alter policy p on t to r using (true)
alter trigger tr on t rename to u
alter statistics s set statistics 100
alter materialized view m set (x = 1)
alter operator + (int, int) set (restrict = none)
alter collation c refresh version
alter large object 5 owner to u
alter event trigger e disable
alter text search dictionary d (a = 'b')
drop table if exists a, s.b cascade
drop index concurrently i
drop function f(int, out text), g
drop owned by a, current_user cascade
drop operator + (int, none)
drop cast if exists (a as b)
drop rule r on t
drop trigger if exists tr on t restrict
drop schema a, b cascade
drop database if exists d with (force)
drop user mapping for u server s
drop aggregate g (*)
drop policy p on t
drop type c, d
reassign owned by a to b
grant select (a, b), insert on table t, u to r, public with grant option granted by current_user
grant all privileges on all tables in schema s to r
grant a, b to c with admin option, inherit false
grant usage on foreign server s to r
grant execute on function f(int) to r
revoke grant option for select on t from r cascade
revoke a from b
comment on table t is 'x'
comment on column t.a is null
comment on function f(int) is E'y'
comment on constraint k on domain d is 'z'
security label for p on table t is 'x'
select 1; select 2;; select 3
begin; insert into t values (1); commit
