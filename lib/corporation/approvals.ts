import { type Approved, targetLabel } from "@/lib/approval/prove";
import { lineOf, type Statement } from "@/lib/approval/statement";
import { policy } from "@/lib/policy";
import { type Act, actNames } from "./acts";
import type { Operation } from "./operator";

/* What a manager approves, in words: derived from the form and the users' rows at each post, never taken from the browser. */

export type Approval = Approved & { statement: Statement };

const listTitles = { lift_suspension: "ワンタイムパスワードの利用停止解除の承認", revoke_token: "トークンの失効の承認" } as const;

type Line = Statement["facts"][number];

/** The company's own among those asked for, in an order that no form decides. Whoever else was asked for is nobody here, and nothing is done to them. */
function boundApproval(act: keyof typeof listTitles, { operator, targets }: Operation, userIds: string[], more: Line[] = []): Approval {
  const users = [...new Set(userIds)].flatMap((id) => targets.get(id)?.user ?? []).toSorted((one, other) => (one.loginId < other.loginId ? -1 : 1));
  const lines = users.map(({ loginId, name }): Line => [targetLabel, lineOf(`${loginId} ${name}`)]);
  return { act, bound: true, statement: { title: listTitles[act], facts: [["会社", lineOf(operator.corporation.name)], ["件数", `${users.length}名`], ...more, ...lines] } };
}

export const approvalOfLift = (operation: Operation, userIds: string[]): Approval => boundApproval("lift_suspension", operation, userIds);

export const approvalOfRevocation = (operation: Operation, userIds: string[], allowReissue: boolean): Approval =>
  boundApproval("revoke_token", operation, userIds, [["再発行", allowReissue ? `失効後${policy.permissionDays}日間、許可する` : "許可しない"]]);

/** Any other act of user management: a proof of who is there, and no more. */
export const approvalOf = (act: Act): Approval => ({ act, bound: false, statement: { title: `${actNames[act]}の承認`, facts: [] } });
