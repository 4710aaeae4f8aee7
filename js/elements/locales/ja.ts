import type { Words } from "../words.js";

export default {
  added: {
    other: "さらに{count}件のレビューを表示しました",
  },
  anonymous: "匿名",
  carousel: "カルーセル",
  error: "現在表示できません。",
  more: "レビューをもっと見る",
  next: "次へ",
  noMatch: "該当するレビューはありません",
  none: "レビューはまだありません",
  notSignedIn: "ログインできませんでした。",
  notice: "一部のレビューのみ表示しています：{what}",
  offline: "接続がありません。以前に読み込んだ内容です。",
  on: "{platform}の{what}",
  outOf: "5点中{value}",
  position: "{count}件中{at}件目",
  previous: "前へ",
  rated: "5つ星のうち{value}の評価",
  ratedBy: {
    other: "{platform}で{count}人のお客様による評価は5つ星のうち{value}",
  },
  readLess: "閉じる",
  readMore: "続きを読む",
  replied: "企業からの返信",
  reply: "{name}からの返信",
  retry: "再試行",
  reviews: {
    other: "レビュー{count}件",
  },
  row: "{stars}、{reviews}、{share}",
  signIn: "{platform}でログイン",
  signOut: "ログアウト",
  signingIn: "ログイン中",
  slide: "スライド",
  stars: {
    other: "星{count}つ",
  },
  title: "レビュー",
  verified: "確認済み",
} satisfies Partial<Words>;
