import type { Metadata } from "next";
import { Top } from "./top";

export const dynamic = "error";
export const metadata: Metadata = { title: "トップページ" };

export default function Page() {
  return <Top />;
}
