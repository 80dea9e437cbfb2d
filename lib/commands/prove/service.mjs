// What a proof needs to know of a running service: its clock, and whether it is back.
import { pause } from "../project.mjs";

export const recoverySeconds = 15;

/** Until it succeeds, while the database comes back. @template Value @param {() => Promise<Value>} work @returns {Promise<Value>} */
export async function persistently(work) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries === 40) throw error;
      await pause(500);
    }
  }
}

/** The rules' clock, as the client knows it. @param {import("postgres").Sql} sql */
export async function clockOf(sql) {
  let ahead = 0;
  const sync = async () => {
    const [row] = await sql`select extract(epoch from app_now()) * 1000 as now`;
    ahead = Number(row?.now) - Date.now();
  };
  await sync();
  return {
    now: () => Date.now() + ahead,
    advance: (/** @type {number} */ seconds) => persistently(async () => {
      await sql`update qa.clock set offset_seconds = offset_seconds + ${seconds}`;
      await sync();
    }),
  };
}

/** Seconds until every server has answered that it is ready, and goes on to; undefined if that takes too long. @param {string[]} origins */
export async function recovered(origins) {
  const began = performance.now();
  let since;
  for (;;) {
    const seconds = (performance.now() - began) / 1_000;
    const ready = await Promise.all(origins.map((origin) =>
      fetch(`${origin.replace("localhost", "127.0.0.1")}/health/ready`, { signal: AbortSignal.timeout(4_000), headers: { connection: "close" } }).then(({ status }) => status === 200, () => false)));
    since = ready.every(Boolean) ? since ?? seconds : undefined;
    if (since !== undefined && since > recoverySeconds || seconds > recoverySeconds + 2) return undefined;
    if (since !== undefined && seconds - since >= 1.5) return since;
    await pause(200);
  }
}
