// A primary and a standby from Debian's packages, for `npm run prove:failover`: the PostgreSQL of the npm package has no pg_basebackup.
import { spawnSync } from "node:child_process";
import { appendFileSync, chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { execute, unprivilegedOwner } from "../postgres.mjs";
import { Plain, freePort, pause } from "../project.mjs";

const packages = "/usr/lib/postgresql";
const superuser = "ichido";
const standbyName = "standby";
const settings = `listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 100
wal_level = replica
max_wal_senders = 5
wal_receiver_status_interval = 1
timezone = 'UTC'
`;

/** @typedef {{ port: number, url: string, directory: string, sql: import("postgres").Sql }} Server */

/** Debian's newest PostgreSQL here, if there is one: the folder above its bin. */
export function foundPostgres() {
  const [newest] = (existsSync(packages) ? readdirSync(packages) : []).filter((version) => existsSync(path.join(packages, version, "bin/pg_basebackup"))).sort((a, b) => Number(b) - Number(a));
  return newest && path.join(packages, newest);
}

/** The same, installed by apt if there is none and we may. @returns {string} */
export function debianPostgres() {
  if (!foundPostgres() && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    console.log("Installing postgresql (apt-get)…");
    for (const args of [["update"], ["install", "-y", "--no-install-recommends", "postgresql"]]) {
      spawnSync("apt-get", ["-qq", ...args], { stdio: "inherit", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
    }
  }
  const native = foundPostgres();
  if (!native) throw new Plain("This needs Debian's PostgreSQL packages: apt-get install postgresql");
  return native;
}

/** @param {string} native @param {string} place an empty folder that PostgreSQL's user can reach @param {string} password */
export function clusterOf(native, place, password) {
  const owner = unprivilegedOwner();
  let number = 0;

  /** @param {string} command @param {string[]} args @param {string} what */
  async function must(command, args, what) {
    const log = path.join(place, "commands.log");
    if (await execute(native, command, args, owner, log) !== 0) throw new Plain(`${what} failed:\n${readFileSync(log, "utf8").split("\n").slice(-12).join("\n")}`);
  }

  function newFolder() {
    const directory = path.join(place, `server-${number += 1}`);
    mkdirSync(directory, { mode: 0o700 });
    if (owner) chownSync(directory, owner.uid, owner.gid);
    return directory;
  }

  /** @param {string} directory @returns {Promise<Server>} */
  async function started(directory) {
    const port = await freePort();
    await must("pg_ctl", ["-D", directory, "-w", "-t", "60", "-l", path.join(directory, "server.log"), "-o", `-p ${port}`, "start"], "The start of PostgreSQL");
    const { default: postgres } = await import("postgres");
    const url = `postgres://${superuser}:${password}@127.0.0.1:${port}/ichido`;
    return { port, url, directory, sql: postgres(url, { max: 2, onnotice: () => {} }) };
  }

  return {
    newFolder,
    started,

    /** @returns {Promise<Server>} */
    async primary() {
      const directory = newFolder();
      const passwordFile = path.join(place, "password");
      writeFileSync(passwordFile, password, { mode: 0o600 });
      if (owner) chownSync(passwordFile, owner.uid, owner.gid);
      await must("initdb", ["-D", directory, "-U", superuser, `--pwfile=${passwordFile}`, "--auth=scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums", "--no-instructions"], "initdb");
      appendFileSync(path.join(directory, "postgresql.auto.conf"), settings);
      const server = await started(directory);
      const { default: postgres } = await import("postgres");
      const sql = postgres(server.url.replace(/\/[^/]*$/, "/postgres"), { max: 1, onnotice: () => {} });
      await sql.unsafe("create database ichido");
      await sql.end();
      return server;
    },

    /**
     * A standby that follows the primary through a proxy, and has caught up. Its copy is made before the primary waits for it, so that after
     * its promotion it waits for nobody.
     * @param {Server} primary @param {import("./proxy.mjs").Proxy} proxy @param {{ synchronous: boolean }} options @returns {Promise<Server>}
     */
    async standby(primary, proxy, { synchronous }) {
      proxy.leadTo(primary.port);
      const directory = newFolder();
      const conninfo = `host=127.0.0.1 port=${proxy.port} user=${superuser} password=${password} application_name=${standbyName}`;
      await must("pg_basebackup", ["-D", directory, "-d", conninfo, "-R", "-X", "stream", "-c", "fast"], "pg_basebackup");
      chmodSync(directory, 0o700);
      const server = await started(directory);
      if (synchronous) {
        await primary.sql.unsafe(`alter system set synchronous_standby_names = '${standbyName}'`);
        await primary.sql`select pg_reload_conf()`;
      }
      for (let tries = 0; ; tries += 1) {
        const [row] = await primary.sql`select sync_state from pg_stat_replication where application_name = ${standbyName} and state = 'streaming'`;
        if (row && (row.sync_state === "sync") === synchronous) return server;
        if (tries === 100) throw new Plain("The standby does not follow the primary.");
        await pause(200);
      }
    },

    /** Whatever the primary has committed by now stands on the standby. @param {Server} primary @param {Server} standby */
    async caughtUp(primary, standby) {
      const [now] = await primary.sql`select pg_current_wal_lsn()::text as lsn`;
      for (let tries = 0; tries < 100; tries += 1) {
        const [row] = await standby.sql`select pg_last_wal_replay_lsn() >= ${now?.lsn}::pg_lsn as there`;
        if (row?.there) return;
        await pause(50);
      }
      throw new Plain("The standby fell behind.");
    },

    /** @param {Server} standby */
    promote: (standby) => must("pg_ctl", ["-D", standby.directory, "-w", "promote"], "The promotion"),

    /** kill -9 of the postmaster: its children end with it, and nothing more is answered. @param {Server} server */
    async kill(server) {
      const [pid] = readFileSync(path.join(server.directory, "postmaster.pid"), "utf8").split("\n");
      process.kill(Number(pid), "SIGKILL");
      await server.sql.end({ timeout: 0 }).catch(() => {});
    },

    /** @param {Server} server */
    async stop(server) {
      await server.sql.end({ timeout: 1 }).catch(() => {});
      await execute(native, "pg_ctl", ["-D", server.directory, "-w", "-t", "20", "-m", "immediate", "stop"], owner);
    },

    /** @param {Server} server */
    remove: (server) => rmSync(server.directory, { recursive: true, force: true }),
  };
}
