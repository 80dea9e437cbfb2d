CREATE TYPE "public"."act_kind" AS ENUM('lift_suspension', 'revoke_token');--> statement-breakpoint
ALTER TYPE "public"."session_end" ADD VALUE 'deleted';--> statement-breakpoint
ALTER TYPE "public"."token_end" ADD VALUE 'user_deleted';--> statement-breakpoint
CREATE TABLE "act_results" (
	"id" uuid PRIMARY KEY NOT NULL,
	"corporation_id" uuid NOT NULL,
	"operator_id" uuid NOT NULL,
	"kind" "act_kind" NOT NULL,
	"secret_hash" text NOT NULL,
	"rows" jsonb NOT NULL,
	"acted_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "act_results_secret_hash_unique" UNIQUE("secret_hash")
);
--> statement-breakpoint
DROP INDEX "users_corporation";--> statement-breakpoint
DROP INDEX "audit_events_by_corporation";--> statement-breakpoint
DROP INDEX "audit_events_by_user";--> statement-breakpoint
DROP INDEX "users_login_id";--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "confirmation_suspended_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "deleted_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "login_key" text GENERATED ALWAYS AS (lower(login_id)) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "search_text" text GENERATED ALWAYS AS (lower(normalize(login_id || ' ' || name, NFKC))) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "tokens" ADD COLUMN "expiry_notice_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "act_results" ADD CONSTRAINT "act_results_corporation_id_corporations_id_fk" FOREIGN KEY ("corporation_id") REFERENCES "public"."corporations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "act_results" ADD CONSTRAINT "act_results_operator_id_users_id_fk" FOREIGN KEY ("operator_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "act_results_expiry" ON "act_results" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "audit_events_by_name" ON "audit_events" USING btree ("corporation_id","name","at","id");--> statement-breakpoint
CREATE INDEX "audit_events_by_actor" ON "audit_events" USING btree ("actor_id","at","id") WHERE "audit_events"."actor_id" <> "audit_events"."user_id";--> statement-breakpoint
CREATE INDEX "users_by_login_key" ON "users" USING btree ("corporation_id","login_key","id") WHERE "users"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "users_by_name" ON "users" USING btree ("corporation_id","name","login_key","id") WHERE "users"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "users_by_user_class" ON "users" USING btree ("corporation_id","user_class","login_key","id") WHERE "users"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "tokens_live_by_corporation" ON "tokens" USING btree ("corporation_id","user_id") WHERE "tokens"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "tokens_revoked_by_corporation" ON "tokens" USING btree ("corporation_id","ended_at") WHERE "tokens"."ended_because" = 'revoked';--> statement-breakpoint
CREATE INDEX "tokens_to_be_announced" ON "tokens" USING btree ("expires_at") WHERE "tokens"."confirmed_at" is not null and "tokens"."ended_at" is null and "tokens"."expiry_notice_at" is null;--> statement-breakpoint
CREATE INDEX "audit_events_by_corporation" ON "audit_events" USING btree ("corporation_id","at","id");--> statement-breakpoint
CREATE INDEX "audit_events_by_user" ON "audit_events" USING btree ("user_id","at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "users_login_id" ON "users" USING btree (lower("login_id")) WHERE "users"."deleted_at" is null;--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_confirmation_suspended" CHECK ("users"."confirmation_suspended_at" is null or "users"."confirmation_failures" > 0);