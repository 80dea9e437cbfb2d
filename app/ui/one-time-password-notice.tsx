/** Stands wherever a one-time password, or what else a phone shows to be typed, is shown or typed. */
export function OneTimePasswordNotice({ of = "ワンタイムパスワード" }: { of?: string }) {
  return (
    <p className="text-sm leading-175">
      <span aria-hidden="true">▲ </span>
      {of}を電話やメールでお聞きすることはありません。
    </p>
  );
}
