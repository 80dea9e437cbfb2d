import { eq } from "drizzle-orm";
import { beforeEach, expect, test } from "vitest";
import { mailIntents, tokens } from "@/drizzle/schema";
import { putScenario } from "@/lib/demo/scenarios.qa";
import { standingOfLoginId } from "@/lib/login/standing";
import { person } from "@/lib/login/test-person";
import { days, later } from "@/lib/platform/clock";
import { testDatabase } from "@/lib/platform/test-database";
import { announceExpiringTokens } from "./announce-expiry";
import { revoke } from "./revoke";

const database = testDatabase();
beforeEach(() => putScenario("demo"));

const announced = () => database.db.select().from(mailIntents).where(eq(mailIntents.kind, "token_expires_soon"));
const haruki = person("haruki");

/** Haruki's token ends that many days and seconds from now; everybody else's in two years. */
async function expiresIn(daysLeft: number, seconds = 0) {
  const { inUse, now } = await haruki.standing();
  await database.db.update(tokens).set({ expiresAt: later(now, days(daysLeft) + seconds * 1_000) }).where(eq(tokens.id, inUse!.id));
}

test("a token that ends in 30 days is announced to the registered address, once", async () => {
  await expiresIn(30);
  await announceExpiringTokens();
  await announceExpiringTokens();
  const { user, inUse } = await haruki.standing();
  const mails = await announced();
  expect(mails).toHaveLength(1);
  expect(mails[0]).toMatchObject({
    recipient: "haruki@example.jp", userId: user.id, tokenId: null, content: { kind: "token_expires_soon", userName: "データ花子", expiresAt: inUse!.expiresAt!.toISOString() },
  });
  expect(inUse!.expiryNoticeAt).not.toBeNull();
});

test("a minute more than 30 days is too early; a minute later it is not", async () => {
  await expiresIn(30, 60);
  await announceExpiringTokens();
  expect(await announced()).toHaveLength(0);
  await database.advance(60);
  await announceExpiringTokens();
  expect(await announced()).toHaveLength(1);
});

test("eight processes at once send one", async () => {
  await expiresIn(20);
  let release = () => {};
  const released = new Promise<void>((resolve) => { release = resolve; });
  let holding!: Promise<unknown>;
  // All of them have found the token and wait for its user's row.
  await new Promise<void>((resolve) => {
    holding = database.db.transaction(async (tx) => { await standingOfLoginId("haruki")(tx); resolve(); await released; });
  });
  const processes = Array.from({ length: 8 }, () => announceExpiringTokens());
  await new Promise((resolve) => setTimeout(resolve, 200));
  release();
  await Promise.all([holding, ...processes]);
  expect(await announced()).toHaveLength(1);
});

test("neither an expired, a revoked nor an open issuance's token is announced", async () => {
  await expiresIn(0);
  await person("sakuro").as((work, standing) => revoke(work, [standing], { allowReissue: true }));
  await announceExpiringTokens();
  expect(await announced()).toHaveLength(0);
});

test("the token after it is announced in its turn", async () => {
  await expiresIn(20);
  await announceExpiringTokens();
  const { inUse, now } = await haruki.standing();
  await database.db.update(tokens).set({ endedAt: now, endedBecause: "renewed", sealedKey: null }).where(eq(tokens.id, inUse!.id));
  await database.db.insert(tokens).values({ ...inUse!, id: crypto.randomUUID(), expiryNoticeAt: null });
  await announceExpiringTokens();
  expect(await announced()).toHaveLength(2);
});

test("a change of address meanwhile: the mail goes to the one that is registered now", async () => {
  await expiresIn(20);
  await haruki.as((work, { user }) => work.changeUser(user.id, { mailAddress: "new@example.jp" }));
  await announceExpiringTokens();
  expect((await announced()).map(({ recipient }) => recipient)).toEqual(["new@example.jp"]);
});
