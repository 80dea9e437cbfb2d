import { requireUser, viewerAnswer } from "@/lib/login/guards";
import type { ViewerAnswer } from "@/lib/platform/answer";
import { NotAllowed, refusalLine } from "@/lib/platform/http";
import { type ActResultRow, requireActResult } from "./act-result";
import type { UserClass } from "./user-classes";

/** What a result's page is told. `viewer` is null once the session has ended, as with the revocation of one's own token. */
export type ActResultAnswer = {
  viewer: ViewerAnswer | null;
  company: string;
  operator: { loginId: string; name: string; userClass: UserClass };
  actedAt: string;
  /** Stands in the audit log, too. */
  number: string;
  rows: (Omit<ActResultRow, "outcome"> & { done: boolean; words: string; self: boolean })[];
};

const doneWords = { lift_suspension: "停止を解除しました。", revoke_token: "失効しました。" } as const;

export async function answerActResult(request: Request, kind: keyof typeof doneWords): Promise<ActResultAnswer> {
  const { rows, company, operator, actedAt, id } = await requireActResult(request, kind);
  const viewer = await requireUser(request).then(viewerAnswer, (error: unknown) => {
    if (error instanceof NotAllowed) return null;
    throw error;
  });
  return {
    viewer, company, operator: { loginId: operator.loginId, name: operator.name, userClass: operator.userClass }, actedAt: actedAt.toISOString(), number: id.slice(0, 8).toUpperCase(),
    rows: rows.map(({ outcome, ...row }) => ({
      ...row, done: outcome === "done", self: row.user?.loginId === operator.loginId,
      words: outcome === "done" ? doneWords[kind] : refusalLine(outcome),
    })),
  };
}
