/** Stands wherever a one-time password is shown or typed. */
export function OneTimePasswordNotice() {
  return (
    <p className="text-sm leading-175">
      <span aria-hidden="true">▲ </span>
      当組合が、ワンタイムパスワードを電話やメールでお聞きすることはありません。
    </p>
  );
}
