import type { Metadata } from "next";
import { Suspensions } from "./suspensions";

export const dynamic = "error";
export const metadata: Metadata = { title: "ワンタイムパスワードの利用停止解除" };

export default function Page() {
  return <Suspensions />;
}
