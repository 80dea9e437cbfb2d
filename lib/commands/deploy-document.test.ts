import { spawn, spawnSync } from "node:child_process";
import { appendFileSync, chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { headOf } from "@/lib/audit/store";
import { sealAll } from "@/lib/audit/test-seal";
import { connect, useDatabase } from "@/lib/platform/database";
import { raiseStepFloor } from "@/lib/token/step-floor";
import { unprivilegedOwner } from "./postgres.mjs";
import { root } from "./project.mjs";
import { clusterOf, foundPostgres } from "./prove/cluster.mjs";

/*
 * docs/operations/deploy.md as it stands: its blocks are taken from there and run. Docker alone is another: the owner's container is this checkout, PostgreSQL's a
 * cluster of Debian's. Where that or openssl is not installed nothing can be run.
 */

const native = foundPostgres();
const able = native !== undefined && spawnSync("openssl", ["version"]).status === 0;

const deploy = "docs/operations/deploy.md";
const one = (words: string, found: string[]) => {
  expect([words, found.length]).toEqual([words, 1]);
  return found[0]!;
};

/** The one block of a document that has these words. */
const block = (words: string, file = deploy) => one(words, [...readFileSync(file, "utf8").matchAll(/^( *)```\w*\n([\s\S]*?)^ *```/gm)]
  .map(([, indentation, text]) => text!.replaceAll(new RegExp(`^${indentation}`, "gm"), "")).filter((text) => text.includes(words)));

/** The one piece of code in a sentence that begins so. */
const inline = (words: string) => one(words, [...readFileSync(deploy, "utf8").matchAll(/`([^`\n]+)`/g)].map(([, text]) => text!).filter((text) => text.startsWith(words)));

const docker = `#!/bin/sh
shift
verb=$1
shift
while case $1 in --volume | --entrypoint) shift ;; -?*) ;; *) false ;; esac; do shift; done
service=$1
shift
case "$verb $service" in
  "up postgres") ;;
  "run owner") cd "$CHECKOUT" || exit; [ $# -gt 0 ] || set -- $OWNER_COMMAND; exec "$@" ;;
  "run postgres") exec sh "$@" ;;
  "exec postgres") exec "$@" ;;
  *) echo "docker compose $verb $service is not known here" >&2; exit 64 ;;
