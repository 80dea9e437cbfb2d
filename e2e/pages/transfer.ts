import { expect } from "@playwright/test";
import { Screen } from "./screen";

/** The demo's example of a bank's own act. */
export class TransferScreen extends Screen {
  readonly path = "/qa/transfer";
  readonly heading = "振込の承認";

  async ask(payee: string, amount: string) {
    await this.field("受取人").fill(payee);
    await this.field("金額").fill(amount);
    await this.button("承認へ進む").click();
  }

  async expectApproved(payee: string, amount: string) {
    const banner = this.page.getByRole("alert").filter({ hasText: "振込を承認しました（デモのため、実際の振込は行われません）。" });
    await expect(banner.getByRole("definition")).toHaveText([payee, amount]);
  }
}
