import { refusalAnswer } from "@/lib/platform/http";
import { refusals, type RefusalReason } from "@/lib/refusals";

/** Prints docs/refusals.md from the table of refusals. */
const rows = (Object.keys(refusals) as RefusalReason[]).map((reason) => {
  const { code, what, next, ask } = refusalAnswer({ reason });
  return `| ${code} | ${reason} | ${what} | ${next.replace("undefined", "（時刻）")} | ${{ manager: "manager", counter: "counter", helpdesk: "help desk" }[ask]} |`;
});

console.log(`# Refusals

Every "no" the bank says, by the reference code that the screen shows and a person reads to the help desk. Printed from
\`lib/refusals.ts\` by \`npx tsx lib/commands/print-refusals.ts > docs/refusals.md\`.

| code | reason | what happened | what to do now | ask |
|---|---|---|---|---|
${rows.join("\n")}`);
