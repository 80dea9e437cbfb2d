// What people do: each act is one or several requests, and never fails; what was answered is in the client's records.
import { createECDH, createHmac, hkdfSync } from "node:crypto";
import { anotherKey, softAuthenticator } from "../../passkey/test-device.mjs";
import { pause } from "../project.mjs";

/** @typedef {import("./client.mjs").Client} Client */
/** @typedef {import("./client.mjs").Jar} Jar */
/** @typedef {import("./random.mjs").Random} Random */
/** @typedef {{ id: string, key: string }} Token */
/** @typedef {ReturnType<typeof softAuthenticator>} Device with a passkey, or so it is thought: an answer may have been lost */
/** @typedef {{ id: string, loginId: string, userClass: string, kind: string, contractNumber: string, applies: boolean, token: Token | null, jar: Jar, device?: Device, busy?: boolean, used?: number, suspended?: boolean }} Account */
/** @typedef {{ id: string, staffId: string, duty: string, key: string, jar: Jar, busy?: boolean, used?: number }} Colleague */
/** @typedef {{ accounts: Account[], staff: Colleague[], password: string, clock: { now: () => number }, codesAt: (address: string) => string[] }} World */

const activationPassword = "20261122";
const linkMilliseconds = 6_000;
const strangersKey = anotherKey();

