import { Button } from "@/app/ui/button";

/** A plain form: its answer is a file, which the browser saves while the page stays. */
export function CsvDownload() {
  return (
    <form method="post" action="/management/users/csv">
      <Button type="submit" kind="secondary">
        CSVダウンロード
      </Button>
    </form>
  );
}
