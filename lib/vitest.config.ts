import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { defineConfig } from "vitest/config";

const root = path.resolve(import.meta.dirname, "..");

const files = ["app", "lib", "drizzle"].flatMap((folder) => readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" }).map((file) => `${folder}/${file}`)).filter((file) => file.endsWith(".test.ts"));
const withDatabase = files.filter((file) => /test-database"|postgres\.mjs"/.test(readFileSync(path.join(root, file), "utf8")));

export default defineConfig({
  root,
  resolve: { alias: { "@": root } },
  test: {
    projects: [
      { extends: true, test: { name: "alone", include: files.filter((file) => !withDatabase.includes(file)) } },
      { extends: true, test: { name: "with PostgreSQL", include: withDatabase, globalSetup: ["lib/commands/throw-away-postgres.mjs"] } },
    ],
    maxWorkers: "100%", // unasked, one processor is left to a main process that has nothing to do: on two, half of the time
    env: {
      PUBLIC_ORIGIN: "http://localhost:3000",
      DATABASE_URL: "postgres://unused.invalid/unused", // each test file has a database of its own
      NEXTAUTH_SECRET: "a secret that only tests know, long enough",
      KEY_RING: `test:${Buffer.alloc(32, 1).toString("base64")}`,
      AUDIT_SIGNING_KEY: Buffer.alloc(32, 2).toString("base64"),
      MAIL_TRANSPORT: "smtp",
      SMTP_URL: "smtp://127.0.0.1:1",
      MAIL_FROM: "no-reply@ichido.example",
      LOG_LEVEL: "silent",
    },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    coverage: { include: ["lib/**"] },
  },
});
