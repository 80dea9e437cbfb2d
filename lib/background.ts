import { mailTransports } from "@/lib/mail/transports";
import { startMailWorker } from "@/lib/mail/worker";
import { eraseActResults } from "@/lib/corporation/act-result";
import { eraseLoginChallenges } from "@/lib/passkey/login-challenge";
import { eraseChallenges } from "@/lib/passkey/store";
import { announceExpiringTokens } from "@/lib/token/announce-expiry";
import { endLapsedIssuances } from "@/lib/token/lapse";
import { startSealer } from "@/lib/audit/sealer";
import { tellAuditHeads } from "@/lib/audit/tell-heads";
import { raiseStepFloor } from "@/lib/token/step-floor";
import { eraseStaffChallenges } from "@/lib/staff/passkey-store";
import { eraseOldSlips } from "@/lib/staff/slips";
import { env, environmentProblems } from "./platform/env";
import { institutionProblems } from "./platform/institution";
import { startProblems } from "./platform/start";

type Holder = typeof globalThis & { ichidoStopBackground?: () => Promise<void> };

/** Which transports there are is the build's: the mailbox is a QA build's alone. */
const transportProblems = () => (mailTransports.includes(env().MAIL_TRANSPORT) ? [] : [`MAIL_TRANSPORT must be one of ${mailTransports.join(", ")}`]);

/** Mails, erasure and the audit log's chains: each process has a worker, the database keeps them apart. `lib/commands/server.mjs` stops it. */
export function startBackground(): void {
  const problems = environmentProblems();
  if (problems.length === 0) problems.push(...institutionProblems(), ...startProblems(), ...transportProblems());
  if (problems.length > 0) throw new Error(`Ichido does not start: ${problems.join("; ")}`);
  const stops = [startMailWorker({ everyMinute: [raiseStepFloor, endLapsedIssuances, announceExpiringTokens, eraseActResults, eraseChallenges, eraseLoginChallenges, eraseStaffChallenges, eraseOldSlips, tellAuditHeads] }), startSealer()];
  (globalThis as Holder).ichidoStopBackground = async () => void await Promise.all(stops.map((stop) => stop()));
}
