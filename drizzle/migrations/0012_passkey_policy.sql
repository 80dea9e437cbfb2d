CREATE TYPE "public"."passkey_policy" AS ENUM('offered', 'asked_of_managers', 'required');--> statement-breakpoint
CREATE TYPE "public"."step_up_policy" AS ENUM('off', 'managers_with_passkey', 'everyone', 'each_act');--> statement-breakpoint
ALTER TYPE "public"."session_level" ADD VALUE 'passkey_registration';--> statement-breakpoint
ALTER TYPE "public"."passkey_purpose" ADD VALUE 'approval';--> statement-breakpoint
ALTER TYPE "public"."case_kind" ADD VALUE 'change_authentication';--> statement-breakpoint
CREATE TABLE "passkey_login_challenges" (
	"id" uuid PRIMARY KEY NOT NULL,
	"secret_hash" text NOT NULL,
	"challenge" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "passkey_login_challenges_secret_hash_unique" UNIQUE("secret_hash"),
	CONSTRAINT "passkey_login_challenges_challenge_unique" UNIQUE("challenge")
);
--> statement-breakpoint
ALTER TABLE "corporations" ADD COLUMN "passkey_policy" "passkey_policy" DEFAULT 'offered' NOT NULL;--> statement-breakpoint
ALTER TABLE "corporations" ADD COLUMN "passkey_required_from" date;--> statement-breakpoint
ALTER TABLE "corporations" ADD COLUMN "passkey_alone" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "corporations" ADD COLUMN "step_up_policy" "step_up_policy" DEFAULT 'managers_with_passkey' NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "one_time_password_logins" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "proved_again_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "passkey_offered" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "passkey_challenges" ADD COLUMN "nonce" text;--> statement-breakpoint
ALTER TABLE "cases" ADD COLUMN "authentication" jsonb;--> statement-breakpoint
ALTER TABLE "staff_passkey_challenges" ADD COLUMN "nonce" text;--> statement-breakpoint
ALTER TABLE "staff_sessions" ADD COLUMN "proved_again_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "passkey_login_challenges_expiry" ON "passkey_login_challenges" USING btree ("expires_at");--> statement-breakpoint
ALTER TABLE "corporations" ADD CONSTRAINT "corporations_passkey_required" CHECK (("corporations"."passkey_policy" = 'required') = ("corporations"."passkey_required_from" is not null));