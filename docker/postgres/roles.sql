-- The first part of `slipway setup --print-sql`: an owner of the records, and a login for each kind of process. docker/prepare.sh gives them
-- passwords.
create role slipway_owner login;
create database slipway owner slipway_owner;
do $$ begin
      if not exists (select from pg_roles where rolname = 'slipway_gateway') then create role slipway_gateway nologin; end if;
    end $$;
do $$ begin
      if not exists (select from pg_roles where rolname = 'slipway_engine') then create role slipway_engine nologin; end if;
    end $$;
do $$ begin
      if not exists (select from pg_roles where rolname = 'slipway_environment') then create role slipway_environment nologin; end if;
    end $$;
do $$ begin
      if not exists (select from pg_roles where rolname = 'slipway_build') then create role slipway_build nologin; end if;
    end $$;
create role slipway_of_gateway login connection limit 40 in role slipway_gateway;
create role slipway_of_engine login connection limit 20 in role slipway_engine;
create role slipway_of_environment login connection limit 20 in role slipway_environment;
create role slipway_of_build login connection limit 20 in role slipway_build;
