select * from
selec 1
select 'abc
select "abc
select "" from t
select $$abc
select /* abc
select 1 +
select (1
select 1)
select a from t where
insert into
insert into t value (1)
update t set
update t set a
delete t
create table
create table t (a int,)
create table t (a)
select 'ä' from from t
select "ä" as as b
select 12abc
select 1.5x
select 1e+
select 0x
select 0b2
select $1a
select E'\u12'
select U&'\12'
select U&'a' uescape 'ab'
select a b c
select * from t order a
select * from t limit 1, 2
select * from t for
select case end
select a.*b from t
select f(a := 1, , 2)
select a is b
select {
select \
select a..b
select 1 1
select interval '1' foo bar
with x select 1
with x as select 1 select 2
merge into t using u on true
merge into t using u on true when matched then insert values (1)
copy t from
explain
explain (pando
begin work foo
set
set x
set x = 
drop
drop table
alter table t
alter table t add
grant on t to r
create function f() returns int language sql begin atomic select 1
create index on t
values
values ()
table
(select 1
select 1 union
select * from (select 1) where
select all distinct a from t
select * from t group by
select a from t having
select * from unnest(
notify
listen 'x'
select grouping() from t
select 日本 語 誤 り from テーブル
insert into t default
select array[1, 2
select row(
vacuum (
fetch from from c
do
call
call f
prepare p as
execute
declare c cursor
do nothing
select 1 as select
select 1 limit all 5
select x from y tablesample
create view v
create role
create type
create trigger tr
create trigger tr before insert on t execute function f() for each row
create table t (a int) on commit
comment on table t
lock
truncate
json_table(
select json_object('a' 1)
select json_value(a)
select * from t where a = = 1
select * from t where (a, b) = 
select 'a' 'b'
select !
select @
select 5 operator(+
;;select;;from
