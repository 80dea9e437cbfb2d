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
