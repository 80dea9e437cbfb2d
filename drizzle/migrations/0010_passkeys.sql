CREATE TYPE "public"."passkey_end" AS ENUM('removed', 'revoked', 'service_ended', 'user_deleted');--> statement-breakpoint
CREATE TYPE "public"."passkey_purpose" AS ENUM('registration', 'login');--> statement-breakpoint
CREATE TABLE "passkey_challenges" (
	"id" uuid PRIMARY KEY NOT NULL,
	"corporation_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"purpose" "passkey_purpose" NOT NULL,
	"challenge" text NOT NULL,
	"half_login_hash" text,
	"session_id" uuid,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone,
	CONSTRAINT "passkey_challenges_challenge" UNIQUE("challenge"),
	CONSTRAINT "passkey_challenges_bound" CHECK (case "passkey_challenges"."purpose" when 'login' then "passkey_challenges"."half_login_hash" is not null and "passkey_challenges"."session_id" is null else "passkey_challenges"."half_login_hash" is null and "passkey_challenges"."session_id" is not null end),
	CONSTRAINT "passkey_challenges_in_order" CHECK ("passkey_challenges"."created_at" < "passkey_challenges"."expires_at")
);
--> statement-breakpoint
CREATE TABLE "passkeys" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"corporation_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"credential_id" text NOT NULL,
	"public_key" "bytea" NOT NULL,
	"counter" bigint NOT NULL,
	"transports" text[] NOT NULL,
	"name" text NOT NULL,
	"registered_at" timestamp (3) with time zone NOT NULL,
	"last_used_at" timestamp (3) with time zone,
	"removed_at" timestamp (3) with time zone,
	"removed_because" "passkey_end",
	"removed_by" uuid,
	CONSTRAINT "passkeys_credential_id" UNIQUE("credential_id"),
	CONSTRAINT "passkeys_end_has_cause" CHECK (("passkeys"."removed_at" is null) = ("passkeys"."removed_because" is null)),
	CONSTRAINT "passkeys_counter_not_negative" CHECK ("passkeys"."counter" >= 0)
);
--> statement-breakpoint
ALTER TABLE "passkey_challenges" ADD CONSTRAINT "passkey_challenges_corporation_id_corporations_id_fk" FOREIGN KEY ("corporation_id") REFERENCES "public"."corporations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "passkey_challenges" ADD CONSTRAINT "passkey_challenges_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "passkey_challenges" ADD CONSTRAINT "passkey_challenges_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."sessions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "passkeys" ADD CONSTRAINT "passkeys_corporation_id_corporations_id_fk" FOREIGN KEY ("corporation_id") REFERENCES "public"."corporations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "passkeys" ADD CONSTRAINT "passkeys_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "passkey_challenges_one_open" ON "passkey_challenges" USING btree ("user_id","purpose") WHERE "passkey_challenges"."used_at" is null;--> statement-breakpoint
CREATE INDEX "passkey_challenges_expiry" ON "passkey_challenges" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "passkeys_of_user" ON "passkeys" USING btree ("user_id") WHERE "passkeys"."removed_at" is null;--> statement-breakpoint
CREATE INDEX "passkeys_by_corporation" ON "passkeys" USING btree ("corporation_id","user_id") WHERE "passkeys"."removed_at" is null;--> statement-breakpoint
-- WebAuthn 7.2, for the day the code forgets: a signature counter never falls, a credential keeps its key and its user, and what was removed stays removed.
CREATE FUNCTION passkeys_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.removed_at IS NOT NULL THEN
    RAISE EXCEPTION 'a passkey that was removed does not change' USING ERRCODE = 'check_violation', CONSTRAINT = 'passkeys_removed_is_final';
  END IF;
  IF (NEW.user_id, NEW.corporation_id, NEW.credential_id, NEW.public_key) IS DISTINCT FROM (OLD.user_id, OLD.corporation_id, OLD.credential_id, OLD.public_key) THEN
    RAISE EXCEPTION 'a passkey keeps its key and its user' USING ERRCODE = 'check_violation', CONSTRAINT = 'passkeys_one_key';
  END IF;
  IF NEW.counter < OLD.counter THEN
    RAISE EXCEPTION 'a signature counter never falls' USING ERRCODE = 'check_violation', CONSTRAINT = 'passkeys_counter_grows';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER passkeys_guard BEFORE UPDATE ON passkeys FOR EACH ROW EXECUTE FUNCTION passkeys_guard();
--> statement-breakpoint
CREATE FUNCTION passkey_challenges_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.used_at IS NOT NULL THEN
    RAISE EXCEPTION 'a challenge is used once' USING ERRCODE = 'check_violation', CONSTRAINT = 'passkey_challenges_used_once';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER passkey_challenges_guard BEFORE UPDATE ON passkey_challenges FOR EACH ROW EXECUTE FUNCTION passkey_challenges_guard();
