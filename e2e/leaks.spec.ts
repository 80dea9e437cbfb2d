import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { expect, test } from "./fixtures";
import { activationPassword, loginPassword, minutes } from "./qa";
import { logDirectory } from "./stack";

type Secret = { name: string; text: string };

/** Where one of the secrets stands, in any spelling that a dump or a log could have. */
function found(text: string, secrets: Secret[]): string[] {
  return secrets.filter(({ text: secret }) => [secret, Buffer.from(secret).toString("base64"), encodeURIComponent(secret)].some((form) => text.includes(form))).map(({ name }) => name);
}

/** Six digits occur by chance, in times and ids; as a word of their own they do not. */
const alone = (text: string, digits: string) => new RegExp(`(?<![0-9a-f])${digits}(?![0-9a-f])`, "i").test(text);

test("no password, one-time password, key or session secret stands in logs, mails, database, pages or build after a whole first login", async ({ qa, pc, phone, caller }) => {
  const answers: string[] = [];
  pc.page.on("response", (response) => void response.text().then((text) => answers.push(text), () => undefined));
  const wrongLoginPassword = "Machigai-no-pasuwado-91";
  const logsBefore = logs().length;

  await pc.login.open();
  await pc.login.present("ichiro", wrongLoginPassword);
  await pc.login.expectRefusal("OTP-101");
  await pc.login.present("ichiro");
  await pc.issuance.shown();
  const mailAddress = "ichiro.phone@example.jp";
  await pc.issuance.issue({ mailAddress, activationPassword: "83920175" });
  await pc.confirmation.shown();
  const ids = await pc.confirmation.ids();
  const link = await qa.link(mailAddress);
  await phone.follow(link);
  await phone.setUp({ ...ids, activationPassword: "83920175" });
  const first = await phone.oneTimePassword("ichiro");
  const wrong = await qa.wrongPassword("ichiro");
  await pc.confirmation.confirm(wrong);
  await pc.confirmation.expectRefusal("OTP-109");
  await pc.confirmation.confirm(first);
  await pc.top.shown();
  await qa.advance(1 * minutes);
  await caller.password("ichiro");
  const second = await qa.oneTimePassword("ichiro");
  expect((await caller.oneTimePassword(second)).body).toMatchObject({ ok: true });
  await caller.oneTimePassword(second);

  const cookies = [...(await pc.page.context().cookies()), ...(await caller.request.storageState()).cookies].filter(({ value }) => value.length > 20);
  expect(cookies.length).toBeGreaterThan(2);
  const keys = await phone.page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open("ichido-authenticator");
      request.onsuccess = () => resolve(request.result);
    });
    const [token] = await new Promise<{ key: CryptoKey }[]>((resolve) => {
      const request = database.transaction("tokens").objectStore("tokens").getAll();
      request.onsuccess = () => resolve(request.result);
    });
    return { extractable: token!.key.extractable, exported: await crypto.subtle.exportKey("raw", token!.key).then(() => true, () => false) };
  });
  expect(keys).toEqual({ extractable: false, exported: false });

  const seeded = (await (await caller.request.get("/qa/api/phones")).json()) as { key: string }[];
  const keyForms = seeded.flatMap(({ key }) => (["base64url", "base64", "hex"] as const).map((form) => Buffer.from(key, "base64url").toString(form)));
  const secrets: Secret[] = [
    { name: "login password", text: loginPassword }, { name: "wrong login password", text: wrongLoginPassword }, { name: "activation password", text: "83920175" },
    { name: "demo's activation password", text: activationPassword },
    ...cookies.map(({ name, value }) => ({ name, text: value })),
    ...keyForms.map((text) => ({ name: "token key", text })),
  ];
  const oneTime = [first, second, wrong];
  const code = link.split("#")[1]!;

  const database = await dump();
  expect(found(database, secrets)).toEqual([]);
  expect(oneTime.filter((digits) => alone(database, digits))).toEqual([]);
  expect(database).not.toContain(code); // the mailbox stands for the recipient's, and is left out

  const log = logs().slice(logsBefore);
  expect(found(log, [...secrets, { name: "link code", text: code }, { name: "user ID", text: ids.userId }, { name: "mail address", text: mailAddress }])).toEqual([]);
  expect(oneTime.filter((digits) => alone(log, digits))).toEqual([]);

  const metrics = (await caller.get("/metrics")).text;
  expect(metrics).toContain('ichido_one_time_passwords_total{result="replayed",screen="login"}');
  expect(found(metrics, [...secrets, { name: "link code", text: code }, { name: "user ID", text: ids.userId }, { name: "login ID", text: "ichiro" }, { name: "address", text: "127.0.0.1" }])).toEqual([]);

  const mails = await qa.sql`select recipient, subject, text, html from qa.mailbox`;
  for (const { subject, text, html } of mails) {
    expect(found(`${subject}\n${text}\n${html}`, [...secrets, { name: "user ID", text: ids.userId }])).toEqual([]);
    expect(String(subject).includes("ワンタイムパスワードのご案内") || !`${text}${html}`.includes("http")).toBe(true);
  }
  expect(found(answers.join("\n"), secrets)).toEqual([]);
  expect(answers.join("\n")).not.toContain(code);

  async function dump(): Promise<string> {
    const tables = await qa.sql<{ schema: string; name: string }[]>`select table_schema as schema, table_name as name from information_schema.tables
      where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema') and (table_schema, table_name) <> ('qa', 'mailbox')`;
    const rows = await Promise.all(tables.map(({ schema, name }) => qa.sql`select t::text as row from ${qa.sql(schema)}.${qa.sql(name)} t`));
    expect(rows.flat().length).toBeGreaterThan(20);
    return rows.flat().map(({ row }) => row as string).join("\n");
  }
});

