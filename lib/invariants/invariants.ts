import type { Sql, TransactionSql } from "postgres";
import { verifyChains } from "@/lib/audit/export";
import type { MailContent } from "@/lib/mail/intents";
import { policy } from "@/lib/policy";

/*
 * What must be true of any database of ours, whatever was done to it in whichever order and whatever was killed meanwhile. Each invariant is one
 * statement that answers the rows which break it: none, and it holds. They read rows and the audit log and share no code with the rules, so that
 * one mistake is not made twice.
 *
 * Order: a user's events are written under the lock of the user's row, so the order of their ids is the order in which things happened to the user.
 * Their moments are not: `app_now()` is the beginning of a transaction, which may have waited for the lock. Where moments of two transactions are
 * compared there is a margin, longer than any transaction can last.
 *
 * A row that says it is older than its user's registration here was brought along by a seed or a move, and is not asked for an event.
 */

type Invariant = { name: string; promise: string; rows: string };

const marginSeconds = 30;
const margin = `interval '${marginSeconds} seconds'`;

/** A mail that is due waits no longer than this for a worker, a lease that died included. */
const overdueSeconds = 90;

const limit = policy.failuresBeforeSuspension;

const mailKinds = Object.keys({
  issuance_link: 0, token_confirmed: 0, suspended: 0, suspension_lifted: 0, token_revoked: 0, passkey_registered: 0, passkey_removed: 0, confirmation_password_suspended: 0, user_changed: 0, one_time_password_replayed: 0,
  accepted_after_wrong_ones: 0, new_environment: 0, login_temporarily_stopped: 0, login_password_changed: 0, token_expires_soon: 0, service_applied: 0, service_ended: 0, authentication_changed: 0, audit_head: 0,
} satisfies Record<MailContent["kind"], 0>);

const listed = (names: readonly string[]) => names.map((name) => `'${name}'`).join(", ");

/** What several statements look at. PostgreSQL does not run a part that a statement leaves alone. */
const common = `with
  accepted as (
    select id, transaction, at, user_id, corporation_id, details ->> 'screen' as screen, (details ->> 'tokenId')::uuid as token_id, (details ->> 'timeStep')::bigint as time_step
    from audit_events where name = 'one_time_password.accepted'),
  approvals as (
    select id, transaction, at, user_id, details ->> 'act' as act, (details ->> 'bound')::boolean as bound, details ->> 'method' as method, (details ->> 'tokenId')::uuid as token_id
    from audit_events where name = 'approval.accepted'),
  passkey_accepted as (
    select id, transaction, at, user_id, coalesce(details ->> 'screen', 'step_up') as screen, (details ->> 'passkeyId')::uuid as passkey_id, (details ->> 'challengeId')::uuid as challenge_id, (details ->> 'counter')::bigint as counter
    from audit_events where name = 'passkey.accepted' or (name = 'approval.accepted' and details ->> 'method' = 'passkey')),
  by_token as (
    select id, transaction, at, user_id, screen, token_id from accepted union all select id, transaction, at, user_id, 'step_up', token_id from approvals where method = 'code'),
  proofs as (select * from by_token union all select id, transaction, at, user_id, screen, null from passkey_accepted),
  staff_proofs as ( -- of a member of staff, at login or before an approval
    select id, transaction, at, name, actor_id, (details ->> 'timeStep')::bigint as time_step, (details ->> 'passkeyId')::uuid as passkey_id, (details ->> 'counter')::bigint as counter
    from audit_events where name in ('staff.one_time_password_accepted', 'staff.passkey_accepted', 'staff.approval_accepted')),
  token_events as (
    select id, transaction, at, name, user_id, actor_kind, actor_id, (details ->> 'tokenId')::uuid as token_id, details
    from audit_events where name in ('token.issued', 'token.set_up', 'token.confirmed', 'token.revoked', 'token.ended')),
  acts as ( -- of a manager on another user, or of the counter by a case
    select e.*, case e.actor_kind when 'user' then e.actor_id end as acting_user from audit_events e
    where name in ('suspension.lifted', 'user.stopped', 'user.stop_released', 'login_password.suspended', 'login_password.lifted', 'user.deleted')),
  token_ends as (select token_id, min(id) as id from token_events where name in ('token.revoked', 'token.ended') group by token_id),
  service as ( -- the changes of a contract, in their order
    select id, corporation_id, row_number() over (partition by corporation_id order by id) as number, name = 'service.applied' as applied, (details ->> 'from')::date as from_day
    from audit_events where name in ('service.applied', 'service.ended')),
  authentication as ( -- what a contract asks of its users, from an event on
    select id, corporation_id, row_number() over (partition by corporation_id order by id) as number,
      details -> 'after' ->> 'passkeyPolicy' = 'required' as required, (details -> 'after' ->> 'passkeyRequiredFrom')::date as from_day, (details -> 'after' ->> 'passkeyAlone')::boolean as alone
    from audit_events where name = 'contract.authentication_changed'),
  opened as ( -- every session's event, and whether the OTP service applied to the company then: by the last change before it; before the first, what that one changed; else as it is
    select e.*, coalesce(last.applied and last.from_day <= e.day, case e.services when 0 then not first.applied end, c.service_applies_from <= e.day, false) as applies
    from (
      select id, transaction, at, (at at time zone 'Asia/Tokyo')::date as day, user_id, corporation_id, name, details ->> 'level' as level, details ->> 'by' as by,
        count(*) filter (where name in ('service.applied', 'service.ended')) over before as services, count(*) filter (where name = 'contract.authentication_changed') over before as authentications
      from audit_events where name in ('session.opened', 'service.applied', 'service.ended', 'contract.authentication_changed')
      window before as (partition by corporation_id order by id)) e
    left join service last on last.corporation_id = e.corporation_id and last.number = e.services
    left join service first on first.corporation_id = e.corporation_id and first.number = 1
    left join corporations c on c.id = e.corporation_id
    where e.name = 'session.opened'),
  passkey_lives as ( -- from its registration to its removal, by event; a service's end has none for each
    select r.user_id, r.id as registered, d.id as removed, case p.removed_because when 'service_ended' then p.removed_at end as ended_with_service
    from audit_events r join passkeys p on p.id::text = r.details ->> 'passkeyId'
    left join (select details ->> 'passkeyId' as passkey_id, min(id) as id from audit_events where name = 'passkey.removed' group by 1) d on d.passkey_id = p.id::text
    where r.name = 'passkey.registered'),
  asked as ( -- the same with what the contract asked then, and whether the user had a passkey
    select o.*, o.applies and coalesce(a.required and a.from_day <= o.day, false) as required, o.applies and coalesce(a.alone, false) as alone, o.id in (
      select h.id from opened h join passkey_lives l on l.user_id = h.user_id and l.registered < h.id and (l.removed is null or l.removed > h.id) and (l.ended_with_service is null or l.ended_with_service > h.at)) as has_passkey
    from opened o left join authentication a on a.corporation_id = o.corporation_id and a.number = o.authentications)
`;

