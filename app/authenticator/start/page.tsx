import type { Metadata } from "next";
import { Guide } from "./guide";

export const dynamic = "error";
export const metadata: Metadata = { title: "初期設定のご案内" };

export default function StartPage() {
  return <Guide />;
}
