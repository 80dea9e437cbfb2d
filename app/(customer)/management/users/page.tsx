import type { Metadata } from "next";
import { Users } from "./users";

export const dynamic = "error";
export const metadata: Metadata = { title: "利用者管理" };

export default function Page() {
  return <Users />;
}
