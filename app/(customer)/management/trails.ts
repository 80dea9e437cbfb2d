import type { Crumb } from "@/app/ui/shell";

const management: Crumb = { path: "/management", words: "管理" };
const oneTimePassword: Crumb = { path: "/management/one-time-password", words: "ワンタイムパスワードの管理" };

/** The screens above each screen. */
export const trails = {
  belowManagement: [management],
  belowOneTimePassword: [management, oneTimePassword],
  belowSuspensions: [management, oneTimePassword, { path: "/management/suspensions", words: "ワンタイムパスワードの利用停止解除" }],
  belowTokens: [management, oneTimePassword, { path: "/management/tokens", words: "トークンの失効" }],
  belowUsers: [management, { path: "/management/users", words: "利用者管理" }],
} satisfies Record<string, Crumb[]>;
