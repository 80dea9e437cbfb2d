// docs/proof.md, as the program writes it.

/** @typedef {{ fault: string, recoverySeconds: number }} RoundResult */
/**
 * @typedef {object} Proof
 * @property {string} date
 * @property {string} commit
 * @property {number} seed
 * @property {number} users
 * @property {number} roundsAsked
 * @property {RoundResult[]} rounds
 * @property {number} minutes
 * @property {Map<string, Record<"ok" | "refused" | "unknown", number>>} requests by kind
 * @property {Map<string, number>} errors answers of 500, by kind: a fault that the server did not know for one
 * @property {number} mails
 * @property {number} events
 * @property {number} accepted
 * @property {string[]} invariants
 * @property {string[]} violations
 */

/** @param {number[]} values */
export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

/** @param {string[]} head @param {(string | number)[][]} rows */
export const table = (head, rows) => [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

/** @param {Proof} proof */
export function reportOf(proof) {
  const { rounds, requests, violations } = proof;
  const kinds = [...requests].sort(([a], [b]) => (a < b ? -1 : 1));
  const total = (/** @type {"ok" | "refused" | "unknown"} */ outcome) => kinds.reduce((sum, [, counts]) => sum + counts[outcome], 0);
  const names = [...new Set(rounds.map(({ fault }) => fault))].sort();
  const errors = [...proof.errors].map(([kind, count]) => `${kind} ${count}`).join(", ");
  return `# Proof: nothing lost, nothing twice, nothing unseen

Written by \`npm run prove:load -- --rounds ${proof.roundsAsked} --seed ${proof.seed} --users ${proof.users}\` on ${proof.date}, commit ${proof.commit}, in ${proof.minutes} minutes.

Two server processes of the QA build and, behind a proxy that can cut them off, one PostgreSQL (fsync on), all on one machine. Customers, managers and staff do by HTTP what people do; in each round one fault
strikes in the middle of it. Each request comes from an address of its own, which the audit log keeps, so that what was answered can be compared with what was written: an
answered yes has exactly its events, an answered no has none, and where no answer came (or a 5xx, which promises nothing) all of them are there or none. Then every
invariant below is asked of the whole database, and somebody logs in at each server process.

**Rounds: ${rounds.length} of ${proof.roundsAsked}. Violations: ${violations.length}.** ${total("ok") + total("refused") + total("unknown")} requests, ${proof.accepted} one-time passwords accepted, ${proof.events} audit events, ${proof.mails} mails taken by the provider.

${violations.map((violation) => `- ${violation}\n`).join("")}
## Requests by what was answered

${table(["request", "yes", "no", "no answer"], [...kinds.map(([kind, { ok, refused, unknown }]) => [kind, ok, refused, unknown]), ["all", total("ok"), total("refused"), total("unknown")]])}

"no answer" includes 503, which is what a server says while its database is away. Answers of 500, which would be a fault that the server did not know for one: ${errors || "none"}.

## Faults and the seconds after which both servers were ready again

Counted from the end of the fault; 15 s are allowed. A killed process is started again by its supervisor, as it would be by systemd; nobody starts a server that was not killed.

${table(["fault", "rounds", "median s", "longest s"], names.map((name) => {
    const seconds = rounds.filter(({ fault }) => fault === name).map(({ recoverySeconds }) => recoverySeconds);
    return [name, seconds.length, median(seconds).toFixed(1), Math.max(...seconds).toFixed(1)];
  }))}

## Invariants

Asked after every round, of everything since the beginning. \`npm run prove:invariants -- DATABASE_URL\` asks them of any database of ours.

${proof.invariants.map((line) => `- ${line}`).join("\n")}

## What this cannot show

- **Power loss and lying disks.** Processes are killed, the machine is not: what the kernel had taken was never lost. That a commit survives the loss of power rests on
  PostgreSQL's \`fsync\`, on the disk's honesty about it, and on nothing here.
- **A network.** Everything talks over loopback: no delay, no loss, no half-open connection over a WAN, no load balancer in front of the servers.
- **Failover.** There is one PostgreSQL and no standby here; [the proof of failover](proof-failover.md) is a run of its own.
- **Every order of events.** The seed repeats the choices, not the interleaving of processes: a run that found nothing is evidence and no proof in the mathematical sense.
- **The real clock.** The rules' clock is moved forward through \`app_now()\`; the machines' own clocks are not moved, nor is time ever turned back.
- **The provider's side.** Whether Resend keeps its own promise about idempotency keys is Resend's; our provider here keeps it.
- **A thief with the owner's rights.** The invariants find mistakes. Somebody who writes rows and events that fit each other is a matter for the audit chains, and for heads and copies elsewhere.
`;
}
