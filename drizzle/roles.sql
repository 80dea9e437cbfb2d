-- The two roles of a running service, and what each may do to each table: docs/counter.md, "A host and a database role of its own".
-- To be applied by the owner of the tables, once they are migrated, and again after every upgrade (it begins from nothing each time):
--   psql --set ON_ERROR_STOP=1 --file drizzle/roles.sql "$OWNER_DATABASE_URL"
-- No superuser is needed. Where the roles are there already, not even CREATEROLE.

begin;

do $$
begin
  if not exists (select from pg_roles where rolname = 'ichido_customers') then create role ichido_customers login; end if;
  if not exists (select from pg_roles where rolname = 'ichido_counter') then create role ichido_counter login; end if;
  execute format('grant connect on database %I to ichido_customers, ichido_counter', current_database());
end $$;

revoke create on schema public from public;
revoke all on all tables in schema public from ichido_customers, ichido_counter; -- columns included

grant usage on schema public, drizzle to ichido_customers, ichido_counter;
grant execute on function app_now() to ichido_customers, ichido_counter;
grant select on drizzle.__drizzle_migrations to ichido_customers, ichido_counter; -- whether the database is of the program's version

grant select on database_lives to ichido_customers, ichido_counter; -- whether the database was promoted or restored
grant insert, update on database_lives to ichido_customers;

-- The audit log: rows are added and read, by nobody changed or removed. The blocks are closed by the customers' side, for both; audit_seals is of the past.
grant select, insert on audit_events to ichido_customers, ichido_counter;
grant select, insert on audit_blocks to ichido_customers;
grant select on audit_blocks, audit_seals to ichido_counter;
grant select on audit_seals to ichido_customers;
grant select, insert on audit_head_mails to ichido_customers;

-- DATABASE_URL: login, issuance, the phone's app, a company's own management; mails, the audit log's blocks and what else runs every minute.
-- Nothing on staff, staff_known_browsers, staff_login_attempts, staff_sessions, staff_passkeys, staff_passkey_challenges, cases, case_targets.
grant select on corporations to ichido_customers;
grant update (id) on corporations to ichido_customers; -- a contract is locked, which PostgreSQL grants with the update of some column; foreign keys hold this one fast
grant select, insert, update on users, tokens, issuance_permissions, suspensions, login_password_suspensions, stops, sessions, known_browsers, mail_intents to ichido_customers;
grant select, insert, update, delete on login_attempts, passkey_challenges to ichido_customers;
grant select, insert, delete on act_results, passkey_login_challenges to ichido_customers;
grant select, insert on passkeys to ichido_customers;
grant update (counter, last_used_at, removed_at, removed_because, removed_by) on passkeys to ichido_customers; -- whose it is and its key stay

-- STAFF_DATABASE_URL: the counter console. Who works there, and as what, is the owner's to say and not the console's.
grant select on staff to ichido_counter;
grant update (password_hash, password_temporary, password_failures, password_stopped_until, last_time_step, one_time_password_failures, suspended_at) on staff to ichido_counter;
grant select, insert, update on staff_known_browsers, staff_sessions, cases to ichido_counter;
grant select, insert, update, delete on staff_login_attempts, staff_passkey_challenges, case_targets to ichido_counter;
grant select, insert on staff_passkeys to ichido_counter;
grant update (counter, last_used_at, removed_at, removed_because) on staff_passkeys to ichido_counter; -- whose it is and its key stay

-- What a case may do to a company and its users: no user's name, class, mail address or end; no token or suspension begins here, and no session.
grant select, insert on corporations, users, stops, issuance_permissions to ichido_counter;
grant update (service_applies_from, passkey_policy, passkey_required_from, passkey_alone, step_up_policy) on corporations to ichido_counter;
grant update (login_password_hash, login_password_temporary, login_failures, login_stopped_until, confirmation_password_hash, confirmation_password_temporary,
  confirmation_failures, confirmation_suspended_at, one_time_password_failures, revision) on users to ichido_counter;
grant update (released_at, released_by) on stops to ichido_counter;
grant update (closed_at) on issuance_permissions to ichido_counter;
grant select on tokens, passkeys, suspensions, login_password_suspensions, sessions, login_attempts, known_browsers to ichido_counter;
grant update (ended_at, ended_because, ended_by, sealed_key, activation_password_hash, link_code_mac, user_number) on tokens to ichido_counter; -- ended, and its secrets erased
grant update (removed_at, removed_because, removed_by) on passkeys to ichido_counter; -- none begins here
grant update (lifted_at, lifted_by) on suspensions, login_password_suspensions to ichido_counter;
grant update (ended_at, ended_because) on sessions to ichido_counter;
grant delete on login_attempts to ichido_counter;
grant insert on mail_intents to ichido_counter;
grant select (id, corporation_id, user_id, kind, content, created_at, state, ended_at, last_problem) on mail_intents to ichido_counter; -- no issuance link

commit;
