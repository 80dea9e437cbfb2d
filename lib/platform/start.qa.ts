import { env } from "./env";

const loopback = ["localhost", "127.0.0.1", "::1", "[::1]"];

/** A QA build hands out mailboxes and one-time passwords: it serves nobody but this machine. */
export function startProblems(): string[] {
  const { HOST, PUBLIC_ORIGIN, STAFF_HOST } = env();
  const hosts = { HOST, PUBLIC_ORIGIN: new URL(PUBLIC_ORIGIN).hostname, ...(STAFF_HOST && { STAFF_HOST: STAFF_HOST.replace(/:\d+$/, "") }) };
  return Object.entries(hosts).filter(([, host]) => !loopback.includes(host) && !host.endsWith(".localhost")).map(([name]) => `${name} must be loopback: this is a QA build`);
}
