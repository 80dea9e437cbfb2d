import pino from "pino";
import { env } from "./env";

type Holder = typeof globalThis & { ichidoLog?: pino.Logger };

/** One JSON object a line: no text from outside can forge a line. */
export const log = (): pino.Logger => ((globalThis as Holder).ichidoLog ??= pino({ level: env().LOG_LEVEL, base: null }));

/** What may be told of an exception. Drizzle's messages hold the statement and its parameters, so the message stays out. */
export function describe(error: unknown): { name: string; code?: string; constraint?: string; at?: string } {
  if (!(error instanceof Error)) return { name: typeof error };
  const cause = (error.cause ?? error) as Error & { code?: string; constraint_name?: string };
  return {
    name: cause.name, code: cause.code, constraint: cause.constraint_name,
    at: error.stack?.split("\n").filter((line) => /^\s+at /.test(line)).slice(0, 6).map((line) => line.trim()).join(" < "),
  };
}
