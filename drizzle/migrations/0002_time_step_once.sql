-- The trigger on every update cannot tell a time step that is written again from one that is left alone; this one is asked only where it is written.
CREATE FUNCTION tokens_time_step_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.last_time_step IS NOT NULL AND (NEW.last_time_step IS NULL OR NEW.last_time_step <= OLD.last_time_step) THEN
    RAISE EXCEPTION 'an accepted time step is accepted once' USING ERRCODE = 'check_violation', CONSTRAINT = 'tokens_time_step_once';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER tokens_time_step_once BEFORE UPDATE OF last_time_step ON tokens FOR EACH ROW EXECUTE FUNCTION tokens_time_step_guard();