/** What changes the count of wrong one-time passwords. */
const counted = "name in ('one_time_password.refused', 'one_time_password.accepted', 'suspension.lifted') or (name = 'approval.accepted' and details ->> 'method' = 'code')";

/** What is approved in so many words, by which event it is done, and what may have come of it. */
const boundActs = `('lift_suspension', 'suspension.lifted', array['suspension.lifted', 'suspension.lift_refused']),
        ('revoke_token', 'token.revoked', array['token.revoked', 'token.revoke_refused', 'passkey.removed'])`;

const eventOf = (transaction: string, user: string, names: string[]) =>
  `(select count(*) from audit_events e where e.transaction = ${transaction} and e.user_id = ${user} and e.name in (${listed(names)}))`;

export const invariants: Invariant[] = [
  /* One-time passwords */
  {
    name: "accepted once",
    promise: "Of one token no time step is accepted twice, nor one before an accepted one.",
    rows: `select token_id, time_step, before, id as event
      from (select *, lag(time_step) over (partition by token_id order by id) as before from accepted) a where time_step <= before`,
  },
  {
    name: "accepted once of staff",
    promise: "The same for a member of staff, as long as their registration (and with it, perhaps, the key) does not change.",
    rows: `select actor_id as staff, time_step, before, id as event from (
        select id, actor_id, time_step, lag(time_step) over (partition by actor_id, registration order by id) as before from (
          select e.id, e.actor_id, e.time_step,
            (select count(*) from audit_events c join staff s on s.id = e.actor_id where c.name = 'staff.changed' and c.id < e.id and c.details ->> 'staffId' = s.staff_id) as registration
          from staff_proofs e where e.time_step is not null) a) b
      where time_step <= before`,
  },
  {
    name: "last time step",
    promise: "A token remembers as its last time step the greatest one that was accepted.",
    rows: `select t.id as token, t.last_time_step, a.time_step as accepted
      from tokens t join users u on u.id = t.user_id left join (select token_id, max(time_step) as time_step from accepted group by token_id) a on a.token_id = t.id
      where t.last_time_step is distinct from a.time_step and not (a.time_step is null and t.issued_at <= u.created_at)`,
  },
  {
    name: "none while suspended",
    promise: "No one-time password and no passkey is accepted of a user who is suspended or deleted, by the order of events and by the moments of the rows.",
    rows: `select a.id as event, a.user_id, a.at from proofs a
      join (
        select id, max(id) filter (where name in ('user.suspended', 'suspension.lifted', 'user.deleted')) over (partition by user_id order by id) as last
        from audit_events where name in ('user.suspended', 'suspension.lifted', 'user.deleted', 'one_time_password.accepted', 'passkey.accepted', 'approval.accepted')) before on before.id = a.id
      left join audit_events e on e.id = before.last
      where e.name in ('user.suspended', 'user.deleted')
        or exists (select from suspensions s where s.user_id = a.user_id and s.suspended_at + ${margin} < a.at and (s.lifted_at is null or a.at < s.lifted_at - ${margin}))`,
  },
  {
    name: "only of a live token",
    promise: "What is accepted is a password or code of the user's own token: set up, confirmed (or about to be), neither lapsed nor expired, revoked or ended.",
    rows: `select a.id as event, a.screen, a.token_id, a.at from by_token a left join tokens t on t.id = a.token_id left join token_ends e on e.token_id = a.token_id
      where t.id is null or t.user_id <> a.user_id or t.set_up_at is null
        or case a.screen when 'confirmation' then t.lapses_at <= a.at else t.confirmed_at is null or t.confirmed_at > a.at + ${margin} or t.expires_at <= a.at end
        or t.ended_at < a.at - ${margin}
        or e.id < a.id`,
  },
  {
    name: "one act each",
    promise: "Each acceptance, of a one-time password, a code or a passkey, is one act, in its own transaction: a login its session, a confirmation its token, a renewal its issuance, a proof before another act its approval.",
    rows: `select id as event, screen, done, beside from (
        select a.*, count(*) over (partition by transaction) - 1 as beside, case screen
          when 'login' then ${eventOf("a.transaction", "a.user_id", ["session.opened"])}
          when 'passkey_alone' then ${eventOf("a.transaction", "a.user_id", ["session.opened"])}
          when 'confirmation' then (select count(*) from token_events e where e.transaction = a.transaction and e.name = 'token.confirmed' and e.token_id = a.token_id)
          when 'renewal' then (select count(*) from token_events e where e.transaction = a.transaction and e.name = 'token.issued' and e.user_id = a.user_id and (e.details ->> 'renewal')::boolean)
          when 'step_up' then ${eventOf("a.transaction", "a.user_id", ["approval.accepted"])} end as done
        from proofs a) b
      where done is distinct from 1 or beside > 0`,
  },
  {
    name: "one proof each",
    promise: "Each session was opened by exactly one proof in its transaction: a one-time password or a passkey where the service applies, a login password where it does not, or the change of a password or the registration of a required passkey in the session before it.",
    rows: `select id as event, user_id, applies, proofs, replaced from (
        select o.*, ${eventOf("o.transaction", "o.user_id", ["login_password.changed", "confirmation_password.changed", "passkey.registered"])} as changes,
          case when applies then (select count(*) from proofs a where a.transaction = o.transaction and a.user_id = o.user_id and a.screen in ('login', 'confirmation', 'passkey_alone'))
            else ${eventOf("o.transaction", "o.user_id", ["login_password.accepted"])} end as proofs,
          ${eventOf("o.transaction", "o.user_id", ["session.ended"])} as replaced
        from opened o) s
      where proofs + changes <> 1 or (changes = 1 and replaced <> 1)`,
  },
  {
    name: "the proof that it names",
    promise: "Each session says what opened it, and that is in its transaction.",
    rows: `select o.id as event, o.user_id, o.by from opened o where o.by is not null and not exists (
        select from audit_events e join (values ('login_password', 'login_password.accepted', null), ('one_time_password', 'one_time_password.accepted', 'login'), ('one_time_password', 'one_time_password.accepted', 'confirmation'),
          ('passkey', 'passkey.accepted', 'login'), ('passkey_alone', 'passkey.accepted', 'passkey_alone'), ('password_change', 'login_password.changed', null), ('password_change', 'confirmation_password.changed', null),
          ('passkey_registration', 'passkey.registered', null)) as opens(by, name, screen) on opens.name = e.name and opens.screen is not distinct from e.details ->> 'screen'
        where e.transaction = o.transaction and e.user_id = o.user_id and opens.by = o.by)`,
  },
  {
    name: "one proof each of staff",
    promise: "Each session of a member of staff was opened by exactly one proof of theirs in its transaction: a one-time password, a passkey, or the change of the password in the session before it.",
    rows: `select o.id as event, o.actor_id as staff, count(e.id) as proofs from audit_events o
      left join audit_events e on e.transaction = o.transaction and e.actor_id = o.actor_id and e.name in ('staff.one_time_password_accepted', 'staff.passkey_accepted', 'staff.password_changed')
      where o.name = 'staff.session_opened' group by o.id, o.actor_id having count(e.id) <> 1`,
  },
  {
    name: "failures are counted",
    promise: "Each wrong one-time password or code counts one more than the one before it, an acceptance or a lift begins anew, and the user's row has what the log says.",
    rows: `select user_id, id as event, failures, before, null::int as row from (
        select *, lag(failures, 1, 0) over (partition by user_id order by id) as before from (
          select id, user_id, name, case name when 'one_time_password.refused' then (details ->> 'failures')::int else 0 end as failures
          from audit_events where ${counted}) a) b
      where name = 'one_time_password.refused' and failures <> before + 1
      union all
      select u.id, last.id, last.failures, null, u.one_time_password_failures from users u join (
        select distinct on (user_id) user_id, id, case name when 'one_time_password.refused' then (details ->> 'failures')::int else 0 end as failures from audit_events
        where ${counted} order by user_id, id desc) last on last.user_id = u.id
      where last.failures <> u.one_time_password_failures`,
  },
  {
    name: "suspended at the last failure",
    promise: `No more than ${limit} wrong one-time passwords are counted, and a user is suspended exactly when there are as many.`,
    rows: `select u.id as user, u.one_time_password_failures as failures, s.id as suspension from users u left join suspensions s on s.user_id = u.id and s.lifted_at is null
      where u.deleted_at is null and (u.one_time_password_failures > ${limit} or (u.one_time_password_failures = ${limit}) <> (s.id is not null))`,
  },
  {
    name: "nobody in while waiting",
    promise: `For ${policy.waitAfterRevocationMinutes} minutes after a revocation nothing is accepted, issued or opened where the service applies.`,
    rows: `select e.id as event, e.name, e.user_id, e.at, e.revoked_at from (
        select *, max(at) filter (where name = 'token.revoked') over (partition by user_id order by id) as revoked_at from audit_events
        where name in ('token.revoked', 'one_time_password.accepted', 'passkey.accepted', 'approval.accepted', 'passkey.registered', 'token.issued', 'session.opened')) e
      where e.name <> 'token.revoked' and e.at < e.revoked_at + interval '${policy.waitAfterRevocationMinutes} minutes'
        and not exists (select from opened o where o.id = e.id and not o.applies)`,
  },
  {
    name: "issued with a permission",
    promise: "A token is issued to a user without one only while a 発行許可 is open.",
    rows: `select e.id as event, e.user_id, e.at from token_events e
      where e.name = 'token.issued' and not (e.details ->> 'renewal')::boolean and not exists (
        select from issuance_permissions p where p.user_id = e.user_id and p.opens_at <= e.at and e.at < p.closes_at and (p.closed_at is null or p.closed_at >= e.at - ${margin}))`,
  },

  /* Passkeys */
  {
    name: "a challenge is used once",
    promise: "Each challenge is presented once, whatever came of it, and within its time; what was accepted or registered names one, and no row says otherwise.",
    rows: `select 'twice' as what, (details ->> 'challengeId') as challenge, max(id) as event from audit_events where (name like 'passkey.%' or name like 'approval.%' or name like 'staff.passkey_%' or name like 'staff.approval_%') and details ->> 'challengeId' is not null group by 2 having count(*) > 1
      union all
      select 'without one', null, id from audit_events where name in ('passkey.accepted', 'approval.accepted', 'passkey.registered', 'staff.passkey_accepted', 'staff.passkey_registered') and details ->> 'challengeId' is null
      union all
      select 'row', c.id::text, e.id from passkey_challenges c
        left join audit_events e on e.user_id = c.user_id and e.details ->> 'challengeId' = c.id::text
        where e.at is distinct from c.used_at or c.used_at >= c.expires_at or c.used_at < c.created_at
      union all
      select 'row', c.id::text, e.id from passkey_login_challenges c join audit_events e on e.details ->> 'challengeId' = c.id::text
      union all
      select 'row', c.id::text, e.id from staff_passkey_challenges c
        left join audit_events e on e.actor_id = c.staff_id and e.details ->> 'challengeId' = c.id::text
        where e.at is distinct from c.used_at or c.used_at >= c.expires_at or c.used_at < c.created_at`,
  },
  {
    name: "only of a live passkey",
    promise: "What is accepted is of the user's own passkey, registered before and not removed, and its counter grows, or is none.",
    rows: `select a.id as event, a.passkey_id, a.counter, a.before from (
        select *, lag(counter) over (partition by passkey_id order by id) as before from passkey_accepted) a
      left join passkeys p on p.id = a.passkey_id
      where p.id is null or p.user_id <> a.user_id or p.registered_at > a.at + ${margin} or p.removed_at < a.at - ${margin} or (a.counter <= a.before and a.counter + a.before > 0)
        or exists (select from audit_events e where e.name = 'passkey.removed' and e.details ->> 'passkeyId' = a.passkey_id::text and e.id < a.id)`,
  },
  {
    name: "only of a live passkey of staff",
    promise: "The same for a member of staff.",
    rows: `select a.id as event, a.passkey_id, a.counter, a.before from (
        select *, lag(counter) over (partition by passkey_id order by id) as before from (
          select * from staff_proofs where passkey_id is not null) e) a
      left join staff_passkeys p on p.id = a.passkey_id
      where p.id is null or p.staff_id <> a.actor_id or p.registered_at > a.at + ${margin} or p.removed_at < a.at - ${margin} or (a.counter <= a.before and a.counter + a.before > 0)
        or exists (select from audit_events e where e.name = 'staff.passkey_removed' and e.details ->> 'passkeyId' = a.passkey_id::text and e.id < a.id)`,
  },
  {
    name: "passkeys have events",
    promise: "Every registration and removal of a passkey is in the audit log once, by whom the row names, and nothing there that has no passkey.",
    rows: `select p.id as passkey, step.name, step.at from passkeys p
      cross join lateral (values ('passkey.registered', p.registered_at), ('passkey.removed', p.removed_at)) as step(name, at)
      where step.at is not null and case when step.name = 'passkey.removed' and p.removed_because = 'service_ended'
        then not exists (select from audit_events e where e.corporation_id = p.corporation_id and e.name = 'service.ended' and e.at = p.removed_at)
        else 1 <> (select count(*) from audit_events e where e.name = step.name and e.at = step.at and e.user_id = p.user_id and e.details ->> 'passkeyId' = p.id::text
          and (step.name = 'passkey.registered' or (e.details ->> 'because' = p.removed_because::text and p.removed_by is not distinct from case e.actor_kind when 'user' then e.actor_id end))) end
      union all
      select (e.details ->> 'passkeyId')::uuid, e.name, e.at from audit_events e left join passkeys p on p.id::text = e.details ->> 'passkeyId'
      where (e.name = 'passkey.registered' and e.at is distinct from p.registered_at) or (e.name = 'passkey.removed' and e.at is distinct from p.removed_at)`,
  },

  {
    name: "required of everyone",
    promise: "While a contract requires passkeys, no one-time password opens a session of who has one, and nobody without one has a full session from a login.",
    rows: `select id as event, user_id, at, level, by, has_passkey from asked where required and ((by = 'one_time_password' and has_passkey) or (level = 'full' and not has_passkey))`,
  },
  {
    name: "alone where it is wanted",
    promise: "A passkey alone opens sessions of contracts that have asked for it, while their service applies.",
    rows: `select id as event, user_id, at from asked where by = 'passkey_alone' and not alone`,
  },
  {
    name: "offered once",
    promise: "A passkey is offered once in a user's life, with the sixth login that counts.",
    rows: `select u.id as user, u.one_time_password_logins as logins, s.offers from users u
      cross join lateral (select count(*) as offers from sessions s join opened o on o.user_id = s.user_id and o.at = s.opened_at and o.by = 'one_time_password' where s.user_id = u.id and s.passkey_offered) s
      where s.offers <> (u.one_time_password_logins = 6)::int or u.one_time_password_logins > 6`,
  },

  /* Rows and their events */
  {
    name: "sessions have events",
    promise: "Every session's beginning and end is in the audit log, and nothing there that has no session.",
    rows: `select 'opened' as what, user_id, at, s.rows, e.events from
        (select s.user_id, s.opened_at as at, count(*) as rows from sessions s join users u on u.id = s.user_id where s.opened_at > u.created_at group by 1, 2) s
        full join (select user_id, at, count(*) as events from opened group by 1, 2) e using (user_id, at)
      where s.rows is distinct from e.events
      union all
      select 'ended ' || because, user_id, at, s.rows, e.events from
        (select user_id, ended_at as at, ended_because::text as because, count(*) as rows from sessions s join users u on u.id = s.user_id
          where s.opened_at > u.created_at and s.ended_at is not null and s.ended_because <> 'service_changed' group by 1, 2, 3) s
        full join (select user_id, at, details ->> 'because' as because, count(*) as events from audit_events where name = 'session.ended' group by 1, 2, 3) e using (user_id, at, because)
      where s.rows is distinct from e.events
      union all
      select 'ended service_changed', s.user_id, s.ended_at, 1, 0 from sessions s where s.ended_because = 'service_changed' and not exists (
        select from audit_events e where e.corporation_id = s.corporation_id and e.at = s.ended_at and e.name in ('service.applied', 'service.ended'))`,
  },
  {
    name: "tokens have events",
    promise: "Every issuance, set-up, confirmation and end of a token is in the audit log once, with the actor that the row names, and nothing there that has no token.",
    rows: `select t.id as token, step.name, step.at, (select count(*) from token_events e where e.token_id = t.id and e.name = step.name) as events
      from tokens t join users u on u.id = t.user_id
      cross join lateral (values ('token.issued', t.issued_at, false), ('token.set_up', t.set_up_at, false), ('token.confirmed', t.confirmed_at, false),
        (case t.ended_because when 'revoked' then 'token.revoked' else 'token.ended' end, t.ended_at, true)) as step(name, at, is_end)
      where step.at > u.created_at and case when is_end and t.ended_because = 'service_ended'
        then not exists (select from audit_events e where e.corporation_id = t.corporation_id and e.name = 'service.ended' and e.at = t.ended_at)
        else 1 <> (select count(*) from token_events e where e.token_id = t.id and e.name = step.name and e.at = step.at and e.user_id = t.user_id
          and (e.name <> 'token.set_up' or not (e.details ->> 'again')::boolean) and (e.name <> 'token.ended' or e.details ->> 'because' = t.ended_because::text)
          and (not is_end or t.ended_by is not distinct from case e.actor_kind when 'user' then e.actor_id end)) end
      union all
      select e.token_id, e.name, e.at, 1 from token_events e left join tokens t on t.id = e.token_id
      where e.at is distinct from case e.name when 'token.issued' then t.issued_at when 'token.confirmed' then t.confirmed_at when 'token.set_up'
        then case when (e.details ->> 'again')::boolean then e.at else t.set_up_at end else t.ended_at end`,
  },
  {
    name: "suspensions have events",
    promise: "Every suspension begins with the wrong one-time password that reached the number, and ends by the act of somebody else or with the user.",
    rows: `select s.id as suspension, s.user_id, s.suspended_at, s.lifted_at from suspensions s join users u on u.id = s.user_id
      where (s.suspended_at > u.created_at and not exists (
          select from audit_events e join audit_events r on r.transaction = e.transaction and r.user_id = e.user_id and r.name = 'one_time_password.refused' and r.details -> 'failures' = e.details -> 'failures'
          where e.user_id = s.user_id and e.name = 'user.suspended' and e.at = s.suspended_at))
        or (s.lifted_at is not null and not exists (
          select from acts a where a.user_id = s.user_id and a.name in ('suspension.lifted', 'user.deleted') and a.at = s.lifted_at and s.lifted_by is not distinct from a.acting_user))
      union all
      select null, e.user_id, e.at, null from audit_events e where e.name = 'user.suspended' and not exists (select from suspensions s where s.user_id = e.user_id and s.suspended_at = e.at)
      union all
      select null, a.user_id, null, a.at from acts a where a.name = 'suspension.lifted' and not exists (select from suspensions s where s.user_id = a.user_id and s.lifted_at = a.at)`,
  },
  {
    name: "stops have events",
    promise: "Every stop of a user, every suspension of a login password, and the end of either is in the audit log, by whom the row names.",
    rows: `select s.what, s.id as row, s.user_id, s.began_at, s.ended_at from (
        select 'stop' as what, id, user_id, stopped_at as began_at, stopped_by as began_by, released_at as ended_at, released_by as ended_by,
          array['user.stopped'] as beginnings, array['user.stop_released', 'user.stopped', 'user.deleted'] as ends from stops
        union all
        select 'login password', id, user_id, suspended_at, suspended_by, lifted_at, lifted_by, array['login_password.suspended'], array['login_password.lifted', 'user.deleted'] from login_password_suspensions) s
      join users u on u.id = s.user_id
      where (s.began_at > u.created_at and not exists (
          select from acts a where a.user_id = s.user_id and a.name = any(s.beginnings) and a.at = s.began_at and s.began_by is not distinct from a.acting_user))
        or (s.ended_at is not null and not exists (
          select from acts a where a.user_id = s.user_id and a.name = any(s.ends) and a.at = s.ended_at and s.ended_by is not distinct from a.acting_user))`,
  },
  {
    name: "permissions have events",
    promise: "Every 発行許可 is in the audit log when it opens and when it is closed before its time.",
    rows: `select p.id as permission, p.user_id, p.cause, p.closes_at, p.closed_at from issuance_permissions p join users u on u.id = p.user_id
      where (p.opens_at > u.created_at and not exists (
          select from audit_events e where (e.user_id = p.user_id and e.name = 'issuance_permission.opened' and (e.details ->> 'closesAt')::timestamptz = p.closes_at and e.details ->> 'cause' = p.cause::text)
            or (p.cause = 'service_applied' and e.corporation_id = p.corporation_id and e.name = 'service.applied')))
        or (p.closed_at is not null and not exists (
          select from audit_events e where e.at = p.closed_at and ((e.user_id = p.user_id and e.name in ('issuance_permission.opened', 'issuance_permission.closed'))
            or (e.corporation_id = p.corporation_id and e.name in ('service.applied', 'service.ended')))))`,
  },
  {
    name: "one open each",
    promise: "A user has at most one open session, token in use, open issuance, 発行許可, suspension and stop; a member of staff one session.",
    rows: `select what, user_id, count(*) as open from (
        select 'session' as what, user_id from sessions where ended_at is null
        union all select case when confirmed_at is null then 'issuance' else 'token in use' end, user_id from tokens where ended_at is null
        union all select 'permission', user_id from issuance_permissions where closed_at is null
        union all select 'suspension', user_id from suspensions where lifted_at is null
        union all select 'stop', user_id from stops where released_at is null
        union all select 'suspension of a login password', user_id from login_password_suspensions where lifted_at is null
        union all select 'staff session', staff_id from staff_sessions where ended_at is null) o
      group by what, user_id having count(*) > 1`,
  },

  /* Who may */
  {
    name: "within the company",
    promise: "No user acts on, or is named as having changed, anything of another company.",
    rows: `select 'event ' || e.name as what, e.id::text as row, e.actor_id as by from audit_events e join users actor on actor.id = e.actor_id left join users target on target.id = e.user_id
      where e.actor_kind = 'user' and (e.corporation_id is distinct from actor.corporation_id or target.corporation_id <> actor.corporation_id)
      union all
      select r.what, r.id::text, r.by from (
        select 'token' as what, id, corporation_id, user_id, ended_by as by from tokens
        union all select 'session', id, corporation_id, user_id, null from sessions
        union all select 'suspension', id, corporation_id, user_id, lifted_by from suspensions
        union all select 'stop', id, corporation_id, user_id, stopped_by from stops
        union all select 'released stop', id, corporation_id, user_id, released_by from stops
        union all select 'login password', id, corporation_id, user_id, suspended_by from login_password_suspensions
        union all select 'lifted login password', id, corporation_id, user_id, lifted_by from login_password_suspensions
        union all select 'permission', id, corporation_id, user_id, opened_by from issuance_permissions
        union all select 'half-login', user_id, corporation_id, user_id, null from login_attempts
        union all select 'known browser', user_id, corporation_id, user_id, null from known_browsers
        union all select 'passkey', id, corporation_id, user_id, removed_by from passkeys
        union all select 'challenge', id, corporation_id, user_id, null from passkey_challenges
        union all select 'mail', id, corporation_id, user_id, null from mail_intents where user_id is not null
        union all select 'result', id, corporation_id, operator_id, null from act_results
        union all select 'case target', t.id, c.corporation_id, t.user_id, null from case_targets t join cases c on c.id = t.case_id) r
      join users u on u.id = r.user_id left join users acting on acting.id = r.by
      where u.corporation_id is distinct from r.corporation_id or acting.corporation_id <> r.corporation_id`,
  },
  {
    name: "by whom it may be",
    promise: "What a user does for themselves was done by that user; what managers do, by a manager and not to oneself (but a revocation), or at the counter by a case; contracts change at the counter alone.",
    rows: `select e.id as event, e.name, e.actor_kind, e.actor_id, e.user_id from audit_events e
      join (values ('one_time_password.accepted', 'self'), ('session.opened', 'self'), ('token.confirmed', 'self'), ('token.issued', 'self'), ('user.suspended', 'self'), ('passkey.accepted', 'self'), ('approval.accepted', 'self'), ('passkey.registered', 'self'), ('passkey.removed', 'self or anybody'),
        ('login_password.changed', 'self'), ('confirmation_password.changed', 'self'),
        ('suspension.lifted', 'other'), ('user.stopped', 'other'), ('user.stop_released', 'other'), ('user.deleted', 'other'), ('user.registered', 'other'),
        ('login_password.suspended', 'other'), ('login_password.lifted', 'other'), ('login_password.issued', 'other'),
        ('confirmation_password.lifted', 'other'), ('confirmation_password.issued', 'other'), ('token.revoked', 'anybody'),
        ('contract.registered', 'counter'), ('service.applied', 'counter'), ('service.ended', 'counter'), ('contract.authentication_changed', 'counter')) as rule(name, whose) on rule.name = e.name
      left join users actor on actor.id = e.actor_id and e.actor_kind = 'user'
      where not coalesce(case
        when e.actor_kind = 'system' then e.name in ('token.issued', 'token.revoked') -- the demo's own
        when whose = 'self or anybody' and e.actor_id = e.user_id then e.actor_kind = 'user'
        when whose = 'self' then e.actor_kind = 'user' and e.actor_id = e.user_id
        when e.actor_kind = 'staff' then exists (
          select from audit_events c where c.transaction = e.transaction and c.actor_kind = 'staff' and c.actor_id = e.actor_id and c.name in ('case.approved', 'case.carried_out'))
        when whose = 'counter' then false
        else actor.id is not null and (whose like '%anybody' or e.actor_id <> e.user_id) and (actor.user_class <> 'general'
          or exists (select from audit_events c where c.user_id = actor.id and c.name = 'user.changed' and c.details -> 'changed' ? 'user_class')) end, false)`, // who was a manager then may be none any more
  },

  {
    name: "approved acts",
    promise: "What was approved in so many words was done or refused in the same transaction; where a contract has each act approved, no suspension is lifted and no token revoked without it by whoever logged in with a second factor.",
    rows: `select a.id as event, a.act, a.user_id as by, a.at from approvals a join (values ${boundActs}) as does(act, did, names) on does.act = a.act
      where a.bound and not exists (select from audit_events e where e.transaction = a.transaction and e.actor_id = a.user_id and e.name = any(does.names))
      union all
      select e.id, does.act, e.actor_id, e.at from audit_events e join (values ${boundActs}) as does(act, did, names) on does.did = e.name
      join corporations c on c.id = e.corporation_id and c.step_up_policy = 'each_act'
      where e.actor_kind = 'user' and e.id > coalesce((select max(d.id) from audit_events d where d.corporation_id = c.id and d.name = 'case.approved' and d.details ->> 'kind' = 'change_authentication'), 0)
        and (select o.applies from opened o where o.user_id = e.actor_id and o.id < e.id order by o.id desc limit 1)
        and not exists (select from approvals a where a.transaction = e.transaction and a.user_id = e.actor_id and a.act = does.act and a.bound)`,
  },

  /* The counter */
  {
    name: "cases take two",
    promise: "A case is decided by somebody else than who entered it; an emergency stop takes one.",
    rows: `select c.number, c.kind, c.state, c.entered_by, c.decided_by from cases c
      where c.kind <> 'emergency_stop' and c.state in ('done', 'returned') and c.decided_by = c.entered_by
      union all
      select e.details ->> 'caseNumber', null, null, n.actor_id, e.actor_id from audit_events e
      join audit_events n on n.name in ('case.entered', 'case.entered_again') and n.details ->> 'caseNumber' = e.details ->> 'caseNumber'
      where e.name in ('case.approved', 'case.returned') and e.actor_id is not distinct from n.actor_id`,
  },
  {
    name: "approvals are proved",
    promise: `Whoever approves a case gave their second factor no more than ${policy.stepUpMinutes} minutes before, or gives it once with the approval; what is accepted so is about one decision, in its transaction.`,
    rows: `select e.id as event, e.details ->> 'caseNumber' as number, e.at, last.at as proved_at from audit_events e
      left join lateral (select p.at from staff_proofs p where p.actor_id = e.actor_id and p.id < e.id and p.transaction <> e.transaction order by p.id desc limit 1) last on true
      where e.name = 'case.approved' and (last.at is null or last.at + interval '${policy.stepUpMinutes} minutes' < e.at)
        and not exists (select from staff_proofs p where p.transaction = e.transaction and p.actor_id = e.actor_id and p.name = 'staff.approval_accepted')
      union all
      select p.id, null, p.at, null from staff_proofs p join audit_events a on a.id = p.id
      where p.name = 'staff.approval_accepted' and a.details ->> 'act' is null and 1 <> (select count(*) from audit_events e where e.transaction = p.transaction and e.actor_id = p.actor_id
        and (e.name in ('case.approved', 'case.act_refused') or e.name = 'staff.approval_accepted' and e.id <> p.id) and e.details ->> 'caseNumber' = a.details ->> 'caseNumber')`,
  },
  {
    name: "cases decided once",
    promise: "Every decision on a case is in the audit log, by whom the row names; an approval is there once, and only where the case is done.",
    rows: `select c.number, c.state, c.decided_at, e.done, e.withdrawn from cases c
      cross join lateral (select count(*) filter (where name in ('case.approved', 'case.carried_out')) as done, count(*) filter (where name = 'case.withdrawn') as withdrawn,
        count(*) filter (where name in ('case.entered', 'case.entered_again')) as entered, count(*) filter (where name = 'case.returned') as returned,
        bool_or(at = c.decided_at and actor_id = c.decided_by and name = any(case c.state when 'done' then array['case.approved', 'case.carried_out'] when 'withdrawn' then array['case.withdrawn']
          when 'returned' then array['case.returned'] end)) as by_whom
        from audit_events where lower(details ->> 'caseNumber') = lower(c.number) and details ->> 'caseNumber' is not null) e
      where e.done <> (c.state = 'done')::int or e.withdrawn <> (c.state = 'withdrawn')::int or e.entered = 0 or e.returned < e.entered - 1
        or (c.state <> 'waiting' and e.by_whom is not true)`,
  },
  {
    name: "targets done once",
    promise: "Each user whom a case names has one outcome, once it is approved, and what was done stands in the same transaction of the audit log.",
    rows: `select c.number, t.user_id, t.outcome from case_targets t join cases c on c.id = t.case_id
      where (t.outcome is not null) <> (c.state = 'done')
        or (t.outcome is not null and c.new_contract is null and 1 <> (
          select count(*) from audit_events e where lower(e.details ->> 'caseNumber') = lower(c.number) and e.user_id = t.user_id
            and case t.outcome when 'done' then e.name = 'case.target_done' else e.name = 'case.target_refused' and e.details ->> 'reason' = t.outcome end))
      union all
      select e.details ->> 'caseNumber', e.user_id, 'nothing was done' from audit_events e
      join (values ('lift_suspension', array['suspension.lifted', 'login_password.lifted', 'confirmation_password.lifted']), ('revoke_token', array['token.revoked', 'passkey.removed']),
        ('open_permission', array['issuance_permission.opened']), ('issue_login_password', array['login_password.issued']),
        ('issue_confirmation_password', array['confirmation_password.issued']), ('release_stop', array['user.stop_released']), ('emergency_stop', array['user.stopped'])) as does(kind, names)
        on does.kind = e.details ->> 'kind'
      where e.name = 'case.target_done' and not exists (select from audit_events d where d.transaction = e.transaction and d.user_id = e.user_id and d.name = any(does.names))`,
  },

  /* Mails */
  {
    name: "everybody is told",
    promise: "What must be told has its mail, written in the same moment: a link for an issuance, news of a confirmation, a suspension, a lift and a revocation, a passkey registered or removed.",
    rows: `select e.id as event, e.name, e.user_id, e.at from audit_events e
      join (values ('token.issued', 'issuance_link'), ('token.link_resent', 'issuance_link'), ('token.confirmed', 'token_confirmed'), ('user.suspended', 'suspended'), ('suspension.lifted', 'suspension_lifted'),
        ('token.revoked', 'token_revoked'), ('passkey.registered', 'passkey_registered'), ('passkey.removed', 'passkey_removed'), ('login_password.temporarily_stopped', 'login_temporarily_stopped'), ('login_password.changed', 'login_password_changed')) as tells(name, kind) on tells.name = e.name
      where e.details ->> 'because' is distinct from 'user_deleted' and not exists (select from mail_intents m where m.user_id = e.user_id and m.kind = tells.kind and m.created_at = e.at
        and (m.kind <> 'issuance_link' or m.token_id = (e.details ->> 'tokenId')::uuid))`,
  },
  {
    name: "no mail overdue",
    promise: `No mail has been due for more than ${overdueSeconds} seconds without an attempt.`,
    rows: `select id as mail, kind, due_at, attempts from mail_intents where state = 'waiting' and greatest(due_at, leased_until) < app_now() - interval '${overdueSeconds} seconds'`,
  },
  {
    name: "a mail is one mail",
    promise: "Each mail has an id of its own, by which the provider takes it once, a kind that has words, and a link only while it waits.",
    rows: `select id as mail, kind, state, copies from (select *, count(*) over (partition by id) as copies from mail_intents) m
      where copies > 1 or kind not in (${listed(mailKinds)}) or (sealed_content is not null) <> (kind = 'issuance_link' and state = 'waiting') or (state = 'waiting') <> (ended_at is null)`,
  },
];

