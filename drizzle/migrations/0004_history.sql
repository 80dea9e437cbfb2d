DROP INDEX "audit_events_by_actor";--> statement-breakpoint
CREATE INDEX "users_deleted" ON "users" USING btree ("corporation_id") WHERE "users"."deleted_at" is not null;--> statement-breakpoint
CREATE INDEX "audit_events_by_actor" ON "audit_events" USING btree ("actor_id","at","id") WHERE "audit_events"."user_id" is null or "audit_events"."actor_id" <> "audit_events"."user_id";