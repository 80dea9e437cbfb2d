// docs/proof-failover.md.
import { median, table } from "./report.mjs";

/** @typedef {import("../prove-failover.mjs").Round} Round */

/** @param {{ date: string, commit: string, rounds: number, seed: number, version: string, minutes: number, results: Round[], violations: string[] }} proof */
export function failoverReportOf({ date, commit, rounds, seed, version, minutes, results, violations }) {
  const rows = /** @type {const} */ (["synchronous", "asynchronous", "without the floor"]).map((mode) => {
    const of = results.filter((round) => round.mode === mode);
    const sum = (/** @type {"acknowledged" | "lost" | "replays" | "accepted"} */ what) => of.reduce((total, round) => total + round[what], 0);
    const seconds = of.map((round) => round.seconds);
    return [mode, of.length, sum("acknowledged"), sum("lost"), sum("replays"), sum("accepted"), median(seconds).toFixed(1), Math.max(...seconds).toFixed(1)];
  });
  return `# Proof: failover

Written by \`npm run prove:failover -- --rounds ${rounds} --seed ${seed}\` on ${date}, commit ${commit}, in ${minutes} minutes, with Debian's PostgreSQL ${version}.

A primary and a standby, two server processes of the QA build behind a proxy that stands for the address of the database. In each round people log in, the primary is killed
(-9) in the middle of it, and the standby promoted. Nobody restarts or tells a server process. Then every one-time password that was presented in the round is
presented once more, at once, in a new browser. After three minutes of the rules' clock somebody logs in at each process, and every [invariant](proof.md#invariants), the audit chains among them, is
asked of the new primary, which gets a new standby.

**Violations: ${violations.length}.**

${violations.map((violation) => `- ${violation}\n`).join("")}
${table(["standby", "rounds", "logins answered with yes", "of these lost", "replays answered", "replays accepted", "from the kill until ready again, median s", "longest s"], rows)}

- *Synchronous*: every login that was answered is still there, with its session.
- *Asynchronous*: the standby hears nothing for the last two seconds, so its promotion forgets logins that were answered: those people log in again. Their one-time passwords stay worthless:
  the [step floor](operations/README.md#failover-and-restore) refuses them.
- *Without the floor*: the same, with the floor put to 0 by hand before the service sees the new primary. That replays are accepted here shows what the floor is for, and that the rounds above could have failed.

What this cannot show: a primary that lives on unseen beside the promoted one (fencing is the cluster manager's), a network between machines, clocks of two machines that differ.
`;
}