export const chainsVerify = { name: "audit chains verify", promise: "The audit log is as it was sealed: every company's chain and the institution's, with their signatures." };

type Finding = { name: string; promise: string; violations: Record<string, unknown>[]; more: boolean };

const shownRows = 10;

/** Asks every invariant on one connection, so that within a transaction all of them look at one state. */
export async function findViolations(sql: Sql | TransactionSql): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { name, promise, rows } of invariants) {
    const found = await sql.unsafe<Record<string, unknown>[]>(`${common} select * from (${rows}) violation limit ${shownRows + 1}`);
    findings.push({ name, promise, violations: found.slice(0, shownRows), more: found.length > shownRows });
  }
  return findings;
}

/** The whole of a database as of one moment; the chains, of a log that only grows, are read after it, where this process has their key. */
export async function checkInvariants(client: Sql, { chains }: { chains: boolean }): Promise<Finding[]> {
  const findings = await client.begin(async (tx) => {
    await tx.unsafe("set transaction isolation level repeatable read, read only");
    await tx.unsafe("set local statement_timeout = 0");
    return findViolations(tx);
  }) as Finding[];
  if (!chains) return findings;
  const verified = await verifyChains();
  return [...findings, { ...chainsVerify, violations: verified.ok ? [] : [{ problem: verified.problem }], more: false }];
}
