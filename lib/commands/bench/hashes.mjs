// A process of its own, because the number of threads is fixed at its start (UV_THREADPOOL_SIZE): hashes per second, and processor time of one.
import { verify } from "@node-rs/argon2";

const [stored = "", password = "", milliseconds = ""] = process.argv.slice(2);
const waiting = 2 * Number(process.env.UV_THREADPOOL_SIZE);

/** @param {number} until */
async function hashUntil(until) {
  let count = 0;
  const one = async () => {
    for (; performance.now() < until; count++) await verify(stored, password);
  };
  await Promise.all(Array.from({ length: waiting }, one));
  return count;
}

await hashUntil(performance.now() + 300);
const [began, used] = [performance.now(), process.cpuUsage()];
const count = await hashUntil(began + Number(milliseconds));
const [seconds, { user, system }] = [(performance.now() - began) / 1_000, process.cpuUsage(used)];
console.log(JSON.stringify({ perSecond: count / seconds, processorMilliseconds: (user + system) / 1_000 / count }));
