import { createHash } from "node:crypto";
import {
  type AuthenticatorTransport, generateAuthenticationOptions, generateRegistrationOptions, verifyAuthenticationResponse, verifyRegistrationResponse,
} from "@simplewebauthn/server";
import { decodeAttestationObject } from "@simplewebauthn/server/helpers";
import { minutes } from "@/lib/platform/clock";
import { policy } from "@/lib/policy";
import type { Assertion, Attestation } from "./fields";

/* What an authenticator is asked to sign, and whether it did (WebAuthn 7.1 and 7.2): for customers and whoever else is to have passkeys. No I/O, no clock, no row. */

/** Whose passkeys they are: the RP ID is a host, and only pages of these origins may have asked for them. From configuration, never from a request. */
export type RelyingParty = { id: string; name: string; origins: string[] };

/** A registered credential, as far as verifying goes. */
export type Credential = { credentialId: string; publicKey: Uint8Array; counter: number; transports: string[] };

/** Why a response is not accepted: for the audit log, never for the browser. */
export type Flaw = "origin" | "relying_party" | "user_verification" | "signature" | "counter";

const algorithms = [-7, -8, -257]; // ES256, EdDSA, RS256
const timeout = minutes(policy.passkeyChallengeMinutes);

const knownTransports: string[] = ["ble", "hybrid", "internal", "nfc", "usb"] satisfies AuthenticatorTransport[];
const isTransport = (name: string): name is AuthenticatorTransport => knownTransports.includes(name);

const described = ({ credentialId, transports }: Pick<Credential, "credentialId" | "transports">) => ({ id: credentialId, transports: transports.filter(isTransport) });

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, "base64url"));

/** An id of ours as a user handle: its 16 bytes, which say nothing about anybody. */
export const userHandleOf = (userId: string): string => Buffer.from(userId.replaceAll("-", ""), "hex").toString("base64url");

export const registrationOptions = (
  party: RelyingParty, challenge: string, person: { id: string; loginId: string; name: string }, registered: Pick<Credential, "credentialId" | "transports">[],
) => generateRegistrationOptions({
  rpID: party.id, rpName: party.name, challenge: bytesOf(challenge), timeout, attestationType: "none", supportedAlgorithmIDs: algorithms,
  userID: bytesOf(userHandleOf(person.id)), userName: person.loginId, userDisplayName: person.name,
  authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
  excludeCredentials: registered.map(described),
});

export const assertionOptions = (party: RelyingParty, challenge: string, registered: Pick<Credential, "credentialId" | "transports">[]) =>
  generateAuthenticationOptions({ rpID: party.id, challenge: bytesOf(challenge), timeout, userVerification: "required", allowCredentials: registered.map(described) });

type ClientData = { challenge?: unknown; origin?: unknown; crossOrigin?: unknown };

function clientDataOf({ response }: Assertion | Attestation): ClientData {
  try {
    return Object(JSON.parse(Buffer.from(response.clientDataJSON, "base64url").toString("utf8"))) as ClientData;
  } catch {
    return {};
  }
}

/** By which challenge a response says it was asked; whether it is one of ours is the caller's question. */
export function challengeIn(presented: Assertion | Attestation): string {
  const { challenge } = clientDataOf(presented);
  return typeof challenge === "string" ? challenge : "";
}

/** A new credential, or what is wrong with it. */
export async function verifyAttestation(party: RelyingParty, challenge: string, presented: Attestation): Promise<{ credential: Credential } | { flaw: Flaw }> {
  if (clientDataOf(presented).crossOrigin === true) return { flaw: "origin" }; // we frame nobody, and nobody frames us
  const verification = await verifyRegistrationResponse({
    response: { ...presented, clientExtensionResults: {} }, expectedChallenge: challenge, expectedOrigin: party.origins, expectedRPID: party.id,
    requireUserVerification: true, supportedAlgorithmIDs: algorithms,
  }).catch(() => undefined); // what it throws repeats what was presented
  if (!verification?.verified) return { flaw: flawOf(party, presented, authenticatorDataIn(presented)) };
  const { id, publicKey, counter } = verification.registrationInfo.credential;
  if (id !== presented.id) return { flaw: "signature" }; // the library takes the authenticator's word, and does not compare the two
  return { credential: { credentialId: id, publicKey, counter, transports: (presented.response.transports ?? []).filter(isTransport) } };
}

/**
 * Whether a registered credential has signed this challenge; then its new counter. The counter is compared here and not by the library, which does so before it
 * looks at the signature: a counter that fell says that there are two of the authenticator, and only the authenticator may say so.
 */
export async function verifyAssertion(party: RelyingParty, challenge: string, registered: Credential, presented: Assertion): Promise<{ counter: number } | { flaw: Flaw }> {
  if (clientDataOf(presented).crossOrigin === true) return { flaw: "origin" };
  const verification = await verifyAuthenticationResponse({
    response: { ...presented, clientExtensionResults: {} }, expectedChallenge: challenge, expectedOrigin: party.origins, expectedRPID: party.id,
    requireUserVerification: true, credential: { id: registered.credentialId, publicKey: new Uint8Array(registered.publicKey), counter: 0 },
  }).catch(() => undefined);
  if (!verification?.verified) return { flaw: flawOf(party, presented, bytesOf(presented.response.authenticatorData)) };
  const { newCounter: counter } = verification.authenticationInfo;
  const fell = (counter > 0 || registered.counter > 0) && counter <= registered.counter;
  return fell ? { flaw: "counter" } : { counter };
}

function authenticatorDataIn({ response }: Attestation): Uint8Array {
  try {
    return decodeAttestationObject(bytesOf(response.attestationObject)).get("authData");
  } catch {
    return new Uint8Array();
  }
}

/** The verdict is the library's; this only finds a word for it. */
function flawOf({ id, origins }: RelyingParty, presented: Assertion | Attestation, data: Uint8Array): Flaw {
  const { origin } = clientDataOf(presented);
  if (typeof origin !== "string" || !origins.includes(origin)) return "origin";
  if (data.length < 37) return "signature";
  if (!createHash("sha256").update(id).digest().equals(data.subarray(0, 32))) return "relying_party";
  return (data[32]! & 0b100) === 0 ? "user_verification" : "signature";
}
