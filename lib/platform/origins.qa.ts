import { env } from "./env";

/** A demo has several server processes, each with its own port. */
export const allowedOrigins = (): string[] => [env().PUBLIC_ORIGIN, ...(env().ICHIDO_DEMO_ORIGINS?.split(",") ?? [])];

/** A QA build stays on this machine, where hosts have no certificates. */
export const staffOrigins = (): string[] => (env().STAFF_HOST ? [`https://${env().STAFF_HOST}`, `http://${env().STAFF_HOST}`] : allowedOrigins());
