import { readFileSync } from "node:fs";
import { phoneRefusals } from "@/app/authenticator/refusals";
import { disconnected } from "@/app/ui/answer";
import { passkeyRefusals } from "@/app/ui/passkey";
import { type Act, actNames, acts, mayByClass, type Relation } from "@/lib/corporation/acts";
import { noPasskeyNeeded } from "@/lib/corporation/authentication";
import { scenarioWords } from "@/lib/demo/scenario-words.qa";
import type { MailContent, UserChange } from "@/lib/mail/intents";
import { changeOccasions, occasions } from "@/lib/mail/occasions";
import { changesMailed, mailKinds, titleOf } from "@/lib/mail/templates";
import { variables } from "@/lib/platform/env";
import { refusalAnswer } from "@/lib/platform/http";
import { policyNumbers } from "@/lib/policy";
import { refusals, type RefusalReason } from "@/lib/refusals";
import { caseKindNames, caseKinds, caseKindWords } from "@/lib/staff/case-kinds";
import { duties, dutyNames, staffActNames, staffActs, staffMay } from "@/lib/staff/duties";
import { after, tokenEvents } from "@/lib/token/states";
import { tokenStateNames, tokenStates } from "@/lib/token/state-names";

/** The documents that are printed from the code's own tables, by file. `npm run docs` writes them; a test holds them to it. */
export const printedDocs = (): Record<string, string> => ({
  "docs/messages.md": messages(),
  "docs/configuration.md": configuration(),
  "docs/token-states.md": tokenDiagram(),
  "docs/permissions.md": permissions(),
  "docs/qa.md": withParts("docs/qa.md", { scenarios: scenarios(), example: `\`\`\`ts\n${readFileSync("e2e/example.spec.ts", "utf8")}\`\`\`` }),
  "docs/manual/customers.md": withParts("docs/manual/customers.md", { refusals: refusalsInJapanese(/^OTP-[12349]/), acts: actsInJapanese() }),
  "docs/manual/counter.md": withParts("docs/manual/counter.md", { duties: dutiesInJapanese(), kinds: kindsInJapanese(), refusals: refusalsInJapanese(/^OTP-[59]/) }),
});

/** A document written by hand whose marked parts are printed: `<!-- name -->` to `<!-- /name -->`. */
function withParts(file: string, parts: Record<string, string>): string {
  return Object.entries(parts).reduce((text, [name, part]) => {
    const [before, rest] = text.split(`<!-- ${name} -->\n`);
    const [, after] = rest?.split(`<!-- /${name} -->\n`) ?? [];
    if (after === undefined) throw new Error(`${file} has no part ${name}`);
    return `${before}<!-- ${name} -->\n${part}\n<!-- /${name} -->\n${after}`;
  }, readFileSync(file, "utf8"));
}

const scenarios = () => `| name | on \`/qa\` | what it is |
|---|---|---|
${Object.entries(scenarioWords).map(([name, { title, words }]) => `| \`${name}\` | ${title} | ${words} |`).join("\n")}`;

/** The titles are the templates' own; a mail's content says which. */
function mailRows(): string[] {
  const at = new Date(0).toISOString();
  const anything = { link: "", validUntil: at, userName: "", userNames: [], at, network: "", browser: "", until: at, expiresAt: at, from: at, corporationName: "", passkeyName: "", number: 1, hash: "", sealedAt: at, renewal: false, forManagers: false, authentication: { ...noPasskeyNeeded, stepUpPolicy: "off" } };
  const nobody = { name: "", serviceId: "", helpDesk: { name: "", number: "", hours: [], closedDays: [] } };
  const row = (content: { kind: MailContent["kind"]; change?: UserChange }, name: string, { when, to }: { when: string; to: string }) => `| ${titleOf({ ...anything, ...content } as MailContent, nobody)} | ${name} | ${when} | ${to} |`;
  return mailKinds.flatMap((kind) =>
    kind === "user_changed" ? changesMailed.map((change) => row({ kind, change }, `${kind}: ${change}`, changeOccasions[change])) : [row({ kind }, kind, occasions[kind])]);
}

/** By code, with what a page or the phone's app says by itself. */
function everyRefusal() {
  const server = (Object.keys(refusals) as RefusalReason[]).map((reason) => [reason, refusalAnswer({ reason })] as const);
  const browser = Object.entries({ ...phoneRefusals, disconnected, ...passkeyRefusals });
  return [...server, ...browser]
    .sort(([, one], [, other]) => one.code.localeCompare(other.code))
    .map(([reason, { code, what, next, ask }]) => ({ reason, code, what, next: next.replace("undefined", "（時刻）"), ask }));
}

const refusalsInJapanese = (codes: RegExp) => `| 照会番号 | 起きたこと | していただくこと |
|---|---|---|
${everyRefusal().filter(({ code }) => codes.test(code)).map(({ code, what, next }) => `| ${code} | ${what} | ${next} |`).join("\n")}`;

function actsInJapanese(): string {
  const others = { master: { self: "ご自身", same: "ほかのマスターユーザ", lower: "管理者ユーザ、一般ユーザ", higher: "" }, administrator: { self: "ご自身", same: "ほかの管理者ユーザ", lower: "一般ユーザ", higher: "マスターユーザ" } };
  const order: Relation[] = ["higher", "same", "lower", "self"];
  const of = (act: Act, by: "master" | "administrator") => order.filter((relation) => mayByClass[act][by].includes(relation)).map((relation) => others[by][relation]).join("、").replaceAll(act === "register" ? "ほかの" : "\n", "");
  return `| 操作 | マスターユーザができる相手 | 管理者ユーザができる相手 |
