import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { variables } from "@/lib/platform/env";
import { uploadBytes } from "@/lib/platform/body-limits.mjs";

const read = (name: string) => readFileSync(`docs/operations/deploy/${name}`, "utf8");
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found]) => found!);

test("compose.yaml sets variables that there are, every one that is needed, and only secrets that it declares", () => {
  const compose = read("compose.yaml");
  const names = new Set(all(compose, /^ +([A-Z_]+):/gm).filter((name) => !name.startsWith("POSTGRES_")).map((name) => (name in variables.shape ? name : name.replace(/_FILE$/, ""))));
  const needed = Object.entries(variables.shape).filter(([, schema]) => !schema.safeParse(undefined).success).map(([name]) => name);
  expect([...names].filter((name) => !(name in variables.shape))).toEqual([]);
  expect(needed.filter((name) => !names.has(name))).toEqual([]);
  const declared = all(compose, /^ {2}(\w+): \{ file:/gm);
  const used = [...all(compose, /^ +secrets: \[(.+)\]/gm).flatMap((list) => list.split(", ")), ...all(compose, /\/run\/secrets\/(\w+)/g)];
  expect(new Set(used)).toEqual(new Set(declared));
});

test("nginx.conf lets through what the service takes, and ends idle connections before it does", () => {
  const conf = read("nginx.conf");
  expect(Number(all(conf, /client_max_body_size (\d+)k/g)[0]) * 1024).toBe(uploadBytes);
  const service = Number(all(readFileSync("lib/commands/server.mjs", "utf8"), /keepAliveMilliseconds = (\d+)_000/g)[0]);
  expect(Number(all(conf, /keepalive_timeout (\d+)s/g)[0])).toBeLessThan(service);
});

test("nginx.conf asks every process for a page's files, and keeps them: while two versions run each has its own", () => {
  const [, ...servers] = read("nginx.conf").split(/^ {2}server \{/m).filter((server) => !/return 301|ssl_reject_handshake/.test(server));
  expect(servers).toHaveLength(2);
  for (const server of servers) expect(server).toMatch(/location \/_next\/static\/ \{\s+proxy_next_upstream error timeout http_404;\s+proxy_cache static;/);
});

test("what is left out of the image is imported by nothing in it", () => {
  const out = read("Dockerfile.dockerignore").trim().split("\n").filter((line) => !line.includes("*"));
  const sources = ["app", "lib", "e2e", "drizzle"].flatMap((folder) => readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => path.join(folder, file))).filter((file) => /(?<!\.test)\.(ts|tsx|mjs)$/.test(file));
  const importing = sources.filter((file) => all(readFileSync(file, "utf8"), /from "(\.[^"]+)"/g).some((target) => out.includes(path.join(path.dirname(file), target).split("/")[0]!)));
  expect(importing).toEqual([]);
});

test("the Dockerfile copies what is there", () => {
  for (const sources of all(read("Dockerfile"), /^COPY (?!--)(.+) \S+$/gm)) for (const source of sources.split(" ")) expect([source, existsSync(source)]).toEqual([source, true]);
});
