// docs/proof-model.md, as the program writes it.

/** @typedef {{ seed: number, acts: number, onCases: number }} Part */
/** @typedef {{ date: string, commit: string, command: string, minutes: number, processes: number, asked: number, runsOfPart: number, parts: Part[], failed: number[] }} Proof `asked`: runs; `failed`: seeds */

/** @param {Proof} proof */
export function modelReportOf({ date, commit, command, minutes, processes, asked, runsOfPart, parts, failed }) {
  const sum = (/** @type {(part: Part) => number} */ of) => parts.reduce((total, part) => total + of(part), 0);
  const [acts, onCases] = [sum((part) => part.acts), sum((part) => part.onCases)];
  const runs = parts.length * runsOfPart;
  const seeds = parts.map(({ seed }) => seed).sort((a, b) => a - b);
  return `# Proof: the rules against a model

Written by \`${command}\` on ${date}, commit ${commit}, in ${minutes} minutes, by ${processes} processes.

Random acts by one user (passwords, one-time passwords, issuance, set-up, confirmation, passkeys registered, used, presented again and removed, revocation, lift, permission, logout, time), and by four people at the
counter, are done to the rules on a real database and to models that can be read in five minutes ([\`model.ts\`](../lib/invariants/model.ts), [\`case-model.ts\`](../lib/invariants/case-model.ts)). After each act what was
answered and what the rows say is compared with the model, moment by moment: the clock stands still between two acts. Only the password hash is another: a quick one, of which no rule knows.

**${acts + onCases} acts in ${runs}${runs < asked ? ` of ${asked}` : ""} runs, ${onCases} of them on cases. Differences: ${failed.length}.** ${Math.round((acts + onCases) / (minutes * 60))} acts a second.

${parts.length} parts of ${runsOfPart} runs, each with its seed and a database of its own: ${seeds.length > 0 ? `seeds ${seeds[0]} to ${seeds.at(-1)}` : "none"}. \`npm run prove:model -- --runs ${runsOfPart} --seed SEED\` plays one again${failed.length > 0 ? `; these differ: ${failed.join(", ")}` : ""}.
`;
}