|---|---|---|
${acts.map((act) => `| ${actNames[act]} | ${of(act, "master")} | ${of(act, "administrator")} |`).join("\n")}`;
}

const dutiesInJapanese = () => `| 操作 | ${duties.map((duty) => dutyNames[duty]).join(" | ")} |
|---|${duties.map(() => ":-:|").join("")}
${staffActs.map((act) => `| ${staffActNames[act]} | ${duties.map((duty) => (staffMay(act, duty) ? "○" : "―")).join(" | ")} |`).join("\n")}`;

const kindsInJapanese = () => `| 種別 | 行われること |
|---|---|
${caseKinds.map((kind) => `| ${caseKindNames[kind]} | ${caseKindWords[kind]} |`).join("\n")}`;

function messages(): string {
  const rows = everyRefusal().map(({ reason, code, what, next, ask }) =>
    `| ${code} | ${reason} | ${what} | ${next} | ${{ manager: "manager", counter: "counter", helpdesk: "help desk", headquarters: "headquarters" }[ask]} |`);
  return `# Messages

What the bank says to people, printed by \`npm run docs\` from the tables that the program says it by. [Mail](mail.md) tells how mails are sent.

## Refusals

Every "no", by the reference code that the screen shows and a person reads to the help desk, from \`lib/refusals.ts\`, \`app/authenticator/refusals.ts\`, \`app/ui/answer.ts\` and \`app/ui/passkey.ts\`. Numbers are the defaults of
[configuration](configuration.md).

| code | reason | what happened | what to do now | ask |
|---|---|---|---|---|
${rows.join("\n")}

## Mails

A mail's subject is 「【institution】」 and the title, from \`lib/mail/templates.ts\` and \`lib/mail/occasions.ts\`. Every mail ends with the help desk, says that nobody asks for
passwords by mail or telephone, and has neither IDs nor codes nor passwords; only ワンタイムパスワードのご案内 has a link.

| title | kind | sent at | to |
|---|---|---|---|
${mailRows().join("\n")}
`;
}

function configuration(): string {
  const settings = Object.entries(variables.shape).map(([name, schema]) => {
    const absent = schema.safeParse(undefined);
    const without = absent.success ? (absent.data === undefined || absent.data === "" ? "" : `\`${String(absent.data)}\``) : "**needed**";
    return `| \`${name}\` | ${without} | ${schema.description ?? ""} |`;
  });
  const numbers = Object.values(policyNumbers).map(({ variable, value, unit, least, most, source }) =>
    `| \`${variable}\` | ${value} | ${unit} | ${least} – ${most} | ${source} |`);
  return `# Configuration

Environment variables, read once at start; every problem is named, and a process with one does not start. A variable \`X\` may
stand in a file named by \`X_FILE\`. Printed from \`lib/platform/env.ts\` and \`lib/policy.ts\` by \`npm run docs\`.

| variable | default | meaning |
|---|---|---|
${settings.join("\n")}

\`INSTITUTION_FILE\` has the form of the default in \`lib/platform/institution.ts\`: name, serviceId and helpDesk with name, number, hours and closed days. Its \`documents\`
are the 確認書類 that the counter ticks, by the case's kind: \`{ "失効": ["届出印", "本人確認書類"], … }\`, 12 names of 40 characters at most for each of
${caseKinds.map((kind) => caseKindNames[kind]).join("、")}. A kind that is left out keeps the default.

## Numbers a bank may change

An absurd value, outside the range, is refused at start.

| variable | default | unit | range | source |
|---|---|---|---|---|
${numbers.join("\n")}
`;
}

function permissions(): string {
  const words: Record<Relation, string> = { self: "oneself", lower: "lower class", same: "same class", higher: "higher class" };
  const of = (act: Act, userClass: "master" | "administrator") => mayByClass[act][userClass].map((relation) => words[relation]).join(", ") || "nobody";
  return `# Who may do what

Acts × user classes × where the other stands, of one's own company only. Guards, screens and tests ask the same table. General users may do none of
this. What nobody of the company may do to a user, the counter does. Printed from \`lib/corporation/acts.ts\` by \`npm run docs\`.

| act | 操作 | a master, to | an administrator, to |
|---|---|---|---|
${acts.map((act) => `| ${act} | ${actNames[act]} | ${of(act, "master")} | ${of(act, "administrator")} |`).join("\n")}

\`register\` and a change of class give no class above one's own. A stop that the counter made is the counter's to release.

## At the counter

Acts × duties, from \`lib/staff/duties.ts\`. That nobody decides what they entered is asked of the case's row.

| act | 操作 | ${duties.map((duty) => `${duty} ${dutyNames[duty]}`).join(" | ")} |
|---|---|${duties.map(() => "---|").join("")}
${staffActs.map((act) => `| ${act} | ${staffActNames[act]} | ${duties.map((duty) => (staffMay(act, duty) ? "yes" : "no")).join(" | ")} |`).join("\n")}
`;
}

function tokenDiagram(): string {
  const arrows = tokenStates.flatMap((state) => tokenEvents.flatMap((event) => {
    const next = after(state, event);
    return next ? `  ${state} --> ${next}: ${event}` : [];
  }));
  return `# States of a token

ワンタイムパスワード状態, drawn from \`lib/token/transitions.ts\` by \`npm run docs\`. Every other pair of state and event is a refusal.
\`expire\`, \`lapse\` and \`wait_ends\` are arithmetic on the row's times; nothing runs at night to make them happen.

\`\`\`mermaid
stateDiagram-v2
${tokenStates.map((state) => `  ${state}: ${tokenStateNames[state]} (${state})`).join("\n")}
  [*] --> unregistered
${arrows.join("\n")}
\`\`\`
`;
}
