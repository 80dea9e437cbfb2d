import { customType, timestamp } from "drizzle-orm/pg-core";

/** A moment, always with its zone; read from `app_now()`, never from a server's own clock. */
export const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "date", precision: 3 });

/** PostgreSQL's 64-bit transaction id: the order in which the audit log is sealed. */
export const transactionId = customType<{ data: string }>({ dataType: () => "xid8" });

export const bytes = customType<{ data: Buffer }>({ dataType: () => "bytea" });
