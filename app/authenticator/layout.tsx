import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";

export const metadata: Metadata = {
  manifest: "/manifest.webmanifest",
  icons: { icon: "/icon.svg", apple: "/icons/apple-touch-icon.png" },
  appleWebApp: { capable: true, title: "ワンタイム", statusBarStyle: "default" },
};

export const viewport: Viewport = { themeColor: "#ffffff", viewportFit: "cover" };

export default function AuthenticatorLayout({ children }: { children: ReactNode }) {
  return children;
}
