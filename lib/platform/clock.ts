import { sql } from "drizzle-orm";
import { users } from "@/drizzle/schema";
import type { Database, Tx } from "./database";

/** The rules' clock: a column of every opening statement. */
export const appNow = sql`app_now()`.mapWith(users.createdAt).as("now");

export async function readClock(db: Tx | Database): Promise<{ now: Date }> {
  const [row] = await db.select({ now: appNow }).from(sql`(select 1) as one`);
  return row as { now: Date };
}

export const seconds = (count: number) => count * 1_000;
export const minutes = (count: number) => count * 60_000;
export const hours = (count: number) => count * 3_600_000;
export const days = (count: number) => count * 86_400_000;
export const later = (from: Date, milliseconds: number) => new Date(from.getTime() + milliseconds);
