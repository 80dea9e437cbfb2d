-- Every rule takes its time from here, so that all server processes share one clock.
CREATE FUNCTION app_now() RETURNS timestamptz LANGUAGE sql STABLE AS $$ SELECT now() $$;
--> statement-breakpoint
-- RFC 6238 5.2, for the day the code forgets: an accepted time step is never accepted again, and what has ended stays ended.
CREATE FUNCTION tokens_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.ended_at IS NOT NULL THEN
    RAISE EXCEPTION 'a token that has ended does not change' USING ERRCODE = 'check_violation', CONSTRAINT = 'tokens_ended_is_final';
  END IF;
  IF OLD.confirmed_at IS NOT NULL AND NEW.confirmed_at IS DISTINCT FROM OLD.confirmed_at THEN
    RAISE EXCEPTION 'a token is confirmed once' USING ERRCODE = 'check_violation', CONSTRAINT = 'tokens_confirmed_once';
  END IF;
  IF OLD.set_up_at IS NOT NULL AND NEW.phone_public_key IS DISTINCT FROM OLD.phone_public_key THEN
    RAISE EXCEPTION 'a token has one phone' USING ERRCODE = 'check_violation', CONSTRAINT = 'tokens_one_phone';
  END IF;
  IF NEW.last_time_step IS DISTINCT FROM OLD.last_time_step AND OLD.last_time_step IS NOT NULL
     AND (NEW.last_time_step IS NULL OR NEW.last_time_step <= OLD.last_time_step) THEN
    RAISE EXCEPTION 'an accepted time step is accepted once' USING ERRCODE = 'check_violation', CONSTRAINT = 'tokens_time_step_once';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER tokens_guard BEFORE UPDATE ON tokens FOR EACH ROW EXECUTE FUNCTION tokens_guard();
--> statement-breakpoint
CREATE FUNCTION rows_are_only_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% keeps every row as it was written', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
--> statement-breakpoint
CREATE TRIGGER audit_events_only_added BEFORE UPDATE OR DELETE ON audit_events FOR EACH ROW EXECUTE FUNCTION rows_are_only_added();
--> statement-breakpoint
CREATE TRIGGER audit_events_not_emptied BEFORE TRUNCATE ON audit_events FOR EACH STATEMENT EXECUTE FUNCTION rows_are_only_added();
--> statement-breakpoint
CREATE TRIGGER audit_seals_only_added BEFORE UPDATE OR DELETE ON audit_seals FOR EACH ROW EXECUTE FUNCTION rows_are_only_added();
--> statement-breakpoint
CREATE TRIGGER audit_seals_not_emptied BEFORE TRUNCATE ON audit_seals FOR EACH STATEMENT EXECUTE FUNCTION rows_are_only_added();
