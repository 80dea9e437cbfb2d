CREATE TABLE "database_lives" (
	"one" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"life" text NOT NULL,
	"time_step_floor" bigint NOT NULL,
	"began_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "database_lives_one" CHECK ("database_lives"."one")
);
--> statement-breakpoint
-- The life in which this was set up: every time step is as its token remembers it.
INSERT INTO "database_lives" ("life", "time_step_floor", "began_at")
  SELECT system_identifier::text || ' ' || left(pg_walfile_name(pg_current_wal_lsn()), 8), 0, now() FROM pg_control_system();
--> statement-breakpoint
-- For the day the code forgets, or somebody has its role: as a token's last time step, the floor never falls, and the row never goes.
CREATE FUNCTION database_lives_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'UPDATE' OR NEW.time_step_floor < OLD.time_step_floor THEN
    RAISE EXCEPTION 'the step floor never falls' USING ERRCODE = 'check_violation', CONSTRAINT = 'database_lives_floor_grows';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER database_lives_guard BEFORE UPDATE OR DELETE ON database_lives FOR EACH ROW EXECUTE FUNCTION database_lives_guard();
