import type { Words } from "../words.js";

export default {
  added: {
    other: "又显示了 {count} 条评价",
  },
  anonymous: "匿名",
  carousel: "轮播",
  error: "暂时无法显示。",
  more: "显示更多评价",
  next: "下一页",
  noMatch: "没有符合条件的评价",
  none: "暂无评价",
  notSignedIn: "登录未成功。",
  notice: "仅显示部分评价：{what}",
  offline: "没有网络连接。这是之前加载的内容。",
  on: "{platform} 上的{what}",
  outOf: "{value}（满分 5）",
  position: "第 {at} 条，共 {count} 条",
  previous: "上一页",
  rated: "评分：{value}（满分 5 星）",
  ratedBy: {
    other: "{platform} 上 {count} 位客户的评分：{value}（满分 5 星）",
  },
  readLess: "收起",
  readMore: "展开全文",
  replied: "商家回复",
  reply: "{name} 的回复",
  retry: "重试",
  reviews: {
    other: "{count} 条评价",
  },
  row: "{stars}，{reviews}，{share}",
  signIn: "使用 {platform} 登录",
  signOut: "退出登录",
  signingIn: "正在登录",
  slide: "幻灯片",
  stars: {
    other: "{count} 星",
  },
  title: "评价",
  verified: "已验证",
} satisfies Partial<Words>;
