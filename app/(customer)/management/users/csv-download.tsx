import { Button } from "@/app/ui/button";

/** A link to its users; a plain form, because taking the list away is recorded. The answer is a file, which the browser saves while the page stays. */
export function CsvDownload() {
  return (
    <form method="post" action="/management/users/csv">
      <Button type="submit" role="link" kind="secondary">
        CSVダウンロード
      </Button>
    </form>
  );
}
