import { env } from "./env";

/** Where a POST may come from. Never read from the request. */
export const allowedOrigins = (): string[] => [env().PUBLIC_ORIGIN];
