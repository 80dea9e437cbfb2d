import { phoneRefusals } from "@/app/authenticator/refusals";
import { disconnected } from "@/app/ui/answer";
import { refusalAnswer } from "@/lib/platform/http";
import { refusals, type RefusalReason } from "@/lib/refusals";

/** Prints docs/refusals.md from the table of refusals. */
const server = (Object.keys(refusals) as RefusalReason[]).map((reason) => [reason, refusalAnswer({ reason })] as const);
// What a page or the phone's app says by itself, without an answer of the server.
const browser = Object.entries({ ...phoneRefusals, disconnected });

const rows = [...server, ...browser]
  .sort(([, one], [, other]) => one.code.localeCompare(other.code))
  .map(([reason, { code, what, next, ask }]) =>
    `| ${code} | ${reason} | ${what} | ${next.replace("undefined", "（時刻）")} | ${{ manager: "manager", counter: "counter", helpdesk: "help desk" }[ask]} |`);

console.log(`# Refusals

Every "no" the bank says, by the reference code that the screen shows and a person reads to the help desk. Printed from
\`lib/refusals.ts\` and \`app/authenticator/refusals.ts\` by \`npx tsx lib/commands/print-refusals.ts > docs/refusals.md\`.

| code | reason | what happened | what to do now | ask |
|---|---|---|---|---|
${rows.join("\n")}`);
