import type { Metadata } from "next";
import { Cases } from "./cases";

export const dynamic = "error";
export const metadata: Metadata = { title: "受付票検索" };

export default function Page() {
  return <Cases />;
}
