CREATE TYPE "public"."actor_kind" AS ENUM('anonymous', 'user', 'staff', 'system');--> statement-breakpoint
CREATE TYPE "public"."audit_result" AS ENUM('done', 'refused');--> statement-breakpoint
CREATE TYPE "public"."stop_cause" AS ENUM('manager', 'counter', 'emergency');--> statement-breakpoint
CREATE TYPE "public"."user_class" AS ENUM('master', 'administrator', 'general');--> statement-breakpoint
CREATE TYPE "public"."session_end" AS ENUM('logout', 'replaced', 'idle', 'absolute', 'suspended', 'revoked', 'stopped', 'user_class_changed', 'password_changed', 'service_changed');--> statement-breakpoint
CREATE TYPE "public"."session_level" AS ENUM('full', 'password_change');--> statement-breakpoint
CREATE TYPE "public"."mail_state" AS ENUM('waiting', 'sent', 'refused', 'unknown', 'withdrawn');--> statement-breakpoint
CREATE TYPE "public"."suspension_cause" AS ENUM('wrong_one_time_passwords');--> statement-breakpoint
CREATE TYPE "public"."permission_cause" AS ENUM('service_applied', 'manager', 'counter', 'revocation');--> statement-breakpoint
CREATE TYPE "public"."token_algorithm" AS ENUM('SHA-1', 'SHA-256', 'SHA-512');--> statement-breakpoint
CREATE TYPE "public"."token_end" AS ENUM('revoked', 'reissued', 'renewed', 'replaced', 'set_up_failed', 'lapsed', 'service_ended');--> statement-breakpoint
CREATE TABLE "audit_events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audit_events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"transaction" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"name" text NOT NULL,
	"result" "audit_result" NOT NULL,
	"code" text,
	"corporation_id" uuid,
	"actor_kind" "actor_kind" NOT NULL,
	"actor_id" uuid,
	"user_id" uuid,
	"request_id" uuid NOT NULL,
	"network" text NOT NULL,
	"browser" text NOT NULL,
	"details" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_seals" (
	"number" integer PRIMARY KEY NOT NULL,
	"up_to_transaction" "xid8" NOT NULL,
	"up_to_event" bigint NOT NULL,
	"events" integer NOT NULL,
	"hash" text NOT NULL,
	"sealed_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "corporations" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"contract_number" text NOT NULL,
	"name" text NOT NULL,
	"service_applies_from" date,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "corporations_contract_number_unique" UNIQUE("contract_number")
);
--> statement-breakpoint
CREATE TABLE "stops" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"corporation_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"stopped_at" timestamp (3) with time zone NOT NULL,
	"cause" "stop_cause" NOT NULL,
	"stopped_by" uuid,
	"released_at" timestamp (3) with time zone,
	"released_by" uuid
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"corporation_id" uuid NOT NULL,
	"login_id" text NOT NULL,
	"name" text NOT NULL,
	"user_class" "user_class" NOT NULL,
	"mail_address" text NOT NULL,
	"login_password_hash" text NOT NULL,
	"login_password_temporary" boolean DEFAULT false NOT NULL,
	"login_failures" smallint DEFAULT 0 NOT NULL,
	"login_stopped_until" timestamp (3) with time zone,
	"confirmation_password_hash" text NOT NULL,
	"confirmation_password_temporary" boolean DEFAULT false NOT NULL,
	"confirmation_failures" smallint DEFAULT 0 NOT NULL,
	"one_time_password_failures" smallint DEFAULT 0 NOT NULL,
	"replay_notice_time_step" text,
	"revision" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "users_failures_not_negative" CHECK ("users"."login_failures" >= 0 and "users"."confirmation_failures" >= 0 and "users"."one_time_password_failures" >= 0)
);
--> statement-breakpoint
CREATE TABLE "known_browsers" (
	"user_id" uuid NOT NULL,
	"browser_hash" text NOT NULL,
	"corporation_id" uuid NOT NULL,
	"failures" smallint DEFAULT 0 NOT NULL,
	"stopped_until" timestamp (3) with time zone,
	"first_seen_at" timestamp (3) with time zone NOT NULL,
	"last_seen_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "known_browsers_user_id_browser_hash_pk" PRIMARY KEY("user_id","browser_hash"),
	CONSTRAINT "known_browsers_failures_not_negative" CHECK ("known_browsers"."failures" >= 0)
);
--> statement-breakpoint
CREATE TABLE "login_attempts" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"corporation_id" uuid NOT NULL,
	"secret_hash" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "login_attempts_secret_hash_unique" UNIQUE("secret_hash")
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"corporation_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"level" "session_level" NOT NULL,
	"secret_hash" text NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"last_seen_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"network" text NOT NULL,
	"browser" text NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"ended_because" "session_end",
	CONSTRAINT "sessions_secret_hash_unique" UNIQUE("secret_hash"),
	CONSTRAINT "sessions_end_has_cause" CHECK (("sessions"."ended_at" is null) = ("sessions"."ended_because" is null))
);
--> statement-breakpoint
CREATE TABLE "mail_intents" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"corporation_id" uuid NOT NULL,
	"user_id" uuid,
	"token_id" uuid,
	"kind" text NOT NULL,
	"recipient" text NOT NULL,
	"content" jsonb,
	"sealed_content" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"first_attempt_at" timestamp (3) with time zone,
	"attempts" smallint DEFAULT 0 NOT NULL,
	"leased_until" timestamp (3) with time zone,
	"state" "mail_state" DEFAULT 'waiting' NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"last_problem" text,
	CONSTRAINT "mail_intents_end" CHECK (("mail_intents"."state" = 'waiting') = ("mail_intents"."ended_at" is null)),
	CONSTRAINT "mail_intents_link_is_erased" CHECK ("mail_intents"."state" = 'waiting' or "mail_intents"."sealed_content" is null)
);
--> statement-breakpoint
CREATE TABLE "login_password_suspensions" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"corporation_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"suspended_at" timestamp (3) with time zone NOT NULL,
	"suspended_by" uuid,
	"lifted_at" timestamp (3) with time zone,
	"lifted_by" uuid
);
--> statement-breakpoint
CREATE TABLE "suspensions" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"corporation_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"suspended_at" timestamp (3) with time zone NOT NULL,
	"cause" "suspension_cause" NOT NULL,
	"lifted_at" timestamp (3) with time zone,
	"lifted_by" uuid
);
--> statement-breakpoint
CREATE TABLE "issuance_permissions" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"corporation_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"opens_at" timestamp (3) with time zone NOT NULL,
	"closes_at" timestamp (3) with time zone NOT NULL,
	"cause" "permission_cause" NOT NULL,
	"opened_by" uuid,
	"closed_at" timestamp (3) with time zone,
	CONSTRAINT "issuance_permissions_in_order" CHECK ("issuance_permissions"."opens_at" < "issuance_permissions"."closes_at")
);
--> statement-breakpoint
CREATE TABLE "tokens" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"corporation_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"renewal" boolean DEFAULT false NOT NULL,
	"issued_at" timestamp (3) with time zone NOT NULL,
	"lapses_at" timestamp (3) with time zone NOT NULL,
	"mail_address" text NOT NULL,
	"user_number" text,
	"activation_password_hash" text,
	"link_code_mac" text,
	"set_up_failures" smallint DEFAULT 0 NOT NULL,
	"resends" smallint DEFAULT 0 NOT NULL,
	"last_mail_at" timestamp (3) with time zone NOT NULL,
	"set_up_at" timestamp (3) with time zone,
	"phone_public_key" text,
	"server_public_key" text,
	"sealed_key" text,
	"algorithm" "token_algorithm" DEFAULT 'SHA-256' NOT NULL,
	"confirmed_at" timestamp (3) with time zone,
	"expires_at" timestamp (3) with time zone,
	"last_time_step" bigint,
	"drift" smallint DEFAULT 0 NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"ended_because" "token_end",
	"ended_by" uuid,
	CONSTRAINT "tokens_user_number" UNIQUE("user_number"),
	CONSTRAINT "tokens_link_code_mac" UNIQUE("link_code_mac"),
	CONSTRAINT "tokens_end_has_cause" CHECK (("tokens"."ended_at" is null) = ("tokens"."ended_because" is null)),
	CONSTRAINT "tokens_set_up_is_whole" CHECK ("tokens"."set_up_at" is null or "tokens"."expires_at" is not null),
	CONSTRAINT "tokens_in_use_is_set_up" CHECK ("tokens"."confirmed_at" is null or ("tokens"."set_up_at" is not null and "tokens"."last_time_step" is not null)),
	CONSTRAINT "tokens_live_key" CHECK ("tokens"."ended_at" is not null or (("tokens"."set_up_at" is null) = ("tokens"."sealed_key" is null))),
	CONSTRAINT "tokens_ended_holds_no_secret" CHECK ("tokens"."ended_at" is null or ("tokens"."sealed_key" is null and "tokens"."activation_password_hash" is null and "tokens"."link_code_mac" is null and "tokens"."user_number" is null)),
	CONSTRAINT "tokens_confirmed_forgets_activation" CHECK ("tokens"."confirmed_at" is null or ("tokens"."activation_password_hash" is null and "tokens"."link_code_mac" is null)),
	CONSTRAINT "tokens_drift_is_bounded" CHECK ("tokens"."drift" between -1 and 1),
	CONSTRAINT "tokens_counts_not_negative" CHECK ("tokens"."set_up_failures" >= 0 and "tokens"."resends" >= 0)
);
--> statement-breakpoint
ALTER TABLE "stops" ADD CONSTRAINT "stops_corporation_id_corporations_id_fk" FOREIGN KEY ("corporation_id") REFERENCES "public"."corporations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stops" ADD CONSTRAINT "stops_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_corporation_id_corporations_id_fk" FOREIGN KEY ("corporation_id") REFERENCES "public"."corporations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "known_browsers" ADD CONSTRAINT "known_browsers_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "known_browsers" ADD CONSTRAINT "known_browsers_corporation_id_corporations_id_fk" FOREIGN KEY ("corporation_id") REFERENCES "public"."corporations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "login_attempts" ADD CONSTRAINT "login_attempts_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "login_attempts" ADD CONSTRAINT "login_attempts_corporation_id_corporations_id_fk" FOREIGN KEY ("corporation_id") REFERENCES "public"."corporations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_corporation_id_corporations_id_fk" FOREIGN KEY ("corporation_id") REFERENCES "public"."corporations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mail_intents" ADD CONSTRAINT "mail_intents_corporation_id_corporations_id_fk" FOREIGN KEY ("corporation_id") REFERENCES "public"."corporations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mail_intents" ADD CONSTRAINT "mail_intents_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mail_intents" ADD CONSTRAINT "mail_intents_token_id_tokens_id_fk" FOREIGN KEY ("token_id") REFERENCES "public"."tokens"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "login_password_suspensions" ADD CONSTRAINT "login_password_suspensions_corporation_id_corporations_id_fk" FOREIGN KEY ("corporation_id") REFERENCES "public"."corporations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "login_password_suspensions" ADD CONSTRAINT "login_password_suspensions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "suspensions" ADD CONSTRAINT "suspensions_corporation_id_corporations_id_fk" FOREIGN KEY ("corporation_id") REFERENCES "public"."corporations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "suspensions" ADD CONSTRAINT "suspensions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "issuance_permissions" ADD CONSTRAINT "issuance_permissions_corporation_id_corporations_id_fk" FOREIGN KEY ("corporation_id") REFERENCES "public"."corporations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "issuance_permissions" ADD CONSTRAINT "issuance_permissions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tokens" ADD CONSTRAINT "tokens_corporation_id_corporations_id_fk" FOREIGN KEY ("corporation_id") REFERENCES "public"."corporations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tokens" ADD CONSTRAINT "tokens_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_events_by_corporation" ON "audit_events" USING btree ("corporation_id","id");--> statement-breakpoint
CREATE INDEX "audit_events_by_user" ON "audit_events" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "audit_events_by_transaction" ON "audit_events" USING btree ("transaction","id");--> statement-breakpoint
CREATE UNIQUE INDEX "stops_one_open_per_user" ON "stops" USING btree ("user_id") WHERE "stops"."released_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "users_login_id" ON "users" USING btree (lower("login_id"));--> statement-breakpoint
CREATE INDEX "users_corporation" ON "users" USING btree ("corporation_id","user_class");--> statement-breakpoint
CREATE INDEX "login_attempts_expiry" ON "login_attempts" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "sessions_one_open_per_user" ON "sessions" USING btree ("user_id") WHERE "sessions"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "sessions_by_user" ON "sessions" USING btree ("user_id","opened_at");--> statement-breakpoint
CREATE INDEX "mail_intents_due" ON "mail_intents" USING btree ("due_at") WHERE "mail_intents"."state" = 'waiting';--> statement-breakpoint
CREATE INDEX "mail_intents_by_token" ON "mail_intents" USING btree ("token_id");--> statement-breakpoint
CREATE UNIQUE INDEX "login_password_suspensions_one_open_per_user" ON "login_password_suspensions" USING btree ("user_id") WHERE "login_password_suspensions"."lifted_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "suspensions_one_open_per_user" ON "suspensions" USING btree ("user_id") WHERE "suspensions"."lifted_at" is null;--> statement-breakpoint
CREATE INDEX "suspensions_open_by_corporation" ON "suspensions" USING btree ("corporation_id") WHERE "suspensions"."lifted_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "issuance_permissions_one_open_per_user" ON "issuance_permissions" USING btree ("user_id") WHERE "issuance_permissions"."closed_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "tokens_one_in_use_per_user" ON "tokens" USING btree ("user_id") WHERE "tokens"."confirmed_at" is not null and "tokens"."ended_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "tokens_one_open_issuance_per_user" ON "tokens" USING btree ("user_id") WHERE "tokens"."confirmed_at" is null and "tokens"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "tokens_revoked" ON "tokens" USING btree ("user_id","ended_at") WHERE "tokens"."ended_because" = 'revoked';--> statement-breakpoint
CREATE INDEX "tokens_issued" ON "tokens" USING btree ("user_id","issued_at");--> statement-breakpoint
CREATE INDEX "tokens_lapsing" ON "tokens" USING btree ("lapses_at") WHERE "tokens"."confirmed_at" is null and "tokens"."ended_at" is null;