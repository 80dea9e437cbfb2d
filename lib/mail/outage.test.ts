import { mkdtempSync, chmodSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { sql } from "drizzle-orm";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import pino from "pino";
import { expect, test } from "vitest";
import { corporations, mailIntents } from "@/drizzle/schema";
import { remove, start } from "@/lib/commands/postgres.mjs";
import { connect, useDatabase } from "@/lib/platform/database";
import { startMailWorker } from "./worker";

test("the database stops and starts again: the worker waits without a rush, goes on by itself, and sends nothing twice", async () => {
  const directory = mkdtempSync(path.join(os.tmpdir(), "ichido-"));
  chmodSync(directory, 0o755); // PostgreSQL may run as another user
  const dataDir = path.join(directory, "postgres");
  let postgres = await start({ dataDir, throwAway: true });
  const connection = connect(postgres.url);
  useDatabase(connection);
  const lines: string[] = [];
  Object.assign(globalThis, { ichidoLog: pino({ base: null }, { write: (line: string) => { lines.push(line); } }) });
  const sent: string[] = [];
  const stop = await (async () => {
    await migrate(connection.db, { migrationsFolder: "drizzle/migrations" });
    return startMailWorker({ transport: async (_, { idempotencyKey }) => { sent.push(idempotencyKey); return "sent"; }, timing: { lookEvery: 50 } });
  })();

  try {
    const [corporation] = await connection.db.insert(corporations).values({ contractNumber: "1", name: "データ商事株式会社", createdAt: sql`now()` }).returning();
    const mail = () => connection.db.insert(mailIntents).values({
      corporationId: corporation!.id, kind: "suspension_lifted", recipient: "ichiro@example.jp", createdAt: sql`now()`, dueAt: sql`now()`,
      content: { kind: "suspension_lifted", userNames: ["データ一郎"], at: "2026-11-22T05:00:00.000Z" },
    });
    await mail();
    await expect.poll(() => sent.length, { timeout: 5_000 }).toBe(1);

    await postgres.stop();
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    const failures = lines.filter((line) => line.includes("cannot read its mails")).length;
    expect(failures).toBeGreaterThan(0);
    expect(failures).toBeLessThan(6);

    postgres = await start({ dataDir, port: postgres.port, throwAway: true });
    await expect.poll(() => mail().then(() => true, () => false), { timeout: 8_000 }).toBe(true);
    await expect.poll(() => sent.length, { timeout: 10_000 }).toBe(2);
    expect(new Set(sent).size).toBe(2);
  } finally {
    await stop();
    await connection.client.end({ timeout: 2 });
    await postgres.stop();
    remove(dataDir);
    rmSync(directory, { recursive: true, force: true });
  }
});
