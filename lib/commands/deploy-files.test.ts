import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { variables } from "@/lib/platform/env";
import { uploadBytes } from "@/lib/platform/body-limits.mjs";

const read = (name: string) => readFileSync(`docs/operations/deploy/${name}`, "utf8");
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found]) => found!);

test("compose.yaml sets variables that there are, every one that is needed, and only secrets that it declares", () => {
  const text = read("compose.yaml");
  const names = new Set(all(text, /^ +([A-Z_]+):/gm).filter((name) => !name.startsWith("POSTGRES_")).map((name) => (name in variables.shape ? name : name.replace(/_FILE$/, ""))));
  const needed = Object.entries(variables.shape).filter(([, schema]) => !schema.safeParse(undefined).success).map(([name]) => name);
  expect([...names].filter((name) => !(name in variables.shape))).toEqual([]);
  expect(needed.filter((name) => !names.has(name))).toEqual([]);
  const declared = all(text, /^ {2}(\w+): \{ file:/gm);
  const used = [...all(text, /^ +secrets: \[(.+)\]/gm).flatMap((list) => list.split(", ")), ...all(text, /\/run\/secrets\/(\w+)/g)];
  expect(new Set(used)).toEqual(new Set(declared));
});

type Service = { networks: string[] | Record<string, { ipv4_address: string }>; volumes?: string[]; secrets?: string[]; depends_on?: string[] | object; environment?: Record<string, string>; stop_grace_period?: string };
type Compose = { services: Record<string, Service>; networks: Record<string, object | null>; volumes: Record<string, object> };
const compose = parse(read("compose.yaml"), { merge: true }) as Compose;
const namesOf = (names: string[] | object = []) => (Array.isArray(names) ? names as string[] : Object.keys(names));

test("compose.yaml's services name networks, volumes and services that there are, and mount files that are in the folder or told of", () => {
  const told = readFileSync("docs/operations/deploy.md", "utf8");
  for (const [name, { networks, volumes = [], depends_on }] of Object.entries(compose.services)) {
    expect([name, namesOf(networks).filter((network) => !(network in compose.networks)), namesOf(depends_on).filter((other) => !(other in compose.services))]).toEqual([name, [], []]);
    const sources = volumes.map((volume) => volume.split(":")[0]!);
    expect([name, sources.filter((source) => (source.startsWith("./") ? !existsSync(path.join("docs/operations/deploy", source)) && !told.includes(source.slice(2)) : !(source in compose.volumes)))]).toEqual([name, []]);
  }
  const [one, other] = [compose.services["ichido-1"]!, compose.services["ichido-2"]!];
  expect(one).toEqual(other);
  expect(parseInt(one.stop_grace_period!)).toBeGreaterThan(10); // what a process takes to drain
  expect(one.environment!.TRUSTED_PROXIES).toBe(Object.values(compose.services.proxy!.networks as Record<string, { ipv4_address: string }>).map(({ ipv4_address }) => ipv4_address).join());
});

test("prometheus.yml asks both processes, with their token, and has the alert rules", () => {
  const { rule_files, scrape_configs: [job] } = parse(read("prometheus.yml")) as { rule_files: string[]; scrape_configs: [{ job_name: string; authorization: { credentials_file: string }; static_configs: [{ targets: string[] }] }] };
  const { volumes = [], secrets = [] } = compose.services.prometheus!;
  expect(job.static_configs[0].targets).toEqual(Object.keys(compose.services).filter((name) => name.startsWith("ichido-")).map((name) => `${name}:3000`));
  expect([job.job_name, secrets.map((secret) => `/run/secrets/${secret}`)]).toEqual(["ichido", [job.authorization.credentials_file]]);
  expect(rule_files.filter((file) => !volumes.includes(`./${path.basename(file)}:${file}:ro`))).toEqual([]);
  const { groups } = parse(readFileSync("docs/operations/alerts.yml", "utf8")) as { groups: { name: string; rules: { alert: string; expr: string }[] }[] };
  expect(groups.flatMap(({ rules }) => rules).filter(({ alert, expr }) => !alert || !expr)).toEqual([]);
  expect(readFileSync("docs/operations/alerts.yml", "utf8")).toContain(`up{job="${job.job_name}"}`);
});

/** nginx.conf as lines `block > block > directive`, all of it read: what is neither a directive nor a block is an error. */
function directivesOf(conf: string): string[] {
  const [directives, blocks]: [string[], string[]] = [[], []];
  const rest = conf.replaceAll(/(?<=^|[\s;{}])#.*/g, "").replaceAll(/'[^']*'/g, "'…'").replaceAll(/\s*([^;{}]*?)\s*([;{}])/g, (_, words: string, end: string) => {
    if (end === ";" && words) directives.push([...blocks, words.replaceAll(/\s+/g, " ")].join(" > "));
    else if (end === "{" && words) blocks.push(words);
    else if (end !== "}" || words || !blocks.pop()) throw new Error(`nginx.conf: ${words} ${end}`);
    return "";
  });
  expect([rest.trim(), blocks]).toEqual(["", []]);
  return directives;
}

test("nginx.conf has what deploy.md says that the service needs of a proxy, for the hosts of compose.yaml", () => {
  const directives = directivesOf(read("nginx.conf"));
  for (const directive of [
    "proxy_set_header Host $host", "proxy_set_header X-Forwarded-For $remote_addr", "proxy_request_buffering on", "proxy_next_upstream error timeout", "gzip off", "ssl_protocols TLSv1.2 TLSv1.3",
    "upstream ichido > keepalive_timeout 60s", "server > location = /metrics > return 404", "server > allow 10.0.0.0/8", "server > deny all", "limit_req_zone $attempts_from zone=attempts:10m rate=5r/s",
    "upstream ichido > server ichido-1:3000 resolve max_fails=1 fail_timeout=5s", "upstream ichido > server ichido-2:3000 resolve max_fails=1 fail_timeout=5s", "server > location / > limit_req zone=attempts burst=50 nodelay",
  ]) expect(directives).toContain(`http > ${directive}`);
  expect(directives.filter((directive) => /non_idempotent|add_header|proxy_set_header X-Forwarded-(?!For)/.test(directive))).toEqual([]);
  const { PUBLIC_ORIGIN, STAFF_HOST } = compose.services["ichido-1"]!.environment!;
  expect(directives.filter((directive) => directive.includes("server_name "))).toEqual([new URL(PUBLIC_ORIGIN!).host, STAFF_HOST].map((host) => `http > server > server_name ${host}`));
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
