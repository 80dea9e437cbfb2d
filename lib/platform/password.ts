import { availableParallelism } from "node:os";
import { type Algorithm, hash, verify } from "@node-rs/argon2";
import { gate, lanes } from "./gate";
import { newSecret } from "./keys";

// OWASP Password Storage: Argon2id with 19 MiB, two passes, one lane. The hash text carries its parameters.
const parameters = { algorithm: 2 as Algorithm.Argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const prefix = `$argon2id$v=19$m=${parameters.memoryCost},t=${parameters.timeCost},p=${parameters.parallelism}$`;

type Holder = typeof globalThis & { ichidoPasswordGate?: ReturnType<typeof gate>; ichidoPasswordLanes?: ReturnType<typeof lanes>; ichidoDecoy?: Promise<string> };
const holder = globalThis as Holder;

/**
 * A place at the hashing bench, for work that will hash at most one password at a time. It is taken before the transaction opens,
 * so that what waits for a processor holds no connection and no lock. Throws `Overloaded` when the queue is full.
 */
export const atTheBench = <Value>(work: () => Promise<Value>): Promise<Value> => bench()(work);

const bench = () => (holder.ichidoPasswordGate ??= gate(availableParallelism(), 200));

/**
 * The same, one at a time for each name: a flood at one login ID, whose row only one request can have, takes one place and not all.
 * A login ID that does not exist waits no less, so that waiting tells nothing.
 */
export const atTheBenchInTurn = <Value>(name: string, work: () => Promise<Value>): Promise<Value> => inTurn()(name, () => atTheBench(work));

const inTurn = () => (holder.ichidoPasswordLanes ??= lanes(60));

/** Who is at the bench: hashing, waiting for a place, waiting for their turn at one login ID. */
export const benchUse = () => ({ ...bench().use(), inTurn: inTurn().waiting() });

export const hashPassword = (password: string): Promise<string> => hash(password, parameters);

/** A hash of nothing anybody knows: verifying against it takes the time of a real one. */
const decoyHash = () => (holder.ichidoDecoy ??= hashPassword(newSecret()));

/** Whether the password is the one; without a hash it takes as long and says no. */
export async function passwordMatches(stored: string | null | undefined, password: string): Promise<boolean> {
  const right = await verify(stored ?? (await decoyHash()), password);
  return right && Boolean(stored);
}

/** The parameters have changed since this hash was made. */
export const needsRehash = (stored: string): boolean => !stored.startsWith(prefix);