esac
`;
const chown = `#!/bin/sh
[ "$(id -u)" != 0 ] || exec /bin/chown "$@"
`;

type Compose = { services: Record<string, { environment: Record<string, string>; command?: string[] }>; secrets: Record<string, object> };

describe.skipIf(!able)("deploy.md, with Debian's PostgreSQL and without Docker", () => {
  const compose = parse(readFileSync("docs/operations/deploy/compose.yaml", "utf8"), { merge: true }) as Compose;
  const owner = able ? unprivilegedOwner() : undefined;
  const password = "only-tests-know";
  const place = able ? mkdtempSync(path.join(os.tmpdir(), "ichido-deploy-")) : "";
  const [bin, service, archive, backups] = ["bin", "service", "archive", "backups"].map((name) => path.join(place, name)) as [string, string, string, string];
  const secret = (name: string) => readFileSync(path.join(service, "secrets", name), "utf8").trim();
  const cluster = clusterOf(native!, place, password);
  type Server = Awaited<ReturnType<typeof cluster.started>>;
  const running: Server[] = [];
  let primary: Server;

  const started = async (directory: string) => {
    const server = await cluster.started(directory);
    running.push(server);
    return server;
  };
  const stopped = async () => { for (const server of running.splice(0)) await cluster.stop(server); };

  const environmentOf = (name: string) => ({
    PATH: [bin, path.join(native!, "bin"), process.env.PATH].join(":"), HOME: process.env.HOME, CHECKOUT: root, OWNER_COMMAND: compose.services.owner!.command!.join(" "), npm_config_update_notifier: "false",
    ...Object.fromEntries(Object.entries(compose.services[name]!.environment).map(([variable, value]) => [variable, value.replace("/run/secrets", path.join(service, "secrets")).replace("/etc/ichido", service)])),
  });

  /** Runs text as it stands, and answers what it said. Without a terminal psql takes passwords from its input. */
  async function run(text: string, { input = "", cwd = service, as, variables = {}, container = "owner" }: { input?: string; cwd?: string; as?: typeof owner; variables?: Record<string, string>; container?: string } = {}) {
    const child = spawn("sh", ["-e", "-c", text], { cwd, detached: true, ...as, env: { ...environmentOf(container), PGHOST: "127.0.0.1", PGPORT: String(primary.port), ...variables } as unknown as NodeJS.ProcessEnv });
    let said = "";
    for (const output of [child.stdout, child.stderr]) output.setEncoding("utf8").on("data", (more: string) => { said += more; });
    child.stdin.on("error", () => {}).end(input);
    const code = await new Promise((resolve) => child.once("close", resolve));
    expect([text, code, code === 0 ? "" : said]).toEqual([text, 0, ""]);
    return said;
  }

  /** The secrets name the container; here it is a port. */
  function leadTo({ port }: Server) {
    for (const name of ["owner_database_url", "database_url", "staff_database_url"]) writeFileSync(path.join(service, "secrets", name), `${secret(name).replace(/@(postgres|127\.0\.0\.1:\d+)\//, `@127.0.0.1:${port}/`)}\n`);
  }

  beforeAll(async () => {
    chmodSync(place, 0o755); // PostgreSQL may run as another user
    for (const folder of [bin, service, archive, backups]) mkdirSync(folder);
    if (owner) for (const folder of [archive, backups]) chownSync(folder, owner.uid, owner.gid);
    for (const [name, text] of [["docker", docker], ["chown", chown]] as const) writeFileSync(path.join(bin, name), text, { mode: 0o755 });

    const first = await cluster.primary();
    await first.sql.unsafe(`create role replicator replication login password '${password}'`);
    appendFileSync(path.join(first.directory, "postgresql.conf"), block("wal_level = replica").replaceAll("/archive/", `${archive}/`));
    await cluster.stop(first);
    primary = await started(first.directory);
    const directory = cluster.newFolder();
    await run(inline("pg_basebackup --pgdata DIRECTORY").replace("DIRECTORY", directory).replace("host=PRIMARY", `host=127.0.0.1 port=${primary.port} password=${password}`), { cwd: "/", as: owner });
    await started(directory);
  });

  afterAll(async () => {
    await stopped();
    rmSync(place, { recursive: true, force: true });
  });

  test("the standby follows the primary, which waits for it", async () => {
    await expect.poll(async () => [...await primary.sql`select application_name, sync_state from pg_stat_replication where state = 'streaming'`], { timeout: 10_000 }).toEqual([{ application_name: "standby1", sync_state: "quorum" }]);
  });

  test("First start: secrets for compose.yaml, tables, two roles with the passwords of their files, an account, the auditor's key; then the service may start", async () => {
    const helpDesk = { name: "ヘルプデスク", number: "0120-000-000", hours: [{ days: "毎日", from: "9:00", to: "17:00" }], closedDays: [] };
    writeFileSync(path.join(service, "institution.json"), JSON.stringify({ name: "いちど信用組合", serviceId: "10010001", helpDesk, documents: { 失効: ["届出印"] } }));
    await run(block("openssl rand -hex 24 > secrets/owner_password"));
    expect(readdirSync(path.join(service, "secrets")).sort()).toEqual(Object.keys(compose.secrets).sort());
    for (const name of Object.keys(compose.secrets)) expect([name, statSync(path.join(service, "secrets", name)).mode & 0o777]).toEqual([name, 0o600]);
    leadTo(primary);
    vi.stubEnv("AUDIT_SIGNING_KEY", secret("audit_signing_key")); // under which we shall seal
    await primary.sql.unsafe(`create role ichido_owner superuser login password '${secret("owner_password")}'`); // as the image does

    const asOwner = { PGPASSWORD: secret("owner_password"), OWNER_DATABASE_URL: secret("owner_database_url") };
    const roles = ["database_url", "staff_database_url"].map((name) => new URL(secret(name)));
    const typed = (words: string[]) => words.map((word) => `${word}\n${word}\n`).join("");
    await run(block("docker compose run --rm -T owner cat drizzle/roles.sql"), { input: typed(roles.map((url) => url.password)), variables: asOwner });
    expect(await run(block("--duty clerk"))).toContain("yamada is registered.");
    await run(block("> institution.key"));
    expect(await run("npm run -s db:migrate", { cwd: root, container: "ichido-1" })).toBe(""); // as a start asks

    const newer = ["another-one", "yet-another"]; // the same without Docker, in counter.md
    for (const line of block("createdb --owner", "docs/counter.md").split("\n").filter((text) => text.startsWith("psql"))) await run(line, { cwd: root, input: typed(newer), variables: asOwner });
    for (const [index, url] of roles.entries()) expect(await run("psql --tuples-only --command 'select current_user' \"$URL\"", { variables: { URL: Object.assign(url, { password: newer[index] }).href } })).toContain(url.username);
  }, 120_000);

  test("Backup and restore: what was written after the backup is there again, in a new life of the database that raises the step floor; with compose, what was written before it", async () => {
    const blocks = async ({ sql }: Server) => (await sql`select from audit_blocks`).length;
    const floors = async ({ url, sql }: Server) => {
      const connection = connect(url, 2);
      useDatabase(connection);
      await raiseStepFloor();
      await connection.client.end();
      return (await sql`select from audit_events where name = 'step_floor.raised'`).length;
    };
    const restored = async (directory: string) => {
      const conf = path.join(directory, "postgresql.conf");
      writeFileSync(conf, readFileSync(conf, "utf8").replace(/^synchronous_standby_names.*$/m, "")); // its standbys are not there
      const server = await started(directory);
      await expect.poll(async () => (await server.sql`select pg_is_in_recovery() as recovering`)[0], { timeout: 20_000 }).toEqual({ recovering: false });
      expect((await server.sql`select left(pg_walfile_name(pg_current_wal_lsn()), 8) as timeline`)[0]).toEqual({ timeline: "00000002" });
      return server;
    };

    expect(await floors(primary)).toBe(0); // its tables were made in this life
    const archived = path.join(backups, "archived");
    await run(`${inline("pg_basebackup --format tar")} --pgdata ${archived}`, { cwd: "/", as: owner, variables: { PGUSER: "replicator", PGPASSWORD: password } });
    await run(block("docker compose exec postgres pg_basebackup").replaceAll("/backups/", `${backups}/`), { variables: { PGPASSWORD: secret("owner_password") } });
    const [date] = readdirSync(backups).filter((name) => /^\d{4}-\d\d-\d\d$/.test(name));
    expect(await blocks(primary)).toBe(0);

    const connection = connect(primary.url, 2);
    useDatabase(connection);
    await sealAll();
    const head = (await headOf(connection.db, null))!;
    await connection.client.end();
    const [last] = await primary.sql`select pg_walfile_name(pg_switch_wal()) as wal`;
    await expect.poll(() => readdirSync(archive), { timeout: 10_000 }).toContain(last!.wal);
    await stopped();

    const directory = cluster.newFolder();
    await run(`tar xzf ${archived}/base.tar.gz && tar xzf ${archived}/pg_wal.tar.gz --directory pg_wal && touch recovery.signal`, { cwd: directory, as: owner });
    appendFileSync(path.join(directory, "postgresql.auto.conf"), inline("restore_command = ").replaceAll("/archive/", `${archive}/`));
    const server = await restored(directory);
    expect([await blocks(server), await floors(server)]).toEqual([1, 1]);
    await server.sql.unsafe(block("update database_lives"));
    expect(await floors(server)).toBe(2);
    leadTo(server);
    const checks = block("npm run -s prove:invariants").replaceAll("/tmp/a.ndjson", path.join(place, "a.ndjson")).replaceAll("/institution.key", path.join(service, "institution.key")).replace("NUMBER:HASH", `${head.number}:${head.hash}`);
    expect(await run(checks)).toMatch(/^OK [^]*^OK: 1 chains, 1 blocks, .* the head that you know is there\.$/m);
    await stopped();

    const volume = cluster.newFolder();
    await run(block("--entrypoint sh postgres").replaceAll("/var/lib/postgresql/data", volume).replaceAll("/backups/DATE", path.join(backups, date!)));
    const withCompose = await restored(volume);
    expect([await blocks(withCompose), await floors(withCompose)]).toEqual([0, 1]);
  }, 120_000);
});
