import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { parseArgs } from "node:util";
import { fingerprintOf } from "@/lib/audit/chain.mjs";
import { type Exported, exportAuditLog } from "@/lib/audit/export";
import { auditKey } from "@/lib/audit/key";
import { connect, useDatabase } from "@/lib/platform/database";
import { env, environmentProblems } from "@/lib/platform/env";
import { institutionProblems } from "@/lib/platform/institution";
import { describe } from "@/lib/platform/log";

const usage = "Usage: npm run audit:export -- --out FILE [--company CONTRACT_NUMBER] [--force]";

class Wrong extends Error {}

function parse() {
  try {
    const { values } = parseArgs({ options: { out: { type: "string" }, company: { type: "string" }, force: { type: "boolean" } } });
    if (!values.out) throw new Wrong(usage);
    return { ...values, out: values.out };
  } catch (error) {
    throw new Wrong(error instanceof Wrong ? error.message : `${(error as Error).message}\n\n${usage}`);
  }
}

const bytesAtOnce = 1 << 18;

/** Written under another name, and there under its own only when it is whole. */
async function write(lines: AsyncGenerator<string, Exported, void>, out: string, overwrite: boolean): Promise<Exported> {
  const draft = `${out}.${randomBytes(4).toString("hex")}.part`;
  const file = await open(draft, "wx", 0o600); // personal data
  try {
    let text = "";
    let next = await lines.next();
    for (; !next.done; next = await lines.next()) {
      text += `${next.value}\n`;
      if (text.length < bytesAtOnce) continue;
      await file.writeFile(text);
      text = "";
    }
    await file.writeFile(text);
    await file.sync();
    await file.close();
    if (!overwrite && existsSync(out)) throw new Wrong(`${out} has appeared meanwhile; nothing was overwritten.`);
    await rename(draft, out);
    return next.value;
  } catch (error) {
    await file.close().catch(() => {});
    await rm(draft, { force: true });
    throw error;
  }
}

async function main(): Promise<void> {
  const { out, company, force = false } = parse();
  if (!force && existsSync(out)) throw new Wrong(`${out} is there already. Choose another name, or overwrite it with --force.`);
  const problems = environmentProblems();
  if (problems.length === 0) problems.push(...institutionProblems());
  if (problems.length > 0) throw new Wrong(`The environment is not whole:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
  const connection = connect(env().DATABASE_URL, 1, "ichido-export");
  useDatabase(connection);
  try {
    await connection.client`set statement_timeout = 0`; // a log of years is counted in one statement
    const lines = await exportAuditLog(company);
    if (!lines) throw new Wrong(`Nothing is sealed of a contract with the number ${company}.`);
    const { chains, blocks, rows, unsealed } = await write(lines, out, force);
    console.log(`${out}: ${chains} chains, ${blocks} blocks, ${rows} rows, to be checked with the public key ${fingerprintOf(auditKey().publicKey)} (npm run audit:verify -- ${out} --public-key ${auditKey().publicKey}).`);
    if (unsealed > 0) console.log(`${unsealed} events are too young to be in a block and are not in it.`);
  } finally {
    await connection.client.end({ timeout: 5 });
  }
}

await main().catch((error: unknown) => {
  console.error(error instanceof Wrong ? error.message : error instanceof Error && "syscall" in error ? error.message : describe(error));
  process.exitCode = 1;
});