test("an ended token keeps no secret, a sent link leaves none, and only hashes and ciphertext are stored", async ({ qa }) => {
  await qa.link("tarou@example.jp");
  await expect.poll(async () => (await qa.sql`select 1 from mail_intents where kind = 'issuance_link' and (state <> 'sent' or sealed_content is not null or content is not null)`).length).toBe(0);
  const ended = await qa.sql`select sealed_key, activation_password_hash, link_code_mac, user_number from tokens where ended_at is not null`;
  expect(ended.length).toBeGreaterThan(0);
  for (const row of ended) expect(Object.values(row)).toEqual([null, null, null, null]);
  for (const { hash } of await qa.sql`select login_password_hash as hash from users union all select activation_password_hash from tokens where activation_password_hash is not null`) {
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  }
});

test("an answer about somebody is not compressed: its length would tell of it", async ({ qa, caller }) => {
  await caller.logIn(qa, "haruki");
  for (const path of ["/management/users/state", "/management/history/state"]) {
    const { status, text, headers } = await caller.get(path, { "accept-encoding": "gzip, br" });
    expect([path, status, headers["content-encoding"]]).toEqual([path, 200, undefined]);
    expect(text.length).toBeGreaterThan(1_024); // below that nobody compresses
  }
});

test("what the browser is given, scripts, styles and shells, holds no secret and no source map", async ({ caller }) => {
  const files = [...assets(path.resolve(import.meta.dirname, "../.next-qa/static"))];
  expect(files.length).toBeGreaterThan(5);
  expect(files.filter((file) => file.endsWith(".map"))).toEqual([]);
  const environment = ["NEXTAUTH_SECRET", "KEY_RING", "AUDIT_SIGNING_KEY", "DATABASE_URL", "postgres://"];
  for (const file of files.filter((name) => name.endsWith(".js"))) {
    const text = readFileSync(file, "utf8");
    expect([file, [...environment, loginPassword, "Kakunin-demo"].filter((secret) => text.includes(secret))]).toEqual([file, []]);
  }
  for (const shell of ["/", "/login", "/login/one-time-password", "/token/issuance", "/token/confirmation", "/password/change", "/management", "/management/suspensions", "/management/tokens/result", "/management/users", "/management/users/00000000-0000-4000-8000-000000000000", "/management/history", "/settings", "/authenticator", "/authenticator/start"]) {
    const { text } = await caller.get(shell, { accept: "text/html" });
    expect([shell, ["データ", "haruki", "@example.jp", loginPassword].filter((word) => text.includes(word))]).toEqual([shell, []]);
  }
  for (const probe of ["/.env", "/.git/config", "/package.json", "/.ichido/secrets.json", "/_next/server/app/login/present/route.js", "/_next/../package.json"]) {
    expect([probe, (await caller.get(probe)).status]).toEqual([probe, 404]);
  }
});

const logs = (): string => readdirSync(logDirectory()).map((name) => readFileSync(path.join(logDirectory(), name), "utf8")).join("\n");

function* assets(directory: string): Generator<string> {
  if (!existsSync(directory)) return;
  for (const name of readdirSync(directory)) {
    const file = path.join(directory, name);
    if (statSync(file).isDirectory()) yield* assets(file);
    else yield file;
  }
}
