CREATE TABLE "staff_known_browsers" (
	"staff_id" uuid NOT NULL,
	"browser_hash" text NOT NULL,
	"failures" smallint DEFAULT 0 NOT NULL,
	"stopped_until" timestamp (3) with time zone,
	CONSTRAINT "staff_known_browsers_staff_id_browser_hash_pk" PRIMARY KEY("staff_id","browser_hash"),
	CONSTRAINT "staff_known_browsers_failures_not_negative" CHECK ("staff_known_browsers"."failures" >= 0)
);
--> statement-breakpoint
ALTER TABLE "staff_known_browsers" ADD CONSTRAINT "staff_known_browsers_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;