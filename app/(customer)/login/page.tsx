import type { Metadata } from "next";
import { Login } from "./login";

export const dynamic = "error";
export const metadata: Metadata = { title: "ログイン" };

export default function Page() {
  return <Login />;
}
