CREATE TYPE "public"."staff_passkey_end" AS ENUM('removed', 'revoked');--> statement-breakpoint
CREATE TABLE "staff_passkey_challenges" (
	"id" uuid PRIMARY KEY NOT NULL,
	"staff_id" uuid NOT NULL,
	"purpose" "passkey_purpose" NOT NULL,
	"challenge" text NOT NULL,
	"half_login_hash" text,
	"session_id" uuid,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone,
	CONSTRAINT "staff_passkey_challenges_challenge" UNIQUE("challenge"),
	CONSTRAINT "staff_passkey_challenges_bound" CHECK (case "staff_passkey_challenges"."purpose" when 'login' then "staff_passkey_challenges"."half_login_hash" is not null and "staff_passkey_challenges"."session_id" is null else "staff_passkey_challenges"."half_login_hash" is null and "staff_passkey_challenges"."session_id" is not null end),
	CONSTRAINT "staff_passkey_challenges_in_order" CHECK ("staff_passkey_challenges"."created_at" < "staff_passkey_challenges"."expires_at")
);
--> statement-breakpoint
CREATE TABLE "staff_passkeys" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"staff_id" uuid NOT NULL,
	"credential_id" text NOT NULL,
	"public_key" "bytea" NOT NULL,
	"counter" bigint NOT NULL,
	"transports" text[] NOT NULL,
	"name" text NOT NULL,
	"registered_at" timestamp (3) with time zone NOT NULL,
	"last_used_at" timestamp (3) with time zone,
	"removed_at" timestamp (3) with time zone,
	"removed_because" "staff_passkey_end",
	CONSTRAINT "staff_passkeys_credential_id" UNIQUE("credential_id"),
	CONSTRAINT "staff_passkeys_end_has_cause" CHECK (("staff_passkeys"."removed_at" is null) = ("staff_passkeys"."removed_because" is null)),
	CONSTRAINT "staff_passkeys_counter_not_negative" CHECK ("staff_passkeys"."counter" >= 0)
);
--> statement-breakpoint
ALTER TABLE "staff_passkey_challenges" ADD CONSTRAINT "staff_passkey_challenges_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff_passkey_challenges" ADD CONSTRAINT "staff_passkey_challenges_session_id_staff_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."staff_sessions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff_passkeys" ADD CONSTRAINT "staff_passkeys_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "staff_passkey_challenges_one_open" ON "staff_passkey_challenges" USING btree ("staff_id","purpose") WHERE "staff_passkey_challenges"."used_at" is null;--> statement-breakpoint
CREATE INDEX "staff_passkey_challenges_expiry" ON "staff_passkey_challenges" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "staff_passkeys_of_staff" ON "staff_passkeys" USING btree ("staff_id") WHERE "staff_passkeys"."removed_at" is null;--> statement-breakpoint
-- As passkeys_guard: a signature counter never falls, a credential keeps its key and its member of staff, and what was removed stays removed.
CREATE FUNCTION staff_passkeys_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.removed_at IS NOT NULL THEN
    RAISE EXCEPTION 'a passkey that was removed does not change' USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_passkeys_removed_is_final';
  END IF;
  IF (NEW.staff_id, NEW.credential_id, NEW.public_key) IS DISTINCT FROM (OLD.staff_id, OLD.credential_id, OLD.public_key) THEN
    RAISE EXCEPTION 'a passkey keeps its key and its member of staff' USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_passkeys_one_key';
  END IF;
  IF NEW.counter < OLD.counter THEN
    RAISE EXCEPTION 'a signature counter never falls' USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_passkeys_counter_grows';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER staff_passkeys_guard BEFORE UPDATE ON staff_passkeys FOR EACH ROW EXECUTE FUNCTION staff_passkeys_guard();
--> statement-breakpoint
CREATE TRIGGER staff_passkey_challenges_guard BEFORE UPDATE ON staff_passkey_challenges FOR EACH ROW EXECUTE FUNCTION passkey_challenges_guard();
