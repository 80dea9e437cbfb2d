CREATE TABLE "audit_blocks" (
	"chain" uuid NOT NULL,
	"number" integer NOT NULL,
	"previous_hash" text NOT NULL,
	"up_to_transaction" "xid8" NOT NULL,
	"up_to_event" bigint NOT NULL,
	"events" integer NOT NULL,
	"row_hashes" "bytea" NOT NULL,
	"hash" text NOT NULL,
	"signature" text NOT NULL,
	"sealed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "audit_blocks_chain_number_pk" PRIMARY KEY("chain","number"),
	CONSTRAINT "audit_blocks_have_rows" CHECK ("audit_blocks"."number" > 0 and "audit_blocks"."events" > 0 and octet_length("audit_blocks"."row_hashes") = 32 * "audit_blocks"."events")
);
--> statement-breakpoint
CREATE TABLE "audit_head_mails" (
	"corporation_id" uuid NOT NULL,
	"month" date NOT NULL,
	"number" integer NOT NULL,
	"hash" text NOT NULL,
	"mailed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "audit_head_mails_corporation_id_month_pk" PRIMARY KEY("corporation_id","month")
);
--> statement-breakpoint
ALTER TABLE "audit_head_mails" ADD CONSTRAINT "audit_head_mails_corporation_id_corporations_id_fk" FOREIGN KEY ("corporation_id") REFERENCES "public"."corporations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_blocks_by_place" ON "audit_blocks" USING btree ("up_to_transaction","up_to_event");--> statement-breakpoint
CREATE INDEX "audit_events_by_chain" ON "audit_events" USING btree ("corporation_id","transaction","id");--> statement-breakpoint
CREATE TRIGGER audit_blocks_only_added BEFORE UPDATE OR DELETE ON audit_blocks FOR EACH ROW EXECUTE FUNCTION rows_are_only_added();
--> statement-breakpoint
CREATE TRIGGER audit_blocks_not_emptied BEFORE TRUNCATE ON audit_blocks FOR EACH STATEMENT EXECUTE FUNCTION rows_are_only_added();
