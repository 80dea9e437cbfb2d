import type { Metadata } from "next";
import { OneTimePasswordManagement } from "./one-time-password";

export const dynamic = "error";
export const metadata: Metadata = { title: "ワンタイムパスワードの管理" };

export default function Page() {
  return <OneTimePasswordManagement />;
}
