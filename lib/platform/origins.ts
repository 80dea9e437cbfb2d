import { env } from "./env";

/** Where a POST may come from. Never read from the request. */
export const allowedOrigins = (): string[] => {
  const { PUBLIC_ORIGIN, STAFF_HOST } = env();
  return STAFF_HOST ? [PUBLIC_ORIGIN, `https://${STAFF_HOST}`] : [PUBLIC_ORIGIN];
};
