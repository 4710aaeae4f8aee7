// How long ago something was.

const midnight = (time: number) => new Date(time).setHours(0, 0, 0, 0);

/** How long ago an instant was; nothing where that is thirty days or more, or yet to come. */
export function agoIn(locale: string): (time: number, now: number) => string {
  const words = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  return (time, now) => {
    const minutes = (now - time) / 60_000;
    // an hour, since clocks differ
    if (!(minutes > -60 && minutes < 43_200)) return "";
    if (minutes < 1) return words.format(0, "second");
    if (minutes < 60) return words.format(-Math.floor(minutes), "minute");
    if (minutes < 1440) return words.format(-Math.floor(minutes / 60), "hour");
    // yesterday is what was before midnight
    const days = Math.round((midnight(now) - midnight(time)) / 86_400_000);
    return days < 7 ? words.format(-days, "day") : words.format(-Math.floor(days / 7), "week");
  };
}
