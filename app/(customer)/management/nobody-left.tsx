import { Banner } from "@/app/ui/banner";

/** R21: the act chosen would leave nobody in the company able to lift a suspension. Said before it is done; it is not refused. */
export function NobodyLeft({ ableManagerIds, chosen }: { ableManagerIds: string[]; chosen: string[] }) {
  const leavesNobody = ableManagerIds.length > 0 && ableManagerIds.every((id) => chosen.includes(id));
  if (!leavesNobody) return null;
  return (
    <Banner kind="warning" title="停止解除や失効の操作ができる方が、貴社にいなくなります。" urgent>
      <p>
        この操作の後に利用停止になった場合は、お取引店舗の窓口で「利用解除」のお手続きが必要です。操作ができるマスターユーザまたは管理者ユーザを、1名以上残すことをおすすめします。
      </p>
    </Banner>
  );
}
