/** What the words and colours of the page mean, for the help. */

export const LEGEND: readonly [string, string][] = [
  ["imminent", "capacity: the limit is likely reached within a day"],
  ["filling", "within a week"],
  ["ok", "neither; a status is left below 30 %, so that it does not flap"],
  ["new", "less than a day of history: no status yet, the probabilities speak"],
  ["likely", "failure: more likely than not within the rule's own time"],
  ["within a day", "more likely than not within a day"],
  ["expired", "it was not renewed in time: its series may have stopped reporting"],
  ["cell, coloured", "probability within that span, in percent: the fuller, the likelier"],
  ["cell, grey", "below half a percent"],
  ["cell, framed", "nothing is said of that span"],
  ["extrapolated", "further ahead than the history is long"],
  ["ok, warming", "forecast: it holds what it promises; too few were compared with what came"],
  ["unfit", "not worth acting on: no better than seasonal naive, or bands that did not hold"],
  ["stale", "nothing new for more than five steps"],
  ["skill", "share of seasonal naive's loss that a forecast saves; below 0 it is worse"],
  ["constant", "a series that leaves nothing to foresee"],
];
