/** The way from another second step to the passkey, where the user has one. */
export function PasskeyLink({ registered }: { registered: boolean | undefined }) {
  return registered ? <a href="/login/passkey">パスキーで認証する</a> : null;
}
