import { parseArgs } from "node:util";
import QRCode from "qrcode";
import { changeStaff, createStaff, type Handover, staffFields } from "@/lib/staff/accounts";
import { standingOfStaffId } from "@/lib/staff/standing";
import { ourselves } from "@/lib/platform/caller";
import { asStaff, connect, useDatabase } from "@/lib/platform/database";
import { env, environmentProblems } from "@/lib/platform/env";
import { describe } from "@/lib/platform/log";
import { byTheClock, inOneTransaction } from "@/lib/platform/transaction";

const usage = `Usage:
  npm run staff:create -- --id ID --name NAME --branch BRANCH --duty clerk|approver|auditor
  npm run staff:change -- --id ID [--name NAME] [--branch BRANCH] [--duty clerk|approver|auditor] [--new-password] [--new-key] [--remove-passkeys] [--lift] [--end]`;

class Wrong extends Error {}

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        id: { type: "string" }, name: { type: "string" }, branch: { type: "string" }, duty: { type: "string" },
        "new-password": { type: "boolean" }, "new-key": { type: "boolean" }, "remove-passkeys": { type: "boolean" }, lift: { type: "boolean" }, end: { type: "boolean" },
      },
    });
  } catch (error) {
    throw new Wrong((error as Error).message);
  }
}

const system = { kind: "system" } as const;

async function create(values: object): Promise<Handover> {
  const given = staffFields.safeParse(values);
  if (!given.success) throw new Wrong(given.error.issues.map(({ message }) => message).join("\n"));
  const created = await inOneTransaction(ourselves(), byTheClock, (work) => createStaff(work, given.data), system);
  if (!created) throw new Wrong(`${given.data.staffId} is registered already, or was; an ID is never given to another person.`);
  return created;
}

async function change({ staffId, ...values }: Record<string, unknown>): Promise<Handover> {
  const id = staffFields.shape.staffId.safeParse(staffId);
  const given = staffFields.omit({ staffId: true }).partial().safeParse(values);
  const problems = [...(id.success ? [] : id.error.issues), ...(given.success ? [] : given.error.issues)];
  if (!id.success || !given.success) throw new Wrong(problems.map(({ message }) => message).join("\n"));
  const acts = { newPassword: values.newPassword === true, newKey: values.newKey === true, removePasskeys: values.removePasskeys === true, lift: values.lift === true, end: values.end === true };
  const data = Object.fromEntries(Object.entries(given.data).filter(([, value]) => value !== undefined));
  if (Object.keys(data).length === 0 && !Object.values(acts).includes(true)) throw new Wrong("There is nothing to change.");
  const changed = await inOneTransaction(ourselves(), standingOfStaffId(id.data), (work, { standing }) => standing && changeStaff(work, standing, { ...data, ...acts }), system);
  if (!changed) throw new Wrong(`Nobody with the ID ${id.data} works here.`);
  return changed;
}

/** Printed once, on the operator's terminal: nothing of it is kept in this form. */
async function handOver({ temporaryPassword, keyUri }: Handover): Promise<void> {
  if (temporaryPassword) console.log(`\nTemporary password (shown once, changed at the first login): ${temporaryPassword}`);
  if (keyUri) console.log(`\nKey for the authenticator app (shown once):\n${keyUri}\n\n${await QRCode.toString(keyUri, { type: "terminal", small: true })}`);
}

async function main(): Promise<void> {
  const { positionals: [verb], values } = parse();
  const problems = environmentProblems();
  if (problems.length > 0) throw new Wrong(`The environment is not whole:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
  const { STAFF_DATABASE_URL, DATABASE_URL } = env();
  const connection = connect(STAFF_DATABASE_URL ?? DATABASE_URL, 1);
  useDatabase(connection);
  try {
    const { id: staffId, "new-password": newPassword, "new-key": newKey, "remove-passkeys": removePasskeys, ...rest } = values;
    if (verb !== "create" && verb !== "change") throw new Wrong(usage);
    const handover = await asStaff(() => (verb === "create" ? create({ staffId, ...rest }) : change({ staffId, newPassword, newKey, removePasskeys, ...rest })));
    console.log(`${staffId} is ${verb === "create" ? "registered" : "changed"}.`);
    await handOver(handover);
  } finally {
    await connection.client.end({ timeout: 5 });
  }
}

const notTheOwner = `The console's own role says nobody's duty. Give the address of the tables' owner, for this command alone:
  STAFF_DATABASE_URL="$OWNER_DATABASE_URL" npm run staff:…`;

await main().catch((error: unknown) => {
  const described = describe(error); // never the statement: it has a password's hash and a sealed key
  if (error instanceof Wrong) console.error(`${error.message}${error.message.startsWith("Usage") ? "" : `\n\n${usage}`}`);
  else console.error(described.code === "42501" ? notTheOwner : described);
  process.exitCode = 1;
});
