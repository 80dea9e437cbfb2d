import type { Metadata } from "next";
import { TokensResult } from "./result";

export const dynamic = "error";
export const metadata: Metadata = { title: "トークンの失効結果" };

export default function Page() {
  return <TokensResult />;
}