/** RFC 6238. @param {string} key @param {number} step @param {"sha1" | "sha256"} hash */
function oneTimePassword(key, step, hash = "sha256") {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac(hash, Buffer.from(key, "base64")).update(counter).digest();
  return String((mac.readUInt32BE((mac.at(-1) ?? 0) & 15) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/** Six digits that nothing near this step is. @param {string} key @param {number} step @param {Random} random */
function wrongPassword(key, step, random) {
  const near = Array.from({ length: 12 }, (_, index) => oneTimePassword(key, step - 6 + index));
  for (;;) {
    const digits = String(random.below(1_000_000)).padStart(6, "0");
    if (!near.includes(digits)) return digits;
  }
}

/** @param {World} world @param {Client} client @param {Random} random */
export function customersOf(world, client, random) {
  const server = () => random.of(client.origins);
  const stepNow = () => Math.floor(world.clock.now() / 60_000);
  const suspendedCodes = ["OTP-106", "OTP-107"];

  /** Waits for a step that this phone has shown to nobody yet, for a while. @param {{ used?: number }} who */
  async function freshStep(who) {
    for (let waited = 0; stepNow() <= (who.used ?? 0) && waited < 10_000; waited += 250) await pause(250);
    who.used = stepNow();
    return who.used;
  }

  const free = (/** @type {(account: Account) => boolean} */ wanted) => world.accounts.filter((account) => !account.busy && wanted(account));

  /** One at a time for each person. @template {{ busy?: boolean }} Person @param {Person | undefined} person @param {(person: Person) => Promise<unknown>} act */
  async function alone(person, act) {
    if (!person) return void (await pause(50));
    person.busy = true;
    try {
      await act(person);
    } finally {
      person.busy = false;
    }
  }

  /** @param {Account} account @param {string} [password] */
  async function passwordStep(account, password = world.password) {
    const answer = await client.post(password === world.password ? "password" : "wrong password", server(), "/login/present", account.jar, { loginId: account.loginId, password });
    if (suspendedCodes.includes(answer.body.refusal?.code)) account.suspended = true;
    return answer;
  }

  /** @param {Account} account @param {string} digits @param {string} kind */
  async function present(account, digits, kind) {
    const answer = await client.post(kind, server(), "/login/one-time-password/present", account.jar, { oneTimePassword: digits });
    if (suspendedCodes.includes(answer.body.refusal?.code)) account.suspended = true;
    return answer;
  }

  /** Behind half a login: the answer of a passkey to its challenge, which is kept for who would present it again. @param {Account} account @param {Device} device @param {import("node:crypto").KeyObject} [signWith] */
  async function presentPasskey(account, device, signWith) {
    const { outcome, body } = await client.post("passkey's challenge", server(), "/login/passkey/options", account.jar, {});
    if (outcome !== "ok") return { outcome, credential: "" };
    const credential = JSON.stringify(device.get(body.options, signWith && { signWith }));
    const answer = await client.post(signWith ? "wrong passkey" : "passkey", server(), "/login/passkey/present", account.jar, { credential });
    if (!signWith && answer.outcome === "refused") account.device = undefined; // removed with a lost phone, or never registered
    return { outcome: answer.outcome, credential };
  }

  /** From a session. @param {Account} account */
  async function registerPasskey(account) {
    const passkeyName = "事務所のパソコン";
    const { outcome, body } = await client.post("new passkey's challenge", server(), "/settings/passkeys/options", account.jar, { passkeyName, confirmationPassword: world.password });
    if (outcome !== "ok") return;
    const device = softAuthenticator({ origin: client.origins[0] });
    const credential = JSON.stringify(device.create(body.options));
    const answers = await Promise.all([0, 1].map(() => client.post("new passkey", server(), "/settings/passkeys/register", new Map(account.jar), { passkeyName, credential })));
    if (answers.some((answer) => answer.outcome !== "refused")) account.device = device;
  }

  /** A login to its end, whichever way it leads. @param {Account} account @returns {Promise<boolean>} whether it ended in a session */
  async function logIn(account) {
    const { outcome, body } = await passwordStep(account);
    if (outcome !== "ok") return false;
    if (body.go === "/") return true;
    if (body.go === "/login/passkey" && account.device) return (await presentPasskey(account, account.device)).outcome === "ok";
    if (body.go !== "/login/one-time-password") return getToken(account, body.go !== "/token/confirmation");
    if (!account.token) return false;
    const step = await freshStep(account);
    return (await present(account, oneTimePassword(account.token.key, step), "one-time password")).outcome === "ok";
  }

  /** 手順A–E: issued, set up on a phone of Node's crypto, confirmed. @param {Account} account @param {boolean} issue @param {string} [renewal] the old token's one-time password */
  async function getToken(account, issue, renewal) {
    const mailAddress = `${account.loginId}@phone.example.jp`;
    const known = world.codesAt(mailAddress).length;
    if (issue || !known) {
      const fields = { mailAddress, mailAddressAgain: mailAddress, activationPassword, activationPasswordAgain: activationPassword, ...(renewal && { oneTimePassword: renewal }) };
      const { outcome } = await client.post(renewal ? "renewal" : "issuance", server(), "/token/issuance/issue", account.jar, fields);
      if (outcome !== "ok") return false;
      for (let waited = 0; world.codesAt(mailAddress).length === known && waited < linkMilliseconds; waited += 200) await pause(200);
    }
    const code = world.codesAt(mailAddress).at(-1);
    const { body: shown } = await client.get("read", server(), "/token/confirmation/state", account.jar);
    if (!code || !shown.userId) return false;

    const phone = createECDH("prime256v1");
    phone.generateKeys();
    const given = { serviceId: shown.serviceId, userId: shown.userId, activationPassword, code, publicKey: phone.getPublicKey("base64url") };
    if (random.below(4) === 0) await client.post("wrong set-up", server(), "/authenticator/set-up", new Map(), { ...given, activationPassword: "00000000" });
    let answer = await client.post("set-up", server(), "/authenticator/set-up", new Map(), given);
    for (let tries = 0; tries < 3 && answer.outcome === "unknown"; tries += 1) { // a lost answer is not a lost issuance (R10)
      await pause(500);
      answer = await client.post("set-up again", server(), "/authenticator/set-up", new Map(), given);
    }
    const agreed = answer.body.token;
    if (!agreed) return false;
    const info = `ichido token v1|${shown.serviceId}|${shown.userId}|${agreed.id}`;
    const key = Buffer.from(hkdfSync("sha256", phone.computeSecret(Buffer.from(agreed.publicKey, "base64url")), agreed.id, info, 32)).toString("base64");
    const step = stepNow();
    const { outcome } = await client.post(renewal ? "renewed confirmation" : "confirmation", server(), "/token/confirmation/confirm", account.jar, { oneTimePassword: oneTimePassword(key, step) });
    if (outcome !== "refused") Object.assign(account, { token: { id: agreed.id, key }, used: step, kind: "in use" });
    return outcome === "ok";
  }

  /** The manager of the other users of a company, logged in. @param {string} contractNumber @param {(manager: Account) => Promise<unknown>} act */
  const byManager = (contractNumber, act) =>
    alone(random.of(free((account) => account.contractNumber === contractNumber && account.userClass !== "general" && !account.suspended)), async (manager) => {
      const { outcome } = await client.get("read", server(), "/state", manager.jar);
      if (outcome === "ok" || await logIn(manager)) await act(manager);
    });

  /** A member of staff of that duty, logged in. @param {string} duty @param {(colleague: Colleague) => Promise<unknown>} act */
  const byStaff = (duty, act) => alone(random.of(world.staff.filter((colleague) => !colleague.busy && colleague.duty === duty)), async (colleague) => {
    const { outcome } = await client.get("staff read", server(), "/staff/state", colleague.jar);
    if (outcome !== "ok") {
      const { outcome: half } = await client.post("staff password", server(), "/staff/login/present", colleague.jar, { staffId: colleague.staffId, password: world.password });
      if (half !== "ok") return;
      const step = await freshStep(colleague);
      const { outcome: whole } = await client.post("staff one-time password", server(), "/staff/login/one-time-password/present", colleague.jar, { oneTimePassword: oneTimePassword(colleague.key, step, "sha1") });
      if (whole !== "ok") return;
    }
    await act(colleague);
  });

  const anyone = () => random.of(free(() => true));
  const holder = () => random.of(free(({ token, suspended, applies }) => applies && token !== null && !suspended));

  const acts = {
    login: () => alone(random.of(free(({ suspended }) => !suspended)) ?? anyone(), async (account) => {
      if (await logIn(account)) await client.get("read", server(), "/state", account.jar);
      if (random.below(3) === 0) await client.post("logout", server(), "/logout", account.jar, {});
    }),
    "wrong password": () => alone(anyone(), (account) => passwordStep(account, "not the password")),
    "wrong one-time passwords": () => alone(holder(), async (account) => {
      const token = /** @type {Token} */ (account.token);
      if ((await passwordStep(account)).body.go !== "/login/one-time-password") return;
      for (let count = random.of([1, 2, 5]); count > 0; count -= 1) await present(account, wrongPassword(token.key, stepNow(), random), "wrong one-time password");
      const step = await freshStep(account);
      await present(account, oneTimePassword(token.key, step), "one-time password");
    }),
    replay: () => alone(holder(), async (account) => {
      if (!await logIn(account) || !account.token) return;
      const digits = oneTimePassword(account.token.key, /** @type {number} */ (account.used));
      await passwordStep(account);
      await present(account, digits, "replay");
      await present(account, `${digits.slice(0, 3)} ${digits.slice(3)}`, "replay");
    }),
    "the same in parallel": () => alone(holder(), async (account) => {
      if ((await passwordStep(account)).body.go !== "/login/one-time-password" || !account.token) return;
      const digits = oneTimePassword(account.token.key, await freshStep(account));
      await Promise.all(Array.from({ length: 6 }, () => present({ ...account, jar: new Map(account.jar) }, digits, "one-time password")));
    }),
    passkey: () => alone(holder(), async (account) => {
      const { device } = account;
      if (!device) {
        if (await logIn(account)) await registerPasskey(account);
        return;
      }
      if ((await passwordStep(account)).outcome !== "ok") return;
      if (random.below(4) === 0) await presentPasskey(account, device, strangersKey);
      const { outcome, credential } = await presentPasskey(account, device);
      if (outcome !== "ok" || (await passwordStep(account)).outcome !== "ok") return;
      const again = () => client.post("passkey again", server(), "/login/passkey/present", new Map(account.jar), { credential });
      await Promise.all([again(), again()]);
      const { body } = await client.post("passkey's challenge", server(), "/login/passkey/options", account.jar, {});
      if (!body.options) return;
      const answer = JSON.stringify(device.get(body.options));
      await Promise.all(Array.from({ length: 4 }, () => client.post("passkey", server(), "/login/passkey/present", new Map(account.jar), { credential: answer })));
    }),
    "passkey's removal": () => alone(random.of(free(({ device, suspended }) => device !== undefined && !suspended)), async (account) => {
      if (!await logIn(account)) return;
      const { body } = await client.get("read", server(), "/settings/state", account.jar);
      const [passkey] = body.passkeys ?? [];
      if (!passkey) return;
      const { outcome } = await client.post("passkey's removal", server(), "/settings/passkeys/remove", account.jar, { passkey: passkey.id, confirmationPassword: world.password });
      if (outcome === "ok") account.device = undefined;
    }),
    renewal: () => alone(random.of(free(({ kind, suspended }) => kind === "expiring" && !suspended)), async (account) => {
      if (!await logIn(account) || !account.token) return;
      await getToken(account, true, oneTimePassword(account.token.key, await freshStep(account)));
    }),
    lift: async () => {
      const suspended = random.of(world.accounts.filter((account) => account.suspended));
      if (!suspended) return pause(50);
      await byManager(suspended.contractNumber, async (manager) => {
        const { outcome } = await client.post("lift", server(), "/management/suspensions/lift", manager.jar, { users: suspended.id, confirmationPassword: world.password });
        if (outcome === "ok") suspended.suspended = false;
      });
    },
    revocation: async () => {
      const revoked = random.of(world.accounts.filter(({ applies, userClass }) => applies && userClass === "general"));
      await byManager(revoked.contractNumber, (manager) =>
        client.post("revocation", server(), "/management/tokens/revoke", manager.jar, { users: revoked.id, confirmationPassword: world.password, allowReissue: "on" }));
    },
    case: async () => {
      const suspended = random.of(world.accounts.filter((account) => account.suspended));
      const target = suspended ?? random.of(world.accounts.filter(({ applies, userClass }) => applies && userClass === "general"));
      const kind = suspended ? "lift_suspension" : random.of(["revoke_token", "open_permission", "lift_suspension"]);
      const number = `P-${random.below(1e9)}-${random.below(1e9)}`;
      let entered = false;
      await byStaff("clerk", async (clerk) => {
        const { outcome } = await client.post("case", server(), "/staff/cases/new/enter", clerk.jar, {
          number, kind, contractNumber: target.contractNumber, loginIds: target.loginId, reason: "窓口でのお申し出", serviceAppliesFrom: "", "document:届出印": "on", allowReissue: "on",
        });
        entered = outcome !== "refused";
      });
      if (!entered) return;
      await byStaff("approver", async (approver) => {
        const { body } = await client.get("staff read", server(), `/staff/cases/${number}/state`, approver.jar);
        if (!body.shown) return;
        const twice = await Promise.all([0, 1].map(() => client.post("approval", server(), `/staff/cases/${number}/approve`, new Map(approver.jar), { seen: body.shown.seen })));
        if (suspended && twice.some(({ outcome }) => outcome === "ok")) suspended.suspended = false;
      });
    },
  };

  /** @type {Record<keyof typeof acts, number>} */
  const weights = { login: 40, "wrong password": 5, "wrong one-time passwords": 9, replay: 8, "the same in parallel": 8, passkey: 12, "passkey's removal": 2, renewal: 4, lift: 9, revocation: 4, case: 6 };
  return {
    act: () => acts[random.weighted(weights)](),
    /** A whole login, for who asks whether the service is able again. @param {Account} account @param {string} origin */
    async wholeLogin(account, origin) {
      const answers = [await client.post("password", origin, "/login/present", account.jar, { loginId: account.loginId, password: world.password })];
      const digits = oneTimePassword(/** @type {Token} */ (account.token).key, await freshStep(account));
      answers.push(await client.post("one-time password", origin, "/login/one-time-password/present", account.jar, { oneTimePassword: digits }));
      answers.push(await client.get("read", origin, "/state", account.jar));
      return answers;
    },
    /** What this phone showed last, once more, in another browser. @param {Account} account @param {string} origin */
    async replay(account, origin) {
      const jar = new Map();
      await client.post("password", origin, "/login/present", jar, { loginId: account.loginId, password: world.password });
      const digits = oneTimePassword(/** @type {Token} */ (account.token).key, /** @type {number} */ (account.used));
      return client.post("replay", origin, "/login/one-time-password/present", jar, { oneTimePassword: digits });
    },
  };
}
