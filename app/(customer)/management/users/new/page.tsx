import type { Metadata } from "next";
import { Registration } from "./registration";

export const dynamic = "error";
export const metadata: Metadata = { title: "利用者登録" };

export default function Page() {
  return <Registration />;
}
