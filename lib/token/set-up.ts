import { and, eq, inArray, isNull, or } from "drizzle-orm";
import { tokens } from "@/drizzle/schema";
import { standingOfUser, type Standing } from "@/lib/login/standing";
import { days, later, readClock } from "@/lib/platform/clock";
import type { Tx } from "@/lib/platform/database";
import { institution } from "@/lib/platform/institution";
import { sameText } from "@/lib/platform/keys";
import { passwordMatches } from "@/lib/platform/password";
import { done, refuse, type Result } from "@/lib/platform/result";
import { ours, type Work } from "@/lib/platform/transaction";
import { policy } from "@/lib/policy";
import type { Refusal } from "@/lib/refusals";
import { endTokens } from "./end";
import { sealTokenKey } from "./key";
import { agreeKey } from "./key-agreement";
import { linkCodeMacs } from "./link-code";
import { isLive } from "./states";

/** 手順C, as the phone sends it: normalised; a part that could not be is empty and matches nothing. */
export type SetUp = { serviceId: string; userNumber: string; activationPassword: string; code: string; phonePublicKey: string };

/** What the phone learns. Never the key: it computes that itself. */
type AgreedToken = { id: string; serverPublicKey: string; company: string; loginId: string; expiresAt: Date };

/** The issuance a set-up may mean, by its user ID or else its link: whichever part was wrong, the try counts there. */
export const standingOfSetUp = ({ userNumber, code }: SetUp) => async (tx: Tx): Promise<{ now: Date; standing: Standing | undefined }> => {
  const found = await tx
    .select({ userId: tokens.userId, userNumber: tokens.userNumber })
    .from(tokens)
    .where(and(or(eq(tokens.userNumber, userNumber), inArray(tokens.linkCodeMac, linkCodeMacs(code))), isNull(tokens.confirmedAt), isNull(tokens.endedAt)));
  const meant = found.find((token) => token.userNumber === userNumber) ?? found[0];
  return meant ? standingOfUser(meant.userId)(tx) : { ...(await readClock(tx)), standing: undefined };
};

/**
 * Agrees the token's key with a phone, once (R9–R11). All three channels must be right, and one answer covers whichever is not;
 * the last allowed wrong try ends the issuance. The same phone key again gets the same answer: a lost answer is not a lost issuance.
 */
export async function setUp(work: Work, standing: Standing | undefined, given: SetUp): Promise<Result<AgreedToken, Refusal<"set_up_failed">>> {
  work.corporationId = standing?.corporation.id;
  const issuance = standing?.issuance ?? null;
  const passwordRight = await passwordMatches(issuance?.activationPasswordHash, given.activationPassword);
  if (!standing || !issuance || !isLive(issuance, work.now)) {
    work.record({ name: "token.set_up_refused", userId: standing?.user.id, reason: "set_up_failed" });
    return refuse({ reason: "set_up_failed" });
  }

  const codeRight = linkCodeMacs(given.code).some((mac) => sameText(mac, issuance.linkCodeMac ?? ""));
  const idsRight = sameText(given.serviceId, institution().serviceId) && sameText(given.userNumber, issuance.userNumber ?? "");
  if (!passwordRight || !codeRight || !idsRight) return wrongSetUp(work, standing, issuance.id, issuance.setUpFailures + 1, issuance.setUpAt !== null);

  if (issuance.setUpAt) return setUpAgain(work, standing, issuance, given.phonePublicKey);
  const agreed = agreeKey(given.phonePublicKey, { tokenId: issuance.id, serviceId: given.serviceId, userNumber: given.userNumber });
  if (!agreed) return wrongSetUp(work, standing, issuance.id, issuance.setUpFailures + 1, false);

  const expiresAt = later(work.now, days(policy.tokenLifeDays));
  work.save("token_set_up", work.tx.update(tokens).set({
    setUpAt: work.now, phonePublicKey: given.phonePublicKey, serverPublicKey: agreed.serverPublicKey,
    sealedKey: sealTokenKey(issuance, agreed.key), expiresAt,
  }).where(and(ours(work, tokens), eq(tokens.id, issuance.id))));
  work.raiseRevision(standing.user.id);
  work.record({ name: "token.set_up", userId: standing.user.id, tokenId: issuance.id, again: false });
  return done(agreedToken(standing, { id: issuance.id, serverPublicKey: agreed.serverPublicKey, expiresAt }));
}

type Issuance = NonNullable<Standing["issuance"]>;

function setUpAgain(work: Work, standing: Standing, issuance: Issuance, phonePublicKey: string): Result<AgreedToken, Refusal<"set_up_failed">> {
  if (!sameText(issuance.phonePublicKey ?? "", phonePublicKey)) {
    work.record({ name: "token.set_up_refused", userId: standing.user.id, tokenId: issuance.id, reason: "set_up_failed" }); // a second device
    return refuse({ reason: "set_up_failed" });
  }
  work.record({ name: "token.set_up", userId: standing.user.id, tokenId: issuance.id, again: true });
  return done(agreedToken(standing, { id: issuance.id, serverPublicKey: issuance.serverPublicKey!, expiresAt: issuance.expiresAt! }));
}

const agreedToken = ({ corporation, user }: Standing, token: Pick<AgreedToken, "id" | "serverPublicKey" | "expiresAt">): AgreedToken =>
  ({ ...token, company: corporation.name, loginId: user.loginId });

/** Once a phone is set up there is nothing left to guess for, and a stranger must not be able to end the issuance. */
function wrongSetUp(work: Work, { user }: Standing, tokenId: string, failures: number, alreadySetUp: boolean): Result<never, Refusal<"set_up_failed">> {
  work.record({ name: "token.set_up_refused", userId: user.id, tokenId, reason: "set_up_failed", failures });
  work.raiseRevision(user.id);
  if (failures >= policy.setUpTries && !alreadySetUp) {
    endTokens(work, [tokenId], "set_up_failed");
    work.record({ name: "token.ended", userId: user.id, tokenId, because: "set_up_failed" });
  } else if (!alreadySetUp) {
    work.save("set_up_failure", work.tx.update(tokens).set({ setUpFailures: failures }).where(and(ours(work, tokens), eq(tokens.id, tokenId))));
  }
  return refuse({ reason: "set_up_failed" });
}
