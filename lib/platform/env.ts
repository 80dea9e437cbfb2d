import { z } from "zod";
import { variable } from "./env-variable.mjs";
import { isSameHost } from "./staff-host.mjs";

const numberProblems: string[] = [];

/** A policy number: the variable's value, or the default. An absurd one is kept as a problem, named at start. */
export function readNumber(number: { value: number; variable: string; least: number; most: number; unit: string }): number {
  const text = variable(number.variable);
  if (text === undefined) return number.value;
  const value = Number(text);
  if (Number.isInteger(value) && value >= number.least && value <= number.most) return value;
  numberProblems.push(`${number.variable} must be a whole number from ${number.least} to ${number.most} (${number.unit})`);
  return number.value;
}

const key256 = (base64: string) => Buffer.from(base64, "base64").length === 32;
const hostName = /^(?=.{1,253}(:|$))[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:(?!443$)[1-9]\d{0,4})?$/;
const mailName = /^[^\r\n<>"]*<[^\s<>@,]+@[^\s<>@,]+>$|^[^\s<>@,]+@[^\s<>@,]+$/;

/** Every variable but the policy's numbers; `docs/configuration.md` is printed from here. */
export const variables = z
  .object({
    PORT: z.coerce.number().int().min(1).max(65535).default(3000).describe("Port the server process listens on"),
    HOST: z.string().default("127.0.0.1").describe("Address it listens on; put a TLS proxy in front"),
    PUBLIC_ORIGIN: z
      .url({ error: "must be the address people type, such as https://ib.example.jp" })
      .refine((text) => new URL(text).origin === text, "must be an origin: scheme and host, no path")
      .refine((text) => text.startsWith("https://") || ["localhost", "127.0.0.1"].includes(new URL(text).hostname), "must be https, except on localhost").describe("The address people type; links and the origin check come from it, never from a request"),
    STAFF_HOST: z
      .string()
      .regex(hostName, "must be a host name in lower case, with a port where it is not 443, such as counter.example.jp: no scheme, no path")
      .optional().describe("Host of the counter console, which then answers there and nowhere else; on PUBLIC_ORIGIN's host without it ([counter](counter.md))"),
    STAFF_PASSKEY: z.enum(["optional", "required"], { error: "must be optional or required" }).default("optional")
      .describe("Whether members of staff log in and approve by a passkey only, and have every approval signed: optional or required ([counter](counter.md))"),
    DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, "must be a postgres:// address").describe("PostgreSQL 15 or later; its owner migrates"),
    STAFF_DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//, "must be a postgres:// address").optional()
      .describe("The same database by a role of the counter console's own; DATABASE_URL's role without it ([counter](counter.md))"),
    NEXTAUTH_SECRET: z.string().min(32, "must have at least 32 characters").describe("Secret of the session cookie's encryption, 32 characters or more"),
    KEY_RING: z
      .string()
      .refine(
        (text) => text.split(",").every((entry) => /^[A-Za-z0-9_-]{1,16}:/.test(entry) && key256(entry.slice(entry.indexOf(":") + 1))),
        "must be id:base64 of 32 bytes, comma-separated, the current key first",
      )
      .refine((text) => new Set(text.split(",").map((entry) => entry.split(":")[0])).size === text.split(",").length, "names a key id twice").describe("Keys for token keys, links and MACs: id:base64 of 32 bytes, comma-separated, the current one first"),
    AUDIT_SIGNING_KEY: z.string().refine(key256, "must be base64 of 32 bytes").describe("Key that signs the audit log's chains (Ed25519), base64 of 32 random bytes; `npm run audit:public-key` prints the half that checks them ([audit](audit.md))"),
    MAIL_TRANSPORT: z.string().describe("resend or smtp"),
    RESEND_API_KEY: z.string().optional().describe("Needed by MAIL_TRANSPORT=resend"),
    RESEND_BASE_URL: z.url().optional().describe("Another address for Resend's API"),
    SMTP_URL: z.string().regex(/^smtps?:\/\//, "must be an smtp:// or smtps:// address").optional().describe("Needed by MAIL_TRANSPORT=smtp: smtp://user:password@host:587 or smtps://…"),
    MAIL_FROM: z.string().regex(mailName, "must be one mail address, with or without a name").describe("Sender of every mail: one address, with or without a name"),
    TRUSTED_PROXIES: z.string().default("").describe("Addresses and CIDR ranges whose X-Forwarded-For is believed, comma-separated"),
    METRICS_TOKEN: z.string().min(32, "must have at least 32 characters").regex(/^[\x21-\x7e]*$/, "must be ASCII without spaces").optional()
      .describe("Whoever sends `Authorization: Bearer` with it may read `/metrics` from elsewhere; without it only this machine may ([operations](operations/README.md))"),
    LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info").describe("fatal, error, warn, info, debug, trace or silent"),
    INSTITUTION_FILE: z.string().optional().describe("JSON file with the institution's name, service ID, help desk and the counter's documents; a fictional one without it"),
    ICHIDO_DEMO_ID: z.string().optional().describe("QA build only: short id of the database, a suffix of cookie names"),
    ICHIDO_DEMO_ORIGINS: z.string().optional().describe("QA build only: origins of all server processes of a demo"),
  })
  .superRefine((value, context) => {
    const needs = { resend: "RESEND_API_KEY", smtp: "SMTP_URL" } as const;
    const needed = needs[value.MAIL_TRANSPORT as keyof typeof needs];
    if (needed && !value[needed]) context.addIssue({ code: "custom", path: [needed], message: `is needed by MAIL_TRANSPORT=${value.MAIL_TRANSPORT}` });
    if (value.STAFF_HOST && URL.canParse(value.PUBLIC_ORIGIN) && isSameHost(new URL(value.PUBLIC_ORIGIN).host, value.STAFF_HOST)) {
      context.addIssue({ code: "custom", path: ["STAFF_HOST"], message: "must be another host than PUBLIC_ORIGIN's" });
    }
  });

export type Environment = z.infer<typeof variables>;

function read() {
  const given = Object.fromEntries(Object.keys(variables.shape).map((name) => [name, variable(name)]));
  return variables.safeParse(given);
}

/** Everything wrong with the environment, a sentence each. Values are never repeated: they may be secrets. */
export function environmentProblems(): string[] {
  const result = read();
  const problems = result.success ? [] : result.error.issues.map((issue) =>
    `${issue.path.join(".")} ${issue.code === "invalid_type" ? "is missing" : issue.message}`);
  return [...problems, ...numberProblems];
}

let parsed: Environment | undefined;

/** The parsed environment. Throws if it is not whole; `environmentProblems` says why. */
export function env(): Environment {
  if (!parsed) {
    const result = read();
    if (!result.success) throw new Error(`The environment is not whole: ${environmentProblems().join("; ")}`);
    parsed = result.data;
  }
  return parsed;
}
