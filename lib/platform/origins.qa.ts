import { env } from "./env";

/** A demo has several server processes, each with its own port. */
export const allowedOrigins = (): string[] => [env().PUBLIC_ORIGIN, ...(env().ICHIDO_DEMO_ORIGINS?.split(",") ?? [])];
