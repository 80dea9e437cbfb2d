import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import "./ui/font/font.css";
import "./globals.css";
import { RarerCharacters } from "./ui/rarer-characters";
import { NoteSentForm } from "./ui/sent-form";
import "./ui/shell"; // once, with the layout: else page, error page and "not found" bring a copy each, 17 kB

export const metadata: Metadata = {
  title: { template: "%s｜法人インターネットバンキング", default: "法人インターネットバンキング" },
  robots: { index: false, follow: false },
  formatDetection: { telephone: false, date: false, address: false, email: false },
};

export const viewport: Viewport = { width: "device-width", initialScale: 1 };

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="ja">
      <head>
        <NoteSentForm />
      </head>
      <body>
        {children}
        <RarerCharacters />
      </body>
    </html>
  );
}
