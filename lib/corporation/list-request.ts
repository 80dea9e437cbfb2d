import { z } from "zod";
import type { ViewerAnswer } from "@/lib/platform/answer";
import { requireManager, viewerAnswer } from "@/lib/login/guards";
import { database } from "@/lib/platform/database";
import { mostUsersOfOneAct } from "./act-on-list";
import { ableManagers } from "./managers";
import { type ListedUserAnswer, listedUserAnswer, listUsers, sortKeys, type SortKey } from "./user-list";

/** What a list's page is told. Moments are ISO 8601. */
export type UserListAnswer = ViewerAnswer & {
  users: (ListedUserAnswer & { self: boolean })[];
  total: number;
  /** Which page this is, of how many. */
  page: number;
  pages: number;
  /** R21, for the warning before an act that would leave nobody. */
  ableManagerIds: string[];
  mostUsersOfOneAct: number;
};

/** Anything that is no order, page or search of ours is as if it were not there. */
const query = (sort: SortKey) => z.object({
  search: z.string().max(100).catch(""),
  sort: z.enum(sortKeys).catch(sort),
  descending: z.literal("1").transform(() => true).catch(false),
  page: z.coerce.number().int().min(1).max(100_000).catch(1),
});

/** A page of the manager's own company's users. */
export async function answerUserList(request: Request, firstSort: SortKey): Promise<UserListAnswer> {
  const session = await requireManager(request);
  const asked = query(firstSort).parse(Object.fromEntries(new URL(request.url).searchParams));
  const { users, total, pages, now } = await listUsers(session.corporation.id, asked);
  const able = await ableManagers(database(), session.corporation.id, now);
  return {
    ...viewerAnswer(session),
    users: users.map((user) => ({ ...listedUserAnswer(user), self: user.id === session.user.id })),
    total, page: asked.page, pages,
    ableManagerIds: able.map(({ id }) => id), mostUsersOfOneAct,
  };
}

/** The users an act is asked for: one field, ids parted by commas, so that a list of any length is one parameter. */
export const chosenUsersField = z.string({ error: "対象の利用者を選択してください。" }).min(1, "対象の利用者を選択してください。")
  .transform((text, context) => {
    const ids = [...new Set(text.toLowerCase().split(","))];
    if (ids.some((id) => !z.uuid().safeParse(id).success)) context.addIssue({ code: "custom", message: "対象の利用者を選択し直してください。" });
    else if (ids.length > mostUsersOfOneAct) context.addIssue({ code: "custom", message: `一度に選択できる利用者は${mostUsersOfOneAct}名までです。` });
    return ids;
  });
