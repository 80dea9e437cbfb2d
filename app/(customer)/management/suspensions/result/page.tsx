import type { Metadata } from "next";
import { SuspensionsResult } from "./result";

export const dynamic = "error";
export const metadata: Metadata = { title: "ワンタイムパスワードの利用停止解除結果" };

export default function Page() {
  return <SuspensionsResult />;
}
