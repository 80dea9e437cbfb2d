CREATE TYPE "public"."case_kind" AS ENUM('lift_suspension', 'revoke_token', 'open_permission', 'issue_login_password', 'issue_confirmation_password', 'release_stop', 'emergency_stop', 'apply_service', 'end_service');--> statement-breakpoint
CREATE TYPE "public"."case_state" AS ENUM('waiting', 'returned', 'withdrawn', 'done');--> statement-breakpoint
CREATE TYPE "public"."staff_duty" AS ENUM('clerk', 'approver', 'auditor');--> statement-breakpoint
CREATE TYPE "public"."staff_session_end" AS ENUM('logout', 'replaced', 'idle', 'absolute', 'changed');--> statement-breakpoint
CREATE TABLE "case_targets" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"case_id" uuid NOT NULL,
	"corporation_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"place" smallint NOT NULL,
	"seen" jsonb NOT NULL,
	"outcome" text,
	"sealed_slip" text,
	"slip_shown_at" timestamp (3) with time zone,
	CONSTRAINT "case_targets_slip_of_done" CHECK ("case_targets"."sealed_slip" is null or "case_targets"."outcome" = 'done')
);
--> statement-breakpoint
CREATE TABLE "cases" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"number" text NOT NULL,
	"kind" "case_kind" NOT NULL,
	"state" "case_state" DEFAULT 'waiting' NOT NULL,
	"corporation_id" uuid,
	"new_contract" jsonb,
	"service_applies_from" date,
	"allow_reissue" boolean DEFAULT false NOT NULL,
	"documents" jsonb NOT NULL,
	"reason" text NOT NULL,
	"branch" text NOT NULL,
	"entered_by" uuid NOT NULL,
	"entered_at" timestamp (3) with time zone NOT NULL,
	"decided_by" uuid,
	"decided_at" timestamp (3) with time zone,
	"decision_reason" text,
	"seal_number" integer,
	"seal_hash" text,
	CONSTRAINT "cases_decided" CHECK (("cases"."state" = 'waiting') = ("cases"."decided_at" is null) and ("cases"."decided_at" is null) = ("cases"."decided_by" is null)),
	CONSTRAINT "cases_two_people" CHECK ("cases"."state" not in ('done', 'returned') or "cases"."kind" = 'emergency_stop' or "cases"."decided_by" <> "cases"."entered_by"),
	CONSTRAINT "cases_know_their_company" CHECK ("cases"."corporation_id" is not null or ("cases"."new_contract" is not null and "cases"."state" <> 'done'))
);
--> statement-breakpoint
CREATE TABLE "staff" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"staff_id" text NOT NULL,
	"name" text NOT NULL,
	"branch" text NOT NULL,
	"duty" "staff_duty" NOT NULL,
	"password_hash" text NOT NULL,
	"password_temporary" boolean NOT NULL,
	"password_failures" smallint DEFAULT 0 NOT NULL,
	"password_stopped_until" timestamp (3) with time zone,
	"sealed_key" text NOT NULL,
	"algorithm" "token_algorithm" NOT NULL,
	"last_time_step" bigint,
	"one_time_password_failures" smallint DEFAULT 0 NOT NULL,
	"suspended_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "staff_failures_not_negative" CHECK ("staff"."password_failures" >= 0 and "staff"."one_time_password_failures" >= 0)
);
--> statement-breakpoint
CREATE TABLE "staff_login_attempts" (
	"staff_id" uuid PRIMARY KEY NOT NULL,
	"secret_hash" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "staff_login_attempts_secret_hash_unique" UNIQUE("secret_hash")
);
--> statement-breakpoint
CREATE TABLE "staff_sessions" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"staff_id" uuid NOT NULL,
	"secret_hash" text NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"last_seen_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"network" text NOT NULL,
	"browser" text NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"ended_because" "staff_session_end",
	CONSTRAINT "staff_sessions_secret_hash_unique" UNIQUE("secret_hash"),
	CONSTRAINT "staff_sessions_end_has_cause" CHECK (("staff_sessions"."ended_at" is null) = ("staff_sessions"."ended_because" is null))
);
--> statement-breakpoint
ALTER TABLE "act_results" ALTER COLUMN "id" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "case_targets" ADD CONSTRAINT "case_targets_case_id_cases_id_fk" FOREIGN KEY ("case_id") REFERENCES "public"."cases"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "case_targets" ADD CONSTRAINT "case_targets_corporation_id_corporations_id_fk" FOREIGN KEY ("corporation_id") REFERENCES "public"."corporations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "case_targets" ADD CONSTRAINT "case_targets_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cases" ADD CONSTRAINT "cases_corporation_id_corporations_id_fk" FOREIGN KEY ("corporation_id") REFERENCES "public"."corporations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cases" ADD CONSTRAINT "cases_entered_by_staff_id_fk" FOREIGN KEY ("entered_by") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cases" ADD CONSTRAINT "cases_decided_by_staff_id_fk" FOREIGN KEY ("decided_by") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff_login_attempts" ADD CONSTRAINT "staff_login_attempts_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff_sessions" ADD CONSTRAINT "staff_sessions_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "case_targets_user" ON "case_targets" USING btree ("case_id","user_id");--> statement-breakpoint
CREATE INDEX "case_targets_by_user" ON "case_targets" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "case_targets_slips" ON "case_targets" USING btree ("case_id") WHERE "case_targets"."sealed_slip" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "cases_number" ON "cases" USING btree (lower("number"));--> statement-breakpoint
CREATE INDEX "cases_waiting" ON "cases" USING btree ("entered_at") WHERE "cases"."state" in ('waiting', 'returned');--> statement-breakpoint
CREATE INDEX "cases_by_day" ON "cases" USING btree ("entered_at");--> statement-breakpoint
CREATE INDEX "cases_by_corporation" ON "cases" USING btree ("corporation_id","entered_at");--> statement-breakpoint
CREATE UNIQUE INDEX "staff_staff_id" ON "staff" USING btree (lower("staff_id"));--> statement-breakpoint
CREATE UNIQUE INDEX "staff_sessions_one_open" ON "staff_sessions" USING btree ("staff_id") WHERE "staff_sessions"."ended_at" is null;--> statement-breakpoint
-- RFC 6238 5.2 for staff, too: an accepted time step is never accepted again. A new key begins anew.
CREATE FUNCTION staff_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.sealed_key = OLD.sealed_key AND NEW.last_time_step IS DISTINCT FROM OLD.last_time_step AND OLD.last_time_step IS NOT NULL
     AND (NEW.last_time_step IS NULL OR NEW.last_time_step <= OLD.last_time_step) THEN
    RAISE EXCEPTION 'an accepted time step is accepted once' USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_time_step_once';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER staff_guard BEFORE UPDATE ON staff FOR EACH ROW EXECUTE FUNCTION staff_guard();
--> statement-breakpoint
-- A case is decided once, and keeps what it was decided on. Its number is never anybody else's again.
CREATE FUNCTION cases_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.state IN ('done', 'withdrawn') OR NEW.number <> OLD.number OR NEW.entered_by <> OLD.entered_by THEN
    RAISE EXCEPTION 'a case that was decided does not change' USING ERRCODE = 'check_violation', CONSTRAINT = 'cases_decided_once';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER cases_guard BEFORE UPDATE OR DELETE ON cases FOR EACH ROW EXECUTE FUNCTION cases_guard();
--> statement-breakpoint
CREATE FUNCTION case_targets_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.outcome IS NOT NULL AND (TG_OP = 'DELETE' OR NEW.outcome IS DISTINCT FROM OLD.outcome OR (OLD.sealed_slip IS NULL AND NEW.sealed_slip IS NOT NULL)) THEN
    RAISE EXCEPTION 'a target is acted on once' USING ERRCODE = 'check_violation', CONSTRAINT = 'case_targets_once';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
--> statement-breakpoint
CREATE TRIGGER case_targets_guard BEFORE UPDATE OR DELETE ON case_targets FOR EACH ROW EXECUTE FUNCTION case_targets_guard();
