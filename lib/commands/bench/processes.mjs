// What processes have used, from Linux's /proc.
import { readFileSync, readdirSync } from "node:fs";

const ticksPerSecond = 100; // USER_HZ, the same on every Linux that Node runs on

/** @param {number} pid */
function stat(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [parent, user, system, childrenUser, childrenSystem] = [1, 11, 12, 13, 14].map((index) => Number(fields[index]));
  return { parent, own: user + system, reaped: childrenUser + childrenSystem };
}

/** Processor seconds of a process and its children, those already ended included. @param {number} pid */
export function processorSeconds(pid) {
  const { own, reaped } = stat(pid);
  const children = readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map((name) => {
    try {
      const child = stat(Number(name));
      return child.parent === pid ? child.own + child.reaped : 0;
    } catch {
      return 0; // ended while we looked
    }
  });
  return (own + reaped + children.reduce((sum, ticks) => sum + ticks, 0)) / ticksPerSecond;
}

/** Resident memory in MB. @param {number} pid */
export const residentMegabytes = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1_024;
