import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import postgres from "postgres";
import { afterAll, expect, test } from "vitest";
import { remove, start } from "./postgres.mjs";
import { isAlive } from "./project.mjs";

const directory = mkdtempSync(path.join(os.tmpdir(), "ichido-"));
const dataDir = path.join(directory, "postgres");

afterAll(() => {
  remove(dataDir);
  rmSync(directory, { recursive: true, force: true });
});

const count = async (url: string) => {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  await sql`create table if not exists kept (n integer)`;
  await sql`insert into kept values (1)`;
  const rows = await sql`select n from kept`;
  await sql.end();
  return rows.length;
};

// 0700 is what mkdtemp gives: as root, the user that PostgreSQL runs as cannot pass through.
test.each([["a private folder", 0o700], ["an open folder", 0o755]])("data outlives a stop, a kill -9 and a forgotten server, in %s", async (_, mode) => {
  chmodSync(directory, mode);
  const first = await start({ dataDir });
  expect(await count(first.url)).toBe(1);
  await first.stop();
  expect(isAlive(first.pid)).toBe(false);

  const second = await start({ dataDir });
  expect(await count(second.url)).toBe(2);
  process.kill(second.pid, "SIGKILL");

  const third = await start({ dataDir });
  expect(await count(third.url)).toBe(3);

  const fourth = await start({ dataDir }); // its launcher was killed, so nobody stopped the third
  expect(isAlive(third.pid)).toBe(false);
  expect(await count(fourth.url)).toBe(4);
  await fourth.stop();
  remove(dataDir);
});
