import type { Crumb } from "@/app/ui/shell";

/** Above every screen about the company's users. */
export const usersTrail: Crumb[] = [
  { path: "/management", words: "管理" },
  { path: "/management/users", words: "利用者管理" },
];
