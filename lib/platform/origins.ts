import { env } from "./env";

/** Where a customer's POST may come from. Never read from the request. */
export const allowedOrigins = (): string[] => [env().PUBLIC_ORIGIN];

/** Where the counter console's may: the console's own origin and no other. */
export const staffOrigins = (): string[] => (env().STAFF_HOST ? [`https://${env().STAFF_HOST}`] : allowedOrigins());
