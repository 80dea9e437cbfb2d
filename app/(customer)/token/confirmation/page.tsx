import type { Metadata } from "next";
import { Confirmation } from "./confirmation";

export const dynamic = "error";
export const metadata: Metadata = { title: "ワンタイムパスワード認証確認" };

export default function Page() {
  return <Confirmation />;
}
