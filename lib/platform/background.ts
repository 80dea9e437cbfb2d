import { startMailWorker } from "@/lib/mail/worker";
import { endLapsedIssuances } from "@/lib/token/lapse";
import { sealAuditLog } from "@/lib/audit/seal";
import { environmentProblems } from "./env";
import { institutionProblems } from "./institution";
import { startProblems } from "./start";

type Holder = typeof globalThis & { ichidoStopBackground?: () => Promise<void> };

/** Mails, erasure and the audit log's seals: each process has a worker, the database keeps them apart. `lib/commands/server.mjs` stops it. */
export function startBackground(): void {
  const problems = environmentProblems();
  if (problems.length === 0) problems.push(...institutionProblems(), ...startProblems());
  if (problems.length > 0) throw new Error(`Ichido does not start: ${problems.join("; ")}`);
  (globalThis as Holder).ichidoStopBackground = startMailWorker({ everyMinute: [endLapsedIssuances, sealAuditLog] });
}
