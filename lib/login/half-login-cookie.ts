import { setCookie } from "@/lib/platform/cookies";
import { policy } from "@/lib/policy";

/** Ends with its row; the row decides. */
export const halfLoginCookie = (secret: string): string => setCookie("halfLogin", secret, policy.halfLoginMinutes * 60);
