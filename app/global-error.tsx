"use client";

import "./ui/font/font.css";
import "./globals.css";
import ErrorPage from "./error";

export default function GlobalError(props: { error: Error; reset: () => void }) {
  return (
    <html lang="ja">
      <body>
        <title>画面を表示できませんでした｜法人インターネットバンキング</title>
        <ErrorPage {...props} />
      </body>
    </html>
  );
}
