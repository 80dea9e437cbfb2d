import { expect } from "vitest";
import { POST as askForPasskey } from "@/app/(customer)/login/passkey/options/route";
import { POST as presentPasskey } from "@/app/(customer)/login/passkey/present/route";
import { POST as askForAnyPasskey } from "@/app/(customer)/login/passkey-alone/options/route";
import { POST as presentPasskeyAlone } from "@/app/(customer)/login/passkey-alone/present/route";
import { POST as presentPassword } from "@/app/(customer)/login/present/route";
import { POST as beginRegistration } from "@/app/(customer)/settings/passkeys/options/route";
import { POST as registerPasskey } from "@/app/(customer)/settings/passkeys/register/route";
import { confirmationPassword, loginPassword } from "@/lib/demo/cast.qa";
import { browser } from "@/lib/login/test-browser";
import { anotherKey, softAuthenticator } from "./test-device.mjs";

/* For tests: what people do with a passkey at the route handlers. */

export { anotherKey, softAuthenticator };

export type SoftAuthenticator = ReturnType<typeof softAuthenticator>;
type Pc = ReturnType<typeof browser>;

/** What can be wrong with an assertion of an authenticator that has counted to one, and the reason that is recorded: whoever it is presented to. */
export const wrongAssertions: [what: string, wrong: Parameters<SoftAuthenticator["get"]>[1], reason: string][] = [
  ["of another origin", { origin: "https://ichido.example" }, "origin"],
  ["of a page framed by another", { crossOrigin: true }, "origin"],
  ["for another relying party", { rpId: "ichido.example" }, "relying_party"],
  ["without user verification", { verifiesUser: false }, "user_verification"],
  ["of the other ceremony", { type: "webauthn.create" }, "signature"],
  ["signed by another key", { signWith: anotherKey() }, "signature"],
  ["for a challenge that nobody made", { challenge: Buffer.alloc(32).toString("base64url") }, "challenge"],
  ["of a credential that nobody has", { credentialId: "AAAA" }, "unknown"],
  ["that names somebody else", { userHandle: "AAAA" }, "of_another_user"],
  ["with a counter that fell", { counter: 0 }, "counter"],
  ["with a counter that stands still", { counter: 1 }, "counter"],
];
type Options = { challenge: string; rp?: { id: string }; rpId?: string; user: { id: string }; userVerification?: string; allowCredentials?: { id: string }[]; excludeCredentials?: { id: string }[]; authenticatorSelection?: object; attestation?: string };

/** The options that a door answers. */
export async function optionsOf(pc: Pc, door: Parameters<Pc["post"]>[0], form: Record<string, string>) {
  const answer = (await pc.post(door, form)) as Awaited<ReturnType<Pc["post"]>> & { options: Options };
  expect(answer).toMatchObject({ ok: true });
  return answer.options;
}

/** The options a session gets for a new passkey. */
export const registrationOptionsOf = (pc: Pc, passkeyName = "事務所のパソコン") => optionsOf(pc, beginRegistration, { passkeyName, confirmationPassword });
/** The options a half-login gets. */
export const assertionOptionsOf = (pc: Pc) => optionsOf(pc, askForPasskey, {});

export const presentAttestation = (pc: Pc, credential: object, passkeyName = "事務所のパソコン") => pc.post(registerPasskey, { passkeyName, credential: JSON.stringify(credential) });
export const presentAssertion = (pc: Pc, credential: object) => pc.post(presentPasskey, { credential: JSON.stringify(credential) });

/** The options anybody gets who says no login ID. */
export const optionsForAnyOf = (pc: Pc) => optionsOf(pc, askForAnyPasskey, {});
export const presentAlone = (pc: Pc, credential: object) => pc.post(presentPasskeyAlone, { credential: JSON.stringify(credential) });

/** Registers a new authenticator from a session. */
export async function registered(pc: Pc, passkeyName = "事務所のパソコン", device = softAuthenticator()): Promise<SoftAuthenticator> {
  expect(await presentAttestation(pc, device.create(await registrationOptionsOf(pc, passkeyName)), passkeyName)).toMatchObject({ ok: true });
  return device;
}

/** A browser after step 1. */
export async function afterPasswordOf(loginId: string, pc = browser()) {
  const { go, ok, refusal } = await pc.post(presentPassword, { loginId, password: loginPassword });
  return { pc, go, ok, refusal };
}

/** Both steps, the second by the passkey. */
export async function logInBy(loginId: string, device: SoftAuthenticator, pc = browser()) {
  await afterPasswordOf(loginId, pc);
  expect(await presentAssertion(pc, device.get(await assertionOptionsOf(pc)))).toMatchObject({ ok: true, go: "/" });
  return pc;
}
