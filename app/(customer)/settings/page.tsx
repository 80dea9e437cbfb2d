import type { Metadata } from "next";
import { Settings } from "./settings";

export const dynamic = "error";
export const metadata: Metadata = { title: "利用者設定" };

export default function Page() {
  return <Settings />;
}
