import type { Metadata } from "next";
import { UserDetail } from "./user";

export const dynamic = "error";
export const dynamicParams = false;

/** One page for every user: whose it is, its script reads from the address. `lib/commands/server.mjs` answers each user's address with it. */
export const generateStaticParams = () => [{ id: "-" }];

export const metadata: Metadata = { title: "利用者詳細" };

export default function Page() {
  return <UserDetail />;
}
