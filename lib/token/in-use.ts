import { and, gt, isNotNull, isNull, lte, type SQL } from "drizzle-orm";
import { tokens } from "@/drizzle/schema";
import { days, later } from "@/lib/platform/clock";
import { policy } from "@/lib/policy";

/** The row of a user's token in use, or of one that has expired: time tells the two apart. */
export const inUse: SQL = and(isNotNull(tokens.confirmedAt), isNull(tokens.endedAt))!;

/** In use, and so near its end that it may be renewed (R14). */
export const endsSoon = (now: Date): SQL => and(inUse, gt(tokens.expiresAt, now), lte(tokens.expiresAt, later(now, days(policy.renewalDays))))!;
